"""The ladder of a promise: whom it escalates to before its due time, at it, and while its duty is still to be done.

Every rung stands at a time of its own, counted in the promise's working time and with its holds.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from complaints.case import Case
from complaints.promises import Promise, due_time, unheld
from complaints.terms import Rung
from complaints.vocabulary import (
    UPDATED_STAGES,
    BreachCause,
    EscalationCause,
    EscalationLevel,
    PromiseKind,
    Stage,
    TaskState,
)


class Foothold(NamedTuple):
    """A rung with its number, counted from 1, and when it is reached."""

    number: int
    rung: Rung
    at: datetime

    @property
    def cause(self) -> EscalationCause:
        return EscalationCause.DUE_SOON if self.rung.offset() < 0 else EscalationCause.STILL_OUTSTANDING


def ladder(case: Case, promise: Promise) -> tuple[Rung, ...]:
    """The rungs of a promise, from early to late; none where it escalates at its due time only."""
    if promise.kind is PromiseKind.ESCALATION_ACK:
        return ()
    return case.policy.promises[promise.kind].ladder_by_rule(promise.rule)


def level_of(rung: Rung, promise: Promise) -> EscalationLevel:
    """Whom a rung means: level 0 is the supervisor of the promise's task, or the team lead where there is no task."""
    if rung.level is EscalationLevel.TASK_SUPERVISOR and promise.task is None:
        return EscalationLevel.TEAM_LEAD
    return rung.level


def ahead(case: Case, promise: Promise) -> Iterator[Foothold]:
    """The rungs that a promise has not reached yet and will by time alone, from early to late.

    While it is open those before its due time; once it is broken those after it, for as long as its duty is owed. Those
    at the due time belong to the break itself. None while the clock is held.
    """
    rungs = ladder(case, promise)
    if len(rungs) <= promise.rungs or not is_awaited(case, promise):
        return
    reached_when = _before if promise.is_open() else _after
    for number, rung in enumerate(rungs, start=1):
        stands_there = rung.offset() < 0 if promise.is_open() else rung.offset() > 0
        if number > promise.rungs and stands_there and (at := reached_when(case, promise, rung)) is not None:
            yield Foothold(number, rung, at)


def at_the_break(case: Case, promise: Promise) -> tuple[tuple[int, Rung], ...]:
    """The rungs, with their numbers, that a break brings about: at the due time, and those that were not reached yet.

    Who was to know beforehand must know now.
    """
    numbered = enumerate(ladder(case, promise), start=1)
    return tuple((number, rung) for number, rung in numbered if number > promise.rungs and rung.offset() <= 0)


def time_given(case: Case, promise: Promise) -> timedelta:
    """The working time that a promise has: its budget, or less where what it stands within is due before."""
    if promise.within is None or promise.due is None:
        return promise.budget
    working = case.policy.working_time(promise.calendar)
    return min(promise.budget, unheld(promise.start, promise.due, case.holds_on(promise.kind), working))


def deadline(case: Case, promise: Promise) -> datetime:
    """When an open promise is broken: at its due time, or, where the system itself speaks then, a little later."""
    due = promise.due or promise.start
    if promise.kind is PromiseKind.PROGRESS_UPDATE:
        return due + case.policy.span(case.policy.delivery.grace_minutes)
    return due


def _before(case: Case, promise: Promise, rung: Rung) -> datetime | None:
    if promise.due is None:
        return None
    part = time_given(case, promise) + case.policy.span(rung.offset())
    working = case.policy.working_time(promise.calendar)
    return due_time(promise.start, max(part, timedelta()), case.holds_on(promise.kind), working)


def _after(case: Case, promise: Promise, rung: Rung) -> datetime | None:
    overdue = promise.cause is BreachCause.OVERDUE and promise.due is not None
    broken = deadline(case, promise) if overdue else promise.settled_at
    if broken is None:
        return None
    working = case.policy.working_time(promise.calendar)
    return due_time(broken, case.policy.span(rung.offset()), case.holds_on(promise.kind), working)


def is_awaited(case: Case, promise: Promise) -> bool:
    """Whether somebody waits for what was promised, and no message under way will see to it in time."""
    if promise.is_open():
        return promise.answered_by is None
    if not promise.is_outstanding():
        return False
    task = case.task(promise.task) if promise.task else None
    if task is not None and task.state is not TaskState.OPEN:
        return False
    aftercare = promise.kind in (PromiseKind.CONFIRMATION_LETTER, PromiseKind.CALLBACK)
    if case.stage not in ((Stage.RESOLVED,) if aftercare else UPDATED_STAGES):
        return False
    alike = [each for each in case.promises if (each.kind, each.task) == (promise.kind, promise.task)]
    later = alike[alike.index(promise) + 1 :]
    if promise.kind is PromiseKind.PROGRESS_UPDATE:
        # The next one begins with the break of the last; the customer has heard once any of them is kept.
        return all(each.met_at is None for each in later)
    return not later
