"""The customer hears how it is going: from a person, or else from the system itself."""

from complaints import commands as cmd
from complaints.vocabulary import (
    BreachCause,
    Channel,
    EscalationLevel,
    HoldReason,
    MessageKind,
    PromiseKind,
    PromiseState,
)
from tests.complaints.support import Life

PROGRESS = PromiseKind.PROGRESS_UPDATE


def contacted(*, post_works: bool = True) -> Life:
    """A case in which only the updates are still owed for a while."""
    life = Life(post_works=post_works)
    life.contact()
    return life


def test_an_update_told_by_phone_keeps_the_promise_and_starts_the_next() -> None:
    life = contacted()
    life.wait(50)
    life.ask(cmd.SendUpdate, text="仓库正在核查", told_on=Channel.PHONE)
    assert life.promise(PROGRESS, 1).state is PromiseState.KEPT
    assert life.due(PROGRESS, 2) == 50 + 120
    assert not life.told(MessageKind.PROGRESS)


def test_an_update_by_message_keeps_the_promise_only_when_it_arrives() -> None:
    life = contacted(post_works=False)
    life.wait(50)
    life.ask(cmd.SendUpdate, text="仓库正在核查")
    assert life.promise(PROGRESS).state is PromiseState.OPEN
    life.wait(3)
    life.deliver()
    assert life.promise(PROGRESS, 1).state is PromiseState.KEPT
    assert life.due(PROGRESS, 2) == 53 + 120


def test_the_agent_is_reminded_shortly_before_and_at_the_due_time_the_system_speaks() -> None:
    life = contacted()
    life.wait(119)
    assert [message.facts["promise"] for message in life.told(MessageKind.REMINDER)].count(PROGRESS) == 1
    assert not life.told(MessageKind.PROGRESS)
    life.wait(1)
    assert len(life.told(MessageKind.PROGRESS)) == 1
    assert life.promise(PROGRESS, 1).state is PromiseState.KEPT
    assert life.due(PROGRESS, 2) == 240
    assert not life.case.escalations


def test_an_update_that_can_never_be_delivered_breaks_the_promise_and_escalates() -> None:
    life = contacted(post_works=False)
    life.wait(120)
    life.fail()
    assert life.promise(PROGRESS, 1).cause is BreachCause.UNDELIVERABLE
    assert life.escalations() == [(EscalationLevel.TEAM_LEAD, "promise_broken")]
    assert life.due(PROGRESS, 2) == 240


def test_an_update_still_under_way_after_the_grace_is_late() -> None:
    life = contacted(post_works=False)
    life.wait(124)
    assert life.promise(PROGRESS).is_open()
    life.wait(1)
    assert life.promise(PROGRESS, 1).cause is BreachCause.OVERDUE
    life.wait(4)
    life.deliver()
    assert life.promise(PROGRESS, 1).state is PromiseState.BROKEN
    assert life.promise(PROGRESS, 1).met_at == life.at
    assert len(life.told(MessageKind.PROGRESS)) == 1


def test_the_first_of_two_updates_to_arrive_keeps_the_promise_whatever_becomes_of_the_second() -> None:
    life = contacted(post_works=False)
    life.ask(cmd.SendUpdate, text="第一条")
    life.ask(cmd.SendUpdate, text="第二条")
    first, second = (message.id for message in life.case.pending[-2:])
    life.wait(1)
    life.deliver(first)
    assert life.promise(PROGRESS, 1).state is PromiseState.KEPT
    life.fail(second)
    assert life.promise(PROGRESS, 2).is_open()
    assert not life.case.escalations


def test_the_customer_may_ask_for_another_interval() -> None:
    life = contacted()
    life.ask(cmd.RecordContact, channel=Channel.PHONE, reached=True, update_every_minutes=45)
    life.ask(cmd.SendUpdate, text="收到", told_on=Channel.PHONE)
    assert life.due(PROGRESS) == 45


def test_waiting_for_the_customer_holds_the_updates_and_ending_the_hold_gives_the_time_back() -> None:
    life = contacted()
    life.wait(60)
    life.ask(cmd.PutOnHold, reason=HoldReason.AWAITING_CUSTOMER, question="哪天方便取件?")
    assert life.due(PROGRESS) is None
    life.wait(300)
    assert life.promise(PROGRESS, 1).is_open()
    life.ask(cmd.EndHold, hold="H1")
    assert life.due(PROGRESS) == 120 + 300
    assert life.due(PromiseKind.RESOLUTION) == 240 + 300


def test_a_hold_ends_by_itself_when_its_longest_time_is_over_and_somebody_hears_of_it() -> None:
    life = contacted()
    life.wait(60)
    life.ask(cmd.PutOnHold, reason=HoldReason.AWAITING_THIRD_PARTY)
    assert life.due(PROGRESS) == 120
    before = len(life.told(MessageKind.REMINDER))
    life.wait(1440)
    assert not life.case.open_holds()
    assert life.due(PromiseKind.RESOLUTION) == 240 + 1440
    assert len(life.told(MessageKind.REMINDER)) > before


def test_a_hold_found_lapsed_late_gives_no_more_than_its_longest_time() -> None:
    life = contacted()
    life.ask(cmd.PutOnHold, reason=HoldReason.AWAITING_THIRD_PARTY)
    life.sleep(1440 + 239)
    life.ring()
    assert life.due(PromiseKind.RESOLUTION) == 240 + 1440


def test_a_question_that_cannot_be_delivered_ends_its_hold_and_calls_a_person() -> None:
    life = contacted(post_works=False)
    life.wait(10)
    life.ask(cmd.PutOnHold, reason=HoldReason.AWAITING_CUSTOMER, question="哪天方便取件?")
    life.wait(20)
    life.fail()
    assert not life.case.open_holds()
    assert life.due(PromiseKind.RESOLUTION) == 240
    assert life.escalations() == [(EscalationLevel.TEAM_LEAD, "undelivered")]


def test_a_hold_must_be_one_that_the_policy_allows() -> None:
    life = contacted()
    considering, waiting = HoldReason.CUSTOMER_CONSIDERING, HoldReason.AWAITING_CUSTOMER
    assert life.refused(cmd.PutOnHold, reason=considering) == "hold_not_allowed"
    callback = (PromiseKind.CALLBACK,)
    assert life.refused(cmd.PutOnHold, reason=waiting, promises=callback, question="?") == "hold_not_allowed"
    assert life.refused(cmd.PutOnHold, reason=waiting) == "question_needed"
    life.ask(cmd.PutOnHold, reason=waiting, question="?")
    assert life.refused(cmd.PutOnHold, reason=waiting, question="?") == "already_held"
    assert life.refused(cmd.EndHold, hold="H9") == "hold_unknown"
    life.ask(cmd.EndHold, hold="H1")
    assert life.refused(cmd.EndHold, hold="H1") == "hold_over"


def test_after_hours_without_anything_running_all_that_is_over_rings_at_once() -> None:
    life = Life(post_works=False)
    life.sleep(4.5 * 60)
    life.ring()
    broken = {promise.kind for promise in life.case.broken()}
    assert broken == {PromiseKind.FIRST_CONTACT, PROGRESS, PromiseKind.RESOLUTION}
    assert len(life.told(MessageKind.ESCALATION_ALERT)) == 3
    assert len(life.told(MessageKind.PROGRESS)) == 1
    assert not life.told(MessageKind.REMINDER)
    assert life.due(PROGRESS) == 270 + 120
