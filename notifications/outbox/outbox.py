"""One JSON file per letter, in one folder."""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import structlog
from pydantic import ValidationError

from complaints.base import Instant, Value
from complaints.parties import Route
from complaints.vocabulary import Channel, Language, MessageKind
from notifications.errors import DeliveryError
from notifications.letters import Letter

log = structlog.get_logger(__name__)


class Sent(Value):
    """A letter in the outbox: its words, to whom and by which channel it would have gone, and since when."""

    key: str
    reference: str
    kind: MessageKind
    channel: Channel
    address: str
    to_name: str
    language: Language
    subject: str
    text: str
    html: str
    at: Instant


@dataclass(frozen=True)
class Page:
    """Letters, newest first, and the cursor after which the next page begins; None on the last one."""

    letters: tuple[Sent, ...]
    next: str | None


class Outbox:
    """A folder of letters. The first one under a key stays, so that a repeat changes nothing.

    A file appears whole or not at all. Its modification time is the letter's `at`, by which letters are listed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, letter: Letter, route: Route) -> None:
        """Put a letter into the folder, making it (owner only) if need be.

        Raises DeliveryError (temporary) if it cannot be written, e.g. because the disk is full.
        """
        sent = Sent(
            key=letter.key,
            reference=letter.reference,
            kind=letter.kind,
            channel=route.channel,
            address=route.address,
            to_name=letter.to_name,
            language=letter.language,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            at=datetime.now(UTC),
        )
        try:
            await asyncio.to_thread(self._keep, sent)
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else type(error).__name__
            raise DeliveryError(
                f"无法写入发件箱（{reason}）", f"the outbox cannot be written ({reason})", permanent=False
            ) from None

    def get(self, key: str) -> Sent | None:
        """The letter under a key; None if there is none, or if its file is damaged."""
        return self._read(self._path(key))

    def list(self, reference: str | None = None, limit: int = 50, after: str | None = None) -> Page:
        """Letters, newest first, of one case or of all; `after` is the cursor of the page before.

        Damaged files are left out, and logged. Raises ValueError for a cursor that is none.
        """
        before = _place(after) if after else None
        letters: list[Sent] = []
        last = after
        for at, name in sorted(self._files(reference), reverse=True):
            if before and (at, name) >= before:
                continue
            if len(letters) == limit:
                return Page(tuple(letters), last)
            if letter := self._read(self._folder / name):
                letters.append(letter)
                last = f"{at}.{name}"
        return Page(tuple(letters), None)

    def _path(self, key: str) -> Path:
        # The names are for people, too. No two keys share one: a `+` of the key's own becomes %2B.
        return self._folder / ("+".join(quote(part, safe="") for part in key.split("/")) + ".json")

    def _files(self, reference: str | None) -> Iterator[tuple[int, str]]:
        start = quote(reference, safe="") + "+" if reference else ""
        try:
            entries = os.scandir(self._folder)
        except FileNotFoundError:
            return
        with entries:
            for entry in entries:
                if entry.name.startswith(start) and entry.name.endswith(".json"):
                    with suppress(FileNotFoundError):
                        yield entry.stat().st_mtime_ns, entry.name

    def _read(self, path: Path) -> Sent | None:
        try:
            return Sent.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValidationError) as error:
            log.warning("outbox_file_damaged", file=path.name, error=type(error).__name__)
            return None

    def _keep(self, sent: Sent) -> None:
        path = self._path(sent.key)
        if self._read(path):
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(sent.model_dump_json(indent=2).encode())
                file.flush()
                at = int(sent.at.timestamp() * 1_000_000) * 1_000
                os.utime(file.fileno(), ns=(at, at))
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _sync_folder(self._folder)


def _place(cursor: str) -> tuple[int, str]:
    at, _, name = cursor.partition(".")
    if not at.isdecimal() or not name.endswith(".json"):
        raise ValueError("not a cursor of the outbox")
    return int(at), name


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
