"""A storm: every process of a running stack is killed at random while people file complaints and work on them.

`python -m tests.faults.storm --minutes 10` lets it blow, then waits until all is quiet and counts everything that was
accepted against what is there. It exits with 1 on any difference.
"""

import argparse
import json
import os
import random
import signal
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from notifications.outbox import Outbox
from records.engine import connect
from records.queries import Queries
from tests.faults.crowd import Book, Person, call, work
from tests.faults.invariants import LAWS
from tests.faults.observing import Observed, observe
from tests.faults.post import Mail, Post, running_post
from tests.support.stack import Stack, until

POLICY = """base: default
minute_seconds: 0.5
promises: {progress_update: {minutes: 240}}
"""
"""First contact within 15 s, progress every 2 minutes, a solution within 2 minutes."""

CHILDREN = ("temporal", "worker", "web")
QUIET_WITHIN = 240.0
"""Seconds in which, after the last kill, everything must come right."""

AROUND_A_KILL = 3.0
"""Seconds for which an acknowledgement may be on its way."""


@dataclass
class Kills:
    """Whom the storm hit, and the spans of time in which the acknowledgement of a mail may have been lost."""

    times: Counter[str] = field(default_factory=Counter)
    cuts: list[tuple[float, float]] = field(default_factory=list)
    _deaf_since: float | None = None

    def strike(self, stack: Stack, name: str) -> None:
        """kill -9 one process of the stack, if it is there."""
        with suppress(OSError, ValueError, KeyError, psutil.Error):
            process = psutil.Process(stack.pid(name))
            if process.status() == psutil.STATUS_ZOMBIE or str(stack.data) not in " ".join(process.cmdline()):
                return
            at = time.time()
            process.send_signal(signal.SIGKILL)
            self.times[name] += 1
            if name == "worker":
                self.cuts.append((at - AROUND_A_KILL, at + AROUND_A_KILL))
            elif name == "temporal" and self._deaf_since is None:
                self._deaf_since = at

    def look(self, stack: Stack) -> None:
        """Notice that the engine is back: as long as it was away, nothing could be acknowledged."""
        if self._deaf_since is None:
            return
        with suppress(OSError), socket.create_connection(("127.0.0.1", engine_port(stack)), timeout=1):
            self.cuts.append((self._deaf_since - AROUND_A_KILL, time.time() + AROUND_A_KILL))
            self._deaf_since = None

    def explain(self, first: Mail) -> bool:
        """Whether nobody could know that the mail had been accepted."""
        return any(since <= first.at <= to for since, to in self.cuts)


def main() -> int:
    arguments = _arguments()
    console = Console()
    with ExitStack() as ending:
        folder = arguments.keep or ending.enter_context(tempfile.TemporaryDirectory(prefix="redress-storm-"))
        post = ending.enter_context(running_post())
        policy = Path(folder) / "policy.yaml"
        policy.parent.mkdir(exist_ok=True)
        policy.write_text(POLICY, "utf-8")
        mail = {"REDRESS_SMTP_HOST": "127.0.0.1", "REDRESS_SMTP_PORT": str(post.port), "REDRESS_SMTP_TIMEOUT": "5"}
        stack = Stack(Path(folder), REDRESS_POLICY=str(policy), **mail)
        try:
            stack.start_and_wait()
            return _storm(stack, post, console, arguments)
        finally:
            with suppress(Exception):
                stack.stop()
            stack.end()


def _storm(stack: Stack, post: Post, console: Console, arguments: argparse.Namespace) -> int:
    book, kills, over, give_up = Book(), Kills(), threading.Event(), threading.Event()
    keys = json.loads((stack.data / "credentials.json").read_text("utf-8"))
    people = [Person(f"http://127.0.0.1:{stack.port}", keys, book, give_up) for _ in range(2 * arguments.people)]
    seeds = [random.Random(arguments.seed + number) for number in range(len(people))]
    threads = [
        threading.Thread(target=call, args=(person, chance, over.wait, arguments.filings / arguments.people))
        if number < arguments.people
        else threading.Thread(
            target=work, args=(person, book, chance, over.wait, 8 * arguments.filings / arguments.people)
        )
        for number, (person, chance) in enumerate(zip(people, seeds, strict=True))
    ]
    console.print(f"风暴 {arguments.minutes:g} 分钟 / a storm of {arguments.minutes:g} minutes")
    for thread in threads:
        thread.start()
    try:
        _blow(stack, kills, random.Random(arguments.seed - 1), arguments.minutes * 60)
    finally:
        over.set()
    until(stack.answers, 180, f"停下后没有恢复 / it has not come back: {stack.said()[-2000:]}")
    kills.look(stack)
    # Whoever has no answer yet goes on asking for it.
    threading.Timer(60, give_up.set).start()
    for thread in threads:
        thread.join()
    for person in people:
        person.close()
    observed, wrong = _wait_until_quiet(stack, post, book, kills)
    _print(console, book, kills, observed, wrong)
    return 1 if any(wrong.values()) else 0


