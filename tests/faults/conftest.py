"""An engine on disk for each group of tests, and sites that work with it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.post import Post, running_post
from tests.faults.processes import Site
from tests.support.temporal import TemporalServer, free_port

DURABLE = ("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=FULL")

NewSite = Callable[..., Site]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TemporalServer]:
    """A Temporal server that keeps what it was told when it is killed."""
    folder = tmp_path_factory.mktemp("engine")
    server = TemporalServer(free_port(), folder / "temporal.log", folder / "temporal.db", DURABLE)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def new_site(engine: TemporalServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewSite]:
    """Makes sites; whatever they started is ended, also when a test fails."""
    sites: list[Site] = []

    def make(policy: str, mail_port: int | None, **options: Any) -> Site:
        folder: Path = tmp_path_factory.mktemp("site")
        sites.append(Site(folder, engine.address, mail_port, policy, **options))
        return sites[-1]

    yield make
    for site in sites:
        site.end()


@pytest.fixture(scope="module")
def post() -> Iterator[Post]:
    with running_post() as server:
        yield server
