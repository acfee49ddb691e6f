"""Working time: against a slow clock, by its laws, and in the cases that every system gets wrong."""

from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from complaints import zones
from complaints.promises import due_time
from complaints.worktime import ALWAYS, WEEK, Calendar, Closed, WorkingTime, compiled
from tests.complaints import slow_clock
from tests.complaints.slow_clock import MINUTE, SECOND
from tests.complaints.strategies import COSTLY
from tests.complaints.test_due_time import hold

ANCHORS = {
    "Asia/Shanghai": (date(2026, 10, 1), date(2026, 2, 14)),
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),
    "America/Sao_Paulo": (date(2018, 2, 18), date(2018, 11, 4)),
    "Pacific/Apia": (date(2011, 12, 30), date(2011, 9, 24)),
    "Africa/Casablanca": (date(2026, 2, 15), date(2026, 3, 22)),
    "America/Havana": (date(2026, 3, 8), date(2026, 11, 1)),
    "Asia/Beirut": (date(2026, 3, 29), date(2026, 10, 25)),
    "Asia/Kathmandu": (date(2026, 6, 1), date(1985, 12, 31)),
    "UTC": (date(2024, 2, 29), date(2026, 12, 31)),
}
"""Zones, and the dates around which their clocks are put forward or back, or skip a date."""

TICKS = 16 * 24 * 60


