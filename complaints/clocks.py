"""The clocks of a case: what rings next, and what it means when it does."""

from datetime import datetime, timedelta
from typing import NamedTuple

from complaints import events as ev
from complaints import ladder, silence, telling
from complaints.case import Case
from complaints.drafting import Draft
from complaints.promises import Hold, Promise, due_time
from complaints.quiet import can_wait
from complaints.rules.escalations import break_and_escalate, climb
from complaints.vocabulary import (
    RESTING_STAGES,
    UPDATED_STAGES,
    BreachCause,
    EscalationCause,
    MessageKind,
    PromiseKind,
)

REOPENING, SILENCE = "reopening", "silence"


class Ring(NamedTuple):
    """The next instant at which something must happen by itself.

    `id` names the promise or the hold, or is one of `silence` and `reopening`.
    """

    id: str
    at: datetime
    what: str


WARNING, RUNG, DUE, LAPSE = "warning", "rung", "due", "lapses"
CAN_WAIT = frozenset({WARNING, RUNG})
"""What a command of the same moment may make superfluous."""


def rings(case: Case, at: datetime) -> tuple[Ring, ...]:
    """What rings next for each clock of the case, as seen at an instant.

    A clock that should already have rung several times by then is listed with the last of them only: nobody needs a
    warning of what is already over.
    """
    if case.is_finished:
        return ()
    found = [_next_ring(case, promise, at) for promise in case.open_promises() if promise.due is not None]
    found += [Ring(hold.id, hold.lapses_at, LAPSE) for hold in case.open_holds()]
    found += [_due_ring(rungs, at) for promise in case.broken() if (rungs := _rungs(case, promise))]
    if (turn := silence.next_turn(case, at)) is not None:
        # Asking again can wait for a command of the same moment, which may be the answer; acceptance cannot.
        found.append(Ring(SILENCE, turn.at, LAPSE if turn.what is silence.Asking.ACCEPTANCE else WARNING))
    # What a department still has on its list keeps the case: a suggestion in its backlog must not vanish.
    if case.stage in RESTING_STAGES and case.closed_at is not None and not case.open_tasks():
        span = case.policy.span(case.policy.reopening_minutes)
        found.append(Ring(REOPENING, case.closed_at + span, LAPSE))
    return tuple(found)


def _next_ring(case: Case, promise: Promise, at: datetime) -> Ring:
    due = promise.due or promise.start
    candidates = [Ring(promise.id, instant, WARNING) for instant in _warnings(case, promise)]
    candidates = sorted([*candidates, *_rungs(case, promise)], key=lambda ring: ring.at)
    if promise.kind is PromiseKind.PROGRESS_UPDATE:
        if promise.answered_by is None:
            candidates.append(Ring(promise.id, due, DUE))
        candidates.append(Ring(promise.id, ladder.deadline(case, promise), LAPSE))
    else:
        candidates.append(Ring(promise.id, due, LAPSE))
    return _due_ring(candidates, at)


def _due_ring(candidates: list[Ring], at: datetime) -> Ring:
    passed = [ring for ring in candidates if ring.at <= at]
    return passed[-1] if passed else candidates[0]


def _rungs(case: Case, promise: Promise) -> list[Ring]:
    return [Ring(promise.id, foothold.at, RUNG) for foothold in ladder.ahead(case, promise)]


def _warnings(case: Case, promise: Promise) -> list[datetime]:
    if promise.answered_by is not None:
        return []
    reached = (at for fraction, at in _fractions(case, promise) if fraction > promise.warned)
    return [at for at in reached if at is not None]


def _fractions(case: Case, promise: Promise) -> list[tuple[float, datetime | None]]:
    """When each fraction of its working time at which a promise warns is used up; None while it is held."""
    terms = case.policy.promises[promise.kind].by_rule(promise.rule)
    holds = case.holds_on(promise.kind)
    working = case.policy.working_time(promise.calendar)
    # Cut short by what it stands within, it warns at fractions of what is left of it.
    budget = ladder.time_given(case, promise)
    if not budget:
        return []
    parts = ((fraction, _part(budget, fraction)) for fraction in terms.warn_at)
    return [(fraction, due_time(promise.start, part, holds, working)) for fraction, part in parts]


def _part(budget: timedelta, fraction: float) -> timedelta:
    return timedelta(microseconds=int(budget / timedelta(microseconds=1) * fraction))


