"""The chain of people: who is on call, who is away, who takes over, and who gets it back."""

from datetime import UTC, datetime
from typing import Any

import pytest

from complaints import commands as cmd
from complaints.parties import Actor, Colleague
from complaints.policy import Policy
from complaints.vocabulary import EscalationLevel, Level, MessageKind, PromiseKind, PromiseState, Role
from tests.complaints.support import LIN, Life, department, policy, policy_content

ACK = PromiseKind.ESCALATION_ACK
LEAD, MANAGER, DIRECTOR = EscalationLevel.TEAM_LEAD, EscalationLevel.DUTY_MANAGER, EscalationLevel.DIRECTOR
BOSS = Actor(role=Role.SUPERVISOR, name="supervisor")
AWAY = ("2026-11-20/2026-11-21",)
NIGHT = {"night": {"hours": dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("20:00-08:00",))}}


def person(name: str, address: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "email": f"{address}@redress.example", **more}


PEOPLE = {
    "wang": person("王组长", "wang"),
    "li": person("李副组长", "li"),
    "zhao": person("赵夜班", "zhao"),
    "chen": person("陈经理", "chen"),
}


def staffed(lead: dict[str, Any] | None = None, manager: dict[str, Any] | None = None, **away: Any) -> Policy:
    """A chain of people; `away` says on which days somebody is absent."""
    chain = policy_content()["chain"]
    lead = lead or {"people": ["wang", "li"], "on_call": [{"calendar": "night", "people": ["zhao"]}]}
    manager = manager or {"people": ["chen"], "ack_minutes": 40}
    people = {slug: each | ({"absent": away[slug]} if slug in away else {}) for slug, each in PEOPLE.items()}
    steps = {1: {"title": chain[1]["title"], **lead}, 2: {"title": chain[2]["title"], **manager}, 3: chain[3]}
    return policy(people=people, chain=steps, calendars=NIGHT)


def escalated(pinned: Policy, level: EscalationLevel = LEAD, at: datetime | None = None) -> Life:
    life = Life(pinned, at=at) if at else Life(pinned)
    life.contact()
    life.ask(cmd.Escalate, by=BOSS, level=level, reason="客户情绪激动")
    return life


def told(life: Life) -> list[tuple[int, str]]:
    return [(each.level, each.to.name) for each in life.case.escalations]


def relieved(life: Life) -> list[str]:
    """Who has heard that an escalation is no longer theirs."""
    return [message.to.name for message in life.told(MessageKind.ESCALATION_SETTLED)]


def test_by_day_the_one_in_charge_is_told_and_by_night_who_is_on_call() -> None:
    assert told(escalated(staffed())) == [(1, "王组长")]
    assert told(escalated(staffed(), at=datetime(2026, 11, 20, 14, tzinfo=UTC))) == [(1, "赵夜班")]


def test_who_is_absent_is_passed_over_and_that_is_recorded() -> None:
    life = escalated(staffed(wang=AWAY))
    assert told(life) == [(1, "李副组长")]
    assert [(each.name, each.why) for each in life.escalation().passed_over] == [("王组长", "absent")]
    (alert,) = life.told(MessageKind.ESCALATION_ALERT)
    assert alert.to.routes[0].address == "li@redress.example"


def test_absence_is_a_matter_of_the_day_where_the_policy_lives() -> None:
    # 16:30 UTC on the 21st is half past midnight on the 22nd in Shanghai.
    late = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)
    pinned = staffed(lead={"people": ["wang", "li"]}, wang=AWAY)
    assert told(escalated(pinned, at=late)) == [(1, "王组长")]
    assert told(escalated(pinned, at=datetime(2026, 11, 21, 15, 30, tzinfo=UTC))) == [(1, "李副组长")]


def test_who_is_on_call_but_absent_is_passed_over_for_the_one_in_charge() -> None:
    life = escalated(staffed(zhao=AWAY), at=datetime(2026, 11, 20, 14, tzinfo=UTC))
    assert told(life) == [(1, "王组长")]


def test_where_nobody_of_the_first_shift_is_there_the_next_open_one_is_asked_before_the_one_in_charge() -> None:
    shifts = [{"calendar": calendar, "people": [who]} for calendar, who in (("night", "zhao"), ("always", "chen"))]
    lead = {"people": ["wang"], "on_call": shifts}
    night = datetime(2026, 11, 20, 14, tzinfo=UTC)
    assert told(escalated(staffed(lead), at=night)) == [(1, "赵夜班")]
    life = escalated(staffed(lead, zhao=AWAY), at=night)
    assert told(life) == [(1, "陈经理")]
    assert [each.name for each in life.escalation().passed_over] == ["赵夜班"]


def test_where_nobody_is_there_the_next_level_is_told_at_once() -> None:
    life = escalated(staffed(wang=AWAY, li=AWAY))
    assert life.escalations() == [(MANAGER, "nobody_there")]
    assert life.escalation().reason == "客户情绪激动"
    assert [each.name for each in life.escalation().passed_over] == ["王组长", "李副组长"]
    assert life.due(ACK) == 40


