"""A draft is tried with every case in the records, on every processor, and a damaged journal stops nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from complaints.backtest import BackTest
from deploy.backtesting import Findings, backtest
from deploy.policies import load_policy
from deploy.policies.observed import with_holidays_of
from records.engine import connect
from records.migrating import migrate
from records.store import Store
from tests.support.lives import Life, lives

AT = datetime(2027, 3, 1, tzinfo=UTC)
DRAFT = load_policy("office")


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('records') / 'records.db'}"
    migrate(url)
    engine = connect(url)
    for life in everything():
        Store(engine).save(life.case.reference, life.entries)
    engine.dispose()
    return url


def everything() -> Iterator[Life]:
    yield from lives(30, 25, timedelta(days=2))


def found(url: str, since: datetime | None = None, processes: int = 2) -> Findings:
    whole = Findings()
    for findings in backtest(url, DRAFT, AT, since, processes):
        whole.add(findings)
    return whole


def test_what_several_processes_find_is_what_one_would_find_case_by_case(url: str) -> None:
    result = found(url)
    assert result.cases == 30
    assert result.damaged == []
    assert result.changed
    test = BackTest(with_holidays_of(DRAFT, range(2025, 2030)))
    alone = {
        (life.case.reference, verdict.promise, verdict.before, verdict.after)
        for life in everything()
        for verdict in test.of(life.entries, AT)
        if verdict.changed
    }
    together = {(reference, verdict.promise, verdict.before, verdict.after) for reference, verdict in result.changed}
    assert together == alone


def test_only_cases_received_since_are_tried(url: str) -> None:
    since = sorted(life.case.received_at for life in everything())[20]
    assert found(url, since).cases == 10


def test_a_damaged_journal_is_named_and_the_rest_is_tried(url: str, tmp_path: Path) -> None:
    copy = tmp_path / "records.db"
    copy.write_bytes(Path(url.removeprefix("sqlite:///")).read_bytes())
    engine = connect(f"sqlite:///{copy}")
    unreadable, gap = sorted(life.case.reference for life in everything())[:2]
    with engine.begin() as connection:
        connection.execute(text("UPDATE journal SET events = 'nonsense' WHERE reference = :it"), {"it": unreadable})
        connection.execute(text("DELETE FROM journal WHERE reference = :it AND sequence = 2"), {"it": gap})
    engine.dispose()
    result = found(f"sqlite:///{copy}")
    assert result.cases == 28
    assert {(each.reference, each.entry) for each in result.damaged} == {(unreadable, 1), (gap, None)}
