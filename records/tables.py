"""The tables: the journal, which is the truth, and the views that are folded from it.

Instants are kept in UTC. What is searched for is a column or a row of its own; the rest is in the JSON text.
"""

from datetime import datetime
from typing import Any, ClassVar

from pydantic import TypeAdapter
from sqlalchemy import JSON, Dialect, Index, Text, TypeDecorator
from sqlmodel import Field, SQLModel

from complaints.case import Case
from complaints.events import Entry, Event
from complaints.parties import Actor
from complaints.policy import Policy
from complaints.vocabulary import Role

Events = tuple[Event, ...]


class _AsJson(TypeDecorator[Any]):
    """A value of the domain as JSON text: exact to the last character, and the same in every database."""

    impl = Text
    cache_ok = True
    adapter: ClassVar[TypeAdapter[Any]]

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else self.adapter.dump_json(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else self.adapter.validate_json(value)


class CaseAsJson(_AsJson):
    adapter = TypeAdapter(Case)
    cache_ok = True


class EventsAsJson(_AsJson):
    adapter = TypeAdapter(Events)
    cache_ok = True


class PolicyAsJson(_AsJson):
    """A policy as it was written: what nobody set is left out, for its hash is that of the rest."""

    adapter = TypeAdapter(Policy)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else self.adapter.dump_json(value, exclude_unset=True).decode()


class JournalRow(SQLModel, table=True):
    """One entry of a case's journal. Rows are only ever added."""

    __tablename__ = "journal"

    reference: str = Field(primary_key=True)
    sequence: int = Field(primary_key=True)
    at: datetime
    role: str
    name: str
    department: str | None = None
    command: str | None = None
    fingerprint: str = ""
    types: list[str] = Field(sa_type=JSON)
    events: Events = Field(sa_type=EventsAsJson)


def entry_of(row: JournalRow) -> Entry:
    """The entry that a row of the journal holds."""
    return Entry(
        sequence=row.sequence,
        at=row.at,
        by=Actor(role=Role(row.role), name=row.name, department=row.department),
        events=row.events,
        command=row.command,
        fingerprint=row.fingerprint,
    )


class CaseRow(SQLModel, table=True):
    """A case as it stands now, with the version up to which its journal is folded in."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_newest", "received_at", "reference"),
        Index("ix_cases_stage", "stage", "received_at", "reference"),
        Index("ix_cases_category", "category", "received_at", "reference"),
        Index("ix_cases_next_due", "next_due"),
    )

    reference: str = Field(primary_key=True)
    code: str = Field(unique=True)
    version: int
    stage: str
    level: int
    category: str
    complex: bool
    channel: str
    customer: str
    subject: str
    received_at: datetime
    closed_at: datetime | None = None
    next_due: datetime | None = None
    departments: list[str] = Field(sa_type=JSON)
    broken: list[str] = Field(sa_type=JSON)
    # The long columns come last, so that reading the short ones never walks through them.
    words: str = Field(sa_type=Text)
    snapshot: Case = Field(sa_type=CaseAsJson)


class PromiseRow(SQLModel, table=True):
    """One promise of a case."""

    __tablename__ = "promises"
    __table_args__ = (Index("ix_promises_state", "state", "kind", "reference"),)

    reference: str = Field(primary_key=True, foreign_key="cases.reference")
    id: str = Field(primary_key=True)
    kind: str
    state: str
    due: datetime | None = None
    settled_at: datetime | None = None
    department: str | None = None


class TaskRow(SQLModel, table=True):
    """One department's task, with the due times of its two promises."""

    __tablename__ = "tasks"
    __table_args__ = (
        Index("ix_tasks_newest", "assigned_at", "id"),
        Index("ix_tasks_department", "department", "state", "assigned_at", "id"),
        Index("ix_tasks_reference", "reference"),
    )

    id: str = Field(primary_key=True)
    reference: str = Field(foreign_key="cases.reference")
    department: str
    state: str
    what: str = Field(sa_type=Text)
    assigned_at: datetime
    feedback: str | None = Field(default=None, sa_type=Text)
    feedback_at: datetime | None = None
    feedback_due: datetime | None = None
    outcome: str | None = Field(default=None, sa_type=Text)
    ended_at: datetime | None = None
    completion_due: datetime | None = None
    broken: list[str] = Field(sa_type=JSON)


class EscalationRow(SQLModel, table=True):
    """One step up the chain, with the time by which it is to be acknowledged."""

    __tablename__ = "escalations"
    __table_args__ = (
        Index("ix_escalations_newest", "raised_at", "id"),
        Index("ix_escalations_acknowledged_at", "acknowledged_at", "level"),
        Index("ix_escalations_reference", "reference"),
    )

    id: str = Field(primary_key=True)
    reference: str = Field(foreign_key="cases.reference")
    level: int
    cause: str
    reason: str | None = Field(default=None, sa_type=Text)
    raised_at: datetime
    raised_by: str
    to: str
    promise: str | None = None
    task: str | None = None
    ack_due: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    dropped_at: datetime | None = None


class PolicyRow(SQLModel, table=True):
    """A published version of a policy. Rows are only ever added: what was in force once stays to be read."""

    __tablename__ = "policy_versions"

    name: str = Field(primary_key=True)
    version: str = Field(primary_key=True)
    hash: str
    effective_from: datetime
    published_at: datetime
    published_by: str | None = None
    content: Policy = Field(sa_type=PolicyAsJson)


class TraceRow(SQLModel, table=True):
    """That a complaint names a contact, a product or an order, by its hash: for counting complaints that share it."""

    __tablename__ = "traces"
    __table_args__ = (Index("ix_traces_recent", "digest", "filed_at", "reference"),)

    digest: str = Field(primary_key=True)
    reference: str = Field(primary_key=True, foreign_key="cases.reference")
    filed_at: datetime
