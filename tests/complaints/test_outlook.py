"""What is expected to fire is what fires when nobody acts."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from complaints import commands as cmd
from complaints import events as ev
from complaints.outlook import Expected, Hours, Scope, What, outlook
from complaints.vocabulary import EscalationLevel, HoldReason, MessageKind, PromiseKind
from tests.complaints.strategies import COSTLY, LIVES
from tests.complaints.support import LIN, Life, policy, promised
from tests.complaints.test_laws import play

TEAM = {"name": {"zh": "一组", "en": "Team one"}, "members": ["lin"]}
PEOPLE = {"lin": {"name": LIN.name, "email": LIN.email}}


def ahead(life: Life, minutes: float) -> tuple[Expected, ...]:
    return outlook(life.case, life.at, life.at + life.case.policy.span(minutes)).expected


def at(life: Life, minutes: float, *what: What) -> list[tuple[float, What]]:
    return [(life.minutes(each.at), each.what) for each in ahead(life, minutes) if each.what in what]


def test_a_case_that_nobody_touches_warns_breaks_and_climbs_the_chain() -> None:
    life = Life()
    assert at(life, 61, What.WARNING, What.BREACH, What.ESCALATION) == [
        (15, What.WARNING),
        (24, What.WARNING),
        (30, What.BREACH),
        (30, What.ESCALATION),
        (45, What.BREACH),
        (45, What.ESCALATION),
        (60, What.BREACH),
        (60, What.ESCALATION),
    ]
    told = [(each.level, each.kind, each.to) for each in ahead(life, 61) if each.what is What.ESCALATION]
    assert told == [
        (1, PromiseKind.FIRST_CONTACT, "值班组长"),
        (2, PromiseKind.FIRST_CONTACT, "值班经理"),
        (3, PromiseKind.FIRST_CONTACT, "客服总监"),
    ]


def test_it_says_who_is_told() -> None:
    life = Life()
    life.contact()
    life.task()
    expected = ahead(life, 130)
    assert {each.to for each in expected if each.what is What.UPDATE_SENT} == {"王小明"}
    tasks = [each for each in expected if each.task]
    assert {each.department for each in tasks} == {"logistics"}
    assert next(each.to for each in tasks if each.what is What.WARNING) == "物流部"
    assert next(each.to for each in tasks if each.level is EscalationLevel.TASK_SUPERVISOR) == "物流主管"
    to_the_agent = [each for each in expected if each.what is What.WARNING and not each.task]
    assert {(each.to, each.addresses) for each in to_the_agent} == {(LIN.name, (LIN.email,))}


def test_a_hold_that_lapses_is_seen_with_what_follows() -> None:
    life = Life()
    life.contact()
    life.ask(cmd.PutOnHold, reason=HoldReason.AWAITING_CUSTOMER, question="订单号是多少？")
    (over,) = [each for each in ahead(life, 24 * 60 + 1) if each.what is What.HOLD_OVER]
    assert (life.minutes(over.at), over.hold, over.to) == (24 * 60, HoldReason.AWAITING_CUSTOMER, LIN.name)


def test_a_closed_case_is_seen_to_finish() -> None:
    life = Life()
    life.close()
    assert at(life, 43_200, *What) == [(43_200, What.FINISH)]
    assert at(life, 43_199, *What) == []


def test_silence_is_seen_to_become_acceptance() -> None:
    silence = {"follow_up_minutes": [60], "last_notice_minutes": 120, "accept_minutes": 180}
    life = Life(policy(silence=silence))
    life.contact()
    life.propose()
    seen = [(life.minutes(each.at), each.what, each.message) for each in ahead(life, 181)]
    assert (60, What.MESSAGE, MessageKind.SOLUTION_FOLLOW_UP) in seen
    assert (120, What.MESSAGE, MessageKind.LAST_NOTICE) in seen
    assert (180, What.ACCEPTANCE, None) in seen


def test_there_is_an_end_to_how_far_it_looks() -> None:
    life = Life(policy(promises=promised(progress_update={"minutes": 1, "warn_at": []})))
    seen = outlook(life.case, life.at, life.at + timedelta(days=3000), most_turns=50)
    assert seen.until < life.at + timedelta(days=1)
    assert len(seen.expected) >= 50


def test_nothing_is_changed_by_looking() -> None:
    life = Life(post_works=False)
    before = life.case.model_dump_json()
    ahead(life, 10_000)
    assert life.case.model_dump_json() == before


def test_a_department_sees_its_own_tasks_and_nothing_else() -> None:
    life = Life()
    life.contact()
    life.task("logistics")
    life.task("finance")
    seen = list(Scope(department="finance").of(life.case, ahead(life, 300)))
    assert {each.task for each in seen} == {life.case.tasks[1].id}
    assert {What.WARNING, What.BREACH, What.ESCALATION} <= {each.what for each in seen}


def test_a_team_sees_what_its_members_are_told_and_the_cases_that_they_took() -> None:
    teams = policy(
        people=PEOPLE | {"boss": {"name": "值班组长", "email": "team.lead@redress.example"}},
        teams={"one": TEAM, "two": TEAM | {"members": ["boss"]}},
    )
    life = Life(teams)
    life.contact()
    expected = ahead(life, 24 * 60)
    assert list(Scope(team="one").of(life.case, expected)) == list(expected)
    assert {(each.what, each.level) for each in Scope(team="two").of(life.case, expected)} == {(What.ESCALATION, 1)}
    assert list(Scope(team="three").of(life.case, expected)) == []
    assert Scope(team="one").is_known_to(teams)
    assert not Scope(team="three").is_known_to(teams)


def test_the_table_counts_by_the_hour_and_leaves_no_hour_out() -> None:
    life, hours = Life(), Hours()
    expected = ahead(life, 120)
    hours.add(life.case.reference, expected)
    table = hours.table(life.at, life.at + timedelta(minutes=120))
    # From 01:30 to 03:30: the hours of 1, 2 and 3 o'clock.
    assert [hour.start.hour for hour in table] == [1, 2, 3]
    assert sum(hour.total for hour in table) == len(expected)
    assert table[0].counts == {What.WARNING: 2}
    assert table[0].references == {life.case.reference: 2}


@COSTLY
@given(LIVES, st.sampled_from([30, 300]))
def test_in_every_life_what_is_expected_is_what_then_happens(drawn: Any, minutes: float) -> None:
    life = play(drawn)
    expected = ahead(life, minutes)
    so_far = len(life.journal)
    while life.case.pending:
        life.deliver(life.case.pending[0].id)
    life.post_works = True
    life.wait(minutes)
    happened = [(entry.at, event) for entry in life.journal[so_far:] for event in entry.events]
    assert _times(expected, What.BREACH) == [
        (when, event.promise) for when, event in happened if isinstance(event, ev.PromiseBroken)
    ]
    assert _times(expected, What.WARNING) == [
        (when, event.promise) for when, event in happened if isinstance(event, ev.PromiseWarned)
    ]
    assert [(each.at, each.level, each.cause) for each in expected if each.what is What.ESCALATION] == [
        (when, event.level, event.cause) for when, event in happened if isinstance(event, ev.EscalationRaised)
    ]
    told = [each for each in expected if each.what in (What.UPDATE_SENT, What.MESSAGE)]
    to_customer = [event for _, event in happened if isinstance(event, ev.MessageAsked) and event.to_customer]
    assert [each.message for each in told if each.to == life.case.complaint.customer.name] == [
        event.kind for event in to_customer
    ]


def _times(expected: tuple[Expected, ...], what: What) -> list[tuple[Any, str | None]]:
    return [(each.at, each.promise) for each in expected if each.what is what]
