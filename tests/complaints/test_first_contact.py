"""The first promise: a person speaks to the customer, where the customer wishes to be reached."""

import pytest

from complaints import commands as cmd
from complaints.parties import Colleague, Customer
from complaints.vocabulary import BreachCause, Channel, EscalationLevel, Level, MessageKind, PromiseKind, PromiseState
from tests.complaints.support import LIN, Life

FIRST = PromiseKind.FIRST_CONTACT
PREFERS_EMAIL = Customer(name="Ann", preferred_channel=Channel.EMAIL, email="ann@example.com")


@pytest.mark.parametrize(("category", "minutes"), [("other", 30), ("service_attitude", 60), ("logistics", 120)])
def test_the_first_contact_has_the_time_of_its_category(category: str, minutes: int) -> None:
    assert Life(category=category).due(FIRST) == minutes


def test_the_customer_is_acknowledged_and_the_desk_gets_its_script_at_once() -> None:
    life = Life()
    assert [message.kind for message in life.sent] == [
        MessageKind.ACKNOWLEDGEMENT,
        MessageKind.FIRST_CONTACT_SCRIPT,
    ]


def test_an_automatic_acknowledgement_is_no_first_contact() -> None:
    life = Life()
    assert not life.case.pending
    assert life.promise(FIRST).state is PromiseState.OPEN


def test_reaching_the_customer_keeps_the_first_contact() -> None:
    life = Life()
    life.wait(29)
    life.contact()
    assert life.promise(FIRST).state is PromiseState.KEPT
    assert life.case.stage == "contacted"
    assert life.case.caretaker == LIN


def test_a_failed_attempt_is_recorded_and_keeps_nothing() -> None:
    life = Life()
    life.ask(cmd.RecordContact, channel=Channel.PHONE, reached=False, note="无人接听")
    assert [(contact.reached, contact.note) for contact in life.case.contacts] == [(False, "无人接听")]
    assert life.promise(FIRST).state is PromiseState.OPEN
    assert life.case.stage == "received"


def test_only_the_preferred_channel_keeps_the_first_contact() -> None:
    life = Life(customer=PREFERS_EMAIL)
    life.ask(cmd.RecordContact, channel=Channel.PHONE, reached=True)
    assert life.promise(FIRST).state is PromiseState.OPEN
    life.ask(cmd.RecordContact, channel=Channel.EMAIL, reached=True)
    assert life.promise(FIRST).state is PromiseState.KEPT


def test_a_late_first_contact_is_broken_and_the_team_lead_hears_of_it_at_once() -> None:
    life = Life()
    life.wait(30)
    broken = life.promise(FIRST)
    assert (broken.state, broken.cause) == (PromiseState.BROKEN, BreachCause.OVERDUE)
    assert life.escalations() == [(EscalationLevel.TEAM_LEAD, "promise_broken")]
    assert life.escalation().promise == broken.id
    (alert,) = life.told(MessageKind.ESCALATION_ALERT)
    assert alert.to.routes[0].address == "team.lead@redress.example"


def test_a_contact_after_the_breach_is_noted_but_erases_nothing() -> None:
    life = Life()
    life.wait(40)
    life.contact()
    met_late = life.promise(FIRST)
    assert met_late.state is PromiseState.BROKEN
    assert met_late.met_at == life.at


def test_what_is_done_on_the_stroke_of_the_due_time_is_in_time() -> None:
    life = Life()
    life.sleep(30)
    life.contact()
    assert life.promise(FIRST).state is PromiseState.KEPT


def test_what_is_done_just_after_the_stroke_is_late() -> None:
    life = Life()
    life.sleep(30 + 1 / 60_000_000)
    life.contact()
    assert life.promise(FIRST).state is PromiseState.BROKEN
    assert life.promise(FIRST).met_at == life.at


def test_it_warns_at_half_and_at_four_fifths_of_its_time_before_it_breaks() -> None:
    life = Life()
    for minutes, warnings in ((14.9, 0), (15, 1), (23.9, 1), (24, 2), (29.9, 2)):
        life.wait(minutes - life.minutes(life.at))
        assert len(life.told(MessageKind.REMINDER)) == warnings
    assert [message.facts["fraction"] for message in life.told(MessageKind.REMINDER)] == [0.5, 0.8]


def test_a_reminder_goes_to_the_agent_who_took_the_case_or_else_to_the_desk() -> None:
    life = Life()
    life.wait(15)
    life.ask(cmd.RecordContact, channel=Channel.PHONE, reached=False, agent=LIN)
    life.wait(10)
    names = [message.to.name for message in life.told(MessageKind.REMINDER)]
    assert names == [life.case.policy.desk.name, LIN.name]


def test_a_reminder_for_an_agent_without_an_address_goes_to_the_desk() -> None:
    life = Life()
    life.ask(cmd.RecordContact, channel=Channel.PHONE, reached=False, agent=Colleague(name="无地址"))
    life.wait(15)
    assert life.told(MessageKind.REMINDER)[0].to.name == life.case.policy.desk.name


def test_an_urgent_complaint_is_a_red_alert_to_the_duty_manager() -> None:
    life = Life(level=Level.URGENT)
    assert life.escalations() == [(EscalationLevel.DUTY_MANAGER, "red_alert")]
    (alert,) = life.told(MessageKind.RED_ALERT)
    assert alert.to.routes[0].address == "duty.manager@redress.example"


def test_a_case_that_becomes_urgent_raises_the_red_alert_once() -> None:
    life = Life()
    life.ask(cmd.Classify, level=Level.URGENT, reason="有人受伤")
    life.ask(cmd.Classify, category="product_quality", reason="产品问题")
    assert life.escalations() == [(EscalationLevel.DUTY_MANAGER, "red_alert")]


def test_another_category_gives_an_open_first_contact_its_own_time_from_the_start() -> None:
    life = Life()
    life.wait(10)
    life.ask(cmd.Classify, category="logistics", reason="其实是物流")
    assert life.due(FIRST) == 120
    assert life.due(PromiseKind.RESOLUTION) == 240


def test_a_rebudgeted_promise_warns_again_before_its_new_due_time() -> None:
    life = Life()
    life.wait(25)
    life.ask(cmd.Classify, category="logistics", reason="其实是物流")
    life.wait(100 - 25)
    assert [message.facts["fraction"] for message in life.told(MessageKind.REMINDER)][:4] == [0.5, 0.8, 0.5, 0.8]


def test_a_correction_that_corrects_nothing_is_refused() -> None:
    life = Life()
    assert life.refused(cmd.Classify, category="other", reason="没有变化") == "nothing_to_change"
    assert life.refused(cmd.Classify, category="weather", reason="没有这一类") == "unknown_category"
