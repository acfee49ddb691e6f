"""Folding: how each event changes a case. `evolve` is the only way in which a case ever changes."""

from datetime import datetime
from functools import singledispatch
from typing import Any

from complaints import events as ev
from complaints.case import Case, Contact, Escalation, Evidence, PendingMessage, Receipt, Task, Update
from complaints.promises import Hold, Promise, due_time
from complaints.solutions import Round
from complaints.vocabulary import RESTING_STAGES, PromiseState, Stage, TaskState

Changes = dict[str, Any]


class OutOfSequence(ValueError):
    """An entry that does not follow on the case's version."""


def evolve(case: Case | None, entry: ev.Entry) -> Case:
    """The case after one more entry of its journal. Raises OutOfSequence unless it is the very next one."""
    version = case.version if case else 0
    if entry.sequence != version + 1:
        raise OutOfSequence(f"entry {entry.sequence} does not follow on version {version}")
    for event in entry.events:
        case = apply(case, event, entry)
    if case is None:
        raise OutOfSequence("an entry without events")
    return seal(case, entry)


def seal(case: Case, entry: ev.Entry) -> Case:
    """The case with all of an entry's events applied, once the entry is complete: at its version, its receipt kept."""
    changes: Changes = {"version": entry.sequence}
    if entry.command is not None:
        made = tuple(made for event in entry.events for made in made_by(event))
        receipt = Receipt(version=entry.sequence, stage=case.stage, made=made, fingerprint=entry.fingerprint)
        changes["handled"] = {**case.handled, entry.command: receipt}
    return case.model_copy(update=changes)


def apply(case: Case | None, event: ev.Event, entry: ev.Entry) -> Case:
    """The case after one event of an entry; its version is that of the last whole entry."""
    if isinstance(event, ev.ComplaintFiled):
        return _filed(event, entry)
    if case is None:
        raise OutOfSequence("the first event of a journal files the complaint")
    changes = _changes(event, case, entry)
    return case.model_copy(update=changes) if changes else case


def made_by(event: ev.Event) -> tuple[str, ...]:
    """The ids that an event gave to new things which its asker may want to name."""
    match event:
        case ev.TaskAssigned(task=made) | ev.HoldStarted(hold=made) | ev.EscalationRaised(escalation=made):
            return (made,)
        case ev.EvidenceAdded(evidence=made):
            return (made,)
    return ()


def _filed(event: ev.ComplaintFiled, entry: ev.Entry) -> Case:
    return Case(
        reference=event.reference,
        policy=event.policy,
        complaint=event.complaint,
        received_at=entry.at,
        version=0,
        stage=Stage.RECEIVED,
        level=event.complaint.level,
        category=event.complaint.category,
        complex=event.complaint.complex,
    )


def _timed(promise: Promise, holds: tuple[Hold, ...]) -> Promise:
    """An open promise with the due time that its holds leave it."""
    if not promise.is_open():
        return promise
    own = [hold for hold in holds if promise.kind in hold.promises]
    return promise.model_copy(update={"due": due_time(promise.start, promise.budget, own)})


def _all_timed(promises: tuple[Promise, ...], holds: tuple[Hold, ...]) -> tuple[Promise, ...]:
    return tuple(_timed(promise, holds) for promise in promises)


def _replaced(items: tuple[Any, ...], name: str, key: object, **changes: object) -> tuple[Any, ...]:
    """The items, with changes to the one whose `name` is `key`."""
    return tuple(item.model_copy(update=changes) if getattr(item, name) == key else item for item in items)


def _settled(case: Case, promise: str, at: datetime, state: PromiseState, **changes: object) -> Changes:
    changes = {"state": state, "settled_at": at, **changes}
    return {"promises": _replaced(case.promises, "id", promise, **changes)}


@singledispatch
def _changes(event: ev.Event, case: Case, entry: ev.Entry) -> Changes:
    """What an event changes in a case, by the names of its fields; nothing where it only tells."""
    return {}


@_changes.register
def _(event: ev.StageEntered, case: Case, entry: ev.Entry) -> Changes:
    return {"stage": event.stage, "closed_at": entry.at if event.stage in RESTING_STAGES else None}


@_changes.register
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
    )
    return {"promises": (*case.promises, _timed(promise, case.holds))}


@_changes.register
def _(event: ev.PromiseWarned, case: Case, entry: ev.Entry) -> Changes:
    return {"promises": _replaced(case.promises, "id", event.promise, warned=event.fraction)}


