"""The solution: in time, complete, in rounds, with more time only when it is asked for in time."""

from datetime import timedelta
from typing import Any

import pytest

from complaints import commands as cmd
from complaints.parties import Actor
from complaints.vocabulary import (
    BreachCause,
    Channel,
    EscalationLevel,
    HoldReason,
    MessageKind,
    PromiseKind,
    PromiseState,
    Role,
)
from tests.complaints.support import AGENT, DEFAULT, START, Life, policy, promised, solution

RESOLUTION = PromiseKind.RESOLUTION
MORE = {"reason": "需要检测", "message": "检测需要更多时间"}
PARTS = {"return_procedure": "上门取件", "compensation": "50 元代金券", "improvement": "更换密封圈"}


def contacted(*, post_works: bool = True, **complaint: Any) -> Life:
    life = Life(post_works=post_works, **complaint)
    life.contact()
    return life


def test_a_general_complaint_has_four_hours_and_a_complex_one_eight() -> None:
    assert Life().due(RESOLUTION) == 240
    assert Life(complex=True).due(RESOLUTION) == 480


def test_a_solution_that_reaches_the_customer_keeps_the_promise() -> None:
    life = contacted()
    life.wait(100)
    life.propose()
    assert life.promise(RESOLUTION).state is PromiseState.KEPT
    assert life.case.stage == "proposed"
    assert life.stages() == ["contacted", "investigating", "proposed"]
    assert len(life.told(MessageKind.SOLUTION)) == 1


def test_the_clock_stands_still_while_the_solution_is_under_way_and_considered() -> None:
    life = contacted(post_works=False)
    life.wait(100)
    life.propose()
    assert life.promise(RESOLUTION).is_open()
    assert life.due(RESOLUTION) is None
    life.wait(300)
    life.deliver()
    assert life.promise(RESOLUTION).state is PromiseState.KEPT


def test_a_solution_already_told_by_phone_keeps_the_promise_at_once() -> None:
    life = contacted(post_works=False)
    life.ask(cmd.ProposeSolution, solution=solution(), told_on=Channel.PHONE)
    assert life.promise(RESOLUTION).state is PromiseState.KEPT
    life.fail()
    assert life.promise(RESOLUTION).state is PromiseState.KEPT
    assert life.case.open_holds()
    assert not life.case.escalations


def test_a_solution_that_cannot_be_delivered_breaks_the_promise_and_is_not_being_considered() -> None:
    life = contacted(post_works=False)
    life.propose()
    life.fail()
    assert life.promise(RESOLUTION).cause is BreachCause.UNDELIVERABLE
    assert life.escalations() == [(EscalationLevel.TEAM_LEAD, "promise_broken")]
    assert not life.case.open_holds()


def test_a_late_solution_that_cannot_be_delivered_is_heard_of_too() -> None:
    life = contacted(post_works=False)
    life.sleep(300)
    life.propose()
    assert life.escalation().promise == life.promise(RESOLUTION).id
    life.fail(life.told(MessageKind.SOLUTION)[0].id)
    assert life.escalations()[-1] == (EscalationLevel.TEAM_LEAD, "undelivered")
    assert not life.case.open_holds()


def test_no_solution_in_time_goes_to_the_team_lead_and_then_up_to_the_top() -> None:
    life = contacted()
    life.wait(240 + 15 + 15)
    assert life.promise(RESOLUTION).state is PromiseState.BROKEN
    about = [e.level for e in life.case.escalations if e.promise == life.promise(RESOLUTION).id]
    assert about == [EscalationLevel.TEAM_LEAD, EscalationLevel.DUTY_MANAGER, EscalationLevel.DIRECTOR]


def test_a_late_solution_is_noted_and_the_breach_remains() -> None:
    life = contacted()
    life.wait(250)
    life.propose()
    assert life.promise(RESOLUTION).state is PromiseState.BROKEN
    assert life.promise(RESOLUTION).met_at == life.at


def test_a_customer_who_has_not_been_reached_cannot_be_put_a_solution() -> None:
    assert Life().refused(cmd.ProposeSolution, solution=solution()) == "not_contacted"


def test_a_solution_lies_ahead() -> None:
    life = contacted()
    late = solution(complete_by=START)
    assert life.refused(cmd.ProposeSolution, solution=late) == "solution_in_the_past"


@pytest.mark.parametrize("missing", list(PARTS))
def test_a_product_quality_solution_names_return_compensation_and_improvement(missing: str) -> None:
    life = contacted(category="product_quality")
    parts = {part: text for part, text in PARTS.items() if part != missing}
    incomplete = solution(START, **parts)
    assert life.refused(cmd.ProposeSolution, solution=incomplete) == "solution_incomplete"
    life.propose(**PARTS)
    assert life.case.stage == "proposed"


@pytest.mark.parametrize("part", ["measure", "owner", "relevance", "complete_by", "remedies"])
def test_a_solution_without_one_of_its_smart_parts_is_none(part: str) -> None:
    plan = solution().model_dump()
    for lacking in ({**plan, part: ()}, {key: value for key, value in plan.items() if key != part}):
        with pytest.raises(ValueError, match=part):
            type(solution()).model_validate(lacking)


