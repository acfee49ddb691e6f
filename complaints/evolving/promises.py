"""How promises and holds change, and with them every due time that hangs on them."""

from datetime import datetime

from complaints import events as ev
from complaints.case import Case
from complaints.evolving.folding import Changes, all_timed, changes, replaced
from complaints.promises import Hold, Promise
from complaints.vocabulary import PromiseState


@changes.register
def _(event: ev.PromiseMade, case: Case, entry: ev.Entry) -> Changes:
    promise = Promise(
        id=event.promise,
        kind=event.kind,
        start=event.start,
        budget=event.budget,
        due=event.start + event.budget,
        round=event.round,
        task=event.task,
        escalation=event.escalation,
        calendar=event.calendar,
        rule=event.rule,
        matched=event.matched,
        within=event.within,
    )
    return {"promises": all_timed((*case.promises, promise), case.holds, case.policy)}


@changes.register
def _(event: ev.PromiseWarned, case: Case, entry: ev.Entry) -> Changes:
    return {"promises": replaced(case.promises, "id", event.promise, warned=event.fraction)}


def _settled(case: Case, promise: str, at: datetime, state: PromiseState, **more: object) -> Changes:
    settled = {"state": state, "settled_at": at, **more}
    return {"promises": replaced(case.promises, "id", promise, **settled)}


@changes.register
def _(event: ev.PromiseKept, case: Case, entry: ev.Entry) -> Changes:
    return _settled(case, event.promise, entry.at, PromiseState.KEPT, met_at=entry.at)


@changes.register
def _(event: ev.PromiseBroken, case: Case, entry: ev.Entry) -> Changes:
    return _settled(case, event.promise, entry.at, PromiseState.BROKEN, cause=event.cause)


@changes.register
def _(event: ev.PromiseMet, case: Case, entry: ev.Entry) -> Changes:
    return {"promises": replaced(case.promises, "id", event.promise, met_at=entry.at)}


@changes.register
def _(event: ev.PromiseWaived, case: Case, entry: ev.Entry) -> Changes:
    return _settled(case, event.promise, entry.at, PromiseState.WAIVED, waived_reason=event.reason)


@changes.register
def _(event: ev.PromiseAnswered, case: Case, entry: ev.Entry) -> Changes:
    return {"promises": replaced(case.promises, "id", event.promise, answered_by=event.message)}


@changes.register
def _(event: ev.PromiseRebudgeted, case: Case, entry: ev.Entry) -> Changes:
    terms: Changes = {"budget": event.budget, "warned": event.warned}
    if event.rule is not None:
        terms |= {"calendar": event.calendar, "rule": event.rule, "matched": event.matched, "rungs": event.rungs}
    promises = replaced(case.promises, "id", event.promise, **terms)
    return {"promises": all_timed(promises, case.holds, case.policy)}


@changes.register
def _(event: ev.ResolutionExtended, case: Case, entry: ev.Entry) -> Changes:
    promises = replaced(case.promises, "id", event.promise, budget=event.budget, warned=0.0)
    return {"promises": all_timed(promises, case.holds, case.policy), "complex": True}


@changes.register
def _(event: ev.HoldStarted, case: Case, entry: ev.Entry) -> Changes:
    hold = Hold(
        id=event.hold,
        reason=event.reason,
        promises=event.promises,
        started_at=entry.at,
        lapses_at=event.lapses_at,
        question=event.question,
    )
    holds = (*case.holds, hold)
    return {"holds": holds, "promises": all_timed(case.promises, holds, case.policy)}


@changes.register
def _(event: ev.HoldEnded, case: Case, entry: ev.Entry) -> Changes:
    ended_at = event.ended_at or entry.at
    ended = [min(ended_at, hold.lapses_at) for hold in case.holds if hold.id == event.hold]
    holds = replaced(case.holds, "id", event.hold, ended_at=ended[0])
    return {"holds": holds, "promises": all_timed(case.promises, holds, case.policy)}


@changes.register
def _(event: ev.RungReached, case: Case, entry: ev.Entry) -> Changes:
    return {"promises": replaced(case.promises, "id", event.promise, rungs=event.rung)}
