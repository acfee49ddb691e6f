"""The case: a complaint's state as we handle it, folded from its journal."""

from collections.abc import Iterator

from pydantic import Field

from complaints.base import Instant, Line, Text, Value
from complaints.parties import Actor, Colleague, Complaint
from complaints.policy import Policy
from complaints.promises import Hold, Promise
from complaints.solutions import Round
from complaints.vocabulary import (
    Channel,
    EscalationCause,
    EscalationLevel,
    Level,
    MessageKind,
    PromiseKind,
    PromiseState,
    Stage,
    TaskState,
)


class Contact(Value):
    """An attempt to speak with the customer."""

    at: Instant
    channel: Channel
    reached: bool
    note: Text | None = None


class Task(Value):
    """Work asked of one department, with its own clock nested in the case's."""

    id: str
    department: Line
    what: Text
    assigned_at: Instant
    state: TaskState = TaskState.OPEN
    feedback: Text | None = None
    feedback_at: Instant | None = None
    outcome: Text | None = None
    ended_at: Instant | None = None


class Escalation(Value):
    """A numbered step up the chain, with the person who is to acknowledge it; dropped if the case finishes first."""

    id: str
    level: EscalationLevel
    cause: EscalationCause
    raised_at: Instant
    raised_by: Actor
    to: Colleague
    reason: Text | None = None
    promise: str | None = None
    task: str | None = None
    acknowledged_at: Instant | None = None
    acknowledged_by: Actor | None = None
    dropped_at: Instant | None = None


class Evidence(Value):
    """A fact or a document put to the case, in words."""

    id: str
    at: Instant
    description: Text
    source: Line | None = None


class Update(Value):
    """What an agent told the customer about how it is going."""

    at: Instant
    text: Text
    told_on: Channel | None = None


class PendingMessage(Value):
    """A message to the customer whose fate is not known yet."""

    id: str
    kind: MessageKind
    asked_at: Instant


class Receipt(Value):
    """What a command is answered with: the version it led to, the stage, and the ids that it made.

    `fingerprint` is a hash of what was asked, so that one id used for two different commands is noticed.
    """

    version: int
    stage: Stage
    made: tuple[str, ...] = ()
    fingerprint: str = ""

    def for_asker(self) -> "Receipt":
        """The receipt without the hash of what its reader has asked for."""
        return Receipt(version=self.version, stage=self.stage, made=self.made)


class Case(Value):
    """Everything that is known of a complaint now. Frozen; changed only by folding entries of its journal."""

    reference: str
    policy: Policy
    complaint: Complaint
    received_at: Instant
    version: int
    stage: Stage
    level: Level
    category: Line
    complex: bool = False
    round: int = 1
    promises: tuple[Promise, ...] = ()
    holds: tuple[Hold, ...] = ()
    contacts: tuple[Contact, ...] = ()
    tasks: tuple[Task, ...] = ()
    rounds: tuple[Round, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    callbacks: tuple[Contact, ...] = ()
    messages: int = 0
    pending: tuple[PendingMessage, ...] = ()
    handled: dict[str, Receipt] = Field(default_factory=dict)
    agent: Colleague | None = None
    update_every_minutes: int | None = None
    resolved_at: Instant | None = None
    letter: str | None = None
    letter_settled: bool = False
    callback_settled: bool = False
    satisfied: bool | None = None
    answers: tuple[Text, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    updates: tuple[Update, ...] = ()
    merged_into: str | None = None
    absorbed: tuple[Line, ...] = ()
    closed_at: Instant | None = None
    finished_at: Instant | None = None
    portal_generation: int = 1

    @property
    def code(self) -> str:
        """The part of the reference that is unique by itself; ids of tasks and escalations are made of it."""
        return self.reference.rsplit("-", 1)[1]

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    @property
    def caretaker(self) -> Colleague:
        """Whom the customer may turn to: the agent who took the case, or the desk."""
        return self.agent or self.policy.desk

    def promise(self, promise_id: str) -> Promise:
        return next(promise for promise in self.promises if promise.id == promise_id)

    def open_promises(self, *kinds: PromiseKind) -> Iterator[Promise]:
        """The open promises, of all kinds or of those named."""
        return (promise for promise in self.promises if promise.is_open() and (not kinds or promise.kind in kinds))

    def current_round(self) -> Round:
        """The newest solution put to the customer. Raises IndexError before the first."""
        return self.rounds[-1]

    def outstanding(self, kind: PromiseKind, **subject: str) -> Promise | None:
        """The newest promise of a kind (of one task or escalation, where named) whose duty is still to be done."""
        candidates = (p for p in reversed(self.promises) if p.kind is kind and p.is_outstanding())
        return next((p for p in candidates if all(getattr(p, name) == subject[name] for name in subject)), None)

    def broken(self) -> tuple[Promise, ...]:
        return tuple(promise for promise in self.promises if promise.state is PromiseState.BROKEN)

    def task(self, task_id: str) -> Task | None:
        return next((task for task in self.tasks if task.id == task_id), None)

    def open_tasks(self) -> tuple[Task, ...]:
        return tuple(task for task in self.tasks if task.state is TaskState.OPEN)

    def escalation(self, escalation_id: str) -> Escalation | None:
        return next((escalation for escalation in self.escalations if escalation.id == escalation_id), None)

    def open_holds(self) -> tuple[Hold, ...]:
        return tuple(hold for hold in self.holds if hold.is_open())

    def next_due(self) -> Instant | None:
        """The earliest due time among the open promises."""
        return min((promise.due for promise in self.open_promises() if promise.due), default=None)
