"""Record the histories of the main paths for a version about to be released: `python -m tests.replay.record 0.1.0`.

Histories of earlier versions are never recorded anew: they are what running cases look like.
"""

import asyncio
import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from complaints.vocabulary import Channel
from tests.replay.lives import LIVES
from tests.support.temporal import running_temporal
from tests.workflows.harness import SKIPPING, Centre, Mailbox, connected

WORKER = re.compile(r"\d+@\S+$")
"""How the library names a worker: by its process and its machine."""

HISTORIES = Path(__file__).parent / "histories"


def without_a_place(value: Any) -> Any:
    """A history without what tells of the machine it was recorded on: its workers' names, and paths in stack traces."""
    if isinstance(value, dict):
        kept = {key: inner for key, inner in value.items() if key not in ("identity", "stackTrace")}
        return {key: without_a_place(inner) for key, inner in kept.items()}
    if isinstance(value, list):
        return [without_a_place(inner) for inner in value]
    return "worker" if isinstance(value, str) and WORKER.match(value) else value


async def record(address: str, folder: Path) -> None:
    """Play every life once and write its history, as JSON, into a folder."""
    for name, play in LIVES.items():
        with tempfile.TemporaryDirectory() as records:
            email = Mailbox()
            centre = Centre(await connected(address), Path(records), {Channel.EMAIL: email})
            async with centre.working():
                life = await play(centre, email)
                await life.settled()
                history = await life.handle.fetch_history()
        anonymous = json.dumps(without_a_place(history.to_json_dict()), ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(anonymous, encoding="utf-8")
        print(f"{name}: {len(history.events)} events")


if __name__ == "__main__":
    version = HISTORIES / sys.argv[1]
    version.mkdir(parents=True, exist_ok=True)
    with running_temporal(extra=SKIPPING) as server:
        asyncio.run(record(server.address, version))
