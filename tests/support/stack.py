"""The embedded stack as a person starts it: `redress up` as processes of its own, on free ports."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil

from tests.support.temporal import free_port

ROOT = Path(__file__).parents[2]
READY = "Ctrl-C stops everything"
"""The last words of a start that succeeded."""


def until(condition: Callable[[], object], within: float, what: str) -> None:
    """Return once the condition holds; fail with what was waited for after so many seconds."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


class Stack:
    """One `redress up` in a folder of its own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.data = folder / "var"
        self.output = folder / "output.txt"
        self.port = free_port()
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "REDRESS_DATA_DIR": str(self.data),
            "REDRESS_WEB_PORT": str(self.port),
            "REDRESS_TEMPORAL_PORT": str(free_port()),
            "REDRESS_TEMPORAL_UI_PORT": "0",
            **settings,
        }
        self.supervisor: subprocess.Popen[bytes] | None = None
        self.family: list[psutil.Process] = []

    def start(self) -> None:
        with self.output.open("ab") as output:
            self.supervisor = subprocess.Popen(
                [sys.executable, "-m", "deploy.local"],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def start_and_wait(self) -> float:
        """Seconds until it was ready."""
        before, begun = self.said().count(READY), time.monotonic()
        self.start()
        until(lambda: self.said().count(READY) > before or self.exit_code() is not None, 60, self.said())
        assert self.exit_code() is None, self.said()
        self.family = [psutil.Process(self.pid(path.stem)) for path in (self.data / "run").glob("*.json")]
        return time.monotonic() - begun

    def cpu_seconds(self) -> float:
        """What all its processes have used since they started."""
        assert self.supervisor
        # Those that have ended, such as the preparation, are among the supervisor's `children_*`.
        times = [psutil.Process(self.supervisor.pid).cpu_times(), *(child.cpu_times() for child in self.family)]
        return sum(used.user + used.system + used.children_user + used.children_system for used in times)

    def said(self) -> str:
        return self.output.read_text("utf-8") if self.output.exists() else ""

    def exit_code(self) -> int | None:
        assert self.supervisor
        return self.supervisor.poll()

    def pid(self, name: str) -> int:
        return int(json.loads((self.data / "run" / f"{name}.json").read_text())["pid"])

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def signal(self, number: signal.Signals) -> None:
        assert self.supervisor
        self.supervisor.send_signal(number)

    def stop(self) -> float:
        """Seconds until it had stopped after Ctrl-C."""
        assert self.supervisor
        begun = time.monotonic()
        self.signal(signal.SIGINT)
        self.supervisor.wait(30)
        return time.monotonic() - begun

    def run_to_refusal(self) -> str:
        """Start it where it cannot; what it said on the one line that it said."""
        self.start()
        assert self.supervisor
        self.supervisor.wait(60)
        assert self.exit_code() not in (0, None)
        assert "Traceback" not in self.said()
        (line,) = self.said().splitlines()
        assert re.search("[\u4e00-\u9fff]", line), "in Chinese, too"
        return line

    def end(self) -> None:
        for process in self.family:
            if process.is_running():
                process.kill()
        if self.supervisor and self.supervisor.poll() is None:
            self.supervisor.kill()
            self.supervisor.wait()


def gone(process: psutil.Process) -> bool:
    """Whether it has ended, even where nobody collects orphans."""
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
