"""Whole journals are read one after the other, and a damaged one spoils no other."""

from datetime import timedelta

from sqlalchemy import Engine, text

from records.journals import Journals
from records.store import Store
from tests.support.lives import START, Life, lives


def stored(store: Store, count: int = 5) -> dict[str, Life]:
    found = {life.case.reference: life for life in lives(count, 12, timedelta(days=1))}
    for reference, life in found.items():
        store.save(reference, life.entries)
    return found


def test_every_journal_comes_back_as_it_was_written(engine: Engine, store: Store) -> None:
    written, journals = stored(store), Journals(engine)
    references = list(journals.references())
    assert references == sorted(written)
    for journal in journals.of(references):
        entries = [entry.model_copy(update={"fingerprint": ""}) for entry in written[journal.reference].entries]
        assert list(journal.entries) == entries
        assert journal.damaged is None


def test_only_what_was_received_since_is_listed(engine: Engine, store: Store) -> None:
    written, journals = stored(store), Journals(engine)
    since = START + timedelta(days=2)
    assert set(journals.references(since)) == {
        reference for reference, life in written.items() if life.case.received_at >= since
    }
    assert len(list(journals.references(since))) == 3
    assert list(journals.references(START + timedelta(days=999))) == []


def test_the_years_are_those_of_what_happened(engine: Engine, store: Store) -> None:
    assert list(Journals(engine).years()) == []
    last = max(life.entries[-1].at for life in stored(store).values())
    assert list(Journals(engine).years()) == list(range(START.year, last.year + 1))


def test_a_damaged_journal_is_named_and_the_others_are_read(engine: Engine, store: Store) -> None:
    written, journals = stored(store), Journals(engine)
    broken = sorted(written)[1]
    with engine.begin() as connection:
        damage = text('UPDATE journal SET events = \'[{"type": "nonsense"}]\' WHERE reference = :it AND sequence = 2')
        connection.execute(damage, {"it": broken})
    read = {journal.reference: journal for journal in journals.of(sorted(written))}
    assert set(read) == set(written)
    assert (read[broken].damaged, read[broken].entries) == (2, ())
    assert [reference for reference, journal in read.items() if journal.damaged is not None] == [broken]
