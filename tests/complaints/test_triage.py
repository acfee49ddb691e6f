"""Triage: what the rules make of a text, a tier and what else was complained of, and why."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints import Refusal, open_case
from complaints.triage import Circumstances, Triage, TriageRules, says, triage
from complaints.vocabulary import Level, PromiseKind
from tests.complaints.support import CUSTOMER, START, Life, filing, policy

REASON = {"zh": "理由", "en": "reason"}


def rule(id: str, when: dict[str, Any], **gives: Any) -> dict[str, Any]:
    return {"id": id, "when": when, "reason": REASON, **gives}


def judged(*rules: dict[str, Any], text: str = "", tier: str | None = None, **known: Any) -> Triage:
    """What the rules make of a folded text; `level` and `category` are given with the complaint where named."""
    given_ones = {name: known.pop(name) for name in ("level", "category") if name in known}
    complaint = filing(customer=CUSTOMER.model_copy(update={"tier": tier}), **given_ones).complaint
    return triage(
        TriageRules.model_validate({"rules": rules}),
        complaint,
        Circumstances(**known),
        text,
        level_given="level" in given_ones,
        category_given="category" in given_ones,
    )


COURT = rule("court", {"words": ["起诉", "court", "small claims"]}, level=1)
PARCEL = rule("parcel", {"words": ["快递", "parcel", "courier"]}, category="logistics")
MONEY = rule("money", {"words": ["退款", "refund", "fee"]}, category="billing")


@pytest.mark.parametrize(
    ("text", "word", "there"),
    [
        ("我要起诉你们", "起诉", True),
        ("see you in court", "court", True),
        ("court", "court", True),
        ("in court, then", "court", True),
        ("a courteous man", "court", False),
        ("the forecourt", "court", False),
        ("the courteous court", "court", True),
        ("打12315投诉", "12315", True),
        ("订单4123150号", "12315", False),
        ("我要sue你们", "sue", True),
        ("tissue", "sue", False),
        ("to small claims court", "small claims", True),
        ("a small claimsman", "small claims", False),
        ("didn't apply", "apply", True),
        ("naïveté", "na", False),
        ("anything", "", False),
    ],
)
def test_chinese_words_stand_anywhere_and_others_only_whole(text: str, word: str, there: bool) -> None:
    assert says(text, word) is there


def test_what_nobody_gave_and_no_rule_says_stays_as_it_is() -> None:
    found = judged(COURT, PARCEL, text="杯子有划痕")
    assert (found.level, found.category) == (Level.GENERAL, "other")
    assert (found.level_by, found.category_by, found.reasons) == ("default", "default", ())


def test_every_rule_that_holds_is_told_with_what_made_it_hold() -> None:
    found = judged(COURT, PARCEL, text="快递丢了，courier不管，我要起诉")
    assert (found.level, found.level_by) == (Level.URGENT, "court")
    assert (found.category, found.category_by) == ("logistics", "parcel")
    assert [(each.rule, each.matched) for each in found.reasons] == [
        ("court", ("起诉",)),
        ("parcel", ("快递", "courier")),
    ]


def test_all_conditions_must_hold_and_each_says_what_it_found() -> None:
    picky = rule("picky", {"words": ["急"], "tier": ["vip"], "earlier": 2, "others": 5}, level=1)
    met = {"text": "急", "tier": "vip", "earlier": 3, "others": 5}
    assert judged(picky, **met).reasons[0].matched == ("急", "tier=vip", "earlier=3", "others=5")
    for less in ({"text": "慢"}, {"tier": None}, {"tier": "gold"}, {"earlier": 1}, {"others": 4}):
        assert judged(picky, **(met | less)).reasons == ()


def test_longer_words_that_are_named_do_not_count() -> None:
    apart = rule("court", {"words": ["court", "媒体"], "apart_from": ["food court", "多媒体"]}, level=1)
    assert judged(apart, text="the food court 的多媒体坏了").reasons == ()
    assert judged(apart, text="the food court, then court").reasons[0].matched == ("court",)
    assert judged(apart, text="多媒体坏了，找媒体").reasons[0].matched == ("媒体",)


def test_what_came_with_the_complaint_stands_and_the_rules_are_told_beside_it() -> None:
    found = judged(COURT, PARCEL, text="快递丢了，我要起诉", level=Level.GENERAL, category="other")
    assert (found.level, found.level_by) == (Level.GENERAL, "filed")
    assert (found.category, found.category_by) == ("other", "filed")
    assert [each.rule for each in found.reasons] == ["court", "parcel"]


def test_the_category_is_that_for_which_most_was_found_and_among_as_many_the_first() -> None:
    assert judged(PARCEL, MONEY, text="快递 refund fee").category == "billing"
    assert judged(PARCEL, MONEY, text="快递 refund").category == "logistics"
    assert judged(MONEY, PARCEL, text="快递 refund").category == "billing"
    also = rule("also_parcels", {"words": ["快递", "驿站"]}, category="logistics")
    both = judged(MONEY, PARCEL, also, text="快递在驿站 refund fee")
    assert (both.category, both.category_by) == ("billing", "money")
    three = judged(MONEY, PARCEL, also, text="快递在驿站 courier refund fee")
    assert (three.category, three.category_by) == ("logistics", "parcel")


def test_the_words_of_the_rules_are_folded_as_the_text_is() -> None:
    rules = TriageRules.model_validate(
        {"rules": [rule("a", {"words": ["Court", "COURT"], "apart_from": ["X"]}, level=1)]}
    )
    (folded,) = rules.folded(str.casefold).rules
    assert (folded.when.words, folded.when.apart_from) == (("court",), ("x",))


def test_triage_is_the_first_thing_in_the_journal_after_the_filing_and_promises_follow_it() -> None:
    found = judged(COURT, PARCEL, text="快递，起诉")
    life = Life(triage=found)
    first = life.journal[0].events
    assert [event.type for event in first[:2]] == ["complaint_filed", "complaint_triaged"]
    assert (life.case.level, life.case.category, life.case.triage) == (Level.URGENT, "logistics", found)
    assert life.due(PromiseKind.FIRST_CONTACT) == 120
    assert life.escalations()[0][1] == "red_alert"
    assert life.folded() == life.case


def test_a_rule_may_make_a_suggestion_of_what_no_other_rule_calls_more_urgent() -> None:
    idea = rule("idea", {"words": ["建议"]}, level=3)
    assert Life(triage=judged(idea, COURT, text="一个建议")).case.stage == "suggestion"
    assert Life(triage=judged(idea, COURT, text="一个建议，否则起诉")).case.level is Level.URGENT


def test_what_triage_found_is_told_to_the_desk_and_in_the_red_alert() -> None:
    life = Life(triage=judged(COURT, PARCEL, text="快递，起诉"))
    told = {message.kind: message.facts for message in life.sent}
    assert told["first_contact_script"]["reasons"] == [REASON, REASON]
    assert told["red_alert"]["reasons"] == [REASON]


def test_a_tier_that_the_policy_does_not_know_is_refused() -> None:
    with pytest.raises(Refusal, match="unknown_tier"):
        open_case(filing(policy(), customer=CUSTOMER.model_copy(update={"tier": "platinum"})), START)


# --- laws

WORDS = ["起诉", "曝光", "court", "media", "refund", "退款", "快递", "courier", "fee"]
TEXTS = st.lists(st.sampled_from([*WORDS, "courts", "杯子", "please"]), max_size=8).map("\n".join)
CONDITIONS = st.fixed_dictionaries(
    {"words": st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True)},
    optional={"tier": st.just(["vip"]), "earlier": st.integers(1, 3), "others": st.integers(1, 3)},
)
RULES = st.lists(
    st.tuples(CONDITIONS, st.sampled_from([None, 1, 2]), st.sampled_from([None, "billing", "logistics", "price"])),
    max_size=6,
).map(
    lambda drawn: [
        rule(f"r{number}", when, level=level, category=category)
        for number, (when, level, category) in enumerate(drawn)
        if level or category
    ]
)
KNOWN = st.fixed_dictionaries(
    {"tier": st.sampled_from([None, "vip"]), "earlier": st.integers(0, 3), "others": st.integers(0, 3)}
)


@given(RULES, TEXTS, TEXTS, KNOWN)
def test_more_words_never_lower_the_level(
    rules: list[dict[str, Any]], text: str, more: str, known: dict[str, Any]
) -> None:
    before, after = judged(*rules, text=text, **known), judged(*rules, text=f"{text}\n{more}", **known)
    assert after.level <= before.level
    assert {each.rule for each in before.reasons} <= {each.rule for each in after.reasons}


@given(RULES, TEXTS, KNOWN, st.randoms(use_true_random=False))
def test_the_order_of_the_rules_changes_neither_the_level_nor_the_reasons(
    rules: list[dict[str, Any]], text: str, known: dict[str, Any], random: Any
) -> None:
    shuffled = random.sample(rules, len(rules))
    one, other = judged(*rules, text=text, **known), judged(*shuffled, text=text, **known)
    assert one.level == other.level
    assert {each.rule: each for each in one.reasons} == {each.rule: each for each in other.reasons}
    assert judged(*rules, text=text, **known) == one


@given(RULES, TEXTS, KNOWN)
def test_whoever_gave_level_and_category_really_says_so(
    rules: list[dict[str, Any]], text: str, known: dict[str, Any]
) -> None:
    found = judged(*rules, text=text, **known)
    by_rule = {each.rule: each for each in found.reasons}
    if found.level_by in by_rule:
        assert by_rule[found.level_by].level == found.level
    else:
        assert (found.level_by, found.level) == ("default", Level.GENERAL)
    if found.category_by in by_rule:
        assert by_rule[found.category_by].category == found.category
    else:
        assert (found.category_by, found.category) == ("default", "other")
