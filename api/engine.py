"""The engine as the interface sees it: filing starts a workflow, every other command is an update of one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import structlog
from temporalio.client import (
    Client,
    RPCTimeoutOrCancelledError,
    WorkflowExecutionDescription,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from api.errors import EngineAway, Trouble
from api.history import HistoryPage, page_of
from complaints.case import Receipt
from complaints.commands import FileComplaint
from complaints.parties import Bilingual
from complaints.refusals import REFUSALS
from workflows.ids import ACT, WORKFLOW, Opening, Request, workflow_id
from workflows.summaries import of_start

RPC_TIMEOUT = timedelta(seconds=5)
_INTAKE, _FINGERPRINT, _REFERENCE = "intake", "fingerprint", "reference"
log = structlog.get_logger(__name__)

_OVER = "AcceptedUpdateCompletedWorkflow"
_AWAY = {
    RPCStatusCode.UNAVAILABLE,
    RPCStatusCode.DEADLINE_EXCEEDED,
    RPCStatusCode.CANCELLED,
    RPCStatusCode.RESOURCE_EXHAUSTED,
    RPCStatusCode.ABORTED,
    RPCStatusCode.INTERNAL,
    RPCStatusCode.UNKNOWN,
    RPCStatusCode.DATA_LOSS,
    # Between two runs of a case, or while its code is failing: not now, but nothing is lost.
    RPCStatusCode.FAILED_PRECONDITION,
    # Our own key is not accepted: the operator must look, and the caller may try again then.
    RPCStatusCode.PERMISSION_DENIED,
    RPCStatusCode.UNAUTHENTICATED,
}


class NotRunning(Exception):
    """The engine keeps no such case, or keeps it no longer."""


class CodeTaken(Exception):
    """Another request to file has this code."""


@dataclass(frozen=True)
class Started:
    """A case that the engine keeps for good: what it was started with, and the instant at which it was received."""

    filing: FileComplaint
    at: datetime


class Engine:
    """Speaks to the engine. Every method raises EngineAway if it does not answer within `rpc_timeout`."""

    def __init__(self, client: Client, task_queue: str, rpc_timeout: timedelta = RPC_TIMEOUT) -> None:
        self._client = client
        self._task_queue = task_queue
        self._rpc_timeout = rpc_timeout

    async def file(self, filing: FileComplaint, intake: str) -> Started:
        """Start the case durably, or find that this very request has started it before.

        `intake` tells this request from every other. Raises CodeTaken if the code is another request's, and Trouble
        (`key_reused`) if the same key brought another complaint.
        """
        memo = {_REFERENCE: filing.reference, _INTAKE: intake, _FINGERPRINT: filing.fingerprint}
        async with self._reaching():
            try:
                handle = await self._client.start_workflow(
                    WORKFLOW,
                    Opening(filing=filing),
                    id=workflow_id(filing.reference),
                    task_queue=self._task_queue,
                    memo=memo,
                    id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                    id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                    static_summary=of_start(filing.reference),
                    rpc_timeout=self._rpc_timeout,
                )
            except WorkflowAlreadyStartedError:
                return await self._started_before(filing, intake)
            return Started(filing, (await self._first_run(await self._described(handle))).start_time)

    async def _started_before(self, filing: FileComplaint, intake: str) -> Started:
        latest = await self._described(self._handle(filing.reference))
        memo = await latest.memo()
        if memo.get(_INTAKE) != intake:
            raise CodeTaken
        if memo.get(_FINGERPRINT) != filing.fingerprint:
            raise Trouble("key_reused")
        first = await self._first_run(latest)
        return Started(await self._started_with(first), first.start_time)

    async def _described(self, handle: "WorkflowHandle[object, object]") -> WorkflowExecutionDescription:
        return await handle.describe(rpc_timeout=self._rpc_timeout)

    async def _first_run(self, latest: WorkflowExecutionDescription) -> WorkflowExecutionDescription:
        """The first run of a case, whose start is the case's own `received_at`."""
        first_run = latest.raw_description.workflow_execution_info.first_run_id or latest.run_id
        if first_run == latest.run_id:
            return latest
        return await self._described(self._client.get_workflow_handle(latest.id, run_id=first_run))

    async def _started_with(self, first: WorkflowExecutionDescription) -> FileComplaint:
        """What the engine was given when it accepted the case: the command to file it."""
        handle = self._client.get_workflow_handle(first.id, run_id=first.run_id)
        events = handle.fetch_history_events(page_size=1, rpc_timeout=self._rpc_timeout)
        started = (await anext(events)).workflow_execution_started_event_attributes
        (opening,) = await self._client.data_converter.decode(started.input.payloads, [Opening])
        if opening.filing is None:
            raise NotRunning
        filing: FileComplaint = opening.filing
        return filing

    async def act(self, request: Request) -> Receipt:
        """Have a command done, or refused: then Trouble is raised. Raises NotRunning for a case that is not kept.

        The same command again has the same answer, for the engine knows it by its id and its content.
        """
        command = request.command
        async with self._reaching():
            try:
                receipt: Receipt = await self._handle(request.subject).execute_update(
                    ACT,
                    request,
                    id=f"{command.by.role}/{update_key(command.id, command.fingerprint)}",
                    result_type=Receipt,
                    rpc_timeout=self._rpc_timeout,
                )
            except WorkflowUpdateFailedError as failed:
                raise _why_refused(failed) from None
            return receipt

    async def history(self, reference: str, run: str | None, token: bytes | None, limit: int) -> HistoryPage:
        """A page of Temporal's own history of a case.

        Raises NotRunning if it is kept no longer, and Trouble for a token that is none.
        """
        handle = self._client.get_workflow_handle(workflow_id(reference), run_id=run)
        async with self._reaching():
            events = handle.fetch_history_events(page_size=limit, next_page_token=token, rpc_timeout=self._rpc_timeout)
            try:
                await events.fetch_next_page()
            except RPCError as error:
                if error.status is RPCStatusCode.INVALID_ARGUMENT:
                    raise Trouble("bad_cursor") from None
                raise
            return await page_of(self._client.data_converter, events.current_page or (), events.next_page_token)

    async def ping(self) -> None:
        """Return if the engine answers."""
        async with self._reaching():
            if not await self._client.service_client.check_health(timeout=self._rpc_timeout):
                raise EngineAway

    def _handle(self, subject: str) -> "WorkflowHandle[object, object]":
        return self._client.get_workflow_handle(workflow_id(subject))

    @asynccontextmanager
    async def _reaching(self) -> AsyncIterator[None]:
        """Tell what failed for want of an engine from what failed for good."""
        try:
            async with asyncio.timeout(self._rpc_timeout.total_seconds()):
                yield
        except (TimeoutError, RPCTimeoutOrCancelledError):
            log.warning("engine_away", why="timeout")
            raise EngineAway from None
        except RPCError as error:
            if error.status in _AWAY or _no_namespace_yet(error):
                log.warning("engine_away", why=error.status.name)
                raise EngineAway from None
            if error.status is RPCStatusCode.NOT_FOUND:
                raise NotRunning from None
            raise
        except RuntimeError as error:
            # How the SDK says that a lazy client could not connect.
            if "connect" in str(error).lower():
                log.warning("engine_away", why="no connection")
                raise EngineAway from None
            raise


def update_key(command_id: str, fingerprint: str) -> str:
    """What the engine knows a command by. Hashed: ids are stored in clear, and a caller's key might say anything."""
    return sha256(f"{command_id}\0{fingerprint}".encode()).hexdigest()[:40]


def _no_namespace_yet(error: RPCError) -> bool:
    return error.status is RPCStatusCode.NOT_FOUND and "namespace" in error.message.lower()


def _why_refused(failed: WorkflowUpdateFailedError) -> Exception:
    cause = failed.cause
    if not isinstance(cause, ApplicationError) or cause.type is None:
        return RuntimeError("an update failed without saying why")
    if cause.type == _OVER:
        return NotRunning()
    if cause.type not in REFUSALS or len(cause.details) != 3:
        return Trouble("internal_error")
    _, zh, en = cause.details
    return Trouble(cause.type, Bilingual(zh=str(zh), en=str(en)))
