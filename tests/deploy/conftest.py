"""A Temporal server that is not the embedded one."""

import os
import subprocess
from collections.abc import Iterator

import pytest

from tests.support.temporal import TEMPORAL, free_port


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Its address; it has the namespaces `default` and `other`."""
    port = str(free_port())
    command = ["server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", port, "--log-level", "never"]
    command += ["--namespace", "other"]
    process = subprocess.Popen([TEMPORAL, *command], stdout=subprocess.DEVNULL, env={"PATH": os.environ["PATH"]})
    yield f"127.0.0.1:{port}"
    process.kill()
    process.wait()
