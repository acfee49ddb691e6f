"""Noise: the same trouble is told once, and what can wait is told when its reader wishes to hear of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from complaints import commands as cmd
from complaints.policy import Policy
from complaints.quiet import told_at
from complaints.steps import Alert, Collect
from complaints.vocabulary import Channel, EscalationLevel, Level, MessageKind, PromiseKind, PromiseState
from tests.complaints.support import Life, policy, policy_content, promised

PROGRESS, ACK = PromiseKind.PROGRESS_UPDATE, PromiseKind.ESCALATION_ACK
LEAD = {"name": "值班组长", "email": "team.lead@redress.example"}
DESK = {"name": "客服台", "email": "desk@redress.example"}
WEEK = {"day": {"hours": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-18:00",))}}
FRIDAY_NIGHT = datetime(2026, 11, 20, 14, tzinfo=UTC)
"""22:00 in Shanghai."""
MONDAY_MORNING = datetime(2026, 11, 23, 1, tzinfo=UTC)
"""09:00 in Shanghai."""


def unreachable(pinned: Policy) -> Life:
    """A case whose customer nobody has contacted, and whom no message reaches."""
    life = Life(pinned, post_works=False)
    life.fail()
    return life


def play_out(life: Life, minutes: float) -> None:
    """Let time pass while every message to the customer fails at once."""
    until = life.at + timedelta(minutes=minutes)
    while (ring := life.next_ring()) is not None and ring.at <= until:
        life.at = max(life.at, ring.at)
        life.ring()
        while life.case.pending:
            life.fail()
    life.at = until


def about_updates(life: Life) -> list[tuple[int, str]]:
    return [(each.level, each.cause) for each in life.case.escalations if (each.promise or "").startswith(PROGRESS)]


def alerts(life: Life) -> int:
    return len(life.told(MessageKind.ESCALATION_ALERT))


# --- one alert per trouble


def test_an_unattended_case_whose_updates_fail_all_day_tells_each_level_once() -> None:
    life = unreachable(policy())
    play_out(life, 24 * 60)
    assert [level for level, _ in about_updates(life)] == [1, 2, 3]
    first = next(each for each in life.case.escalations if (each.promise or "").startswith(PROGRESS))
    broken = [p.id for p in life.case.promises if p.kind is PROGRESS and p.state is PromiseState.BROKEN]
    assert len(broken) == 12
    assert (first.promise, *first.joined) == tuple(broken)
    # First contact, solution and updates, on three levels each.
    assert alerts(life) == 9


def test_in_the_first_edition_every_break_was_told_anew() -> None:
    life = unreachable(policy(edition=1))
    play_out(life, 24 * 60)
    assert alerts(life) > 30


def test_once_acknowledged_the_next_break_is_told_again() -> None:
    life = unreachable(policy())
    life.contact()
    play_out(life, 121)
    life.ask(cmd.Acknowledge, escalation=life.escalation().id)
    play_out(life, 120)
    assert about_updates(life) == [(1, "promise_broken"), (1, "promise_broken")]


def test_a_joined_break_has_no_clock_of_its_own() -> None:
    life = unreachable(policy())
    life.contact()
    play_out(life, 6 * 60)
    acks = [promise.escalation for promise in life.case.promises if promise.kind is ACK]
    assert acks == [each.id for each in life.case.escalations]
    assert len(about_updates(life)) == 3


def test_a_break_of_another_kind_is_another_trouble() -> None:
    life = unreachable(policy())
    play_out(life, 121)
    kinds = {(each.promise or "").rsplit("-", 1)[0] for each in life.case.escalations}
    assert kinds == {"first_contact", "progress_update"}


def test_what_a_person_raises_is_told_whatever_was_told_before() -> None:
    life = Life(policy())
    life.wait(30)
    for _ in range(2):
        life.ask(cmd.Escalate, level=EscalationLevel.TEAM_LEAD, reason="客户又来电")
    assert alerts(life) == 3


# --- quiet hours and digests


def with_notice(lead: dict[str, Any] | None = None, desk: dict[str, Any] | None = None, **changes: Any) -> Policy:
    people = {"lead": {**LEAD, **(lead or {})}, "desk": {**DESK, **(desk or {})}}
    return policy(people=people, calendars=WEEK, **changes)


def escalated(pinned: Policy, level: int = 1, at: datetime = FRIDAY_NIGHT) -> Life:
    life = Life(pinned, at=at)
    life.contact()
    life.ask(cmd.Escalate, level=EscalationLevel(level), reason="客户情绪激动")
    return life


def test_an_alert_of_the_first_level_waits_out_the_night_and_the_weekend_and_so_does_its_clock() -> None:
    life = escalated(with_notice({"quiet_outside": "day"}))
    _, step = life.steps[-1]
    assert isinstance(step, Collect)
    assert step.due == MONDAY_MORNING
    assert life.promise(ACK).start == MONDAY_MORNING
    assert life.promise(ACK).due == MONDAY_MORNING + timedelta(minutes=15)
    assert step.message.facts["ack_due"] == "2026-11-23T01:15:00Z"
    life.wait((MONDAY_MORNING - FRIDAY_NIGHT) / timedelta(minutes=1) + 14)
    assert [each.level for each in life.case.escalations if each.promise is None] == [1]
    life.wait(1)
    assert [each.level for each in life.case.escalations if each.promise is None] == [1, 2]


def test_in_working_hours_the_same_alert_goes_out_at_once() -> None:
    _, step = escalated(with_notice({"quiet_outside": "day"}), at=MONDAY_MORNING).steps[-1]
    assert isinstance(step, Alert)


@pytest.mark.parametrize("level", [2, 3])
def test_from_the_duty_manager_on_nobody_is_left_to_sleep(level: int) -> None:
    chain = policy_content()["chain"]
    people = {f"p{each}": {**step["person"], "quiet_outside": "day"} for each, step in chain.items()}
    _, step = escalated(policy(people=people, calendars=WEEK), level).steps[-1]
    assert isinstance(step, Alert)


def test_neither_a_red_alert_nor_the_first_contact_ever_waits() -> None:
    manager = {**policy_content()["chain"][2]["person"], "quiet_outside": "day", "digest_minutes": 60}
    people = {"manager": manager, "desk": {**DESK, "quiet_outside": "day", "digest_minutes": 60}}
    life = Life(policy(people=people, calendars=WEEK), at=FRIDAY_NIGHT, level=Level.URGENT)
    at_once = {step.message.kind for _, step in life.steps if isinstance(step, Alert)}
    assert at_once == {MessageKind.RED_ALERT, MessageKind.FIRST_CONTACT_SCRIPT}


def test_reminders_of_different_cases_meet_at_the_same_instant() -> None:
    pinned = with_notice(desk={"digest_minutes": 60})
    dues = set()
    for minutes in (3, 17, 29):
        life = Life(pinned, at=datetime(2026, 11, 20, 1, minutes, tzinfo=UTC))
        life.wait(16)
        (due,) = {step.due for _, step in life.steps if isinstance(step, Collect)}
        dues.add(due)
    assert dues == {datetime(2026, 11, 20, 2, tzinfo=UTC)}


def test_a_reminder_about_a_high_escalation_does_not_wait_either() -> None:
    chain = policy_content()["chain"]
    promises = policy_content()["promises"]
    promises["escalation_ack"] |= {"warn_at": [0.5]}
    people = {f"p{each}": {**step["person"], "digest_minutes": 60} for each, step in chain.items()}
    pinned = policy(people=people, promises=promises)
    for level, kind in ((1, Collect), (2, Alert)):
        life = Life(pinned, at=datetime(2026, 11, 20, 1, 3, tzinfo=UTC))
        life.contact()
        life.ask(cmd.Escalate, level=EscalationLevel(level), reason="客户情绪激动")
        life.wait(90)
        about = [
            step
            for _, step in life.steps
            if step.message.kind is MessageKind.REMINDER and step.message.facts["promise"] == ACK
        ]
        assert isinstance(about[0], kind)


def test_a_team_speaks_for_its_members_unless_they_say_otherwise() -> None:
    pinned = policy(
        people={"lead": LEAD, "desk": {**DESK, "digest_minutes": 15}},
        teams={"all": {"name": {"zh": "全体", "en": "All"}, "members": ["lead", "desk"], "quiet_outside": "day"}},
        calendars=WEEK,
    )
    step = pinned.chain[EscalationLevel.TEAM_LEAD]
    assert step.person is not None
    assert told_at(pinned, step.person, FRIDAY_NIGHT) == MONDAY_MORNING
    assert told_at(pinned, pinned.desk, FRIDAY_NIGHT) == FRIDAY_NIGHT + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("notice", "at", "due"),
    [
        ({"digest_minutes": 60}, "2026-11-20T09:59:59+08:00", "2026-11-20T10:00:00+08:00"),
        ({"digest_minutes": 60}, "2026-11-20T10:00:00+08:00", "2026-11-20T11:00:00+08:00"),
        ({"digest_minutes": 90}, "2026-11-20T10:00:00+08:00", "2026-11-20T10:30:00+08:00"),
        ({"digest_minutes": 1000}, "2026-11-20T17:00:00+08:00", "2026-11-21T00:00:00+08:00"),
        ({"quiet_outside": "day"}, "2026-11-20T18:00:00+08:00", "2026-11-23T09:00:00+08:00"),
        ({"quiet_outside": "day"}, "2026-11-20T17:59:59+08:00", "2026-11-20T17:59:59+08:00"),
        ({"quiet_outside": "day"}, "2026-11-20T03:00:00+08:00", "2026-11-20T09:00:00+08:00"),
        ({"quiet_outside": "day", "digest_minutes": 60}, "2026-11-20T17:30:00+08:00", "2026-11-23T09:00:00+08:00"),
        ({"quiet_outside": "day", "digest_minutes": 60}, "2026-11-20T08:30:00+08:00", "2026-11-20T09:00:00+08:00"),
    ],
)
def test_when_somebody_is_told_of_what_can_wait(notice: dict[str, Any], at: str, due: str) -> None:
    pinned = with_notice(desk=notice)
    assert told_at(pinned, pinned.desk, datetime.fromisoformat(at)) == datetime.fromisoformat(due)


def test_a_trial_whose_minutes_are_seconds_collects_for_seconds() -> None:
    pinned = with_notice(desk={"digest_minutes": 60}, minute_seconds=1)
    at = datetime(2026, 11, 20, 1, 0, 1, tzinfo=UTC)
    assert told_at(pinned, pinned.desk, at) == datetime(2026, 11, 20, 1, 1, tzinfo=UTC)


def test_on_the_day_of_a_clock_change_digests_still_begin_at_midnight() -> None:
    pinned = with_notice(desk={"digest_minutes": 720}, timezone="Europe/Berlin")
    # The day of the change to winter time has 25 hours.
    ends = [datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)]
    found = [told_at(pinned, pinned.desk, ends[0])]
    while found[-1] < ends[1]:
        found.append(told_at(pinned, pinned.desk, found[-1]))
    assert [at - ends[0] for at in found] == [timedelta(hours=12), timedelta(hours=24), timedelta(hours=25)]


def test_who_is_reached_by_telephone_only_is_known_by_their_number() -> None:
    step = {"title": policy_content()["chain"][1]["title"], "person": {"name": "值班组长", "phone": "+86 10 5555 0101"}}
    chain = policy_content()["chain"] | {1: step}
    people = {"lead": {"name": "组长", "phone": "+86 10 5555 0101", "quiet_outside": "day"}}
    _, asked = escalated(policy(people=people, chain=chain, calendars=WEEK)).steps[-1]
    assert isinstance(asked, Collect)
    assert asked.message.to.routes[0].channel is Channel.SMS


# --- two promises of one task


def about_the_task(life: Life) -> list[tuple[int, str, str | None, int]]:
    return [(each.level, each.cause, each.promise, len(each.joined)) for each in life.case.escalations if each.task]


LATE = {"ladder": [{"level": 0}, {"level": 1, "after_minutes": 30}, {"level": 2, "after_minutes": 60}]}


def with_a_short_task(pinned: Policy) -> Life:
    """A case with a task whose two promises are both due in half an hour."""
    life = Life(pinned)
    life.contact()
    life.task(minutes=30)
    assert life.due(PromiseKind.TASK_FEEDBACK) == life.due(PromiseKind.TASK_COMPLETION) == 30
    return life


def reminded(life: Life) -> list[Any]:
    return [message.facts["promise"] for message in life.told(MessageKind.REMINDER) if message.facts["task"]]


def test_a_task_whose_two_promises_are_due_together_reminds_once_and_escalates_once_on_each_level() -> None:
    life = with_a_short_task(policy())
    life.wait(30 + 3 * 15)
    assert reminded(life) == ["task_completion"]
    assert {each.warned for each in life.case.promises if each.task} == {0.8}
    assert {each.state for each in life.case.promises if each.task} == {PromiseState.BROKEN}
    assert [(level, joined) for level, _, _, joined in about_the_task(life)] == [(0, 1), (1, 0), (2, 0), (3, 0)]


def test_in_the_first_edition_a_task_told_of_each_of_its_two_promises() -> None:
    life = with_a_short_task(policy(edition=1))
    life.wait(30)
    assert reminded(life) == ["task_completion", "task_feedback"]
    assert [level for level, *_ in about_the_task(life)] == [0, 0]


def test_the_rungs_of_a_tasks_two_promises_are_climbed_together() -> None:
    life = with_a_short_task(policy(promises=promised(task_feedback=LATE, task_completion=LATE)))
    life.wait(30 + 61)
    assert [level for level, *_ in about_the_task(life)] == [0, 1, 2, 3]


def test_after_an_outage_a_task_that_is_late_in_both_ways_is_told_once() -> None:
    life = Life(policy())
    life.contact()
    life.task(minutes=90)
    life.sleep(100)
    life.ring()
    assert [(level, joined) for level, _, _, joined in about_the_task(life)] == [(0, 1)]


def test_a_task_whose_two_promises_are_due_apart_is_told_of_each() -> None:
    life = Life(policy())
    life.contact()
    life.task(minutes=90)
    life.wait(61)
    life.ask(cmd.Acknowledge, escalation=life.escalation().id)
    life.wait(30)
    assert reminded(life) == ["task_feedback", "task_completion"]
    assert [level for level, *_ in about_the_task(life)] == [0, 0]
