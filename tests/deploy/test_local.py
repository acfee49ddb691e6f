"""The embedded stack, started and stopped as a person would: the real processes on free ports."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.support.stack import READY, Stack, gone, until
from tests.support.temporal import TEMPORAL

pytestmark = pytest.mark.xdist_group("stack")


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    stack = Stack(tmp_path)
    yield stack
    stack.end()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    stack = Stack(tmp_path_factory.mktemp("running"))
    stack.start_and_wait()
    yield stack
    stack.stop()
    stack.end()


def test_it_starts_says_where_everything_is_stops_on_ctrl_c_and_leaves_nothing(stack: Stack) -> None:
    stack.start_and_wait()
    said = stack.said()
    assert stack.answers()
    assert f"http://127.0.0.1:{stack.port}" in said
    assert str(stack.data / "credentials.json") in said
    for role, key in json.loads((stack.data / "credentials.json").read_text()).items():
        assert f"$(key {role})" in said
        assert key not in said, "keys do not belong into scroll-backs and system logs"
    assert stack.stop() < 10
    assert stack.exit_code() == 0
    assert all(gone(process) for process in stack.family)
    assert "Traceback" not in stack.said()


def test_the_command_that_it_prints_reads_the_key(running: Stack) -> None:
    definition = next(line.strip() for line in running.said().splitlines() if line.strip().startswith("key() {"))
    printed = subprocess.run(
        ["sh", "-c", f"{definition}\nkey agent"], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert printed == json.loads((running.data / "credentials.json").read_text())["agent"]


def test_a_second_start_is_little_work_and_has_the_same_keys(stack: Stack) -> None:
    stack.start_and_wait()
    keys = (stack.data / "credentials.json").read_bytes()
    stack.stop()
    stack.start_and_wait()
    # Ready within six seconds on two cores of its own; other tests run beside this one, so that it is the work which
    # is measured here and not the time.
    assert stack.cpu_seconds() < 10
    assert (stack.data / "credentials.json").read_bytes() == keys


@pytest.mark.parametrize("name", ["web", "worker", "temporal"])
def test_a_killed_process_is_started_again_and_said_so(running: Stack, name: str) -> None:
    first = running.pid(name)
    os.kill(first, signal.SIGKILL)
    until(lambda: f"{name} is back." in running.said(), 30, running.said())
    running.family.append(psutil.Process(running.pid(name)))
    assert running.pid(name) != first
    assert f"{name} ended unexpectedly (-9)" in running.said()
    until(running.answers, 20, "the web server answers again")


def test_after_its_supervisor_was_killed_the_next_start_goes_on(stack: Stack) -> None:
    stack.start_and_wait()
    orphans = stack.family
    stack.signal(signal.SIGKILL)
    assert stack.supervisor
    stack.supervisor.wait(10)
    stack.start_and_wait()
    assert all(gone(process) for process in orphans)
    assert stack.answers()
    assert stack.stop() < 10


def test_with_a_cluster_named_nothing_is_embedded_and_all_the_rest_is_done(stack: Stack, server: str) -> None:
    stack.environment["REDRESS_TEMPORAL_ADDRESS"] = server
    stack.start_and_wait()
    assert not (stack.data / "temporal.db").exists()
    assert sorted(path.stem for path in (stack.data / "run").iterdir()) == ["web", "worker"]
    assert server in stack.said()
    assert stack.answers()
    assert stack.stop() < 10


def test_ctrl_c_while_it_starts_stops_what_was_started(stack: Stack, tmp_path: Path) -> None:
    # An engine that takes its time: however fast the rest is, the start is not over when it is interrupted.
    slow = tmp_path / "temporal"
    slow.write_text(f'#!/bin/sh\n[ "$1" = --version ] && exec "{TEMPORAL}" "$@"\nexec sleep 120\n')
    slow.chmod(0o755)
    stack.environment["REDRESS_TEMPORAL_BIN"] = str(slow)
    stack.start()
    records = [stack.data / "run" / f"{name}.json" for name in ("temporal", "worker", "web", "prepare")]
    until(lambda: all(record.exists() for record in records), 30, "the processes run")
    stack.family = [psutil.Process(stack.pid(record.stem)) for record in records]
    assert stack.stop() < 10
    assert stack.exit_code() == 0
    assert all(gone(process) for process in stack.family)
    assert READY not in stack.said()


@pytest.mark.parametrize("variable", ["REDRESS_WEB_PORT", "REDRESS_TEMPORAL_PORT", "REDRESS_TEMPORAL_UI_PORT"])
def test_a_taken_port_stops_the_start_before_anything_is_started(stack: Stack, variable: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        stack.environment[variable] = str(taken.getsockname()[1])
        assert variable in stack.run_to_refusal()
    assert not (stack.data / "run").exists()
    assert not (stack.data / "temporal.db").exists()


def test_a_data_folder_in_use_stops_the_second_start_only(running: Stack, tmp_path: Path) -> None:
    before = {name: running.pid(name) for name in ("temporal", "worker", "web")}
    second = Stack(tmp_path, REDRESS_DATA_DIR=str(running.data))
    assert "REDRESS_DATA_DIR" in second.run_to_refusal()
    assert running.answers()
    assert {name: running.pid(name) for name in before} == before


def test_a_data_folder_that_cannot_be_written_to_stops_the_start(stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    stack.environment["REDRESS_DATA_DIR"] = str(tmp_path / "file" / "var")
    assert "REDRESS_DATA_DIR" in stack.run_to_refusal()


def test_a_broken_policy_stops_the_start(stack: Stack, tmp_path: Path) -> None:
    policy = tmp_path / "mine.yaml"
    policy.write_text("base: default\npromises: {resolution: {minutes: 0}}\n")
    stack.environment["REDRESS_POLICY"] = str(policy)
    said = stack.run_to_refusal()
    assert "REDRESS_POLICY" in said
    assert "promises.resolution.minutes" in said
    assert not (stack.data / "run").exists()


def test_what_it_says_on_starting_names_the_version_that_is_in_force(stack: Stack, tmp_path: Path) -> None:
    files = [tmp_path / f"{version}.yaml" for version in ("first", "later")]
    for file in files:
        file.write_text(f"base: default\nname: mine\nversion: {file.stem}\n", "utf-8")
        subprocess.run(
            [sys.executable, "-m", "deploy.cli", "policy", "publish", str(file)],
            env=stack.environment,
            check=True,
            capture_output=True,
        )
    stack.environment["REDRESS_POLICY"] = str(files[0])
    stack.start_and_wait()
    assert re.search(r"policy +mine later$", stack.said(), re.MULTILINE)
    stack.stop()


def test_a_database_that_cannot_be_used_stops_the_start_and_all_it_had_started(stack: Stack) -> None:
    stack.environment["REDRESS_DATABASE_URL"] = "sqlite:////dev/null/records.db"
    stack.start()
    assert stack.supervisor
    assert stack.supervisor.wait(60) == 1
    assert "REDRESS_DATABASE_URL" in stack.said().splitlines()[-1]
    assert "Traceback" not in stack.said()
    assert list((stack.data / "run").glob("*.json")) == []


def test_a_child_that_will_not_start_is_shown_with_the_end_of_its_log(stack: Stack, tmp_path: Path) -> None:
    burning = tmp_path / "temporal"
    burning.write_text("#!/bin/sh\necho 'temporal version 1.9.1 (Server 1.32.0)'; [ $1 = --version ] || exit 3\n")
    burning.chmod(0o755)
    stack.environment["REDRESS_TEMPORAL_BIN"] = str(burning)
    stack.start()
    assert stack.supervisor
    assert stack.supervisor.wait(60) == 1
    assert "Server 1.32.0" in stack.said().splitlines()[0]
    assert str(stack.data / "logs" / "temporal.log") in stack.said().splitlines()[-1]
    assert list((stack.data / "run").glob("*.json")) == []


def test_what_is_kept_can_be_read_by_the_owner_only(running: Stack) -> None:
    open_to_others = [str(path) for path in running.data.rglob("*") if path.lstat().st_mode & 0o077]
    assert open_to_others == []
