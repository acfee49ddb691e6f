"""The workers that are not the product's: the twin's, and one whose activities do nothing.

`python -m benchmarks.worker no-op|twin`, with the settings of `deploy.worker` in the environment. The options are the
product's, so that nothing but what is compared differs.
"""

import asyncio
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from datetime import timedelta
from typing import Any

from temporalio import activity
from temporalio.converter import DataConverter
from temporalio.worker import UnsandboxedWorkflowRunner, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from activities.names import ALERT, ASSIGN, SAVE, SEND, Delivery, Unsaved, records_queue
from benchmarks import bare
from benchmarks.support import NO_OP, TWIN
from deploy import engine, lifeline
from deploy.settings import Settings
from workflows.complaint import ComplaintWorkflow
from workflows.converter import data_converter
from workflows.turns import InOrder


class Nothing:
    """The product's activities by name and payload, without what they do."""

    def all(self) -> list[Callable[..., Any]]:
        return [self.save, self.send, self.assign, self.alert]

    @activity.defn(name=SAVE)
    async def save(self, unsaved: Unsaved) -> int:
        return unsaved.entries[-1].sequence

    @activity.defn(name=SEND)
    async def send(self, delivery: Delivery) -> None: ...

    @activity.defn(name=ASSIGN)
    async def assign(self, delivery: Delivery) -> None: ...

    @activity.defn(name=ALERT)
    async def alert(self, delivery: Delivery) -> None: ...


async def _work(line: lifeline.Lifeline) -> None:
    side = sys.argv[-1]
    settings = Settings.load()
    await line.go()
    workflows: Sequence[type] = [bare.BareWorkflow] if side == TWIN else [ComplaintWorkflow]
    activities = [bare.work] if side == TWIN else Nothing().all()
    client = await engine.connect_patiently(
        settings, data_converter=DataConverter.default if side == TWIN else data_converter
    )
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with AsyncExitStack() as workers:
        if side == NO_OP:  # as the product's own: what saves has a queue of its own
            writer = Worker(client, task_queue=records_queue(side), activities=activities, max_concurrent_activities=8)
            await workers.enter_async_context(writer)
        worker = Worker(
            client,
            task_queue=side,
            workflows=workflows,
            activities=activities,
            max_concurrent_activities=100,
            workflow_runner=SandboxedWorkflowRunner() if side == TWIN else InOrder(UnsandboxedWorkflowRunner()),
            sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
        )
        await workers.enter_async_context(worker)
        await line.ready()
        ends = {asyncio.create_task(stop.wait()), asyncio.create_task(line.cut())}
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*ends)


if __name__ == "__main__":
    if sys.argv[-1] not in (NO_OP, TWIN):
        sys.exit(f"用法 · usage: python -m benchmarks.worker {NO_OP}|{TWIN}")
    sys.exit(lifeline.run(_work))
