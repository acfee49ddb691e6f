"""What the measurements share: the product's own server and workers on a folder of their own, and what they use up."""

import asyncio
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path
from typing import Any, TypeVar

import psutil
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from deploy import logs
from deploy.child import Child, Spec, python_module
from deploy.local import temporal_command
from deploy.preflight import find_temporal
from deploy.prepare import prepare
from deploy.refusal import Refusal
from deploy.settings import PREFIX, Settings

console = Console(highlight=False, width=None if sys.stdout.isatty() else 118)

REDRESS, NO_OP, TWIN = "redress", "no-op", "twin"
"""The sides that can be measured: the product's own worker; its workflow with activities that do nothing; the twin."""

T = TypeVar("T")

_READY_WITHIN = 60.0
_QUIET_FOR = 0.5
_QUIET_CPU = 0.04


class Stack:
    """An embedded server with its namespace and records prepared, in a folder that is deleted afterwards."""

    def __init__(self, settings: Settings, children: AsyncExitStack) -> None:
        self.settings = settings
        self._children = children
        self.server: psutil.Process

    async def start(self) -> None:
        command = temporal_command(self.settings, find_temporal(self.settings))
        self.server = await self._started(Spec("temporal", command, 5, lifeline=False))
        await prepare(self.settings)

    async def worker(self, side: str) -> psutil.Process:
        """Start the worker of a side, in a process of its own. Raises Refusal if it does not come up."""
        if side == REDRESS:
            command = python_module("deploy.worker", self.settings.data_dir)
        else:
            command = (*python_module("benchmarks.worker", self.settings.data_dir), side)
        return await self._started(Spec(side, command, 6))

    async def _started(self, spec: Spec) -> psutil.Process:
        child = Child(spec, self.settings.data_dir, lambda zh, en: console.print(f"{zh} / {en}"))
        child.rotate_log()
        await child.start()
        self._children.push_async_exit(_Stopping(child))
        await child.ready(_READY_WITHIN)
        return next(each for each in psutil.Process().children() if tuple(each.cmdline()) == spec.command)


class _Stopping:
    """Stops a process in the end, and shows the last of its log where all did not go well: it goes with the folder."""

    def __init__(self, child: Child) -> None:
        self._child = child

    async def __aenter__(self) -> None: ...

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        await self._child.stop()
        said = kind is None or (issubclass(kind, Refusal) and not self._child.ended_without_a_word)
        if not said:
            console.print(f"{self._child.spec.name}:", *self._child.last_lines(20), sep="\n", markup=False)


@asynccontextmanager
async def running_stack() -> AsyncIterator[Stack]:
    """A stack as `redress up` starts it, but for the web server and the workers; those are asked for one by one."""
    with tempfile.TemporaryDirectory(prefix="redress-bench-") as folder:
        # The worker reads its settings from the environment; only what is said here shall be in it.
        for name in [name for name in os.environ if name.startswith(PREFIX)]:
            del os.environ[name]
        logs.configure("error")
        os.environ[f"{PREFIX}DATA_DIR"] = folder
        os.environ[f"{PREFIX}TEMPORAL_PORT"] = str(_free_port())
        os.environ[f"{PREFIX}TEMPORAL_UI_PORT"] = "0"
        async with AsyncExitStack() as children:
            stack = Stack(Settings.load(), children)
            await stack.start()
            yield stack


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu(process: psutil.Process) -> float:
    """The CPU seconds that a process has used so far."""
    times = process.cpu_times()
    return float(times.user + times.system)


async def settled(*processes: psutil.Process) -> None:
    """Return once none of them has had anything to do for a while. Asking the engine would cost what is measured."""
    quiet_rounds = 0
    while quiet_rounds < 2:
        before = [cpu(each) for each in processes]
        await asyncio.sleep(_QUIET_FOR)
        quiet = all(cpu(each) - then <= _QUIET_CPU for each, then in zip(processes, before, strict=True))
        quiet_rounds = quiet_rounds + 1 if quiet else 0


async def in_parallel(
    jobs: int, job: Callable[[int], Awaitable[T]], *, at_once: int, doing: str | None = None
) -> list[T]:
    """Do a job for each of so many numbers, so many at once; their results in order. `doing` is shown as they go on."""
    slots = asyncio.Semaphore(at_once)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=doing is None) as progress:
        shown = progress.add_task(doing or "", total=jobs)

        async def one(number: int) -> T:
            async with slots:
                result = await job(number)
            progress.advance(shown)
            return result

        return await asyncio.gather(*(one(number) for number in range(jobs)))


def database_bytes(path: Path) -> int:
    """The size of an SQLite database's content, wherever of its files it lies."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        pages, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    return int(pages * size)


def percentile(values: list[float], share: float) -> float:
    """The value below which that share (0-1) of the values lies; the nearest that is among them."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def load() -> str:
    """The load of the machine over the last one, five and fifteen minutes, and how many cores share it."""
    return " ".join(f"{average:.2f}" for average in os.getloadavg()) + f" ({os.cpu_count()} CPU)"


def print_load(before: str) -> None:
    """Under which load a measurement was made, for whoever compares it with another."""
    console.print(f"机器负载 · load of the machine: {before} → {load()}", style="dim")


def table(title: str, *columns: str) -> Table:
    """An empty table whose first column holds names and the others figures."""
    made = Table(title=title)
    for number, column in enumerate(columns):
        made.add_column(column, justify="right" if number else "left", no_wrap=True)
    return made


def start_command(main: Callable[..., None]) -> None:
    """Make a function a command line and run it. Each of its options has its help in both languages."""
    command = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
    command.command()(main)
    command()


def run(measurement: Coroutine[Any, Any, None]) -> None:
    """Run a measurement; one clear sentence and exit code 1 where something it needs cannot be had."""
    # Ended by a signal, too, it takes down what it has started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        asyncio.run(measurement)
    except Refusal as refusal:
        sys.exit(f"{refusal}")
    except KeyboardInterrupt:
        sys.exit(130)


@asynccontextmanager
async def profiled(process: psutil.Process, to: Path | None) -> AsyncIterator[None]:
    """Sample what a process does meanwhile, with py-spy, into a file of collapsed stacks (none where `to` is None).

    Only threads that run Python (hold its lock) are sampled, and never stopped, so that a few samples are lost.
    Raises Refusal where py-spy is not installed.
    """
    if to is None:
        yield
        return
    program = shutil.which("py-spy", path=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])))
    if program is None:
        raise Refusal(
            "--profile 需要 py-spy：.venv/bin/pip install py-spy。",
            "--profile needs py-spy: .venv/bin/pip install py-spy.",
        )
    command = (
        program,
        "record",
        "--pid",
        str(process.pid),
        "--format",
        "raw",
        "--nonblocking",
        "--gil",
        "--rate",
        "100",
        "--output",
        str(to),
    )
    spy = await asyncio.create_subprocess_exec(*command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    started = time.monotonic()
    try:
        yield
    finally:
        if spy.returncode is None:
            spy.send_signal(signal.SIGINT)
        await spy.wait()
        console.print(f"剖析 {time.monotonic() - started:.0f} 秒 · profiled for that many seconds: {to}")
