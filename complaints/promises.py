"""Promises, the holds under which their clocks stand still, and when they are due."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from complaints.base import Instant, Text, Value
from complaints.vocabulary import BreachCause, HoldReason, PromiseKind, PromiseState


class Hold(Value):
    """An interval in which the clocks of some kinds of promise stand still, with its reason.

    `lapses_at` is when its longest time is over; it ends then by itself.
    """

    id: str
    reason: HoldReason
    promises: tuple[PromiseKind, ...]
    started_at: Instant
    lapses_at: Instant
    ended_at: Instant | None = None
    question: Text | None = None

    def is_open(self) -> bool:
        return self.ended_at is None


class Promise(Value):
    """One duty with a due time: open, then kept, broken or waived for good.

    `due` is None while a hold stops the clock. A broken promise stays broken; `met_at` says when the duty was done all
    the same, late. `warned` is the fraction of its budget at which it warned last. `answered_by` names the message that
    will keep this promise once it has been delivered.
    """

    id: str
    kind: PromiseKind
    start: Instant
    budget: timedelta
    due: Instant | None
    state: PromiseState = PromiseState.OPEN
    settled_at: Instant | None = None
    met_at: Instant | None = None
    cause: BreachCause | None = None
    waived_reason: str | None = None
    warned: float = 0
    answered_by: str | None = None
    round: int = 1
    task: str | None = None
    escalation: str | None = None

    def is_open(self) -> bool:
        return self.state is PromiseState.OPEN

    def is_outstanding(self) -> bool:
        """Whether the duty is still to be done, in time or late."""
        return self.met_at is None and self.state in (PromiseState.OPEN, PromiseState.BROKEN)


def due_time(start: datetime, budget: timedelta, holds: Iterable[Hold]) -> datetime | None:
    """The instant at which `budget` of unheld time has passed since `start`; None while one of the holds is open.

    Holds may overlap, and then count once; what lies before the start does not count. Pure.
    """
    due = start + budget
    counted_to = start
    for hold in sorted(holds, key=lambda hold: hold.started_at):
        if hold.started_at > due:
            break
        if hold.ended_at is None:
            return None
        held_from = max(hold.started_at, counted_to)
        if hold.ended_at > held_from:
            due += hold.ended_at - held_from
            counted_to = hold.ended_at
    return due
