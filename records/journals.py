"""Reading whole journals of many cases, one after the other: for what is worked out over all that ever happened."""

from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from sqlalchemy import Engine, Text, func, select, type_coerce
from sqlalchemy.orm import Session
from sqlmodel import col

from complaints.events import Entry
from complaints.parties import Actor
from complaints.vocabulary import Role
from records.errors import unavailable_on_failure
from records.tables import CaseRow, Events, JournalRow

_EVENTS = TypeAdapter(Events)
_AT_A_TIME = 500
# The events as they are stored, so that what cannot be read spoils one journal only.
_COLUMNS = (
    col(JournalRow.reference),
    col(JournalRow.sequence),
    col(JournalRow.at),
    col(JournalRow.role),
    col(JournalRow.name),
    col(JournalRow.department),
    col(JournalRow.command),
    col(JournalRow.types),
    type_coerce(col(JournalRow.events), Text).label("events"),
)


class Journal(NamedTuple):
    """A case's journal. `damaged` says which of its entries cannot be read (0: nobody knows); then there are none."""

    reference: str
    entries: tuple[Entry, ...]
    damaged: int | None = None


class Journals:
    """Reads journals. Every method raises RecordsUnavailable while the database cannot be used."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def years(self, since: datetime | None = None) -> range:
        """The years from the first complaint received since an instant to the last entry there is."""
        first = select(func.min(col(CaseRow.received_at)))
        if since is not None:
            first = first.where(col(CaseRow.received_at) >= since)
        with unavailable_on_failure(), Session(self._engine) as session:
            begin, end = session.scalar(first), session.scalar(select(func.max(col(JournalRow.at))))
        return range(begin.year, end.year + 1) if begin and end else range(0)

    def references(self, since: datetime | None = None) -> Iterator[str]:
        """The cases received since an instant, or all, in the order of their references. Never all in memory."""
        reached = ""
        while True:
            statement = select(col(CaseRow.reference)).where(col(CaseRow.reference) > reached)
            if since is not None:
                statement = statement.where(col(CaseRow.received_at) >= since)
            statement = statement.order_by(col(CaseRow.reference)).limit(_AT_A_TIME)
            with unavailable_on_failure(), Session(self._engine) as session:
                found = session.scalars(statement).all()
            if not found:
                return
            yield from found
            reached = found[-1]

    def of(self, references: Sequence[str], types: Set[str] | None = None) -> Iterator[Journal]:
        """The journals of some hundred cases at the most, in the order of their references.

        With `types`, an entry without any event of these types comes without its events: they are not read.
        """
        statement = (
            select(*_COLUMNS)
            .where(col(JournalRow.reference).in_(references))
            .order_by(col(JournalRow.reference), col(JournalRow.sequence))
        )
        try:
            with unavailable_on_failure(), Session(self._engine) as session:
                rows = session.execute(statement).all()
        except ValueError:
            # One row among them is not even one; those of the others can be read without it.
            for each in references if len(references) > 1 else ():
                yield from self.of((each,), types)
            if len(references) == 1:
                yield Journal(references[0], (), damaged=0)
            return
        for reference, entries in groupby(rows, key=lambda row: str(row.reference)):
            yield _journal(reference, entries, types)


def _journal(reference: str, rows: Iterable[Any], types: Set[str] | None) -> Journal:
    entries: list[Entry] = []
    for row in rows:
        try:
            entries.append(_entry(row, types is None or not types.isdisjoint(row.types)))
        except ValueError:
            return Journal(reference, (), damaged=row.sequence)
    return Journal(reference, tuple(entries))


def _entry(row: Any, whole: bool) -> Entry:
    return Entry(
        sequence=row.sequence,
        at=row.at,
        by=_actor(row.role, row.name, row.department),
        events=_EVENTS.validate_json(row.events) if whole else (),
        command=row.command,
    )


@lru_cache(maxsize=1000)
def _actor(role: str, name: str, department: str | None) -> Actor:
    return Actor(role=Role(role), name=name, department=department)
