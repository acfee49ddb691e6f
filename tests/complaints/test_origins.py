"""What an escalation is about stays known on whichever step it stands: who is told reads what, why, and until when."""

from typing import Any

import pytest

from complaints import commands as cmd
from complaints.parties import Actor
from complaints.policy import Policy
from complaints.triage import Triage, TriageReason
from complaints.vocabulary import EscalationLevel, Level, MessageKind, Role
from tests.complaints.support import Life, department, policy, policy_content, promised
from tests.complaints.test_noise import play_out, unreachable

BOSS = Actor(role=Role.SUPERVISOR, name="supervisor")
LEAD, MANAGER = EscalationLevel.TEAM_LEAD, EscalationLevel.DUTY_MANAGER
CLIMB = 15
LOGISTICS = {"zh": "物流部", "en": "Logistics"}


def newest_alert(life: Life) -> dict[str, Any]:
    """What the newest alert says, as far as it says anything."""
    facts = life.told(MessageKind.ESCALATION_ALERT)[-1].facts
    return {name: fact for name, fact in facts.items() if fact is not None}


def stepped_down(life: Life) -> None:
    life.ask(cmd.StepDown, by=BOSS, escalation=life.escalation().id, level=LEAD, reason="由组长跟进")


def declined(pinned: Policy | None = None) -> Life:
    life = Life(pinned or policy())
    life.contact()
    life.ask(cmd.DeclineTask, by=department("logistics"), task=life.task().id, reason="不归物流管")
    return life


def test_a_declined_task_is_still_known_as_one_after_it_climbed_and_came_back() -> None:
    life = declined()
    for happens in (lambda: None, lambda: life.wait(CLIMB), lambda: life.wait(CLIMB), lambda: stepped_down(life)):
        happens()
        said = newest_alert(life)
        assert said.get("origin", said["cause"]) == "task_declined"
        assert "不归物流管" in (said["reason"], said.get("said_first"))
        assert (said["department"], said["task"], said["what"]) == (LOGISTICS, life.case.tasks[0].id, "请核实包裹去向")
    assert life.escalations()[1:] == [(2, "not_acknowledged"), (3, "not_acknowledged"), (1, "stepped_down")]
    assert newest_alert(life)["reason"] == "由组长跟进"


def test_the_first_edition_forgot_what_an_escalation_was_about() -> None:
    life = declined(policy(edition=1))
    life.wait(CLIMB)
    assert life.escalation().origin is None
    assert life.escalation().reason is None
    assert "origin" not in newest_alert(life)


def test_a_red_alert_that_climbs_says_that_it_is_one_and_why() -> None:
    reason = TriageReason(rule="court", reason={"zh": "提到诉讼", "en": "Mentions a court"}, level=Level.URGENT)
    triage = Triage(level=Level.URGENT, category="other", level_by="rule", category_by="default", reasons=(reason,))
    life = Life(policy(), triage=triage, subject="要起诉", level=Level.URGENT)
    life.wait(CLIMB)
    said = newest_alert(life)
    assert (said["cause"], said["origin"], said["subject"]) == ("not_acknowledged", "red_alert", "要起诉")
    assert (said["urgency"], said["category"]) == (1, {"zh": "其他", "en": "Other"})
    assert said["reasons"] == [{"zh": "提到诉讼", "en": "Mentions a court"}]


def test_a_red_alert_by_a_persons_word_climbs_with_that_word_and_without_the_rules_reasons() -> None:
    reason = TriageReason(rule="court", reason={"zh": "提到诉讼", "en": "Mentions a court"}, level=Level.URGENT)
    triage = Triage(level=Level.URGENT, category="other", level_by="rule", category_by="default", reasons=(reason,))
    life = Life(policy(), triage=triage, level=Level.URGENT)
    life.ask(cmd.Classify, level=Level.GENERAL, reason="误判")
    life.ask(cmd.Classify, level=Level.URGENT, reason="客户的孩子住院")
    life.wait(CLIMB)
    said = newest_alert(life)
    assert (said["origin"], said["reason"]) == ("red_alert", "客户的孩子住院")
    assert "reasons" not in said


def test_a_broken_promise_is_named_with_its_due_time_on_every_step() -> None:
    life = Life(policy())
    for level in (1, 2, 3):
        life.wait(30 if level == 1 else CLIMB)
        said = newest_alert(life)
        assert said.get("origin", said["cause"]) == "promise_broken"
        assert (said["promise"], said["due"]) == ("first_contact", "2026-11-20T02:00:00Z")
        assert said["goes_on"] is (level < 3)


def test_a_last_notice_that_reached_nobody_is_named_on_every_step() -> None:
    silence = {"follow_up_minutes": [], "last_notice_minutes": 20, "accept_minutes": 60}
    life = Life(policy(silence=silence), post_works=False)
    life.deliver()
    life.contact()
    life.propose()
    life.deliver()
    life.wait(20)
    life.fail()
    assert newest_alert(life)["undelivered"] == "last_notice"
    life.wait(CLIMB)
    said = newest_alert(life)
    assert (said["cause"], said["origin"], said["undelivered"]) == ("not_acknowledged", "undelivered", "last_notice")


def test_a_promise_that_a_lost_message_broke_names_the_message() -> None:
    life = unreachable(policy())
    life.contact()
    play_out(life, 121)
    said = newest_alert(life)
    assert (said["cause"], said["promise"], said["undelivered"]) == ("promise_broken", "progress_update", "progress")


def test_where_nobody_is_there_the_next_level_hears_what_it_is_about() -> None:
    chain = policy_content()["chain"]
    people = {"wang": {"name": "王组长", "email": "wang@redress.example", "absent": ["2026-11-20"]}}
    steps = chain | {1: {"title": chain[1]["title"], "people": ["wang"]}}
    said = newest_alert(declined(policy(people=people, chain=steps)))
    assert (said["cause"], said["origin"], said["reason"]) == ("nobody_there", "task_declined", "不归物流管")


@pytest.mark.parametrize("level", [LEAD, MANAGER, EscalationLevel.DIRECTOR])
def test_only_the_top_of_the_chain_is_not_told_that_it_goes_on(level: EscalationLevel) -> None:
    life = Life(policy())
    life.ask(cmd.Escalate, by=BOSS, level=level, reason="客户要求")
    assert newest_alert(life)["goes_on"] is (level < EscalationLevel.DIRECTOR)


def test_a_red_alert_to_the_top_does_not_say_that_it_goes_on() -> None:
    chain = policy_content()["chain"]
    people = {"chen": {"name": "陈经理", "email": "chen@redress.example", "absent": ["2026-11-20"]}}
    steps = chain | {2: {"title": chain[2]["title"], "people": ["chen"]}}
    for pinned, goes_on in ((policy(), True), (policy(people=people, chain=steps), False)):
        (alert,) = Life(pinned, level=Level.URGENT).told(MessageKind.RED_ALERT)
        assert alert.facts["goes_on"] is goes_on


def test_what_came_back_from_a_red_alert_is_told_at_once_even_at_night() -> None:
    lead = {"name": "值班组长", "email": "team.lead@redress.example", "digest_minutes": 60}
    life = Life(policy(people={"lead": lead}, promises=promised(escalation_ack={"warn_at": [0.5]})), level=Level.URGENT)
    life.wait(1)
    stepped_down(life)
    life.wait(8)
    to_the_lead = [step for _, step in life.steps if step.message.to.name == "值班组长"]
    assert [(step.type, step.message.kind) for step in to_the_lead] == [
        ("alert", "escalation_alert"),
        ("alert", "reminder"),
    ]
