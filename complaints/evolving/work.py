"""How tasks and escalations change."""

from datetime import datetime

from complaints import events as ev
from complaints.case import Case, Escalation, HandOver, Task
from complaints.evolving.folding import Changes, changes, replaced
from complaints.vocabulary import Stage, TaskState


@changes.register
def _(event: ev.TaskAssigned, case: Case, entry: ev.Entry) -> Changes:
    task = Task(id=event.task, department=event.department, what=event.what, assigned_at=entry.at)
    if event.compensates is not None:
        task = task.model_copy(update={"compensates": event.compensates})
    return {"tasks": (*case.tasks, task.model_copy(update=_asked_for(case)))}


def _asked_for(case: Case) -> Changes:
    """When in its case's life a task is asked for; nobody asks that of the first edition's."""
    if case.policy.edition == 1:
        return {}
    return {"round": case.round, "carries_out": case.stage in (Stage.AGREED, Stage.REMEDYING)}


@changes.register
def _(event: ev.TaskFeedbackGiven, case: Case, entry: ev.Entry) -> Changes:
    return {"tasks": replaced(case.tasks, "id", event.task, feedback=event.text, feedback_at=entry.at)}


@changes.register
def _(event: ev.TaskCompleted, case: Case, entry: ev.Entry) -> Changes:
    round_ = {"round": case.round} if case.policy.edition > 1 else {}
    return _task_ended(case, event.task, entry.at, TaskState.COMPLETED, event.outcome, **round_)


@changes.register
def _(event: ev.TaskDeclined, case: Case, entry: ev.Entry) -> Changes:
    return _task_ended(case, event.task, entry.at, TaskState.DECLINED, event.reason)


@changes.register
def _(event: ev.TaskCancelled, case: Case, entry: ev.Entry) -> Changes:
    return _task_ended(case, event.task, entry.at, TaskState.CANCELLED, event.reason)


@changes.register
def _(event: ev.TaskHandedOn, case: Case, entry: ev.Entry) -> Changes:
    task = next(task for task in case.tasks if task.id == event.task)
    former = HandOver(department=task.department, until=entry.at, reason=event.reason)
    changed = {"department": event.department, "handed_on": (*task.handed_on, former)}
    fresh = {"feedback": None, "feedback_at": None}
    return {"tasks": replaced(case.tasks, "id", event.task, **changed, **fresh)}


@changes.register
def _(event: ev.TaskReopened, case: Case, entry: ev.Entry) -> Changes:
    task = next(task for task in case.tasks if task.id == event.task)
    again = {"state": TaskState.OPEN, "reopened": task.reopened + 1, "feedback_at": None, "ended_at": None}
    return {"tasks": replaced(case.tasks, "id", event.task, **again, **_asked_for(case))}


def _task_ended(case: Case, task: str, at: datetime, state: TaskState, outcome: str, **more: object) -> Changes:
    return {"tasks": replaced(case.tasks, "id", task, state=state, outcome=outcome, ended_at=at, **more)}


@changes.register
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
        passed_over=event.passed_over,
    )
    if event.origin is not None:
        raised = raised.model_copy(update={"origin": event.origin})
    return {"escalations": (*case.escalations, raised)}


@changes.register
def _(event: ev.EscalationJoined, case: Case, entry: ev.Entry) -> Changes:
    joined = next(each.joined for each in case.escalations if each.id == event.escalation)
    return {"escalations": replaced(case.escalations, "id", event.escalation, joined=(*joined, event.promise))}


@changes.register
def _(event: ev.EscalationTakenOver, case: Case, entry: ev.Entry) -> Changes:
    taken: Changes = {"taken_over_by": event.person}
    if next(each for each in case.escalations if each.id == event.escalation).acknowledged_at is None:
        taken |= {"acknowledged_at": entry.at, "acknowledged_by": entry.by}
    return {"escalations": replaced(case.escalations, "id", event.escalation, **taken)}


@changes.register
def _(event: ev.EscalationDropped, case: Case, entry: ev.Entry) -> Changes:
    return {"escalations": replaced(case.escalations, "id", event.escalation, dropped_at=entry.at)}


@changes.register
def _(event: ev.EscalationSteppedDown, case: Case, entry: ev.Entry) -> Changes:
    down = {"stepped_down_at": entry.at, "stepped_down_to": event.level, "stepped_down_reason": event.reason}
    return {"escalations": replaced(case.escalations, "id", event.escalation, **down)}


@changes.register
def _(event: ev.EscalationAcknowledged, case: Case, entry: ev.Entry) -> Changes:
    seen = {"acknowledged_at": entry.at, "acknowledged_by": entry.by}
    return {"escalations": replaced(case.escalations, "id", event.escalation, **seen)}
