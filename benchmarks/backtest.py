"""How long a back-test takes: `python -m benchmarks.backtest --cases 10000`.

The records are made up: some hundred different whole lives, copied under references of their own until there are as
many as are asked for. Then the shipped policy for office hours is tried with them as `redress policy backtest` does it.
Making the records is not measured.
"""

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection, Table, text
from sqlmodel import SQLModel

from benchmarks.past import whole_lives
from benchmarks.support import console, load, print_load, start_command, table
from complaints.vocabulary import PromiseKind
from deploy.backtesting import Findings, backtest
from deploy.policies import load_policy
from records.engine import connect
from records.migrating import migrate
from records.store import Store

DIFFERENT = 500
GOAL = 60.0
RENAMED = ("reference", "code", "command", "words", "snapshot", "events")
"""The columns in which a case's reference or its code may stand."""


def main(
    cases: Annotated[int, typer.Option(min=1, max=1_000_000, help="以往投诉的件数 · how many past cases")] = 10_000,
    processes: Annotated[int | None, typer.Option(min=1, help="进程数 · how many processes")] = None,
) -> None:
    """回测的用时 · How long a back-test takes"""
    before = load()
    with tempfile.TemporaryDirectory(prefix="redress-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'records.db'}"
        began = time.perf_counter()
        entries = make_records(url, cases)
        console.print(f"已生成 · made: {cases} 件 cases, {entries} 条 entries, {time.perf_counter() - began:.0f} s")
        began, found = time.perf_counter(), Findings()
        for findings in backtest(url, load_policy("office"), datetime.now(UTC), processes=processes):
            found.add(findings)
        took = time.perf_counter() - began
    shown = table(
        f"回测 {found.cases} 件 · {took:.1f} s（目标 goal {GOAL:.0f}）· {found.cases / took:.0f}/s",
        "承诺 promise",
        "原兑现 kept before",
        "新兑现 kept after",
        "原失约 broken before",
        "新失约 broken after",
    )
    for kind in PromiseKind:
        counts = (
            found.count(kind, **{when: outcome})  # type: ignore[arg-type]
            for outcome in ("kept", "broken")
            for when in ("before", "after")
        )
        shown.add_row(kind.value, *map(str, counts))
    console.print(shown)
    console.print(f"无法读取 · damaged: {len(found.damaged)}")
    console.print(f"结果不同 · changed: {len({change.reference for change in found.changed})} 件 cases")
    print_load(before)


def make_records(url: str, cases: int) -> int:
    """Records of so many past cases; how many entries their journals have."""
    migrate(url)
    engine = connect(url)
    store, policy = Store(engine), load_policy("default").pinned()
    originals = min(cases, DIFFERENT)
    for life in whole_lives(policy, originals):
        store.save(life.case.reference, life.journal)
    with engine.begin() as connection:
        _name_copies(connection, cases)
        for table_name in ("cases", "journal"):
            _copy(connection, SQLModel.metadata.tables[table_name])
        entries: int = connection.execute(text("SELECT count(*) FROM journal")).scalar_one()
    engine.dispose()
    return entries


def _name_copies(connection: Connection, cases: int) -> None:
    """A code for each copy, as many as are missing of the cases that are wanted."""
    connection.execute(
        text(
            "CREATE TEMP TABLE copies AS WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number "
            "WHERE n < :most) SELECT reference, code, substr(code, 1, 4) || printf('%06d', n) AS copy FROM "
            "(SELECT reference, code FROM cases ORDER BY reference LIMIT :originals), number ORDER BY n LIMIT :missing"
        ),
        {"most": -(-cases // DIFFERENT), "originals": DIFFERENT, "missing": max(0, cases - DIFFERENT)},
    )


def _copy(connection: Connection, rows: Table) -> None:
    copied = ", ".join(
        f"replace(row.{name}, original.code, original.copy) AS {name}" if name in RENAMED else f"row.{name}"
        for name in rows.columns.keys()  # noqa: SIM118 - a collection of columns is no dictionary
    )
    connection.execute(
        text(
            f"INSERT INTO {rows.name} SELECT {copied} FROM copies AS original "  # noqa: S608 - our own names
            f"JOIN {rows.name} AS row ON row.reference = original.reference"
        )
    )


if __name__ == "__main__":
    start_command(main)
