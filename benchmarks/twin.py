"""Redress beside its twin: what durable complaints cost above the engine's own price.

`python -m benchmarks.twin` plays whole lives (filed, contacted, a task with feedback and outcome, an update, a solution
accepted, the remedy, letter and callback, closed) on one server, with each side's worker in a process of its own, in
turns: Redress as it is, Redress with activities that do nothing, and the twin (`benchmarks.bare`), whose activities do
nothing either. How many activities and timers the twin starts and cancels after which update is read from histories of
Redress made in the same run, so that it follows every change of Redress. Neither side's workflow is over at the end:
a closed case waits for being reopened.

Of each measure the ratio Redress : twin is taken turn by turn, and its median with its least and greatest is shown.
The twin with activities that do nothing is what the goals are held against with Redress' activities doing nothing;
what the real ones (SQLite, templates, outbox) cost besides stands beside it.
"""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from benchmarks.bare import Turn
from benchmarks.lives import Complainant, Handle, live_bare
from benchmarks.support import (
    NO_OP,
    REDRESS,
    TWIN,
    Stack,
    console,
    cpu,
    in_parallel,
    load,
    print_load,
    profiled,
    run,
    running_stack,
    settled,
    start_command,
    table,
)
from complaints.case import Case
from complaints.policy import Policy
from complaints.vocabulary import Stage
from deploy import engine
from deploy.policies import load_policy
from workflows import ids
from workflows.converter import data_converter

AT_ONCE = 6
SAMPLE = 10
GOALS = {"cpu": 1.6, "worker": 2.0, "events": 1.2, "history_bytes": 2.0}
NAMES = {
    "cpu": "CPU ms",
    "server": "  服务器 server",
    "worker": "  工作进程 worker",
    "events": "历史事件 events",
    "event_bytes": "  字节 their bytes",
    "history_bytes": "历史字节 history bytes",
}
COUNTED = {
    "WORKFLOW_TASK_COMPLETED": "工作流任务 workflow tasks",
    "ACTIVITY_TASK_SCHEDULED": "活动 activities",
    "WORKFLOW_EXECUTION_UPDATE_ACCEPTED": "更新 updates",
    "TIMER_STARTED": "计时器 timers",
    "TIMER_CANCELED": "取消的 cancelled",
    "UPSERT_WORKFLOW_SEARCH_ATTRIBUTES": "搜索属性 attributes",
}


@dataclass(frozen=True)
class Cost:
    """What one complaint cost on one side in one turn; CPU in milliseconds."""

    server: float
    worker: float
    events: float
    event_bytes: float
    history_bytes: float
    counts: Counter[str]

    @property
    def cpu(self) -> float:
        return self.server + self.worker

    def __getitem__(self, measure: str) -> float:
        return float(getattr(self, measure))


class Sides:
    """The three sides on one stack, each with its worker."""

    def __init__(self, stack: Stack, policy: Policy) -> None:
        self._stack = stack
        self._policy = policy
        self._turns: Sequence[Turn] = ()
        self._runs = 0

    async def start(self) -> None:
        """Start the workers, warm everything up, and make out what the twin has to do."""
        settings = self._stack.settings
        self._client = await engine.connect(settings, data_converter=data_converter)
        self._plain = await engine.connect(settings)
        self.workers = {side: await self._stack.worker(side) for side in (REDRESS, NO_OP, TWIN)}
        for side in (REDRESS, NO_OP):
            handles = await self._play(side, AT_ONCE * 2)
            await settled(self._stack.server, self.workers[side])
        self._turns = await typical_turns(handles)
        await self._play(TWIN, AT_ONCE * 2)
        await settled(self._stack.server, self.workers[TWIN])

    async def measure(self, side: str, cases: int) -> Cost:
        """Play so many lives on one side and count what they cost."""
        server, worker = self._stack.server, self.workers[side]
        await settled(server, worker)
        before = cpu(server), cpu(worker)
        handles = await self._play(side, cases)
        await settled(server, worker)
        after = cpu(server), cpu(worker)
        sample = await in_parallel(min(SAMPLE, cases), lambda number: _history(handles[number]), at_once=4)
        if side != TWIN:
            await in_parallel(cases, lambda number: _must_be_closed(handles[number]), at_once=AT_ONCE)
        return Cost(
            server=(after[0] - before[0]) / cases * 1000,
            worker=(after[1] - before[1]) / cases * 1000,
            events=statistics.mean(len(events) for events, _ in sample),
            event_bytes=statistics.mean(sum(event.ByteSize() for event in events) for events, _ in sample),
            history_bytes=statistics.mean(size for _, size in sample),
            counts=Counter(_kind(event) for events, _ in sample for event in events),
        )

    async def _play(self, side: str, cases: int) -> list[Handle]:
        self._runs += 1
        name = f"{side}-{self._runs}"
        if side == TWIN:
            return await in_parallel(
                cases, lambda number: live_bare(self._plain, f"{name}-{number}", self._turns), at_once=AT_ONCE
            )
        queue = self._stack.settings.task_queue if side == REDRESS else side
        complainant = Complainant(self._client, queue, name, self._policy)
        return await in_parallel(cases, complainant.live, at_once=AT_ONCE)


