"""A real Temporal server, from the binary that a wheel carries, on free ports and in memory unless told otherwise."""

import asyncio
import contextlib
import ctypes
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from temporalio.client import Client
from temporalio.service import RPCError

TEMPORAL = Path(sysconfig.get_path("scripts")) / "temporal"
READY_WITHIN = 60.0
SEARCH_ATTRIBUTES = {
    "RedressStage": "Keyword",
    "RedressLevel": "Int",
    "RedressCategory": "Keyword",
    "RedressDepartment": "KeywordList",
    "RedressBroken": "KeywordList",
    "RedressNextDue": "Datetime",
}
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG in linux/prctl.h
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def die_with_the_tests() -> None:
    """To be called in a new process: it is killed when the thread that started it ends, however that ends."""
    if _libc is not None:
        _libc.prctl(_DEATH_SIGNAL, signal.SIGKILL)


@dataclass
class TemporalServer:
    """A server process that can be stopped and started again on the same port.

    In memory (without `database`) it forgets everything when it stops.
    """

    port: int
    log: Path
    database: Path | None = None
    extra: Sequence[str] = ()
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the server and return once its namespace answers. Raises RuntimeError with its last words."""
        command = [str(TEMPORAL), "server", "start-dev", "--headless", "--ip", "127.0.0.1"]
        command += ["--port", str(self.port), "--log-level", "error"]
        for name, kind in SEARCH_ATTRIBUTES.items():
            command += ["--search-attribute", f"{name}={kind}"]
        if self.database is not None:
            command += ["--db-filename", str(self.database)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, *self.extra], stdout=log, stderr=log, preexec_fn=die_with_the_tests
            )
        try:
            asyncio.run(self._answers())
        except BaseException:
            self.stop()
            raise

    async def _answers(self) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while True:
            try:
                client = await Client.connect(self.address)
                await client.count_workflows()
                return
            except (RuntimeError, RPCError) as error:
                died = self.process is None or self.process.poll() is not None
                if died or time.monotonic() > deadline:
                    raise RuntimeError(f"Temporal did not start: {self.log.read_text()[-2000:]}") from error
                await asyncio.sleep(0.05)

    def stop(self) -> None:
        """Stop the server at once, as a crash would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextlib.contextmanager
def running_temporal(database: Path | None = None, extra: Sequence[str] = ()) -> Iterator[TemporalServer]:
    """Start a server on a free port; stop it afterwards. `extra` are more options of `temporal server start-dev`.

    Must be entered outside of a running event loop: as a synchronous fixture.
    """
    with tempfile.TemporaryDirectory(prefix="redress-temporal-") as folder:
        server = TemporalServer(free_port(), Path(folder) / "temporal.log", database, extra)
        server.start()
        try:
            yield server
        finally:
            server.stop()
