"""Of the rules that hold, the most specific one counts; where none is, the file is refused before a case meets it."""

from itertools import permutations
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from complaints.checking import essentials, problems, references
from complaints.policy import CURRENT_EDITION, Policy
from complaints.terms import Dimension, PromiseTerms, Subject, TermsRule
from complaints.vocabulary import Channel, Level, PromiseKind
from tests.complaints.support import policy, policy_content, promised

VALUES: dict[Dimension, tuple[Any, ...]] = {
    Dimension.LEVEL: (1, 2, 3),
    Dimension.CATEGORY: ("logistics", "price", "billing"),
    Dimension.TIER: ("vip", "staff"),
    Dimension.CHANNEL: (Channel.WEB, Channel.PHONE),
    Dimension.REGION: ("上海", "Beijing"),
    Dimension.PRODUCT: ("Kettle", "lamp"),
}
subjects = st.builds(
    Subject,
    level=st.sampled_from(Level),
    category=st.sampled_from(VALUES[Dimension.CATEGORY]),
    tier=st.none() | st.sampled_from(VALUES[Dimension.TIER]),
    channel=st.none() | st.sampled_from(VALUES[Dimension.CHANNEL]),
    region=st.none() | st.sampled_from(("上海", "beijing", "BEIJING")),
    product=st.none() | st.sampled_from(("kettle", "Lamp")),
)
conditions = st.dictionaries(st.sampled_from(Dimension), st.none(), min_size=1, max_size=4).flatmap(
    lambda named: st.fixed_dictionaries(
        {each.value: st.lists(st.sampled_from(VALUES[each]), min_size=1, max_size=2, unique=True) for each in named}
    )
)


def rules_of(conditions: list[dict[str, Any]]) -> list[TermsRule]:
    return [
        TermsRule.model_validate({"id": f"rule_{number}", "when": when, "minutes": number + 1})
        for number, when in enumerate(conditions)
    ]


@given(st.lists(conditions, max_size=6), subjects, st.permutations(list(Dimension)), st.randoms())
def test_the_chosen_rule_is_the_most_specific_whatever_the_order_of_the_file(
    whens: list[dict[str, Any]], subject: Subject, order: list[Dimension], random: Any
) -> None:
    rules = rules_of(whens)
    terms = PromiseTerms(minutes=999, rules=tuple(rules))
    assume(not list(terms.ties()))
    shuffled = random.sample(rules, len(rules))
    chosen = terms.for_(subject, tuple(order))
    assert PromiseTerms(minutes=999, rules=tuple(shuffled)).for_(subject, tuple(order)) == chosen
    holding = [rule for rule in rules if _holds(rule, subject)]
    assert (chosen.rule == "default") == (not holding)
    for rule in holding:
        mine = next(each for each in rules if each.id == chosen.rule)
        assert rule is mine or _beats(mine, rule, order)


def _holds(rule: TermsRule, subject: Subject) -> bool:
    """What the conditions of a rule mean, said once more in another way."""
    for dimension in Dimension:
        values = [str(int(v)) if isinstance(v, Level) else str(v).lower() for v in getattr(rule.when, dimension)]
        had = getattr(subject, dimension)
        had = str(int(had)) if isinstance(had, Level) else None if had is None else str(had).lower()
        if values and had not in values:
            return False
    return True


def _beats(one: TermsRule, other: TermsRule, order: list[Dimension]) -> bool:
    mine, theirs = one.when.dimensions(), other.when.dimensions()
    if len(mine) != len(theirs):
        return len(mine) > len(theirs)
    first = next(each for each in order if (each in mine) != (each in theirs))
    return first in mine


@given(conditions, conditions, subjects)
def test_two_rules_that_one_case_fulfils_equally_are_always_found(
    one: dict[str, Any], other: dict[str, Any], subject: Subject
) -> None:
    rules = rules_of([one, other])
    if all(_holds(rule, subject) for rule in rules) and one.keys() == other.keys():
        assert list(PromiseTerms(minutes=1, rules=tuple(rules)).ties())


