"""A wire between a client and a server, on which the way back can be blocked."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CHUNK = 65536


class Wire:
    """Passes on what a client and a server on 127.0.0.1 say; while `mute`, nothing that the server says."""

    def __init__(self, to: int) -> None:
        self.port = 0
        self.mute = threading.Event()
        self._to = to
        self._over: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def serve(self, up: threading.Event) -> None:
        """Listen until cut."""
        over = asyncio.Event()
        self._over = asyncio.get_running_loop(), over
        listening = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = listening.sockets[0].getsockname()[1]
        up.set()
        await over.wait()
        listening.close()

    def cut(self) -> None:
        """End it, with every connection on it; from any thread."""
        if self._over:
            loop, over = self._over
            loop.call_soon_threadsafe(over.set)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.CancelledError):
            back, on = await asyncio.open_connection("127.0.0.1", self._to)
            await asyncio.gather(self._pass(reader, on, answers=False), self._pass(back, writer, answers=True))

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, answers: bool) -> None:
        with suppress(OSError):
            while data := await source.read(_CHUNK):
                if answers and self.mute.is_set():
                    continue
                sink.write(data)
                await sink.drain()
        sink.close()


@contextmanager
def wire_to(port: int) -> Iterator[Wire]:
    """A wire to a server, for as long as the context is open."""
    wire, up = Wire(port), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(wire.serve(up)), daemon=True)
    thread.start()
    assert up.wait(10), "the wire does not listen"
    try:
        yield wire
    finally:
        wire.cut()
        thread.join(10)
