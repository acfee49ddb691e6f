"""What the customer answers to a question: it ends the waiting when it arrived, whenever that is recorded."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.commands import EndHold, ProposeSolution, PutOnHold, RecordAnswer, SendUpdate
from complaints.parties import Actor
from complaints.promises import Hold, due_time
from complaints.vocabulary import Channel, HoldReason, MessageKind, PromiseKind, PromiseState, Role
from tests.complaints.support import START, Life, policy, policy_content, promised, solution

OFFICE = {"hours": {day: ["09:00-12:00", "13:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}}
IN_OFFICE = policy(
    calendars={"office": OFFICE},
    promises=promised(resolution={"calendar": "office"}, progress_update={"minutes": 100_000, "warn_at": []}),
)
"""The life starts on a Friday at 09:30."""

RESOLUTION = PromiseKind.RESOLUTION


def asked(life: Life) -> Life:
    life.contact()
    life.ask(PutOnHold, reason=HoldReason.AWAITING_CUSTOMER, question="请问订单号？")
    return life


def answer(life: Life, minutes_ago: float | None = None, **fields: Any) -> None:
    """The answer arrived so many minutes ago, and is recorded now."""
    if minutes_ago is not None:
        fields["arrived_at"] = life.at - life.case.policy.span(minutes_ago)
    life.ask(RecordAnswer, **{"text": "A-1", "channel": Channel.EMAIL, **fields})


def test_an_answer_ends_the_waiting_and_the_clocks_run_again() -> None:
    life = asked(Life())
    life.wait(90)
    assert life.due(RESOLUTION) is None
    answer(life)
    assert life.due(RESOLUTION) == 240 + 90
    (reply,) = life.case.replies
    assert (reply.text, reply.channel, reply.at) == ("A-1", Channel.EMAIL, life.at)
    assert life.case.open_holds() == ()


@pytest.mark.parametrize("channel", Channel)
@pytest.mark.parametrize("role", [Role.AGENT, Role.CHANNEL, Role.CUSTOMER])
def test_an_answer_on_any_channel_by_anybody_ends_it(channel: Channel, role: Role) -> None:
    life = asked(Life())
    life.wait(30)
    answer(life, channel=channel, by=Actor(role=role, name="somebody"))
    assert life.due(RESOLUTION) == 270


def test_an_answer_counts_from_when_it_arrived_and_not_from_when_it_was_read() -> None:
    life = asked(Life())
    life.wait(90)
    answer(life, minutes_ago=60)
    assert life.case.holds[0].ended_at == START + timedelta(minutes=30)
    assert life.due(RESOLUTION) == 240 + 30
    assert life.folded() == life.case


def test_working_hours_count_again_from_the_answer_on() -> None:
    life = asked(Life(IN_OFFICE))
    life.wait(120)
    answer(life, minutes_ago=30)
    # Held from 09:30 to 11:00: an hour until noon, three more from one o'clock on.
    assert life.due(RESOLUTION) == 390


def test_a_promise_that_was_late_by_the_time_the_answer_is_read_breaks_at_once() -> None:
    life = asked(Life())
    life.wait(600)
    answer(life, minutes_ago=590)
    assert life.promise(RESOLUTION).state is PromiseState.OPEN
    assert life.due(RESOLUTION) == 250
    life.wait(0)
    broken = life.promise(RESOLUTION)
    assert broken.state is PromiseState.BROKEN
    assert broken.settled_at == life.at


def test_what_was_broken_meanwhile_stays_broken() -> None:
    life = asked(Life(policy(promises=promised(resolution={"minutes": 60}))))
    life.wait(1440 + 61)
    assert life.promise(RESOLUTION).state is PromiseState.BROKEN
    answer(life, minutes_ago=1)
    assert life.promise(RESOLUTION).state is PromiseState.BROKEN


def test_an_answer_that_arrived_before_the_waiting_ended_by_itself_has_ended_it() -> None:
    life = asked(Life())
    life.wait(1440 + 10)
    assert life.due(RESOLUTION) == 240 + 1440
    answer(life, minutes_ago=110)
    assert life.case.holds[0].ended_at == START + timedelta(minutes=1340)
    assert life.due(RESOLUTION) == 240 + 1340


def test_an_answer_to_a_question_long_settled_moves_nothing() -> None:
    life = asked(Life())
    life.wait(20)
    life.ask(EndHold, hold="H1")
    life.wait(10)
    answer(life)
    assert life.case.holds[0].ended_at == START + timedelta(minutes=20)
    assert life.due(RESOLUTION) == 260


def test_an_answer_without_a_question_is_kept_and_ends_nothing() -> None:
    life = Life()
    life.ask(PutOnHold, reason=HoldReason.AWAITING_THIRD_PARTY)
    answer(life)
    assert [reply.text for reply in life.case.replies] == ["A-1"]
    assert [hold.reason for hold in life.case.open_holds()] == [HoldReason.AWAITING_THIRD_PARTY]


def test_an_answer_does_not_decide_on_a_solution_that_lies_before_the_customer() -> None:
    life = asked(Life())
    life.ask(ProposeSolution, solution=solution(life.at))
    answer(life)
    assert [hold.reason for hold in life.case.open_holds()] == [HoldReason.CUSTOMER_CONSIDERING]


@pytest.mark.parametrize("stage", ["resolve"])
def test_a_resolved_case_still_takes_what_the_customer_writes(stage: str) -> None:
    life = Life()
    getattr(life, stage)()
    answer(life)
    assert len(life.case.replies) == 1


def test_an_answer_is_refused_from_before_its_question_and_from_the_future() -> None:
    life = Life()
    life.contact()
    life.wait(60)
    life.ask(PutOnHold, reason=HoldReason.AWAITING_CUSTOMER, question="请问订单号？")
    life.wait(10)
    second = timedelta(seconds=1)
    said = {"text": "A-1", "channel": "email"}
    asked_at = START + timedelta(minutes=60)
    assert life.refused(RecordAnswer, **said, arrived_at=asked_at - second) == "answer_too_early"
    assert life.refused(RecordAnswer, **said, arrived_at=life.at + second) == "answer_in_the_future"
    answer(life, arrived_at=asked_at)
    assert life.refused(RecordAnswer, **said, arrived_at=asked_at - second) == "answer_too_early"


def test_without_a_question_an_answer_may_be_as_old_as_the_complaint() -> None:
    life = Life()
    life.contact()
    said = {"text": "A-1", "channel": "email"}
    assert life.refused(RecordAnswer, **said, arrived_at=START - timedelta(seconds=1)) == "answer_too_early"
    answer(life, arrived_at=START)


def test_an_answer_that_is_found_after_a_second_question_was_asked_ends_only_the_first() -> None:
    life = Life()
    life.contact()
    life.wait(30)
    life.ask(PutOnHold, reason=HoldReason.AWAITING_CUSTOMER, question="请问订单号？")
    life.wait(60)
    life.ask(EndHold, hold="H1")
    life.wait(10)
    life.ask(PutOnHold, reason=HoldReason.AWAITING_CUSTOMER, question="请问颜色？")
    life.wait(5)
    answer(life, arrived_at=START + timedelta(minutes=50))
    first, second = life.case.holds
    assert first.ended_at == START + timedelta(minutes=50)
    assert second.is_open()
    answer(life)
    # Held from 30 to 50 and from 100 to 105.
    assert life.due(RESOLUTION) == 240 + 20 + 5


def under_way(edition: int = 2) -> Life:
    """A life whose question is on its way since minute 5."""
    life = Life(policy(edition=edition), post_works=False)
    life.contact()
    life.wait(5)
    life.ask(PutOnHold, reason=HoldReason.AWAITING_CUSTOMER, question="请问订单号？")
    return life


def test_no_clock_stood_still_for_a_question_that_the_customer_never_got() -> None:
    life = under_way()
    life.sleep(60)
    assert life.due(RESOLUTION) is None
    life.fail()
    assert life.due(RESOLUTION) == 240
    assert life.folded() == life.case


def test_a_promise_that_was_late_while_a_question_was_on_its_way_in_vain_breaks_at_once() -> None:
    life = under_way()
    life.sleep(300)
    life.fail()
    life.wait(0)
    assert life.promise(RESOLUTION).state is PromiseState.BROKEN


def test_a_hold_that_ended_by_itself_counts_for_nothing_either_where_its_question_never_arrived() -> None:
    life = under_way()
    life.wait(1440)
    assert life.due(RESOLUTION) == 240 + 1440
    life.fail()
    assert life.case.holds[0].ended_at == life.case.holds[0].started_at


def test_a_question_that_never_arrived_leaves_what_was_answered_and_asked_since() -> None:
    life = under_way()
    life.sleep(10)
    first = life.sent[-1].id
    answer(life)
    life.sleep(10)
    life.ask(PutOnHold, reason=HoldReason.AWAITING_CUSTOMER, question="请问颜色？")
    life.fail(first)
    answered, asked_again = life.case.holds
    assert answered.ended_at == START + timedelta(minutes=15)
    assert asked_again.is_open()


def test_in_the_first_edition_a_question_in_vain_ends_its_hold_when_that_is_known() -> None:
    life = under_way(edition=1)
    life.sleep(60)
    life.fail()
    assert life.case.holds[0].ended_at == life.at


def test_the_agent_is_told_what_the_customer_answered() -> None:
    life = asked(Life())
    life.wait(30)
    answer(life)
    (told,) = life.told(MessageKind.REMINDER)
    assert told.to.name == "林晓"
    assert (told.facts["answer"], told.facts["answered_on"]) == ("A-1", "email")
    assert told.facts["promise"] in ("resolution", "progress_update")


def test_a_hold_that_lasted_as_long_as_it_may_ends_with_a_reminder_that_says_so() -> None:
    life = asked(Life())
    life.wait(1439)
    assert life.told(MessageKind.REMINDER) == []
    life.wait(1)
    (told,) = life.told(MessageKind.REMINDER)
    assert told.facts["hold_over"] == "awaiting_customer"
    assert told.facts["promise"] in ("resolution", "progress_update")
    assert life.due(RESOLUTION) == 240 + 1440


def test_a_hold_ends_with_a_reminder_even_where_no_promise_runs_again() -> None:
    content = policy_content()
    holds = content["holds"] | {"force_majeure": {"promises": ["callback"], "longest_minutes": 60}}
    life = Life(policy(holds=holds))
    life.contact()
    life.ask(PutOnHold, reason=HoldReason.FORCE_MAJEURE)
    life.wait(60)
    told = [message for message in life.told(MessageKind.REMINDER) if "hold_over" in message.facts]
    assert [(each.facts["hold_over"], each.facts["promise"]) for each in told] == [("force_majeure", None)]


def test_a_case_of_the_first_edition_is_reminded_as_it_was() -> None:
    content = policy_content()
    holds = content["holds"] | {"force_majeure": {"promises": ["callback"], "longest_minutes": 60}}
    life = Life(policy(holds=holds, edition=1))
    life.contact()
    life.ask(PutOnHold, reason=HoldReason.FORCE_MAJEURE)
    life.wait(60)
    assert not any("hold_over" in message.facts for message in life.told(MessageKind.REMINDER))


def test_a_clock_stands_still_only_for_a_reason_that_the_policy_has_for_it() -> None:
    life = Life()
    said = {"reason": HoldReason.AWAITING_CUSTOMER, "question": "？"}
    assert life.refused(PutOnHold, **said, promises=[PromiseKind.FIRST_CONTACT]) == "hold_not_allowed"
    assert life.refused(PutOnHold, reason=HoldReason.AWAITING_CUSTOMER) == "question_needed"
    life.ask(PutOnHold, **said, promises=[RESOLUTION])
    assert life.due(PromiseKind.PROGRESS_UPDATE) == 120


@given(
    st.integers(0, 200),
    st.integers(0, 2000),
    st.integers(0, 2000),
    st.integers(0, 3000),
    st.booleans(),
)
def test_the_due_time_after_an_answer_is_that_of_a_hold_until_it_arrived(
    before: int, waiting: int, unread: int, minutes: int, in_office: bool
) -> None:
    longest = 10_000
    content = policy_content()
    changes: dict[str, Any] = {
        "holds": content["holds"] | {"awaiting_customer": {"promises": ["resolution"], "longest_minutes": longest}},
        "calendars": {"office": OFFICE},
        "promises": promised(
            resolution={"minutes": 300 + minutes, "calendar": "office" if in_office else "always"},
            progress_update={"minutes": 100_000, "warn_at": []},
        ),
    }
    life = Life(policy(**changes))
    life.contact()
    life.sleep(before)
    life.ask(PutOnHold, reason=HoldReason.AWAITING_CUSTOMER, question="？")
    life.sleep(waiting + unread)
    answer(life, minutes_ago=unread)
    life.ask(SendUpdate, text="谢谢", told_on=Channel.PHONE)
    promise, start = life.promise(RESOLUTION), START + timedelta(minutes=before)
    hold = Hold(
        id="H",
        reason=HoldReason.AWAITING_CUSTOMER,
        promises=(RESOLUTION,),
        started_at=start,
        ended_at=start + timedelta(minutes=waiting),
        lapses_at=start + timedelta(minutes=longest),
    )
    working = life.case.policy.working_time(promise.calendar)
    expected = due_time(promise.start, promise.budget, [hold], working)
    assert expected is not None
    if promise.is_open():
        assert promise.due == expected
    else:
        assert expected < life.at
