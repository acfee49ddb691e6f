"""What the command line says: everything in both languages, and nothing without words."""

import re
import subprocess
import sys
from enum import Enum
from typing import get_args

import pytest
import typer
from typer.testing import CliRunner

from complaints import vocabulary
from complaints.events import Event
from deploy.cli import app, choices
from deploy.cli.demo.script import LINES
from deploy.cli.language import tongue
from deploy.cli.sentences import SENTENCES, Teller
from deploy.cli.texts import TEXTS
from deploy.cli.words import REASONS
from tests.support.lives import lives

CHINESE = re.compile("[\u4e00-\u9fff]")
BLANK = re.compile(r"\{(\w+)\}")
CATALOGUES = {"texts": TEXTS, "sentences": SENTENCES, "lines": LINES, "reasons": REASONS}
COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_every_text_fills_in_the_same_in_both_languages(catalogue: str) -> None:
    for key, (zh, en) in CATALOGUES[catalogue].items():
        assert sorted(BLANK.findall(zh)) == sorted(BLANK.findall(en)), key
        assert not CHINESE.search(en), key


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_every_chinese_text_is_chinese(catalogue: str) -> None:
    for key, (zh, _) in CATALOGUES[catalogue].items():
        assert CHINESE.search(BLANK.sub("", zh)) or not re.search("[A-Za-z]", BLANK.sub("", zh)), key


def test_every_event_of_the_journal_has_a_sentence() -> None:
    types = {event.model_fields["type"].default for event in get_args(get_args(Event)[0])}
    assert types == SENTENCES.keys()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_whole_lives_are_told_without_a_gap(language: str) -> None:
    told = set()
    for life in lives(15, 60):
        teller = Teller("zh" if language == "zh" else "en")
        for entry in life.entries:
            for event in entry.model_dump(mode="json")["events"]:
                sentence = teller.tell(event)
                assert not BLANK.search(sentence)
                assert sentence != event["type"]
                told.add(event["type"])
    assert len(told) > 25


@pytest.mark.parametrize(
    ("named", "term"),
    [
        (choices.ChannelName, vocabulary.Channel),
        (choices.LanguageName, vocabulary.Language),
        (choices.StageName, vocabulary.Stage),
        (choices.PromiseKindName, vocabulary.PromiseKind),
        (choices.TaskStateName, vocabulary.TaskState),
    ],
)
def test_the_choices_are_those_of_the_vocabulary(named: object, term: type[Enum]) -> None:
    assert set(get_args(named)) == {member.value for member in term}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_is_explained_in_both_languages(command: str) -> None:
    found = typer.main.get_command(app).commands[command]  # type: ignore[attr-defined]
    for text in [found.help, *(parameter.help for parameter in found.params if parameter.name != "help")]:
        zh, dot, en = text.partition("· ")
        assert dot, f"{command}: {text}"
        assert CHINESE.search(zh), f"{command}: {text}"
        assert not CHINESE.search(en), f"{command}: {text}"


def test_the_help_of_every_command_can_be_shown() -> None:
    for command in COMMANDS:
        assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0


def test_help_waits_for_neither_the_domain_nor_the_network() -> None:
    program = "import sys, deploy.cli; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"pydantic", "httpx", "temporalio", "rich", "complaints"} & set(loaded.stdout.split())


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "REDRESS_LANG": "zh"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
    ],
)
def test_the_language_is_the_readers(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], expected: str) -> None:
    for name in ("REDRESS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert tongue() == expected
