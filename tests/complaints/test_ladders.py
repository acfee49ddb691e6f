"""Ladders and warnings: who is told before a promise is due, at it, and while it is still not done."""

from datetime import UTC, datetime
from typing import Any

import pytest

from complaints import commands as cmd
from complaints.policy import Policy
from complaints.vocabulary import Channel, EscalationLevel, HoldReason, MessageKind, PromiseKind, PromiseState
from tests.complaints.support import Life, department, policy, promised

RESOLUTION, ACK = PromiseKind.RESOLUTION, PromiseKind.ESCALATION_ACK
LADDER = ({"level": 1, "before_minutes": 60}, {"level": 2}, {"level": 3, "after_minutes": 120})
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-12:00", "13:00-18:00"))
OFFICE = {"calendars": {"office": {"hours": WEEK}}}


def with_ladder(*rungs: dict[str, int], calendar: str = "always", **changes: Any) -> Policy:
    terms = {"ladder": rungs or LADDER, "warn_at": [], "calendar": calendar}
    return policy(promises=promised(resolution=terms, first_contact={"warn_at": []}), **changes)


def contacted(pinned: Policy, **changes: Any) -> Life:
    """A contacted case whose escalations are acknowledged by nobody's hurry: they have all the time in the world."""
    content = pinned.model_dump(exclude_unset=True)
    content["promises"][ACK] |= {"minutes": 100_000}
    life = Life(Policy.model_validate(content), **changes)
    life.contact()
    return life


def about_the_solution(life: Life) -> list[tuple[float, int, str]]:
    """When which level was told of the resolution, and why."""
    return [
        (life.minutes(each.raised_at), each.level, each.cause)
        for each in life.case.escalations
        if each.promise == "resolution-1"
    ]


def test_each_rung_is_told_at_its_own_time_and_once() -> None:
    life = contacted(with_ladder())
    life.wait(1000)
    assert about_the_solution(life) == [(180, 1, "due_soon"), (240, 2, "promise_broken"), (360, 3, "still_outstanding")]
    assert life.case.promise("resolution-1").rungs == 3


def test_a_ladder_without_a_rung_at_the_due_time_records_the_break_and_tells_nobody_then() -> None:
    life = contacted(with_ladder({"level": 1, "before_minutes": 60}, {"level": 2, "after_minutes": 30}))
    life.wait(240)
    assert life.promise(RESOLUTION, 1).state is PromiseState.BROKEN
    assert about_the_solution(life) == [(180, 1, "due_soon")]
    life.wait(30)
    assert about_the_solution(life)[1:] == [(270, 2, "still_outstanding")]


def test_rungs_count_back_and_forth_through_the_calendar() -> None:
    # Friday 16:00: two hours until the evening, and two on Monday.
    life = contacted(with_ladder(calendar="office", **OFFICE), at=datetime(2026, 11, 20, 8, tzinfo=UTC))
    life.wait(7 * 24 * 60)
    raised = [each.raised_at for each in life.case.escalations if each.promise == "resolution-1"]
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    assert raised == [monday.replace(hour=2), monday.replace(hour=3), monday.replace(hour=6)]


def test_a_hold_moves_the_rungs_with_the_due_time() -> None:
    life = contacted(with_ladder())
    life.ask(cmd.PutOnHold, reason=HoldReason.AWAITING_THIRD_PARTY)
    life.wait(100)
    assert not about_the_solution(life)
    life.ask(cmd.EndHold, hold="H1")
    life.wait(400)
    assert [at for at, *_ in about_the_solution(life)] == [280, 340, 460]


def test_a_hold_on_what_is_overdue_stops_the_climbing() -> None:
    life = contacted(with_ladder())
    life.wait(300)
    life.ask(cmd.PutOnHold, reason=HoldReason.AWAITING_THIRD_PARTY)
    life.wait(200)
    life.ask(cmd.EndHold, hold="H1")
    life.wait(59)
    assert len(about_the_solution(life)) == 2
    life.wait(1)
    assert about_the_solution(life)[2] == (560, 3, "still_outstanding")


def test_an_acknowledged_break_climbs_on_while_the_duty_is_still_outstanding() -> None:
    life = contacted(with_ladder())
    life.wait(240)
    for each in life.case.escalations:
        life.ask(cmd.Acknowledge, escalation=each.id)
    life.wait(120)
    assert about_the_solution(life)[-1] == (360, 3, "still_outstanding")


@pytest.mark.parametrize("what", ["propose", "withdraw"])
def test_a_rung_matters_no_more_once_the_duty_is_done_or_waived(what: str) -> None:
    life = contacted(with_ladder())
    life.wait(250)
    if what == "propose":
        life.propose()
    else:
        life.ask(cmd.Withdraw, reason="找到了")
    life.wait(1000)
    assert [level for _, level, _ in about_the_solution(life)] == [1, 2]


def test_what_was_kept_in_time_tells_nobody() -> None:
    life = contacted(with_ladder())
    life.wait(179)
    life.propose()
    life.wait(1000)
    assert not about_the_solution(life)