def test_at_the_top_somebody_is_told_even_if_nobody_is_there() -> None:
    chain = policy_content()["chain"]
    people = {slug: each | {"absent": AWAY} for slug, each in PEOPLE.items()}
    steps = {level: {"title": chain[level]["title"], "people": ["wang", "li"]} for level in (1, 2, 3)}
    life = escalated(policy(people=people, chain=steps))
    assert told(life) == [(3, "王组长")]
    assert [each.name for each in life.escalation().passed_over] == ["王组长", "李副组长"] * 2 + ["李副组长"]


def test_the_next_level_up_may_be_empty_too_when_nobody_acknowledges() -> None:
    life = escalated(staffed(chen=AWAY))
    life.wait(15)
    assert told(life) == [(1, "王组长"), (3, "客服总监")]
    assert life.escalation().cause == "nobody_there"


def test_a_red_alert_starts_at_the_duty_manager_and_stays_one_when_they_are_away() -> None:
    life = Life(staffed(chen=AWAY), level=Level.URGENT)
    assert told(life) == [(3, "客服总监")]
    assert [message.to.name for message in life.told(MessageKind.RED_ALERT)] == ["客服总监"]


def test_a_department_whose_supervisor_is_away_is_heard_of_further_up() -> None:
    supervisor = policy_content()["departments"]["logistics"]["supervisor"]
    life = Life(policy(people={"boss": {**supervisor, "absent": AWAY}}))
    life.contact()
    life.task()
    life.wait(60)
    assert told(life) == [(1, "值班组长")]
    assert life.escalation().passed_over[0].name == supervisor["name"]


def test_each_level_has_its_own_time_to_acknowledge() -> None:
    life = escalated(staffed(lead={"people": ["wang"], "ack_minutes": 5}))
    life.wait(5 + 40)
    assert [(life.minutes(each.raised_at), each.level) for each in life.case.escalations] == [(0, 1), (5, 2), (45, 3)]


def test_the_time_to_acknowledge_runs_on_its_own_calendar() -> None:
    promises = policy_content()["promises"]
    promises["escalation_ack"] |= {"calendar": "office"}
    week = {"office": {"hours": {"mon": ("09:00-18:00",), "fri": ("09:00-18:00",)}}}
    life = Life(policy(promises=promises, calendars=week), at=datetime(2026, 11, 20, 9, 50, tzinfo=UTC))
    life.ask(cmd.Escalate, by=BOSS, level=LEAD, reason="客户情绪激动")
    # Ten minutes of Friday are left, five of Monday are needed.
    assert life.promise(ACK).due == datetime(2026, 11, 23, 1, 5, tzinfo=UTC)


# --- taking over and stepping down


def test_who_takes_over_answers_for_it_and_the_one_who_was_told_hears_so() -> None:
    life = escalated(policy())
    life.ask(cmd.TakeOver, by=BOSS, escalation=life.escalation().id, person=LIN)
    taken = life.escalation()
    assert taken.taken_over_by == LIN
    assert taken.acknowledged_at == life.at
    assert life.promise(ACK).state is PromiseState.KEPT
    (notice,) = life.told(MessageKind.ESCALATION_SETTLED)
    assert notice.to.name == "值班组长"
    assert notice.facts["taken_over_by"] == LIN.model_dump(mode="json")
    life.wait(60)
    assert len(life.case.escalations) == 1


def test_who_takes_over_what_they_were_told_of_anyway_is_not_told_again() -> None:
    life = escalated(policy())
    life.ask(cmd.TakeOver, by=BOSS, escalation=life.escalation().id, person=life.escalation().to)
    assert not life.told(MessageKind.ESCALATION_SETTLED)


def test_an_escalation_steps_down_to_a_lower_level_that_has_its_own_time() -> None:
    life = escalated(policy(), level=DIRECTOR)
    high = life.escalation().id
    life.wait(10)
    life.ask(cmd.StepDown, by=BOSS, escalation=high, level=LEAD, reason="先由组长跟进")
    former, lower = life.case.escalations
    assert (former.stepped_down_to, former.stepped_down_reason) == (LEAD, "先由组长跟进")
    assert life.promise(ACK, 1).waived_reason == "stepped_down"
    assert (lower.level, lower.cause, lower.reason) == (LEAD, "stepped_down", "先由组长跟进")
    assert life.due(ACK, 2) == 25
    assert [message.to.name for message in life.told(MessageKind.ESCALATION_SETTLED)] == ["客服总监"]


