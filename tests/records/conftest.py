"""Every test of the records runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url

from records import migrate
from records.engine import connect
from records.queries import Queries
from records.store import Store
from tests.support.postgres import Postgres, running_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def migrated(postgres: Postgres) -> Iterator[str]:
    """The name of a PostgreSQL database with the records' tables, to be copied."""
    with postgres.database() as url:
        migrate(url)
        yield make_url(url).database or ""


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_database(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with nothing in it."""
    if kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'records.db'}"
        return
    with request.getfixturevalue("postgres").database() as url:
        yield url


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with the records' tables."""
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'records.db'}"
        migrate(url)
        yield url
        return
    with request.getfixturevalue("postgres").database(request.getfixturevalue("migrated")) as url:
        yield url


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = connect(url)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


@pytest.fixture
def queries(engine: Engine) -> Queries:
    return Queries(engine)
