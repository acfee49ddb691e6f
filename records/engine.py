"""Connecting to the database that holds the records, so that SQLite and PostgreSQL behave alike."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from records.errors import UnusableDatabase

PATIENCE = timedelta(seconds=5)
"""How long a writer waits for another's lock before it gives up; whoever asked tries again."""

WRITES = "redress_writes"


def connect(url: str, patience: timedelta = PATIENCE) -> Engine:
    """An engine for `sqlite:///file` or `postgresql://…`; nothing is opened before its first use.

    Readers are never blocked by a writer. Raises UnusableDatabase for any other kind of URL.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UnusableDatabase(
            "REDRESS_DATABASE_URL 不是有效的数据库地址。",
            "REDRESS_DATABASE_URL is not the URL of a database.",
        ) from None
    match parsed.drivername:
        case "sqlite" | "sqlite+pysqlite" if parsed.database not in (None, "", ":memory:"):
            return _sqlite(str(parsed.render_as_string(hide_password=False)), patience)
        case "postgresql" | "postgres" | "postgresql+psycopg":
            return _postgresql(
                parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False), patience
            )
    raise UnusableDatabase(
        "REDRESS_DATABASE_URL 只支持 sqlite:///文件 或 postgresql://…。",
        "REDRESS_DATABASE_URL must be sqlite:///FILE or postgresql://….",
    )


def for_writing(engine: Engine) -> Engine:
    """The same engine, whose transactions queue up as writers from their first statement on."""
    return engine.execution_options(**{WRITES: True})


def _sqlite(url: str, patience: timedelta) -> Engine:
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": patience.total_seconds()})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _entry: ConnectionPoolEntry) -> None:
        # The driver would begin transactions by itself, deferred and only before some statements.
        connection.isolation_level = None
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer that began as a reader could not wait for another writer: its snapshot would be stale.
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: str, patience: timedelta) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=10,
        pool_timeout=patience.total_seconds(),
        connect_args={"connect_timeout": 5},
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get(WRITES):
            milliseconds = round(patience.total_seconds() * 1000)
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds}")

    return engine
