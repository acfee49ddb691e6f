"""Promises and their clocks: made, warned of, kept or broken, and the holds under which they stand still."""

from datetime import timedelta
from typing import Literal

from complaints.base import Instant, Line, Slug, Tagged, Text
from complaints.vocabulary import BreachCause, HoldReason, PromiseKind


class PromiseMade(Tagged):
    """A clock has started, of so much working time on a calendar of the policy (none: every hour of every day).

    `rule` names which of the policy's rules gave its terms, and `matched` what of the case made it that one.
    `within` is the promise beyond whose due time this one never goes.
    """

    type: Literal["promise_made"] = "promise_made"
    promise: str
    kind: PromiseKind
    start: Instant
    budget: timedelta
    round: int = 1
    task: str | None = None
    escalation: str | None = None
    calendar: Slug | None = None
    rule: Line | None = None
    matched: tuple[Line, ...] = ()
    within: str | None = None


class PromiseWarned(Tagged):
    type: Literal["promise_warned"] = "promise_warned"
    promise: str
    fraction: float


class PromiseKept(Tagged):
    type: Literal["promise_kept"] = "promise_kept"
    promise: str


class PromiseBroken(Tagged):
    type: Literal["promise_broken"] = "promise_broken"
    promise: str
    cause: BreachCause


class PromiseMet(Tagged):
    """The duty of a broken promise was done, late."""

    type: Literal["promise_met"] = "promise_met"
    promise: str


class PromiseWaived(Tagged):
    type: Literal["promise_waived"] = "promise_waived"
    promise: str
    reason: str


class PromiseAnswered(Tagged):
    """A message is under way that will keep this promise once it is delivered."""

    type: Literal["promise_answered"] = "promise_answered"
    promise: str
    message: str


class PromiseRebudgeted(Tagged):
    """Level, category or tier was corrected, and with it the terms that this promise has since its start.

    Without a `rule` nothing but its budget changes. `warned` and `rungs` are what it has behind it all the same.
    """

    type: Literal["promise_rebudgeted"] = "promise_rebudgeted"
    promise: str
    budget: timedelta
    calendar: Slug | None = None
    rule: Line | None = None
    matched: tuple[Line, ...] = ()
    warned: float = 0
    rungs: int = 0


class ResolutionExtended(Tagged):
    type: Literal["resolution_extended"] = "resolution_extended"
    promise: str
    budget: timedelta
    reason: Text


class HoldStarted(Tagged):
    type: Literal["hold_started"] = "hold_started"
    hold: str
    reason: HoldReason
    promises: tuple[PromiseKind, ...]
    lapses_at: Instant
    question: Text | None = None


class HoldEnded(Tagged):
    """The clocks run again: since `ended_at`, where that was before it was recorded."""

    type: Literal["hold_ended"] = "hold_ended"
    hold: str
    why: str
    ended_at: Instant | None = None


class RungReached(Tagged):
    """A promise has reached a rung of its ladder, counted from 1: an escalation before or after its due time."""

    type: Literal["rung_reached"] = "rung_reached"
    promise: str
    rung: int
