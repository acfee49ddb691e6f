"""One stack for all the tests of the interface."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.stack import Stack, running_stack
from tests.support.temporal import TemporalServer, running_temporal


@pytest.fixture(scope="session")
def temporal() -> Iterator[TemporalServer]:
    with running_temporal() as server:
        yield server


@pytest.fixture(scope="session")
def stack(temporal: TemporalServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(temporal.address, tmp_path_factory.mktemp("stack")) as running:
        yield running


@pytest.fixture(scope="session")
def stack_without_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The web server and its records, while nobody listens where the engine should be."""
    folder: Path = tmp_path_factory.mktemp("alone")
    with running_stack("127.0.0.1:1", folder, with_worker=False) as running:
        yield running
