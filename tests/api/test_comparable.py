"""Texts and the words of rules are compared without regard to how they were written; what the shipped rules say."""

import re
from collections.abc import Callable
from functools import cache

import pytest
from opencc import OpenCC

from api.asking import ComplaintBody
from api.comparable import comparable, comparable_rules, text_of
from complaints.parties import Complaint, Customer
from complaints.triage import Circumstances, Triage, TriageRules, triage
from complaints.vocabulary import Channel, Level
from deploy.policies import load_policy


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("起訴", "起诉"),
        ("盜刷信用卡", "盗刷信用卡"),
        ("瞭解", "了解"),
        ("ＬＡＷＳＵＩＴ", "lawsuit"),
        ("１２３１５", "12315"),
        ("Class\n  Action", "class action"),
        ("didn’t apply", "didn't apply"),
        ("Straße", "STRASSE"),
        ("着火", "著火"),
        ("冒煙著火", "冒烟着火"),
        ("衞生", "卫生"),
        ("資訊外洩", "信息外泄"),
        ("異地登入", "异地登录"),
        ("资料泄露", "資料洩露"),
        ("监\n管", "监管"),
        ("起 訴", "起诉"),
        ("監管\u200b局", "监管局"),
        ("打 12315 投诉", "打12315投诉"),
        ("cou\u200brt", "court"),
        ("law\u00adsuit", "lawsuit"),
        ("class-action", "class action"),
        ("class\u2011action", "class action"),
    ],
)
def test_ways_of_writing_make_no_difference(written: str, meant: str) -> None:
    assert comparable(written) == comparable(meant)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("电视\n\n台风", "电视台风"),
        ("class\n\naction", "class action"),
        ("3-15", "3 15"),
        ("tis sue", "tissue"),
    ],
)
def test_what_is_apart_stays_apart(one: str, other: str) -> None:
    assert comparable(one) != comparable(other)


_MAINLAND = {
    name: (lambda text: text) if name == "as it is" else OpenCC(name).convert
    for name in ("as it is", "s2t", "s2tw", "s2hk", "s2twp")
}
_COMMON = [
    bytes((row, cell)).decode("gb2312", "ignore") for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF)
]  # the 3755 characters of the standard's first level


@pytest.mark.parametrize("written", _MAINLAND.values(), ids=_MAINLAND)
def test_every_common_character_is_the_same_in_every_spelling(written: Callable[[str], str]) -> None:
    assert [each for each in _COMMON if comparable(written(each)) != comparable(each)] == []


@pytest.mark.parametrize("sentence", ["{}", "我要{}了", "你们这个{}的", "客服說：{}！"])
@pytest.mark.parametrize("written", _MAINLAND.values(), ids=_MAINLAND)
def test_every_shipped_chinese_word_is_found_in_every_spelling(written: Callable[[str], str], sentence: str) -> None:
    rules = load_policy("default").triage
    assert rules is not None
    words = [(rule.id, word) for rule in rules.rules for word in rule.when.words if re.search("[\u4e00-\u9fff]", word)]
    assert len(words) > 200
    unheard = [
        (rule, word)
        for rule, word in words
        if rule not in {each.rule for each in judged(written(sentence.format(word))).reasons}
    ]
    assert unheard == []


@cache
def _rules() -> TriageRules:
    rules = load_policy("default").triage
    assert rules is not None
    return comparable_rules(rules)


