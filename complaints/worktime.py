"""Calendars as a policy states them: the hours of the week, public holidays, and the company's own days.

Of what is said about a date the most particular counts: its exception, else the company's own `closed` and `open`, else
the public holidays of its year, else the hours of its weekday.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise
from typing import Annotated, Any, Literal, Self, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from complaints.base import Line, Value
from complaints.openhours import ALWAYS, Closed, Closing, Day, Shift, Stop, WorkingTime
from complaints.zones import DAY, SECOND

__all__ = [
    "ALWAYS",
    "WEEK",
    "Calendar",
    "Closed",
    "Closing",
    "Days",
    "HolidayYear",
    "Interval",
    "PublicHolidays",
    "Stop",
    "Weekday",
    "WorkingTime",
    "compiled",
    "covers",
    "dates_of",
]

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Weekday, ...] = get_args(Weekday)

LONGEST_RANGE = 366
_INTERVAL = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-(?:([01][0-9]|2[0-3]):([0-5][0-9])|(24):(00))", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def _interval(text: str) -> str:
    found = _INTERVAL.fullmatch(text)
    if found is None:
        raise PydanticCustomError("interval_form", "must be HH:MM-HH:MM between 00:00 and 24:00, e.g. 09:00-18:00")
    start, _, end = text.partition("-")
    if start == end:
        raise PydanticCustomError("interval_empty", "is empty; the whole day is written 00:00-24:00")
    return text


Interval = Annotated[str, AfterValidator(_interval)]
"""Hours of a day, `09:00-18:00`. An end that is not after the start lies on the next day: an overnight shift."""


def _as_written(value: Any) -> Any:
    # YAML makes a date of a date that stands alone.
    return value.isoformat() if isinstance(value, date) and not isinstance(value, datetime) else value


def _days(text: str) -> str:
    first, slash, last = text.partition("/")
    ends = [_date(first), _date(last if slash else first)]
    if None in ends:
        raise PydanticCustomError("days_form", "must be a date like 2026-10-01, or a range 2026-10-01/2026-10-07")
    days = dates_of(text)
    if not days:
        raise PydanticCustomError("days_backwards", "ends before it begins; the earlier date stands first")
    if len(days) > LONGEST_RANGE:
        raise PydanticCustomError(
            "days_too_many",
            "covers {days} days; a range has {longest} at the most, more need several ranges",
            {"days": len(days), "longest": LONGEST_RANGE},
        )
    return text


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


Days = Annotated[str, BeforeValidator(_as_written), AfterValidator(_days)]
"""A date, `2026-10-01`, or a range of dates with both its ends, `2026-10-01/2026-10-07`."""


def dates_of(days: str) -> range:
    """The dates that are meant, as `date.toordinal()` numbers them."""
    first, _, last = days.partition("/")
    begin = date.fromisoformat(first).toordinal()
    return range(begin, (date.fromisoformat(last).toordinal() if last else begin) + 1)


def covers(days: str, day: date) -> bool:
    """Whether a date is among those that are meant."""
    return day.toordinal() in dates_of(days)


def _all_of(days: Iterable[str]) -> Iterator[int]:
    for each in days:
        yield from dates_of(each)


def _agreeing(closed: Iterable[str], opened: Iterable[str]) -> None:
    both = set(_all_of(closed)) & set(_all_of(opened))
    if both:
        raise PydanticCustomError(
            "day_contradicts",
            "{date} stands under closed and under open; it must be one of them",
            {"date": date.fromordinal(min(both)).isoformat()},
        )


class HolidayYear(Value):
    """The public holidays of a year, and the days that are worked at a weekend to make up for them."""

    closed: tuple[Days, ...] = ()
    open: tuple[Days, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _agreeing(self.closed, self.open)
        return self


class PublicHolidays(Value):
    """The public holidays of a country, or of a part of it, as the `holidays` library names both.

    `years` replaces what the library says of a year; it must where a year's holidays are not published yet. `resolved`
    is what the library said of the others when the policy was pinned to a case: never written in a file.
    """

    country: Line
    subdivision: Line | None = None
    years: dict[int, HolidayYear] = Field(default_factory=dict)
    resolved: dict[int, HolidayYear] = Field(default_factory=dict)

    @field_validator("years", "resolved")
    @classmethod
    def _of_their_years(cls, years: dict[int, HolidayYear]) -> dict[int, HolidayYear]:
        for year, content in years.items():
            for ordinal in _all_of((*content.closed, *content.open)):
                day = date.fromordinal(ordinal)
                if day.year != year:
                    raise PydanticCustomError(
                        "day_of_another_year",
                        "{date} stands under {year}; each date belongs under its own year",
                        {"date": day.isoformat(), "year": year},
                    )
        return years

    def known(self) -> dict[int, HolidayYear]:
        """What is known, by year."""
        return {**self.resolved, **self.years}


class Calendar(Value):
    """When somebody is there. Raises ValidationError for one that is never open or contradicts itself.

    `timezone` is the policy's where it is None. `hours` are those of each weekday; one that is left out is a day off.
    The company's own `closed` and `open` days win over public holidays. A day that is `open` has the hours of its
    weekday, or Monday's where that has none, or else those of the first weekday that has some. `exceptions` give a date
    exactly these hours; none closes it.
    """

    timezone: Line | None = None
    hours: dict[Weekday, tuple[Interval, ...]]
    holidays: PublicHolidays | None = None
    closed: tuple[Days, ...] = ()
    open: tuple[Days, ...] = ()
    exceptions: dict[date, tuple[Interval, ...]] = Field(default_factory=dict)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, zone: str | None) -> str | None:
        try:
            return ZoneInfo(zone).key if zone is not None else None
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise PydanticCustomError("zone_unknown", "is no time zone; name one like Asia/Shanghai") from None

    @field_validator("hours")
    @classmethod
    def _sometimes_open(cls, hours: dict[Weekday, tuple[str, ...]]) -> dict[Weekday, tuple[str, ...]]:
        if not any(hours.values()):
            raise PydanticCustomError(
                "never_open", 'is never open; at least one weekday needs hours, e.g. mon: ["09:00-18:00"]'
            )
        for day, next_day in zip(WEEK, (*WEEK[1:], WEEK[0]), strict=True):
            _apart(day, hours.get(day, ()), hours.get(next_day, ()))
        return hours

    @field_validator("exceptions")
    @classmethod
    def _without_overlaps(cls, exceptions: dict[date, tuple[str, ...]]) -> dict[date, tuple[str, ...]]:
        for day, hours in exceptions.items():
            _apart(day.isoformat(), hours, ())
        return exceptions

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        _agreeing(self.closed, self.open)
        return self


def _apart(day: str, hours: Iterable[str], next_hours: Iterable[str]) -> None:
    found = [(*shift_of(each), each) for each in hours]
    found += [(start + DAY, end + DAY, each) for start, end, each in ((*shift_of(each), each) for each in next_hours)]
    for (_, end, first), (start, _, second) in pairwise(sorted(found)):
        if start < end:
            raise PydanticCustomError(
                "hours_overlap",
                "the hours {first} and {second} of {day} overlap; each hour may stand there once only",
                {"day": day, "first": first, "second": second},
            )


def shift_of(interval: str) -> Shift:
    """The microseconds after midnight at which an interval begins and ends; an overnight one ends on the next day."""
    start, _, end = interval.partition("-")
    begin, until = _microseconds(start), _microseconds(end)
    return begin, until if until > begin else until + DAY


def _microseconds(time: str) -> int:
    hours, _, minutes = time.partition(":")
    return (int(hours) * 60 + int(minutes)) * 60 * SECOND


def compiled(calendar: Calendar, timezone: str) -> WorkingTime:
    """The working time of a calendar, in its own time zone or else in the one given.

    Calendars of the same content share one. Raises ZoneInfoNotFoundError for an unknown time zone.
    """
    return _compiled(_ByContent(calendar), calendar.timezone or timezone)


class _ByContent:
    """A calendar as the key of a cache: equal and hashed by what is in it."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self._content = calendar.model_dump_json()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByContent) and self._content == other._content

    def __hash__(self) -> int:
        return hash(self._content)


@lru_cache(maxsize=512)
def _compiled(key: _ByContent, timezone: str) -> WorkingTime:
    calendar = key.calendar
    week = [tuple(shift_of(each) for each in calendar.hours.get(day, ())) for day in WEEK]
    stand_in = next(filter(None, week), ())
    return WorkingTime(timezone, week, _special(calendar, lambda weekday: week[weekday] or stand_in))


def _special(calendar: Calendar, worked: Callable[[int], tuple[Shift, ...]]) -> Mapping[int, Day]:
    days: dict[int, Day] = {}

    def lay(closed: Iterable[str], opened: Iterable[str], why: Closed) -> None:
        days.update((each, Day(worked((each - 1) % 7), Closed.OUTSIDE_HOURS)) for each in _all_of(opened))
        days.update((each, Day((), why)) for each in _all_of(closed))

    public = calendar.holidays
    for year in public.known().values() if public else ():
        lay(year.closed, year.open, Closed.PUBLIC_HOLIDAY)
    lay(calendar.closed, calendar.open, Closed.COMPANY_CLOSED)
    for day, hours in calendar.exceptions.items():
        days[day.toordinal()] = Day(tuple(shift_of(each) for each in hours), Closed.EXCEPTION)
    return days
