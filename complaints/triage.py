"""Triage: level and category by the policy's rules, each with its reason.

The rules are read once, when a complaint comes in; their outcome goes into its journal, and the rules themselves do
not travel with the case.

The level is the most urgent one that any rule which holds gives, whatever their order: more text can make a complaint
more urgent, and never less so than a rule has made it. The category is the one for which most was found, over all the
rules that hold and give it: each of their words counts once, and so does each other condition; among as many, the one
whose rule stands first. What the complaint came with stands, and the rules are told beside it.
"""

from collections.abc import Callable, Iterator
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from complaints.base import Line, Slug, Value
from complaints.parties import Bilingual, Complaint
from complaints.vocabulary import Level

Count = Annotated[int, Field(ge=1, le=10_000)]


class TriageWhen(Value):
    """The conditions of a triage rule: all that are named must hold; of `words`, one is enough.

    `apart_from` are longer words in which they do not count: `court`, but not `food court`.

    `earlier` counts the same customer's complaints, `others` those of other customers on the same matter, both within
    the window of the triage.
    """

    words: tuple[Line, ...] = ()
    apart_from: tuple[Line, ...] = ()
    tier: tuple[Slug, ...] = ()
    earlier: Count | None = None
    others: Count | None = None

    def matched(self, text: str, tier: str | None, around: "Circumstances") -> tuple[str, ...] | None:
        """What made the conditions hold, e.g. `tier=vip`, each word as it was found; None where one does not."""
        for phrase in filter(None, self.apart_from):
            text = text.replace(phrase, "\n")
        found = tuple(word for word in self.words if says(text, word))
        named = (
            (self.words, found),
            (self.tier, (f"tier={tier}",) if tier in self.tier else ()),
            (self.earlier, _reached("earlier", around.earlier, self.earlier)),
            (self.others, _reached("others", around.others, self.others)),
        )
        if any(condition and not met for condition, met in named):
            return None
        return tuple(each for _, met in named for each in met)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.words or self.tier or self.earlier or self.others):
            raise PydanticCustomError(
                "triage_when_empty",
                "must name words, tier, earlier or others; a rule without conditions would always hold",
            )
        return self


def _reached(name: str, count: int, least: int | None) -> tuple[str, ...]:
    return (f"{name}={count}",) if least is not None and count >= least else ()


class TriageRule(Value):
    """What follows for level or category where its conditions hold, and what people are told of why."""

    id: Slug
    when: TriageWhen
    level: Level | None = None
    category: Slug | None = None
    reason: Bilingual

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if self.level is None and self.category is None:
            raise PydanticCustomError("triage_rule_empty", "must give a level or a category")
        return self


class TriageRules(Value):
    """The rules, in their order, and the days over which complaints are counted."""

    window_days: Annotated[int, Field(ge=1, le=3650)] = 30
    rules: tuple[TriageRule, ...] = ()

    def asks_around(self) -> bool:
        """Whether any rule depends on other complaints."""
        return any(rule.when.earlier or rule.when.others for rule in self.rules)

    def folded(self, fold: Callable[[str], str]) -> Self:
        """The same rules, their words in the form in which texts are compared."""
        return self.model_copy(update={"rules": tuple(_with_folded_words(rule, fold) for rule in self.rules)})


def _with_folded_words(rule: TriageRule, fold: Callable[[str], str]) -> TriageRule:
    words = tuple(dict.fromkeys(map(fold, rule.when.words)))
    apart_from = tuple(dict.fromkeys(map(fold, rule.when.apart_from)))
    when = rule.when.model_copy(update={"words": words, "apart_from": apart_from})
    return rule.model_copy(update={"when": when})


class Circumstances(Value):
    """What is known around a complaint when it comes in; nothing, where it could not be asked.

    `earlier` are the same customer's complaints, `others` those of other customers on the same product or order, both
    within the window. Only what is recorded by then is counted, and a case is recorded moments after it was filed:
    complaints that come within the same second may not see each other. Imported ones are not counted.
    """

    earlier: int = 0
    others: int = 0


