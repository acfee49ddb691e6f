from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from complaints.vocabulary import Channel
from tests.support.temporal import TemporalServer, running_temporal
from tests.workflows.harness import SKIPPING, Centre, Mailbox, connected


@pytest.fixture(scope="session")
def skipping_server() -> Iterator[TemporalServer]:
    with running_temporal(extra=SKIPPING) as server:
        yield server


@pytest.fixture
def email() -> Mailbox:
    return Mailbox()


@pytest.fixture
def sms() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def idle_centre(skipping_server: TemporalServer, tmp_path: Path, email: Mailbox, sms: Mailbox) -> Centre:
    """Everything but a worker."""
    client = await connected(skipping_server.address)
    return Centre(client, tmp_path, {Channel.EMAIL: email, Channel.SMS: sms})


@pytest.fixture
async def centre(idle_centre: Centre) -> AsyncIterator[Centre]:
    async with idle_centre.working():
        yield idle_centre