def test_what_was_stepped_down_climbs_again_when_nobody_acknowledges_it() -> None:
    life = Life(policy())
    life.wait(30 + 15)
    assert life.escalations() == [(LEAD, "promise_broken"), (MANAGER, "not_acknowledged")]
    life.ask(cmd.StepDown, by=BOSS, escalation=life.escalation().id, level=LEAD, reason="请组长跟进")
    life.wait(15)
    assert life.escalations()[2:] == [(LEAD, "stepped_down"), (MANAGER, "not_acknowledged")]
    assert life.escalation().promise == "first_contact-1"


def test_an_escalation_about_a_task_can_go_back_to_its_supervisor_and_no_other_can() -> None:
    life = Life()
    life.contact()
    life.task()
    life.wait(60 + 15)
    supervisor = EscalationLevel.TASK_SUPERVISOR
    life.ask(cmd.StepDown, by=BOSS, escalation=life.escalation().id, level=supervisor, reason="请主管处理")
    assert life.escalation().level is supervisor
    life.ask(cmd.Escalate, by=BOSS, level=MANAGER, reason="另一件事")
    refused = life.refused(cmd.StepDown, by=BOSS, escalation=life.escalation().id, level=supervisor, reason="?")
    assert refused == "no_escalation_level"


@pytest.mark.parametrize("level", [MANAGER, DIRECTOR])
def test_stepping_down_leads_downwards_only(level: EscalationLevel) -> None:
    life = escalated(policy(), level=MANAGER)
    refused = life.refused(cmd.StepDown, by=BOSS, escalation=life.escalation().id, level=level, reason="?")
    assert refused == "not_a_lower_level"


def test_what_is_over_can_be_neither_acknowledged_nor_taken_over_nor_stepped_down() -> None:
    life = escalated(policy(), level=MANAGER)
    high = life.escalation().id
    asked: tuple[tuple[type[cmd.BaseCommand], dict[str, Any]], ...] = (
        (cmd.Acknowledge, {}),
        (cmd.TakeOver, {"person": Colleague(name="林晓")}),
        (cmd.StepDown, {"level": LEAD, "reason": "?"}),
    )
    for kind, fields in asked:
        assert life.refused(kind, by=BOSS, escalation="E-none", **fields) == "escalation_unknown"
        assert life.refused(kind, by=department("finance"), escalation=high, **fields) == "escalation_unknown"
    life.ask(cmd.StepDown, by=BOSS, escalation=high, level=LEAD, reason="请组长跟进")
    lower = life.escalation().id
    life.ask(cmd.Acknowledge, by=BOSS, escalation=lower)
    for kind, fields in asked:
        assert life.refused(kind, by=BOSS, escalation=high, **fields) == "escalation_over"
    assert life.refused(cmd.Acknowledge, by=BOSS, escalation=lower) == "already_acknowledged"


def test_what_is_acknowledged_can_still_be_taken_over_and_its_first_acknowledgement_stands() -> None:
    life = escalated(policy())
    raised = life.escalation().id
    life.wait(5)
    life.ask(cmd.Acknowledge, by=BOSS, escalation=raised)
    seen = life.at
    life.wait(5)
    life.ask(cmd.TakeOver, by=BOSS, escalation=raised, person=LIN)
    after = life.escalation()
    assert (after.taken_over_by, after.acknowledged_at, life.promise(ACK).met_at) == (LIN, seen, seen)
    assert relieved(life) == ["值班组长"]
    life.ask(cmd.TakeOver, by=BOSS, escalation=raised, person=Colleague(name="周敏"))
    assert relieved(life) == ["值班组长", "林晓"]
    # Of the last one we have no address.
    life.ask(cmd.TakeOver, by=BOSS, escalation=raised, person=LIN)
    assert relieved(life) == ["值班组长", "林晓"]


@pytest.mark.parametrize("taken_over", [False, True])
def test_what_is_acknowledged_can_still_step_down_and_who_had_it_is_told(taken_over: bool) -> None:
    life = escalated(policy(), level=DIRECTOR)
    high = life.escalation().id
    life.ask(cmd.Acknowledge, by=BOSS, escalation=high)
    if taken_over:
        life.ask(cmd.TakeOver, by=BOSS, escalation=high, person=LIN)
    life.ask(cmd.StepDown, by=BOSS, escalation=high, level=LEAD, reason="请组长跟进")
    assert relieved(life) == (["客服总监", "林晓"] if taken_over else ["客服总监"])
    assert (life.escalation().level, life.escalation().cause) == (LEAD, "stepped_down")
    assert life.promise(ACK, 1).state is PromiseState.KEPT
    assert life.promise(ACK, 2).is_open()
    assert life.folded() == life.case


def test_what_was_stepped_down_is_not_dropped_a_second_time_when_the_case_ends() -> None:
    life = escalated(policy(), level=MANAGER)
    life.ask(cmd.StepDown, by=BOSS, escalation=life.escalation().id, level=LEAD, reason="请组长跟进")
    life.ask(cmd.Withdraw, reason="找到了")
    assert life.case.escalations[0].dropped_at is None
    assert life.case.escalations[1].dropped_at == life.at
