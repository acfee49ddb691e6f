"""Texts and the words of rules are compared without regard to how they were written; what the shipped rules say."""

from functools import cache

import pytest

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
    ],
)
def test_ways_of_writing_make_no_difference(written: str, meant: str) -> None:
    assert comparable(written) == comparable(meant)


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
    ],
)
def test_the_shipped_rules_do_not_cry_wolf(text: str) -> None:
    assert judged(text).level is Level.GENERAL


def test_the_shipped_rules_know_important_customers_repeated_complaints_and_groups() -> None:
    assert judged("有一点问题", tier="vip").level_by == "important_customer"
    assert judged("有一点问题", earlier=2).level_by == "repeated"
    assert judged("有一点问题", others=5).level_by == "many_others"
    assert judged("有一点问题", earlier=1, others=4).level is Level.GENERAL


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
    ],
)
def test_the_shipped_rules_tell_what_a_complaint_is_about(text: str, category: str) -> None:
    assert judged(text).category == category


def test_every_category_but_the_rest_has_a_rule_in_the_shipped_policy() -> None:
    policy = load_policy("default")
    assert {rule.category for rule in _rules().rules if rule.category} == set(policy.categories) - {"other"}
