"""Worked cases of working time: reading their file, and saying of each whether Redress comes to the same due time.

Hours are local times of the case's `timezone`; an end that is not after its start lies on the next day. A date in
`holidays` is closed, also where it stands in `working_days`; one of those has the hours of its weekday, or Monday's
where that has none. Hours and holds may overlap, and then count once.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from complaints.openhours import Day, Shift
from complaints.worktime import WEEK, Closed, Stop, WorkingTime
from complaints.zones import DAY, SECOND
from deploy.cli.client import failed
from deploy.cli.texts import both

_TIME = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])(?::([0-5][0-9]))?", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_UNSAID = object()
# Far beyond the calendar, and yet a number that can be handled.
_MOST_MINUTES = 10**10


class Malformed(Exception):
    """A case that cannot be worked out; why, in Chinese and in English."""

    def __init__(self, key: str, /, **values: object) -> None:
        self.zh, self.en = both(key, **values)
        super().__init__(self.en)


class Verdict(NamedTuple):
    """What became of one case. `due` and `expected` are in its time zone, None while a hold is open.

    `matches` is None where the case does not say what is expected. A malformed case has a `problem` and does not match.
    """

    id: str
    due: datetime | None
    expected: datetime | None
    matches: bool | None
    problem: Malformed | None = None


def read_cases(file: Path) -> list[Any]:
    """The cases in a file as they stand there. Raises Refusal for a file that holds none."""
    try:
        content = json.loads(file.read_text("utf-8-sig"), parse_float=Decimal, parse_constant=Decimal)
    except OSError as error:
        raise failed("due_unreadable", file=file, reason=error.strerror) from None
    except RecursionError:
        raise failed("due_unreadable", file=file, reason="JSON") from None
    except ValueError as error:
        raise failed("due_unreadable", file=file, reason=error) from None
    cases = content.get("cases") if isinstance(content, dict) else content
    if not isinstance(cases, list):
        raise failed("due_not_cases", file=file)
    return cases


def judged(cases: list[Any]) -> Iterator[Verdict]:
    """What becomes of each case, in order."""
    for number, case in enumerate(cases, 1):
        name = _name(case, number)
        try:
            yield _judged(name, case)
        except Malformed as problem:
            yield Verdict(name, None, None, False, problem)


def _name(case: Any, number: int) -> str:
    name = case.get("id") if isinstance(case, dict) else None
    if name is None or isinstance(name, dict | list):
        return f"#{number}"
    # What a terminal cannot show must not stop it either.
    return str(name) if str(name).isprintable() else ascii(name)


def _judged(name: str, case: Any) -> Verdict:
    if not isinstance(case, dict):
        raise Malformed("due_case_no_map")
    zone = _zone(case)
    working = WorkingTime(zone.key, *_calendar(case))
    start, budget, stops = _instant(case, "start"), _budget(case), _stops(case)
    expected: Any = _UNSAID
    if "due" in case:
        expected = None if case["due"] is None else _instant(case, "due")
    try:
        due = working.due(start, budget, stops)
        shown = due and due.astimezone(zone)
        if expected is _UNSAID:
            return Verdict(name, shown, None, None)
        return Verdict(name, shown, expected and expected.astimezone(zone), due == expected)
    except (ValueError, OverflowError):
        raise Malformed("due_case_never") from None


def _required(case: Mapping[str, Any], place: str) -> Any:
    try:
        return case[place]
    except KeyError:
        raise Malformed("due_case_missing", place=place) from None


def _zone(case: Mapping[str, Any]) -> ZoneInfo:
    name = _required(case, "timezone")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError, TypeError, AttributeError):
        raise Malformed("due_case_zone") from None


def _calendar(case: Mapping[str, Any]) -> tuple[list[tuple[Shift, ...]], dict[int, Day]]:
    hours = _required(case, "hours")
    if not isinstance(hours, dict) or not hours.keys() <= set(WEEK):
        raise Malformed("due_case_hours")
    week = [_shifts(hours, day) for day in WEEK]
    days = {
        ordinal: Day(week[(ordinal - 1) % 7] or week[0], Closed.OUTSIDE_HOURS)
        for ordinal in _dates(case, "working_days")
    }
    days.update((ordinal, Day((), Closed.PUBLIC_HOLIDAY)) for ordinal in _dates(case, "holidays"))
    return week, days


def _shifts(hours: Mapping[str, Any], day: str) -> tuple[Shift, ...]:
    intervals = hours.get(day)
    if intervals is None:
        return ()
    if not isinstance(intervals, list):
        raise Malformed("due_case_hours")
    return tuple(_shift(interval, f"hours.{day}") for interval in intervals)


def _shift(interval: Any, place: str) -> Shift:
    start, end = map(_time, interval) if isinstance(interval, list) and len(interval) == 2 else (None, None)
    if start is None or end is None or start in (end, DAY):
        raise Malformed("due_case_interval", place=place)
    return start, end if end > start else end + DAY


@lru_cache(maxsize=10_000)
def _time_of(text: str) -> int | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hours, minutes, seconds = (int(each or 0) for each in found.groups())
    time = ((hours * 60 + minutes) * 60 + seconds) * SECOND
    return time if time <= DAY else None


def _time(value: Any) -> int | None:
    return _time_of(value) if isinstance(value, str) else None


def _dates(case: Mapping[str, Any], place: str) -> list[int]:
    values = case.get(place)
    if values is None:
        return []
    found = (
        [_ordinal(each) if isinstance(each, str) else None for each in values] if isinstance(values, list) else [None]
    )
    ordinals = [each for each in found if each is not None]
    if len(ordinals) < len(found):
        raise Malformed("due_case_dates", place=place)
    return ordinals


@lru_cache(maxsize=10_000)
def _ordinal(text: str) -> int | None:
    try:
        return date.fromisoformat(text).toordinal() if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _instant(case: Mapping[str, Any], place: str) -> datetime:
    at = _parsed(_required(case, place))
    if at is None:
        raise Malformed("due_case_instant", place=place)
    return at


def _parsed(value: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(value)
        return at.astimezone(UTC) if at.tzinfo is not None else None
    except (TypeError, ValueError, OverflowError):
        return None


def _budget(case: Mapping[str, Any]) -> timedelta:
    minutes = _required(case, "budget_minutes")
    if isinstance(minutes, bool) or not isinstance(minutes, int | Decimal):
        raise Malformed("due_case_budget")
    if not Decimal(minutes).is_finite() or minutes < 0:
        raise Malformed("due_case_budget")
    if minutes > _MOST_MINUTES:
        raise Malformed("due_case_never")
    return timedelta(microseconds=round(Decimal(minutes) * 60 * SECOND))


def _stops(case: Mapping[str, Any]) -> list[Stop]:
    holds = case.get("holds")
    if holds is None:
        return []
    if not isinstance(holds, list):
        raise Malformed("due_case_hold", place="holds")
    return [_stop(hold, f"holds[{number}]") for number, hold in enumerate(holds)]


def _stop(hold: Any, place: str) -> Stop:
    if not isinstance(hold, list) or len(hold) != 2:
        raise Malformed("due_case_hold", place=place)
    began, ended = _parsed(hold[0]), _parsed(hold[1])
    if began is None or (ended is None and hold[1] is not None) or (ended is not None and ended < began):
        raise Malformed("due_case_hold", place=place)
    return began, ended
