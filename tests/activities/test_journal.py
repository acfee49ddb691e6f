from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.journal import JOURNAL_CONFLICT, SAVE_FAILED, Journal
from activities.names import Unsaved
from records import migrate
from records.engine import connect, for_writing
from records.queries import Queries
from records.store import Store
from tests.support.lives import Life, new_life


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'records.db'}"
    migrate(url)
    return url


@pytest.fixture
def journal(url: str) -> Iterator[Journal]:
    engine = connect(url, patience=timedelta(milliseconds=200))
    yield Journal(Store(engine))
    engine.dispose()


@pytest.fixture
def life() -> Life:
    return new_life(1, detail="只有客户知道的事").go_on(8)


def unsaved(life: Life) -> Unsaved:
    return Unsaved(reference=life.case.reference, entries=tuple(life.entries))


def save(journal: Journal, payload: Unsaved) -> int:
    return ActivityEnvironment().run(journal.save, payload)


def failure(journal: Journal, payload: Unsaved, life: Life) -> ApplicationError:
    """How saving fails; whatever it says may be stored for good, so it says nothing of the complaint."""
    with pytest.raises(ApplicationError) as failed:
        save(journal, payload)
    error = failed.value
    assert error.__cause__ is None
    for private in (life.case.complaint.detail, life.case.complaint.customer.name, "SELECT", "UPDATE"):
        assert private not in str(error)
    return error


def test_a_save_answers_with_the_version_and_a_repeat_with_the_same(journal: Journal, life: Life, url: str) -> None:
    assert save(journal, unsaved(life)) == len(life.entries)
    assert save(journal, unsaved(life)) == len(life.entries)
    engine = connect(url)
    assert Queries(engine).case(life.case.reference) == life.case
    engine.dispose()


def test_a_payload_that_went_through_the_engine_is_saved_the_same(journal: Journal, life: Life) -> None:
    """Payloads travel as JSON, without what nobody set."""
    sent = unsaved(life).model_dump_json(exclude_unset=True)
    assert save(journal, Unsaved.model_validate_json(sent)) == len(life.entries)
    assert save(journal, unsaved(life)) == len(life.entries)


def test_a_locked_database_only_delays_a_save(journal: Journal, life: Life, url: str) -> None:
    other = connect(url)
    with for_writing(other).begin() as lock:
        lock.execute(text("UPDATE cases SET version = version"))
        for _ in range(3):
            error = failure(journal, unsaved(life), life)
            assert (error.type, error.non_retryable) == (SAVE_FAILED, False)
    other.dispose()
    assert save(journal, unsaved(life)) == len(life.entries)


def test_records_that_hold_another_entry_are_never_tried_again(journal: Journal, life: Life) -> None:
    save(journal, unsaved(life))
    forged = life.entries[1].model_copy(update={"fingerprint": "another"})
    error = failure(journal, Unsaved(reference=life.case.reference, entries=(forged,)), life)
    assert (error.type, error.non_retryable) == (JOURNAL_CONFLICT, True)


def test_entries_that_come_too_early_are_tried_again(journal: Journal, life: Life) -> None:
    early = Unsaved(reference=life.case.reference, entries=tuple(life.entries[1:]))
    error = failure(journal, early, life)
    assert (error.type, error.non_retryable) == (SAVE_FAILED, False)


def test_a_snapshot_that_cannot_be_read_is_reported_without_quoting_it(journal: Journal, life: Life, url: str) -> None:
    save(journal, unsaved(life))
    other = connect(url)
    with for_writing(other).begin() as connection:
        connection.execute(text('UPDATE cases SET snapshot = \'{"complaint": "只有客户知道的事"}\''))
    other.dispose()
    error = failure(journal, unsaved(life), life)
    assert (error.type, error.non_retryable) == (SAVE_FAILED, False)


def test_every_activity_of_the_journal_is_offered_to_the_worker(journal: Journal) -> None:
    assert [activity.__name__ for activity in journal.all()] == ["save"]