def test_after_an_outage_everybody_who_should_have_known_is_told_at_once_of_the_break() -> None:
    life = contacted(with_ladder())
    life.sleep(250)
    life.ring()
    assert about_the_solution(life) == [(250, 1, "promise_broken"), (250, 2, "promise_broken")]


def test_before_a_command_that_does_the_duty_no_rung_is_told() -> None:
    life = contacted(with_ladder())
    life.sleep(200)
    life.propose()
    assert not about_the_solution(life)


def test_what_cannot_be_delivered_breaks_at_that_instant_and_climbs_from_there() -> None:
    promises = promised(confirmation_letter={"ladder": [{"level": 2}, {"level": 3, "after_minutes": 60}]})
    life = Life(policy(promises=promises), post_works=False)
    life.resolve()
    life.wait(5)
    life.fail(life.case.letter)
    life.wait(70)
    told = [each for each in life.case.escalations if each.promise == "confirmation_letter-1"]
    assert [(life.minutes(each.raised_at), each.level) for each in told] == [(5, 2), (20, 3)]
    assert told[1].cause == "not_acknowledged"
    assert life.case.promise("confirmation_letter-1").rungs == 2


def test_the_supervisor_of_a_task_stays_first_whatever_the_ladder_says_of_the_others() -> None:
    rungs = [{"level": 1, "after_minutes": 5}, {"level": 2, "after_minutes": 10}]
    life = contacted(policy(promises=promised(task_completion={"ladder": rungs})))
    task = life.task(minutes=30)
    life.ask(cmd.GiveFeedback, by=department("logistics"), task=task.id, text="在查")
    life.wait(30)
    assert life.escalations() == [(EscalationLevel.TASK_SUPERVISOR, "promise_broken")]
    life.wait(10)
    assert [level for level, _ in life.escalations()] == [0, 1, 2]


def test_a_ladder_that_names_the_supervisor_says_itself_when() -> None:
    rungs = [{"level": 0, "before_minutes": 10}, {"level": 1}]
    life = contacted(policy(promises=promised(task_completion={"ladder": rungs, "warn_at": []})))
    task = life.task(minutes=30)
    life.ask(cmd.GiveFeedback, by=department("logistics"), task=task.id, text="在查")
    life.wait(30)
    assert [(life.minutes(each.raised_at), each.level) for each in life.case.escalations] == [(20, 0), (30, 1)]


def test_what_a_former_department_left_undone_climbs_no_further_once_another_has_the_task() -> None:
    rungs = [{"level": 1}, {"level": 3, "after_minutes": 20}]
    life = contacted(policy(promises=promised(task_completion={"ladder": rungs})))
    task = life.task(minutes=30)
    life.wait(31)
    life.ask(cmd.HandOnTask, task=task.id, department="finance", reason="属于账务问题")
    life.wait(60)
    of_the_former = [each.level for each in life.case.escalations if each.promise == "task_completion-1"]
    assert of_the_former == [EscalationLevel.TASK_SUPERVISOR, EscalationLevel.TEAM_LEAD]


def test_a_correction_starts_the_ladder_of_its_own_terms() -> None:
    rule = {"id": "security", "when": {"category": "account_security"}, "minutes": 120, "ladder": [{"level": 3}]}
    life = contacted(policy(promises=promised(resolution={"ladder": LADDER, "warn_at": [], "rules": [rule]})))
    life.wait(60)
    life.ask(cmd.Classify, category="account_security", reason="账户被盗")
    life.wait(300)
    assert about_the_solution(life) == [(120, 3, "promise_broken")]


def test_warnings_come_at_fractions_of_working_time_without_the_holds() -> None:
    warned = {"calendar": "office", "warn_at": [0.5, 0.75]}
    life = Life(
        policy(promises=promised(resolution=warned, first_contact={"warn_at": []}), **OFFICE),
        at=datetime(2026, 11, 20, 3, tzinfo=UTC),
    )
    life.contact()
    # Friday 11:00. An hour until noon, held from 13:30 to 14:30: half of the four hours is used at 15:00.
    life.wait(150)
    life.ask(cmd.PutOnHold, reason=HoldReason.AWAITING_THIRD_PARTY)
    life.wait(60)
    life.ask(cmd.EndHold, hold="H1")
    life.wait(7 * 24 * 60)
    told = [at for at, step in life.steps if step.message.kind is MessageKind.REMINDER]
    of_solution = [
        at
        for at, step in life.steps
        if step.message.kind is MessageKind.REMINDER and step.message.facts["promise"] == RESOLUTION
    ]
    assert of_solution == [datetime(2026, 11, 20, 7, tzinfo=UTC), datetime(2026, 11, 20, 8, tzinfo=UTC)]
    assert set(of_solution) <= set(told)


def test_who_was_told_by_mail_can_be_told_what_a_rung_means() -> None:
    life = contacted(with_ladder())
    life.wait(180)
    alert = life.told(MessageKind.ESCALATION_ALERT)[-1]
    assert (alert.facts["cause"], alert.facts["promise"]) == ("due_soon", "resolution")
    assert alert.facts["due"] == "2026-11-20T05:30:00Z"
    assert alert.to.routes[0].channel is Channel.EMAIL
