"""What comes together in one turn leads to the same effects as what comes one after the other."""

import asyncio
from contextlib import suppress

from temporalio.client import WorkflowUpdateFailedError
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from complaints import commands as cmd
from complaints.vocabulary import Channel
from tests.workflows.harness import Centre, Life, solution
from workflows.complaint import ComplaintWorkflow
from workflows.converter import data_converter
from workflows.turns import InOrder


async def replayed(life: Life) -> None:
    runner = InOrder(UnsandboxedWorkflowRunner())
    replayer = Replayer(workflows=[ComplaintWorkflow], data_converter=data_converter, workflow_runner=runner)
    await replayer.replay_workflow(await life.handle.fetch_history())


async def test_a_command_refused_in_the_very_first_turn_leaves_a_history_that_can_be_replayed(
    idle_centre: Centre,
) -> None:
    life = await idle_centre.file()
    asked = asyncio.create_task(life.do(cmd.ProposeSolution, solution=solution()))
    await asyncio.sleep(0.5)  # nothing shows that it has arrived; the law holds for whichever turn it comes in
    async with idle_centre.working():
        with suppress(WorkflowUpdateFailedError):
            await asked
        assert asked.exception() is not None
        await life.settled()
        await replayed(life)


async def test_a_command_accepted_in_the_very_first_turn_leaves_a_history_that_can_be_replayed(
    idle_centre: Centre,
) -> None:
    life = await idle_centre.file()
    asked = asyncio.create_task(life.do(cmd.RecordContact, channel=Channel.PHONE, reached=True))
    await asyncio.sleep(0.5)
    async with idle_centre.working():
        assert (await asked).stage == "contacted"
        await life.settled()
        await replayed(life)
