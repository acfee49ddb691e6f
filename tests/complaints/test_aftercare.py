"""After the agreement: the remedy, the letter, the callback, and closing."""

import pytest

from complaints import commands as cmd
from complaints.parties import Colleague
from complaints.vocabulary import BreachCause, EscalationLevel, MessageKind, PromiseKind, PromiseState
from tests.complaints.support import Life, policy

LETTER, CALLBACK = PromiseKind.CONFIRMATION_LETTER, PromiseKind.CALLBACK


def resolved(*, post_works: bool = True) -> Life:
    life = Life(post_works=post_works)
    life.resolve()
    return life


def letter(life: Life) -> str:
    assert life.case.letter is not None
    return life.case.letter


def test_a_remedy_done_resolves_the_case_by_way_of_remedying() -> None:
    life = resolved()
    assert life.stages()[-3:] == ["agreed", "remedying", "resolved"]
    life = Life()
    life.agree()
    life.ask(cmd.StartRemedy)
    life.ask(cmd.CompleteRemedy)
    assert life.stages()[-3:] == ["agreed", "remedying", "resolved"]


def test_a_delivered_letter_keeps_its_promise_and_carries_the_agents_name() -> None:
    life = Life(post_works=False)
    life.agree()
    life.ask(cmd.CompleteRemedy, agent=Colleague(name="周宁", phone="400-000-0001"))
    assert life.due(LETTER) == 60
    life.wait(10)
    life.deliver(letter(life))
    assert life.promise(LETTER).state is PromiseState.KEPT
    (written,) = life.told(MessageKind.CONFIRMATION_LETTER)
    assert written.facts["agent"] == {"name": "周宁", "email": None, "phone": "400-000-0001"}


def test_a_letter_not_delivered_within_its_hour_is_broken_and_escalated() -> None:
    life = resolved(post_works=False)
    life.wait(60)
    assert life.promise(LETTER).cause is BreachCause.OVERDUE
    assert life.escalations() == [(EscalationLevel.TEAM_LEAD, "promise_broken")]


def test_a_letter_that_never_arrives_is_broken_and_escalated_at_once() -> None:
    life = resolved(post_works=False)
    life.fail(letter(life))
    assert life.promise(LETTER).cause is BreachCause.UNDELIVERABLE
    assert life.escalations() == [(EscalationLevel.TEAM_LEAD, "promise_broken")]


def test_a_late_letter_that_never_arrives_is_heard_of_again() -> None:
    life = resolved(post_works=False)
    life.wait(61)
    life.fail(letter(life))
    assert life.escalations() == [(1, "promise_broken"), (1, "undelivered")]


def test_a_satisfied_answer_keeps_the_callback_and_closes_the_case() -> None:
    life = resolved()
    assert life.due(CALLBACK) == 24 * 60
    life.wait(60)
    life.ask(cmd.RecordCallback, reached=True, satisfied=True, answers=("很好",))
    assert life.promise(CALLBACK).state is PromiseState.KEPT
    assert life.case.stage == "closed"
    assert not list(life.case.open_promises())


def test_the_case_closes_only_when_the_letters_fate_is_known() -> None:
    life = resolved(post_works=False)
    life.ask(cmd.AnswerSurvey, satisfied=True)
    assert life.case.stage == "resolved"
    life.deliver(letter(life))
    assert life.case.stage == "closed"


def test_a_dissatisfied_answer_begins_a_new_round_with_new_promises() -> None:
    life = resolved()
    life.wait(60)
    life.ask(cmd.AnswerSurvey, satisfied=False, answers=("还是漏水",))
    assert life.case.stage == "investigating"
    assert life.case.round == 2
    assert life.promise(CALLBACK).state is PromiseState.KEPT
    assert life.due(PromiseKind.RESOLUTION) == 60 + 240
    assert life.due(PromiseKind.PROGRESS_UPDATE) == 60 + 120


def test_unreached_callbacks_are_recorded_and_after_the_third_the_promise_is_waived_with_that_reason() -> None:
    life = resolved()
    for attempt in (1, 2, 3):
        assert life.promise(CALLBACK).is_open()
        life.ask(cmd.RecordCallback, reached=False, note=f"第 {attempt} 次无人接听")
    waived = life.promise(CALLBACK)
    assert (waived.state, waived.waived_reason) == (PromiseState.WAIVED, "unreached")
    assert len(life.case.callbacks) == 3
    assert life.case.stage == "closed"


def test_attempts_are_counted_anew_in_each_round() -> None:
    life = resolved()
    for _ in range(2):
        life.ask(cmd.RecordCallback, reached=False)
    life.ask(cmd.RecordCallback, reached=True, satisfied=False)
    life.propose()
    life.ask(cmd.AcceptSolution)
    life.ask(cmd.CompleteRemedy)
    life.ask(cmd.RecordCallback, reached=False)
    assert life.promise(CALLBACK).is_open()
    assert life.case.stage == "resolved"


def test_no_callback_in_a_day_is_broken_and_escalated_and_can_still_be_made() -> None:
    life = resolved()
    life.wait(24 * 60)
    assert life.promise(CALLBACK).state is PromiseState.BROKEN
    assert life.escalation().promise == life.promise(CALLBACK).id
    life.ask(cmd.RecordCallback, reached=True, satisfied=True)
    assert life.promise(CALLBACK).state is PromiseState.BROKEN
    assert life.promise(CALLBACK).met_at == life.at
    assert life.case.stage == "closed"


def test_a_reached_customer_is_satisfied_or_not() -> None:
    assert resolved().refused(cmd.RecordCallback, reached=True) == "satisfaction_needed"


def test_a_settled_callback_is_not_asked_again() -> None:
    life = resolved(post_works=False)
    life.ask(cmd.AnswerSurvey, satisfied=True)
    assert life.refused(cmd.AnswerSurvey, satisfied=False) == "callback_settled"
    assert life.refused(cmd.RecordCallback, reached=False) == "callback_settled"


@pytest.mark.parametrize("attempts", [1, 5])
def test_the_policy_says_how_often_is_tried(attempts: int) -> None:
    life = Life(policy(callback_attempts=attempts))
    life.resolve()
    for _ in range(attempts):
        assert life.case.stage == "resolved"
        life.ask(cmd.RecordCallback, reached=False)
    assert life.case.stage == "closed"


def test_what_was_still_open_is_waived_when_the_remedy_is_done_but_an_escalation_still_waits_to_be_seen() -> None:
    life = Life()
    life.agree()
    life.ask(cmd.Escalate, level=1, reason="客户催促")
    life.ask(cmd.CompleteRemedy)
    waived = {p.kind for p in life.case.promises if p.waived_reason == "resolved"}
    assert waived == {PromiseKind.PROGRESS_UPDATE}
    assert {p.kind for p in life.case.open_promises()} >= {PromiseKind.ESCALATION_ACK}
