"""Filing the rows side by side, with patience, until the end or Ctrl-C."""

import asyncio
import hashlib
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from deploy.cli.client import PAUSE, Json, Problem, failed, problem_of, retry_after
from deploy.cli.importing.mapping import Mapping
from deploy.cli.importing.rejects import Rejects
from deploy.cli.importing.table import CsvTable, Row
from deploy.cli.session import Session
from deploy.refusal import Refusal

_AGAIN = (
    httpx.codes.TOO_MANY_REQUESTS,
    httpx.codes.BAD_GATEWAY,
    httpx.codes.SERVICE_UNAVAILABLE,
    httpx.codes.GATEWAY_TIMEOUT,
)
_NO_USE = (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN)
"""Answers that every other row would get as well."""

INTERRUPTED = 130


def run(
    session: Session, table: CsvTable, mapping: Mapping, rows: int, parallel: int, patience: float, recent: bool
) -> int:
    """File every row; the exit code: 0 if none was rejected. Raises Refusal where going on is of no use.

    `recent`: they happened just now, and count as repeated and group complaints do.
    """
    with Rejects(table) as rejects, _progress(session) as progress:
        bar = progress.add_task(session.text("import_progress"), total=rows, note="")
        importing = _Importing(session, mapping, rejects, progress, bar, patience, recent)
        stopped = asyncio.run(importing.run(table.rows(), parallel))
    counts = importing.counts
    done = counts.filed + counts.known + counts.repeated + rejects.count
    session.say(
        "import_result",
        rows=rows, filed=counts.filed, known=counts.known, repeated=counts.repeated, rejected=rejects.count,
    )  # fmt: skip
    if rejects.path is not None:
        session.say("import_rejects", file=rejects.path, style="yellow")
    if stopped:
        session.say("import_stopped", left=rows - done, style="yellow")
        return INTERRUPTED
    return 1 if rejects.count else 0


def _progress(session: Session) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("[yellow]{task.fields[note]}"),
        console=session.console,
        disable=not session.console.is_terminal,
    )


@dataclass
class Counts:
    """What became of the rows."""

    filed: int = 0
    known: int = 0
    repeated: int = 0


@dataclass
class _Importing:
    session: Session
    mapping: Mapping
    rejects: Rejects
    progress: Progress
    bar: TaskID
    patience: float
    recent: bool
    counts: Counts = field(default_factory=Counts)
    seen: dict[str, bytes] = field(default_factory=dict)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    begun: datetime = field(init=False)

    async def run(self, rows: Iterator[Row], parallel: int) -> bool:
        """File them; whether it was stopped before the end."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, self._asked_to_stop)
        loop.add_signal_handler(signal.SIGTERM, self._asked_to_stop)
        async with self._http(parallel) as http:
            self.begun = await self._server_time(http)
            try:
                async with asyncio.TaskGroup() as group:
                    for _ in range(parallel):
                        group.create_task(self._work(http, rows))
            except ExceptionGroup as group:
                # Whatever ended one of them ends the import; the others' reasons are the same.
                raise group.exceptions[0] from None
        return self.stop.is_set()

    def _http(self, parallel: int) -> httpx.AsyncClient:
        known = self.session.client()
        return httpx.AsyncClient(
            base_url=known.url,
            headers=known.headers() | ({} if self.recent else {"Redress-Imported": "true"}),
            timeout=httpx.Timeout(30, connect=5),
            limits=httpx.Limits(max_connections=parallel),
            trust_env=False,
        )

    async def _server_time(self, http: httpx.AsyncClient) -> datetime:
        """When the import began, on the server's clock as far as ours differs noticeably."""
        now = datetime.now(UTC)
        try:
            answer = await http.get("/healthz")
        except httpx.TransportError:
            raise failed("not_running", url=self.session.url) from None
        with suppress(KeyError, ValueError):
            theirs = parsedate_to_datetime(answer.headers["Date"])
            if abs(theirs - now) > timedelta(seconds=2):
                return theirs
        return now

    def _asked_to_stop(self) -> None:
        self.stop.set()
        # Asked again: then at once.
        loop = asyncio.get_running_loop()
        loop.remove_signal_handler(signal.SIGINT)
        loop.remove_signal_handler(signal.SIGTERM)

    async def _work(self, http: httpx.AsyncClient, rows: Iterator[Row]) -> None:
        for row in rows:
            if self.stop.is_set() or not await self._file(http, row):
                return
            self.progress.advance(self.bar)

    async def _file(self, http: httpx.AsyncClient, row: Row) -> bool:
        """File one row or keep it among the rejects; False if stopped before its fate was known."""
        try:
            body = self.mapping.body(row.cells)
            key = self.mapping.key(row.cells or {})
        except Refusal as refusal:
            self.rejects.add(row, self._in_words(refusal))
            return True
        if key in self.seen:
            if self.seen[key] == _digest(body):
                self.counts.repeated += 1
            else:
                self.rejects.add(row, self.session.text("import_same_key"))
            return True
        self.seen[key] = _digest(body)
        try:
            filed = await self._answer(http, body, key)
        except Problem as problem:
            if problem.status in _NO_USE:
                raise
            changed = problem.name == "key_reused"
            self.rejects.add(row, self.session.text("import_changed") if changed else self._in_words(problem))
            return True
        if filed is None:
            return False
        if datetime.fromisoformat(filed["received_at"]) < self.begun:
            self.counts.known += 1
        else:
            self.counts.filed += 1
        return True

    def _in_words(self, refusal: Refusal) -> str:
        return " ".join((refusal.zh if self.session.language == "zh" else refusal.en).split())

    async def _answer(self, http: httpx.AsyncClient, body: Json, key: str) -> Json | None:
        """Ask until there is an answer, which is None if stopped before. The key makes a repeat harmless.

        Raises Problem for what is refused, and Refusal where patience ends or what answers is not Redress.
        """
        loop = asyncio.get_running_loop()
        given_up = loop.time() + self.patience
        while True:
            pause = PAUSE
            with suppress(httpx.TransportError):
                answer = await http.post("/v1/complaints", json=body, headers={"Idempotency-Key": key})
                if answer.status_code not in _AGAIN:
                    return _content(answer, self.session.url)
                pause = retry_after(answer)
            if self.stop.is_set():
                return None
            if loop.time() + pause > given_up:
                raise failed("no_answer", url=self.session.url)
            self.progress.update(self.bar, note=self.session.text("import_waiting"))
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stop.wait(), pause)
            self.progress.update(self.bar, note="")


def _content(answer: httpx.Response, url: str) -> Json:
    if answer.is_error:
        raise problem_of(answer.status_code, answer.content)
    try:
        content: Json = answer.json()
        datetime.fromisoformat(content["received_at"])
    except (ValueError, KeyError, TypeError):
        raise failed("not_redress", url=url) from None
    return content


def _digest(body: Json) -> bytes:
    return hashlib.sha256(repr(body).encode()).digest()
