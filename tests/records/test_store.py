import functools
import random
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, text
from sqlmodel import SQLModel

from complaints import evolve
from complaints.case import Case
from complaints.events import Entry
from complaints.parties import Customer
from records.engine import connect, for_writing
from records.errors import JournalConflict, JournalGap, RecordsUnavailable
from records.queries import Queries
from records.store import Store
from records.tables import EscalationRow, PromiseRow, TaskRow
from records.views import case_row, dependent_rows
from tests.support.lives import Life, lives, new_life


def fold(entries: list[Entry] | tuple[Entry, ...]) -> Case | None:
    return functools.reduce(evolve, entries, None)


def stored_views(engine: Engine, reference: str) -> dict[object, dict[str, object]]:
    found: dict[object, dict[str, object]] = {}
    with engine.connect() as connection:
        for table in (PromiseRow, TaskRow, EscalationRow):
            for row in connection.execute(select(table).where(table.reference == reference)):
                found[table, row.id] = dict(row._mapping)
        case = connection.execute(text("SELECT * FROM cases WHERE reference = :r"), {"r": reference}).mappings()
        assert len(case.all()) == 1
    return found


def everything(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """All that is stored, to see that something changed none of it."""
    with engine.connect() as connection:
        return {
            table.name: sorted(tuple(map(str, row)) for row in connection.execute(table.select()))
            for table in SQLModel.metadata.sorted_tables
        }


def disturbed_save(store: Store, life: Life, rng: random.Random) -> None:
    """Save a life as a troubled network would: in pieces, repeated, out of order, some too early."""
    reference, entries, done = life.case.reference, life.entries, 0
    while done < len(entries):
        if done + 1 < len(entries) and rng.random() < 0.3:
            with pytest.raises(JournalGap):
                store.save(reference, entries[done + 1 : done + 3])
        upto = min(len(entries), done + rng.randint(1, 4))
        batch = entries[rng.randint(0, done) : upto] * rng.randint(1, 2)
        rng.shuffle(batch)
        assert store.save(reference, batch) == upto
        done = upto


def test_a_stored_case_is_the_fold_of_its_journal_however_its_entries_arrive(
    store: Store, queries: Queries, engine: Engine
) -> None:
    rng = random.Random(7)
    for life in lives(count=8, steps=20):
        disturbed_save(store, life, rng)
        reference = life.case.reference
        assert queries.case(reference) == life.case
        assert queries.version(reference) == len(life.entries)
        journal = queries.journal(reference, limit=500)
        assert list(journal) == life.entries
        assert fold(journal) == life.case
        assert stored_views(engine, reference) == dependent_rows(life.case)


def test_the_row_of_a_case_follows_it(store: Store, engine: Engine) -> None:
    life = new_life(3)
    for _ in range(12):
        store.save(life.case.reference, life.go_on(2).entries)
        expected = case_row(life.case)
        with engine.connect() as connection:
            table = SQLModel.metadata.tables["cases"]
            stored = connection.execute(table.select()).mappings().one()
        assert dict(stored) == expected


def test_saving_again_changes_nothing(store: Store, engine: Engine) -> None:
    life = new_life(1).go_on(15)
    version = store.save(life.case.reference, life.entries)
    before = everything(engine)
    assert store.save(life.case.reference, life.entries) == version
    assert store.save(life.case.reference, life.entries[:2]) == version
    assert store.save(life.case.reference, []) == version
    assert everything(engine) == before


def test_another_entry_under_a_stored_sequence_is_refused_and_named(store: Store, engine: Engine) -> None:
    life = new_life(1).go_on(15)
    reference = life.case.reference
    store.save(reference, life.entries[:4])
    before = everything(engine)
    forged = life.entries[2].model_copy(update={"at": life.entries[2].at + timedelta(seconds=1)})
    with pytest.raises(JournalConflict) as refused:
        store.save(reference, [forged, *life.entries[3:]])
    assert refused.value.sequence == 3
    assert reference in refused.value.zh
    assert reference in refused.value.en
    assert everything(engine) == before


def test_two_different_entries_of_one_sequence_in_one_batch_are_refused(store: Store, engine: Engine) -> None:
    life = new_life(1).go_on(10)
    forged = life.entries[1].model_copy(update={"fingerprint": "another"})
    with pytest.raises(JournalConflict):
        store.save(life.case.reference, [*life.entries, forged])
    assert not any(everything(engine).values())


def test_entries_that_come_too_early_are_refused_and_leave_nothing(store: Store, engine: Engine) -> None:
    life = new_life(1).go_on(15)
    with pytest.raises(JournalGap) as refused:
        store.save(life.case.reference, life.entries[2:])
    assert (refused.value.version, refused.value.sequence) == (0, 3)
    # A gap further on keeps what came before it out, too.
    with pytest.raises(JournalGap):
        store.save(life.case.reference, life.entries[:2] + life.entries[3:])
    assert not any(everything(engine).values())


def test_entries_of_one_case_never_reach_another(store: Store, engine: Engine) -> None:
    life = new_life(1)
    with pytest.raises(JournalConflict):
        store.save(new_life(2).case.reference, life.entries)
    assert not any(everything(engine).values())


def test_every_script_is_kept_exactly(store: Store, queries: Queries) -> None:
    writing = "𠮷野家 🧑🏽‍🚀 \u202eעברית\u202c ไทย e\u0301 “%_\\'\"” \t\n-- NULL"
    life = new_life(5, detail=writing, customer=Customer(name="𠮷🧑🏽‍🚀", email="a@example.com"))
    store.save(life.case.reference, life.entries)
    case = queries.case(life.case.reference)
    assert case is not None
    assert case.complaint.detail == writing
    assert queries.search().items[0].customer == "𠮷🧑🏽‍🚀"
    assert queries.journal(life.case.reference) == tuple(life.entries)


def test_the_same_entries_saved_by_many_at_once_are_stored_once(store: Store, queries: Queries) -> None:
    for life in lives(count=4, steps=12):
        start = threading.Barrier(4)

        def save(life: Life = life, start: threading.Barrier = start) -> int:
            start.wait()
            return store.save(life.case.reference, life.entries)

        with ThreadPoolExecutor(4) as pool:
            versions = [save.result() for save in [pool.submit(save) for _ in range(4)]]
        assert set(versions) == {len(life.entries)}
        assert queries.journal(life.case.reference, limit=500) == tuple(life.entries)


def test_writers_that_race_through_one_journal_never_take_each_other_for_a_conflict(
    store: Store, queries: Queries
) -> None:
    life = new_life(2).go_on(20)
    start = threading.Barrier(4)

    def save(_writer: int) -> None:
        start.wait()
        for upto in range(1, len(life.entries) + 1):
            assert store.save(life.case.reference, life.entries[:upto]) >= upto

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(save, range(4)))
    assert queries.case(life.case.reference) == life.case


