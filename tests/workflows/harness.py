"""A complaint's workflow on a real server whose clock the test turns, with real records and a channel to look into."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper

import records
from complaints.case import Case, Receipt
from complaints.commands import BaseCommand, FileComplaint
from complaints.parties import Actor, Complaint, Customer, Route
from complaints.policy import Policy
from complaints.portal import PortalLinks
from complaints.solutions import Remedy, Solution
from complaints.vocabulary import Channel, RemedyKind, Role
from deploy.policies import load_policy
from deploy.worker import working
from notifications.dispatch import Dispatcher
from notifications.errors import DeliveryError
from notifications.letters import Letter, Transport
from notifications.rendering import Renderer
from records.engine import connect
from records.queries import Queries
from records.store import Store
from workflows import ids
from workflows.converter import data_converter

AGENT = Actor(role=Role.AGENT, name="agent")
SUPERVISOR = Actor(role=Role.SUPERVISOR, name="supervisor")
CUSTOMER = Actor(role=Role.CUSTOMER, name="customer")
WITHIN = 20.0
Found = TypeVar("Found")
_numbers = count(1)

SKIPPING = (
    "--dynamic-config-value",
    "frontend.WorkflowTimeSkippingEnabled=true",
    "--dynamic-config-value",
    'history.timerProcessorMaxTimeShift="10ms"',
)
"""Only ever for tests: lets each workflow's clock be turned forward."""


def complaint(**changes: Any) -> Complaint:
    customer = Customer(name="李小雨", email="xiaoyu@customer.example", **changes.pop("customer", {}))
    given = {"channel": Channel.WEB, "subject": "扫地机器人", "detail": "收到第三天就不动了。", "category": "price"}
    return Complaint.model_validate({**given, "customer": customer, **changes})


def solution(ahead: timedelta = timedelta(days=30), **changes: Any) -> Solution:
    given = {
        "remedies": (Remedy(kind=RemedyKind.REFUND, detail="原路退回 200 元"),),
        "measure": "银行流水可见退款",
        "owner": "财务部",
        "relevance": "退还多收的差价",
        "complete_by": datetime.now(UTC) + ahead,
    }
    return Solution.model_validate({**given, **changes})


@dataclass
class Mailbox:
    """A channel that remembers what it was given, or refuses it, or is simply not there."""

    letters: list[tuple[Letter, Route]] = field(default_factory=list)
    refuses: DeliveryError | None = None
    refused: int = 0

    async def send(self, letter: Letter, route: Route) -> None:
        if self.refuses is not None:
            self.refused += 1
            raise self.refuses
        self.letters.append((letter, route))

    def kinds(self) -> list[str]:
        return [letter.key.split("/")[1].rsplit("-", 1)[0] for letter, _ in self.letters]


@dataclass
class Life:
    """One running complaint, as its test sees it."""

    handle: WorkflowHandle[Any, Any]
    reference: str
    skipper: TimeSkipper
    queries: Queries

    async def do(self, kind: type[BaseCommand], by: Actor = AGENT, command: str | None = None, **asked: Any) -> Receipt:
        """Ask for a command as the interface does."""
        name = command or f"test:{next(_numbers)}"
        request = ids.Request.model_validate(
            {"subject": self.reference, "command": kind.model_validate({"id": name, "by": by, **asked})}
        )
        answer: Receipt = await self.handle.execute_update(
            ids.ACT, request, id=name, result_type=Receipt, rpc_timeout=timedelta(seconds=WITHIN)
        )
        return answer

    async def case(self) -> Case:
        async def ask() -> Case | None:
            try:
                answer: Case = await self.handle.query(ids.CASE, result_type=Case)
            except RPCError as error:
                if error.status is RPCStatusCode.FAILED_PRECONDITION:  # the next run is only just beginning
                    return None
                raise
            return answer

        return await eventually(ask)

    async def pass_time(self, minutes: float) -> None:
        """Turn this complaint's clock forward."""
        await self.skipper.fast_forward(self.handle, timedelta(minutes=minutes))

    async def until(self, holds: Callable[[Case], object], within: float = WITHIN) -> Case:
        """The case once something holds for it; fails with the case as it was last."""

        async def look() -> Case | None:
            case = await self.case()
            return case if holds(case) else None

        return await eventually(look, within)

    async def settled(self) -> None:
        """Return once nothing that the workflow itself does is under way: all is saved and told."""

        async def look() -> bool | None:
            case = await asyncio.to_thread(self.queries.case, self.reference)
            description = await self.handle.describe()
            finished = description.status is not WorkflowExecutionStatus.RUNNING
            quiet = not description.raw_description.pending_activities
            return (case is not None and (finished or quiet)) or None

        await eventually(look)

    async def saved(self) -> Case:
        """The case in the records, once they have caught up with the workflow."""

        async def look() -> Case | None:
            stored = await asyncio.to_thread(self.queries.case, self.reference)
            current = await self.case()
            return stored if stored is not None and stored.version == current.version else None

        return await eventually(look)


async def eventually(look: Callable[[], Awaitable[Found | None]], within: float = WITHIN) -> Found:
    """What a look finds at last; fails when it has found nothing after so many seconds."""
    deadline = asyncio.get_running_loop().time() + within
    while (found := await look()) is None:
        assert asyncio.get_running_loop().time() < deadline, "what was waited for has not come about"
        await asyncio.sleep(0.05)
    return found


class Centre:
    """A worker with real records, and the complaints filed with it."""

    def __init__(self, client: Client, folder: Path, channels: Mapping[Channel, Transport]) -> None:
        self.url = f"sqlite:///{folder / 'records.db'}"
        records.migrate(self.url)
        self.queue = f"test-{next(_numbers)}"
        self.client = client
        self._skipper = TimeSkipper(client)
        self._channels = channels
        self._engine = connect(self.url)
        self.queries = Queries(self._engine)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """A worker is there as long as the context is open."""
        links = PortalLinks("http://localhost", b"a secret of the tests, long enough")
        dispatcher = Dispatcher(Renderer(links), self._channels)
        async with working(self.client, self.queue, Store(self._engine), self.queries, dispatcher):
            yield

    async def file(self, policy: Policy | None = None, reported: Complaint | None = None) -> Life:
        """File a complaint as the interface does."""
        number = next(_numbers)
        reference = ids.reference_for(ids.intake_key("test", f"{self.queue}/{number}"), datetime.now(UTC))
        filing = FileComplaint(
            id=f"test:{number}",
            by=AGENT,
            reference=reference,
            complaint=reported or complaint(),
            policy=policy or load_policy("default").pinned(),
        )
        handle = await self.client.start_workflow(
            ids.WORKFLOW, ids.Opening(filing=filing), id=ids.workflow_id(reference), task_queue=self.queue
        )
        return Life(handle, reference, self._skipper, self.queries)


async def connected(address: str) -> Client:
    return await Client.connect(address, data_converter=data_converter)
