import subprocess
import sys
from importlib.resources import files
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event, inspect, text
from sqlmodel import SQLModel

from records import migrate
from records.engine import connect, for_writing
from records.errors import RecordsUnavailable, UnusableDatabase
from records.migrating import HEAD
from records.store import Store
from tests.support.lives import new_life


def test_the_migrations_lead_to_the_tables_that_the_code_uses(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_the_head_that_is_checked_first_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(files("records") / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_migrating_again_does_nothing_and_does_not_even_load_alembic(url: str, store: Store) -> None:
    life = new_life(1)
    store.save(life.case.reference, life.entries)
    again = "import sys, records; records.migrate(sys.argv[1]); print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", again, url], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    assert store.save(life.case.reference, life.entries) == 1


STARTER = """
import sys, alembic.command, records, records.tables
print("ready", flush=True)
sys.stdin.readline()
records.migrate(sys.argv[1])
"""


def test_several_processes_may_migrate_at_once(empty_database: str) -> None:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    command = [sys.executable, "-c", STARTER, empty_database]
    starters = [subprocess.Popen(command, text=True, **pipes) for _ in range(3)]
    for starter in starters:
        assert starter.stdout is not None
        assert starter.stdout.readline() == "ready\n"
    for starter in starters:
        assert starter.stdin is not None
        starter.stdin.write("go\n")
        starter.stdin.flush()
    assert [starter.communicate(timeout=60)[0] for starter in starters] == [""] * 3
    assert [starter.returncode for starter in starters] == [0] * 3


def test_a_migration_cut_short_leaves_nothing_behind(empty_database: str) -> None:
    def cut(_connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "CREATE TABLE escalations" in statement:
            raise InterruptedError

    event.listen(Engine, "before_cursor_execute", cut)
    try:
        with pytest.raises(InterruptedError):
            migrate(empty_database)
    finally:
        event.remove(Engine, "before_cursor_execute", cut)
    engine = connect(empty_database)
    assert inspect(engine).get_table_names() == []
    migrate(empty_database)
    assert "escalations" in inspect(engine).get_table_names()
    engine.dispose()


def test_a_schema_from_the_future_is_left_alone_and_said_so(url: str, engine: Engine) -> None:
    with for_writing(engine).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'f00'"))
    with pytest.raises(UnusableDatabase) as refused:
        migrate(url)
    assert "f00" in refused.value.zh
    assert "f00" in refused.value.en


def test_a_database_that_cannot_be_reached_is_unavailable() -> None:
    with pytest.raises(RecordsUnavailable):
        migrate("postgresql://127.0.0.1:1/records")
    with pytest.raises(RecordsUnavailable):
        migrate("sqlite:////dev/null/records.db")
