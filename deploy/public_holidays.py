"""Public holidays and the working days that make up for them, from the `holidays` library."""

import warnings
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import chain

import holidays
from holidays import HolidayBase

from complaints.worktime import Calendar, HolidayYear
from deploy.refusal import Refusal

_ONE_DAY = timedelta(days=1)
# As the State Council publishes them: "10 月 1 日至 7 日放假", with the Sunday that lies within.
_WEEKENDS_ARE_PART_OF_THE_HOLIDAY = frozenset({"CN"})


def holidays_of(country: str, subdivision: str | None, year: int) -> HolidayYear:
    """The closed days and the make-up working days of a country, or of a part of it, in a year.

    In China the weekends that adjoin a holiday are part of it, unless they are worked: who works on Sundays otherwise
    has that one off, too. Elsewhere a weekend is named only where its days are holidays. Where a country publishes its
    make-up days year by year, as China does, a year that is not published yet gives the statutory holidays, some on
    a weekday that the library supposes, and no make-up days: `is_published` tells. A year that the library does not
    cover gives nothing. Raises Refusal for a country or a part of one that it does not know.
    """
    # The holidays of one year may be kept in the year before or after it, and made up for there.
    covered = _library(country, subdivision, ())
    years = (each for each in (year - 1, year, year + 1) if covered.start_year <= each <= covered.end_year)
    known = _library(country, subdivision, tuple(years))
    made_up = {day for day in known.weekend_workdays if day.year == year}
    closed = set(known)
    if country in _WEEKENDS_ARE_PART_OF_THE_HOLIDAY:
        closed |= _adjoining_weekends(closed, known)
    closed = {day for day in closed if day.year == year}
    return HolidayYear(closed=tuple(_ranges(closed)), open=tuple(_ranges(made_up - closed)))


def _adjoining_weekends(closed: set[date], known: HolidayBase) -> set[date]:
    found: set[date] = set()
    for step in (_ONE_DAY, -_ONE_DAY):
        for holiday in closed:
            day = holiday + step
            while day.weekday() in known.weekend and day not in closed and day not in known.weekend_workdays:
                found.add(day)
                day += step
    return found


def is_published(country: str, subdivision: str | None, year: int) -> bool:
    """Whether the library knows how a year's holidays are really kept.

    Always so, within the years that it covers, for a country that makes up for no holiday or only by a rule. Raises
    Refusal as `holidays_of` does.
    """
    known = _library(country, subdivision, ())
    if not known.has_substituted_holidays:
        return year <= known.end_year
    return year <= max(getattr(known, "special_public_holidays", {}), default=0)


def resolved(calendar: Calendar, years: Iterable[int]) -> Calendar:
    """The calendar with what the library says of the years for which it does not speak itself.

    Raises Refusal as `holidays_of` does.
    """
    public = calendar.holidays
    if public is None:
        return calendar
    found = {year: holidays_of(public.country, public.subdivision, year) for year in years if year not in public.years}
    return calendar.model_copy(update={"holidays": public.model_copy(update={"resolved": found})})


@lru_cache(maxsize=256)
def _library(country: str, subdivision: str | None, years: tuple[int, ...]) -> HolidayBase:
    supported = holidays.list_supported_countries()
    if country not in supported:
        raise Refusal(
            f"节假日库中没有国家 {country}；请写两位的国家代码，如 CN。",
            f"The library of holidays has no country {country}; name one by its code of two letters, like CN.",
        )
    try:
        with warnings.catch_warnings():
            # It warns of years for which it can only suppose; here `is_published` tells of them.
            warnings.simplefilter("ignore", UserWarning)
            return holidays.country_holidays(country, subdiv=subdivision, years=years)
    except NotImplementedError:
        parts = sorted(supported[country])
        raise Refusal(
            f"节假日库中 {country} 没有地区 {subdivision}；"
            + (f"可用：{'、'.join(parts)}。" if parts else "请去掉这一项。"),
            f"The library of holidays has no part {subdivision} of {country}; "
            + (f"it has {', '.join(parts)}." if parts else "leave it out."),
        ) from None


def _ranges(days: Iterable[date]) -> Iterator[str]:
    """The days as a policy writes them, those that follow each other as one range."""
    first = last = None
    for day in chain(sorted(days), [None]):
        if last is not None and day == last + _ONE_DAY:
            last = day
            continue
        if first is not None and last is not None:
            yield first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"
        first = last = day
