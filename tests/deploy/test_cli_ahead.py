"""From the terminal: moving running cases to another version, what will fire, and a draft tried with past cases."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from complaints.policy import Policy
from deploy.cli import app
from deploy.policies import load_policy
from deploy.policies.publishing import published
from records.engine import connect
from tests.api.stack import KEYS, Stack, running_stack
from tests.support.temporal import running_temporal

SLOW = """
base: default
version: slow
effective_from: 2099-01-01T00:00:00Z
promises:
  resolution: {minutes: 600, complex_minutes: 900}
"""

HASTY = """
base: default
version: draft
minute_seconds: 0.001
promises:
  first_contact: {minutes: 1}
"""
"""A draft by which nobody could have been called in time."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("ahead")
    with running_temporal() as temporal, running_stack(temporal.address, folder) as running:
        slow = folder / "slow.yaml"
        slow.write_text(SLOW, "utf-8")
        for policy in (running.policy, load_policy(str(slow)), without_prices()):
            publish(folder, policy)
        yield running


def without_prices() -> Policy:
    content = load_policy("default").model_dump(mode="json", exclude_unset=True, exclude={"triage"})
    del content["categories"]["price"]
    return Policy.model_validate({**content, "version": "bare", "effective_from": "2099-01-01T00:00:00Z"})


def publish(folder: Path, policy: Policy) -> None:
    engine = connect(f"sqlite:///{folder / 'records.db'}")
    published(engine, policy)
    engine.dispose()


@pytest.fixture(autouse=True)
def surroundings(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDRESS_LANG", "en")
    monkeypatch.setenv("REDRESS_DATA_DIR", str(stack.folder))
    monkeypatch.setenv("REDRESS_URL", stack.url)
    monkeypatch.setenv("REDRESS_KEY", KEYS["supervisor"])
    monkeypatch.setenv("COLUMNS", "200")


def run(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    return result


def read(*arguments: str, code: int = 0) -> Any:
    """What a command prints as JSON. The stack runs in this process, and its log may stand around it."""
    said = run(*arguments, "--json", code=code).stdout
    return json.JSONDecoder().raw_decode(said[said.index("{\n") :])[0]


def moved(*arguments: str, code: int = 0) -> dict[str, Any]:
    return {each["reference"]: each for each in read("policy", "migrate", *arguments, code=code)["cases"]}


def test_one_case_is_looked_at_moved_and_moved_back(stack: Stack) -> None:
    reference = stack.file()["reference"]
    home = stack.case(reference)["policy"]["version"]
    looked = run("policy", "migrate", reference, "--to", "slow", "--dry-run").stdout
    assert "not done" in looked
    assert "due before" in looked
    assert stack.case(reference)["policy"]["version"] == home
    assert "kept under slow now" in run("policy", "migrate", reference, "--to", "slow", "--reason", "longer").stdout
    assert "under slow already" in run("policy", "migrate", reference, "--to", "slow", "--reason", "longer").stdout
    back = run("policy", "migrate", reference, "--to", home, "--reason", "a trial").stdout
    assert f"kept under {home} now" in back


def test_all_open_cases_move_and_the_one_that_cannot_is_named_while_the_others_go_on(stack: Stack) -> None:
    fit, unfit = stack.file()["reference"], stack.file(category="price")["reference"]
    over = stack.file()["reference"]
    receipt = stack.do("agent", f"/v1/complaints/{over}/withdrawal", {"reason": "不再追究"})
    stack.case(over, receipt["version"])
    result = moved("--all", "--to", "bare", "--reason", "fewer categories", code=1)
    assert over not in result
    assert (result[fit]["outcome"], result[unfit]["outcome"]) == ("moved", "refused")
    assert "categories.price" in result[unfit]["why"]
    # Repeated, as after an interruption, it finds done what was done.
    again = moved("--all", "--to", "bare", "--reason", "fewer categories", code=1)
    assert (again[fit]["outcome"], again[unfit]["outcome"]) == ("before", "refused")
    everything = run("policy", "migrate", "--all", "--to", "slow", "--reason", "longer").stdout
    assert re.search(r"not moved: 0", everything)


def test_it_must_be_said_whom_and_why(stack: Stack) -> None:
    assert "one of the two" in run("policy", "migrate", "--to", "slow", "--dry-run", code=2).output
    reference = stack.file()["reference"]
    assert "--reason" in run("policy", "migrate", reference, "--to", "slow", code=2).output
    assert "No such version" in run("policy", "migrate", reference, "--to", "none", "--dry-run", code=1).output


def test_the_outlook_of_a_case_and_of_everything_is_a_table(stack: Stack) -> None:
    reference = stack.file()["reference"]
    of_one = run("outlook", reference, "--hours", "2").stdout
    assert "breach" in of_one
    assert "first contact" in of_one
    assert "值班组长" in of_one
    by_hour = run("outlook", "--hours", "2").stdout
    assert "total" in by_hour
    seen = read("outlook", "--hours", "2")
    assert any(reference in hour["references"] for hour in seen["hours"])
    assert "no such department or team" in run("outlook", "--team", "nobody", code=1).output
    run("outlook", reference, "--team", "nobody", code=2)


def test_the_outlook_is_told_in_chinese_too(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDRESS_LANG", "zh")
    reference = stack.file()["reference"]
    assert "失约" in run("outlook", reference, "--hours", "2").stdout


def test_a_draft_is_tried_with_the_records_there_are(stack: Stack, tmp_path: Path) -> None:
    reference = stack.contacted()
    stack.case(reference, 2)
    draft = tmp_path / "draft.yaml"
    draft.write_text(HASTY, "utf-8")
    found = read("policy", "backtest", str(draft))
    assert found["policy"]["version"] == "draft"
    assert found["cases"] >= 1
    assert {"reference": reference, "kind": "first_contact"}.items() <= next(
        each for each in found["changed"] if (each["reference"], each["kind"]) == (reference, "first_contact")
    ).items()
    table = run("policy", "backtest", str(draft)).stdout
    assert "kept before" in table
    assert "cannot be known" in table
    assert read("policy", "backtest", str(draft), "--since", "2099-01-01")["cases"] == 0


def test_a_draft_with_mistakes_and_an_installation_without_records_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("base: default\ncallback_attempts: often\n", "utf-8")
    assert "callback_attempts" in run("policy", "backtest", str(wrong), code=1).output
    monkeypatch.setenv("REDRESS_DATA_DIR", str(tmp_path))
    assert "no records" in run("policy", "backtest", "default", code=1).output
    assert not (tmp_path / "records.db").exists()
