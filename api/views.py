"""How a case reads over HTTP."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel

from complaints.base import Instant
from complaints.case import Answer as CustomersAnswer
from complaints.case import Case, Contact, Escalation, Evidence, HandOver, Receipt, Task, Update
from complaints.events import Origin, PassedOver
from complaints.labels import LABELS
from complaints.parties import Actor, Bilingual, Colleague, Customer
from complaints.promises import Hold, Promise
from complaints.silence import Asking, accepts_at, next_turn
from complaints.solutions import Round, Solution
from complaints.terms import ALWAYS_OPEN
from complaints.triage import Triage
from complaints.vocabulary import (
    BreachCause,
    Channel,
    EscalationCause,
    EscalationLevel,
    Level,
    PromiseKind,
    PromiseState,
    Stage,
    TaskState,
)


class Answer(BaseModel):
    """What an answer is made of."""


class ReceiptView(Answer):
    """What a command led to: the version to read, the stage, and the ids of what it made."""

    version: int
    stage: Stage
    made: tuple[str, ...]

    @classmethod
    def of(cls, receipt: Receipt) -> Self:
        return cls(version=receipt.version, stage=receipt.stage, made=receipt.made)


class PromiseMade(Answer):
    """A promise as it stood when it was made."""

    id: str
    kind: PromiseKind
    due: Instant | None
    state: PromiseState


class FiledView(Answer):
    """The answer to a filing: the same each time that it is repeated under its key."""

    reference: str
    version: int
    stage: Stage
    level: Level
    category: str
    received_at: Instant
    promises: tuple[PromiseMade, ...]
    portal: str

    @classmethod
    def of(cls, case: Case, portal: str) -> Self:
        promises = tuple(
            PromiseMade(id=promise.id, kind=promise.kind, due=promise.due, state=promise.state)
            for promise in case.promises
        )
        return cls(
            reference=case.reference,
            version=case.version,
            stage=case.stage,
            level=case.level,
            category=case.category,
            received_at=case.received_at,
            promises=promises,
            portal=portal,
        )


class PromiseView(Answer):
    """A promise: `budget_minutes` are minutes of its policy; `remaining_seconds` are real ones, negative when late.

    `rule` is the policy's rule that gave its terms, because of what is `matched`; both are empty in a case of 0.1.
    """

    id: str
    kind: PromiseKind
    state: PromiseState
    start: Instant
    due: Instant | None
    budget_minutes: float
    remaining_seconds: float | None
    settled_at: Instant | None
    met_at: Instant | None
    cause: BreachCause | None
    waived_reason: str | None
    round: int
    task: str | None
    escalation: str | None
    warned: float
    calendar: str
    within: str | None
    rule: str | None
    matched: tuple[str, ...]

    @classmethod
    def of(cls, promise: Promise, minute_seconds: float, now: datetime) -> Self:
        running = promise.is_open() and promise.due is not None
        same = {name: getattr(promise, name) for name in cls.model_fields if name in Promise.model_fields}
        same["calendar"] = promise.calendar or ALWAYS_OPEN
        return cls(
            **same,
            budget_minutes=round(promise.budget.total_seconds() / minute_seconds, 6),
            remaining_seconds=(promise.due - now).total_seconds() if running and promise.due else None,
        )


class TaskView(Answer):
    """A department's task. `handed_on` are those that had it before; `compensates` is the task that it makes good.

    `round` is the newest one that it was asked for or done in. It `carries_out` a solution if it was asked for once the
    customer had agreed.
    """

    id: str
    department: str
    what: str
    state: TaskState
    assigned_at: Instant
    feedback: str | None
    feedback_at: Instant | None
    outcome: str | None
    ended_at: Instant | None
    round: int
    carries_out: bool
    compensates: str | None
    reopened: int
    handed_on: tuple[HandOver, ...]

    @classmethod
    def of(cls, task: Task) -> Self:
        return cls.model_validate(task, from_attributes=True)


class EscalationView(Answer):
    """A step up the chain, who was not there to be told, and whether it was acknowledged, taken over or stepped down.

    `joined` are further promises of the same trouble, of which nobody was told anew. `origin` is what it is about,
    where it climbed or came back, or where a message to the customer was lost.
    """

    id: str
    level: EscalationLevel
    cause: EscalationCause
    reason: str | None
    raised_at: Instant
    raised_by: Actor
    to: Colleague
    promise: str | None
    task: str | None
    acknowledged_at: Instant | None
    acknowledged_by: Actor | None
    dropped_at: Instant | None
    passed_over: tuple[PassedOver, ...]
    joined: tuple[str, ...]
    taken_over_by: Colleague | None
    stepped_down_at: Instant | None
    stepped_down_to: EscalationLevel | None
    stepped_down_reason: str | None
    origin: Origin | None

    @classmethod
    def of(cls, escalation: Escalation) -> Self:
        return cls.model_validate(escalation.model_dump())


class SilenceView(Answer):
    """What follows next, and when, if the customer says nothing to the solution that they have."""

    what: Asking
    at: Instant

    @classmethod
    def of(cls, case: Case, now: datetime) -> Self | None:
        turn = next_turn(case, now)
        return cls(what=turn.what, at=turn.at) if turn is not None else None


class PolicyView(Answer):
    """Which policy is pinned to the case."""

    name: str
    version: str
    hash: str


class CaseView(Answer):
    """A case, as whoever asks may see it."""

    reference: str
    version: int
    stage: Stage
    level: Level
    category: str
    tier: str | None
    triage: Triage | None
    complex: bool
    channel: Channel
    subject: str
    detail: str
    product: str | None
    order_number: str | None
    external_id: str | None
    customer: Customer
    received_at: Instant
    resolved_at: Instant | None
    closed_at: Instant | None
    finished_at: Instant | None
    round: int
    agent: Colleague | None
    update_every_minutes: int | None
    promises: tuple[PromiseView, ...]
    holds: tuple[Hold, ...]
    contacts: tuple[Contact, ...]
    tasks: tuple[TaskView, ...]
    solutions: tuple[Round, ...]
    silence: SilenceView | None
    escalations: tuple[EscalationView, ...]
    callbacks: tuple[Contact, ...]
    evidence: tuple[Evidence, ...]
    updates: tuple[Update, ...]
    replies: tuple[CustomersAnswer, ...]
    satisfied: bool | None
    answers: tuple[str, ...]
    merged_into: str | None
    absorbed: tuple[str, ...]
    policy: PolicyView
    portal: str | None

    @classmethod
    def of(cls, case: Case, now: datetime, *, portal: str | None, department: str | None) -> Self:
        """The view of a case; of a `department`'s, only what concerns its own tasks is shown of tasks."""
        own = [task for task in case.tasks if department in (None, task.department)]
        # Of a task that was handed on, each department sees what was about itself.
        escalations = [
            raised
            for raised in case.escalations
            if raised.task is None or department in (None, case.department_about(raised))
        ]
        shown = {raised.id for raised in escalations}
        promises = [
            promise
            for promise in case.promises
            if (promise.task is None or department in (None, case.department_of(promise)))
            and promise.escalation in (None, *shown)
        ]
        complaint, policy = case.complaint, case.policy
        return cls(
            **{name: getattr(case, name) for name in _SAME_IN_CASE},
            **{name: getattr(complaint, name) for name in _SAME_IN_COMPLAINT},
            promises=tuple(PromiseView.of(promise, policy.minute_seconds, now) for promise in promises),
            tasks=tuple(TaskView.of(task) for task in own),
            solutions=case.rounds,
            silence=SilenceView.of(case, now),
            escalations=tuple(EscalationView.of(raised) for raised in escalations),
            policy=PolicyView(name=policy.name, version=policy.version, hash=policy.fingerprint()),
            portal=portal,
        )


