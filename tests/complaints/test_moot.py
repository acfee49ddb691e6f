"""What has waited for its reader is left out where it was seen to meanwhile, and told wherever that is not sure."""

from collections.abc import Callable
from typing import Any

import pytest

from complaints import commands as cmd
from complaints.messages import Message
from complaints.moot import still_to_be_told
from complaints.vocabulary import Channel, EscalationLevel, MessageKind
from tests.complaints.support import LIN, Life, policy
from tests.complaints.test_chain import BOSS

Happens = Callable[[Life], object]


def told(life: Life, *messages: Message) -> list[str]:
    return [message.kind for message in still_to_be_told(messages, {life.case.reference: life.case})]


def asked(life: Life, kind: type[cmd.BaseCommand], **fields: Any) -> None:
    life.ask(kind, by=BOSS, escalation=life.case.escalations[0].id, **fields)


@pytest.mark.parametrize(
    "happens",
    [
        lambda life: asked(life, cmd.Acknowledge),
        lambda life: asked(life, cmd.TakeOver, person=LIN),
        lambda life: asked(life, cmd.StepDown, level=EscalationLevel.TEAM_LEAD, reason="请组长跟进"),
        lambda life: life.ask(cmd.Withdraw, reason="找到了"),
    ],
    ids=["acknowledged", "taken over", "stepped down", "dropped"],
)
def test_an_escalation_that_nobody_need_acknowledge_any_more_is_left_out(happens: Happens) -> None:
    life = Life(policy())
    life.contact()
    life.ask(cmd.Escalate, by=BOSS, level=EscalationLevel.DUTY_MANAGER, reason="客户要求")
    (alert,) = life.told(MessageKind.ESCALATION_ALERT)
    assert told(life, alert) == ["escalation_alert"]
    happens(life)
    assert told(life, alert) == []


def reminder(life: Life) -> Message:
    return life.told(MessageKind.REMINDER)[-1]


@pytest.mark.parametrize(
    ("happens", "expected"),
    [
        (lambda life: life.contact(), []),
        (lambda life: life.ask(cmd.Withdraw, reason="找到了"), []),
        (lambda life: life.wait(60), ["reminder"]),
        (lambda life: None, ["reminder"]),
    ],
    ids=["kept", "waived", "broken and still owed", "open"],
)
def test_a_reminder_is_left_out_once_nobody_waits_for_what_it_is_about(happens: Happens, expected: list[str]) -> None:
    life = Life(policy())
    life.wait(29)
    warning = reminder(life)
    assert warning.facts["promise"] == "first_contact"
    happens(life)
    assert told(life, warning) == expected


def test_a_reminder_of_an_update_is_left_out_once_a_later_one_reached_the_customer() -> None:
    life = Life(policy(), post_works=False)
    life.deliver()
    life.contact()
    life.wait(119)
    warning = reminder(life)
    assert warning.facts["promise"] == "progress_update"
    life.wait(20)
    life.fail()
    assert told(life, warning) == ["reminder"]
    life.ask(cmd.SendUpdate, text="电话里说明了进展", told_on=Channel.PHONE)
    assert told(life, warning) == []


def test_a_task_that_is_done_or_handed_on_reminds_nobody() -> None:
    for done in (
        {"kind": cmd.CompleteTask, "outcome": "已核实"},
        {"kind": cmd.HandOnTask, "department": "finance", "reason": "归财务"},
    ):
        life = Life(policy())
        life.contact()
        task = life.task().id
        life.wait(59)
        warning = reminder(life)
        assert told(life, warning) == ["reminder"]
        life.ask(done.pop("kind"), task=task, **done)
        assert told(life, warning) == []


def test_what_the_customer_answered_is_told_whatever_has_happened_since() -> None:
    life = Life(policy())
    life.contact()
    life.ask(cmd.PutOnHold, reason="awaiting_customer", question="哪天方便？")
    life.wait(1)
    life.ask(cmd.RecordAnswer, text="周六", channel=Channel.EMAIL)
    answer = reminder(life)
    life.ask(cmd.Withdraw, reason="找到了")
    assert told(life, answer) == ["reminder"]


def test_who_was_never_told_of_an_escalation_is_not_told_that_it_is_in_other_hands() -> None:
    life = Life(policy())
    life.contact()
    life.ask(cmd.Escalate, by=BOSS, level=EscalationLevel.TEAM_LEAD, reason="客户要求")
    asked(life, cmd.TakeOver, person=LIN)
    (alert,), (settled,) = life.told(MessageKind.ESCALATION_ALERT), life.told(MessageKind.ESCALATION_SETTLED)
    assert told(life, alert, settled) == []
    assert told(life, settled) == ["escalation_settled"]


def test_where_the_records_know_nothing_everything_is_told() -> None:
    life = Life(policy())
    life.wait(30)
    asked(life, cmd.TakeOver, person=LIN)
    waited = (*life.told(MessageKind.ESCALATION_ALERT), *life.told(MessageKind.ESCALATION_SETTLED))
    assert still_to_be_told(waited, {}) == waited
    other = Life(policy())
    assert told(other, *waited) == [message.kind for message in waited]
