"""One named timer for each clock of a case, started, moved and cancelled as decisions change what rings next."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from complaints import Ring


class Timers:
    """Keeps a timer running for each ring it is told of; calls back when one is over."""

    def __init__(self, on_ring: Callable[[], None], summarise: Callable[[Ring], str]) -> None:
        self._on_ring = on_ring
        self._summarise = summarise
        self._running: dict[str, tuple[datetime, asyncio.Task[None]]] = {}

    def set(self, rings: Iterable[Ring]) -> None:
        """From now on exactly these rings are waited for; one that stays where it was is left alone."""
        wanted = {ring.id: ring for ring in rings}
        for clock, (at, task) in list(self._running.items()):
            if clock not in wanted or wanted[clock].at != at:
                task.cancel()
                del self._running[clock]
        for clock, ring in wanted.items():
            if clock not in self._running:
                self._running[clock] = (ring.at, asyncio.create_task(self._wait(ring)))

    async def _wait(self, ring: Ring) -> None:
        remaining = max(ring.at - workflow.now(), timedelta())
        await workflow.sleep(remaining, summary=self._summarise(ring))
        del self._running[ring.id]
        self._on_ring()
