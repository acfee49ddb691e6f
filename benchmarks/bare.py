"""The twin: a workflow without anything of Redress in it, which does as many of the engine's things as a case does.

Nothing but the standard library and the SDK is imported here, so that the ordinary sandbox is as cheap as it can be.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from temporalio import activity, workflow

BARE = "Bare"
NEVER = timedelta(hours=8)


@dataclass
class Turn:
    """What the engine is to do when the workflow starts, and after each update."""

    activities: int
    timers_started: int
    timers_cancelled: int


@dataclass
class Start:
    """What a bare workflow starts with: the complaint's words, and nothing of a policy."""

    reference: str
    customer: str
    email: str
    subject: str
    detail: str
    category: str
    turn: Turn


@dataclass
class Ask:
    """What an update carries."""

    kind: str
    by: str
    text: str
    turn: Turn


@dataclass
class Answer:
    version: int
    stage: str


@dataclass
class Work:
    """What an activity is told."""

    reference: str
    number: int
    kind: str
    text: str


@activity.defn(name="bare_work")
async def work(work: Work) -> None:
    """Does nothing."""


@workflow.defn(name=BARE)
class BareWorkflow:
    """Starts and cancels timers and activities, and counts."""

    @workflow.init
    def __init__(self, start: Start) -> None:
        self._reference = start.reference
        self._version = 0
        self._done = 0
        self._timers: list[asyncio.Task[None]] = []
        self._to_cancel = 0
        self._running: set[asyncio.Task[None]] = set()
        self._take("file", start.subject, start.turn)

    @workflow.run
    async def run(self, start: Start) -> int:
        """Wait for ever, as a closed case waits for being reopened."""
        await workflow.wait_condition(lambda: self._version < 0)
        return self._done

    @workflow.update
    def act(self, ask: Ask) -> Answer:
        """Do the engine's work of one command."""
        self._take(ask.kind, ask.text, ask.turn)
        return Answer(self._version, ask.kind)

    @act.validator
    def _may_act(self, ask: Ask) -> None:
        if not ask.kind:
            raise ValueError("a command needs a kind")

    def _take(self, kind: str, text: str, turn: Turn) -> None:
        self._version += 1
        # A timer may be started and cancelled within one turn; the cancelling then comes in the next.
        self._to_cancel += turn.timers_cancelled
        while self._timers and self._to_cancel:
            self._timers.pop(0).cancel()
            self._to_cancel -= 1
        for _ in range(turn.timers_started):
            self._timers.append(asyncio.create_task(workflow.sleep(NEVER)))
        for number in range(turn.activities):
            task = asyncio.create_task(self._work(number, kind, text))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _work(self, number: int, kind: str, text: str) -> None:
        await workflow.execute_activity(
            "bare_work",
            Work(self._reference, number, kind, text),
            start_to_close_timeout=timedelta(seconds=10),
        )
        self._done += 1
