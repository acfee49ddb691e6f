"""Lanes: effects side by side, and in order within each, so that a slow one never holds up another."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.names import ALERT, ASSIGN, COLLECT, SAVE, SEND, Unsaved, Waiting, records_queue
    from complaints.commands import RecordDelivery
    from complaints.events import Entry
    from complaints.messages import Message
    from complaints.parties import MESSENGER
    from complaints.policy import Policy
    from complaints.steps import Alert, Assign, Collect, Send, Step
    from complaints.vocabulary import Channel
    from workflows.delivering import deliver
    from workflows.retries import (
        COLLECT_ATTEMPT,
        COLLECT_RETRIES,
        LEAST_PATIENCE,
        SAVE_AGAIN,
        SAVE_ATTEMPT,
        SAVE_RETRIES,
    )
    from workflows.summaries import SAVING_AGAIN, of_collecting, of_save

Job = Callable[[], Awaitable[None]]

ACTIVITY = {Send: SEND, Assign: ASSIGN, Alert: ALERT}
BATCH = 50


class Lanes:
    """Performs what decisions ask for: the journal in order, messages in order per recipient, alerts at once.

    `report` is given the command that tells what became of a message.
    """

    def __init__(self, policy: Policy, report: Callable[[RecordDelivery], None]) -> None:
        self._policy = policy
        self._report = report
        self._unsaved: deque[Entry] = deque()
        self._waiting: dict[str, deque[Job]] = {}
        self._running: set[asyncio.Task[None]] = set()

    def is_idle(self) -> bool:
        return not self._running

    def save(self, reference: str, entries: tuple[Entry, ...]) -> None:
        """Put entries into the records; those that come while a save is under way go together in the next."""
        if entries:
            self._unsaved.extend(entries)
            self._put("journal", lambda: self._save(reference))

    def perform(self, step: Step) -> None:
        """Do what a step asks for, in the lane that its kind and recipient say."""
        message = step.message
        match step:
            case Send():
                lane = "customer"
            case Assign():
                lane = f"department/{message.to.name}"
            case Alert() | Collect():
                lane = message.id
        if isinstance(step, Collect):
            self._put(lane, lambda: self._collect(step))
        else:
            self._put(lane, lambda: self._deliver(step))

    def _put(self, lane: str, job: Job) -> None:
        if lane in self._waiting:
            self._waiting[lane].append(job)
            return
        self._waiting[lane] = deque([job])
        task = asyncio.create_task(self._run(lane))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _run(self, lane: str) -> None:
        jobs = self._waiting[lane]
        while jobs:
            await jobs.popleft()()
        del self._waiting[lane]

    async def _save(self, reference: str) -> None:
        while self._unsaved:
            entries = tuple(self._unsaved)[:BATCH]
            try:
                await workflow.execute_activity(
                    SAVE,
                    Unsaved(reference=reference, entries=entries),
                    task_queue=records_queue(workflow.info().task_queue),
                    start_to_close_timeout=SAVE_ATTEMPT,
                    retry_policy=SAVE_RETRIES,
                    summary=of_save(entries),
                )
            except ActivityError:
                workflow.logger.exception("the journal cannot be saved", extra={"reference": reference})
                await workflow.sleep(SAVE_AGAIN, summary=SAVING_AGAIN)
                continue
            for _ in entries:
                self._unsaved.popleft()

    async def _deliver(self, step: Send | Assign | Alert) -> None:
        """Try the recipient's channels, and report which one it was, or that none was."""
        message = step.message
        outcome = await deliver(ACTIVITY[type(step)], message, self._patience)
        if outcome.channel is None or isinstance(step, Send):
            self._report(_delivered(message, **outcome._asdict()))

    async def _collect(self, step: Collect) -> None:
        """Leave a message with what waits for the same person; if that cannot be, it is told by itself at once."""
        try:
            await workflow.execute_activity(
                COLLECT,
                Waiting(message=step.message, due=step.due, patience=self._patience),
                start_to_close_timeout=COLLECT_ATTEMPT,
                retry_policy=COLLECT_RETRIES,
                summary=of_collecting(step.message),
            )
        except ActivityError:
            await self._deliver(Alert(message=step.message))

    @property
    def _patience(self) -> timedelta:
        return max(self._policy.span(self._policy.delivery.patience_minutes), LEAST_PATIENCE)


def _delivered(message: Message, *, channel: Channel | None, tried: tuple[str, ...]) -> RecordDelivery:
    command = {"id": f"delivery/{message.id}", "by": MESSENGER, "message": message.id, "tried": tried}
    return RecordDelivery.model_validate(command | ({"channel": channel} if channel else {}))
