from pathlib import Path

import pytest

from records.engine import connect
from records.errors import UnusableDatabase


@pytest.mark.parametrize(
    "url", ["postgresql://me:pw@host/db", "postgres://me:pw@host/db", "postgresql+psycopg://me:pw@host/db"]
)
def test_every_way_to_write_postgresql_means_the_same_driver(url: str) -> None:
    parsed = connect(url).url
    assert parsed.drivername == "postgresql+psycopg"
    assert (parsed.username, parsed.password, parsed.host, parsed.database) == ("me", "pw", "host", "db")


@pytest.mark.parametrize(
    "url", ["", "nonsense", "sqlite://", "sqlite:///:memory:", "mysql://me:hunter2@host/db", "postgresql+asyncpg://h/d"]
)
def test_any_other_database_is_refused_in_both_languages_naming_the_setting(url: str) -> None:
    with pytest.raises(UnusableDatabase) as refused:
        connect(url)
    assert "REDRESS_DATABASE_URL" in refused.value.zh
    assert "REDRESS_DATABASE_URL" in refused.value.en
    assert "hunter2" not in str(refused.value)


def test_sqlite_keeps_what_it_confirmed_even_through_a_power_cut(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'records.db'}")
    with engine.connect() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    engine.dispose()
