"""Public holidays from the library."""

import re
from datetime import UTC, date, datetime

import pytest

from complaints.worktime import WEEK, Calendar, HolidayYear, PublicHolidays, compiled, covers
from deploy.public_holidays import holidays_of, is_published, resolved
from deploy.refusal import Refusal


def listed(days: tuple[str, ...], day: date) -> bool:
    return any(covers(each, day) for each in days)


def test_the_golden_week_of_2026_and_the_days_that_make_up_for_it() -> None:
    year = holidays_of("CN", None, 2026)
    assert all(listed(year.closed, date(2026, 10, day)) for day in range(1, 8))
    assert listed(year.open, date(2026, 9, 20))
    assert listed(year.open, date(2026, 10, 10))
    assert not listed(year.closed, date(2026, 10, 8))


def test_the_breaks_of_2026_are_those_that_were_published() -> None:
    assert holidays_of("CN", None, 2026).closed == (
        "2026-01-01/2026-01-03",
        "2026-02-15/2026-02-23",
        "2026-04-04/2026-04-06",
        "2026-05-01/2026-05-05",
        "2026-06-19/2026-06-21",
        "2026-09-25/2026-09-27",
        "2026-10-01/2026-10-07",
    )


def test_a_make_up_day_in_the_year_before_its_holiday_is_known() -> None:
    assert listed(holidays_of("CN", None, 2006).open, date(2006, 12, 31))


def test_a_year_that_is_not_published_yet_is_told() -> None:
    assert is_published("CN", None, 2026)
    assert not is_published("CN", None, 2099)
    assert is_published("DE", "BY", 2099)
    assert holidays_of("CN", None, 2099).open == ()


def test_a_part_of_a_country_has_holidays_of_its_own() -> None:
    epiphany = date(2026, 1, 6)
    assert listed(holidays_of("DE", "BY", 2026).closed, epiphany)
    assert not listed(holidays_of("DE", "BE", 2026).closed, epiphany)


def test_a_holiday_kept_in_the_year_before_is_known() -> None:
    assert listed(holidays_of("US", None, 2021).closed, date(2021, 12, 31))


@pytest.mark.parametrize(
    ("country", "subdivision"), [("XX", None), ("china", None), ("", None), ("DE", "ZZ"), ("HK", "X")]
)
def test_what_the_library_does_not_know_is_refused_in_both_languages(country: str, subdivision: str | None) -> None:
    with pytest.raises(Refusal) as refused:
        holidays_of(country, subdivision, 2026)
    assert re.search("[\u4e00-\u9fff]", refused.value.zh)
    assert not re.search("[\u4e00-\u9fff]", refused.value.en)


def test_a_calendar_keeps_what_it_says_itself_of_a_year() -> None:
    own = HolidayYear(closed=("2027-10-01/2027-10-08",))
    calendar = Calendar(
        hours=dict.fromkeys(WEEK, ("09:00-18:00",)), holidays=PublicHolidays(country="CN", years={2027: own})
    )
    known = resolved(calendar, range(2026, 2028)).holidays
    assert known is not None
    assert known.known() == {2026: holidays_of("CN", None, 2026), 2027: own}
    assert known.resolved.keys() == {2026}


def test_a_calendar_without_public_holidays_stays_as_it_is() -> None:
    calendar = Calendar(hours={"mon": ("09:00-18:00",)})
    assert resolved(calendar, [2026]) is calendar


def test_what_was_resolved_closes_the_calendar() -> None:
    calendar = Calendar(hours=dict.fromkeys(WEEK, ("00:00-24:00",)), holidays=PublicHolidays(country="CN"))
    noon = datetime(2026, 10, 1, 4, tzinfo=UTC)
    assert compiled(calendar, "Asia/Shanghai").is_open(noon)
    assert not compiled(resolved(calendar, [2026]), "Asia/Shanghai").is_open(noon)
