"""One process of the embedded stack, as its supervisor sees it."""

import asyncio
import ctypes
import json
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from deploy.lifeline import SUPERVISED
from deploy.refusal import Refusal

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
_HEALTHY_AFTER = 60.0
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG in linux/prctl.h
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Spec:
    """What a child is: its command line, how long it may take to stop (seconds), and what tells that it is
    ready.

    With `lifeline` it is a module of ours that waits for its turn and says itself when it is ready;
    `answers`, where given, must come true besides.
    """

    name: str
    command: tuple[str, ...]
    grace: float
    lifeline: bool = True
    answers: Callable[[], Awaitable[bool]] | None = None


def python_module(module: str, data_dir: Path) -> tuple[str, ...]:
    """The command line of one of our own modules, run for a supervisor."""
    return (sys.executable, "-m", module, SUPERVISED, str(data_dir))


class Child:
    """A process, its log and its record in the data folder; started again when it dies.

    `outcome` is what it said had come of its work when it was ready.
    """

    def __init__(self, spec: Spec, data_dir: Path, say: Callable[[str, str], None]) -> None:
        self.spec = spec
        self.log = data_dir / "logs" / f"{spec.name}.log"
        self._record = data_dir / "run" / f"{spec.name}.json"
        self._say = say
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._stopping = False
        self.ended_without_a_word = False
        self.outcome = ""

    def rotate_log(self) -> None:
        """Begin an empty log; the one of the start before is kept beside it."""
        self.log.parent.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):
            self.log.replace(self.log.with_suffix(".log.1"))

    async def start(self) -> None:
        """Start the process; it waits for `go` if it has a lifeline."""
        ours, theirs = socket.socketpair()
        with theirs, self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self.spec.command,
                stdin=theirs.fileno() if self.spec.lifeline else asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C in the terminal is for the supervisor, which stops the others in order.
                start_new_session=True,
                preexec_fn=_die_with(os.getpid(), signal.SIGTERM if self.spec.lifeline else signal.SIGKILL),
            )
        self._remember(self._process.pid)
        if self.spec.lifeline:
            self._reader, self._writer = await asyncio.open_connection(sock=ours)
        else:
            ours.close()

    async def ready(self, within: float) -> None:
        """Let the process go and return when it is ready.

        Raises Refusal with what it refused, or that it ended or was not ready within so many seconds.
        """
        try:
            async with asyncio.timeout(within):
                if self.spec.lifeline:
                    await self._hear_ready()
                while self.spec.answers and not await self.spec.answers():
                    if self._process and self._process.returncode is not None:
                        raise self.did_not_start()
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise Refusal(
                f"{self.spec.name} 在 {within:.0f} 秒内没有就绪；日志：{self.log}",
                f"{self.spec.name} was not ready within {within:.0f} s; its log: {self.log}",
            ) from None

    async def finished(self) -> int:
        """Return when the process has ended: its exit code, or the signal's number, negated."""
        if self._process is None:
            return 0
        return await self._process.wait()

    async def keep(self, within: float) -> None:
        """Whenever the process dies, say so and start it again: after 1 s, then twice as long, up to 30 s."""
        loop = asyncio.get_running_loop()
        pause, since = _FIRST_PAUSE, loop.time()
        while not self._stopping:
            code = await self.finished()
            if self._stopping:
                return
            if loop.time() - since > _HEALTHY_AFTER:
                pause = _FIRST_PAUSE
            self._say(
                f"{self.spec.name} 意外退出（{code}），{pause:.0f} 秒后重新启动。日志：{self.log}",
                f"{self.spec.name} ended unexpectedly ({code}); it starts again in {pause:.0f} s. Its log: {self.log}",
            )
            await asyncio.sleep(pause)
            pause, since = min(pause * 2, _LONGEST_PAUSE), loop.time()
            try:
                await self.start()
                await self.ready(within)
            except (Refusal, OSError) as error:
                self._say(*((error.zh, error.en) if isinstance(error, Refusal) else (str(error), str(error))))
                await self._end_now()
            else:
                self._say(f"{self.spec.name} 已恢复。", f"{self.spec.name} is back.")

    async def stop(self) -> None:
        """End the process: asked first, and made to after its grace."""
        self._stopping = True
        process = self._process
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), self.spec.grace)
        except TimeoutError:
            await self._end_now()
        self._record.unlink(missing_ok=True)

    def end_at_once(self) -> None:
        """Do not wait for it any longer."""
        if self._process and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()

    def last_lines(self, count: int = 5) -> list[str]:
        """The end of the log of this start."""
        try:
            return self.log.read_text("utf-8", "replace").splitlines()[-count:]
        except OSError:
            return []

    def did_not_start(self) -> Refusal:
        """The sentence for a process that ended before it was ready."""
        self.ended_without_a_word = True
        return Refusal(
            f"{self.spec.name} 启动失败；日志：{self.log}",
            f"{self.spec.name} did not start; its log: {self.log}",
        )

    async def _end_now(self) -> None:
        self.end_at_once()
        await self.finished()

    async def _hear_ready(self) -> None:
        if not self._writer or not self._reader:
            raise self.did_not_start()
        try:
            self._writer.write(b"go\n")
            await self._writer.drain()
            while (word := (await self._reader.readline()).decode().strip()).startswith("tell "):
                self._say(*json.loads(word.removeprefix("tell ")))
        except ConnectionError:
            word = ""
        if word.startswith("refused "):
            zh, en, exit_code = json.loads(word.removeprefix("refused "))
            raise Refusal(zh, en, exit_code=exit_code)
        ready, _, self.outcome = word.partition(" ")
        if ready != "ready":
            raise self.did_not_start()

    def _remember(self, pid: int) -> None:
        self._record.parent.mkdir(exist_ok=True)
        with suppress(psutil.NoSuchProcess):
            record = {"pid": pid, "started": psutil.Process(pid).create_time(), "command": self.spec.command}
            # Killed in the middle of it, we must not leave half a record: the next start would not know the process.
            fresh = self._record.with_suffix(".new")
            fresh.write_text(json.dumps(record))
            fresh.replace(self._record)


def end_leftovers(data_dir: Path) -> list[str]:
    """End what an earlier supervisor of this data folder left running, and nothing else; the names of what it
    was.

    A process is ours only if its number, its start time and its command line are those that were written
    down, and the command line names this data folder.
    """
    ended = []
    for path in sorted((data_dir / "run").glob("*.json")):
        with suppress(psutil.Error, ValueError, KeyError, TypeError):
            record = json.loads(path.read_text())
            process = psutil.Process(record["pid"])
            same = abs(process.create_time() - record["started"]) < 0.05 and process.cmdline() == record["command"]
            if same and any(str(data_dir) in word for word in record["command"]):
                ended.append(path.stem)
                process.terminate()
                try:
                    process.wait(2)
                except psutil.TimeoutExpired:
                    process.kill()
                    process.wait(2)
        path.unlink()
    return ended


def _die_with(parent: int, death_signal: int) -> Callable[[], None] | None:
    """What the new process does first, so that it ends when its parent is killed. Linux only."""
    if _libc is None:
        return None
    prctl = _libc.prctl

    def die_with() -> None:
        prctl(_DEATH_SIGNAL, death_signal)
        if os.getppid() != parent:  # it was killed before we could ask
            os._exit(1)

    return die_with
