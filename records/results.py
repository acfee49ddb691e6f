"""What the queries answer with: frozen values, made to be read."""

from collections.abc import Iterable
from datetime import datetime
from typing import Generic, Literal, TypeVar

from complaints.base import Instant, Value
from complaints.vocabulary import Channel, EscalationLevel, Level, PromiseKind, Stage, TaskState

EscalationState = Literal["open", "acknowledged"]
T = TypeVar("T")


class Filters(Value):
    """What a search of cases asks for; what is not named is not asked.

    `open` is whether promises to the customer may be running; `department` has an open task in the case;
    `due_before` is compared with the earliest open due time; `broken` is whether any promise was ever broken, or
    which kind was; each word of `text` occurs in the reference, subject, detail, customer's name, product, order
    number or external id, in capitals or not.
    """

    stage: Stage | None = None
    open: bool | None = None
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


class PolicyVersion(Value):
    """A published version of a policy. New cases are kept under it from `effective_from` on, until the next one's."""

    name: str
    version: str
    hash: str
    effective_from: Instant
    published_at: Instant
    published_by: str | None


def version_in_force(versions: Iterable[PolicyVersion], at: datetime) -> PolicyVersion | None:
    """Which of the versions of one policy new cases are kept under at an instant; None where there is none at all.

    The one that came in force last. Before the first has come in force it is that one, for there is no other.
    """
    known = sorted(versions, key=lambda each: (each.effective_from, each.published_at))
    begun = [each for each in known if each.effective_from <= at]
    return begun[-1] if begun else next(iter(known), None)


class Page(Value, Generic[T]):
    """Some of a listing; `next` is the cursor of what follows, None at the end."""

    items: tuple[T, ...]
    next: str | None = None
