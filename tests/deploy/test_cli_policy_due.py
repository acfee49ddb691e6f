"""`redress policy due`: worked cases from a file, and a due time under a policy, told and explained."""

import json
import re
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
import typer
import yaml
from typer.testing import CliRunner, Result

from complaints.worktime import Closed
from deploy.cli import app
from deploy.cli.texts import TEXTS

ACCEPTANCE = Path(__file__).parents[1] / "complaints" / "data" / "working_time.json"
OFFICE = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDRESS_LANG", "en")


def due(*options: object) -> Result:
    return CliRunner().invoke(app, ["policy", "due", *map(str, options)])


def case(**changes: Any) -> dict[str, Any]:
    """A case that is due on Monday at ten; what is given as ... is left out."""
    usual = {
        "id": "usual",
        "timezone": "Asia/Shanghai",
        "hours": OFFICE,
        "holidays": [],
        "working_days": [],
        "start": "2026-11-20T17:00:00+08:00",
        "budget_minutes": 120,
        "holds": [],
        "due": "2026-11-23T10:00:00+08:00",
    }
    return {key: value for key, value in (usual | changes).items() if value is not ...}


def judged(tmp_path: Path, *cases: Any) -> tuple[Result, list[dict[str, Any]]]:
    file = tmp_path / "cases.json"
    file.write_text(json.dumps({"cases": cases}), "utf-8")
    result = due("--cases", file, "--json")
    return result, json.loads(result.stdout)["cases"]


def test_the_worked_cases_all_come_out_as_they_should() -> None:
    result = due("--cases", ACCEPTANCE)
    assert result.exit_code == 0, result.output
    expected = json.loads(ACCEPTANCE.read_bytes())["cases"]
    lines = result.stdout.splitlines()
    assert [line.split()[0] for line in lines[:-1]] == [each["id"] for each in expected]
    assert all(line.endswith("matches") for line in lines[:-1])
    assert "make-up-saturday-works  2026-10-10T12:00:00+08:00  matches" in lines


def test_a_difference_is_told_and_makes_the_command_fail(tmp_path: Path) -> None:
    file = tmp_path / "cases.json"
    file.write_text(json.dumps({"cases": [case(), case(id="wrong", due="2026-11-23T10:00:01+08:00")]}))
    result = due("--cases", file)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "usual  2026-11-23T10:00:00+08:00  matches",
        "wrong  2026-11-23T10:00:00+08:00  differs, must be 2026-11-23T10:00:01+08:00",
        "2 cases: 1 match, 1 differ, 0 malformed.",
    ]


def test_a_case_without_a_due_time_is_worked_out_and_no_difference(tmp_path: Path) -> None:
    result, [found] = judged(tmp_path, case(due=...))
    assert result.exit_code == 0
    assert (found["due"], found["matches"]) == ("2026-11-23T10:00:00+08:00", None)


