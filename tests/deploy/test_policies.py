"""Policies read from their files."""

from datetime import timedelta
from pathlib import Path

import pytest

from complaints.vocabulary import PromiseKind
from deploy.policies import load_policy, policy_names
from deploy.refusal import Refusal


def write(folder: Path, content: str, name: str = "mine.yaml") -> str:
    (folder / name).write_text(content, "utf-8")
    return str(folder / name)


def refusal_of(policy: str) -> Refusal:
    with pytest.raises(Refusal) as refused:
        load_policy(policy)
    assert "\n" not in str(refused.value)
    return refused.value


def test_the_policies_that_come_with_redress_load_by_name() -> None:
    assert {"default", "office", "trial"} <= set(policy_names())
    for name in policy_names():
        assert load_policy(name).name == name


def test_in_the_trial_policy_a_minute_takes_a_second() -> None:
    assert load_policy("trial").span(30) == timedelta(seconds=30)
    assert load_policy("trial").promises == load_policy("default").promises


def test_a_file_says_only_what_differs_from_its_base(tmp_path: Path) -> None:
    path = write(tmp_path, "base: default\nname: mine\nversion: '7'\npromises: {first_contact: {minutes: 11}}\n")
    mine, default = load_policy(path), load_policy("default")
    assert (mine.name, mine.version) == ("mine", "7")
    assert mine.promises[PromiseKind.FIRST_CONTACT].minutes == 11
    terms = default.promises[PromiseKind.FIRST_CONTACT].by_category
    assert mine.promises[PromiseKind.FIRST_CONTACT].by_category == terms
    assert mine.promises[PromiseKind.RESOLUTION] == default.promises[PromiseKind.RESOLUTION]


def test_a_base_may_be_a_file_beside_it(tmp_path: Path) -> None:
    write(tmp_path, "base: trial\nname: ours\ncallback_attempts: 5\n", "ours.yaml")
    path = write(tmp_path, "base: ours.yaml\nname: mine\n")
    assert load_policy(path).callback_attempts == 5
    assert load_policy(path).minute_seconds == 1


@pytest.mark.parametrize(
    ("content", "place", "zh"),
    [
        ("base: default\nspeed: 3\n", "speed", "不认识这一项"),
        ("base: default\ncallback_attempts: 0\n", "callback_attempts", "应不小于 1"),
        ("base: default\ncallback_attempts: many\n", "callback_attempts", "应为整数"),
        (
            "base: default\npromises: {resolution: {minutes: -4}}\n",
            "promises.resolution.minutes",
            "应大于 0",
        ),
        ("base: default\nproduct_department: nowhere\n", "product_department", "nowhere"),
        ("base: default\npromises: soon\n", "promises", "应为键值表"),
        ("base: [default]\n", "base", "应为规则的名称或路径"),
        ("base: mine.yaml\n", "base", "绕回了自己"),
        ("name: a\nname: b\n", "line 2", "name is given twice"),
        ("promises: {first_contact: [\n", "line", "YAML"),
        ("- default\n", "map", "应为键值表"),
        ("", "map", "应为键值表"),
        ("name: mine\n", "version", "缺少这一项"),
    ],
)
def test_a_broken_file_is_named_with_the_place_and_what_is_wrong(
    tmp_path: Path, content: str, place: str, zh: str
) -> None:
    path = write(tmp_path, content)
    refused = refusal_of(path)
    assert "REDRESS_POLICY" in refused.en
    assert path in refused.en
    assert path in refused.zh
    assert place in refused.en
    assert zh in refused.zh


def test_a_policy_that_is_nowhere_is_refused_with_the_names_there_are() -> None:
    refused = refusal_of("trail")
    assert "trail" in refused.en
    assert "default, office, trial" in refused.en


def test_what_is_wrong_is_told_of_what_it_was_given_as(tmp_path: Path) -> None:
    for content in ("base: default\nspeed: 3\n", None):
        path = write(tmp_path, content) if content else str(tmp_path / "nowhere.yaml")
        with pytest.raises(Refusal) as refused:
            load_policy(path, "--policy")
        for words in (refused.value.zh, refused.value.en):
            assert words.startswith("--policy")
            assert "REDRESS_POLICY" not in words


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_bytes(b"\xff\xfe\x00name")
    assert "UTF-8" in refusal_of(str(tmp_path / "mine.yaml")).en


def test_closing_time_is_a_text_and_not_a_number_in_base_sixty(tmp_path: Path) -> None:
    path = write(tmp_path, "base: default\nversion: 18:00\n")
    assert load_policy(path).version == "18:00"
