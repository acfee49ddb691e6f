"""Terms: how long a promise runs for whom, on which calendar, when it warns, and whom it escalates to.

The most specific rule whose conditions all hold gives the terms: the one that names more dimensions of the case, and
among as many, the one that names the dimension standing first in the policy's `specificity`. What the rule leaves out
is taken from the kind's own terms. Two rules that could both be the most specific one are refused with the policy.
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from itertools import combinations
from typing import Annotated, Any, NamedTuple, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from complaints.base import Line, Slug, Value
from complaints.vocabulary import Channel, EscalationLevel, Level

Minutes = Annotated[int, Field(gt=0, le=10 * 365 * 24 * 60)]
Fraction = Annotated[float, Field(gt=0, lt=1)]

ALWAYS_OPEN = "always"
"""The name of the calendar that every policy has: every hour of every day."""

OWN_TERMS = "default"
"""The name of a kind's own terms, where no rule holds."""


def named(calendar: str) -> str | None:
    """A calendar as a promise carries it: nothing for every hour of every day."""
    return None if calendar == ALWAYS_OPEN else calendar


class Dimension(StrEnum):
    """What of a case a rule may depend on."""

    LEVEL = "level"
    CATEGORY = "category"
    TIER = "tier"
    CHANNEL = "channel"
    REGION = "region"
    PRODUCT = "product"


class Subject(NamedTuple):
    """What of a case decides on its terms."""

    level: Level
    category: str
    tier: str | None = None
    channel: Channel | None = None
    region: str | None = None
    product: str | None = None