@_changes.register
def _(event: ev.PromiseKept, case: Case, entry: ev.Entry) -> Changes:
    return _settled(case, event.promise, entry.at, PromiseState.KEPT, met_at=entry.at)


@_changes.register
def _(event: ev.PromiseBroken, case: Case, entry: ev.Entry) -> Changes:
    return _settled(case, event.promise, entry.at, PromiseState.BROKEN, cause=event.cause)


@_changes.register
def _(event: ev.PromiseMet, case: Case, entry: ev.Entry) -> Changes:
    return {"promises": _replaced(case.promises, "id", event.promise, met_at=entry.at)}


@_changes.register
def _(event: ev.PromiseWaived, case: Case, entry: ev.Entry) -> Changes:
    return _settled(case, event.promise, entry.at, PromiseState.WAIVED, waived_reason=event.reason)


@_changes.register
def _(event: ev.PromiseAnswered, case: Case, entry: ev.Entry) -> Changes:
    return {"promises": _replaced(case.promises, "id", event.promise, answered_by=event.message)}


@_changes.register
def _(event: ev.PromiseRebudgeted, case: Case, entry: ev.Entry) -> Changes:
    promises = _replaced(case.promises, "id", event.promise, budget=event.budget, warned=0.0)
    return {"promises": _all_timed(promises, case.holds)}


@_changes.register
def _(event: ev.ResolutionExtended, case: Case, entry: ev.Entry) -> Changes:
    promises = _replaced(case.promises, "id", event.promise, budget=event.budget, warned=0.0)
    return {"promises": _all_timed(promises, case.holds), "complex": True}


@_changes.register
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
    return {"holds": holds, "promises": _all_timed(case.promises, holds)}


@_changes.register
def _(event: ev.HoldEnded, case: Case, entry: ev.Entry) -> Changes:
    ended = [min(entry.at, hold.lapses_at) for hold in case.holds if hold.id == event.hold]
    holds = _replaced(case.holds, "id", event.hold, ended_at=ended[0])
    return {"holds": holds, "promises": _all_timed(case.promises, holds)}


@_changes.register
def _(event: ev.CustomerContacted, case: Case, entry: ev.Entry) -> Changes:
    return {"contacts": (*case.contacts, _contact(event, entry))}


@_changes.register
def _(event: ev.CallbackAttempted, case: Case, entry: ev.Entry) -> Changes:
    return {"callbacks": (*case.callbacks, _contact(event, entry))}


def _contact(event: ev.CustomerContacted | ev.CallbackAttempted, entry: ev.Entry) -> Contact:
    return Contact(at=entry.at, channel=event.channel, reached=event.reached, note=event.note)


@_changes.register
def _(event: ev.CallbackGivenUp, case: Case, entry: ev.Entry) -> Changes:
    return {"callback_settled": True}


@_changes.register
def _(event: ev.SurveyAnswered, case: Case, entry: ev.Entry) -> Changes:
    return {"callback_settled": True, "satisfied": event.satisfied, "answers": event.answers}


@_changes.register
def _(event: ev.AgentTookCase, case: Case, entry: ev.Entry) -> Changes:
    return {"agent": event.agent}


@_changes.register
def _(event: ev.UpdateIntervalAgreed, case: Case, entry: ev.Entry) -> Changes:
    return {"update_every_minutes": event.minutes}


@_changes.register
def _(event: ev.MessageAsked, case: Case, entry: ev.Entry) -> Changes:
    changes: Changes = {"messages": case.messages + 1}
    if event.to_customer:
        message = PendingMessage(id=event.message, kind=event.kind, asked_at=entry.at)
        changes["pending"] = (*case.pending, message)
    return changes


@_changes.register
def _(event: ev.MessageDelivered, case: Case, entry: ev.Entry) -> Changes:
    return _message_settled(event, case)


@_changes.register
def _(event: ev.MessageFailed, case: Case, entry: ev.Entry) -> Changes:
    return _message_settled(event, case)


def _message_settled(event: ev.MessageDelivered | ev.MessageFailed, case: Case) -> Changes:
    changes: Changes = {"pending": tuple(message for message in case.pending if message.id != event.message)}
    if event.message == case.letter:
        changes["letter_settled"] = True
    return changes


@_changes.register
def _(event: ev.SolutionProposed, case: Case, entry: ev.Entry) -> Changes:
    proposed = Round(number=event.round, solution=event.solution, proposed_at=entry.at)
    return {"rounds": (*case.rounds, proposed)}


