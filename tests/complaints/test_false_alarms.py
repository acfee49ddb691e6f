"""A complaint that was urgent by mistake: its red alert is over, wherever it has climbed to, and who was told knows."""

import pytest

from complaints import commands as cmd
from complaints.parties import Actor
from complaints.vocabulary import (
    EscalationCause,
    EscalationLevel,
    Level,
    MessageKind,
    PromiseKind,
    PromiseState,
    Role,
)
from tests.complaints.support import Life, policy
from tests.complaints.test_triage import COURT, judged

ACK = PromiseKind.ESCALATION_ACK
BOSS = Actor(role=Role.SUPERVISOR, name="supervisor")
DIRECTOR, MANAGER, LEAD = EscalationLevel.DIRECTOR, EscalationLevel.DUTY_MANAGER, EscalationLevel.TEAM_LEAD
MISTAKEN = {"level": Level.GENERAL, "reason": "误判：人名"}


def names(life: Life) -> list[str]:
    return [message.to.name for message in life.told(MessageKind.ESCALATION_SETTLED)]


def test_a_red_alert_that_was_corrected_goes_no_further() -> None:
    life = Life(level=Level.URGENT)
    life.ask(cmd.Classify, **MISTAKEN)
    assert life.escalation().dropped_at == life.at
    assert (life.promise(ACK).state, life.promise(ACK).waived_reason) == (PromiseState.WAIVED, "reclassified")
    life.contact()
    life.wait(29)
    assert life.escalations() == [(MANAGER, "red_alert")]
    assert life.refused(cmd.Acknowledge, by=BOSS, escalation=life.escalation().id) == "escalation_over"
    assert life.folded() == life.case


def test_who_was_told_of_it_hears_why_it_is_over() -> None:
    life = Life(level=Level.URGENT)
    life.ask(cmd.Classify, **MISTAKEN)
    (over,) = life.told(MessageKind.ESCALATION_SETTLED)
    assert over.to.name == life.escalation().to.name
    assert over.facts == {"escalation": life.escalation().id, "dropped": "reclassified", "reason": "误判：人名"}


def test_whatever_it_has_climbed_to_is_over_too() -> None:
    life = Life(level=Level.URGENT)
    life.wait(15)
    assert life.escalations() == [(MANAGER, "red_alert"), (DIRECTOR, "not_acknowledged")]
    life.ask(cmd.Classify, **MISTAKEN)
    assert all(escalation.is_over() for escalation in life.case.escalations)
    assert names(life) == [escalation.to.name for escalation in life.case.escalations]
    assert not list(life.case.open_promises(ACK))


def test_where_nobody_was_there_to_be_told_first_it_is_over_all_the_same() -> None:
    manager = {"title": {"zh": "值班经理", "en": "Duty manager"}, "people": ["away"]}
    chain = policy().model_dump(mode="json")["chain"]
    people = {"away": {"name": "甲", "email": "away@redress.example", "absent": ["2026-11-20"]}}
    life = Life(policy(people=people, chain={1: chain["1"], 2: manager, 3: chain["3"]}), level=Level.URGENT)
    assert life.escalations() == [(DIRECTOR, "nobody_there")]
    life.ask(cmd.Classify, **MISTAKEN)
    assert life.escalation().is_over()


def test_what_was_stepped_down_is_over_too() -> None:
    life = Life(level=Level.URGENT)
    life.ask(cmd.StepDown, by=BOSS, escalation=life.escalation().id, level=LEAD, reason="先由组长看")
    life.ask(cmd.Classify, **MISTAKEN)
    assert life.escalation().dropped_at == life.at


def test_what_is_still_wrong_goes_on_climbing() -> None:
    life = Life(level=Level.URGENT)
    life.ask(cmd.Escalate, by=BOSS, level=LEAD, reason="客户情绪激动")
    life.wait(1)
    life.ask(cmd.Classify, **MISTAKEN)
    by_hand = life.case.escalations[1]
    assert by_hand.cause is EscalationCause.RAISED_BY_HAND
    assert not by_hand.is_over()
    life.wait(15)
    assert (MANAGER, "not_acknowledged") in life.escalations()


def test_what_somebody_saw_to_is_left_as_it_is() -> None:
    life = Life(level=Level.URGENT)
    life.ask(cmd.Acknowledge, by=BOSS, escalation=life.escalation().id)
    life.ask(cmd.Classify, **MISTAKEN)
    assert life.escalation().dropped_at is None
    assert not life.told(MessageKind.ESCALATION_SETTLED)


@pytest.mark.parametrize("level", [Level.URGENT, Level.GENERAL])
def test_nothing_about_what_turns_out_to_be_a_suggestion_goes_on_climbing(level: Level) -> None:
    life = Life(level=level)
    life.ask(cmd.Escalate, by=BOSS, level=LEAD, reason="客户情绪激动")
    told = len(life.case.escalations)
    life.ask(cmd.Classify, level=Level.SUGGESTION, reason="其实是建议")
    life.wait(1000)
    assert len(life.case.escalations) == told
    assert all(escalation.dropped_at for escalation in life.case.escalations)
    assert {message.facts["dropped"] for message in life.told(MessageKind.ESCALATION_SETTLED)} == {"suggestion"}


def test_another_correction_of_an_urgent_case_leaves_its_red_alert() -> None:
    life = Life(level=Level.URGENT)
    life.ask(cmd.Classify, category="logistics", reason="物流问题")
    life.wait(15)
    assert life.escalations() == [(MANAGER, "red_alert"), (DIRECTOR, "not_acknowledged")]


def test_in_a_case_of_the_first_edition_it_climbs_as_it_did() -> None:
    life = Life(policy(edition=1, silence=None), level=Level.URGENT)
    life.ask(cmd.Classify, **MISTAKEN)
    life.wait(15)
    assert life.escalations() == [(MANAGER, "red_alert"), (DIRECTOR, "not_acknowledged")]
    life.ask(cmd.Classify, level=Level.URGENT, reason="客户住院")
    assert life.escalation().reason is None


# --- why it is urgent


def test_a_red_alert_after_a_correction_gives_the_reason_of_who_corrected() -> None:
    life = Life(triage=judged(COURT, text="起诉"))
    assert life.told(MessageKind.RED_ALERT)[0].facts["reasons"]
    life.ask(cmd.Classify, **MISTAKEN)
    life.ask(cmd.Classify, level=Level.URGENT, reason="客户孩子住院")
    facts = life.told(MessageKind.RED_ALERT)[1].facts
    assert facts["reason"] == "客户孩子住院"
    assert "reasons" not in facts
    assert life.escalation().reason == "客户孩子住院"


def test_what_came_as_urgent_is_not_said_to_be_so_by_a_rule() -> None:
    life = Life(triage=judged(COURT, text="起诉", level=Level.URGENT))
    (alert,) = life.told(MessageKind.RED_ALERT)
    assert "reasons" not in alert.facts
    assert "reason" not in alert.facts