@pytest.mark.parametrize(
    "changes",
    [
        {"due": "2026-11-23T02:00:00Z"},
        {"hours": OFFICE | {"fri": [["13:00", "18:00"], ["09:00", "14:00"]]}},
        {"hours": {"fri": [["22:00", "06:00"]]}, "due": "2026-11-21T00:00+08:00"},
        {"hours": {"fri": [["17:00:30", "24:00"]]}, "due": "2026-11-20T19:00:30+08:00"},
        {"holidays": ["2026-11-23"], "working_days": ["2026-11-21"], "due": "2026-11-21T10:00:00+08:00"},
        {"holidays": ["2026-11-23"], "working_days": ["2026-11-23"], "due": "2026-11-24T10:00:00+08:00"},
        {"budget_minutes": 60.5, "due": "2026-11-23T09:00:30+08:00"},
        {"budget_minutes": 0, "start": "2026-11-21T17:00:00+08:00", "due": "2026-11-21T17:00:00+08:00"},
        {"holds": [["2026-11-20T17:00+08:00", "2026-11-20T17:40+08:00"]] * 2, "due": "2026-11-23T10:40:00+08:00"},
        {"holds": [["2026-11-20T18:00+08:00", "2026-11-23T09:00+08:00"]]},
        {"holds": [["2026-11-20T17:30+08:00", None]], "due": None},
        {"holds": ..., "holidays": ..., "working_days": ...},
    ],
)
def test_what_the_format_allows_comes_out_right(tmp_path: Path, changes: dict[str, Any]) -> None:
    result, found = judged(tmp_path, case(**changes))
    assert result.exit_code == 0, found


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (7, "a map"),
        (case(timezone="Mars/Olympus"), "timezone"),
        (case(timezone=...), "timezone is missing"),
        (case(timezone=["UTC"]), "timezone"),
        (case(hours={"monday": [["09:00", "18:00"]]}), "mon to sun"),
        (case(hours={"mon": "09:00-18:00"}), "mon to sun"),
        (case(hours={"mon": [["09:00"]]}), "hours.mon"),
        (case(hours={"mon": [["09:00", "25:00"]]}), "hours.mon"),
        (case(hours={"mon": [["09:00", "24:01"]]}), "hours.mon"),
        (case(hours={"mon": [["09:00", "09:00"]]}), "hours.mon"),
        (case(hours={"mon": [["09:00", 18]]}), "hours.mon"),
        (case(hours={}), "never open"),
        (case(hours=...), "hours is missing"),
        (case(holidays=["2026-02-30"]), "holidays"),
        (case(working_days="2026-02-03"), "working_days"),
        (case(start="2026-11-20T17:00:00"), "start"),
        (case(start=20261120), "start"),
        (case(start="0001-01-01T00:00+14:00", hours={"mon": [["09:00", "09:01"]]}), "start"),
        (case(due="soon"), "due"),
        (case(budget_minutes=-1), "budget_minutes"),
        (case(budget_minutes="120"), "budget_minutes"),
        (case(budget_minutes=True), "budget_minutes"),
        (case(budget_minutes=float("nan")), "budget_minutes"),
        (case(budget_minutes=float("inf")), "budget_minutes"),
        (case(budget_minutes=1e300), "9999"),
        (case(budget_minutes=10**10), "9999"),
        (case(holds=[["2026-11-20T17:30+08:00", "2026-11-20T17:00+08:00"]]), "holds[0]"),
        (case(holds=[["2026-11-20T17:30+08:00"]]), "holds[0]"),
        (case(holds=[["2026-11-20T17:30+08:00", "2026-11-20T18:00+08:00"], None]), "holds[1]"),
        (case(holds={}), "holds"),
    ],
)
def test_a_malformed_case_is_named_with_what_is_wrong_and_the_others_run_on(
    tmp_path: Path, broken: Any, told: str
) -> None:
    result, found = judged(tmp_path, case(id="before"), broken, case(id="after"))
    assert result.exit_code == 1
    assert [each["matches"] for each in found] == [True, False, True]
    assert told in found[1]["problem"]["en"]
    assert re.search("[\u4e00-\u9fff]", found[1]["problem"]["zh"])


def test_a_case_is_named_by_its_number_where_it_has_no_name_that_can_be_shown(tmp_path: Path) -> None:
    _, found = judged(tmp_path, case(id=...), case(id="\ud800\n"), case(id=7))
    assert [each["id"] for each in found] == ["#1", "'\\ud800\\n'", "7"]


@pytest.mark.parametrize("content", [b"", b"{", b"[1, 2", b'{"case": []}', b"\xff\xfe\x00", b"[" * 100_000, b'"cases"'])
def test_a_file_without_cases_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "cases.json"
    file.write_bytes(content)
    result = due("--cases", file)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert str(file) in result.output


def test_a_file_that_is_not_there_is_refused_in_a_sentence(tmp_path: Path) -> None:
    result = due("--cases", tmp_path / "nowhere.json")
    assert result.exit_code == 1
    assert "nowhere.json cannot be read" in result.output


