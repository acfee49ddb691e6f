"""One supervised process: made ready, started again, stopped, and ended when it was left over."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest

from deploy.child import Child, Spec, end_leftovers
from deploy.lifeline import SUPERVISED
from deploy.refusal import Refusal

_READY = """
import asyncio, sys
from deploy import lifeline
async def work(line):
    await line.go()
    await line.ready("what came of it")
    await line.cut()
sys.exit(lifeline.run(work))
"""
_REFUSING = """
import sys
from deploy import lifeline
from deploy.refusal import Refusal
async def work(line):
    await line.go()
    raise Refusal("不行", "it cannot be", exit_code=3)
sys.exit(lifeline.run(work))
"""
_DYING = "print('the last words'); raise SystemExit(4)"
_DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)" + _READY


class Stage:
    """Children that are ended when the test is over, and what was said about them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[str] = []
        self.children: list[Child] = []

    def child(self, program: str, grace: float = 3.0) -> Child:
        command = (sys.executable, "-c", program, SUPERVISED, str(self.folder))
        child = Child(Spec("worker", command, grace), self.folder, lambda zh, en: self.said.append(en))
        child.rotate_log()
        self.children.append(child)
        return child

    def pid(self) -> int:
        return int(json.loads((self.folder / "run" / "worker.json").read_text())["pid"])


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    stage = Stage(tmp_path)
    yield stage
    for child in stage.children:
        child.end_at_once()
        await child.finished()


async def until(condition: Callable[[], bool], within: float = 15) -> None:
    async with asyncio.timeout(within):
        while not condition():
            await asyncio.sleep(0.02)


async def test_a_child_waits_for_its_turn_and_then_says_that_it_is_ready(stage: Stage) -> None:
    child = stage.child(_READY)
    await child.start()
    await child.ready(15)
    assert psutil.pid_exists(stage.pid())
    assert child.outcome == "what came of it"


async def test_whoever_looks_a_process_up_never_reads_half_a_record(stage: Stage) -> None:
    child = stage.child(_READY)
    await child.start()
    first = stage.pid()
    with (stage.folder / "run" / "worker.json").open() as looking:
        child.end_at_once()
        await child.finished()
        await child.start()
        assert json.load(looking)["pid"] == first
    assert stage.pid() != first
    assert [path.name for path in (stage.folder / "run").iterdir()] == ["worker.json"]


async def test_what_a_child_refuses_is_what_the_supervisor_says(stage: Stage) -> None:
    child = stage.child(_REFUSING)
    await child.start()
    with pytest.raises(Refusal) as refused:
        await child.ready(15)
    assert (refused.value.zh, refused.value.en, refused.value.exit_code) == ("不行", "it cannot be", 3)
    assert await child.finished() == 3


async def test_a_child_that_dies_before_it_is_ready_points_to_its_log(stage: Stage) -> None:
    child = stage.child(_DYING)
    await child.start()
    with pytest.raises(Refusal, match=r"worker\.log"):
        await child.ready(15)
    assert child.last_lines() == ["the last words"]


async def test_a_killed_child_is_started_again_and_it_is_said(stage: Stage) -> None:
    child = stage.child(_READY)
    await child.start()
    await child.ready(15)
    keeping = asyncio.create_task(child.keep(15))
    first = stage.pid()
    os.kill(first, signal.SIGKILL)
    await until(lambda: "worker is back." in stage.said)
    assert stage.pid() != first
    assert "ended unexpectedly (-9)" in stage.said[0]
    assert "worker.log" in stage.said[0]
    keeping.cancel()


async def test_the_pause_before_a_restart_doubles(stage: Stage) -> None:
    child = stage.child(_DYING)
    await child.start()
    keeping = asyncio.create_task(child.keep(15))
    await until(lambda: sum("ended unexpectedly" in line for line in stage.said) == 3)
    pauses = re.findall(r"starts again in (\d+) s", " ".join(stage.said))
    assert pauses == ["1", "2", "4"]
    keeping.cancel()


async def test_a_stopped_child_is_gone_and_forgotten(stage: Stage) -> None:
    child = stage.child(_READY)
    await child.start()
    await child.ready(15)
    pid = stage.pid()
    await child.stop()
    assert not psutil.pid_exists(pid)
    assert not (stage.folder / "run" / "worker.json").exists()


async def test_a_child_that_will_not_stop_is_made_to(stage: Stage) -> None:
    child = stage.child(_DEAF, grace=0.3)
    await child.start()
    await child.ready(15)
    await child.stop()
    assert await child.finished() == -signal.SIGKILL


async def test_the_log_of_the_start_before_is_kept(stage: Stage) -> None:
    child = stage.child(_DYING)
    await child.start()
    await child.finished()
    child.rotate_log()
    assert not child.log.exists()
    assert "the last words" in child.log.with_suffix(".log.1").read_text()


async def test_a_process_that_was_left_over_is_ended(stage: Stage) -> None:
    child = stage.child(_READY)
    await child.start()
    await child.ready(15)
    ending = "import sys; from pathlib import Path; from deploy.child import end_leftovers; "
    ending += "print(*end_leftovers(Path(sys.argv[1])))"
    command = (sys.executable, "-c", ending, str(stage.folder))
    other = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    said, _ = await other.communicate()
    assert said == b"worker\n"
    assert await child.finished() == -signal.SIGTERM


def test_a_process_that_only_took_over_the_number_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    try:
        started = psutil.Process(stranger.pid).create_time()
        (tmp_path / "run").mkdir()
        record = tmp_path / "run" / "worker.json"
        for written_down in (
            {
                "pid": stranger.pid,
                "started": started,
                "command": ["python", "-m", "deploy.worker", str(tmp_path)],
            },
            {"pid": stranger.pid, "started": started, "command": psutil.Process(stranger.pid).cmdline()},
            {"pid": stranger.pid, "started": started - 60, "command": psutil.Process(stranger.pid).cmdline()},
        ):
            record.write_text(json.dumps(written_down))
            assert end_leftovers(tmp_path) == []
        record.write_text("cut off in the mid")
        assert end_leftovers(tmp_path) == []
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.communicate()


def test_a_child_ends_when_its_supervisor_is_killed(tmp_path: Path) -> None:
    supervising = f"""
import asyncio, sys
from pathlib import Path
from deploy.child import Child, Spec
from deploy.lifeline import SUPERVISED
async def main():
    folder = Path({str(tmp_path)!r})
    command = (sys.executable, "-c", {_READY!r}, SUPERVISED, str(folder))
    child = Child(Spec("worker", command, 3), folder, print)
    child.rotate_log()
    await child.start()
    await child.ready(15)
    print("ready", flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""
    supervisor = subprocess.Popen([sys.executable, "-c", supervising], stdout=subprocess.PIPE, text=True)
    try:
        assert supervisor.stdout
        assert supervisor.stdout.readline() == "ready\n"
        child = psutil.Process(json.loads((tmp_path / "run" / "worker.json").read_text())["pid"])
    finally:
        supervisor.kill()
        supervisor.communicate()
    # Where nobody collects orphans, one that has ended stays as a zombie.
    _, alive = psutil.wait_procs([child], timeout=5)
    assert all(process.status() == psutil.STATUS_ZOMBIE for process in alive)
