"""Messages put with what waits for the same person."""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from itertools import count

import structlog
from temporalio import activity
from temporalio.client import Client, WorkflowFailureError
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from activities.names import ADD, COLLECT, DIGEST, Waiting

log = structlog.get_logger(__name__)


class Collecting:
    """The activity that puts a message with what waits for the same person.

    It may run more than once for one message, which is told once all the same. `task_queue` is where the digests'
    workflows are carried on.
    """

    def __init__(self, client: Client, task_queue: str) -> None:
        self._client = client
        self._task_queue = task_queue

    def all(self) -> list[Callable[[Waiting], Awaitable[None]]]:
        """The activities to register with a worker."""
        return [self.collect]

    @activity.defn(name=COLLECT)
    async def collect(self, waiting: Waiting) -> None:
        """Give a message to the digest of its recipient and instant; where that is closed, to the next one.

        Raises RPCError while the engine cannot be asked.
        """
        message = waiting.message
        address = message.to.routes[0].address
        for number in count(1):
            digest = digest_id(address, waiting.due, number)
            try:
                await self._client.start_workflow(
                    DIGEST,
                    waiting.due,
                    id=digest,
                    task_queue=self._task_queue,
                    id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                    start_signal=ADD,
                    start_signal_args=[waiting],
                )
            except WorkflowAlreadyStartedError:
                if await self._took(digest, message.key):
                    return
            else:
                log.info("message_collected", reference=message.reference, message=message.id, digest=digest)
                return

    async def _took(self, digest: str, key: str) -> bool:
        """Whether a digest that is closed had taken charge of a message; one that was broken off had not."""
        try:
            taken = await self._client.get_workflow_handle(digest, result_type=tuple[str, ...]).result()
        except WorkflowFailureError:
            return False
        return key in taken


def digest_id(address: str, due: datetime, number: int = 1) -> str:
    """The id of the workflow that keeps what waits for somebody until an instant; nobody can read who that is.

    `number` counts on where one is closed already, and late messages go to the next.
    """
    whose = hashlib.sha256(address.strip().casefold().encode()).hexdigest()[:16]
    part = "" if number == 1 else f"-{number}"
    return f"digest-{whose}-{due.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}{part}"
