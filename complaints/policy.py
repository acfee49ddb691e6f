"""The policy: versioned data that says which promise runs for whom, for how long, and who hears of a breach.

It is pinned to a case at intake, so that editing it never changes a running case. Every duration is in minutes of the
policy; a trial policy shortens the minute itself (`minute_seconds: 1`), so that a day's life plays in seconds.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cached_property
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError, PydanticKnownError

from complaints.base import Instant, Line, Slug, Value
from complaints.checking import JUDGED_APART, essentials, references
from complaints.parties import Bilingual, Colleague, EmailAddress
from complaints.people import ChainStep, Notice, Person, Silence, Team, Tier
from complaints.terms import ALWAYS_OPEN, Dimension, Minutes, PromiseTerms, Subject, Terms
from complaints.triage import TriageRules
from complaints.vocabulary import EscalationLevel, HoldReason, Language, PromiseKind, Role
from complaints.worktime import ALWAYS, Calendar, WorkingTime, compiled

CURRENT_EDITION = 2
"""The edition of the rules of the trade that cases are filed under today.

A case keeps the one that it was filed under until it is moved to another policy: 1 is that of 0.1. With 2, a
correction re-times every open promise, the same trouble is told to the same person once, tasks run within their case
and follow a revision.
"""


def _no_number(value: Any) -> Any:
    # 20270101 is meant for a date, and would be a day of 1970.
    if isinstance(value, int | float):
        raise PydanticKnownError("datetime_type")
    return value


class HoldTerms(Value):
    """Which promises a reason may hold, and for how long at the most."""

    promises: tuple[PromiseKind, ...] = Field(min_length=1)
    longest_minutes: Minutes


class Department(Value):
    """A department that can be given tasks, the calendar it works by, and who hears first of its late ones."""

    name: Bilingual
    email: EmailAddress
    supervisor: Colleague
    calendar: Slug = ALWAYS_OPEN

    def contact(self) -> Colleague:
        """The department itself, as somebody who can be written to."""
        return Colleague(name=self.name.zh, email=self.email)


class DeliveryTerms(Value):
    """How long one channel is tried before the next, and how late the system's own progress update may arrive."""

    patience_minutes: Minutes = 10
    grace_minutes: Minutes = 5


