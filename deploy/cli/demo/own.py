"""A Redress for one performance: in a temporary folder, on free ports, under the trial policy."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from deploy.cli.demo.script import line
from deploy.cli.session import Session
from deploy.refusal import Refusal

READY_WITHIN = 60.0
_STOPPED_WITHIN = 15.0


@contextmanager
def own_redress(session: Session) -> Iterator[tuple[str, Callable[[str], str]]]:
    """Start one, wait until it is ready, and stop it afterwards; its address, and what knows the key of a role.

    Raises Refusal with what it said if it does not start.
    """
    with tempfile.TemporaryDirectory(prefix="redress-demo-") as folder:
        data, port = Path(folder) / "var", _free_port()
        said = Path(folder) / "output.txt"
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("REDRESS_")}
        environment = inherited | {
            "REDRESS_DATA_DIR": str(data),
            "REDRESS_WEB_PORT": str(port),
            "REDRESS_TEMPORAL_PORT": str(_free_port()),
            "REDRESS_TEMPORAL_UI_PORT": "0",
            "REDRESS_POLICY": "trial",
        }
        url = f"http://127.0.0.1:{port}"
        with said.open("wb") as output:
            supervisor = subprocess.Popen(
                [sys.executable, "-m", "deploy.local"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        # Whoever ends the demo ends its Redress with it.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            with session.console.status(line(session.language, "own_starting")):
                _await(supervisor, url, said)
            yield url, json.loads((data / "credentials.json").read_bytes()).__getitem__
        finally:
            _stop(supervisor)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(supervisor: "subprocess.Popen[bytes]", url: str, said: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN
    while supervisor.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(f"{url}/readyz", trust_env=False).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    output = said.read_text("utf-8", errors="replace").strip()
    raise Refusal(line("zh", "own_failed", output=output), line("en", "own_failed", output=output))


def _stop(supervisor: "subprocess.Popen[bytes]") -> None:
    if supervisor.poll() is None:
        supervisor.send_signal(signal.SIGINT)
        try:
            supervisor.wait(_STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            supervisor.kill()
            supervisor.wait()