def test_thousands_of_cases_take_seconds(tmp_path: Path) -> None:
    zones = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
    cases = [case(id=str(each), timezone=zones[each % 4], budget_minutes=each, due=...) for each in range(4000)]
    before = perf_counter()
    result, found = judged(tmp_path, *cases)
    assert result.exit_code == 0
    assert len({each["due"] for each in found}) > 3000
    assert perf_counter() - before < 8


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """A policy with an office in Shanghai that keeps the public holidays of China, and a rule for the urgent."""
    content = {
        "base": "default",
        "name": "office",
        "calendars": {
            "office": {
                "hours": {day: ["09:00-12:00", "13:00-18:00"] for day in OFFICE},
                "holidays": {"country": "CN"},
                "closed": ["2026-10-08"],
            },
            "berlin": {"timezone": "Europe/Berlin", "hours": {"sun": ["00:00-24:00"]}},
        },
        "promises": {
            "first_contact": {
                "minutes": 240,
                "calendar": "office",
                "rules": [{"id": "urgent", "when": {"level": 1}, "minutes": 15, "calendar": "always"}],
            }
        },
    }
    file = tmp_path / "office.yaml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return file


START = "2026-09-30T16:00+08:00"


def test_a_due_time_under_a_policy_is_told(policy: Path) -> None:
    result = due("--policy", policy, "--promise", "first_contact", "--start", START)
    assert result.exit_code == 0, result.output
    assert result.stdout == "2026-10-09T11:00:00+08:00\n"


def test_every_closed_or_held_stretch_is_explained_in_both_languages(policy: Path) -> None:
    held = "2026-10-09T09:30+08:00/2026-10-09T10:00+08:00"
    result = due("--policy", policy, "--promise", "first_contact", "--start", START, "--hold", held, "--explain")
    assert result.exit_code == 0, result.output
    _, start, *steps, end = result.stdout.splitlines()
    assert start.endswith("2026-09-30T16:00:00+08:00")
    assert end.endswith("2026-10-09T11:30:00+08:00")
    assert [re.sub(r"2026-|:00\+08:00", "", step.strip()) for step in steps] == [
        "09-30T18:00 – 10-01T00:00  非工作时间 · outside working hours",
        "10-01T00:00 – 10-08T00:00  法定节假日 · public holiday",
        "10-08T00:00 – 10-09T00:00  公司休息日 · the company is closed",
        "10-09T00:00 – 10-09T09:00  非工作时间 · outside working hours",
        "10-09T09:30 – 10-09T10:00  挂起 · on hold",
    ]


def test_the_most_specific_rule_and_what_made_it_hold_are_named(policy: Path) -> None:
    options = ("--policy", policy, "--promise", "first_contact", "--start", START, "--level", 1)
    result = due(*options, "--explain")
    assert "urgent, level=1" in result.stdout
    assert result.stdout.endswith("2026-09-30T16:15:00+08:00\n")
    told = json.loads(due(*options, "--json").stdout)
    assert (told["rule"], told["calendar"], told["minutes"]) == ("urgent", "always", 15)


def test_a_task_runs_on_its_departments_calendar() -> None:
    asked = ("--policy", "office", "--promise", "task_completion", "--start", "2026-09-30T17:00+08:00")
    assert due(*asked, "--department", "logistics").stdout == "2026-10-08T10:00:00+08:00\n"
    assert due(*asked, "--department", "security").stdout == "2026-09-30T19:00:00+08:00\n"
    assert due(*asked, "--calendar", "always").stdout == "2026-09-30T19:00:00+08:00\n"
    assert due(*asked, "--department", "logistics", "--calendar", "always").stdout == "2026-09-30T19:00:00+08:00\n"


