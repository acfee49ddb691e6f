"""Looking at everything that there is of some cases: workflows, journals, records, mails and outbox."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from complaints.case import Case
from complaints.events import Entry, MessageAsked, MessageFailed
from notifications.outbox import Outbox
from notifications.smtp.compose import message_id
from records.queries import LARGEST_PAGE, Queries
from tests.faults.post import SENDER, Mail, Post
from workflows.converter import data_converter
from workflows.ids import CASE, workflow_id

WITHIN = 30.0
"""Seconds in which records and workflows must agree once everything runs again."""

_SIDE_BY_SIDE = 8


@dataclass(frozen=True)
class Accepted:
    """Something that its asker was told is done: on which case, under which command's id, at which version."""

    reference: str
    command: str
    version: int


@dataclass(frozen=True)
class Kept:
    """What is kept of one case: its workflow's state, seen at an instant, and the journal and record seen later.

    `workflow` is None where there is none, or where it cannot say how it stands.
    """

    reference: str
    workflow: Case | None
    at: datetime
    journal: tuple[Entry, ...]
    record: Case | None

    def messages(self) -> dict[str, str]:
        """Of each message that was asked for, the Message-ID that a mail of it has, and its key."""
        keys = [f"{self.reference}/{event.message}" for event in self._events() if isinstance(event, MessageAsked)]
        return {message_id(key, SENDER): key for key in keys}

    def given_up(self) -> set[str]:
        """The keys of the messages that no channel could deliver."""
        return {f"{self.reference}/{event.message}" for event in self._events() if isinstance(event, MessageFailed)}

    def _events(self) -> Iterable[object]:
        return (event for entry in self.journal for event in entry.events)


@dataclass(frozen=True)
class Observed:
    """What there is. `mails` had all been accepted before the cases were looked at; `later` came meanwhile."""

    accepted: tuple[Accepted, ...]
    cases: tuple[Kept, ...]
    mails: tuple[Mail, ...]
    later: tuple[Mail, ...]
    in_outbox: frozenset[str]
    unknowable: frozenset[str]

    def key_of(self, mail: Mail) -> str | None:
        """The key of the message that a mail carries."""
        return next((keys[mail.id] for case in self.cases if mail.id in (keys := case.messages())), None)

    def without_fate(self) -> list[str]:
        """The keys of messages that were asked for and are neither sent nor given up, so far."""
        sent = {mail.id for mail in (*self.mails, *self.later)}
        return [
            key
            for case in self.cases
            for mail, key in case.messages().items()
            if mail not in sent and key not in self.in_outbox and key not in case.given_up()
        ]


def observe(
    engine: str,
    queries: Queries,
    outbox: Outbox,
    references: Sequence[str],
    accepted: Iterable[Accepted],
    post: Post | None = None,
) -> Observed:
    """Look at the cases; needs a running worker. Records that lag behind are waited for, WITHIN seconds."""
    # Other sites may use the same mail server.
    mails = tuple(mail for mail in post.mails if mail.reference in references) if post else ()
    workflows = asyncio.run(_workflows(engine, references))
    deadline = time.monotonic() + WITHIN
    cases = []
    for reference in references:
        workflow, at = workflows[reference]
        record = queries.case(reference)
        while workflow and (record is None or record.version < workflow.version) and time.monotonic() < deadline:
            time.sleep(0.05)
            record = queries.case(reference)
        cases.append(Kept(reference, workflow, at, whole_journal(queries, reference), record))
    seen = {key for case in cases for key in case.messages().values() if outbox.get(key)}
    all_mails = tuple(mail for mail in post.mails if mail.reference in references) if post else ()
    later = all_mails[len(mails) :]
    unknowable = frozenset(post.unknowable) if post else frozenset()
    return Observed(tuple(accepted), tuple(cases), mails, later, frozenset(seen), unknowable)


def whole_journal(queries: Queries, reference: str) -> tuple[Entry, ...]:
    """All entries of a case's journal."""
    entries: list[Entry] = []
    while page := queries.journal(reference, after=entries[-1].sequence if entries else 0, limit=LARGEST_PAGE):
        entries += page
    return tuple(entries)


async def _workflows(engine: str, references: Sequence[str]) -> dict[str, tuple[Case | None, datetime]]:
    client = await Client.connect(engine, data_converter=data_converter)
    turn = asyncio.Semaphore(_SIDE_BY_SIDE)

    async def ask(reference: str) -> tuple[Case | None, datetime]:
        async with turn:
            at = datetime.now(UTC)
            handle = client.get_workflow_handle(workflow_id(reference))
            try:
                case: Case = await handle.query(CASE, result_type=Case)
            except RPCError as error:
                # The second: its code fails, so that nobody can ask it anything.
                if error.status in (RPCStatusCode.NOT_FOUND, RPCStatusCode.FAILED_PRECONDITION):
                    return None, at
                raise
            return case, at

    return dict(zip(references, await asyncio.gather(*map(ask, references)), strict=True))
