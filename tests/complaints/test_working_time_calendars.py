"""Calendars as a policy states them: what is accepted, and what is refused with what would be right."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from complaints.worktime import Calendar, compiled, covers
from deploy.policies.wording import in_words

HOURS = {"mon": ["09:00-12:00", "13:00-18:00"], "fri": ["22:00-06:00"], "sat": ["06:00-08:00"]}


def refused(**content: Any) -> tuple[str, tuple[int | str, ...]]:
    with pytest.raises(ValidationError) as caught:
        Calendar.model_validate({"hours": HOURS} | content)
    [error] = caught.value.errors(include_url=False)
    zh, en = in_words(error)
    assert zh != en, "told in both languages"
    return en, error["loc"]


@pytest.mark.parametrize(
    ("content", "told", "place"),
    [
        ({"hours": {}}, "never open", ("hours",)),
        ({"hours": {"mon": []}, "open": ["2026-10-01"]}, "never open", ("hours",)),
        ({"hours": {}, "exceptions": {"2020-01-01": ["09:00-18:00"]}}, "never open", ("hours",)),
        ({"hours": {"mon": ["9:00-18:00"]}}, "HH:MM-HH:MM", ("hours", "mon", 0)),
        ({"hours": {"mon": ["09:00-24:30"]}}, "HH:MM-HH:MM", ("hours", "mon", 0)),
        ({"hours": {"mon": ["24:00-06:00"]}}, "HH:MM-HH:MM", ("hours", "mon", 0)),
        ({"hours": {"mon": ["09:00 - 18:00"]}}, "HH:MM-HH:MM", ("hours", "mon", 0)),
        ({"hours": {"mon": ["09:00-18:00\n"]}}, "HH:MM-HH:MM", ("hours", "mon", 0)),
        ({"hours": {"mon": ["09:00-09:00"]}}, "00:00-24:00", ("hours", "mon", 0)),
        ({"hours": {"mon": ["09:00-13:00", "12:59-18:00"]}}, "overlap", ("hours",)),
        ({"hours": {"mon": ["12:00-13:00", "09:00-18:00"]}}, "overlap", ("hours",)),
        ({"hours": {"mon": ["22:00-06:01"], "tue": ["06:00-08:00"]}}, "overlap", ("hours",)),
        ({"hours": {"sun": ["22:00-06:01"], "mon": ["06:00-08:00"]}}, "overlap", ("hours",)),
        ({"hours": {"funday": ["09:00-18:00"]}}, "mon, tue", ("hours", "funday", "[key]")),
        ({"exceptions": {"2026-10-01": ["09:00-12:00", "11:00-13:00"]}}, "2026-10-01 overlap", ("exceptions",)),
        ({"closed": ["2026-02-30"]}, "must be a date", ("closed", 0)),
        ({"closed": ["1.10.2026"]}, "must be a date", ("closed", 0)),
        ({"closed": ["2026-10-01/"]}, "must be a date", ("closed", 0)),
        ({"closed": ["2026-10-07/2026-10-01"]}, "ends before", ("closed", 0)),
        ({"open": ["2026-01-01/2027-01-02"]}, "covers 367 days", ("open", 0)),
        ({"closed": ["2026-10-01/2026-10-07"], "open": ["2026-10-03"]}, "2026-10-03 stands under closed", ()),
        ({"timezone": "Mars/Olympus"}, "no time zone", ("timezone",)),
        ({"timezone": "../etc/passwd"}, "no time zone", ("timezone",)),
        (
            {"holidays": {"country": "CN", "years": {2026: {"closed": ["2026-12-31/2027-01-01"]}}}},
            "2027-01-01 stands under 2026",
            ("holidays", "years"),
        ),
        (
            {"holidays": {"country": "CN", "years": {2026: {"closed": ["2026-10-01"], "open": ["2026-10-01"]}}}},
            "stands under closed",
            ("holidays", "years", 2026),
        ),
    ],
)
def test_a_calendar_that_cannot_be_meant_is_refused(
    content: dict[str, Any], told: str, place: tuple[int | str, ...]
) -> None:
    en, loc = refused(**content)
    assert told in en
    assert loc == place


def test_hours_may_touch() -> None:
    calendar = Calendar.model_validate(
        {"hours": HOURS | {"sat": ["06:00-12:00", "12:00-24:00"], "sun": ["00:00-01:00"]}}
    )
    assert calendar.hours["sat"] == ("06:00-12:00", "12:00-24:00")


def test_dates_may_stand_as_yaml_reads_them() -> None:
    calendar = Calendar.model_validate(
        {"hours": HOURS, "closed": [date(2026, 10, 1)], "exceptions": {date(2026, 10, 2): []}}
    )
    assert calendar.closed == ("2026-10-01",)
    assert Calendar.model_validate_json(calendar.model_dump_json()) == calendar


def test_calendars_of_the_same_content_share_one_working_time() -> None:
    one, same = (Calendar.model_validate({"hours": HOURS, "closed": ["2026-10-01"]}) for _ in range(2))
    other = Calendar.model_validate({"hours": HOURS})
    assert compiled(one, "UTC") is compiled(same, "UTC")
    assert compiled(one, "UTC") is not compiled(one, "Asia/Shanghai")
    assert compiled(one, "UTC") is not compiled(other, "UTC")


def test_a_calendars_own_zone_wins_over_the_policys() -> None:
    own = Calendar.model_validate({"hours": HOURS, "timezone": "Europe/Berlin"})
    assert compiled(own, "UTC") is compiled(own, "Asia/Shanghai")


def test_a_day_that_is_worked_all_the_same_has_hours_even_where_monday_has_none() -> None:
    hours = {"tue": ["10:00-11:00"]}
    calendar = Calendar.model_validate({"hours": hours, "open": ["2026-10-10"]})
    saturday = datetime(2026, 10, 10, 10, 30, tzinfo=UTC)
    assert compiled(calendar, "UTC").is_open(saturday)


def test_a_range_covers_both_its_ends() -> None:
    assert [covers("2026-10-01/2026-10-03", date(2026, 10, day)) for day in (1, 3, 4)] == [True, True, False]
    assert not covers("2026-10-01", date(2026, 9, 30))
