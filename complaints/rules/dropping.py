"""Escalations that are over because what they were about is no more: nobody is waited for, and none goes on."""

from complaints import events as ev
from complaints import telling
from complaints.case import Escalation
from complaints.drafting import Draft
from complaints.quiet import can_wait
from complaints.vocabulary import EscalationCause, MessageKind, PromiseKind


def drop_red_alerts(draft: Draft, why: str, reason: str) -> None:
    """The complaint is not urgent after all: the red alerts are over, and so is whatever they have climbed to.

    `why` is said of the clocks, `reason` is what a person said about it.
    """
    for escalation in _not_over(draft):
        if escalation.began_as is EscalationCause.RED_ALERT:
            _drop(draft, escalation, why, reason)


def drop_all(draft: Draft, why: str, reason: str) -> None:
    """It was no complaint: nobody need hear any more of what would have been wrong with one."""
    for escalation in _not_over(draft):
        _drop(draft, escalation, why, reason)


def _not_over(draft: Draft) -> tuple[Escalation, ...]:
    """None in a case of the first edition, where they all went on."""
    if draft.case.policy.edition == 1:
        return ()
    return tuple(escalation for escalation in draft.case.escalations if not escalation.is_over())


def _drop(draft: Draft, escalation: Escalation, why: str, reason: str) -> None:
    draft.record(ev.EscalationDropped(escalation=escalation.id, reason=reason))
    for ack in list(draft.case.open_promises(PromiseKind.ESCALATION_ACK)):
        if ack.escalation == escalation.id:
            draft.record(ev.PromiseWaived(promise=ack.id, reason=why))
    facts = telling.escalation_dropped(escalation, why, reason)
    draft.alert(MessageKind.ESCALATION_SETTLED, escalation.to, facts, can_wait=can_wait(escalation.level))
