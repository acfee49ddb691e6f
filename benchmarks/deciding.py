"""What one core decides and times in a second: `python -m benchmarks.deciding`; with `--profile`, where it goes.

Each line is the best of several rounds of one thing, over and over, on one core: how often a second, how long once, and
how many plain datetime additions (of due times) or copies of a whole case (of decisions) take as long. The ratios are
of one run, and hold on a machine that is slower or busier too.
"""

import cProfile
import pstats
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, NamedTuple

import typer

from benchmarks.lives import AGENT, COLLEAGUE, LOGISTICS
from benchmarks.past import PastLife, filed, whole_life
from benchmarks.support import console, load, print_load, start_command, table
from complaints import commands as cmd
from complaints import decide, open_case, rings
from complaints.evolving import evolve
from complaints.outlook import outlook
from complaints.parties import CLOCK
from complaints.policy import Policy
from complaints.vocabulary import Channel, HoldReason
from deploy.policies import load_policy
from deploy.policies.observed import with_holidays_of

ROUNDS = 5
LONG_ENOUGH = 0.05
"""Seconds of one round; less could not be told from the machine's own noise."""

FRIDAY = datetime(2026, 9, 25, 8, tzinfo=UTC)
TEN_YEARS = timedelta(hours=45 * 52 * 10)
"""About as many hours as an office is open in ten years."""


class Thing(NamedTuple):
    """Something to be done over and over."""

    name: str
    do: Callable[[], object]


def main(
    profile: Annotated[bool, typer.Option("--profile", help="剖析一次整件投诉 · profile whole lives once")] = False,
) -> None:
    """一个核每秒能作多少决定 · What one core decides in a second"""
    before = load()
    if profile:
        _profile()
        return
    _print("到期时刻 · due times", "× 加法 addition", _due_times())
    for name in ("default", "office"):
        _print(f"决定 · decide, {name}", "× model_copy", _decisions(_policy(name)))
    print_load(before)


def _policy(name: str) -> Policy:
    return with_holidays_of(load_policy(name), range(2025, 2038)).pinned()


def _due_times() -> list[Thing]:
    office = _policy("office").working_time("office")
    always = _policy("default").working_time(None)
    day = timedelta(days=1)
    stops = [(FRIDAY + number * day, FRIDAY + number * day + timedelta(hours=3)) for number in range(5)]
    hour, four, month = timedelta(hours=1), timedelta(hours=4), timedelta(hours=45 * 4)
    return [
        Thing("datetime + timedelta", lambda: FRIDAY + four),
        Thing("24×7", lambda: always.due(FRIDAY, four, ())),
        Thing("24×7, 5 holds", lambda: always.due(FRIDAY, 10 * four, stops)),
        Thing("office, 1 h", lambda: office.due(FRIDAY, hour, ())),
        Thing("office, 4 h, 国庆 Golden Week", lambda: office.due(FRIDAY, 7 * four, ())),
        Thing("office, 180 h, 5 holds", lambda: office.due(FRIDAY, month, stops)),
        Thing("office, 10 年 years", lambda: office.due(FRIDAY, TEN_YEARS, ())),
        Thing("office, between 10 年 years", lambda: office.between(FRIDAY, FRIDAY.replace(year=2036))),
    ]


def _decisions(policy: Policy) -> list[Thing]:
    life = filed(policy, 4)
    filing = _filing(life, policy)
    life.ask(cmd.RecordContact, channel=Channel.PHONE, reached=True, agent=COLLEAGUE)
    life.ask(cmd.AssignTask, department="logistics", what="请核实")
    life.wait(20)
    case, at = life.case, life.at
    task = case.tasks[0].id
    due = min(ring.at for ring in rings(case, at))
    entry = decide(case, _command(cmd.SendUpdate, text="仍在处理"), at).entries[-1]
    return [
        Thing("case.model_copy()", lambda: case.model_copy(update={"version": 9})),
        Thing("open_case", lambda: open_case(filing, at)),
        _asking(life, "record_contact", cmd.RecordContact, channel=Channel.PHONE, reached=True),
        _asking(life, "send_update", cmd.SendUpdate, text="仍在处理"),
        _asking(life, "assign_task", cmd.AssignTask, department="logistics", what="请核实"),
        _asking(life, "complete_task", cmd.CompleteTask, by=LOGISTICS, task=task, outcome="已核实"),
        _asking(life, "put_on_hold", cmd.PutOnHold, reason=HoldReason.AWAITING_CUSTOMER, question="订单号？"),
        _asking(life, "classify", cmd.Classify, category="price", reason="更正"),
        Thing("check_clocks, 无事 nothing due", lambda: decide(case, _clock(), at)),
        Thing("check_clocks, 到期 something due", lambda: decide(case, _clock(), due)),
        Thing("rings", lambda: rings(case, at)),
        Thing("evolve", lambda: evolve(case, entry)),
        Thing("outlook, 24 h", lambda: outlook(case, at, at + timedelta(hours=24))),
    ]


def _filing(life: PastLife, policy: Policy) -> cmd.FileComplaint:
    complaint, reference = life.case.complaint, life.case.reference
    return cmd.FileComplaint(id="filing", by=AGENT, reference=reference, complaint=complaint, policy=policy)


def _command(kind: type[cmd.BaseCommand], **content: Any) -> cmd.BaseCommand:
    return kind.model_validate({"id": "measured", "by": AGENT, **content})


def _asking(life: PastLife, name: str, kind: type[cmd.BaseCommand], **content: Any) -> Thing:
    case, at, command = life.case, life.at, _command(kind, **content)
    return Thing(name, lambda: decide(case, command, at))


def _clock() -> cmd.CheckClocks:
    return cmd.CheckClocks(id="clock", by=CLOCK)


def _print(title: str, ratio: str, things: list[Thing]) -> None:
    shown = table(title, "", "次/秒 per second", "微秒 µs", ratio)
    measure = seconds_for(things[0].do)
    for thing in things:
        once = seconds_for(thing.do)
        shown.add_row(thing.name, f"{1 / once:,.0f}", f"{once * 1e6:,.1f}", f"{once / measure:,.0f}")
    console.print(shown)


def seconds_for(do: Callable[[], object]) -> float:
    """How long something takes once, in the best of a few rounds."""
    times = 1
    while _round(do, times) < LONG_ENOUGH:
        times *= 2
    return min(_round(do, times) for _ in range(ROUNDS)) / times


def _round(do: Callable[[], object], times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        do()
    return time.perf_counter() - began


def _profile() -> None:
    policy = _policy("office")
    whole_life(policy, 0)
    profiler = cProfile.Profile()
    profiler.enable()
    for number in range(100):
        whole_life(policy, number)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(30)


if __name__ == "__main__":
    start_command(main)
