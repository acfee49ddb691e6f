"""The case: a complaint's state as we handle it, folded from its journal."""

from collections.abc import Iterator

from pydantic import Field

from complaints.base import Instant, Line, Text, Value
from complaints.events.work import Origin, PassedOver
from complaints.parties import Actor, Colleague, Complaint
from complaints.policy import Policy
from complaints.promises import Hold, Promise
from complaints.solutions import Round
from complaints.terms import Subject, Terms
from complaints.triage import Triage
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


class HandOver(Value):
    """A department that had a task before, until when, and why it was handed on."""

    department: Line
    until: Instant
    reason: Text


class Task(Value):
    """Work asked of one department, with its own clock nested in the case's.

    `compensates` is the task whose work it makes good; `handed_on` are the departments that had it before. `round` is
    the newest one that it was asked for or done in; one that `carries_out` was asked for after the agreement.
    """

    id: str
    department: Line
    what: Text
    assigned_at: Instant
    state: TaskState = TaskState.OPEN
    feedback: Text | None = None
    feedback_at: Instant | None = None
    outcome: Text | None = None
    ended_at: Instant | None = None
    compensates: str | None = None
    handed_on: tuple[HandOver, ...] = ()
    reopened: int = 0
    round: int = 1
    carries_out: bool = False

    def department_at(self, at: Instant) -> str:
        """The department that had the task at an instant; from the very moment it is handed on, the next one."""
        return next((former.department for former in self.handed_on if at < former.until), self.department)


class Escalation(Value):
    """A numbered step up the chain, with the person who is to acknowledge it; dropped if the case finishes first.

    `passed_over` are those who should have been told and were not there. `joined` are further promises of the same
    trouble. `taken_over_by` answers for it instead of `to`. `origin` is where it began, if that was not here.
    """

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
    passed_over: tuple[PassedOver, ...] = ()
    joined: tuple[str, ...] = ()
    taken_over_by: Colleague | None = None
    stepped_down_at: Instant | None = None
    stepped_down_to: EscalationLevel | None = None
    stepped_down_reason: Text | None = None
    origin: Origin | None = None

    @property
    def began_as(self) -> EscalationCause:
        """What it is about: the cause of the first step, however many it has climbed or come down since."""
        return self.origin.cause if self.origin is not None else self.cause

    @property
    def owner(self) -> Colleague:
        """Who answers for it now: who took it over, or else who was told."""
        return self.taken_over_by or self.to

    def is_over(self) -> bool:
        """Whether nobody is to acknowledge it any more."""
        return any((self.acknowledged_at, self.dropped_at, self.stepped_down_at))


class Evidence(Value):
    """A fact or a document put to the case, in words."""

    id: str
    at: Instant
    description: Text
    source: Line | None = None


class Answer(Value):
    """What the customer answered to a question, and when it arrived."""

    at: Instant
    text: Text
    channel: Channel


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
    tier: Line | None = None
    triage: Triage | None = None
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
    replies: tuple[Answer, ...] = ()
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
    def subject(self) -> Subject:
        """What of the case decides on its terms."""
        complaint = self.complaint
        return Subject(
            level=self.level,
            category=self.category,
            tier=self.tier,
            channel=complaint.channel,
            region=complaint.customer.region,
            product=complaint.product,
        )

    def terms(self, kind: PromiseKind) -> Terms:
        """The terms that a promise of this kind would have if it were made now."""
        return self.policy.terms(kind, self.subject)

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

    def holds_on(self, kind: PromiseKind) -> list[Hold]:
        """The holds, open or over, under which the clocks of a kind of promise stand or stood still."""
        return [hold for hold in self.holds if kind in hold.promises]

    def is_revision(self, round_: int) -> bool:
        """Whether a round began because the customer asked for another solution."""
        return any(each.number == round_ - 1 and each.revision_asked_at for each in self.rounds)

    def outstanding(self, kind: PromiseKind, **subject: str) -> Promise | None:
        """The newest promise of a kind (of one task or escalation, where named) whose duty is still to be done."""
        candidates = (p for p in reversed(self.promises) if p.kind is kind and p.is_outstanding())
        return next((p for p in candidates if all(getattr(p, name) == subject[name] for name in subject)), None)

    def broken(self) -> tuple[Promise, ...]:
        return tuple(promise for promise in self.promises if promise.state is PromiseState.BROKEN)

    def task(self, task_id: str) -> Task | None:
        return next((task for task in self.tasks if task.id == task_id), None)

    def department_of(self, promise: Promise) -> str | None:
        """The department whose promise this is: the one that had the task as its clock started."""
        task = self.task(promise.task) if promise.task else None
        return task.department_at(promise.start) if task else None

    def department_about(self, escalation: Escalation) -> str | None:
        """The department whose work an escalation is about, even where another one has the task by now."""
        if escalation.promise is not None:
            return self.department_of(self.promise(escalation.promise))
        task = self.task(escalation.task or "")
        return task.department if task else None

    def newest_of_task(self, kind: PromiseKind, task: str) -> Promise | None:
        """The promise of a kind that a task's department has made last."""
        made = (promise for promise in reversed(self.promises) if promise.kind is kind and promise.task == task)
        return next(made, None)

    def open_tasks(self) -> tuple[Task, ...]:
        return tuple(task for task in self.tasks if task.state is TaskState.OPEN)

    def escalation(self, escalation_id: str) -> Escalation | None:
        return next((escalation for escalation in self.escalations if escalation.id == escalation_id), None)

    def open_holds(self) -> tuple[Hold, ...]:
        return tuple(hold for hold in self.holds if hold.is_open())

    def next_due(self) -> Instant | None:
        """The earliest due time among the open promises."""
        return min((promise.due for promise in self.open_promises() if promise.due), default=None)
