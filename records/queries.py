"""Reading the records. Everything that people are shown comes from here, and none of it from the engine."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Engine, Select, exists, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from complaints.base import Value
from complaints.case import Case
from complaints.events import Entry
from complaints.parties import Complaint
from complaints.policy import Policy
from complaints.triage import Circumstances
from complaints.vocabulary import OPEN_STAGES, EscalationLevel, PromiseKind, PromiseState, TaskState
from records.cursors import Listing, cursor_after, follows
from records.errors import unavailable_on_failure
from records.results import (
    CaseSummary,
    EscalationState,
    EscalationSummary,
    Filters,
    Page,
    PolicyVersion,
    TaskSummary,
)
from records.tables import CaseRow, EscalationRow, JournalRow, PolicyRow, PromiseRow, TaskRow, TraceRow, entry_of
from records.traces import contacts_of, matters_of
from records.views import searchable

T = TypeVar("T")
Summary = TypeVar("Summary", bound=Value)

EVERYTHING = Filters()
LARGEST_PAGE = 500
MOST_COUNTED = 10_000
"""Beyond this many, complaints that share something are not counted on."""

_OPEN = sorted(stage.value for stage in OPEN_STAGES)
_CASE_COLUMNS = [getattr(CaseRow, name) for name in CaseSummary.model_fields]
_VERSION_COLUMNS = [getattr(PolicyRow, name) for name in PolicyVersion.model_fields]
_ESCALATION_COLUMNS = [getattr(EscalationRow, name) for name in EscalationSummary.model_fields]
_TASK_COLUMNS = [
    getattr(CaseRow if name in ("level", "category") else TaskRow, name) for name in TaskSummary.model_fields
]


class Queries:
    """The reader of the records. Every method raises RecordsUnavailable while the database cannot be used."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ping(self) -> None:
        """Return if the database answers and holds the records' tables."""
        self._one(select(col(CaseRow.version)).limit(1))

    def version(self, reference: str) -> int | None:
        """The version that is recorded, at little cost: for whoever waits to read their own write."""
        return self._one(select(col(CaseRow.version)).where(col(CaseRow.reference) == reference))

    def case(self, reference: str) -> Case | None:
        """The whole case, as far as it is recorded."""
        return self._one(select(col(CaseRow.snapshot)).where(col(CaseRow.reference) == reference))

    def case_by_code(self, code: str) -> Case | None:
        """The case whose reference ends with this code."""
        return self._one(select(col(CaseRow.snapshot)).where(col(CaseRow.code) == code))

    def journal(self, reference: str, after: int = 0, limit: int = 100) -> tuple[Entry, ...]:
        """The entries of a case's journal whose sequence is beyond `after`, in order."""
        statement = (
            select(JournalRow)
            .where(col(JournalRow.reference) == reference, col(JournalRow.sequence) > after)
            .order_by(col(JournalRow.sequence))
            .limit(_bounded(limit))
        )
        with self._reading() as session:
            return tuple(entry_of(row) for row in session.scalars(statement))

    def search(self, filters: Filters = EVERYTHING, cursor: str | None = None, limit: int = 50) -> Page[CaseSummary]:
        """The cases that match all of the filters, the newest first. Raises BadCursor."""
        statement = select(*_CASE_COLUMNS).where(*_conditions(filters))
        return self._page("cases", CaseSummary, statement, (CaseRow.received_at, CaseRow.reference), cursor, limit)

    def tasks(
        self,
        department: str | None = None,
        state: TaskState | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[TaskSummary]:
        """The tasks of one department or of all, the newest first. Raises BadCursor."""
        statement = select(*_TASK_COLUMNS).join_from(TaskRow, CaseRow)
        if department is not None:
            statement = statement.where(col(TaskRow.department) == department)
        if state is not None:
            statement = statement.where(col(TaskRow.state) == state.value)
        return self._page("tasks", TaskSummary, statement, (TaskRow.assigned_at, TaskRow.id), cursor, limit)

    def task(self, id: str) -> TaskSummary | None:
        """One task."""
        statement = select(*_TASK_COLUMNS).join_from(TaskRow, CaseRow).where(col(TaskRow.id) == id)
        with self._reading() as session:
            row = session.execute(statement).one_or_none()
            return TaskSummary.model_validate(row._mapping) if row else None

    def escalations(
        self,
        state: EscalationState | None = None,
        level: EscalationLevel | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[EscalationSummary]:
        """The escalations, the newest first. Raises BadCursor."""
        statement = select(*_ESCALATION_COLUMNS)
        if state is not None:
            acknowledged = col(EscalationRow.acknowledged_at).is_not(None)
            waiting = ~acknowledged & col(EscalationRow.dropped_at).is_(None)
            statement = statement.where(acknowledged if state == "acknowledged" else waiting)
        if level is not None:
            statement = statement.where(col(EscalationRow.level) == level.value)
        newest = (EscalationRow.raised_at, EscalationRow.id)
        return self._page("escalations", EscalationSummary, statement, newest, cursor, limit)

    def policy_versions(self, name: str | None = None) -> tuple[PolicyVersion, ...]:
        """The published versions of a policy, or of all, by name and then in the order in which they come in force."""
        order = (col(PolicyRow.name), col(PolicyRow.effective_from), col(PolicyRow.published_at))
        statement = select(*_VERSION_COLUMNS).order_by(*order)
        if name is not None:
            statement = statement.where(col(PolicyRow.name) == name)
        with self._reading() as session:
            return tuple(PolicyVersion.model_validate(row._mapping) for row in session.execute(statement))

    def policy(self, name: str, version: str) -> Policy | None:
        """A published version as it was written: its public holidays are not looked up, and it is not pinned."""
        one = (col(PolicyRow.name) == name, col(PolicyRow.version) == version)
        return self._one(select(col(PolicyRow.content)).where(*one))

    def circumstances(self, complaint: Complaint, since: datetime) -> Circumstances:
        """How many complaints since an instant are of the same customer, and of others on its product or order."""
        trace = col(TraceRow.reference)
        own = select(trace).where(col(TraceRow.digest).in_(contacts_of(complaint)))
        recent = col(TraceRow.filed_at) >= since
        shared = select(trace).where(col(TraceRow.digest).in_(matters_of(complaint)), recent, trace.not_in(own))
        with self._reading() as session:
            earlier, others = (
                session.scalar(select(func.count()).select_from(found.distinct().limit(MOST_COUNTED).subquery())) or 0
                for found in (own.where(recent), shared)
            )
        return Circumstances(earlier=earlier, others=others)

    def soonest(self, filters: Filters = EVERYTHING, limit: int = 1000) -> tuple[str, ...]:
        """The references of the cases that match all of the filters, at the most so many: first what is due next."""
        statement = select(col(CaseRow.reference)).where(*_conditions(filters))
        statement = statement.order_by(col(CaseRow.next_due).asc().nulls_last(), col(CaseRow.reference)).limit(limit)
        with self._reading() as session:
            return tuple(session.scalars(statement))

    def cases(self, references: Sequence[str]) -> tuple[Case, ...]:
        """The recorded cases of some references, in no order; no more than some hundred at a time."""
        with self._reading() as session:
            return tuple(session.scalars(select(col(CaseRow.snapshot)).where(col(CaseRow.reference).in_(references))))

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with unavailable_on_failure(), Session(self._engine) as session:
            yield session

    def _one(self, statement: Select[T]) -> T | None:
        with self._reading() as session:
            return session.scalar(statement)

    def _page(
        self,
        listing: Listing,
        kind: type[Summary],
        statement: Select[Any],
        newest: tuple[Any, Any],
        cursor: str | None,
        limit: int,
    ) -> Page[Summary]:
        at, key = newest
        limit = _bounded(limit)
        if cursor is not None:
            statement = statement.where(follows(listing, cursor, at, key))
        # One more than asked for tells whether there is a next page.
        statement = statement.order_by(col(at).desc(), col(key).desc()).limit(limit + 1)
        with self._reading() as session:
            rows = session.execute(statement).all()
        items = tuple(kind.model_validate(row._mapping) for row in rows[:limit])
        if len(rows) <= limit:
            return Page(items=items)
        last = rows[limit - 1]._mapping
        return Page(items=items, next=cursor_after(listing, last[at], last[key]))


def _bounded(limit: int) -> int:
    return max(1, min(limit, LARGEST_PAGE))


def _conditions(filters: Filters) -> Iterator[ColumnElement[bool]]:
    if filters.stage is not None:
        yield col(CaseRow.stage) == filters.stage.value
    if filters.open is not None:
        is_open = col(CaseRow.stage).in_(_OPEN)
        yield is_open if filters.open else ~is_open
    if filters.level is not None:
        yield col(CaseRow.level) == filters.level.value
    if filters.category is not None:
        yield col(CaseRow.category) == filters.category
    if filters.due_before is not None:
        yield col(CaseRow.next_due) < filters.due_before
    if filters.department is not None:
        yield exists().where(
            col(TaskRow.reference) == col(CaseRow.reference),
            col(TaskRow.department) == filters.department,
            col(TaskRow.state) == TaskState.OPEN.value,
        )
    if filters.broken is not None:
        broken = exists().where(
            col(PromiseRow.reference) == col(CaseRow.reference),
            col(PromiseRow.state) == PromiseState.BROKEN.value,
        )
        if isinstance(filters.broken, PromiseKind):
            broken = broken.where(col(PromiseRow.kind) == filters.broken.value)
        yield broken if filters.broken else ~broken
    for word in searchable(filters.text or "").split():
        yield col(CaseRow.words).contains(word, autoescape=True)
