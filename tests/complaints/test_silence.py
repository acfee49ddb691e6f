"""What follows when a customer does not answer a solution: asked again, told until when, and taken to accept."""

from datetime import timedelta
from typing import Any

import pytest

from complaints import commands as cmd
from complaints import rings
from complaints.parties import Actor
from complaints.people import Silence
from complaints.silence import accepts_at
from complaints.vocabulary import Channel, EscalationLevel, HoldReason, MessageKind, PromiseKind, Role, Stage
from tests.complaints.support import CUSTOMER, START, Life, policy, solution

DAY = 24 * 60
TERMS: dict[str, Any] = {"follow_up_minutes": [60, 120], "last_notice_minutes": 180, "accept_minutes": 300}
FOLLOW_UP, NOTICE, ACCEPTED = MessageKind.SOLUTION_FOLLOW_UP, MessageKind.LAST_NOTICE, MessageKind.SILENT_ACCEPTANCE
BY_CUSTOMER = Actor(role=Role.CUSTOMER, name="portal")
UPDATE = PromiseKind.PROGRESS_UPDATE


def proposed(*, post_works: bool = True, **changes: Any) -> Life:
    """A case ten minutes old, whose customer has just been put a solution."""
    life = Life(policy(**{"silence": TERMS, **changes}), post_works=post_works)
    life.contact()
    life.wait(10)
    life.propose()
    return life


def test_who_says_nothing_is_asked_again_told_until_when_and_taken_to_accept() -> None:
    life = proposed()
    told = []
    for minutes in (60, 60, 60, 119):
        life.wait(minutes)
        told.append((len(life.told(FOLLOW_UP)), len(life.told(NOTICE)), len(life.told(ACCEPTED))))
    assert told == [(1, 0, 0), (2, 0, 0), (2, 1, 0), (2, 1, 0)]
    assert life.case.stage is Stage.PROPOSED
    life.wait(1)
    newest = life.case.current_round()
    assert life.case.stage is Stage.AGREED
    assert (newest.accepted_by_silence, newest.accepted_at) == (True, START + timedelta(minutes=310))
    assert len(life.told(ACCEPTED)) == 1


def test_the_last_notice_says_until_when_and_that_is_when_it_counts() -> None:
    life = proposed()
    life.wait(180)
    (notice,) = life.told(NOTICE)
    assert notice.facts["until"] == "2026-11-20T06:40:00Z"
    assert accepts_at(life.case) == START + timedelta(minutes=310)


def test_what_follows_from_silence_is_what_follows_from_a_yes() -> None:
    life, said = proposed(), proposed()
    life.wait(300)
    said.wait(299)
    said.ask(cmd.AcceptSolution, by=BY_CUSTOMER)
    assert life.stages() == said.stages()
    assert not life.case.open_holds()
    assert life.due(UPDATE) == 310 + 110
    life.ask(cmd.CompleteRemedy)
    assert life.case.stage is Stage.RESOLVED


def test_the_agent_is_reminded_to_carry_out_what_was_accepted_by_silence() -> None:
    life = proposed()
    life.wait(300)
    (reminder,) = [message for message in life.told(MessageKind.REMINDER) if message.facts.get("accepted_by_silence")]
    assert reminder.to.routes[0].address == "lin@redress.example"
    assert reminder.facts["complete_by"] == "2026-11-22T01:40:00Z"


def test_a_plan_that_silence_has_outlasted_names_no_day_of_completion() -> None:
    life = Life(policy(silence=TERMS))
    life.contact()
    life.ask(cmd.ProposeSolution, solution=solution(complete_by=START + timedelta(hours=1)))
    life.wait(300)
    assert life.told(ACCEPTED)[0].facts["complete_by"] is None


def test_without_terms_of_silence_nothing_ever_follows_from_it() -> None:
    life = proposed(silence=None)
    life.wait(5 * DAY)
    assert life.case.stage is Stage.PROPOSED
    assert not life.told(FOLLOW_UP) + life.told(NOTICE)


def test_silence_counts_from_when_the_solution_reached_the_customer() -> None:
    life = proposed(post_works=False)
    life.wait(500)
    assert not life.told(FOLLOW_UP)
    life.deliver(life.told(MessageKind.SOLUTION)[0].id)
    life.wait(59)
    assert not life.told(FOLLOW_UP)
    life.wait(1)
    assert len(life.told(FOLLOW_UP)) == 1


def test_nobody_accepts_a_solution_that_never_reached_them() -> None:
    life = proposed(post_works=False)
    life.fail(life.told(MessageKind.SOLUTION)[0].id)
    life.wait(5 * DAY)
    assert life.case.stage is Stage.PROPOSED
    assert not life.told(NOTICE)


