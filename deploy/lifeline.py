"""The line between the supervisor and a process it started, on that process's standard input.

Down it comes one word, `go`, so that a process can load its code while those before it still start. Up it go
`ready` or `refused`, and before them what a person should be told. Its end tells either side that the other is gone,
however it died.
"""

import asyncio
import json
import socket
import sys
from collections.abc import Awaitable, Callable

from deploy.refusal import Refusal

SUPERVISED = "--supervised-for"
"""The argument after which the data folder stands, when a supervisor started the process."""


class Lifeline:
    """The process's end. Without a supervisor it says go at once, hears everything and never ends."""

    def __init__(self, reader: asyncio.StreamReader | None, writer: asyncio.StreamWriter | None) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def take(cls) -> "Lifeline":
        """The line of this process."""
        if SUPERVISED not in sys.argv:
            return cls(None, None)
        reader, writer = await asyncio.open_connection(sock=socket.socket(fileno=0))
        return cls(reader, writer)

    async def go(self) -> None:
        """Return when it is this process's turn. Raises SystemExit if the supervisor is gone."""
        if self._reader and await self._reader.readline() != b"go\n":
            raise SystemExit(1)

    async def ready(self, outcome: str = "") -> None:
        """Say that the work can come, and what has come of it so far, in one line."""
        await self._say(f"ready {outcome}".rstrip())

    async def tell(self, zh: str, en: str) -> None:
        """Say something to the person who started everything; to be said before `ready`."""
        await self._say("tell " + json.dumps([zh, en]))

    async def refused(self, refusal: Refusal) -> None:
        """Say why this process cannot do its work."""
        await self._say("refused " + json.dumps([refusal.zh, refusal.en, refusal.exit_code]))

    async def cut(self) -> None:
        """Return when the supervisor is gone."""
        if self._reader:
            await self._reader.read()
        else:
            await asyncio.Event().wait()

    async def _say(self, word: str) -> None:
        if self._writer:
            self._writer.write(f"{word}\n".encode())
            await self._writer.drain()


def run(work: Callable[[Lifeline], Awaitable[None]]) -> int:
    """Run a process's work on its line; the exit code. A Refusal is told to whoever started it."""

    async def on_the_line() -> int:
        line = await Lifeline.take()
        try:
            await work(line)
        except Refusal as refusal:
            sys.stderr.write(f"{refusal}\n")
            await line.refused(refusal)
            return refusal.exit_code
        return 0

    try:
        return asyncio.run(on_the_line())
    except KeyboardInterrupt:
        return 0
