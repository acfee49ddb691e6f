"""A task's clock runs on its department's calendar, and never beyond the case's own solution."""

from datetime import datetime, timedelta

import pytest

from complaints import commands as cmd
from complaints.vocabulary import Channel, HoldReason, MessageKind, PromiseKind, PromiseState
from tests.complaints.support import START, Life, policy, policy_content, promised

FEEDBACK, COMPLETION, RESOLUTION = PromiseKind.TASK_FEEDBACK, PromiseKind.TASK_COMPLETION, PromiseKind.RESOLUTION
WEEKDAYS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-12:00", "13:00-18:00"))
OFFICE = {"office": {"timezone": "Asia/Shanghai", "hours": WEEKDAYS}}
LONG = promised(resolution={"minutes": 10 * 24 * 60})


def in_office_hours(**changes: object) -> Life:
    """A case on Friday at 09:30 in Shanghai whose logistics department works from nine to six, with lunch."""
    departments = policy_content()["departments"]
    departments["logistics"]["calendar"] = "office"
    life = Life(policy(calendars=OFFICE, departments=departments, **changes))
    life.contact()
    return life


def local(life: Life, kind: PromiseKind) -> str:
    due = life.promise(kind).due
    assert due is not None
    return f"{due + timedelta(hours=8):%a %H:%M}"


def test_a_task_runs_on_its_own_departments_calendar() -> None:
    life = in_office_hours(promises=LONG)
    life.task(minutes=300)
    assert (local(life, FEEDBACK), local(life, COMPLETION)) == ("Fri 10:30", "Fri 15:30")
    life.wait(8 * 60)
    life.task(minutes=300)
    assert (local(life, FEEDBACK), local(life, COMPLETION)) == ("Mon 09:30", "Mon 14:30")
    life.task("finance", minutes=300)
    assert local(life, COMPLETION) == "Fri 22:30"


def test_a_task_ends_with_the_case_even_while_its_department_is_away() -> None:
    life = in_office_hours(promises=promised(resolution={"minutes": 12 * 60}))
    life.wait(8 * 60 + 20)
    life.task(minutes=300)
    assert life.due(COMPLETION) == life.due(RESOLUTION) == 12 * 60
    completion = life.promise(COMPLETION)
    assert (completion.within, completion.calendar) == (life.promise(RESOLUTION).id, "office")
    life.wait(12 * 60 - life.minutes(life.at))
    assert {life.promise(kind).state for kind in (FEEDBACK, COMPLETION, RESOLUTION)} == {PromiseState.BROKEN}


def test_a_task_without_any_working_time_left_warns_nobody_before_it_is_late() -> None:
    life = in_office_hours(promises=promised(resolution={"minutes": 10 * 60}))
    life.wait(9 * 60)
    life.task()
    life.wait(60)
    assert life.promise(COMPLETION).state is PromiseState.BROKEN
    assert not [message for message in life.told(MessageKind.REMINDER) if message.facts["task"]]


def test_more_time_for_the_case_gives_its_task_more_too() -> None:
    life = Life()
    life.contact()
    life.task(minutes=600)
    assert life.due(COMPLETION) == 240
    life.wait(100)
    life.ask(cmd.ExtendResolution, reason="两家供应商", message="需要更多时间")
    assert life.due(COMPLETION) == 480


def test_while_the_solution_is_on_hold_the_tasks_own_clock_goes_on() -> None:
    life = Life()
    life.contact()
    life.task(minutes=300)
    life.ask(cmd.PutOnHold, reason=HoldReason.AWAITING_THIRD_PARTY)
    assert (life.due(RESOLUTION), life.due(COMPLETION)) == (None, 300)
    life.wait(120)
    life.ask(cmd.EndHold, hold=life.case.holds[0].id)
    assert (life.due(RESOLUTION), life.due(COMPLETION)) == (360, 300)
    life.wait(180)
    assert life.promise(COMPLETION).state is PromiseState.BROKEN
    assert life.promise(RESOLUTION).is_open()


def test_a_solution_that_was_put_leaves_its_open_tasks_their_time() -> None:
    life = Life()
    life.contact()
    life.task(minutes=200)
    life.wait(10)
    life.propose()
    assert life.promise(RESOLUTION).state is PromiseState.KEPT
    assert life.due(COMPLETION) == 200
    life.wait(190)
    assert life.promise(COMPLETION).state is PromiseState.BROKEN


def test_a_task_asked_for_on_the_very_stroke_of_the_solution_has_its_own_time() -> None:
    life = Life()
    life.contact()
    life.sleep(240)
    life.task()
    assert life.promise(COMPLETION).within is None
    assert life.due(COMPLETION) == 240 + 120


def test_a_task_asked_for_after_the_solution_was_late_has_its_own_time() -> None:
    life = Life()
    life.contact()
    life.wait(300)
    life.task()
    assert life.due(COMPLETION) == 300 + 120


def test_a_task_that_is_cut_short_warns_at_fractions_of_what_is_left() -> None:
    life = Life()
    life.contact()
    life.wait(140)
    life.task(minutes=500)
    assert life.due(COMPLETION) == 240
    life.wait(79)
    assert life.promise(COMPLETION).warned == 0
    life.wait(1)
    assert life.promise(COMPLETION).warned == 0.8


def test_a_task_that_was_held_and_is_cut_short_never_warns_after_it_is_late() -> None:
    holds = {"force_majeure": {"promises": ["task_completion"], "longest_minutes": 4320}}
    life = Life(policy(holds=holds))
    life.contact()
    life.task(minutes=230)
    life.ask(cmd.PutOnHold, reason=HoldReason.FORCE_MAJEURE)
    life.wait(100)
    life.ask(cmd.EndHold, hold="H1")
    assert life.due(COMPLETION) == 240
    instants = rings_of(life, COMPLETION)
    assert instants == [(START + timedelta(minutes=100 + 0.8 * 140), "warning")]
    life.wait(140)
    assert life.promise(COMPLETION).settled_at == START + timedelta(minutes=240)


def rings_of(life: Life, kind: PromiseKind) -> list[tuple[datetime, str]]:
    from complaints import rings

    return [(ring.at, ring.what) for ring in rings(life.case, life.at) if ring.id == life.promise(kind).id]


@pytest.mark.parametrize("level", [1, 2])
def test_a_correction_that_shortens_the_solution_shortens_its_tasks(level: int) -> None:
    rules = [{"id": "urgent", "when": {"level": 1}, "minutes": 60}]
    life = Life(policy(promises=promised(resolution={"rules": rules})))
    life.contact()
    life.task(minutes=200)
    if level == 1:
        life.ask(cmd.Classify, level=1, reason="有人受伤")
    assert life.due(COMPLETION) == (60 if level == 1 else 200)


def test_in_the_first_edition_a_task_gets_what_is_left_at_that_moment_for_good() -> None:
    life = Life(policy(edition=1))
    life.contact()
    life.wait(200)
    life.task(minutes=600)
    life.ask(cmd.ExtendResolution, reason="两家供应商", message="需要更多时间")
    assert (life.due(FEEDBACK), life.due(COMPLETION), life.due(RESOLUTION)) == (240, 240, 480)
    assert life.promise(COMPLETION).within is None
    life.ask(cmd.RecordContact, channel=Channel.PHONE, reached=True)
