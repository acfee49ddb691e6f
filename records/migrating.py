"""Bringing the database's schema up to date, at every start."""

from datetime import timedelta
from importlib.resources import files

from sqlalchemy import Connection, Engine, inspect, text

from records.engine import connect, for_writing
from records.errors import UnusableDatabase, unavailable_on_failure

HEAD = "0003"
"""The newest revision in `records/migrations/versions`."""

LOCK = 0x52656472657373
"""The PostgreSQL advisory lock that whoever migrates holds."""

PATIENCE = timedelta(minutes=1)
"""How long one process waits for another to migrate the same database."""


def migrate(url: str) -> None:
    """Upgrade the database at `url` to the newest schema; at once where it already has it.

    Safe to call from several processes at the same time, and to be cut short at any instant. Raises
    RecordsUnavailable where the database cannot be reached, UnusableDatabase where its schema is newer than
    this program.
    """
    engine = connect(url, PATIENCE)
    try:
        with unavailable_on_failure():
            with engine.connect() as connection:
                if _revision(connection) == HEAD:
                    return
            _upgrade(engine)
    finally:
        engine.dispose()


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _upgrade(engine: Engine) -> None:
    # Alembic is slow to import, and is needed on the first start after an update only.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(files("records") / "migrations").replace("%", "%%"))
    # One transaction around everything: the schema is the old one or the new one, never something between.
    with for_writing(engine).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError:
            found = _revision(connection)
            raise UnusableDatabase(
                f"记录库的结构版本({found})比本程序新,请更新 Redress。",
                f"The schema of the records ({found}) is newer than this program; please update Redress.",
            ) from None