def ring_all(draft: Draft, *, before_a_command: bool) -> None:
    """Let everything ring that has come due, in the order of time.

    Before a person's command only what lies strictly before it counts: what is done on the stroke is in time. Warnings
    and rungs are then left out, for the command may be just what they would ask for.
    """
    while passed := [ring for ring in rings(draft.case, draft.at) if _counts(ring, draft.at, before_a_command)]:
        # A solution accepted by silence ends the hold for considering it: that never lapses in the same moment.
        _ring(draft, min(passed, key=lambda ring: (ring.at, ring.id != SILENCE, ring.id)))


def _counts(ring: Ring, at: datetime, before_a_command: bool) -> bool:
    if before_a_command:
        return ring.at < at and ring.what not in CAN_WAIT
    return ring.at <= at


def _ring(draft: Draft, ring: Ring) -> None:
    if ring.id == REOPENING:
        draft.finish()
        return
    if ring.id == SILENCE:
        if (turn := silence.next_turn(draft.case, draft.at)) is not None:
            silence.take_turn(draft, turn)
        return
    hold = next((hold for hold in draft.case.open_holds() if hold.id == ring.id), None)
    if hold is not None:
        _hold_lapses(draft, hold)
        return
    promise = draft.case.promise(ring.id)
    if ring.what == WARNING:
        _warn(draft, promise)
    elif ring.what == RUNG:
        climb(draft, promise)
    elif ring.what == DUE:
        _speak_for_ourselves(draft, promise)
    else:
        _lapse(draft, promise)


def _warn(draft: Draft, promise: Promise) -> None:
    case = draft.case
    passed = [fraction for fraction, at in _fractions(case, promise) if at and at <= draft.at]
    draft.record(ev.PromiseWarned(promise=promise.id, fraction=max(passed)))
    _warn_of_its_twin(draft, promise)
    facts = {**telling.reminder(case, promise, max(passed)), "about": promise.id}
    task = case.task(promise.task) if promise.task else None
    escalation = case.escalation(promise.escalation) if promise.escalation else None
    if task is not None:
        draft.alert(MessageKind.REMINDER, case.policy.departments[task.department].contact(), facts, can_wait=True)
    elif escalation is not None:
        waits = can_wait(escalation.level) and escalation.began_as is not EscalationCause.RED_ALERT
        draft.alert(MessageKind.REMINDER, escalation.to, facts, can_wait=waits)
    else:
        draft.alert(MessageKind.REMINDER, telling.reachable(case), facts, can_wait=True)


def _warn_of_its_twin(draft: Draft, promise: Promise) -> None:
    """A task's other promise that is due at the very same time needs no reminder of its own."""
    case = draft.case
    if promise.task is None or case.policy.edition == 1:
        return
    for twin in list(case.open_promises()):
        if twin.id != promise.id and (twin.task, twin.due) == (promise.task, promise.due):
            passed = [fraction for fraction, at in _fractions(case, twin) if at and at <= draft.at]
            if max(passed, default=0) > twin.warned:
                draft.record(ev.PromiseWarned(promise=twin.id, fraction=max(passed)))


def _speak_for_ourselves(draft: Draft, promise: Promise) -> None:
    """Nobody has told the customer how it is going: the system does."""
    message = draft.tell_customer(MessageKind.PROGRESS, telling.progress(draft.case, draft.at))
    draft.answer(promise, message)


def _lapse(draft: Draft, promise: Promise) -> None:
    if promise.kind is PromiseKind.PROGRESS_UPDATE and promise.answered_by is None:
        _speak_for_ourselves(draft, promise)
    break_and_escalate(draft, promise, BreachCause.OVERDUE)
    if promise.kind is PromiseKind.PROGRESS_UPDATE:
        expect_next_update(draft)


def _hold_lapses(draft: Draft, hold: Hold) -> None:
    draft.record(ev.HoldEnded(hold=hold.id, why="longest_time_over"))
    running_again = next(draft.case.open_promises(*hold.promises), None)
    if draft.case.policy.edition > 1:
        facts = telling.hold_over(draft.case, hold, running_again)
        draft.alert(MessageKind.REMINDER, telling.reachable(draft.case), facts, can_wait=True)
    elif running_again is not None:
        facts = telling.reminder(draft.case, running_again, running_again.warned)
        draft.alert(MessageKind.REMINDER, telling.reachable(draft.case), facts, can_wait=True)


def expect_next_update(draft: Draft) -> None:
    """The clock to the next progress update starts now, unless one is running or none is owed any more."""
    case = draft.case
    if case.stage not in UPDATED_STAGES or any(case.open_promises(PromiseKind.PROGRESS_UPDATE)):
        return
    draft.promise(PromiseKind.PROGRESS_UPDATE, case.update_every_minutes)