def test_the_order_decides_between_rules_with_as_many_conditions() -> None:
    rules = rules_of([{"tier": "vip"}, {"category": "logistics"}])
    terms, subject = PromiseTerms(minutes=9, rules=tuple(rules)), Subject(Level.GENERAL, "logistics", tier="vip")
    for order in permutations(Dimension):
        expected = "rule_0" if order.index(Dimension.TIER) < order.index(Dimension.CATEGORY) else "rule_1"
        assert terms.for_(subject, order).rule == expected


def test_the_terms_say_which_rule_gave_them_and_why() -> None:
    rule = {"id": "vip_now", "when": {"tier": "vip", "level": [1, 2]}, "minutes": 5}
    changed = policy(promises=promised(callback={"rules": [rule]}))
    terms = changed.promises[PromiseKind.CALLBACK].for_(Subject(Level.URGENT, "price", tier="vip"), changed.specificity)
    assert (terms.rule, terms.matched, terms.minutes) == ("vip_now", ("level=1", "tier=vip"), 5)
    usual = changed.promises[PromiseKind.CALLBACK].for_(Subject(Level.URGENT, "price"), changed.specificity)
    assert (usual.rule, usual.matched, usual.minutes) == ("default", (), 1440)


def test_a_policy_of_the_first_edition_is_asked_for_no_more_than_it_was_then() -> None:
    content = policy_content(edition=1, version="1")
    content["promises"]["resolution"] |= {"complex_minutes": 60, "calendar": "nowhere"}
    old = Policy.model_validate(content)
    assert not list(essentials(old))
    assert {problem.place() for problem in references(old)} == {"promises.resolution.calendar"}
    assert {problem.place() for problem in problems(old)} > {"promises.resolution.complex_minutes"}


def test_what_a_case_carries_is_not_judged_again() -> None:
    content = policy_content(edition=CURRENT_EDITION, content_hash="as-it-was")
    content["promises"]["resolution"]["calendar"] = "nowhere"
    assert Policy.model_validate(content).fingerprint() == "as-it-was"


def found(**terms: dict[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with the default policy when these terms are laid over its own: where, and what."""
    return [(problem.place(), problem.en) for problem in problems(policy(promises=promised(**terms)))]


def test_a_calendar_of_a_tasks_promise_is_refused_since_its_department_has_one() -> None:
    rule = {"id": "vip", "when": {"tier": "vip"}, "minutes": 5}
    assert not found(task_feedback={"rules": [rule]})
    ((place, told),) = found(task_feedback={"calendar": "always"})
    assert place == "promises.task_feedback.calendar"
    assert "departments.*.calendar" in told
    ((place, _),) = found(task_completion={"rules": [rule | {"calendar": "always"}]})
    assert place == "promises.task_completion.rules.0.calendar"
    assert not found(escalation_ack={"calendar": "always"})


def test_what_a_case_carries_and_what_was_before_may_have_a_calendar_for_its_tasks() -> None:
    content = policy_content(promises=promised(task_feedback={"calendar": "always"}))
    for changes in ({"edition": 1}, {"edition": CURRENT_EDITION, "content_hash": "as-it-was"}):
        Policy.model_validate(content | changes)


def test_a_category_may_not_have_longer_than_a_complex_case() -> None:
    ((place, told),) = found(resolution={"by_category": {"billing": 600}})
    assert place == "promises.resolution.by_category.billing"
    assert "600" in told
    assert "480" in told
    assert not found(resolution={"by_category": {"billing": 480}})


def test_a_ladder_begins_within_the_shortest_revision_too() -> None:
    early = [{"level": 1, "before_minutes": 150}, {"level": 2}]
    ((place, told),) = found(resolution={"ladder": early})
    assert place == "promises.resolution.ladder.0.before_minutes"
    assert "less than 120" in told
    assert not found(resolution={"ladder": early, "revision_minutes": 151})
    rule = {"id": "vip", "when": {"tier": "vip"}, "revision_minutes": 100}
    assert not found(resolution={"revision_minutes": 151, "rules": [rule | {"ladder": [{"level": 1}]}]})
    assert found(resolution={"ladder": early, "revision_minutes": 151, "rules": [rule]})
    assert not found(resolution={"ladder": early, "revision_minutes": 151, "rules": [rule | {"ladder": []}]})
