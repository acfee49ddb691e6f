"""Escalations: who hears of what, on which step of the chain, and until when they must acknowledge it."""

from complaints import events as ev
from complaints import telling
from complaints.case import Case, Escalation
from complaints.commands import Acknowledge, Escalate
from complaints.drafting import Draft
from complaints.parties import Actor, Bilingual, Colleague
from complaints.promises import Promise
from complaints.refusals import Refusal
from complaints.vocabulary import BreachCause, EscalationCause, EscalationLevel, MessageKind, PromiseKind

SUPERVISOR_TITLE = Bilingual(zh="部门主管", en="Department supervisor")


def raise_escalation(
    draft: Draft,
    level: EscalationLevel,
    cause: EscalationCause,
    *,
    reason: str | None = None,
    promise: str | None = None,
    task: str | None = None,
) -> None:
    """Raise a step of the chain, start its clock, and alert who stands on it."""
    case = draft.case
    title, colleague = _on_step(case, level, task)
    raised = ev.EscalationRaised(
        escalation=f"E-{case.code}-{len(case.escalations) + 1}",
        level=level,
        cause=cause,
        to=colleague,
        reason=reason,
        promise=promise,
        task=task,
    )
    draft.record(raised)
    minutes = case.policy.budget(PromiseKind.ESCALATION_ACK, case.category)
    draft.promise(PromiseKind.ESCALATION_ACK, minutes, escalation=raised.escalation)
    escalation = draft.case.escalations[-1]
    if cause is EscalationCause.RED_ALERT:
        draft.alert(MessageKind.RED_ALERT, colleague, telling.red_alert(draft.case, escalation, title))
    else:
        draft.alert(MessageKind.ESCALATION_ALERT, colleague, telling.escalation(draft.case, escalation, title))


def _on_step(case: Case, level: EscalationLevel, task: str | None) -> tuple[Bilingual, Colleague]:
    if level is EscalationLevel.TASK_SUPERVISOR:
        concerned = case.task(task or "")
        if concerned is None:
            raise LookupError("only an escalation about a task goes to its supervisor")
        return SUPERVISOR_TITLE, case.policy.departments[concerned.department].supervisor
    step = case.policy.chain[level]
    return step.title, step.person


def red_alert(draft: Draft) -> None:
    """An urgent complaint goes straight to the duty manager."""
    raise_escalation(draft, EscalationLevel.DUTY_MANAGER, EscalationCause.RED_ALERT)


def break_and_escalate(draft: Draft, promise: Promise, cause: BreachCause) -> None:
    """A promise is broken: record it for good and tell the right person at once."""
    draft.break_(promise, cause)
    if promise.kind is PromiseKind.ESCALATION_ACK:
        _go_one_up(draft, promise)
        return
    level = EscalationLevel.TASK_SUPERVISOR if promise.task else EscalationLevel.TEAM_LEAD
    raise_escalation(draft, level, EscalationCause.PROMISE_BROKEN, promise=promise.id, task=promise.task)


def undelivered(draft: Draft) -> None:
    """The customer could not be told something that no promise hangs on; a person must."""
    raise_escalation(draft, EscalationLevel.TEAM_LEAD, EscalationCause.UNDELIVERED)


def _go_one_up(draft: Draft, promise: Promise) -> None:
    unseen = draft.case.escalation(promise.escalation or "")
    if unseen is None or unseen.level >= draft.case.policy.top_of_chain():
        return
    raise_escalation(
        draft,
        EscalationLevel(unseen.level + 1),
        EscalationCause.NOT_ACKNOWLEDGED,
        promise=unseen.promise,
        task=unseen.task,
    )


def check_escalate(case: Case, command: Escalate) -> None:
    if command.level not in case.policy.chain:
        raise Refusal("no_escalation_level")


def escalate(draft: Draft, command: Escalate) -> None:
    raise_escalation(draft, command.level, EscalationCause.RAISED_BY_HAND, reason=command.reason)


def check_acknowledge(case: Case, command: Acknowledge) -> None:
    escalation = case.escalation(command.escalation)
    if escalation is None or not _is_theirs(case, escalation, command.by):
        raise Refusal("escalation_unknown")
    if escalation.acknowledged_at is not None:
        raise Refusal("already_acknowledged")


def _is_theirs(case: Case, escalation: Escalation, actor: Actor) -> bool:
    """A department knows only of what its own supervisor was told about its own tasks."""
    if actor.department is None:
        return True
    task = case.task(escalation.task or "")
    to_its_supervisor = escalation.level is EscalationLevel.TASK_SUPERVISOR
    return to_its_supervisor and task is not None and task.department == actor.department


def acknowledge(draft: Draft, command: Acknowledge) -> None:
    draft.record(ev.EscalationAcknowledged(escalation=command.escalation))
    draft.keep(draft.case.outstanding(PromiseKind.ESCALATION_ACK, escalation=command.escalation))
