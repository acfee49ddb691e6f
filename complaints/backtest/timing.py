"""Timing the promises of the past by a draft: when each would have been due, and whether it would have been kept."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from complaints import events as ev
from complaints.backtest.verdicts import NotAJournal, Outcome
from complaints.policy import Policy
from complaints.promises import Hold
from complaints.terms import Subject, Terms
from complaints.vocabulary import BreachCause, PromiseKind


@dataclass
class Clock:
    """A promise as it was made and as it went, with the time that the draft gives it.

    `met_at` is when its duty was done, `ended_at` when it was done or dropped; `lapsed` that the draft's time was seen
    to be over before. Once it is `decided`, its `due` time stands.
    """

    made: ev.PromiseMade
    budget: timedelta
    calendar: str | None
    within: str | None
    state: Outcome = Outcome.OPEN
    cause: BreachCause | None = None
    broken_at: datetime | None = None
    answered_at: datetime | None = None
    met_at: datetime | None = None
    ended_at: datetime | None = None
    lapsed: bool = False
    decided: Outcome | None = None
    due: datetime | None = None


class Draft:
    """The draft, with its terms worked out once for each sort of case."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.grace = policy.span(policy.delivery.grace_minutes)
        self._terms: dict[tuple[PromiseKind, Subject], Terms] = {}

    def terms(self, kind: PromiseKind, subject: Subject) -> Terms:
        known = self._terms.get((kind, subject))
        if known is None:
            known = self._terms[kind, subject] = self.policy.terms(kind, subject)
        return known


@dataclass
class Timing:
    """The clocks of one case, and the holds under which they stood still as far as the draft would have let them."""

    draft: Draft
    clocks: dict[str, Clock] = field(default_factory=dict)
    holds: list[Hold] = field(default_factory=list)

    def due(self, clock: Clock) -> datetime | None:
        """When a promise is due by what is known so far; None while it is held."""
        if clock.decided is not None:
            return clock.due
        stops = [(hold.started_at, hold.ended_at) for hold in self.holds if clock.made.kind in hold.promises]
        due = self.draft.policy.working_time(clock.calendar).due(clock.made.start, clock.budget, stops)
        around = self.clocks.get(clock.within or "")
        limit = self.due(around) if around is not None else None
        return min(due, limit) if due is not None and limit is not None else due

    def is_running(self, clock: Clock, at: datetime) -> bool:
        """Whether a promise is still to be done, in time by the draft; from its breach on nothing changes it."""
        if clock.ended_at is None and not clock.lapsed:
            deadline = self._deadline(clock)
            on_the_stroke = clock.broken_at is not None and deadline == clock.broken_at
            clock.lapsed = deadline is not None and (deadline < at or on_the_stroke)
        return clock.ended_at is None and not clock.lapsed

    def decide(self, clock: Clock, at: datetime) -> None:
        """Judge a duty at its end, done or dropped, or at the end of what is known. The first judgement stands."""
        if clock.decided is None:
            outcome = self._outcome(clock, at)
            clock.due, clock.decided = self.due(clock), outcome

    def _deadline(self, clock: Clock) -> datetime | None:
        due = self.due(clock)
        if due is not None and clock.made.kind is PromiseKind.PROGRESS_UPDATE:
            return due + self.draft.grace
        return due

    def _outcome(self, clock: Clock, at: datetime) -> Outcome:
        if clock.lapsed or clock.cause is BreachCause.UNDELIVERABLE:
            return Outcome.BROKEN
        deadline, until = self._deadline(clock), clock.met_at or at
        in_time = deadline is None or until <= deadline
        if clock.state is Outcome.BROKEN:
            # It was not kept when it broke; only a later due time may have helped.
            in_time = in_time and (deadline is None or deadline > _known(clock.broken_at))
        elif not in_time:
            in_time = self._system_would_have_spoken(clock)
        if not in_time:
            return Outcome.BROKEN
        if clock.met_at is not None:
            return Outcome.KEPT
        return Outcome.WAIVED if clock.ended_at is not None else Outcome.OPEN

    def _system_would_have_spoken(self, clock: Clock) -> bool:
        """Whether an update that was kept would have been, though due earlier: it reached the customer quickly."""
        if clock.made.kind is not PromiseKind.PROGRESS_UPDATE or clock.met_at is None:
            return False
        return clock.met_at - (clock.answered_at or clock.met_at) <= self.draft.grace


def _known(at: datetime | None) -> datetime:
    if at is None:
        raise NotAJournal("a broken promise that never broke")
    return at