@_changes.register
def _(event: ev.SolutionAccepted, case: Case, entry: ev.Entry) -> Changes:
    return {"rounds": _replaced(case.rounds, "number", event.round, accepted_at=entry.at)}


@_changes.register
def _(event: ev.RevisionRequested, case: Case, entry: ev.Entry) -> Changes:
    asked = {"revision_asked_at": entry.at, "revision_reason": event.reason}
    return {"rounds": _replaced(case.rounds, "number", event.round, **asked), "round": event.round + 1}


@_changes.register
def _(event: ev.RemedyCompleted, case: Case, entry: ev.Entry) -> Changes:
    return {
        "resolved_at": entry.at,
        "letter": event.letter,
        "letter_settled": False,
        "callback_settled": False,
        "callbacks": (),
        "satisfied": None,
    }


@_changes.register
def _(event: ev.CaseReopened, case: Case, entry: ev.Entry) -> Changes:
    return {"round": event.round}


@_changes.register
def _(event: ev.CaseMerged, case: Case, entry: ev.Entry) -> Changes:
    return {"merged_into": event.into}


@_changes.register
def _(event: ev.CaseFinished, case: Case, entry: ev.Entry) -> Changes:
    escalations = tuple(
        escalation if escalation.acknowledged_at else escalation.model_copy(update={"dropped_at": entry.at})
        for escalation in case.escalations
    )
    return {"finished_at": entry.at, "escalations": escalations}


@_changes.register
def _(event: ev.CaseReclassified, case: Case, entry: ev.Entry) -> Changes:
    return {"level": event.level, "category": event.category}


@_changes.register
def _(event: ev.EvidenceAdded, case: Case, entry: ev.Entry) -> Changes:
    evidence = Evidence(id=event.evidence, at=entry.at, description=event.description, source=event.source)
    return {"evidence": (*case.evidence, evidence)}


@_changes.register
def _(event: ev.CustomerUpdated, case: Case, entry: ev.Entry) -> Changes:
    return {"updates": (*case.updates, Update(at=entry.at, text=event.text, told_on=event.told_on))}


@_changes.register
def _(event: ev.CaseAbsorbed, case: Case, entry: ev.Entry) -> Changes:
    return {"absorbed": (*case.absorbed, event.reference)}


@_changes.register
def _(event: ev.TaskAssigned, case: Case, entry: ev.Entry) -> Changes:
    task = Task(id=event.task, department=event.department, what=event.what, assigned_at=entry.at)
    return {"tasks": (*case.tasks, task)}


@_changes.register
def _(event: ev.TaskFeedbackGiven, case: Case, entry: ev.Entry) -> Changes:
    return {"tasks": _replaced(case.tasks, "id", event.task, feedback=event.text, feedback_at=entry.at)}


@_changes.register
def _(event: ev.TaskCompleted, case: Case, entry: ev.Entry) -> Changes:
    return _task_ended(case, event.task, entry.at, TaskState.COMPLETED, event.outcome)


@_changes.register
def _(event: ev.TaskDeclined, case: Case, entry: ev.Entry) -> Changes:
    return _task_ended(case, event.task, entry.at, TaskState.DECLINED, event.reason)


@_changes.register
def _(event: ev.TaskCancelled, case: Case, entry: ev.Entry) -> Changes:
    return _task_ended(case, event.task, entry.at, TaskState.CANCELLED, event.reason)


def _task_ended(case: Case, task: str, at: datetime, state: TaskState, outcome: str) -> Changes:
    return {"tasks": _replaced(case.tasks, "id", task, state=state, outcome=outcome, ended_at=at)}


@_changes.register
def _(event: ev.EscalationRaised, case: Case, entry: ev.Entry) -> Changes:
    raised = Escalation(
        id=event.escalation,
        level=event.level,
        cause=event.cause,
        reason=event.reason,
        raised_at=entry.at,
        raised_by=entry.by,
        to=event.to,
        promise=event.promise,
        task=event.task,
    )
    return {"escalations": (*case.escalations, raised)}


@_changes.register
def _(event: ev.EscalationAcknowledged, case: Case, entry: ev.Entry) -> Changes:
    seen = {"acknowledged_at": entry.at, "acknowledged_by": entry.by}
    return {"escalations": _replaced(case.escalations, "id", event.escalation, **seen)}


@_changes.register
def _(event: ev.PortalRevoked, case: Case, entry: ev.Entry) -> Changes:
    return {"portal_generation": event.generation}
