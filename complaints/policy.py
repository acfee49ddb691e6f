"""The policy: versioned data that says which promise runs for whom, for how long, and who hears of a breach.

It is pinned to a case at intake, so that editing it never changes a running case. Every duration is in minutes of the
policy; a trial policy shortens the minute itself (`minute_seconds: 1`), so that a day's life plays in seconds.
"""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, StringConstraints, field_validator, model_validator

from complaints.base import Line, Value
from complaints.parties import Bilingual, Colleague, EmailAddress
from complaints.vocabulary import EscalationLevel, HoldReason, Language, PromiseKind, Role

Minutes = Annotated[int, Field(gt=0, le=10 * 365 * 24 * 60)]
Fraction = Annotated[float, Field(gt=0, lt=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class PromiseTerms(Value):
    """How long one kind of promise runs, and when it warns.

    `minutes` is the budget; `by_category` replaces it for a category. `complex_minutes` and `revision_minutes` have a
    meaning for the resolution only. `warn_at` are fractions of the budget, ascending.
    """

    minutes: Minutes
    by_category: dict[Slug, Minutes] = Field(default_factory=dict)
    complex_minutes: Minutes | None = None
    revision_minutes: Minutes | None = None
    warn_at: tuple[Fraction, ...] = (0.5, 0.8)

    @field_validator("warn_at")
    @classmethod
    def _ascending(cls, fractions: tuple[float, ...]) -> tuple[float, ...]:
        if list(fractions) != sorted(set(fractions)):
            raise ValueError("must be ascending fractions without repeats, e.g. [0.5, 0.8]")
        return fractions


class HoldTerms(Value):
    """Which promises a reason may hold, and for how long at the most."""

    promises: tuple[PromiseKind, ...] = Field(min_length=1)
    longest_minutes: Minutes


class Department(Value):
    """A department that can be given tasks, and the supervisor who hears first of its late ones."""

    name: Bilingual
    email: EmailAddress
    supervisor: Colleague

    def contact(self) -> Colleague:
        """The department itself, as somebody who can be written to."""
        return Colleague(name=self.name.zh, email=self.email)


class ChainStep(Value):
    """Who stands on one step of the escalation chain."""

    title: Bilingual
    person: Colleague


class DeliveryTerms(Value):
    """How long one channel is tried before the next, and how late the system's own progress update may arrive."""

    patience_minutes: Minutes = 10
    grace_minutes: Minutes = 5


class Policy(Value):
    """All terms under which a case is kept. Raises ValidationError for one that could not keep a case."""

    name: Slug
    version: Line
    minute_seconds: Annotated[float, Field(ge=0.001, le=60)] = 60
    timezone: Line = "Asia/Shanghai"
    staff_language: Language = Language.CHINESE
    categories: dict[Slug, Bilingual]
    promises: dict[PromiseKind, PromiseTerms]
    holds: dict[HoldReason, HoldTerms]
    extension_by: tuple[Role, ...] = (Role.AGENT, Role.SUPERVISOR)
    callback_attempts: Annotated[int, Field(ge=1, le=20)] = 3
    reopening_minutes: Minutes = 30 * 24 * 60
    delivery: DeliveryTerms = DeliveryTerms()
    desk: Colleague
    departments: dict[Slug, Department]
    product_department: Slug
    chain: dict[EscalationLevel, ChainStep]
    survey: tuple[Bilingual, ...] = Field(min_length=1, description="the open questions of the callback")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("is no time zone; name one like Asia/Shanghai") from None
        return zone

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if missing := [kind for kind in PromiseKind if kind not in self.promises]:
            raise ValueError(f"promises: needs terms for {', '.join(missing)}")
        if missing_levels := [level for level in (1, 2, 3) if EscalationLevel(level) not in self.chain]:
            raise ValueError(f"chain: needs a step for each of the levels {missing_levels}")
        if EscalationLevel.TASK_SUPERVISOR in self.chain:
            raise ValueError("chain: level 0 is the department's own supervisor; name it under departments")
        if self.product_department not in self.departments:
            raise ValueError(f"product_department: {self.product_department} is not among the departments")
        if "other" not in self.categories:
            raise ValueError("categories: needs `other`, where everything else goes")
        for place, colleague in self._colleagues():
            if not colleague.routes():
                raise ValueError(f"{place}: needs an email or a phone, or nobody can be told")
        for kind, terms in self.promises.items():
            if unknown := sorted(set(terms.by_category) - set(self.categories)):
                raise ValueError(f"promises.{kind}.by_category: {', '.join(unknown)} is not among the categories")
        return self

    def _colleagues(self) -> Iterator[tuple[str, Colleague]]:
        yield "desk", self.desk
        for level, step in self.chain.items():
            yield f"chain.{level.value}.person", step.person
        for slug, department in self.departments.items():
            yield f"departments.{slug}.supervisor", department.supervisor

    def span(self, minutes: float) -> timedelta:
        """How long that many of this policy's minutes take."""
        return timedelta(seconds=minutes * self.minute_seconds)

    def budget(self, kind: PromiseKind, category: str) -> int:
        """The budget in minutes of a kind of promise for a category."""
        terms = self.promises[kind]
        return terms.by_category.get(category, terms.minutes)

    def resolution_budget(self, category: str, *, complex_: bool, revision: bool) -> int:
        """The budget in minutes of a resolution: a revision's own, the longer one of a complex case, or the usual."""
        terms = self.promises[PromiseKind.RESOLUTION]
        if revision and terms.revision_minutes is not None:
            return terms.revision_minutes
        if complex_ and terms.complex_minutes is not None:
            return terms.complex_minutes
        return self.budget(PromiseKind.RESOLUTION, category)

    def fingerprint(self) -> str:
        """A hash of the whole content, by which two policies are told apart."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    def top_of_chain(self) -> EscalationLevel:
        return max(self.chain)
