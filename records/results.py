"""What the queries answer with: frozen values, made to be read."""

from typing import Generic, Literal, TypeVar

from complaints.base import Instant, Value
from complaints.vocabulary import Channel, EscalationLevel, Level, PromiseKind, Stage, TaskState

EscalationState = Literal["open", "acknowledged"]
T = TypeVar("T")


class Filters(Value):
    """What a search of cases asks for; what is not named is not asked.

    `department` has an open task in the case; `due_before` is compared with the earliest open due time;
    `broken` is whether any promise was ever broken, or which kind was; each word of `text` occurs in the
    reference, subject, detail, customer's name, product, order number or external id, in capitals or not.
    """

    stage: Stage | None = None
    level: Level | None = None
    category: str | None = None
    department: str | None = None
    due_before: Instant | None = None
    broken: bool | PromiseKind | None = None
    text: str | None = None


class CaseSummary(Value):
    """A case as a list shows it: `departments` have open tasks, `broken` are the kinds of broken promises."""

    reference: str
    version: int
    stage: Stage
    level: Level
    category: str
    complex: bool
    channel: Channel
    customer: str
    subject: str
    received_at: Instant
    closed_at: Instant | None
    next_due: Instant | None
    departments: tuple[str, ...]
    broken: tuple[PromiseKind, ...]


class TaskSummary(Value):
    """A department's task, with its case's level and category. A due time is None while its clock is held."""

    id: str
    reference: str
    level: Level
    category: str
    department: str
    state: TaskState
    what: str
    assigned_at: Instant
    feedback: str | None
    feedback_at: Instant | None
    feedback_due: Instant | None
    outcome: str | None
    ended_at: Instant | None
    completion_due: Instant | None
    broken: tuple[PromiseKind, ...]


class EscalationSummary(Value):
    """A step up the chain: why, who raised it, whom it was raised to, and whether they acknowledged it."""

    id: str
    reference: str
    level: EscalationLevel
    cause: str
    reason: str | None
    raised_at: Instant
    raised_by: str
    to: str
    promise: str | None
    task: str | None
    ack_due: Instant | None
    acknowledged_at: Instant | None
    acknowledged_by: str | None
    dropped_at: Instant | None


class Page(Value, Generic[T]):
    """Some of a listing; `next` is the cursor of what follows, None at the end."""

    items: tuple[T, ...]
    next: str | None = None
