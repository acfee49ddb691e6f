"""Correcting level, category or tier while clocks run, stand still, or have run out."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints import Refusal
from complaints.commands import Classify, EndHold, PutOnHold, RecordAnswer
from complaints.policy import Policy
from complaints.promises import due_time
from complaints.vocabulary import Channel, HoldReason, Level, MessageKind, PromiseKind, PromiseState
from tests.complaints.support import CUSTOMER, START, Life, policy, promised

OFFICE = {"hours": {day: ["09:00-12:00", "13:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}}
VIP = {"vip": {"name": {"zh": "贵宾客户", "en": "VIP customer"}}}
FIRST, RESOLUTION, CALLBACK = PromiseKind.FIRST_CONTACT, PromiseKind.RESOLUTION, PromiseKind.CALLBACK
WHY = {"reason": "核实后更正"}


def by_level(*, urgent_calendar: str = "office", **changes: Any) -> Policy:
    """Four hours of the office for a solution; two for an urgent one, on the calendar that is named."""
    urgent = {"id": "urgent", "when": {"level": 1}, "minutes": 120, "calendar": urgent_calendar}
    return policy(
        **{
            "calendars": {"office": OFFICE},
            "tiers": VIP,
            "promises": promised(
                resolution={"calendar": "office", "rules": [urgent]},
                progress_update={"minutes": 100_000, "warn_at": []},
            ),
            **changes,
        }
    )


def at(hour: int, minute: int = 0, day: int = 20) -> datetime:
    """An instant of that Friday, or of another day of the month, in Shanghai."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def held(pinned: Policy, **complaint: Any) -> Life:
    """Half an hour of the resolution is used when the question is asked, at ten."""
    life = Life(pinned, **complaint)
    life.contact()
    life.wait(30)
    life.ask(PutOnHold, reason=HoldReason.AWAITING_CUSTOMER, question="请问订单号？")
    life.wait(30)
    return life


@pytest.mark.parametrize(
    ("calendar", "before", "after", "due"),
    [
        # An answer at eleven; 90 minutes left: an hour until noon, half an hour from one o'clock.
        ("office", Level.GENERAL, Level.URGENT, at(13, 30)),
        ("office", Level.URGENT, Level.GENERAL, at(15, 30)),
        # By the clock round the clock there is no lunch.
        ("always", Level.GENERAL, Level.URGENT, at(12, 30)),
        ("always", Level.URGENT, Level.GENERAL, at(15, 30)),
    ],
)
@pytest.mark.parametrize("when", ["in the hold", "before it", "after it"])
def test_a_hold_counts_the_same_however_the_level_changes_around_it(
    calendar: str, before: Level, after: Level, due: datetime, when: str
) -> None:
    life = Life(by_level(urgent_calendar=calendar), level=before)
    life.contact()
    life.wait(15)
    correct = {"level": after, **WHY}
    if when == "before it":
        life.ask(Classify, **correct)
    life.wait(15)
    life.ask(PutOnHold, reason=HoldReason.AWAITING_CUSTOMER, question="请问订单号？")
    life.wait(30)
    if when == "in the hold":
        life.ask(Classify, **correct)
        assert life.due(RESOLUTION) is None
        assert life.case.open_holds()
    life.wait(30)
    life.ask(RecordAnswer, text="A-1", channel=Channel.EMAIL)
    if when == "after it":
        life.ask(Classify, **correct)
    assert life.promise(RESOLUTION).due == due
    assert life.folded() == life.case


def test_there_and_back_in_the_middle_of_a_hold_is_as_if_nothing_had_been() -> None:
    life = held(by_level())
    life.ask(Classify, level=Level.URGENT, **WHY)
    life.wait(10)
    life.ask(Classify, level=Level.GENERAL, **WHY)
    life.wait(20)
    life.ask(EndHold, hold="H1")
    assert life.promise(RESOLUTION).due == at(15, 30)


def test_what_is_late_by_the_corrected_level_breaks_as_soon_as_its_clock_runs() -> None:
    life = Life(by_level())
    life.contact()
    life.wait(149)
    life.ask(Classify, level=Level.URGENT, **WHY)
    assert life.promise(RESOLUTION).state is PromiseState.OPEN
    life.wait(0)
    assert life.promise(RESOLUTION).state is PromiseState.BROKEN


def test_a_broken_promise_stays_broken_when_there_would_have_been_more_time() -> None:
    life = Life(by_level(), level=Level.URGENT)
    life.contact()
    life.wait(121)
    life.ask(Classify, level=Level.GENERAL, **WHY)
    broken = life.promise(RESOLUTION)
    assert (broken.state, broken.budget) == (PromiseState.BROKEN, timedelta(minutes=120))
    assert life.told(MessageKind.PROMISE_MOVED) == []


def test_warnings_are_given_anew_in_the_new_time() -> None:
    life = Life(by_level(), level=Level.URGENT)
    life.contact()
    life.wait(61)
    assert life.promise(RESOLUTION).warned == 0.5
    life.ask(Classify, level=Level.GENERAL, **WHY)
    assert life.promise(RESOLUTION).warned == 0
    life.wait(58)
    assert life.promise(RESOLUTION).warned == 0
    life.wait(1)
    assert life.promise(RESOLUTION).warned == 0.5


def test_another_rule_with_the_same_terms_is_recorded_and_warns_nobody_again() -> None:
    same = {"id": "vips", "when": {"tier": "vip"}, "minutes": 240}
    life = Life(policy(tiers=VIP, promises=promised(resolution={"rules": [same]})))
    life.contact()
    life.wait(121)
    warned = len(life.told(MessageKind.REMINDER))
    life.ask(Classify, tier="vip", **WHY)
    promise = life.promise(RESOLUTION)
    assert (promise.rule, promise.matched, promise.warned) == ("vips", ("tier=vip",), 0.5)
    life.wait(1)
    assert len(life.told(MessageKind.REMINDER)) == warned


