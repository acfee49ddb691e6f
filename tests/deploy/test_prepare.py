"""Preparing by hand, as on a cluster: with nothing there but the engine."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.temporal import running_temporal


def _prepare(folder: Path, address: str) -> subprocess.CompletedProcess[str]:
    settings = {"REDRESS_TEMPORAL_ADDRESS": address, "REDRESS_DATA_DIR": str(folder)}
    command = [sys.executable, "-m", "deploy.prepare"]
    return subprocess.run(
        command, env={**os.environ, **settings}, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
    )


def test_preparing_makes_the_data_folder_for_its_owner_only_and_can_be_repeated(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "var"
    with running_temporal() as server:
        for _ in range(2):
            done = _prepare(folder, server.address)
            assert done.returncode == 0, done.stderr
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "records.db").exists()


def test_a_data_folder_that_cannot_be_made_is_named_by_its_setting() -> None:
    done = _prepare(Path("/dev/null/var"), "127.0.0.1:1")
    assert done.returncode != 0
    assert "REDRESS_DATA_DIR" in done.stderr
    assert "Traceback" not in done.stderr