class Policy(Value):
    """All terms under which a case is kept. Raises ValidationError for one that could not keep a case."""

    name: Slug
    version: Line
    edition: Annotated[int, Field(ge=1, le=CURRENT_EDITION)] = 1
    effective_from: Annotated[Instant | None, BeforeValidator(_no_number)] = Field(
        default=None, description="from when new cases are kept under it"
    )
    content_hash: Line | None = None
    minute_seconds: Annotated[float, Field(ge=0.001, le=60)] = 60
    timezone: Line = "Asia/Shanghai"
    staff_language: Language = Language.CHINESE
    categories: dict[Slug, Bilingual]
    tiers: dict[Slug, Tier] = Field(default_factory=dict)
    calendars: dict[Slug, Calendar] = Field(default_factory=dict)
    specificity: tuple[Dimension, ...] = tuple(Dimension)
    promises: dict[PromiseKind, PromiseTerms]
    holds: dict[HoldReason, HoldTerms]
    extension_by: tuple[Role, ...] = (Role.AGENT, Role.SUPERVISOR)
    callback_attempts: Annotated[int, Field(ge=1, le=20)] = 3
    silence: Silence | None = None
    reopening_minutes: Minutes = 30 * 24 * 60
    delivery: DeliveryTerms = DeliveryTerms()
    desk: Colleague
    departments: dict[Slug, Department]
    product_department: Slug
    people: dict[Slug, Person] = Field(default_factory=dict)
    teams: dict[Slug, Team] = Field(default_factory=dict)
    chain: dict[EscalationLevel, ChainStep]
    triage: TriageRules | None = None
    survey: tuple[Bilingual, ...] = Field(min_length=1, description="the open questions of the callback")

    @cached_property
    def looked_up(self) -> dict[str, WorkingTime]:
        """The calendars that were asked for, made ready for counting. No part of what makes two policies the same."""
        return {}

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise PydanticCustomError("zone_unknown", "is no time zone; name one like Asia/Shanghai") from None
        return zone

    @model_validator(mode="after")
    def _could_keep_a_case(self, info: ValidationInfo) -> Self:
        # What a case carries was checked before it was pinned, and by the rules of its time.
        fresh = self.edition > 1 and self.content_hash is None
        found = [*essentials(self), *(references(self) if fresh else ())]
        if found and info.context is not JUDGED_APART:
            raise ValueError("; ".join(f"{problem.place()}: {problem.en}" for problem in found))
        return self

    # --- time

    def span(self, minutes: float) -> timedelta:
        """How long that many of this policy's minutes take."""
        return timedelta(seconds=minutes * self.minute_seconds)

    def working_time(self, calendar: str | None) -> WorkingTime:
        """The working time of one of its calendars; None is every hour of every day. Raises KeyError."""
        if calendar is None or calendar == ALWAYS_OPEN:
            return ALWAYS
        if calendar not in self.looked_up:
            self.looked_up[calendar] = compiled(self.calendars[calendar], self.timezone)
        return self.looked_up[calendar]

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy, which looks its calendars up anew: they may be other ones."""
        copied = super().model_copy(update=update, deep=deep)
        copied.__dict__.pop("looked_up", None)
        return copied

    def terms(self, kind: PromiseKind, subject: Subject) -> Terms:
        """The terms of a kind of promise for a case, by its most specific rule."""
        return self.promises[kind].for_(subject, self.specificity)

    def resolution_minutes(self, terms: Terms, *, complex_: bool, revision: bool) -> int:
        """The minutes of a resolution: a revision's own, the longer ones of a complex case, or the usual."""
        if revision and terms.revision_minutes is not None:
            return terms.revision_minutes
        if complex_ and terms.complex_minutes is not None:
            return terms.complex_minutes
        return terms.minutes

    # --- people

    def top_of_chain(self) -> EscalationLevel:
        return max(self.chain)

    def notice(self, colleague: Colleague) -> Notice:
        """When a colleague wishes to be told of what can wait: their own terms, or else those of their team.

        Colleagues are known by their address; who is not among the policy's people is told at once.
        """
        slug = next((slug for slug, person in self.people.items() if _is(person, colleague)), None)
        if slug is None:
            by_address = (team for team in self.teams.values() if team.email and team.email == colleague.email)
            return next(by_address, Notice())
        person = self.people[slug]
        if person.quiet_outside or person.digest_minutes:
            return person
        return next((team for team in self.teams.values() if slug in team.members), person)

    def person(self, colleague: Colleague) -> Person | None:
        """The one of the policy's people that a colleague is, known by their address; None for anybody else."""
        return next((person for person in self.people.values() if _is(person, colleague)), None)

    # --- identity

    def fingerprint(self) -> str:
        """A hash of the whole content as it was written, by which two policies are told apart."""
        if self.content_hash is not None:
            return self.content_hash
        content = self.model_dump(mode="json", exclude_unset=True, exclude={"edition"})
        for calendar in content.get("calendars", {}).values():
            if calendar.get("holidays"):
                calendar["holidays"].pop("resolved", None)
        return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]

    def pinned(self) -> Self:
        """The policy as a case carries it: without what is done with at intake or never asked of it, by its hash."""
        needed = set(self._calendars_in_use())
        changes: dict[str, Any] = {"content_hash": self.fingerprint()}
        if self.triage is not None:
            changes["triage"] = None
        if set(self.calendars) - needed:
            changes["calendars"] = {name: each for name, each in self.calendars.items() if name in needed}
        return self.model_copy(update=changes)

    def _calendars_in_use(self) -> Iterator[str]:
        for terms in self.promises.values():
            yield from terms.calendars()
        yield from (department.calendar for department in self.departments.values())
        yield from (shift.calendar for step in self.chain.values() for shift in step.on_call)
        notices: list[Notice] = [*self.people.values(), *self.teams.values()]
        yield from (notice.quiet_outside for notice in notices if notice.quiet_outside)
        if self.silence is not None:
            yield self.silence.calendar


def _is(person: Colleague, colleague: Colleague) -> bool:
    same_email = person.email is not None and person.email == colleague.email
    return same_email or (person.phone is not None and person.phone == colleague.phone)