def judged(text: str, tier: str | None = None, **known: int) -> Triage:
    customer = Customer(name="王小明", tier=tier)
    complaint = Complaint(channel=Channel.WEB, customer=customer, subject=text, detail=text)
    said = text_of(complaint)
    return triage(_rules(), complaint, Circumstances(**known), said, level_given=False, category_given=False)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("再不处理我就打12315", "risk_regulator"),
        ("我會向消費者協會投訴", "risk_regulator"),
        ("I will report you to the ombudsman", "risk_regulator"),
        ("已经联系了记者", "risk_media"),
        ("我要找媒體曝光你們", "risk_media"),
        ("This goes to the newspapers", "risk_media"),
        ("等着收律师函吧", "risk_court"),
        ("See you in court", "risk_court"),
        ("孩子被烫伤，正在住院", "risk_injury"),
        ("My son was injured", "risk_injury"),
        ("我的卡被盗刷了三笔", "risk_account"),
        ("My account was hacked", "risk_account"),
        ("我们二十位业主联名投诉", "group"),
        ("We will start a class action", "group"),
        ("客服致電說我的個資外洩", "risk_account"),
        ("帳戶在異地登入", "risk_account"),
        ("我要向消基會申訴", "risk_regulator"),
        ("公平會會來查你們", "risk_regulator"),
        ("我要向媒體爆料", "risk_media"),
        ("一定提告到底", "risk_court"),
        ("我要sue你们", "risk_court"),
        ("I will sue you", "risk_court"),
        ("We'll take you to court", "risk_court"),
        ("I have the court papers ready", "risk_court"),
    ],
)
def test_the_shipped_rules_find_what_is_urgent_in_both_languages(text: str, rule: str) -> None:
    found = judged(text)
    assert found.level is Level.URGENT
    assert rule in {each.rule for each in found.reasons}


@pytest.mark.parametrize(
    "text",
    [
        "He was very courteous, but the parcel is late",
        "The food court was dirty",
        "在工商银行门口的快递柜里",
        "多媒体音箱没有声音",
        "The tissue box was torn",
        "杯子有一点划痕",
        "Sue was very helpful",
        "I spoke to Sue over the phone, thanks to Sue for her time",
        "Deliver it to 12 Maple Court",
        "My white court shoes arrived late",
        "寄到法院路12号的包裹还没到",
        "这样处理太不公平会让人寒心",
        "在火爆料理店用的券不能用",
        "电脑中毒软件装不上",
        "这台冰箱花了12345元",
    ],
)
def test_the_shipped_rules_do_not_cry_wolf(text: str) -> None:
    assert judged(text).level is Level.GENERAL


def test_a_subject_that_was_cut_from_the_text_adds_no_word_to_it() -> None:
    detail = "I would say that she did reply in courteous words, but my parcel is still late"
    body = ComplaintBody.model_validate({"channel": "web", "customer": {"name": "王小明"}, "detail": detail})
    complaint = body.complaint()
    assert complaint.subject.endswith("in court…")
    said = text_of(complaint)
    found = triage(_rules(), complaint, Circumstances(), said, level_given=False, category_given=False)
    assert found.level is Level.GENERAL


def test_a_subject_counts_and_does_not_run_into_the_text() -> None:
    complaint = Complaint(channel=Channel.WEB, customer=Customer(name="王"), subject="我的电视", detail="台子坏了")
    assert "电视台" not in text_of(complaint)
    assert "我的电视" in text_of(complaint)


def test_the_shipped_rules_know_important_customers_repeated_complaints_and_groups() -> None:
    assert judged("有一点问题", tier="vip").level_by == "important_customer"
    assert judged("有一点问题", earlier=2).level_by == "repeated"
    assert judged("有一点问题", others=10).level_by == "many_others"
    assert judged("有一点问题", earlier=1, others=9).level is Level.GENERAL


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("水壶用了两天就漏水，质量太差", "product_quality"),
        ("The kettle is broken after two days", "product_quality"),
        ("客服态度恶劣，挂我电话", "service_attitude"),
        ("Your agent was rude and hung up on me", "service_attitude"),
        ("快递三天没有更新，包裹丢了", "logistics"),
        ("My parcel never arrived", "logistics"),
        ("昨天刚买今天就降价，要求退差价", "price"),
        ("I saw it cheaper, please match the price", "price"),
        ("账单多扣了两次手续费", "billing"),
        ("I was charged twice on my bill", "billing"),
        ("賬號無法登錄，密碼被改", "account_security"),
        ("I am locked out and my password does nothing", "account_security"),
        ("办理注销手续来回跑了三次", "process"),
        ("Your application procedure asks for endless paperwork", "process"),
        ("今天天气不错", "other"),
        ("My APR went up to 25%", "price"),
        ("Since 3 Apr 2026 nobody has called", "other"),
    ],
)
def test_the_shipped_rules_tell_what_a_complaint_is_about(text: str, category: str) -> None:
    assert judged(text).category == category


def test_every_category_but_the_rest_has_a_rule_in_the_shipped_policy() -> None:
    policy = load_policy("default")
    assert {rule.category for rule in _rules().rules if rule.category} == set(policy.categories) - {"other"}