async def typical_turns(handles: Sequence[Handle]) -> list[Turn]:
    """What the most usual of some cases made the engine do at its start and after each update.

    Raises RuntimeError where a timer has fired: the life is then no longer one without waiting.
    """
    lives = [turns_of(events) for events, _ in [await _history(handle) for handle in handles]]
    return sorted(lives, key=lambda turns: sum(turn.activities for turn in turns))[len(lives) // 2]


def turns_of(events: Sequence[HistoryEvent]) -> list[Turn]:
    """The activities and timers of a history, by the update after which they came."""
    turns = [Turn(0, 0, 0)]
    for event in events:
        match _kind(event):
            case "WORKFLOW_EXECUTION_UPDATE_ACCEPTED":
                turns.append(Turn(0, 0, 0))
            case "ACTIVITY_TASK_SCHEDULED":
                turns[-1].activities += 1
            case "TIMER_STARTED":
                turns[-1].timers_started += 1
            case "TIMER_CANCELED":
                turns[-1].timers_cancelled += 1
            case "TIMER_FIRED":
                raise RuntimeError("a timer has fired: the machine is too slow to be measured on")
    return turns


async def _history(handle: Handle) -> tuple[Sequence[HistoryEvent], int]:
    history = await handle.fetch_history()
    described = await handle.describe()
    return history.events, described.raw_description.workflow_execution_info.history_size_bytes


async def _must_be_closed(handle: Handle) -> None:
    case: Case = await handle.query(ids.CASE, result_type=Case)
    waiting = (await handle.describe()).raw_description.pending_activities
    if case.stage is not Stage.CLOSED or waiting:
        raise RuntimeError(f"{case.reference} was not over when its cost was counted: {case.stage}, {len(waiting)}")


def _kind(event: HistoryEvent) -> str:
    return EventType.Name(event.event_type).removeprefix("EVENT_TYPE_")


def ratios(costs: Sequence[dict[str, Cost]], side: str, measure: str) -> list[float]:
    return [turn[side][measure] / turn[TWIN][measure] for turn in costs]


def print_table(costs: Sequence[dict[str, Cost]], cases: int) -> None:
    """The medians over the turns, and the ratios to the twin with their spread."""
    shown = table(
        f"每件投诉 · per complaint ({len(costs)} × {cases})",
        "", "孪生 twin", "空活动 no-op", "比值 ratio", "目标 goal", "Redress", "比值 ratio",
    )  # fmt: skip
    for measure, name in NAMES.items():
        goal = GOALS.get(measure)
        row = [name, _amount(costs, TWIN, measure)]
        for side in (NO_OP, REDRESS):
            found = ratios(costs, side, measure)
            row += [_amount(costs, side, measure), _spread(found)]
            if side == NO_OP:
                met = goal is not None and statistics.median(found) <= goal
                row.append(f"≤ {goal:g} {'✓' if met else '✗'}" if goal else "")
        shown.add_row(*row)
    shown.add_section()
    for kind, name in COUNTED.items():
        twin, no_op, redress = (
            statistics.median(turn[side].counts[kind] / min(SAMPLE, cases) for turn in costs)
            for side in (TWIN, NO_OP, REDRESS)
        )
        shown.add_row(name, f"{twin:.1f}", f"{no_op:.1f}", "", "", f"{redress:.1f}", "")
    console.print(shown)


def _amount(costs: Sequence[dict[str, Cost]], side: str, measure: str) -> str:
    return f"{statistics.median(turn[side][measure] for turn in costs):,.0f}"


def _spread(found: Sequence[float]) -> str:
    return f"{statistics.median(found):.2f} ({min(found):.2f}–{max(found):.2f})"


async def compare(pairs: int, cases: int, profile: Path | None) -> None:
    """Measure every side in turn, so many times, and print what came out."""
    before = load()
    async with running_stack() as stack:
        sides = Sides(stack, load_policy("default").pinned())
        with console.status("正在准备…… / Preparing…"):
            await sides.start()
        costs: list[dict[str, Cost]] = []
        async with profiled(sides.workers[REDRESS], profile):
            for number in range(pairs):
                with console.status(f"第 {number + 1} / {pairs} 轮 · turn"):
                    # There and back, so that no side is always the first.
                    order = (REDRESS, NO_OP, TWIN)[:: 1 if number % 2 == 0 else -1]
                    costs.append({side: await sides.measure(side, cases) for side in order})
    print_table(costs, cases)
    print_load(before)


def main(
    pairs: Annotated[int, typer.Option(min=1, help="轮数 · how many turns")] = 4,
    cases: Annotated[int, typer.Option(min=1, help="每轮每方的投诉数 · complaints per side and turn")] = 25,
    profile: Annotated[
        Path | None,
        typer.Option(help="把 Redress 工作进程的采样写入此文件（需要 py-spy） · py-spy's stacks, into this file"),
    ] = None,
) -> None:
    """比较 Redress 与孪生工作流的开销。 / Compare what Redress costs with what its twin costs."""
    run(compare(pairs, cases, profile))


if __name__ == "__main__":
    start_command(main)
