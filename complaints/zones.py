"""Where the clocks of a time zone are put forward or back.

Instants and wall times are counted here in whole microseconds since the year 1 began: of UTC the one, of the local
clock the other. The wall time of an instant is the instant plus the offset of the stretch that it lies in.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

SECOND = 1_000_000
DAY = 24 * 60 * 60 * SECOND
FIRST_YEAR, LAST_YEAR = 1, 9999

_ZERO = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)
# The shortest that any zone ever kept an offset is a little under four days. No two changes lie in two steps of this.
_PROBE = 2 * DAY - DAY // 12
_PROBES = [timedelta(microseconds=step) for step in range(_PROBE, 363 * DAY, _PROBE)]
# No zone is further from UTC than this, so that a wall time this far inside the calendar always exists.
_MARGIN = 2 * DAY


class Stretch(NamedTuple):
    """A time [begin, end) during which a zone's clock keeps one distance from UTC. In microseconds."""

    begin: int
    end: int
    offset: int


def in_microseconds(span: timedelta) -> int:
    """A duration as a whole number of microseconds."""
    return (span.days * 86_400 + span.seconds) * SECOND + span.microseconds


def instant_of(at: datetime) -> int:
    """The microsecond at which an instant lies. Raises ValueError for one without a zone."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return in_microseconds(at - _ZERO)


def as_datetime(instant: int) -> datetime:
    """The instant at a microsecond, in UTC. Raises ValueError for one outside the years 1 to 9999."""
    try:
        return _ZERO + timedelta(microseconds=instant)
    except OverflowError:
        raise ValueError("lies outside the calendar") from None


LAST_INSTANT = instant_of(_LAST)


def stretches(zone: str, instant: int) -> Iterator[Stretch]:
    """The stretches from the one that an instant lies in to the end of the calendar, in order."""
    for year in range(as_datetime(instant).year, LAST_YEAR + 1):
        for stretch in _of_year(zone, year):
            if stretch.end > instant:
                yield stretch


def stretches_back(zone: str, instant: int) -> Iterator[Stretch]:
    """The stretches that begin before an instant, the latest first, down to the beginning of the calendar."""
    for year in range(as_datetime(instant).year, FIRST_YEAR - 1, -1):
        for stretch in reversed(_of_year(zone, year)):
            if stretch.begin < instant:
                yield stretch


@lru_cache(maxsize=20_000)
def _of_year(zone: str, year: int) -> tuple[Stretch, ...]:
    """The stretches that make up a year of UTC."""
    local = ZoneInfo(zone)
    begin = instant_of(datetime(year, 1, 1, tzinfo=UTC))
    end = LAST_INSTANT + 1 if year == LAST_YEAR else instant_of(datetime(year + 1, 1, 1, tzinfo=UTC))
    since, offset = begin, _offset(local, begin)
    found: list[Stretch] = []
    for probe, seen in [*_changes_on_the_clock(local, year, offset), (end - 1, _offset(local, end - 1))]:
        if seen != offset:
            at = _first_with(local, seen, max(probe - 2 * _PROBE, begin), probe)
            found.append(Stretch(since, at, offset))
            since, offset = at, seen
    return (*found, Stretch(since, end, offset))


def _changes_on_the_clock(zone: ZoneInfo, year: int, offset: int) -> Iterator[tuple[int, int]]:
    """Instants at which a wall clock, looked at every so often, tells another offset than the time before; and which.

    A wall clock is asked because that is far quicker. Where it skips an hour or a day, it tells the offset from before
    for that much longer.
    """
    seen: timedelta | None = timedelta(microseconds=offset)
    first, ask = datetime(year, 1, 1, tzinfo=zone), zone.utcoffset
    for step in _PROBES:
        wall = first + step
        told = ask(wall)
        if told != seen:
            seen = told
            yield instant_of(wall), in_microseconds(told or timedelta(0))


def _first_with(zone: ZoneInfo, offset: int, before: int, with_it: int) -> int:
    # Clocks are put forward and back at whole seconds.
    low, high = before // SECOND, with_it // SECOND
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, middle * SECOND) == offset:
            high = middle
        else:
            low = middle
    return high * SECOND


def _offset(zone: ZoneInfo, instant: int) -> int:
    inside = min(max(instant, _MARGIN), LAST_INSTANT - _MARGIN)
    return in_microseconds((_ZERO + timedelta(microseconds=inside)).astimezone(zone).utcoffset() or timedelta(0))
