"""How late Redress is when everything falls due at once: `python -m benchmarks.burst --cases 1000`.

All first contacts are promised for one instant T and nobody calls. T is as far ahead as filing them all should take; a
policy of its own for each complaint has minutes of a millisecond and as many of them as are left until T, so that the
due times, counted from the instant at which the server started each case, lie within the latency of one start of each
other (their spread is shown). All other promises are an hour away, and none warns.

Lateness is taken from the histories, against each case's own due time: of the engine, when the timer has fired; of the
escalation, when the message to the person who must hear of it has been handed over (here, to the outbox). When the
worker got to the breach, and when it was in the records, is shown besides.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from activities.names import ALERT, SAVE
from benchmarks.lives import Complainant, Handle
from benchmarks.support import (
    REDRESS,
    console,
    in_parallel,
    load,
    percentile,
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
from complaints.vocabulary import MessageKind, PromiseKind, PromiseState
from deploy import engine
from deploy.policies import load_policy
from deploy.refusal import Refusal
from workflows import ids
from workflows.converter import data_converter

AT_ONCE = 12
TRIED = 60
LONGEST = 300.0
MILLISECOND = 0.001
AN_HOUR = 3_600_000
"""In minutes of a millisecond."""

GOALS = {"engine": 5.0, "escalation": 60.0}
NAMES = {
    "due": "到期时刻 due (s after T)",
    "engine": "计时器触发 timer fired",
    "worker": "违约已判定 breach decided",
    "escalation": "升级已送出 escalation out",
    "saved": "违约已入库 breach in the records",
}


def everything_far_away() -> Policy:
    """The default policy with minutes of a millisecond, every promise an hour away and without warnings."""
    base = load_policy("default").pinned()
    far = {kind: terms.model_copy(update={"minutes": AN_HOUR, "warn_at": ()}) for kind, terms in base.promises.items()}
    patient = base.delivery.model_copy(update={"patience_minutes": 600_000})
    return base.model_copy(update={"minute_seconds": MILLISECOND, "promises": far, "delivery": patient})


def first_contact_at(policy: Policy, instant: datetime) -> Policy:
    """The policy under which a complaint filed now has its first contact due at an instant.

    Raises Refusal if that is over already.
    """
    left = round((instant - datetime.now(UTC)).total_seconds() / MILLISECOND)
    if left <= 0:
        raise Refusal(
            "登记投诉太慢，约定的时刻已过；请用 --lead 留出更多时间。",
            "Filing took too long, the instant is over; allow more time with --lead.",
        )
    terms = policy.promises[PromiseKind.FIRST_CONTACT].model_copy(update={"minutes": left, "by_category": {}})
    return policy.model_copy(update={"promises": {**policy.promises, PromiseKind.FIRST_CONTACT: terms}})


async def burst(cases: int, lead: float | None, profile: Path | None) -> None:
    """Let so many promises fall due at one instant, and print how late each stage of what follows was."""
    before = load()
    async with running_stack() as stack:
        worker = await stack.worker(REDRESS)
        client = await engine.connect(stack.settings, data_converter=data_converter)
        policy = everything_far_away()
        complainant = Complainant(client, stack.settings.task_queue, "burst", policy)
        began = time.monotonic()
        await in_parallel(TRIED, lambda number: complainant.file(-1 - number), at_once=AT_ONCE)
        await settled(stack.server, worker)
        each = (time.monotonic() - began) / TRIED
        instant = datetime.now(UTC) + timedelta(seconds=lead or 10 + 1.5 * each * cases)

        async def file(number: int) -> Handle:
            return (await complainant.file(number, first_contact_at(policy, instant)))[1]

        handles = await in_parallel(cases, file, at_once=AT_ONCE, doing="登记投诉 · filing")
        await settled(stack.server, worker)
        ahead = (instant - datetime.now(UTC)).total_seconds()
        if ahead < 1:
            raise Refusal(
                "约定的时刻到来时投诉尚未全部登记完；请用 --lead 留出更多时间。",
                "The instant came before all complaints were settled in; allow more time with --lead.",
            )
        async with profiled(worker, profile):
            with console.status(f"{ahead:.0f} 秒后同时到期 · all due in so many seconds"):
                await asyncio.sleep(ahead)
                await _alerts_in(stack.settings.data_dir / "outbox", cases)
                await settled(stack.server, worker)
        found = await in_parallel(
            cases, lambda number: _lateness(handles[number], instant), at_once=AT_ONCE, doing="读取历史 · reading"
        )
    _print(found, cases)
    print_load(before)


async def _alerts_in(outbox: Path, wanted: int) -> None:
    """Return once so many escalation alerts are in the outbox. Raises RuntimeError if that takes too long."""
    deadline = time.monotonic() + LONGEST
    while (found := await asyncio.to_thread(_alerts, outbox)) < wanted:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{found} of {wanted} escalation alerts after {LONGEST} s")
        await asyncio.sleep(0.5)


def _alerts(outbox: Path) -> int:
    return sum(MessageKind.ESCALATION_ALERT in path.name for path in outbox.iterdir())


async def _lateness(handle: Handle, instant: datetime) -> dict[str, float]:
    """The seconds from a case's due time to each stage of what follows. Raises RuntimeError where one is missing."""
    case: Case = await handle.query(ids.CASE, result_type=Case)
    promise = next(promise for promise in case.promises if promise.kind is PromiseKind.FIRST_CONTACT)
    due = promise.due
    if promise.state is not PromiseState.BROKEN or due is None:
        raise RuntimeError(f"{case.reference}: the promise that fell due is {promise.state}")
    events = (await handle.fetch_history()).events
    late = {stage: (at - due).total_seconds() for stage, at in _stages(events).items()}
    if missing := set(NAMES) - {"due"} - set(late):
        raise RuntimeError(f"{case.reference}: {', '.join(sorted(missing))} did not come")
    return {"due": (due - instant).total_seconds(), **late}


