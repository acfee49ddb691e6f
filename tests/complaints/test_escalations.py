"""Escalations: up the chain until somebody acknowledges."""

from complaints import commands as cmd
from complaints.vocabulary import Channel, EscalationLevel, MessageKind, PromiseKind, PromiseState
from tests.complaints.support import Life, department

ACK = PromiseKind.ESCALATION_ACK


def escalated() -> Life:
    """A contacted case that somebody has escalated to the team lead."""
    life = Life()
    life.contact()
    life.ask(cmd.Escalate, level=EscalationLevel.TEAM_LEAD, reason="客户情绪激动")
    return life


def test_an_escalation_alerts_its_person_and_waits_a_quarter_of_an_hour_for_them() -> None:
    life = escalated()
    assert life.due(ACK) == 15
    (alert,) = life.told(MessageKind.ESCALATION_ALERT)
    assert alert.to.name == "值班组长"
    assert alert.facts["ack_due"] == "2026-11-20T01:45:00Z"


def test_an_escalation_that_nobody_acknowledges_goes_up_to_the_director_and_no_further() -> None:
    life = escalated()
    life.wait(15 * 3)
    assert life.escalations() == [(1, "raised_by_hand"), (2, "not_acknowledged"), (3, "not_acknowledged")]
    life.wait(15)
    assert len(life.case.escalations) == 3
    assert [p.state for p in life.case.promises if p.kind is ACK] == [PromiseState.BROKEN] * 3


def test_an_acknowledged_escalation_goes_no_further() -> None:
    life = escalated()
    life.wait(14)
    life.ask(cmd.Acknowledge, escalation=life.escalation().id)
    assert life.promise(ACK).state is PromiseState.KEPT
    assert life.escalation().acknowledged_at == life.at
    life.wait(60)
    assert len(life.case.escalations) == 1
    assert life.refused(cmd.Acknowledge, escalation=life.escalation().id) == "already_acknowledged"


def test_a_late_acknowledgement_is_noted_and_the_next_level_still_has_to_answer() -> None:
    life = escalated()
    life.wait(20)
    life.ask(cmd.Acknowledge, escalation=life.case.escalations[0].id)
    assert life.promise(ACK, 1).state is PromiseState.BROKEN
    assert life.promise(ACK, 1).met_at == life.at
    assert life.promise(ACK, 2).is_open()


def test_an_escalation_to_a_level_that_the_chain_lacks_is_refused() -> None:
    life = escalated()
    level = EscalationLevel.TASK_SUPERVISOR
    assert life.refused(cmd.Escalate, level=level, reason="?") == "no_escalation_level"


def test_a_department_acknowledges_what_concerns_its_own_task_only() -> None:
    life = Life()
    life.contact()
    life.task()
    life.wait(60)
    late = life.escalation().id
    refused = life.refused(cmd.Acknowledge, by=department("finance"), escalation=late)
    assert refused == "escalation_unknown"
    life.ask(cmd.Acknowledge, by=department("logistics"), escalation=late)
    assert life.escalation().acknowledged_at == life.at


def test_a_message_to_a_colleague_that_cannot_be_delivered_stops_no_chain() -> None:
    life = escalated()
    (alert,) = life.told(MessageKind.ESCALATION_ALERT)
    life.fail(alert.id)
    life.wait(15)
    assert life.escalation().level is EscalationLevel.DUTY_MANAGER


def test_what_becomes_of_a_message_is_noted_once() -> None:
    life = Life(post_works=False)
    acknowledgement = life.case.pending[0].id
    life.deliver(acknowledgement)
    version = life.case.version
    life.deliver(acknowledgement, channel=Channel.SMS)
    assert life.case.version == version
    assert not life.case.pending
