"""A policy file is judged whole: every mistake at once, each with its file, line, place and what would be right."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from rich.console import Console
from typer.testing import CliRunner

from deploy.cli import app
from deploy.cli.render import promise_list
from deploy.policies import Mistake, examine, policy_names
from deploy.policies.schema import schema_of_a_file

TODAY = date(2026, 11, 22)
HEAD = "base: office\nname: mine\nversion: '1'\n"
CHINESE = re.compile("[\u4e00-\u9fff]")
REPLACES = re.compile(r"\[\]|null")

VIP = "{id: a, when: {tier: vip, level: 1}}"
BROKEN: list[tuple[str, str, str, str]] = [
    ("colour: red", "colour", "is not known here", "不认识这一项"),
    ("time_zone: Asia/Shanghai", "time_zone", "did you mean timezone?", "是不是 timezone"),
    ("timezone: Mars/Olympus", "timezone", "Asia/Shanghai", "不是时区"),
    ("edition: 2", "edition", "leave it out", "删去"),
    ("content_hash: abc", "content_hash", "leave it out", "删去"),
    ("calendars: {office: {holidays: {resolved: {}}}}", "calendars.office.holidays.resolved", "use years", "years"),
    ("calendars: {office: {holidays: {country: XX}}}", "calendars.office.holidays.country", "no country XX", "XX"),
    ("calendars: {always: {hours: {mon: ['09:00-18:00']}}}", "calendars.always", "another name", "换一个名称"),
    ("calendars: {shut: {hours: {mon: []}}}", "calendars.shut.hours", "never open", "从不营业"),
    ("calendars: {late: {hours: {mon: ['9-18']}}}", "calendars.late.hours.mon.0", "HH:MM-HH:MM", "HH:MM-HH:MM"),
    ("promises: {callback: {minutes: soon}}", "promises.callback.minutes", "whole number", "应为整数"),
    ("promises: {callback: {minutes: 0}}", "promises.callback.minutes", "greater than 0", "应大于 0"),
    ("promises: {calback: {minutes: 9}}", "promises.calback", "did you mean callback?", "是不是 callback"),
    ("promises: {callback: {warn_at: [0.8, 0.5]}}", "promises.callback.warn_at", "ascending", "由小到大"),
    ("promises: {callback: {calendar: ofice}}", "promises.callback.calendar", "did you mean office?", "是不是 office"),
    (
        "promises: {first_contact: {by_category: {weather: 5}}}",
        "promises.first_contact.by_category.weather",
        "not among the categories",
        "投诉类型",
    ),
    ("promises: {resolution: {complex_minutes: 60}}", "promises.resolution.complex_minutes", "240", "不应短于"),
    (
        "promises: {resolution: {ladder: [{level: 1, before_minutes: 500}]}}",
        "promises.resolution.ladder.0.before_minutes",
        "less than 120",
        "应小于 120",
    ),
    (
        "promises: {resolution: {ladder: [{level: 0}]}}",
        "promises.resolution.ladder.0.level",
        "use 1 to 3",
        "请用 1 到 3",
    ),
    (
        "promises: {resolution: {ladder: [{level: 2, after_minutes: 9}, {level: 1}]}}",
        "promises.resolution.ladder",
        "early to late",
        "由早到晚",
    ),
    (
        "promises: {callback: {rules: [{id: a, when: {}}]}}",
        "promises.callback.rules.0.when",
        "at least one of level",
        "至少要有",
    ),
    (
        "promises: {callback: {rules: [{id: a, when: {category: logistcs}}]}}",
        "promises.callback.rules.0.when.category",
        "did you mean logistics?",
        "是不是 logistics",
    ),
    (
        "promises: {callback: {rules: [{id: a, when: {tier: gold}}]}}",
        "promises.callback.rules.0.when.tier",
        "vip",
        "客户等级",
    ),
    (
        f"promises: {{callback: {{rules: [{VIP}, {{id: a, when: {{level: 2}}}}]}}}}",
        "promises.callback.rules.1.id",
        "one of its own",
        "须不同",
    ),
    ("promises: {callback: {rules: [{id: default, when: {level: 2}}]}}", "promises.callback.rules.0.id", "id", "名称"),
    (
        f"promises: {{callback: {{rules: [{VIP}, {{id: b, when: {{level: [1, 2], tier: [vip]}}}}]}}}}",
        "promises.callback.rules.1",
        "the rules a and b are equally specific, and both hold for a case with, for example: level=1, tier=vip",
        "a 与 b",
    ),
    (
        "promises: {first_contact: {rules: [{id: b, when: {category: [price, logistics]}}]}}",
        "promises.first_contact.rules.0",
        "by_category_logistics",
        "category=logistics",
    ),
    ("specificity: [tier, level, category]", "specificity", "exactly once", "各写一次"),
    ("specificity: [tier, tier, level, category, channel, region, product]", "specificity", "exactly", "各写一次"),
    (
        "holds: {force_majeur: {promises: [callback], longest_minutes: 5}}",
        "holds.force_majeur",
        "did you mean force_majeure?",
        "是不是 force_majeure",
    ),
    ("holds: {force_majeure: {promises: [lunch]}}", "holds.force_majeure.promises.0", "callback", "callback"),
    ("silence: {last_notice_minutes: 9999}", "silence", "must come in this order", "应依次为"),
    ("silence: {calendar: weekend}", "silence.calendar", "desk, night, office", "日历"),
    ("departments: {finance: {calendar: ofice}}", "departments.finance.calendar", "did you mean office?", "日历"),
    ("product_department: prodct", "product_department", "did you mean product?", "部门"),
    ("people: {ghost: {name: 某人}}", "people.ghost", "needs an email or a phone", "email"),
    ("people: {lead: {quiet_outside: nights}}", "people.lead.quiet_outside", "did you mean night?", "是不是 night"),
    ("people: {lead: {absent: [2027-02-20/2027-02-15]}}", "people.lead.absent.0", "ends before", "结束早于开始"),
    ("teams: {service_desk: {members: [lead, laed]}}", "teams.service_desk.members.1", "did you mean lead?", "人员"),
    ("chain: {1: {people: [nobody]}}", "chain.1.people.0", "not among the people", "人员"),
    ("chain: {1: {people: []}}", "chain.1", "somebody must be told", "需要 person 或 people"),
    ("chain: {2: {on_call: [{calendar: nite, people: [lead]}]}}", "chain.2.on_call.0.calendar", "night", "night"),
    (
        "chain: {4: {title: {zh: 总裁, en: President}, people: [lead]}}",
        "chain.4",
        "must be 1, 2 or 3",
        "应为 1、2 或 3",
    ),
    (
        "triage: {rules: [{id: a, when: {tier: [gold]}, level: 1, reason: {zh: 因, en: why}}]}",
        "triage.rules.0.when.tier.0",
        "not among the tiers",
        "客户等级",
    ),
    (
        "triage: {rules: [{id: a, when: {words: [x]}, category: weather, reason: {zh: 因, en: why}}]}",
        "triage.rules.0.category",
        "not among the categories",
        "投诉类型",
    ),
    (
        "triage: {rules: [{id: a, when: {words: [x]}, reason: {zh: 因, en: why}}]}",
        "triage.rules.0",
        "must give a level or a category",
        "应给出",
    ),
    ("promises: {callback: {minutes: true}}", "promises.callback.minutes", "whole number", "应为整数"),
    ("promises: {callback: {warn_at: [2]}}", "promises.callback.warn_at.0", "less than 1", "应小于 1"),
    (
        "promises: {task_feedback: {calendar: office}}",
        "promises.task_feedback.calendar",
        "use departments.*.calendar",
        "按其部门的日历",
    ),
    (
        "promises: {task_completion: {rules: [{id: a, when: {tier: vip}, calendar: always}]}}",
        "promises.task_completion.rules.0.calendar",
        "a task runs on its department's calendar",
        "按其部门的日历",
    ),
    (
        "promises: {resolution: {by_category: {billing: 600}}}",
        "promises.resolution.by_category.billing",
        "complex case (480)",
        "complex_minutes",
    ),
    (
        "promises: {callback: {ladder: [{level: 7}]}}",
        "promises.callback.ladder.0.level",
        "must be 1, 2 or 3",
        "应为 1、2 或 3",
    ),
    ("promises: {callback: {rules: [{id: A b, when: {level: 1}}]}}", "promises.callback.rules.0.id", "small", "小写"),
    ("promises: {callback: {rules: {id: a}}}", "promises.callback.rules", "must be a list", "应为列表"),
    ("desk: {email: nobody}", "desk.email", "like name@example.com", "应为邮箱"),
    ("desk: {phone: none}", "desk.phone", "like +86", "应为电话"),
    ('desk: {name: "a\\nb"}', "desk.name", "one line", "一行"),
    ("chain: {2: null}", "chain.2", "must be a map", "应为键值表"),
    ("staff_language: fr", "staff_language", "must be zh or en", "应为 zh 或 en"),
    ("holds: {force_majeure: {promises: []}}", "holds.force_majeure.promises", "1 entry", "至少 1 项"),
    (
        "holds: {force_majeure: {promises: [resolutions]}}",
        "holds.force_majeure.promises.0",
        "did you mean resolution?",
        "是不是 resolution",
    ),
    (
        "calendars: {late: {hours: {mon: ['09:00-18:00']}, closed: [2026-02-30]}}",
        "calendars.late.closed.0",
        "like 2026-10-01",
        "应为日期",
    ),
    (
        "calendars: {late: {hours: {mon: ['09:00-18:00']}, exceptions: {2026-02-30: []}}}",
        "calendars.late.exceptions.2026-02-30",
        "a date that exists",
        "应为日期",
    ),
    ("effective_from: 2027-13-01T00:00:00+08:00", "effective_from", "like 2026-10-01T09:00", "时刻"),
    ("effective_from: 20270101", "effective_from", "like 2026-10-01T09:00", "时刻"),
    ("effective_from: 2027-01-01T00:00:00", "effective_from", "needs its time zone, like 2026-10-01", "时区"),
]


def found_in(tmp_path: Path, content: str) -> list[Mistake]:
    (tmp_path / "mine.yaml").write_text(content, "utf-8")
    findings = examine(str(tmp_path / "mine.yaml"), TODAY)
    assert (findings.policy is None) == bool(findings.errors)
    return findings.mistakes


@pytest.mark.parametrize(
    ("change", "place", "en", "zh"), BROKEN, ids=[f"{n}-{each[1]}" for n, each in enumerate(BROKEN)]
)
def test_a_mistake_is_found_in_its_place_and_nothing_else_is_blamed(
    tmp_path: Path, change: str, place: str, en: str, zh: str
) -> None:
    (mistake,) = (each for each in found_in(tmp_path, f"{HEAD}\n{change}\n") if not each.warning)
    assert (mistake.place, mistake.line) == (place, 5)
    assert Path(mistake.file).name == "mine.yaml"
    assert en in mistake.en
    assert zh in mistake.zh
    assert CHINESE.search(mistake.zh)
    assert not CHINESE.search(mistake.en)


def test_all_mistakes_are_found_at_once_whatever_their_kind(tmp_path: Path) -> None:
    content: dict[str, Any] = {}
    changes = [change for change, place, *_ in BROKEN if place.split(".")[0] in ("colour", "people", "chain", "holds")]
    parts = [yaml.safe_load(change) for change in changes if not REPLACES.search(change)]
    for part in parts:
        for key, value in part.items():
            if isinstance(value, dict):
                content.setdefault(key, {}).update(value)
            else:
                content[key] = value
    expected = {place for change, place, *_ in BROKEN if change in changes and not REPLACES.search(change)}
    expected -= {"people.lead.quiet_outside"}  # two changes of the same person: the later one stands
    mistakes = found_in(tmp_path, HEAD + yaml.safe_dump(content, allow_unicode=True))
    assert {each.place for each in mistakes if not each.warning} == expected
    assert len(expected) >= 8


def test_a_mistake_that_stands_in_the_base_is_shown_there(tmp_path: Path) -> None:
    (tmp_path / "below.yaml").write_text(
        "base: default\nversion: '1'\npromises:\n  callback:\n    minutes: no\n", "utf-8"
    )
    (mistake,) = found_in(tmp_path, "base: below.yaml\nname: mine\npromises: {callback: {warn_at: [0.5]}}\n")
    assert (Path(mistake.file).name, mistake.line) == ("below.yaml", 5)


@pytest.mark.parametrize(
    "content", ["", "- a", "a: b: c", "base: &x [*x]", "name: {[a]: b}", "1: 2", "~: 3", "chain: &x {1: *x}"]
)
def test_what_is_no_policy_at_all_is_an_error_and_not_a_crash(tmp_path: Path, content: str) -> None:
    assert found_in(tmp_path, content)


HARMLESS = {
    ("name", "nonsense"),
    ("name", "true"),
    *((key, "{}") for key in ("calendars", "promises", "chain", "people", "desk")),
}


@pytest.mark.parametrize("key", ["name", "calendars", "promises", "chain", "people", "survey", "desk", "x"])
@pytest.mark.parametrize("value", ["", "[]", "{}", "nonsense", "3", "[[[]]]", "{a: {b: {c: 1}}}", "2027-01-01", "true"])
def test_any_value_anywhere_is_judged_without_a_crash(tmp_path: Path, key: str, value: str) -> None:
    lines = [line for line in HEAD.splitlines() if not line.startswith(f"{key}:")]
    (tmp_path / "mine.yaml").write_text("\n".join([*lines, f"{key}: {value}"]), "utf-8")
    assert examine(str(tmp_path / "mine.yaml"), TODAY).errors or (key, value) in HARMLESS


def test_what_may_be_meant_is_a_warning_and_stops_nobody(tmp_path: Path) -> None:
    change = "minute_seconds: 1\nsilence: {accept_minutes: 9000}\npromises: {callback: {complex_minutes: 2000}}\n"
    mistakes = found_in(tmp_path, HEAD + change)
    assert all(each.warning for each in mistakes)
    assert [each.place for each in mistakes if "office.yaml" not in each.file] == [
        "minute_seconds",
        "promises.callback.complex_minutes",
    ]


def test_years_whose_holidays_are_not_published_are_named_unless_the_file_knows_them(tmp_path: Path) -> None:
    (warned,) = found_in(tmp_path, HEAD)
    assert warned.warning
    assert "2027, 2028, 2029" in warned.en
    years = "calendars: {office: {holidays: {years: {2027: {closed: ['2027-01-01']}}}}}\n"
    (warned,) = found_in(tmp_path, HEAD + years)
    assert "2028, 2029" in warned.en
    assert "2027" not in warned.en


def test_check_ends_with_zero_and_a_summary_or_with_one_and_the_list(tmp_path: Path) -> None:
    good = CliRunner().invoke(app, ["policy", "check", "office"], env={"REDRESS_LANG": "en", "COLUMNS": "200"})
    assert good.exit_code == 0
    for word in ("office 1", "office、desk、night", "vip_urgent", "840"):
        assert word in good.output
    (tmp_path / "mine.yaml").write_text(f"{HEAD}colour: red\nspeed: 3\n", "utf-8")
    bad = CliRunner().invoke(app, ["policy", "check", str(tmp_path / "mine.yaml")], env={"REDRESS_LANG": "zh"})
    assert bad.exit_code == 1
    assert "mine.yaml:4: 错误 colour" in bad.output
    assert "mine.yaml:5: 错误 speed" in bad.output
    told = CliRunner().invoke(app, ["policy", "check", str(tmp_path / "mine.yaml"), "--json"])
    assert told.exit_code == 1
    content = json.loads(told.output)
    assert (content["valid"], len(content["mistakes"])) == (False, 2)
    assert {"file", "line", "place", "zh", "en", "warning"} == set(content["mistakes"][0])


def test_a_promise_is_shown_with_its_rule_where_that_is_not_the_usual() -> None:
    promise = {"kind": "callback", "state": "kept", "start": None, "due": None}
    by_rule = promise | {"rule": "vip", "matched": ["level=1", "tier=vip"]}
    screen = Console(width=120)
    with screen.capture() as shown:
        screen.print(promise_list({"promises": [by_rule, promise | {"rule": "default", "matched": []}]}, "en"))
    assert shown.get().count("rule vip (level=1 tier=vip)") == 1
    assert "rule default" not in shown.get()


def test_the_schema_says_of_every_part_what_it_means_in_both_languages() -> None:
    schema = schema_of_a_file()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for name, definition in schema["$defs"].items():
        for part, content in definition.get("properties", {}).items():
            assert " · " in content["description"] or "· " in content["description"], (name, part)
            assert CHINESE.search(content["description"]), (name, part)
            assert part not in ("edition", "content_hash", "resolved")
    references = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(schema)))
    assert references <= schema["$defs"].keys()
    assert "required" in schema["$defs"]["Policy"]
    assert "required" not in schema["$defs"]["PolicyOver"]


def test_every_policy_that_comes_with_redress_is_without_a_mistake() -> None:
    for name in policy_names():
        assert not examine(name).mistakes


def test_the_schema_allows_a_chain_the_levels_that_it_may_have() -> None:
    chain = schema_of_a_file()["$defs"]["Policy"]["properties"]["chain"]
    assert chain["propertyNames"] == {"enum": ["1", "2", "3"]}
