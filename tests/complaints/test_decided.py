"""What the customer decides is heard of at once by who takes care of the case, and with it what is owed by when."""

from datetime import timedelta

import pytest

from complaints import commands as cmd
from complaints.messages import Message
from complaints.parties import Actor
from complaints.steps import Collect
from complaints.vocabulary import MessageKind, Role
from tests.complaints.support import START, Life, policy, solution

PORTAL = Actor(role=Role.CUSTOMER, name="portal")
WHY = "想换货，不要退款"


def told(life: Life) -> Message:
    """The one message to the caretaker about what was decided."""
    (message,) = [message for message in life.told(MessageKind.REMINDER) if message.facts.get("decided")]
    return message


def proposed(life: Life) -> Life:
    life.contact()
    life.wait(10)
    life.propose()
    return life


def test_the_caretaker_hears_of_an_acceptance_and_what_is_to_be_carried_out_by_when() -> None:
    life = proposed(Life())
    life.ask(cmd.AcceptSolution, by=PORTAL)
    message = told(life)
    assert message.to.name == "林晓"
    assert (message.facts["decided"], message.facts["stage"]) == ("accepted", "agreed")
    assert message.facts["complete_by"] == "2026-11-22T01:40:00Z"
    assert message.facts["remedies"] == [{"kind": "refund", "detail": "退还全部货款"}]


def test_a_plan_that_is_overdue_when_it_is_accepted_names_no_day() -> None:
    life = Life()
    life.contact()
    life.ask(cmd.ProposeSolution, solution=solution(complete_by=START + timedelta(hours=1)))
    life.wait(61)
    life.ask(cmd.AcceptSolution, by=PORTAL)
    assert (told(life).facts["complete_by"], told(life).facts["due"]) == (None, None)


def test_the_caretaker_hears_that_another_solution_is_wanted_why_and_by_when() -> None:
    life = proposed(Life())
    life.ask(cmd.RequestRevision, by=PORTAL, reason=WHY)
    facts = told(life).facts
    assert (facts["decided"], facts["said"], facts["promise"]) == ("revision", WHY, "resolution")
    assert (facts["due"], facts["stage"]) == ("2026-11-20T03:40:00Z", "investigating")


def test_the_caretaker_hears_of_a_dissatisfied_customer_and_of_the_new_time() -> None:
    life = Life()
    life.resolve()
    life.ask(cmd.AnswerSurvey, by=PORTAL, satisfied=False, answers=("还是漏水", "请换货"))
    facts = told(life).facts
    assert (facts["decided"], facts["said"], facts["promise"]) == ("dissatisfied", "还是漏水\n请换货", "resolution")
    assert facts["due"] == "2026-11-20T05:30:00Z"


def test_the_caretaker_hears_that_a_case_was_reopened() -> None:
    life = Life()
    life.close()
    life.wait(60)
    life.ask(cmd.Reopen, by=PORTAL, reason="又坏了")
    facts = told(life).facts
    assert (facts["decided"], facts["said"], facts["due"]) == ("reopened", "又坏了", "2026-11-20T06:30:00Z")


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.CHANNEL, Role.SUPERVISOR])
def test_the_caretaker_hears_it_from_whoever_recorded_it_but_another_agent(role: Role) -> None:
    life = proposed(Life())
    life.ask(cmd.RequestRevision, by=Actor(role=role, name="somebody"), reason=WHY)
    assert told(life).to.name == "林晓"


def test_an_agent_who_records_it_is_not_told_what_they_know() -> None:
    life = proposed(Life())
    life.ask(cmd.RequestRevision, reason=WHY)
    life.propose()
    life.ask(cmd.AcceptSolution)
    life.ask(cmd.CompleteRemedy)
    life.ask(cmd.RecordCallback, reached=True, satisfied=False)
    assert not [message for message in life.told(MessageKind.REMINDER) if message.facts.get("decided")]


def test_a_customer_who_is_content_troubles_nobody() -> None:
    life = Life()
    life.resolve()
    life.ask(cmd.AnswerSurvey, by=PORTAL, satisfied=True)
    assert not [message for message in life.told(MessageKind.REMINDER) if message.facts.get("decided")]


def test_a_decision_waits_for_the_quiet_hours_of_who_is_to_hear_it() -> None:
    people = {"lin": {"name": "林晓", "email": "lin@redress.example", "digest_minutes": 60}}
    life = proposed(Life(policy(people=people)))
    life.ask(cmd.AcceptSolution, by=PORTAL)
    _, step = life.steps[-1]
    assert isinstance(step, Collect)
    assert step.message == told(life)


def test_in_a_case_of_the_first_edition_nobody_is_told() -> None:
    life = proposed(Life(policy(edition=1, silence=None)))
    life.ask(cmd.RequestRevision, by=PORTAL, reason=WHY)
    life.propose()
    life.ask(cmd.AcceptSolution, by=PORTAL)
    life.ask(cmd.CompleteRemedy)
    life.ask(cmd.AnswerSurvey, by=PORTAL, satisfied=False)
    assert not [message for message in life.told(MessageKind.REMINDER) if message.facts.get("decided")]
