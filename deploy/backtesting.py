"""Back-testing a draft of the policy over the records of this installation, with every processor there is."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from multiprocessing import get_context
from typing import NamedTuple

from complaints.backtest import NEEDED, BackTest, NotAJournal, Outcome, Verdict
from complaints.policy import Policy
from complaints.vocabulary import PromiseKind
from deploy.policies.observed import with_holidays_of
from records.engine import connect
from records.journals import Journals

CASES_AT_A_TIME = 100
WAITING_PER_PROCESS = 2


class Change(NamedTuple):
    """A promise of a case of which something else would have become."""

    reference: str
    verdict: Verdict


class Damage(NamedTuple):
    """A journal that could not be read; `entry` is where, None where entries are missing."""

    reference: str
    entry: int | None


@dataclass
class Findings:
    """What a draft would have made of the cases of the past: outcomes by kind of promise, before and after."""

    cases: int = 0
    outcomes: Counter[tuple[PromiseKind, Outcome, Outcome]] = field(default_factory=Counter)
    changed: list[Change] = field(default_factory=list)
    damaged: list[Damage] = field(default_factory=list)

    def count(self, kind: PromiseKind, *, before: Outcome | None = None, after: Outcome | None = None) -> int:
        """How many promises of a kind came to an outcome, before or after or both."""
        return sum(
            number
            for (of, was, would_be), number in self.outcomes.items()
            if of is kind and before in (None, was) and after in (None, would_be)
        )

    def add(self, more: "Findings") -> None:
        self.cases += more.cases
        self.outcomes += more.outcomes
        self.changed += more.changed
        self.damaged += more.damaged


def backtest(
    database_url: str, draft: Policy, at: datetime, since: datetime | None = None, processes: int | None = None
) -> Iterator[Findings]:
    """Try a draft with every case received since an instant; findings come in pieces, as they are made.

    The journals are read a few at a time. Raises RecordsUnavailable, and Refusal for a country whose public holidays
    are not known.
    """
    engine = connect(database_url)
    try:
        journals = Journals(engine)
        # Promises may be counted on for years beyond the last entry.
        years = journals.years(since)
        whole = with_holidays_of(draft, range(years.start - 1, years.stop + 3) if years else ())
        batches = _batches(journals.references(since))
        yield from _in_parallel(batches, _Job(database_url, whole.model_dump_json(exclude_unset=True), at), processes)
    finally:
        engine.dispose()


def _batches(references: Iterable[str]) -> Iterator[tuple[str, ...]]:
    remaining = iter(references)
    while batch := tuple(islice(remaining, CASES_AT_A_TIME)):
        yield batch


class _Job(NamedTuple):
    database_url: str
    draft: str
    at: datetime


def _in_parallel(batches: Iterator[tuple[str, ...]], job: _Job, processes: int | None) -> Iterator[Findings]:
    """The findings of each batch in their order; no more batches are taken than the processes can soon do."""
    number = processes or os.cpu_count() or 1
    with ProcessPoolExecutor(number, get_context("spawn"), _begin, (job,)) as pool:
        waiting: list[Future[Findings]] = []
        for batch in batches:
            waiting.append(pool.submit(_work, batch))
            if len(waiting) >= number * WAITING_PER_PROCESS:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


class _Process:
    """What one process works with."""

    journals: Journals
    test: BackTest
    at: datetime


def _begin(job: _Job) -> None:
    _Process.journals = Journals(connect(job.database_url))
    _Process.test = BackTest(Policy.model_validate_json(job.draft))
    _Process.at = job.at


def _work(references: tuple[str, ...]) -> Findings:
    found, read = Findings(), set[str]()
    for journal in _Process.journals.of(references, NEEDED):
        read.add(journal.reference)
        if journal.damaged is not None:
            found.damaged.append(Damage(journal.reference, journal.damaged))
            continue
        try:
            verdicts = _Process.test.of(journal.entries, _Process.at)
        except NotAJournal:
            found.damaged.append(Damage(journal.reference, None))
            continue
        found.cases += 1
        for verdict in verdicts:
            found.outcomes[verdict.kind, verdict.before, verdict.after] += 1
            if verdict.changed:
                found.changed.append(Change(journal.reference, verdict))
    found.damaged += [Damage(reference, None) for reference in references if reference not in read]
    return found
