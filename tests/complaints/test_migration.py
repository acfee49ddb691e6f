"""Keeping a case under another policy: what moves, what stays, and who is told."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints import Refusal
from complaints import commands as cmd
from complaints import events as ev
from complaints.migrating import preview
from complaints.parties import Actor
from complaints.policy import Policy
from complaints.vocabulary import HoldReason, Level, MessageKind, PromiseKind, PromiseState, Role
from tests.complaints.laws import decided, of_a_case
from tests.complaints.strategies import COSTLY, LIVES
from tests.complaints.support import DEFAULT, Life, department, policy, policy_content, promised
from tests.complaints.test_laws import play

SUPERVISOR = Actor(role=Role.SUPERVISOR, name="supervisor")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")


def open_from(hours: str, **more: Any) -> dict[str, Any]:
    return {"timezone": "Asia/Shanghai", "hours": {day: [hours] for day in WEEKDAYS}, **more}


OFFICE = open_from("09:00-18:00")


def other(**changes: Any) -> Policy:
    return policy(version="next", **changes)


SLOWER = other(promises=promised(resolution={"minutes": 600}, first_contact={"minutes": 90}))
QUICKER = other(promises=promised(resolution={"minutes": 60}, first_contact={"minutes": 20, "by_category": {}}))


def move(life: Life, to: Policy) -> None:
    life.ask(cmd.MigratePolicy, policy=to, reason="新规则生效", by=SUPERVISOR)


def dues(life: Life) -> dict[str, datetime | None]:
    return {promise.id: promise.due for promise in life.case.open_promises()}


def test_every_open_promise_to_the_customer_counts_by_the_new_terms_from_its_own_start() -> None:
    life = Life()
    life.wait(10)
    move(life, SLOWER)
    assert life.due(PromiseKind.RESOLUTION) == 600
    assert life.due(PromiseKind.FIRST_CONTACT) == 90
    assert (life.case.policy.version, life.case.policy.content_hash) == ("next", SLOWER.fingerprint())


def test_the_journal_tells_of_the_move_and_folds_to_the_same_case() -> None:
    life = Life()
    move(life, SLOWER)
    (moved,) = [event for entry in life.journal for event in entry.events if isinstance(event, ev.PolicyMigrated)]
    assert moved.reason == "新规则生效"
    assert {each.promise for each in moved.promises} == set(dues(life))
    assert life.folded() == life.case


def test_there_and_back_gives_the_due_times_of_the_start() -> None:
    life = Life()
    life.contact()
    life.task(minutes=45)
    life.wait(5)
    before = dues(life)
    move(life, QUICKER)
    assert dues(life) != before
    move(life, DEFAULT)
    assert dues(life) == before


def test_a_breach_survives_every_migration() -> None:
    life = Life()
    life.wait(31)
    broken = life.promise(PromiseKind.FIRST_CONTACT)
    assert broken.state is PromiseState.BROKEN
    for to in (SLOWER, DEFAULT, QUICKER):
        move(life, to)
        assert life.promise(PromiseKind.FIRST_CONTACT) == broken


def test_a_promise_that_should_have_been_kept_by_now_breaks_right_away() -> None:
    life = Life()
    life.wait(25)
    move(life, QUICKER)
    life.wait(0)
    contact = life.promise(PromiseKind.FIRST_CONTACT)
    assert (contact.state, contact.settled_at) == (PromiseState.BROKEN, life.at)
    assert life.escalations()


def test_the_customer_is_told_what_they_wait_longer_for_and_nothing_else() -> None:
    life = Life()
    move(life, SLOWER)
    (told,) = life.told(MessageKind.PROMISE_MOVED)
    assert told.facts["why"] == "policy_changed"
    assert [(each["promise"], each["before"], each["after"]) for each in _promises(told.facts)] == [
        ("first_contact", "2026-11-20T02:00:00Z", "2026-11-20T03:00:00Z"),
        ("resolution", "2026-11-20T05:30:00Z", "2026-11-20T11:30:00Z"),
    ]


def test_the_customer_is_not_told_of_what_comes_earlier() -> None:
    life = Life()
    move(life, QUICKER)
    assert not life.told(MessageKind.PROMISE_MOVED)


def test_a_hold_stays_and_the_customer_still_hears_that_it_will_take_longer() -> None:
    life = Life()
    life.contact()
    life.wait(30)
    life.ask(cmd.PutOnHold, reason=HoldReason.AWAITING_THIRD_PARTY)
    held = life.case.holds
    life.wait(30)
    move(life, SLOWER)
    assert life.case.holds == held
    assert life.due(PromiseKind.RESOLUTION) is None
    (told,) = life.told(MessageKind.PROMISE_MOVED)
    assert [(each["promise"], each["before"], each["after"]) for each in _promises(told.facts)] == [
        ("resolution", None, None)
    ]
    life.wait(30)
    life.ask(cmd.EndHold, hold=held[0].id)
    assert life.due(PromiseKind.RESOLUTION) == 600 + 60


def test_a_message_that_tells_of_the_move_and_never_arrives_is_a_persons_business() -> None:
    life = Life(post_works=False)
    move(life, SLOWER)
    life.fail(life.told(MessageKind.PROMISE_MOVED)[0].id)
    assert [cause for _, cause in life.escalations()] == ["undelivered"]


def test_a_department_keeps_its_minutes_on_its_calendar_of_the_new_policy() -> None:
    departments = policy_content()["departments"]
    departments["logistics"] |= {"calendar": "office"}
    life = Life()
    life.contact()
    life.wait(7 * 60)
    life.task(minutes=120)
    assert life.due(PromiseKind.TASK_COMPLETION) is not None
    move(
        life,
        other(calendars={"office": OFFICE}, departments=departments, promises=promised(resolution={"minutes": 9999})),
    )
    task = life.promise(PromiseKind.TASK_COMPLETION)
    assert (task.budget, task.calendar) == (timedelta(hours=2), "office")
    # From 16:30 on Friday in Shanghai: an hour and a half, and half an hour more on Monday.
    assert task.due == datetime.fromisoformat("2026-11-23T09:30+08:00")


def test_who_must_acknowledge_keeps_their_time_on_whatever_calendar() -> None:
    acks = promised(escalation_ack={"minutes": 15, "calendar": "office"})
    life = Life(policy(calendars={"office": open_from("00:00-24:00")}, promises=acks))
    life.ask(cmd.Escalate, level=1, reason="客户要求", by=SUPERVISOR)
    due = life.due(PromiseKind.ESCALATION_ACK)
    move(life, other(calendars={"office": open_from("09:00-18:00", closed=["2026-11-20"])}, promises=acks))
    assert life.due(PromiseKind.ESCALATION_ACK) == due
    move(life, SLOWER)
    assert life.due(PromiseKind.ESCALATION_ACK) == due
    of_a_case(life.case, life.at)


def test_a_calendar_that_only_the_former_policy_has_is_still_counted_by() -> None:
    acks = promised(escalation_ack={"minutes": 15, "calendar": "office"})
    life = Life(policy(calendars={"office": open_from("00:00-24:00")}, promises=acks))
    life.ask(cmd.Escalate, level=1, reason="客户要求", by=SUPERVISOR)
    due = life.due(PromiseKind.ESCALATION_ACK)
    move(life, SLOWER)
    assert life.due(PromiseKind.ESCALATION_ACK) == due
    life.wait(16)
    assert [level for level, _ in life.escalations()][:2] == [1, 2]


def test_nothing_is_warned_of_twice_because_the_policy_has_a_new_version() -> None:
    life = Life()
    life.wait(20)
    before = len(life.told(MessageKind.REMINDER))
    assert before
    move(life, other(desk={"name": "新客服台", "email": "new.desk@redress.example"}))
    life.wait(0)
    assert len(life.told(MessageKind.REMINDER)) == before


def test_a_case_of_the_first_edition_comes_to_that_of_its_new_policy() -> None:
    life = Life(policy().model_copy(update={"edition": 1}))
    move(life, SLOWER)
    assert life.case.policy.edition == SLOWER.edition > 1


def test_the_same_policy_is_nothing_to_change() -> None:
    life = Life()
    assert life.refused(cmd.MigratePolicy, policy=DEFAULT, reason="再来", by=SUPERVISOR) == "nothing_to_change"
    move(life, SLOWER)
    assert life.refused(cmd.MigratePolicy, policy=SLOWER, reason="再来", by=SUPERVISOR) == "nothing_to_change"


def _without(part: str, *names: str) -> dict[str, Any]:
    return {part: {name: each for name, each in policy_content()[part].items() if name not in names}}


def test_a_policy_without_what_the_case_needs_is_refused_and_says_what() -> None:
    promises = policy_content()["promises"]
    promises["first_contact"]["by_category"] = {}
    life = Life(category="price")
    life.contact()
    life.task("finance")
    life.ask(cmd.PutOnHold, reason=HoldReason.FORCE_MAJEURE)
    bare = other(
        promises=promises, **_without("categories", "price"), **_without("departments", "finance"),
        **_without("holds", "force_majeure"),
    )  # fmt: skip
    with pytest.raises(Refusal) as refused:
        move(life, bare)
    assert refused.value.name == "policy_unfit"
    for place in ("categories.price", "departments.finance", "holds.force_majeure"):
        assert place in refused.value.detail.zh
        assert place in refused.value.detail.en


def test_what_is_done_with_needs_nothing_of_the_new_policy() -> None:
    life = Life()
    life.contact()
    task = life.task("finance")
    life.ask(cmd.DeclineTask, task=task.id, reason="不归我们", by=department("finance"))
    move(life, other(**_without("departments", "finance")))
    assert life.case.policy.version == "next"


def test_a_finished_case_is_moved_no_more() -> None:
    life = Life()
    life.ask(cmd.Withdraw, reason="不再追究")
    assert life.refused(cmd.MigratePolicy, policy=SLOWER, reason="晚了", by=SUPERVISOR) == "case_finished"


def test_a_closed_case_is_reopened_under_the_policy_that_it_was_moved_to() -> None:
    life = Life()
    life.close()
    move(life, SLOWER)
    life.ask(cmd.Reopen, reason="又坏了")
    assert life.promise(PromiseKind.RESOLUTION).budget == timedelta(minutes=600)
    assert not life.told(MessageKind.PROMISE_MOVED)


def test_the_preview_says_what_then_happens_and_what_would_be_newly_late() -> None:
    life = Life()
    life.wait(25)
    foreseen = {each.promise.id: each for each in preview(life.case, QUICKER, life.at)}
    assert {name for name, each in foreseen.items() if each.newly_late} == {"first_contact-1"}
    assert {name: each.before for name, each in foreseen.items()} == dues(life)
    move(life, QUICKER)
    assert {name: each.after for name, each in foreseen.items()} == dues(life)


def test_the_preview_says_late_only_of_what_time_breaks_there_and_then() -> None:
    quick = policy(version="quick", promises=promised(progress_update={"minutes": 30, "warn_at": []}))
    for minutes, late in ((29, False), (32, False), (36, True)):
        life = Life(post_works=False)
        life.contact()
        life.sleep(minutes)
        (update,) = [each for each in preview(life.case, quick, life.at) if each.promise.kind == "progress_update"]
        assert update.newly_late is late, "the system itself speaks at the due time, within the policy's grace"


def test_the_preview_says_late_of_what_is_due_on_the_stroke() -> None:
    life = Life()
    life.wait(20)
    to = policy(version="next", promises=promised(first_contact={"minutes": 20}))
    (contact,) = [each for each in preview(life.case, to, life.at) if each.promise.kind == "first_contact"]
    assert contact.newly_late
    move(life, to)
    life.wait(0)
    assert life.promise(PromiseKind.FIRST_CONTACT).state is PromiseState.BROKEN


def test_silence_never_counts_before_the_date_that_the_customer_was_told() -> None:
    def patience(version: str, notice: int, accept: int) -> Policy:
        terms = {"follow_up_minutes": [60], "last_notice_minutes": notice, "accept_minutes": accept}
        return policy(version=version, silence=terms)

    life = Life(patience("long", 2880, 4320))
    life.contact()
    life.propose()
    life.wait(2900)
    (notice,) = life.told(MessageKind.LAST_NOTICE)
    move(life, patience("short", 120, 180))
    life.wait(4319 - life.minutes(life.at))
    assert life.case.stage == "proposed"
    life.wait(1)
    assert life.case.stage == "agreed"
    assert notice.facts["until"] == life.at.isoformat().replace("+00:00", "Z")


def test_a_task_from_before_a_revision_keeps_its_time_there_and_back() -> None:
    life = Life()
    life.contact()
    life.propose()
    life.task(minutes=300)
    life.ask(cmd.RequestRevision, reason="金额不对", reopen=(), compensate=())
    before = dues(life)
    for to in (other(), DEFAULT):
        move(life, to)
        assert dues(life) == before


def test_a_broken_promise_climbs_on_by_the_ladder_of_its_new_policy() -> None:
    steep = [{"level": 1, "before_minutes": 90}, {"level": 1, "before_minutes": 30}, {"level": 2}]
    life = Life(policy(version="steep", promises=promised(resolution={"ladder": steep, "revision_minutes": None})))
    life.contact()

    def wait(until: float) -> None:
        while life.minutes(life.at) < until:
            life.wait(10)
            for raised in life.case.escalations:
                if not raised.is_over():
                    life.ask(cmd.Acknowledge, escalation=raised.id)

    wait(240)
    broken = life.promise(PromiseKind.RESOLUTION)
    assert broken.rungs == 3
    move(life, DEFAULT)
    after = life.promise(PromiseKind.RESOLUTION)
    assert after == broken.model_copy(update={"rungs": 1})
    wait(490)
    levels = [raised.level for raised in life.case.escalations if raised.cause == "still_outstanding"]
    assert levels == [3], "the manager was told of it already, at the break"


def test_an_urgent_case_in_the_middle_of_everything_goes_there_and_back() -> None:
    life = Life(level=Level.URGENT)
    life.contact(update_every_minutes=45)
    life.propose()
    before = dues(life)
    for to in (QUICKER, SLOWER, DEFAULT):
        move(life, to)
        of_a_case(life.case, life.at)
    assert dues(life) == before


@COSTLY
@given(LIVES, st.sampled_from([SLOWER, QUICKER]))
def test_in_every_life_breaches_stay_and_the_way_back_leads_to_the_same_due_times(drawn: Any, there: Policy) -> None:
    life = play(drawn)
    if life.case.is_finished:
        return
    home, before, breaches = life.case.policy, _by_the_policy_alone(life), life.case.broken()
    first = life.command(cmd.MigratePolicy, policy=there, reason="试行", by=SUPERVISOR)
    if decided(life.case, first, life.at) is None:
        return
    life.put(first)
    move(life, home)
    # Only its place on the ladder that it climbs follows the policy.
    assert [life.case.promise(each.id).model_copy(update={"rungs": each.rungs}) for each in breaches] == list(breaches)
    if len(life.case.broken()) == len(breaches):
        assert {name: dues(life)[name] for name in before} == before
    move(life, there)
    life.wait(100)
    assert life.folded() == life.case


def _by_the_policy_alone(life: Life) -> dict[str, datetime | None]:
    """The due times but for those that a move sets right besides.

    An update that was running when the customer agreed on another interval; in the first edition all that a correction
    left as it was, and tasks, which could go beyond the time of their case.
    """
    case, found = life.case, dues(life)
    first_edition = case.policy.edition == 1
    corrected = any(event.type == "case_reclassified" for entry in life.journal for event in entry.events)
    if first_edition and corrected:
        return {}
    return {
        promise.id: found[promise.id]
        for promise in case.open_promises()
        if not (promise.kind is PromiseKind.PROGRESS_UPDATE and case.update_every_minutes)
        and not (first_edition and promise.task)
    }


def _promises(facts: dict[str, Any]) -> list[dict[str, Any]]:
    promises: list[dict[str, Any]] = facts["promises"]
    return promises
