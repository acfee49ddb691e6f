"""The command line against a Redress that runs: a whole life from the terminal, and the demo, on a quick policy."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from deploy.cli import app
from deploy.cli.demo.playing import differing
from deploy.cli.demo.scenes import SCENES
from tests.support.stack import Stack, until
from tests.support.temporal import free_port

pytestmark = pytest.mark.xdist_group("cli")

QUICK = "base: trial\nname: quick\nminute_seconds: 0.3\n"
REFERENCE = re.compile(r"C-\d{8}-[0-9A-Z]{10}")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("cli")
    policy = folder / "quick.yaml"
    policy.write_text(QUICK, "utf-8")
    stack = Stack(folder, REDRESS_POLICY=str(policy))
    stack.start_and_wait()
    yield stack
    stack.stop()
    stack.end()


@pytest.fixture(autouse=True)
def surroundings(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDRESS_LANG", "en")
    monkeypatch.setenv("REDRESS_DATA_DIR", str(stack.data))
    monkeypatch.setenv("REDRESS_WEB_PORT", str(stack.port))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("REDRESS_KEY", raising=False)
    monkeypatch.delenv("REDRESS_URL", raising=False)


def run(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    return result


def read(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json").stdout)


def filed(**options: str) -> str:
    options = {"level": "2", "category": "other"} | options
    given = [part for name, value in options.items() for part in (f"--{name.replace('_', '-')}", value)]
    said = run("file", "--detail", "The parcel is lost", "--phone", "13800000000", *given).stdout
    return REFERENCE.findall(said)[0]


def when(reference: str, **expected: object) -> dict[str, Any]:
    """The case, once it has come to what is expected."""
    found: dict[str, Any] = {}

    def is_so() -> bool:
        found.update(read("show", reference))
        return all(found[name] == value for name, value in expected.items())

    until(is_so, 20, f"{reference} never came to {expected}")
    return found


def test_a_whole_life_can_be_worked_from_the_terminal() -> None:
    reference = filed(name="Lin", category="logistics", preferred_channel="phone")
    assert "under investigation" not in run("show", reference).stdout
    run("contact", reference, "--agent", "Ning Zhou", "--agent-phone", "400-000-0000")
    task = re.findall(r"T-\S+", run("assign", reference, "--department", "logistics", "--what", "find it").stdout)[0]
    assert [each["id"] for each in read("tasks", "--department", "logistics", "--state", "open")] == [task]
    run("feedback", task, "--text", "looking")
    run("complete", task, "--outcome", "found")
    propose = ["propose", reference, "--measure", "it arrives", "--owner", "logistics", "--relevance", "it was lost"]
    run(*propose, "--remedy", "refund=postage", "--remedy", "apology=by phone", "--by", "2d", "--told-on", "phone")
    run("revise", reference, "--reason", "cash, please")
    run(*propose, "--remedy", "compensation=cash", "--by", "2d", "--told-on", "phone")
    run("accept", reference)
    run("remedy", reference, "--note", "paid")
    run("callback", reference, "--satisfied", "--answer", "yes")
    case = when(reference, stage="closed")
    assert [each["state"] for each in case["promises"] if each["kind"] == "resolution"] == ["kept", "kept"]
    shown = run("show", reference).stdout
    assert "closed" in shown
    assert "Ning Zhou" in shown
    told = run("history", reference).stdout
    for sentence in ("The customer complained (phone)", "department logistics", "cash, please", "Now: closed"):
        assert sentence in told
    assert "workflow_execution_started" in run("history", reference, "--engine").stdout
    letters = read("outbox", "--reference", reference)
    assert {"acknowledgement", "confirmation_letter", "solution"} <= {letter["kind"] for letter in letters}
    assert letters[0]["subject"] in run("outbox", letters[0]["key"]).stdout


def test_a_task_is_handed_on_and_what_was_done_is_made_good() -> None:
    reference = filed(name="Gu")
    run("contact", reference)
    task = re.findall(r"T-\S+", run("assign", reference, "--department", "logistics", "--what", "find it").stdout)[0]
    run("handover", task, "--to", "finance", "--reason", "it is about the bill")
    assert task in [each["id"] for each in read("tasks", "--department", "finance", "--state", "open")]
    run("complete", task, "--outcome", "the bill is wrong")
    propose = ["propose", reference, "--measure", "it is paid", "--owner", "finance", "--relevance", "too much"]
    run(*propose, "--remedy", "refund=the difference", "--by", "2d", "--told-on", "phone")
    run("revise", reference, "--reason", "a voucher", "--compensate", task)
    case = when(reference, stage="investigating")
    assert [each["compensates"] for each in case["tasks"]] == [None, task]
    told = run("history", reference).stdout
    for sentence in (f"{task} was handed on to finance: it is about the bill", f"for finance to make good {task}"):
        assert sentence in told


def test_escalations_are_raised_listed_and_acknowledged() -> None:
    reference = filed(name="Ma")
    raised = re.findall(r"E-\S+", run("escalate", reference, "--level", "3", "--reason", "the press calls").stdout)[0]
    assert raised in [each["id"] for each in read("escalations", "--state", "open", "--level", "3")]
    run("acknowledge", raised)
    until(
        lambda: raised in [each["id"] for each in read("escalations", "--state", "acknowledged")],
        10,
        "it was never listed as acknowledged",
    )
    assert "the press calls" in run("escalations").stdout


def test_an_escalation_is_stepped_down_and_taken_over_from_the_terminal() -> None:
    reference = filed(name="Mo")
    raised = re.findall(r"E-\S+", run("escalate", reference, "--level", "3", "--reason", "the press calls").stdout)[0]
    lower = re.findall(r"E-\S+", run("stepdown", raised, "--level", "1", "--reason", "the lead first").stdout)[0]
    run("takeover", lower, "--name", "Lin", "--email", "lin@example.com")
    until(lambda: f"{lower} was taken over by Lin" in run("history", reference).stdout, 10, "it was never told of")
    told = run("history", reference).stdout
    assert f"{raised} was stepped down to level 1 (team lead): the lead first" in told
    assert "taken over by Lin" in run("show", reference).stdout
    assert {raised, lower}.isdisjoint(each["id"] for each in read("escalations", "--state", "open"))


def test_triage_says_why_and_a_correction_and_an_answer_are_recorded_from_the_terminal() -> None:
    said = run("file", "--detail", "The parcel is lost, see you in court", "--email", "court@example.com").stdout
    reference = REFERENCE.findall(said)[0]
    shown = run("show", reference).stdout
    assert "Mentions legal action [in court]" in shown
    assert "Is about delivery [parcel]" in shown
    run("classify", reference, "--level", "2", "--tier", "vip", "--reason", "a figure of speech")
    assert (case := when(reference, level=2))["tier"] == "vip"
    run("contact", reference)
    run("hold", reference, "--reason", "awaiting_customer", "--question", "Which order?")
    asked = when(reference, stage="contacted")["holds"][0]["started_at"]
    run("answer", reference, "--text", "A-100", "--channel", "email", "--arrived-at", asked)
    assert run("answer", reference, "--text", "x", "--arrived-at", "2020-01-01", code=1).stderr
    until(lambda: read("show", reference)["replies"], 10, "the answer was never recorded")
    told = run("history", reference).stdout
    for sentence in ("Mentions legal action", "vip: a figure of speech", "(e-mail, ", "A-100", "the customer answered"):
        assert sentence in told
    assert case["triage"]["level_by"] == "risk_court"


def test_the_same_key_is_never_done_twice() -> None:
    once = run("file", "--detail", "only once", "--key", "mine", "--json").stdout
    assert run("file", "--detail", "only once", "--key", "mine", "--json").stdout == once
    assert "Idempotency-Key" in run("file", "--detail", "another", "--key", "mine", code=1).stderr


@pytest.mark.parametrize(("language", "said"), [("zh", "没有这个投诉"), ("en", "There is no such complaint")])
def test_what_is_refused_is_said_in_the_readers_language(
    monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.setenv("REDRESS_LANG", language)
    result = run("show", "C-20260101-0000000000", code=1)
    assert result.stderr.strip() == said + ("。" if language == "zh" else ".")
    assert not result.stdout


def test_what_is_malformed_is_said_with_its_place() -> None:
    assert "customer.email" in run("file", "--detail", "x", "--email", "nowhere", code=1).stderr


def test_another_role_is_refused() -> None:
    assert run("history", filed(), "--as", "agent", code=1).stderr
    assert run("list", "--as", "nobody", code=1).stderr.startswith("There is no key for nobody")


def test_where_nobody_answers_one_sentence_says_so() -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    result = run("list", "--url", nowhere, code=1)
    assert result.stderr.startswith("Is Redress running?")
    assert len(result.stderr.splitlines()) == 1


def test_an_import_is_filed_once_by_a_real_redress(tmp_path: Path) -> None:
    path = tmp_path / "complaints.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        rows = [["编号", "内容"], ["1", "灯坏了"], ["2", ""], ["3", "水管漏水"], ["4", "长" * 10_001]]
        csv.writer(file).writerows(rows)
    command = ["import", str(path), "--map", "内容=detail", "--map", "编号=external_id", "--key-column", "编号"]
    command += ["--set", "level=3"]
    assert "2 filed, 0 already there, 0 repeated in the file, 2 rejected" in run(*command, code=1).stdout
    assert "0 filed, 2 already there, 0 repeated in the file, 2 rejected" in run(*command, code=1).stdout
    until(lambda: len(read("list", "--text", "水管漏水")) == 1, 10, "it was not filed")
    with (tmp_path / "complaints.rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        reasons = {row["编号"]: row["redress_reason"] for row in csv.DictReader(file)}
    assert reasons["2"] == "detail: is missing"
    assert "10000" in reasons["4"]


def test_the_demo_plays_as_it_should_and_what_it_broke_stands_in_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    said = run("demo").stdout
    assert "Everything came out as it should: 9 complaints" in said
    assert "▲ escalated to level 3 (director)" in said
    (neglected,) = REFERENCE.findall(said)
    assert neglected in run("list", "--broken-kind", "first_contact").stdout
    assert neglected not in str(read("list", "--unbroken"))
    monkeypatch.setenv("REDRESS_LANG", "zh")
    assert "首次联系" in run("list", "--broken").stdout


def test_the_demo_notices_what_comes_out_differently() -> None:
    scene = SCENES[0]
    promises = [{"kind": kind, "state": state} for kind, states in scene.promises.items() for state in states]
    case: dict[str, Any] = {"stage": scene.stage, "promises": promises, "escalations": []}
    assert differing(scene, case) == []
    assert differing(scene, {**case, "stage": "resolved"})
    assert differing(scene, {**case, "escalations": [{"level": 1}]})
    assert differing(scene, {**case, "promises": promises[1:]})
    assert differing(scene, {**case, "promises": [*promises, {"kind": "progress_update", "state": "broken"}]})
    assert differing(scene, {**case, "promises": [{**promises[0], "state": "broken"}, *promises[1:]]})