class TriageReason(Value):
    """One rule that held, what it said, and what in the complaint made it hold."""

    rule: Slug
    reason: Bilingual
    matched: tuple[Line, ...] = ()
    level: Level | None = None
    category: Slug | None = None


class Triage(Value):
    """The outcome: the level and category given, who gave them, and every rule that held.

    `level_by` and `category_by` name the rule, or `filed` where the complaint came with it, or `default`.
    """

    level: Level
    category: Line
    level_by: Line
    category_by: Line
    reasons: tuple[TriageReason, ...] = ()
    circumstances: Circumstances = Circumstances()


FILED, BY_DEFAULT = "filed", "default"


def triage(
    rules: TriageRules | None,
    complaint: Complaint,
    circumstances: Circumstances,
    text: str,
    *,
    level_given: bool,
    category_given: bool,
) -> Triage:
    """The level and category of a complaint, with every rule that held. Pure.

    `text` and the rules' words must be folded in the same way, so that capitals, the width of characters, and
    Simplified or Traditional writing make no difference. What was given with the complaint stands.
    """
    reasons = tuple(_holding(rules, complaint, circumstances, text))
    level, level_by = complaint.level, FILED if level_given else BY_DEFAULT
    urgent = min((reason for reason in reasons if reason.level), key=lambda reason: reason.level or level, default=None)
    if urgent is not None and urgent.level is not None and not level_given:
        level, level_by = urgent.level, urgent.rule
    category, category_by = complaint.category, FILED if category_given else BY_DEFAULT
    if not category_given and (best := _best_category(reasons)) is not None:
        category, category_by = best
    return Triage(
        level=level,
        category=category,
        level_by=level_by,
        category_by=category_by,
        reasons=reasons,
        circumstances=circumstances,
    )


def _holding(
    rules: TriageRules | None, complaint: Complaint, circumstances: Circumstances, text: str
) -> Iterator[TriageReason]:
    for rule in rules.rules if rules else ():
        matched = rule.when.matched(text, complaint.customer.tier, circumstances)
        if matched is not None:
            yield TriageReason(
                rule=rule.id, reason=rule.reason, matched=matched, level=rule.level, category=rule.category
            )


def _best_category(reasons: tuple[TriageReason, ...]) -> tuple[str, str] | None:
    """The category for which most words were found, and the first rule that gives it."""
    giving = [(reason.category, reason) for reason in reasons if reason.category is not None]
    if not giving:
        return None
    found: dict[str, set[str]] = {category: set() for category, _ in giving}
    for category, reason in giving:
        found[category].update(reason.matched)
    category, first = max(giving, key=lambda each: len(found[each[0]]))
    return category, first.rule


def says(text: str, word: str) -> bool:
    """Whether a word or phrase stands in a text, both folded.

    Chinese, Japanese and Korean words may stand anywhere; others only whole: `court` is not in `courteous`.
    """
    begin = text.find(word) if word else -1
    while begin >= 0:
        end = begin + len(word)
        if not _joined(text[begin - 1 : begin], word[0]) and not _joined(word[-1], text[end : end + 1]):
            return True
        begin = text.find(word, begin + 1)
    return False


def _joined(left: str, right: str) -> bool:
    """Whether two neighbours belong to one word of a script that separates its words."""
    return _in_a_word(left) and _in_a_word(right)


def _in_a_word(character: str) -> bool:
    return character.isalnum() and not any(first <= character <= last for first, last in WITHOUT_SPACES)


WITHOUT_SPACES = (("\u2e80", "\u9fff"), ("\uac00", "\ud7af"), ("\uf900", "\ufaff"), ("\U00020000", "\U0003ffff"))
"""The first and the last character of each range in which words are not told apart by spaces."""