def _listed(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else (value,)


def _same(text: str) -> str:
    return text.strip().casefold()


class When(Value):
    """The conditions of a rule: each names one value or several, and all of them must hold.

    Regions and products are compared without regard to case.
    """

    level: Annotated[tuple[Level, ...], BeforeValidator(_listed)] = ()
    category: Annotated[tuple[Slug, ...], BeforeValidator(_listed)] = ()
    tier: Annotated[tuple[Slug, ...], BeforeValidator(_listed)] = ()
    channel: Annotated[tuple[Channel, ...], BeforeValidator(_listed)] = ()
    region: Annotated[tuple[Line, ...], BeforeValidator(_listed)] = ()
    product: Annotated[tuple[Line, ...], BeforeValidator(_listed)] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.dimensions():
            raise PydanticCustomError(
                "when_empty",
                "must name at least one of {names}; what holds for everybody stands beside the rules",
                {"names": ", ".join(Dimension)},
            )
        return self

    def dimensions(self) -> frozenset[Dimension]:
        return frozenset(dimension for dimension in Dimension if getattr(self, dimension))

    def allowed(self, dimension: Dimension) -> frozenset[Any]:
        """The values of a dimension with which the condition holds, as they are compared."""
        values = getattr(self, dimension)
        return frozenset(_same(each) if isinstance(each, str) else each for each in values)

    def holds(self, subject: Subject) -> bool:
        for dimension in self.dimensions():
            value = getattr(subject, dimension)
            if (_same(value) if isinstance(value, str) else value) not in self.allowed(dimension):
                return False
        return True

    def meets(self, other: "When") -> bool:
        """Whether one case could fulfil both."""
        shared = self.dimensions() & other.dimensions()
        return all(self.allowed(dimension) & other.allowed(dimension) for dimension in shared)

    def matched(self, subject: Subject) -> tuple[str, ...]:
        """What of a case made the conditions hold, e.g. `category=logistics`."""
        named = (dimension for dimension in Dimension if dimension in self.dimensions())
        return tuple(f"{dimension}={_written(getattr(subject, dimension))}" for dimension in named)


def _written(value: Any) -> str:
    return str(int(value)) if isinstance(value, Level) else str(value)


class Rung(Value):
    """A step of a promise's ladder: whom to tell, so many working minutes before or after the due time, or at it."""

    level: EscalationLevel
    before_minutes: Minutes | None = None
    after_minutes: Minutes | None = None

    @model_validator(mode="after")
    def _one_side(self) -> Self:
        if self.before_minutes is not None and self.after_minutes is not None:
            raise PydanticCustomError(
                "rung_twice", "stands either before the due time or after it; leave one of the two out"
            )
        return self

    def offset(self) -> int:
        """The minutes from the due time to this rung; negative before it."""
        return (self.after_minutes or 0) - (self.before_minutes or 0)


class _Changeable(Value):
    """What a rule may say otherwise. `ladder` is ascending in time; a kind without one escalates at its due time."""

    complex_minutes: Minutes | None = None
    revision_minutes: Minutes | None = None

    @field_validator("warn_at", check_fields=False)
    @classmethod
    def _ascending(cls, fractions: tuple[float, ...] | None) -> tuple[float, ...] | None:
        if fractions is not None and list(fractions) != sorted(set(fractions)):
            raise PydanticCustomError("fractions_order", "must be ascending fractions without repeats, e.g. [0.5, 0.8]")
        return fractions

    @field_validator("ladder", check_fields=False)
    @classmethod
    def _climbs(cls, rungs: tuple[Rung, ...] | None) -> tuple[Rung, ...] | None:
        offsets = [rung.offset() for rung in rungs or ()]
        if offsets != sorted(set(offsets)):
            raise PydanticCustomError("ladder_order", "must go from early to late, each rung at a time of its own")
        return rungs


class TermsRule(_Changeable):
    """Other terms for some cases. What it leaves out stays as the kind has it."""

    id: Slug
    when: When
    minutes: Minutes | None = None
    calendar: Slug | None = None
    warn_at: tuple[Fraction, ...] | None = None
    ladder: tuple[Rung, ...] | None = None


class Terms(NamedTuple):
    """The terms of a promise for one case; `rule` gave them, because of `matched`. Minutes are the policy's."""

    minutes: int
    complex_minutes: int | None
    revision_minutes: int | None
    calendar: str
    warn_at: tuple[float, ...]
    ladder: tuple[Rung, ...]
    rule: str
    matched: tuple[str, ...]


class PromiseTerms(_Changeable):
    """How long one kind of promise runs on which calendar, when it warns, and its ladder of escalations.

    `minutes` is the budget of working time; `by_category` replaces it for a category. `complex_minutes` and
    `revision_minutes` have a meaning for the resolution only. `warn_at` are fractions of the budget, ascending.
    """

    minutes: Minutes
    by_category: dict[Slug, Minutes] = Field(default_factory=dict)
    warn_at: tuple[Fraction, ...] = (0.5, 0.8)
    calendar: Slug = ALWAYS_OPEN
    ladder: tuple[Rung, ...] = ()
    rules: tuple[TermsRule, ...] = ()

    def all_rules(self) -> tuple[TermsRule, ...]:
        """The rules, those among them that `by_category` is short for."""
        return self.every_rule

    @cached_property
    def every_rule(self) -> tuple[TermsRule, ...]:
        """`all_rules`, kept: every clock of every decision asks for them."""
        short = (
            TermsRule(id=f"by_category_{category}"[:40], when=When(category=(category,)), minutes=minutes)
            for category, minutes in self.by_category.items()
        )
        return (*short, *self.rules)

    def for_(self, subject: Subject, specificity: tuple[Dimension, ...]) -> Terms:
        """The terms for a case."""
        holding = [rule for rule in self.all_rules() if rule.when.holds(subject)]
        best = max(holding, key=lambda rule: _rank(rule.when.dimensions(), specificity), default=None)
        return self._by(best, best.when.matched(subject) if best else ())

    def by_rule(self, name: str | None) -> Terms:
        """The terms that a rule of this name gives; the kind's own where there is none of it."""
        return self.terms_by_name.get(name, self.terms_by_name[None])

    @cached_property
    def terms_by_name(self) -> dict[str | None, Terms]:
        """The terms that each rule gives by its name, and the kind's own without one; kept as the rules are."""
        named: dict[str | None, Terms] = {rule.id: self._by(rule, ()) for rule in reversed(self.all_rules())}
        return {**named, None: self._by(None, ())}

    def ladder_by_rule(self, name: str | None) -> tuple[Rung, ...]:
        """The ladder of `by_rule`."""
        if not self.rules:
            return self.ladder
        return self.by_rule(name).ladder

    def _by(self, rule: TermsRule | None, matched: tuple[str, ...]) -> Terms:
        def said(name: str) -> Any:
            value = getattr(rule, name) if rule else None
            return getattr(self, name) if value is None else value

        return Terms(
            minutes=said("minutes"),
            complex_minutes=said("complex_minutes"),
            revision_minutes=said("revision_minutes"),
            calendar=said("calendar"),
            warn_at=said("warn_at"),
            ladder=said("ladder"),
            rule=rule.id if rule else OWN_TERMS,
            matched=matched,
        )

    def ties(self) -> Iterator[tuple[TermsRule, TermsRule]]:
        """Pairs of rules of which neither is more specific, though one case could fulfil both."""
        for one, other in combinations(self.all_rules(), 2):
            if one.when.dimensions() == other.when.dimensions() and one.when.meets(other.when):
                yield one, other

    def calendars(self) -> Iterator[str]:
        """The names of the calendars that these terms may need."""
        yield self.calendar
        yield from (rule.calendar for rule in self.rules if rule.calendar)


def _rank(dimensions: frozenset[Dimension], specificity: tuple[Dimension, ...]) -> tuple[int, ...]:
    """More conditions first; among as many, the one that names what stands first in the order."""
    return (len(dimensions), *(int(dimension in dimensions) for dimension in specificity))
