"""Record the histories of the main paths for a version about to be released: `python -m tests.replay.record 0.1.0`.

Histories of earlier versions are never recorded anew: they are what running cases look like.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from complaints.vocabulary import Channel
from tests.replay.lives import LIVES
from tests.support.temporal import running_temporal
from tests.workflows.harness import SKIPPING, Centre, Mailbox, connected

HISTORIES = Path(__file__).parent / "histories"


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
        (folder / f"{name}.json").write_text(history.to_json(), encoding="utf-8")
        print(f"{name}: {len(history.events)} events")


if __name__ == "__main__":
    version = HISTORIES / sys.argv[1]
    version.mkdir(parents=True, exist_ok=True)
    with running_temporal(extra=SKIPPING) as server:
        asyncio.run(record(server.address, version))