def test_holidays_that_are_only_supposed_or_that_no_case_takes_with_it_are_told(policy: Path) -> None:
    options = ("--policy", policy, "--promise", "first_contact")
    assert "supposed" not in due(*options, "--start", START, "--explain").output
    far = (*options, "--start", "2098-09-30T16:00+08:00")
    told = due(*far, "--explain").output
    assert "2098 年的放假和调休安排尚未公布" in told
    assert "the holidays of 2098 are kept is not published yet" in told
    long = json.loads(due(*far, "--minutes", 480 * 250 * 5, "--json").stdout)
    last = int(long["due"][:4])
    assert last > 2102
    assert long["supposed_years"] == list(range(2098, last + 1))
    assert long["left_out_years"] == list(range(2102, last + 1))


def test_a_policy_that_is_broken_is_named_by_the_option(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("base: default\nspeed: 3\n", "utf-8")
    result = due("--policy", tmp_path / "mine.yaml", "--promise", "callback", "--start", START)
    assert result.exit_code == 1
    assert "--policy" in result.output
    assert "REDRESS_POLICY" not in result.output


def test_another_calendar_and_other_minutes_may_be_asked_for(policy: Path) -> None:
    options = ("--policy", policy, "--promise", "callback", "--calendar", "berlin", "--minutes", 1501)
    # That Sunday has 25 hours.
    result = due(*options, "--start", "2026-10-24T12:00")
    assert result.stdout == "2026-11-01T00:01:00+01:00\n"


def test_holidays_are_known_however_far_ahead_a_due_time_lies(policy: Path) -> None:
    result = due(
        "--policy", policy, "--promise", "first_contact", "--start", "2023-09-28T17:00+08:00", "--minutes", 480 * 260
    )
    told = json.loads(
        due(
            "--policy", policy, "--promise", "first_contact", "--start", "2023-09-28T17:00+08:00",
            "--minutes", 480 * 260, "--json",
        ).stdout
    )  # fmt: skip
    assert result.stdout.strip() == told["due"]
    years = {step["start"][:4] for step in told["steps"] if step["reason"] == "public_holiday"}
    assert years == {"2023", "2024"}


def test_a_hold_that_has_not_ended_leaves_no_due_time(policy: Path) -> None:
    options = ("--policy", policy, "--promise", "first_contact", "--start", START, "--hold", "2026-09-30T17:00+08:00/")
    assert due(*options).stdout == "on hold, not due\n"
    assert json.loads(due(*options, "--json").stdout)["steps"][-1]["end"] is None


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "--cases"),
        (["--promise", "callback"], "--start"),
        (["--cases", "x.json", "--promise", "callback", "--start", START], "--cases"),
        (["--promise", "callback", "--start", "soon"], "--start must be"),
        (["--promise", "callback", "--start", START, "--hold", START], "--hold"),
        (["--promise", "callback", "--start", START, "--hold", "2026-10-02T00:00Z/2026-10-01T00:00Z"], "--hold"),
        (["--promise", "callback", "--start", START, "--calendar", "moon"], "moon"),
        (["--promise", "callback", "--start", START, "--category", "weather"], "weather"),
        (["--promise", "callback", "--start", START, "--tier", "gold"], "gold"),
        (["--promise", "callback", "--start", START, "--department", "logistics"], "--department"),
        (["--promise", "task_feedback", "--start", START], "--department"),
        (["--promise", "task_feedback", "--start", START, "--department", "kitchen"], "kitchen"),
    ],
)
def test_what_cannot_be_answered_is_said_in_a_sentence(options: list[str], told: str) -> None:
    result = due(*options)
    assert result.exit_code == 2
    assert told in result.output
    assert "Traceback" not in result.output


def test_every_option_is_explained_in_both_languages() -> None:
    command = typer.main.get_command(app).commands["policy"].commands["due"]  # type: ignore[attr-defined]
    for words in [command.help, *(each.help for each in command.params if each.name != "help")]:
        zh, dot, en = words.partition("· ")
        assert dot
        assert re.search("[\u4e00-\u9fff]", zh), words
        assert not re.search("[\u4e00-\u9fff]", en), words


def test_every_reason_for_being_closed_has_words() -> None:
    assert {f"closed_{why}" for why in Closed} <= TEXTS.keys()
