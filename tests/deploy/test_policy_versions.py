"""Publishing from the command line, and what a start says about the policy that it is given."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from deploy.cli import app
from tests.support.temporal import running_temporal


@pytest.fixture(scope="module")
def temporal() -> Iterator[str]:
    with running_temporal() as server:
        yield server.address


def redress(folder: Path, *words: str, **settings: str) -> Result:
    environment = {"REDRESS_DATA_DIR": str(folder / "var"), "REDRESS_LANG": "en", "COLUMNS": "200", **settings}
    return CliRunner().invoke(app, ["policy", *words], env=environment)


def prepare(folder: Path, address: str, policy: str) -> subprocess.CompletedProcess[str]:
    settings = {"REDRESS_TEMPORAL_ADDRESS": address, "REDRESS_DATA_DIR": str(folder / "var"), "REDRESS_POLICY": policy}
    return subprocess.run(
        [sys.executable, "-m", "deploy.prepare"],
        env={**os.environ, **settings},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def mine(folder: Path, content: str = "", version: str = "1", name: str = "mine") -> str:
    file = folder / f"{name}-{version}.yaml"
    file.write_text(f"base: default\nname: {name}\nversion: '{version}'\n{content}\n", "utf-8")
    return str(file)


def versions(folder: Path) -> list[tuple[str, str, bool]]:
    listed = json.loads(redress(folder, "list", "--json").output)
    return [(each["name"], each["version"], each["in_force"]) for each in listed]


def test_versions_are_published_and_listed_before_redress_was_ever_started(tmp_path: Path) -> None:
    first = redress(tmp_path, "publish", mine(tmp_path), "--by", "Wang")
    assert first.exit_code == 0, first.output
    assert "Published mine 1" in first.output
    assert "REDRESS_POLICY names default, not mine" in first.output
    assert "was published before" in redress(tmp_path, "publish", mine(tmp_path)).output
    later = mine(tmp_path, "effective_from: 2099-06-15T12:00:00+08:00", version="2")
    assert redress(tmp_path, "publish", later).exit_code == 0
    assert redress(tmp_path, "publish", mine(tmp_path, "callback_attempts: 5", version="3")).exit_code == 0
    assert versions(tmp_path) == [("mine", "1", False), ("mine", "3", True), ("mine", "2", False)]
    table = redress(tmp_path, "list").output
    assert "2099-06-15 12:00:00+08:00" in table
    assert "Wang" in table


def test_what_is_published_cannot_be_changed_and_what_is_broken_is_not_published(tmp_path: Path) -> None:
    assert redress(tmp_path, "publish", mine(tmp_path)).exit_code == 0
    changed = redress(tmp_path, "publish", mine(tmp_path, "callback_attempts: 5"))
    assert changed.exit_code == 1
    assert "give it a new version" in changed.output
    broken = redress(tmp_path, "publish", mine(tmp_path, "callback_attempts: 0", version="2"))
    assert broken.exit_code == 1
    assert "callback_attempts" in broken.output
    assert versions(tmp_path) == [("mine", "1", True)]


def test_instants_are_told_with_their_offset_where_the_policy_is_at_home(tmp_path: Path) -> None:
    file = mine(tmp_path, "timezone: America/New_York\neffective_from: 2099-06-15T12:00:00+08:00")
    assert "from 2099-06-15 00:00:00-04:00 on" in redress(tmp_path, "publish", file).output
    assert "2099-06-15 00:00:00-04:00" in redress(tmp_path, "list").output


def test_what_is_published_is_no_failure_because_the_policy_in_use_is_broken(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("base: default\nspeed: 3\n", "utf-8")
    broken = {"REDRESS_POLICY": str(tmp_path / "broken.yaml")}
    done = redress(tmp_path, "publish", mine(tmp_path), **broken)
    assert done.exit_code == 0, done.output
    assert "Published mine 1" in done.output
    assert "REDRESS_POLICY: the policy file" in done.output
    assert versions(tmp_path) == [("mine", "1", True)]


def test_a_new_department_is_said_to_get_its_key_at_the_next_start(tmp_path: Path) -> None:
    department = (
        "{name: {zh: 法务部, en: Legal}, email: legal@redress.example, supervisor: {name: 某, email: a@b.example}}"
    )
    told = redress(tmp_path, "publish", mine(tmp_path, f"departments: {{legal: {department}}}"))
    assert "new departments (legal)" in told.output


def test_a_start_publishes_its_policy_once(tmp_path: Path, temporal: str) -> None:
    for _ in range(2):
        done = prepare(tmp_path, temporal, mine(tmp_path))
        assert done.returncode == 0, done.stderr
        assert "policy_not_in_force" not in done.stdout + done.stderr
    assert versions(tmp_path) == [("mine", "1", True)]


def test_a_start_says_that_another_version_than_its_own_is_in_force(tmp_path: Path, temporal: str) -> None:
    assert prepare(tmp_path, temporal, mine(tmp_path)).returncode == 0
    assert redress(tmp_path, "publish", mine(tmp_path, "callback_attempts: 5", version="2")).exit_code == 0
    done = prepare(tmp_path, temporal, mine(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "new cases are kept under version 2" in done.stdout + done.stderr
    assert versions(tmp_path) == [("mine", "1", False), ("mine", "2", True)]


def test_a_start_with_other_content_under_a_published_version_is_refused(tmp_path: Path, temporal: str) -> None:
    assert prepare(tmp_path, temporal, mine(tmp_path)).returncode == 0
    done = prepare(tmp_path, temporal, mine(tmp_path, "callback_attempts: 5"))
    assert done.returncode == 1
    assert "give it a new version" in done.stderr
    assert "Traceback" not in done.stderr
