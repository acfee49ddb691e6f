"""Escalations: who hears of what, on which step of the chain, and until when they must acknowledge it."""

from complaints import events as ev
from complaints import telling
from complaints.case import Case, Escalation
from complaints.commands import Acknowledge, Escalate
from complaints.drafting import Draft
from complaints.parties import Actor, Bilingual, Colleague
from complaints.promises import Promise
from complaints.refusals import Refusal
from complaints.vocabulary import BreachCause, EscalationLevel, MessageKind, PromiseKind

SUPERVISOR_TITLE = Bilingual(zh="部门主管", en="Department supervisor")
RED_ALERT = "red_alert"

BROKEN = Bilingual(zh="承诺未按时兑现", en="A promise was not kept in time")
UNDELIVERED = Bilingual(zh="消息无法送达客户", en="A message could not be delivered to the customer")
NOT_ACKNOWLEDGED = Bilingual(zh="上一级升级未在时限内确认", en="The escalation below was not acknowledged in time")
URGENT = Bilingual(zh="一级紧急投诉", en="An urgent complaint, level 1")


def raise_escalation(
    draft: Draft,
    level: EscalationLevel,
    cause: str,
    reason: str,
    *,
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
        reason=reason,
        to=colleague,
        promise=promise,
        task=task,
    )
    draft.record(raised)
    minutes = case.policy.budget(PromiseKind.ESCALATION_ACK, case.category)
    draft.promise(PromiseKind.ESCALATION_ACK, minutes, escalation=raised.escalation)
    escalation = draft.case.escalations[-1]
    if cause == RED_ALERT:
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
    reason = URGENT.in_(draft.case.policy.staff_language)
    raise_escalation(draft, EscalationLevel.DUTY_MANAGER, RED_ALERT, reason)


def break_and_escalate(draft: Draft, promise: Promise, cause: BreachCause) -> None:
    """A promise is broken: record it for good and tell the right person at once."""
    draft.break_(promise, cause)
    language = draft.case.policy.staff_language
    if promise.kind is PromiseKind.ESCALATION_ACK:
        _go_one_up(draft, promise)
        return
    level = EscalationLevel.TASK_SUPERVISOR if promise.task else EscalationLevel.TEAM_LEAD
    why = BROKEN if cause is BreachCause.OVERDUE else UNDELIVERED
    raise_escalation(draft, level, "promise_broken", why.in_(language), promise=promise.id, task=promise.task)


def undelivered(draft: Draft) -> None:
    """The customer could not be told something that no promise hangs on; a person must."""
    reason = UNDELIVERED.in_(draft.case.policy.staff_language)
    raise_escalation(draft, EscalationLevel.TEAM_LEAD, "undelivered", reason)


def _go_one_up(draft: Draft, promise: Promise) -> None:
    unseen = draft.case.escalation(promise.escalation or "")
    if unseen is None or unseen.level >= draft.case.policy.top_of_chain():
        return
    raise_escalation(
        draft,
        EscalationLevel(unseen.level + 1),
        "not_acknowledged",
        NOT_ACKNOWLEDGED.in_(draft.case.policy.staff_language),
        promise=unseen.promise,
        task=unseen.task,
    )


def check_escalate(case: Case, command: Escalate) -> None:
    if command.level not in case.policy.chain:
        raise Refusal("no_escalation_level")


def escalate(draft: Draft, command: Escalate) -> None:
    raise_escalation(draft, command.level, "raised_by_hand", command.reason)


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