def _blow(stack: Stack, kills: Kills, chance: random.Random, seconds: float) -> None:
    end, pause, at = time.monotonic() + seconds, threading.Event(), 0.0
    while (now := time.monotonic()) < end:
        kills.look(stack)
        if now > at:
            kills.strike(stack, chance.choice(CHILDREN))
            at = now + chance.uniform(1, 8)
        pause.wait(0.1)


def engine_port(stack: Stack) -> int:
    return int(stack.environment["REDRESS_TEMPORAL_PORT"])


def _wait_until_quiet(stack: Stack, post: Post, book: Book, kills: Kills) -> tuple[Observed, dict[str, list[str]]]:
    """Look again and again until there is no difference left, or for so long that there will always be one."""
    records = connect(f"sqlite:///{stack.data / 'records.db'}")
    engine = f"127.0.0.1:{engine_port(stack)}"
    references = sorted({each.reference for each in book.accepted})
    deadline, owed = time.monotonic() + QUIET_WITHIN, None
    try:
        while True:
            outbox = Outbox(stack.data / "outbox")
            observed = _knowing(observe(engine, Queries(records), outbox, references, book.accepted, post), kills)
            # Open cases go on sending; what was owed at the first look must have gone out.
            now_owed = set(observed.without_fate())
            owed = now_owed if owed is None else owed & now_owed
            wrong = {law.__name__: law(observed) for law in LAWS}
            wrong["every_message_asked_for_has_its_fate"] = sorted(owed)
            wrong["every_answer_was_one_that_may_be_given"] = book.wrong
            wrong["every_request_was_answered_in_the_end"] = ["?"] * book.outcomes["never answered"]
            if not any(wrong.values()) or time.monotonic() > deadline:
                return observed, wrong
            threading.Event().wait(2)
    finally:
        records.dispose()


def _knowing(observed: Observed, kills: Kills) -> Observed:
    """The same, with the mails whose sender was cut off before it could tell that they were accepted."""
    times: dict[str, list[Mail]] = {}
    for mail in (*observed.mails, *observed.later):
        times.setdefault(mail.id, []).append(mail)
    cut = {mail for mail, mails in times.items() if len(mails) > 1 and all(map(kills.explain, mails[:-1]))}
    return replace(observed, unknowable=frozenset(cut))


def _print(console: Console, book: Book, kills: Kills, observed: Observed, wrong: dict[str, list[str]]) -> None:
    table = Table("", "数量 number", title="风暴之后 / after the storm")
    mails = Counter(mail.id for mail in (*observed.mails, *observed.later))
    states = Counter(promise.state for case in observed.cases if case.workflow for promise in case.workflow.promises)
    outcomes = book.outcomes
    rows: dict[str, object] = {
        "强制终止 kill -9": ", ".join(f"{name} {count}" for name, count in sorted(kills.times.items())),
        "已受理的投诉 complaints accepted": outcomes["accepted:channel"],
        "其工作流 workflows of them": sum(case.workflow is not None for case in observed.cases),
        "其记录 records of them": sum(case.record is not None for case in observed.cases),
        "已受理的请求（含投诉） requests accepted, filings among them": len(book.accepted),
        "流水条目 journal entries": sum(len(case.journal) for case in observed.cases),
        "按规则拒绝 refused by the rules (409)": outcomes["refused"],
        "暂不可用后重试 asked again after 503": outcomes["busy"],
        "无应答后重试 asked again without an answer": outcomes["unanswered"],
        "消息 messages asked for": sum(len(case.messages()) for case in observed.cases),
        "邮件 mails accepted": len(mails),
        "同一编号重复 repeats under the same id, where a kill hid the first": len(observed.unknowable),
        "承诺 promises": ", ".join(f"{state} {count}" for state, count in sorted(states.items())),
    }
    for what, value in rows.items():
        table.add_row(what, str(value))
    table.add_section()
    for law, violations in wrong.items():
        table.add_row(f"差异 differences: {law.replace('_', ' ')}", str(len(violations)))
    console.print(table)
    for law, violations in wrong.items():
        for violation in violations[:10]:
            console.print(f"{law}: {violation}", markup=False, style="red")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.storm", description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10, help="多少分钟 / for how many minutes")
    parser.add_argument("--filings", type=float, default=0.7, help="每秒多少投诉 / complaints per second")
    parser.add_argument("--people", type=int, default=3, help="多少来电者和客服 / how many callers, and clerks")
    parser.add_argument("--seed", type=int, default=os.getpid(), help="随机种子 / the seed of all chances")
    parser.add_argument("--keep", help="数据留在这个新文件夹 / the data stay in this new folder")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
