"""Promises, the holds under which their clocks stand still, and when they are due."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache

from complaints.base import Instant, Text, Value
from complaints.vocabulary import BreachCause, HoldReason, PromiseKind, PromiseState
from complaints.worktime import ALWAYS, Stop, WorkingTime


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
    will keep this promise once it has been delivered. `calendar` is the working time that its budget is counted in,
    `rule` and `matched` say which of the policy's rules gave its terms, and why. `within` is the promise beyond whose
    due time it never goes. `rungs` counts the steps of its ladder that were reached.
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
    calendar: str | None = None
    rule: str | None = None
    matched: tuple[str, ...] = ()
    within: str | None = None
    rungs: int = 0

    def is_open(self) -> bool:
        return self.state is PromiseState.OPEN

    def is_outstanding(self) -> bool:
        """Whether the duty is still to be done, in time or late."""
        return self.met_at is None and self.state in (PromiseState.OPEN, PromiseState.BROKEN)


def due_time(
    start: datetime, budget: timedelta, holds: Iterable[Hold], working: WorkingTime = ALWAYS
) -> datetime | None:
    """The instant at which `budget` of unheld working time has passed since `start`; None while a hold stops the clock.

    Holds may overlap, and then count once; they count only where they meet working time after the start. A hold that
    begins on the stroke stops the clock while it is open: what is asked then is in time. Pure. Raises ValueError where
    that instant lies after the year 9999.
    """
    stops = tuple((hold.started_at, hold.ended_at) for hold in holds)
    if working is ALWAYS and not stops:
        return working.add(start, budget)
    return _due(working, start, budget, stops)


@lru_cache(maxsize=20_000)
def _due(working: WorkingTime, start: datetime, budget: timedelta, stops: tuple[Stop, ...]) -> datetime | None:
    """`due_time`, kept: each decision asks again for most of what the last one asked."""
    return working.due(start, budget, stops)


def unheld(start: datetime, end: datetime, holds: Iterable[Hold], working: WorkingTime = ALWAYS) -> timedelta:
    """How much working time passed without a hold between two instants: what `due_time` would have counted. Pure."""
    counted, reached = timedelta(0), start
    for hold in sorted(holds, key=lambda hold: hold.started_at):
        counted += working.between(reached, min(hold.started_at, end))
        reached = max(reached, min(hold.ended_at or end, end))
    return counted + working.between(reached, end)
