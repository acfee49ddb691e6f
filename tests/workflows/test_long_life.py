"""A life too long for one history is carried on by the next run, and nobody notices."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from complaints import commands as cmd
from complaints.vocabulary import Channel, Stage
from tests.support.temporal import TemporalServer, running_temporal
from tests.workflows.harness import CUSTOMER, SKIPPING, Centre, Mailbox, connected, solution

SHORT_HISTORIES = ("--dynamic-config-value", "limit.historyCount.suggestContinueAsNew=40")


@pytest.fixture(scope="module")
def forgetful_server() -> Iterator[TemporalServer]:
    with running_temporal(extra=[*SKIPPING, *SHORT_HISTORIES]) as server:
        yield server


async def test_a_case_goes_on_over_many_histories_as_over_one(forgetful_server: TemporalServer, tmp_path: Path) -> None:
    email = Mailbox()
    centre = Centre(await connected(forgetful_server.address), tmp_path, {Channel.EMAIL: email})
    async with centre.working():
        life = await centre.file()
        first = await life.do(cmd.RecordContact, command="test:first", channel=Channel.PHONE, reached=True)
        for number in range(20):
            await life.do(cmd.SendUpdate, text=f"进展 {number}")
            await life.until(lambda case: not case.pending)
        again = await life.do(cmd.RecordContact, command="test:first", channel=Channel.PHONE, reached=True)
        assert again == first, "a command id is remembered by the case, whichever run handled it"

        await life.pass_time(121)
        await life.do(cmd.ProposeSolution, solution=solution())
        await life.do(cmd.AcceptSolution, by=CUSTOMER)
        await life.do(cmd.CompleteRemedy)
        await life.do(cmd.RecordCallback, reached=True, satisfied=True)
        case = await life.until(lambda case: case.stage is Stage.CLOSED and not case.pending)
        assert await life.saved() == case
        assert email.kinds().count("progress") == 21
        assert len({letter.key for letter, _ in email.letters}) == len(email.letters)

        description = await life.handle.describe()
        assert description.run_id != life.handle.first_execution_run_id
        assert {pair.key.name: pair.value for pair in description.typed_search_attributes}["RedressStage"] == "closed"