_SAME_IN_CASE = (
    "reference", "version", "stage", "level", "category", "complex", "received_at", "resolved_at", "closed_at",
    "finished_at", "satisfied", "merged_into", "round", "agent", "update_every_minutes", "holds", "contacts",
    "callbacks", "evidence", "updates", "answers", "absorbed", "tier", "triage", "replies",
)  # fmt: skip
_SAME_IN_COMPLAINT = (
    "channel", "subject", "detail", "product", "order_number", "external_id", "customer",
)  # fmt: skip


class CustomersPromise(Answer):
    """What the customer was promised, with its name in both languages."""

    kind: PromiseKind
    name: Bilingual
    state: PromiseState
    due: Instant | None


class PortalView(Answer):
    """What the customer sees of their case.

    `next_steps` are what they may do now: `decision`, `objection`, `answer`, `survey`. If they say nothing until
    `accepted_at`, the solution counts as accepted; `accepted_by_silence` says that it did.
    """

    reference: str
    stage: Stage
    stage_name: Bilingual
    subject: str
    received_at: Instant
    promises: tuple[CustomersPromise, ...]
    solution: Solution | None
    accepted_at: Instant | None
    accepted_by_silence: bool
    question: str | None
    next_steps: tuple[str, ...]
    questions: tuple[Bilingual, ...]

    @classmethod
    def of(cls, case: Case) -> Self:
        current = next((round_ for round_ in reversed(case.rounds) if round_.number == case.round), None)
        surveying = case.stage is Stage.RESOLVED and not case.callback_settled
        silent = current is not None and current.accepted_by_silence
        steps = ["decision"] if case.stage is Stage.PROPOSED else []
        steps += ["objection"] if silent and case.stage in (Stage.AGREED, Stage.REMEDYING) else []
        asked = next((hold.question for hold in reversed(case.open_holds()) if hold.question), None)
        steps += ["answer"] if asked else []
        steps += ["survey"] if surveying else []
        return cls(
            reference=case.reference,
            stage=case.stage,
            stage_name=_name(Stage, case.stage),
            subject=case.complaint.subject,
            received_at=case.received_at,
            promises=tuple(
                CustomersPromise(
                    kind=promise.kind,
                    name=_name(PromiseKind, promise.kind),
                    state=promise.state,
                    due=promise.due,
                )
                for promise in case.promises
                if promise.task is None and promise.escalation is None
            ),
            solution=current.solution if current else None,
            accepted_at=accepts_at(case),
            accepted_by_silence=silent,
            question=asked,
            next_steps=tuple(steps),
            questions=case.policy.survey if surveying else (),
        )


def _name(kind: type[Stage] | type[PromiseKind], term: Stage | PromiseKind) -> Bilingual:
    return LABELS[kind][term]
