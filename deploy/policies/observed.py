"""The public holidays of a policy's calendars: those that a case takes with it, and those that nobody knows yet.

The library of holidays is loaded where a calendar names a country, and not before.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from complaints.checking import Problem
from complaints.policy import Policy
from complaints.worktime import PublicHolidays
from deploy.refusal import Refusal

YEARS_BEFORE, YEARS_AFTER = 1, 3
"""The years around the filing whose public holidays a case takes with it."""


def years_around(year: int) -> range:
    """The years whose public holidays a case that is filed in `year` takes with it."""
    return range(year - YEARS_BEFORE, year + YEARS_AFTER + 1)


def with_holidays(policy: Policy, year: int) -> Policy:
    """The policy with the public holidays of the years around one. Raises Refusal for a country unknown."""
    return with_holidays_of(policy, years_around(year))


def with_holidays_of(policy: Policy, years: Iterable[int]) -> Policy:
    """The policy with the public holidays of these years. Raises Refusal for a country unknown."""
    wanted = tuple(years)
    observing = {name: each for name, each in policy.calendars.items() if each.holidays is not None}
    if not observing:
        return policy
    from deploy.public_holidays import resolved

    known = {name: resolved(each, wanted) for name, each in observing.items()}
    return policy.model_copy(update={"calendars": {**policy.calendars, **known}})


def unknown_countries(policy: Policy) -> Iterator[Problem]:
    """Calendars whose public holidays the library does not have."""
    for place, public in _observed(policy):
        from deploy.public_holidays import is_published

        try:
            is_published(public.country, public.subdivision, date.min.year)
        except Refusal as refused:
            name = "country" if public.subdivision is None else "subdivision"
            yield Problem((*place, name), refused.zh.rstrip("。"), refused.en.rstrip("."))


def unpublished(policy: Policy, today: date) -> Iterator[Problem]:
    """Years whose public holidays are not known yet. Raises Refusal for a country unknown."""
    for place, public in _observed(policy):
        from deploy.public_holidays import is_published

        known = {*public.years}
        missing = [
            year
            for year in range(today.year, years_around(today.year).stop)
            if year not in known and not is_published(public.country, public.subdivision, year)
        ]
        if missing:
            years = ", ".join(map(str, missing))
            yield Problem(
                (*place, "years"),
                f"{public.country} {years.replace(', ', '、')} 年的放假和调休安排尚未公布，先按法定节日推算；"
                "公布后请更新 Redress，或写入 years",
                f"how {public.country} keeps its holidays in {years} is not published yet, and supposed from the "
                "statutory ones; once it is, update Redress or write it under years",
            )


def _observed(policy: Policy) -> Iterator[tuple[tuple[str, ...], PublicHolidays]]:
    for name, calendar in policy.calendars.items():
        if calendar.holidays is not None:
            yield ("calendars", name, "holidays"), calendar.holidays