def test_each_revision_has_two_hours_of_its_own_and_the_second_is_agreed() -> None:
    life = contacted()
    life.propose()
    for number, at in ((2, 30), (3, 60)):
        life.wait(30)
        life.ask(cmd.RequestRevision, reason="想要换货")
        assert life.case.stage == "investigating"
        assert life.due(RESOLUTION, number) == at + 120
        life.propose()
    life.ask(cmd.AcceptSolution)
    assert life.case.stage == "agreed"
    assert [promise.state for promise in life.case.promises if promise.kind is RESOLUTION] == ["kept"] * 3
    assert [(r.number, r.accepted_at is not None) for r in life.case.rounds] == [
        (1, False),
        (2, False),
        (3, True),
    ]


def test_a_decision_of_the_customer_proves_that_the_solution_reached_them() -> None:
    life = contacted(post_works=False)
    life.propose()
    life.ask(cmd.AcceptSolution)
    assert life.promise(RESOLUTION).state is PromiseState.KEPT
    assert not life.case.open_holds()
    life.fail()
    assert life.promise(RESOLUTION).state is PromiseState.KEPT


def test_an_extension_in_time_gives_eight_hours_and_tells_the_customer() -> None:
    life = contacted()
    life.wait(200)
    life.ask(cmd.ExtendResolution, **MORE)
    assert life.due(RESOLUTION) == 480
    (notice,) = life.told(MessageKind.EXTENSION_NOTICE)
    assert notice.facts["message"] == MORE["message"]
    assert notice.facts["due"] == "2026-11-20T09:30:00Z"


def test_an_extension_on_the_stroke_is_in_time_and_just_after_it_too_late() -> None:
    life = contacted()
    life.sleep(240)
    life.ask(cmd.ExtendResolution, **MORE)
    assert life.due(RESOLUTION) == 480
    life = contacted()
    life.sleep(240 + 1 / 60_000_000)
    assert life.refused(cmd.ExtendResolution, **MORE) == "extension_too_late"


def test_an_extension_is_granted_once_and_not_to_what_has_the_longer_time_already() -> None:
    life = contacted()
    life.ask(cmd.ExtendResolution, **MORE)
    assert life.refused(cmd.ExtendResolution, **MORE) == "already_extended"
    assert contacted(complex=True).refused(cmd.ExtendResolution, **MORE) == "already_extended"


def test_a_revision_keeps_its_own_time() -> None:
    life = contacted()
    life.propose()
    life.ask(cmd.RequestRevision, reason="想要换货")
    assert life.refused(cmd.ExtendResolution, **MORE) == "not_extendable"


def test_only_the_roles_of_the_policy_grant_an_extension() -> None:
    life = Life(policy(extension_by=["supervisor"]))
    assert life.refused(cmd.ExtendResolution, by=AGENT, **MORE) == "extension_not_allowed"
    life.ask(cmd.ExtendResolution, by=Actor(role=Role.SUPERVISOR, name="lead"), **MORE)
    assert life.due(RESOLUTION) == 480


def test_an_extended_promise_warns_again_before_its_new_due_time() -> None:
    life = contacted()
    life.wait(200)
    life.ask(cmd.ExtendResolution, **MORE)
    life.wait(479 - 200)
    about = [m.facts["fraction"] for m in life.told(MessageKind.REMINDER) if m.facts["promise"] == RESOLUTION]
    assert about == [0.5, 0.8, 0.5, 0.8]


def test_an_extension_of_which_the_customer_cannot_be_told_calls_a_person() -> None:
    life = contacted(post_works=False)
    life.ask(cmd.ExtendResolution, **MORE)
    life.fail()
    assert life.escalations() == [(EscalationLevel.TEAM_LEAD, "undelivered")]


def test_a_policy_without_a_hold_for_considering_holds_nothing() -> None:
    life = Life(policy(holds={}), post_works=False)
    life.contact()
    life.propose()
    assert not life.case.holds
    assert life.due(RESOLUTION) == 240


def test_a_minute_of_the_trial_policy_is_a_second() -> None:
    life = Life(policy(minute_seconds=1))
    due = life.promise(RESOLUTION).due
    assert due == START + timedelta(seconds=240)


def test_terms_that_the_policy_changes_later_never_reach_a_running_case() -> None:
    life = Life(policy(promises=promised(resolution={"minutes": 99})))
    assert life.case.policy != DEFAULT
    assert life.due(RESOLUTION) == 99


def test_the_hold_while_considering_lapses_and_the_updates_go_on() -> None:
    holds = {"customer_considering": {"promises": ["progress_update"], "longest_minutes": 4320}}
    life = Life(policy(silence=None, holds=holds))
    life.contact()
    life.propose()
    assert life.due(PromiseKind.PROGRESS_UPDATE) is None
    life.wait(4320)
    assert not life.case.open_holds()
    assert life.due(PromiseKind.PROGRESS_UPDATE) == 4320 + 120
    assert life.case.holds[0].reason is HoldReason.CUSTOMER_CONSIDERING