def test_a_refused_solution_that_arrives_late_is_not_the_new_one() -> None:
    life = proposed(post_works=False)
    first = life.told(MessageKind.SOLUTION)[0].id
    life.ask(cmd.RequestRevision, reason="想换货")
    life.wait(1)
    life.propose()
    life.deliver(first)
    assert life.case.current_round().reached_at is None
    life.deliver(life.told(MessageKind.SOLUTION)[1].id)
    assert life.case.current_round().reached_at == life.at


def test_silence_runs_on_its_own_calendar() -> None:
    calendars = {"office": {"hours": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-18:00",))}}
    life = proposed(calendars=calendars, silence={**TERMS, "calendar": "office", "accept_minutes": 10 * 60})
    life.wait(3 * DAY)
    assert life.case.stage is Stage.PROPOSED  # Monday 09:40 in Shanghai: nine and a half office hours
    life.wait(60)
    assert life.case.current_round().accepted_at == START + timedelta(minutes=3 * DAY + 70)


def reaching(life: Life) -> None:
    life.ask(cmd.RecordContact, channel=Channel.PHONE, reached=True)


def answering(life: Life) -> None:
    life.ask(cmd.RecordAnswer, text="还在考虑", channel=Channel.EMAIL)


@pytest.mark.parametrize("speaks", [reaching, answering])
@pytest.mark.parametrize("after", [90, 200])
def test_a_customer_who_speaks_with_us_is_not_silent_and_all_begins_anew(speaks: Any, after: int) -> None:
    life = proposed()
    life.wait(after)
    asked = len(life.told(FOLLOW_UP))
    speaks(life)
    newest = life.case.current_round()
    assert (newest.heard_at, newest.follow_ups, newest.notice, newest.noticed_at) == (life.at, 0, None, None)
    life.wait(299)
    assert life.case.stage is Stage.PROPOSED
    assert (len(life.told(FOLLOW_UP)), len(life.told(NOTICE))) == (asked + 2, 2 if after == 200 else 1)
    life.wait(1)
    assert life.case.stage is Stage.AGREED


def test_an_attempt_that_did_not_reach_the_customer_changes_nothing() -> None:
    life = proposed()
    life.wait(100)
    life.ask(cmd.RecordContact, channel=Channel.PHONE, reached=False)
    life.wait(200)
    assert life.case.stage is Stage.AGREED


def test_a_decision_a_revision_and_a_withdrawal_end_the_silence() -> None:
    for kind, fields in (
        (cmd.AcceptSolution, {}),
        (cmd.RequestRevision, {"reason": "想换货"}),
        (cmd.Withdraw, {"reason": "算了"}),
    ):
        life = proposed()
        life.wait(200)
        life.ask(kind, by=BY_CUSTOMER, **fields)
        life.wait(300)
        assert len(life.told(FOLLOW_UP)) == 2
        assert len(life.told(NOTICE)) == 1
        assert not life.told(ACCEPTED)


def test_each_round_has_a_silence_of_its_own() -> None:
    life = proposed()
    life.wait(200)
    life.ask(cmd.RequestRevision, reason="想换货")
    life.wait(50)
    life.propose()
    life.wait(299)
    assert life.case.stage is Stage.PROPOSED
    life.wait(1)
    assert [each.accepted_by_silence for each in life.case.rounds] == [False, True]
    assert (len(life.told(FOLLOW_UP)), len(life.told(NOTICE))) == (4, 2)


def test_an_answer_on_the_stroke_comes_before_the_silence() -> None:
    life = proposed()
    life.wait(299)
    life.sleep(1)
    life.ask(cmd.RequestRevision, by=BY_CUSTOMER, reason="想换货")
    assert life.case.stage is Stage.INVESTIGATING


def test_an_objection_after_the_silence_leads_to_another_solution() -> None:
    life = proposed()
    life.wait(301)
    assert life.case.stage is Stage.AGREED
    life.ask(cmd.RequestRevision, by=BY_CUSTOMER, reason="我不同意")
    assert life.case.stage is Stage.INVESTIGATING
    assert life.case.round == 2


# --- the last notice must have been there, and long enough


def test_a_notice_that_never_arrives_is_no_acceptance_and_a_person_asks() -> None:
    life = proposed()
    life.post_works = False
    life.wait(200)
    life.fail(life.told(NOTICE)[0].id)
    assert life.escalations() == [(EscalationLevel.TEAM_LEAD, "undelivered")]
    life.wait(5 * DAY)
    assert life.case.stage is Stage.PROPOSED
    assert not life.told(ACCEPTED)
    assert accepts_at(life.case) is None


def test_a_person_who_then_reaches_the_customer_begins_the_silence_anew() -> None:
    life = proposed()
    life.post_works = False
    life.wait(200)
    life.fail(life.told(NOTICE)[0].id)
    life.post_works = True
    reaching(life)
    life.wait(300)
    assert life.case.stage is Stage.AGREED


def test_a_notice_under_way_is_waited_for() -> None:
    life = proposed()
    life.post_works = False
    life.wait(1000)
    assert life.case.stage is Stage.PROPOSED
    assert not [ring for ring in rings(life.case, life.at) if ring.id == "silence"]
    life.deliver(life.told(NOTICE)[0].id)
    life.wait(119)
    assert life.case.stage is Stage.PROPOSED
    life.wait(1)
    assert life.case.stage is Stage.AGREED


def test_after_an_outage_the_notice_still_comes_first_and_leaves_its_full_time() -> None:
    life = proposed()
    life.sleep(DAY)
    life.ring()
    assert (len(life.told(FOLLOW_UP)), len(life.told(NOTICE))) == (0, 1)
    assert life.told(NOTICE)[0].facts["until"] == "2026-11-21T03:40:00Z"
    life.wait(119)
    assert life.case.stage is Stage.PROPOSED
    life.wait(1)
    assert life.case.stage is Stage.AGREED


def test_follow_ups_that_an_outage_swallowed_are_not_sent_in_a_heap() -> None:
    life = proposed()
    life.sleep(150)
    life.ring()
    assert len(life.told(FOLLOW_UP)) == 1
    life.wait(30)
    assert (len(life.told(FOLLOW_UP)), len(life.told(NOTICE))) == (1, 1)


def test_a_silence_that_ended_while_nothing_ran_ended_when_it_should_have() -> None:
    life = proposed()
    life.wait(299)
    life.sleep(60)
    life.ring()
    assert life.case.stage is Stage.AGREED
    assert life.case.holds[0].ended_at == START + timedelta(minutes=310)
    assert life.due(UPDATE) == 310 + 110


# --- beside the hold for considering


def test_the_hold_for_considering_lasts_as_long_as_the_silence_may() -> None:
    holds = {"customer_considering": {"promises": ["resolution", "progress_update"], "longest_minutes": 100}}
    life = proposed(holds=holds)
    life.wait(299)
    assert life.case.open_holds()
    assert life.due(UPDATE) is None
    life.wait(1)
    assert life.case.holds[0].ended_at == life.at
    assert not [message for message in life.told(MessageKind.REMINDER) if message.facts.get("hold_over")]


def test_a_hold_that_lapses_in_the_very_moment_of_acceptance_reminds_nobody() -> None:
    customer = CUSTOMER.model_copy(update={"email": None, "phone": None})
    life = Life(policy(silence=TERMS), post_works=False, customer=customer)
    life.contact()
    life.propose()
    life.deliver(life.told(MessageKind.SOLUTION)[0].id)
    life.wait(180)
    life.wait(20 + 20)
    life.deliver(life.told(NOTICE)[0].id)
    (hold,) = life.case.open_holds()
    early = {"lapses_at": accepts_at(life.case)}
    life.case = life.case.model_copy(update={"holds": (hold.model_copy(update=early),)})
    life.wait(DAY)
    assert life.case.stage is Stage.AGREED
    assert not [message for message in life.told(MessageKind.REMINDER) if message.facts.get("hold_over")]
    assert life.case.holds[0].reason is HoldReason.CUSTOMER_CONSIDERING


# --- afterwards


def test_a_case_that_was_accepted_by_silence_closes_and_reopens_to_the_stroke() -> None:
    life = proposed(reopening_minutes=100)
    life.wait(300)
    life.ask(cmd.CompleteRemedy)
    life.ask(cmd.AnswerSurvey, by=BY_CUSTOMER, satisfied=True)
    assert life.case.stage is Stage.CLOSED
    life.sleep(100)
    life.ask(cmd.Reopen, reason="又坏了")
    assert life.case.stage is Stage.INVESTIGATING
    life.propose()
    life.wait(300)
    assert life.case.stage is Stage.AGREED


def test_a_case_cannot_be_reopened_after_its_days() -> None:
    life = proposed(reopening_minutes=100)
    life.wait(300)
    life.ask(cmd.CompleteRemedy)
    life.ask(cmd.AnswerSurvey, by=BY_CUSTOMER, satisfied=True)
    life.sleep(100 + 1 / 60_000_000)
    assert life.refused(cmd.Reopen, reason="又坏了") == "case_finished"


def test_terms_of_silence_come_in_their_order() -> None:
    for wrong in ({"follow_up_minutes": (200,)}, {"accept_minutes": 180}, {"follow_up_minutes": (120, 60)}):
        with pytest.raises(ValueError, match="in this order"):
            Silence.model_validate(TERMS | wrong)
