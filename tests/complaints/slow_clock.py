"""Working time told slowly and obviously: the clock on the wall is looked at tick by tick.

Nothing of the domain is used here. Transitions, hours and holds must lie on whole ticks.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Hours = Iterable[tuple[str, str]]
HoursOn = Callable[[date], Hours]
Hold = tuple[datetime, datetime | None]

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def _at(day: date, time: str) -> datetime:
    hours, minutes = time.split(":")
    return datetime(day.year, day.month, day.day) + timedelta(hours=int(hours), minutes=int(minutes))  # noqa: DTZ001


def is_open(wall: datetime, hours_on: HoursOn) -> bool:
    """Whether a wall time lies in the hours of its own date, or in an overnight shift of the date before."""
    today = wall.date()
    for day in (today, today - timedelta(days=1)):
        for start, end in hours_on(day):
            opens, closes = _at(day, start), _at(day, end)
            if closes <= opens:
                closes += timedelta(days=1)
            if opens <= wall < closes:
                return True
    return False


def due(
    zone: str, hours_on: HoursOn, start: datetime, budget: timedelta, holds: list[Hold], tick: timedelta, ticks: int
) -> datetime | None:
    """The instant at which the budget has passed, None where an open hold stops it.

    Raises TimeoutError after so many ticks.
    """
    local, now, passed = ZoneInfo(zone), start.astimezone(UTC), timedelta(0)
    for _ in range(ticks):
        if any(ended is None and began <= now for began, ended in holds):
            return None
        if passed == budget:
            return now
        held = any(began <= now and ended is not None and now < ended for began, ended in holds)
        if not held and is_open(now.astimezone(local).replace(tzinfo=None), hours_on):
            passed += tick
        now += tick
    raise TimeoutError


def open_time(zone: str, hours_on: HoursOn, start: datetime, end: datetime, tick: timedelta) -> timedelta:
    """How much open time lies between two instants."""
    local, now, passed = ZoneInfo(zone), start.astimezone(UTC), timedelta(0)
    while now < end:
        passed += tick if is_open(now.astimezone(local).replace(tzinfo=None), hours_on) else timedelta(0)
        now += tick
    return passed