def test_a_tier_is_corrected_and_its_rule_gives_the_time() -> None:
    quick = {"id": "vips", "when": {"tier": "vip"}, "minutes": 60}
    life = Life(policy(tiers=VIP, promises=promised(resolution={"rules": [quick]})))
    life.contact()
    life.ask(Classify, tier="vip", **WHY)
    assert life.case.tier == "vip"
    assert life.due(RESOLUTION) == 60
    assert life.case.category == "other"
    assert life.refused(Classify, tier="vip", **WHY) == "nothing_to_change"
    assert life.refused(Classify, tier="gold", **WHY) == "unknown_tier"


def test_the_customer_is_told_what_they_will_wait_longer_for() -> None:
    life = Life(by_level(), level=Level.URGENT)
    life.ask(Classify, level=Level.GENERAL, category="logistics", **WHY)
    (told,) = life.told(MessageKind.PROMISE_MOVED)
    assert told.to.name == CUSTOMER.name
    moved = {each["promise"]: (each["before"], each["after"]) for each in told.facts["promises"]}
    assert moved == {
        FIRST: ("2026-11-20T02:00:00Z", "2026-11-20T03:30:00Z"),
        RESOLUTION: ("2026-11-20T03:30:00Z", "2026-11-20T06:30:00Z"),
    }


def test_the_customer_is_told_of_more_time_although_its_clock_stands_still() -> None:
    life = held(by_level(), level=Level.URGENT)
    life.ask(Classify, level=Level.GENERAL, **WHY)
    (told,) = life.told(MessageKind.PROMISE_MOVED)
    assert told.facts["promises"] == [{"promise": RESOLUTION, "before": None, "after": None}]


def test_the_customer_is_not_troubled_where_nothing_got_later() -> None:
    life = held(by_level())
    life.ask(Classify, level=Level.URGENT, **WHY)
    life.ask(Classify, category="price", **WHY)
    assert life.told(MessageKind.PROMISE_MOVED) == []


def test_in_a_case_of_the_first_edition_only_the_first_contact_moves_and_nobody_is_told() -> None:
    life = Life(by_level(edition=1), level=Level.URGENT)
    due = life.promise(RESOLUTION).due
    life.ask(Classify, level=Level.GENERAL, category="logistics", **WHY)
    assert life.due(FIRST) == 120
    assert life.promise(RESOLUTION).due == due
    assert life.told(MessageKind.PROMISE_MOVED) == []


def test_the_callback_follows_a_correction_and_the_customer_hears_that_it_comes_later() -> None:
    slow = {"id": "vips", "when": {"tier": "vip"}, "minutes": 2000}
    life = Life(policy(tiers=VIP, promises=promised(callback={"rules": [slow]})))
    life.resolve()
    life.ask(Classify, tier="vip", **WHY)
    assert life.due(CALLBACK) == 2000
    (told,) = life.told(MessageKind.PROMISE_MOVED)
    assert [each["promise"] for each in told.facts["promises"]] == [CALLBACK]
    assert life.refused(Classify, level=Level.SUGGESTION, **WHY) == "stage_forbids"


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(1, 90)),
        st.tuples(st.just("level"), st.sampled_from([Level.URGENT, Level.GENERAL])),
        st.tuples(st.just("category"), st.sampled_from(["logistics", "price", "other"])),
        st.tuples(st.just("tier"), st.sampled_from(["vip", "gold"])),
        st.tuples(st.just("hold"), st.sampled_from([HoldReason.AWAITING_CUSTOMER, HoldReason.AWAITING_THIRD_PARTY])),
        st.tuples(st.just("resume"), st.integers(0, 3)),
    ),
    max_size=12,
)


@given(MOVES)
def test_holds_survive_every_correction_and_the_due_time_is_what_they_and_the_terms_say(moves: list[Any]) -> None:
    rules = [
        {"id": "urgent", "when": {"level": 1}, "minutes": 400},
        {"id": "vips", "when": {"tier": "vip"}, "minutes": 900, "calendar": "always"},
        {"id": "goods", "when": {"category": "logistics", "level": 2}, "minutes": 1500},
    ]
    tiers = VIP | {"gold": VIP["vip"]}
    progress = {"minutes": 100_000, "warn_at": []}
    promises = promised(resolution={"minutes": 700, "calendar": "office", "rules": rules}, progress_update=progress)
    life = Life(policy(tiers=tiers, calendars={"office": OFFICE}, promises=promises))
    life.contact()
    for what, value in moves:
        holds = life.case.holds
        if what == "wait":
            life.wait(value)
        elif what == "hold":
            _try(life, PutOnHold, reason=value, question="？")
        elif what == "resume":
            _try(life, EndHold, hold=f"H{value}")
        else:
            _try(life, Classify, **{what: value}, **WHY)
            assert life.case.holds == holds
    promise = life.promise(RESOLUTION)
    terms = life.case.terms(RESOLUTION)
    if promise.is_open():
        own = [hold for hold in life.case.holds if RESOLUTION in hold.promises]
        working = life.case.policy.working_time(terms.calendar)
        assert promise.budget == timedelta(minutes=terms.minutes)
        assert promise.due == due_time(START, promise.budget, own, working)
        assert (promise.rule, promise.matched) == (terms.rule, terms.matched)
    assert life.folded() == life.case


def _try(life: Life, kind: Any, **fields: Any) -> None:
    with suppress(Refusal):
        life.ask(kind, **fields)