def _stages(events: Sequence[HistoryEvent]) -> Mapping[str, datetime]:
    """When the timer fired, when the workflow had decided, and when the alert and the save that follow were done."""
    stages: dict[str, datetime] = {}
    wanted: dict[int, str] = {}
    for event in events:
        at = event.event_time.ToDatetime(UTC)
        match event.event_type:
            case EventType.EVENT_TYPE_TIMER_FIRED:
                stages.setdefault("engine", at)
            case EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED if "engine" in stages:
                stages.setdefault("worker", at)
                kind = event.activity_task_scheduled_event_attributes.activity_type.name
                if stage := {ALERT: "escalation", SAVE: "saved"}.get(kind):
                    wanted[event.event_id] = stage
            case EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
                scheduled = event.activity_task_completed_event_attributes.scheduled_event_id
                if scheduled in wanted:
                    stages.setdefault(wanted[scheduled], at)
    return stages


def _print(found: Sequence[Mapping[str, float]], cases: int) -> None:
    columns: dict[str, list[float]] = defaultdict(list)
    for lateness in found:
        for stage, late in lateness.items():
            columns[stage].append(late)
    shown = table(
        f"{cases} 项承诺同时到期，迟到秒数 · promises due at once, lateness in s", "", "p50", "p99", "max", "目标 goal"
    )
    for stage, name in NAMES.items():
        seconds = columns[stage]
        goal = GOALS.get(stage)
        p99 = percentile(seconds, 0.99)
        verdict = f"p99 ≤ {goal:g} {'✓' if p99 <= goal else '✗'}" if goal else ""
        shown.add_row(name, f"{percentile(seconds, 0.5):.2f}", f"{p99:.2f}", f"{max(seconds):.2f}", verdict)
    console.print(shown)


def main(
    cases: Annotated[int, typer.Option(min=1, help="投诉数 · how many complaints")] = 1000,
    lead: Annotated[
        float | None, typer.Option(help="从现在到同一时刻的秒数 · seconds until the instant; by default, measured")
    ] = None,
    profile: Annotated[
        Path | None, typer.Option(help="把到期时工作进程的采样写入此文件（需要 py-spy） · py-spy's stacks of the burst")
    ] = None,
) -> None:
    """让许多承诺同时到期，测量迟到多少。 / Let many promises fall due at once and measure how late we are."""
    run(burst(cases, lead, profile))


if __name__ == "__main__":
    start_command(main)