def written(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def day_hours(draw: st.DrawFn, *, longest: int = 3) -> list[str]:
    """Intervals from six in the morning to midnight, and perhaps a night shift that ends by six."""
    marks = sorted(draw(st.lists(st.integers(24, 96), max_size=2 * longest, unique=True)))
    hours = [f"{written(15 * a)}-{written(15 * b)}" for a, b in zip(marks[::2], marks[1::2], strict=False)]
    evening = max([24, *marks])
    if evening < 96 and draw(st.integers(0, 4)) == 0:
        ends = draw(st.integers(0, 23))
        hours.append(f"{written(15 * draw(st.integers(evening, 95)))}-{written(15 * ends)}")
    return hours


@st.composite
def near(draw: st.DrawFn, anchor: date) -> date:
    return anchor + timedelta(days=draw(st.integers(-4, 9)))


@st.composite
def settings_of_a_calendar(draw: st.DrawFn) -> tuple[str, date, dict[str, Any]]:
    """A zone, a date near which its clocks do something, and a calendar as a policy writes it."""
    zone = draw(st.sampled_from(sorted(ANCHORS)))
    anchor = draw(st.sampled_from(ANCHORS[zone]))
    hours = {day: draw(day_hours()) for day in WEEK}
    assume(any(hours.values()))
    kinds = draw(st.dictionaries(near(anchor), st.sampled_from(["closed", "open", "public", "made_up", "exception"])))
    days = {
        kind: [day.isoformat() for day, of in kinds.items() if of == kind]
        for kind in ("closed", "open", "public", "made_up")
    }
    years: dict[int, dict[str, list[str]]] = {}
    for name, kind in (("closed", "public"), ("open", "made_up")):
        for day in days[kind]:
            years.setdefault(int(day[:4]), {"closed": [], "open": []})[name].append(day)
    return (
        zone,
        anchor,
        {
            "timezone": zone,
            "hours": hours,
            "closed": days["closed"],
            "open": days["open"],
            "holidays": {"country": "CN", "years": years},
            "exceptions": {day.isoformat(): draw(day_hours()) for day, of in kinds.items() if of == "exception"},
        },
    )


def hours_on(content: dict[str, Any]) -> slow_clock.HoursOn:
    """What a calendar says of a date, read off it as it is written."""
    hours = content["hours"]
    worked = next(hours[day] for day in WEEK if hours[day])

    def on(day: date) -> list[tuple[str, str]]:
        text, own = day.isoformat(), hours[WEEK[day.weekday()]]
        public = content["holidays"]["years"].get(day.year, {"closed": [], "open": []})
        if text in content["exceptions"]:
            found = content["exceptions"][text]
        elif text in content["closed"]:
            found = []
        elif text in content["open"]:
            found = own or worked
        elif text in public["closed"]:
            found = []
        elif text in public["open"]:
            found = own or worked
        else:
            found = own
        return [tuple(each.split("-")) for each in found]

    return on


def instants(anchor: date, zone: str, unit: timedelta = MINUTE) -> st.SearchStrategy[datetime]:
    middle = datetime.combine(anchor, time(), ZoneInfo(zone)).astimezone(UTC)
    reach = timedelta(days=3) // unit
    return st.integers(-reach, reach).map(lambda count: middle + count * unit)


@st.composite
def lives(draw: st.DrawFn) -> tuple[dict[str, Any], datetime, timedelta, list[slow_clock.Hold]]:
    zone, anchor, content = draw(settings_of_a_calendar())
    start = draw(instants(anchor, zone))
    holds: list[slow_clock.Hold] = []
    for _ in range(draw(st.integers(0, 4))):
        began = start + draw(st.integers(-600, 6000)) * MINUTE
        length = draw(st.none() | st.integers(0, 3000))
        holds.append((began, None if length is None else began + length * MINUTE))
    return content, start, draw(st.integers(0, 3000)) * MINUTE, holds


@given(lives())
def test_a_due_time_is_what_a_slow_clock_tells(
    life: tuple[dict[str, Any], datetime, timedelta, list[slow_clock.Hold]],
) -> None:
    content, start, budget, holds = life
    working = compiled(Calendar.model_validate(content), "UTC")
    try:
        expected = slow_clock.due(content["timezone"], hours_on(content), start, budget, holds, MINUTE, TICKS)
    except TimeoutError:
        due = working.due(start, budget, holds)
        assert due is None or due >= start + TICKS * MINUTE
        return
    assert working.due(start, budget, holds) == expected


@COSTLY
@given(st.data(), settings_of_a_calendar())
def test_to_the_second_a_due_time_is_what_a_slow_clock_tells(
    data: st.DataObject, drawn: tuple[str, date, dict[str, Any]]
) -> None:
    zone, anchor, content = drawn
    working = compiled(Calendar.model_validate(content), "UTC")
    middle = datetime.combine(anchor, time(data.draw(st.integers(0, 23))), ZoneInfo(zone)).astimezone(UTC)
    start = middle + data.draw(st.integers(-3600, 3600)) * SECOND
    budget = data.draw(st.integers(1, 5000)) * SECOND
    began = start + data.draw(st.integers(-60, 3600)) * SECOND
    holds: list[slow_clock.Hold] = [(began, began + data.draw(st.integers(0, 3600)) * SECOND)]
    try:
        expected = slow_clock.due(zone, hours_on(content), start, budget, holds, SECOND, 8_000)
    except TimeoutError:
        due = working.due(start, budget, holds)
        assert due is not None
        assert due >= start + 8_000 * SECOND
        return
    assert working.due(start, budget, holds) == expected


@given(st.data(), settings_of_a_calendar())
def test_the_time_between_two_instants_is_what_a_slow_clock_tells(
    data: st.DataObject, drawn: tuple[str, date, dict[str, Any]]
) -> None:
    zone, anchor, content = drawn
    working = compiled(Calendar.model_validate(content), "UTC")
    start = data.draw(instants(anchor, zone))
    end = start + data.draw(st.integers(-10, 3 * 24 * 60)) * MINUTE
    expected = slow_clock.open_time(zone, hours_on(content), start, end, MINUTE)
    assert working.between(start, end) == expected
    assert sum((b - a for a, b in working.openings(start, end)), timedelta(0)) == expected
    assert working.is_open(start) == slow_clock.is_open(
        start.astimezone(ZoneInfo(zone)).replace(tzinfo=None), hours_on(content)
    )


MICROSECONDS = st.integers(0, 40 * 24 * 3_600_000_000).map(lambda count: timedelta(microseconds=count))


@given(st.data(), settings_of_a_calendar(), MICROSECONDS, MICROSECONDS)
def test_the_laws_of_counting(
    data: st.DataObject, drawn: tuple[str, date, dict[str, Any]], one: timedelta, other: timedelta
) -> None:
    zone, anchor, content = drawn
    working = compiled(Calendar.model_validate(content), "UTC")
    start = data.draw(instants(anchor, zone, timedelta(microseconds=1)))
    due = working.add(start, one)
    assert working.between(start, due) == one
    assert working.add(due, other) == working.add(start, one + other)
    assert working.between(start, due) + working.between(due, due + other) == working.between(start, due + other)
    assert (working.add(start, other) <= due) == (other <= one)
    assert working.add(start + other, one) >= due
    begun = working.back(due, one)
    assert begun >= start
    assert working.between(begun, due) == one
    if one:
        # Earliest and latest: one instant nearer, and less has passed.
        assert working.between(start, due - timedelta.resolution) < one
        assert working.between(begun + timedelta.resolution, due) < one
    opens = working.next_opening(start)
    assert working.is_open(opens)
    assert working.between(start, opens) == timedelta(0)


@given(st.data(), settings_of_a_calendar())
def test_openings_and_closings_make_up_the_whole_time(
    data: st.DataObject, drawn: tuple[str, date, dict[str, Any]]
) -> None:
    zone, anchor, content = drawn
    working = compiled(Calendar.model_validate(content), "UTC")
    start = data.draw(instants(anchor, zone))
    end = start + data.draw(st.integers(0, 20 * 24 * 60)) * MINUTE
    openings, closings = list(working.openings(start, end)), list(working.closings(start, end))
    pieces = sorted([*openings, *((each.start, each.end) for each in closings)])
    assert [piece[0] for piece in pieces] == [start, *(piece[1] for piece in pieces[:-1])][: len(pieces)]
    assert not pieces or pieces[-1][1] == end
    for opened, closed in openings:
        assert working.is_open(opened)
        assert not working.is_open(closed) or closed == end
    for closing in closings:
        first, last = (at.astimezone(ZoneInfo(zone)) for at in (closing.start, closing.end - timedelta.resolution))
        assert not working.is_open(closing.start)
        # What is left of a night whose evening did not open belongs to the date of that evening.
        assert first.date() - timedelta(days=1) <= closing.first <= first.date()
        assert last.date() - timedelta(days=1) <= closing.last <= last.date()


def office(zone: str = "Asia/Shanghai", **more: Any) -> WorkingTime:
    hours = {day: ["09:00-18:00"] for day in WEEK[:5]}
    return compiled(Calendar.model_validate({"hours": hours} | more), zone)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


GOLDEN_WEEK = {"2026": {"closed": ["2026-10-01/2026-10-07"], "open": ["2026-09-20", "2026-10-10"]}}


def test_every_closed_stretch_has_its_reason() -> None:
    working = office(holidays={"country": "CN", "years": GOLDEN_WEEK}, closed=["2026-10-08"])
    start = at("2026-09-30T16:00+08:00")
    due = working.add(start, hours(4))
    assert due == at("2026-10-09T11:00+08:00")
    assert [(each.why, each.first.day, each.last.day) for each in working.closings(start, due)] == [
        (Closed.OUTSIDE_HOURS, 30, 30),
        (Closed.PUBLIC_HOLIDAY, 1, 7),
        (Closed.COMPANY_CLOSED, 8, 8),
        (Closed.OUTSIDE_HOURS, 9, 9),
    ]


def test_an_exception_wins_over_the_companys_days_and_those_over_public_holidays() -> None:
    working = office(
        holidays={"country": "CN", "years": GOLDEN_WEEK},
        open=["2026-10-03"],
        closed=["2026-10-10"],
        exceptions={"2026-10-04": ["10:00-12:00"], "2026-10-09": []},
    )
    opens = [
        tuple(each.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%d %H:%M") for each in opening)
        for opening in working.openings(at("2026-10-01T00:00+08:00"), at("2026-10-12T00:00+08:00"))
    ]
    assert opens == [("03 09:00", "03 18:00"), ("04 10:00", "04 12:00"), ("08 09:00", "08 18:00")]
    reasons = {each.why for each in working.closings(at("2026-10-09T00:00+08:00"), at("2026-10-10T00:00+08:00"))}
    assert reasons == {Closed.EXCEPTION}


def test_a_holiday_closes_the_night_that_starts_on_it_and_not_the_end_of_the_night_before() -> None:
    nights = {day: ["22:00-06:00"] for day in WEEK}
    working = compiled(Calendar.model_validate({"hours": nights, "closed": ["2026-10-01"]}), "Asia/Shanghai")
    openings = list(working.openings(at("2026-10-01T00:00+08:00"), at("2026-10-02T23:00+08:00")))
    assert openings == [
        (at("2026-10-01T00:00+08:00"), at("2026-10-01T06:00+08:00")),
        (at("2026-10-02T22:00+08:00"), at("2026-10-02T23:00+08:00")),
    ]
    missed = next(working.closings(at("2026-10-02T00:00+08:00"), at("2026-10-02T06:00+08:00")))
    assert (missed.why, missed.first) == (Closed.COMPANY_CLOSED, date(2026, 10, 1))


def test_an_hour_that_the_clock_repeats_counts_twice_and_one_that_it_skips_does_not_exist() -> None:
    nights = compiled(Calendar.model_validate({"hours": {"sun": ["01:00-04:00"]}}), "Europe/Berlin")
    assert nights.between(at("2026-10-25T00:00+02:00"), at("2026-10-26T00:00+01:00")) == hours(4)
    assert nights.between(at("2026-03-29T00:00+01:00"), at("2026-03-30T00:00+02:00")) == hours(2)


def test_a_date_that_the_calendar_skips_is_not_worked() -> None:
    working = compiled(Calendar.model_validate({"hours": {day: ["00:00-24:00"] for day in WEEK}}), "Pacific/Apia")
    assert working.between(at("2011-12-29T00:00-10:00"), at("2012-01-01T00:00+14:00")) == hours(48)


def test_a_week_that_is_always_open_is_plain_addition() -> None:
    working = compiled(Calendar.model_validate({"hours": {day: ["00:00-24:00"] for day in WEEK}}), "Europe/Berlin")
    start = at("2026-03-28T23:50:00.000001+01:00")
    assert working.add(start, hours(1000)) == start + hours(1000) == ALWAYS.add(start, hours(1000))
    assert list(working.openings(start, start + hours(1000))) == [(start, start + hours(1000))]
    assert list(working.closings(start, start + hours(1000))) == []


def test_what_ends_as_the_doors_close_is_due_then() -> None:
    assert office().add(at("2026-10-09T17:00+08:00"), hours(1)) == at("2026-10-09T18:00+08:00")
    assert office().add(at("2026-10-09T18:00+08:00"), timedelta(0)) == at("2026-10-09T18:00+08:00")


def test_counting_back_from_a_due_time_stays_at_the_opening() -> None:
    assert office().back(at("2026-10-12T10:00+08:00"), hours(1)) == at("2026-10-12T09:00+08:00")
    assert office().back(at("2026-10-12T10:00+08:00"), hours(2)) == at("2026-10-09T17:00+08:00")


def test_a_hold_counts_only_where_it_meets_working_time() -> None:
    start = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)  # half past nine in Shanghai, a Friday
    working = office()
    lunch_and_weekend = [hold((0, 3600)), hold((9 * 3600, 60 * 3600))]
    assert due_time(start, hours(2), lunch_and_weekend[:1], working) == at("2026-11-20T12:30+08:00")
    assert due_time(start, hours(10), lunch_and_weekend, working) == at("2026-11-23T11:30+08:00")


def test_what_is_asked_on_the_stroke_stops_the_clock_and_what_is_asked_later_does_not() -> None:
    start = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
    assert due_time(start, hours(1), [hold((3600, None))], office()) is None
    assert due_time(start, hours(1), [hold((3601, None))], office()) == start + hours(1)
    assert due_time(start, hours(1), [hold((3600, 7200))], office()) == start + hours(1)


def test_a_due_time_ten_years_ahead_takes_less_than_two_milliseconds_and_is_right() -> None:
    years = {
        str(year): {"closed": [f"{year}-10-01/{year}-10-07", f"{year}-01-01"], "open": [f"{year}-10-10"]}
        for year in range(2026, 2038)
    }
    working = office("Europe/Berlin", holidays={"country": "CN", "years": years})
    start = at("2026-09-30T16:00:00.000001+08:00")
    took = []
    for _ in range(20):
        before = perf_counter()
        due = working.add(start, hours(22_000))
        took.append(perf_counter() - before)
    assert due.year == 2036
    assert sum((b - a for a, b in working.openings(start, due)), timedelta(0)) == hours(22_000)
    # The machine may be busy with something else during most of them.
    assert min(took) < 0.002


@pytest.mark.parametrize("working", [office(), ALWAYS], ids=["office", "always"])
def test_a_due_time_beyond_the_calendar_is_refused_at_once(working: WorkingTime) -> None:
    before = perf_counter()
    for budget in (timedelta.max, timedelta(days=365 * 9000)):
        with pytest.raises(ValueError, match="outside the calendar"):
            working.add(at("2026-10-09T17:00+08:00"), budget)
    with pytest.raises(ValueError, match="negative"):
        working.add(at("2026-10-09T17:00+08:00"), -SECOND)
    assert perf_counter() - before < 2


@pytest.mark.parametrize(
    "zone", ["Africa/Freetown", "America/Noronha", "Asia/Gaza", "Africa/Casablanca", "Asia/Pyongyang"]
)
def test_every_change_of_a_zones_clock_is_found(zone: str) -> None:
    local = ZoneInfo(zone)
    begin, end = zones.instant_of(datetime(1935, 1, 1, tzinfo=UTC)), zones.instant_of(datetime(2045, 1, 1, tzinfo=UTC))
    looked_at = begin
    for stretch in zones.stretches(zone, begin):
        while looked_at < min(stretch.end, end):
            told = zones.as_datetime(looked_at).astimezone(local).utcoffset()
            assert told == stretch.offset * timedelta.resolution
            looked_at += 6 * 3600 * zones.SECOND
        if stretch.end >= end:
            return
        before = zones.as_datetime(stretch.end) - SECOND
        assert before.astimezone(local).utcoffset() == stretch.offset * timedelta.resolution