def test_cases_saved_side_by_side_do_not_disturb_each_other(store: Store, queries: Queries) -> None:
    played = list(lives(count=8, steps=8))

    def save(life: Life) -> None:
        for entry in life.entries:
            store.save(life.case.reference, [entry])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(save, played))
    for life in played:
        assert queries.case(life.case.reference) == life.case


def test_a_locked_database_delays_a_save_and_no_reader(url: str, store: Store, queries: Queries) -> None:
    life = new_life(1)
    reference = life.case.reference
    store.save(reference, life.entries)
    life.go_on(6)
    hasty = connect(url, patience=timedelta(milliseconds=200))
    other = connect(url)
    with for_writing(other).begin() as lock:
        lock.execute(text("UPDATE cases SET version = version"))
        with pytest.raises(RecordsUnavailable) as locked:
            Store(hasty).save(reference, life.entries)
        assert queries.version(reference) == 1
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(store.save, reference, life.entries)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
            lock.rollback()
            assert waiting.result(timeout=10) == len(life.entries)
    for engine in (hasty, other):
        engine.dispose()
    said = f"{locked.value} {locked.value.zh} {locked.value.en}"
    assert life.case.complaint.customer.name not in said
    assert life.case.complaint.subject not in said


WRITER = """
import sys
from records.engine import connect
from records.store import Store
from tests.support.lives import lives

store = Store(connect(sys.argv[1]))
for life in lives(count=200, steps=6):
    for entry in life.entries:
        print(life.case.reference, store.save(life.case.reference, [entry]), flush=True)
"""


def test_a_writer_killed_at_any_instant_leaves_whole_entries_only(url: str, queries: Queries, engine: Engine) -> None:
    killed_after = random.Random(url).randint(20, 60)
    with subprocess.Popen([sys.executable, "-c", WRITER, url], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        told = [writer.stdout.readline().split() for _ in range(killed_after)]
        writer.kill()
        told += [line.split() for line in writer.stdout]
    # The last line may be cut short, too.
    accepted = {line[0]: int(line[1]) for line in told if len(line) == 2}
    found = queries.search(limit=500).items
    assert {case.reference for case in found} >= set(accepted)
    for summary in found:
        case = queries.case(summary.reference)
        assert case is not None
        assert case.version == summary.version >= accepted.get(summary.reference, 0)
        assert fold(queries.journal(summary.reference, limit=500)) == case
        assert stored_views(engine, summary.reference) == dependent_rows(case)
