"""Working time: counting only the hours during which somebody is there.

Hours are those of the local clock: an instant is open if the clock on the wall shows an open time then. An hour that
the clock repeats counts twice, therefore, and one that it skips does not exist. An overnight shift belongs to the date
on which it starts. Everything is exact to the microsecond.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import accumulate, chain
from typing import NamedTuple
from zoneinfo import ZoneInfo

from complaints.zones import (
    DAY,
    LAST_INSTANT,
    Stretch,
    as_datetime,
    in_microseconds,
    instant_of,
    stretches,
    stretches_back,
)

Shift = tuple[int, int]
"""From when to when, in microseconds after midnight; an overnight shift ends after those of its day are over."""


class Closed(StrEnum):
    """Why nobody is there."""

    OUTSIDE_HOURS = "outside_hours"
    DAY_OFF = "day_off"
    PUBLIC_HOLIDAY = "public_holiday"
    COMPANY_CLOSED = "company_closed"
    EXCEPTION = "exception"


class Day(NamedTuple):
    """The shifts that start on one date, where they are not those of its weekday, and why it is closed outside them."""

    shifts: tuple[Shift, ...]
    why: Closed


class Closing(NamedTuple):
    """A time [start, end) in UTC during which nobody is there; why; and the first and the last local date of it."""

    start: datetime
    end: datetime
    why: Closed
    first: date
    last: date


Stop = tuple[datetime, datetime | None]
"""A time during which a clock stands still; None where that has not ended."""


class WorkingTime:
    """The open hours of a calendar in its time zone, made ready for counting."""

    def __init__(self, zone: str, week: Sequence[tuple[Shift, ...]], days: Mapping[int, Day]) -> None:
        """`week` has the shifts of Monday to Sunday; `days` those of special dates, by `date.toordinal()`.

        Shifts may overlap, and then count once. Raises ZoneInfoNotFoundError for an unknown zone.
        """
        self._zone = zone
        self._local = ZoneInfo(zone)
        self._works = [bool(shifts) for shifts in week]
        self._nights = [max((end - DAY for _, end in shifts), default=0) for shifts in week]
        self._special = {ordinal - 1: day for ordinal, day in days.items()}
        self._weekdays = [_opening(week[day - 1], week[day]) for day in range(7)]
        self._lengths = [_length(pattern) for pattern in self._weekdays]
        self._before = [0, *accumulate(self._lengths)]
        # A special date changes the date after it too, by the shifts that go on after midnight.
        self._changed = sorted({each for number in self._special for each in (number, number + 1)})
        self._patterns = {
            number: _opening(self._shifts(number - 1, week), self._shifts(number, week)) for number in self._changed
        }
        differences = (_length(self._patterns[number]) - self._lengths[number % 7] for number in self._changed)
        self._corrections = [0, *accumulate(differences)]

    def _shifts(self, number: int, week: Sequence[tuple[Shift, ...]]) -> tuple[Shift, ...]:
        day = self._special.get(number)
        return week[number % 7] if day is None else day.shifts

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is there at an instant."""
        instant = instant_of(at)
        number, time = divmod(instant + next(stretches(self._zone, instant)).offset, DAY)
        return any(start <= time < end for start, end in self._pattern(number))

    def add(self, start: datetime, budget: timedelta) -> datetime:
        """The earliest instant at which `budget` of open time has passed since `start`, in UTC.

        What ends as the doors close is due then, not when they open again. Raises ValueError for a negative budget and
        where the instant lies after the year 9999, or never comes.
        """
        left = in_microseconds(budget)
        instant = instant_of(start)
        if left <= 0:
            return as_datetime(instant + _not_negative(left))
        if self._counted(LAST_INSTANT) - self._counted(instant) + 2 * DAY < left:
            raise ValueError("lies outside the calendar")
        for stretch in stretches(self._zone, instant):
            begin, end = max(instant, stretch.begin) + stretch.offset, stretch.end + stretch.offset
            target = self._counted(begin) + left
            left = target - self._counted(end)
            if left <= 0:
                return as_datetime(self._reached(target, begin, end) - stretch.offset)
        raise ValueError("lies outside the calendar")

    def back(self, end: datetime, budget: timedelta) -> datetime:
        """The latest instant from which `budget` of open time passes until `end`, in UTC: counting back.

        Raises ValueError for a negative budget and where there is no such instant since the year 1.
        """
        left = in_microseconds(budget)
        instant = instant_of(end)
        if left <= 0:
            return as_datetime(instant - _not_negative(left))
        for stretch in stretches_back(self._zone, instant):
            first, last = stretch.begin + stretch.offset, min(instant, stretch.end) + stretch.offset
            target = self._counted(last) - left
            left = self._counted(first) - target
            if left <= 0:
                return as_datetime(self._left_over(target, first, last) - stretch.offset)
        raise ValueError("lies outside the calendar")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much open time lies between two instants; none where the second is not the later one."""
        first, last = instant_of(start), instant_of(end)
        open_time = sum(
            self._counted(until + offset) - self._counted(since + offset)
            for since, until, offset in self._parts(first, last)
        )
        return timedelta(microseconds=open_time)

    def due(self, start: datetime, budget: timedelta, stops: Iterable[Stop]) -> datetime | None:
        """The earliest instant at which `budget` of open time without stops has passed since `start`, in UTC.

        None while a stop is open, unless the budget was used up before it began: what is asked on the stroke is in
        time. Stops may overlap, and then count once; they count only where they meet open time after the start. Raises
        ValueError as `add` does.
        """
        due = self.add(start, budget)
        counted_to = start.astimezone(UTC)
        for began, ended in sorted(stops, key=_beginning):
            since = max(began.astimezone(UTC), counted_to)
            if since > due:
                break
            if ended is None:
                return None
            if since < due and ended > since:
                budget -= self.between(counted_to, since)
                counted_to = ended.astimezone(UTC)
                due = self.add(counted_to, budget)
        return due

    def next_opening(self, at: datetime) -> datetime:
        """The earliest open instant that is not before `at`, in UTC. Raises ValueError where there is none."""
        return self.add(at, timedelta.resolution) - timedelta.resolution

    def openings(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The times [from, to) between two instants during which somebody is there, in UTC and in order."""
        for since, until in self._openings(instant_of(start), instant_of(end)):
            yield as_datetime(since), as_datetime(until)

    def closings(self, start: datetime, end: datetime) -> Iterator[Closing]:
        """The times between two instants during which nobody is there, in order, each with a single reason."""
        counted_to, last = instant_of(start), instant_of(end)
        pending: Closing | None = None
        for since, until in chain(self._openings(counted_to, last), [(last, last)]):
            for piece in self._reasons(counted_to, since):
                if pending is not None and pending.end == piece.start and pending.why is piece.why:
                    pending = pending._replace(end=piece.end, last=piece.last)
                    continue
                if pending is not None:
                    yield pending
                pending = piece
            counted_to = until
        if pending is not None:
            yield pending

    def _parts(self, first: int, last: int) -> Iterator[Stretch]:
        """The stretches of constant offset that make up the time between two instants."""
        if last <= first:
            return
        for begin, end, offset in stretches(self._zone, first):
            yield Stretch(max(begin, first), min(end, last), offset)
            if end >= last:
                return

    def _openings(self, first: int, last: int) -> Iterator[Shift]:
        pending: Shift | None = None
        for since, until, offset in self._parts(first, last):
            for number in range((since + offset) // DAY, (until + offset - 1) // DAY + 1):
                for start, end in self._pattern(number):
                    opens = max(number * DAY + start - offset, since)
                    closes = min(number * DAY + end - offset, until)
                    if opens >= closes:
                        continue
                    if pending is not None and pending[1] == opens:
                        opens = pending[0]
                    elif pending is not None:
                        yield pending
                    pending = opens, closes
        if pending is not None:
            yield pending

    def _reasons(self, first: int, last: int) -> Iterator[Closing]:
        for since, until, offset in self._parts(first, last):
            for number in range((since + offset) // DAY, (until + offset - 1) // DAY + 1):
                midnight = number * DAY - offset
                # Until then last night's shift would still have gone on, had it not been called off.
                night = midnight + (self._nights[(number - 1) % 7] if number - 1 in self._special else 0)
                for day, opens, closes in (
                    (number - 1, midnight, night),
                    (number, max(midnight, night), midnight + DAY),
                ):
                    begin, end = max(opens, since), min(closes, until)
                    if begin < end:
                        on = date.fromordinal(day + 1)
                        yield Closing(as_datetime(begin), as_datetime(end), self._why(day), on, on)

    def _why(self, number: int) -> Closed:
        day = self._special.get(number)
        if day is not None:
            return day.why
        return Closed.OUTSIDE_HOURS if self._works[number % 7] else Closed.DAY_OFF

    def _pattern(self, number: int) -> tuple[Shift, ...]:
        pattern = self._patterns.get(number)
        return self._weekdays[number % 7] if pattern is None else pattern

    def _counted_days(self, number: int) -> int:
        """The open wall time from the beginning of the calendar to that of a day."""
        weeks, weekday = divmod(number, 7)
        return weeks * self._before[7] + self._before[weekday] + self._corrections[bisect_left(self._changed, number)]

    def _counted(self, wall: int) -> int:
        """The open wall time from the beginning of the calendar to a wall time."""
        number, time = divmod(wall, DAY)
        total = self._counted_days(number)
        for start, end in self._pattern(number):
            if time <= start:
                break
            total += min(time, end) - start
        return total

    def _reached(self, target: int, begin: int, end: int) -> int:
        """The earliest wall time between two at which that much has been counted. The later one must do."""
        days = range(begin // DAY, end // DAY + 1)
        number = days[bisect_left(days, target, key=lambda day: self._counted_days(day + 1))]
        missing = target - self._counted_days(number)
        for start, end_ in self._pattern(number):
            if missing <= end_ - start:
                return number * DAY + start + missing
            missing -= end_ - start
        raise AssertionError("a day that reaches the target has the time for it")

    def _left_over(self, target: int, begin: int, end: int) -> int:
        """The latest wall time between two at which no more has been counted. At the later one it must be more."""
        days = range(begin // DAY, end // DAY + 1)
        number = days[bisect_right(days, target, key=self._counted_days) - 1]
        over = target - self._counted_days(number)
        for start, end_ in self._pattern(number):
            if over < end_ - start:
                return number * DAY + start + over
            over -= end_ - start
        raise AssertionError("a day that goes past the target has the time for it")


def _opening(yesterday: Iterable[Shift], today: Iterable[Shift]) -> tuple[Shift, ...]:
    """The open times of a date in order: what its own shifts and those of the night before leave of it."""
    tails = ((0, end - DAY) for _, end in yesterday if end > DAY)
    merged: list[Shift] = []
    for start, end in sorted([*tails, *((start, min(end, DAY)) for start, end in today)]):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        elif end > start:
            merged.append((start, end))
    return tuple(merged)


def _length(pattern: Iterable[Shift]) -> int:
    return sum(end - start for start, end in pattern)


def _beginning(stop: Stop) -> datetime:
    return stop[0].astimezone(UTC)


def _not_negative(microseconds: int) -> int:
    if microseconds < 0:
        raise ValueError("a budget cannot be negative")
    return microseconds


class _Always(WorkingTime):
    """24 hours on 7 days: plain addition."""

    def __init__(self) -> None:
        super().__init__("UTC", [((0, DAY),)] * 7, {})

    def is_open(self, at: datetime) -> bool:
        return True

    def add(self, start: datetime, budget: timedelta) -> datetime:
        if budget.days < 0:
            _not_negative(in_microseconds(budget))
        try:
            return start.astimezone(UTC) + budget
        except OverflowError:
            raise ValueError("lies outside the calendar") from None

    def between(self, start: datetime, end: datetime) -> timedelta:
        return max(end.astimezone(UTC) - start.astimezone(UTC), timedelta(0))


ALWAYS: WorkingTime = _Always()
"""Around the clock."""
