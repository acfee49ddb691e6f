"""What the template of each kind of message may say.

Facts come with the message as JSON and are read into these before a template sees them: a required one that is missing
is an error, an optional one is None. A due time is required, yet None where a hold stops its clock. Unknown facts are
passed over, so that during a release a newer decision can still be told in the older words.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from complaints.base import Instant
from complaints.parties import Bilingual, Colleague
from complaints.solutions import Remedy
from complaints.vocabulary import Channel, EscalationLevel, HoldReason, Level, MessageKind, PromiseKind, Stage


class Facts(BaseModel):
    """Facts of one kind of message; `portal_generation`, where there is one, is shown as `portal`, a link."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class WithPortal(Facts):
    portal_generation: int


class Acknowledgement(WithPortal):
    contact_due: Instant | None


class Way(Facts):
    """A way of reaching the customer, as the agent reads it."""

    channel: Channel
    address: str


class FirstContactScript(Facts):
    customer: str
    contacts: tuple[Way, ...]
    preferred_channel: Channel | None = None
    subject: str
    detail: str
    level: Level
    category: Bilingual
    category_code: str
    due: Instant | None
    reasons: tuple[Bilingual, ...] = ()


class Question(WithPortal):
    question: str


class Progress(WithPortal):
    stage: Stage
    note: str | None = None
    departments: tuple[Bilingual, ...] = ()
    next_update_due: Instant | None = None
    solution_due: Instant | None = None


class ExtensionNotice(WithPortal):
    message: str
    due: Instant | None


class MovedPromise(Facts):
    """A promise that is due later than it was; None while it is held."""

    promise: PromiseKind
    before: Instant | None
    after: Instant | None


class PromiseMoved(WithPortal):
    why: Literal["reclassified", "policy_changed"]
    promises: tuple[MovedPromise, ...]


class SolutionOffer(WithPortal):
    round: int
    remedies: tuple[Remedy, ...]
    measure: str
    owner: str
    relevance: str
    complete_by: Instant
    return_procedure: str | None = None
    compensation: str | None = None
    improvement: str | None = None


class SolutionFollowUp(WithPortal):
    round: int
    remedies: tuple[Remedy, ...]
    agent: Colleague


class LastNotice(SolutionFollowUp):
    until: Instant


class SilentAcceptance(SolutionFollowUp):
    complete_by: Instant | None = None


class ConfirmationLetter(WithPortal):
    remedies: tuple[Remedy, ...]
    measure: str
    agent: Colleague
    resolved_at: Instant


class SurveyInvitation(Facts):
    questions: tuple[Bilingual, ...]
    callback_due: Instant | None
    agent: Colleague
    portal_generation: int | None = None


class WithdrawalConfirmation(Facts):
    agent: Colleague


class MergeNotice(WithPortal):
    into: str


class TaskAssignment(Facts):
    task: str
    what: str
    category: Bilingual
    level: Level
    feedback_due: Instant | None
    completion_due: Instant | None
    why: str | None = None
    reason: str | None = None
    former: Bilingual | None = None
    compensates: str | None = None
    outcome: str | None = None


class TaskCancellation(Facts):
    task: str
    what: str
    why: str
    reason: str | None = None
    passed_on: Bilingual | None = None


class Reminder(Facts):
    """That a promise will be due soon, a hold is over, or the customer answered or decided; `promise` runs (again).

    `decided` is accepted, revision, dissatisfied or reopened, and `said` are the customer's own words. An answer came
    `in_time` that had come before silence counted as acceptance, which is `undone` unless the remedy has begun.
    """

    promise: PromiseKind | None = None
    due: Instant | None
    fraction: float = 0
    task: str | None = None
    stage: Stage
    hold_over: HoldReason | None = None
    answer: str | None = None
    answered_on: Channel | None = None
    accepted_by_silence: bool = False
    remedies: tuple[Remedy, ...] = ()
    complete_by: Instant | None = None
    decided: str | None = None
    said: str | None = None
    in_time: bool = False
    undone: bool = False


class EscalationAlert(Facts):
    """What an escalation is about (`origin`, where the newest cause does not say it), what is asked, and until when."""

    escalation: str
    level: EscalationLevel
    title: Bilingual
    cause: str
    promise: PromiseKind | None = None
    due: Instant | None = None
    task: str | None = None
    reason: str | None = None
    ack_due: Instant | None
    origin: str | None = None
    said_first: str | None = None
    undelivered: MessageKind | None = None
    department: Bilingual | None = None
    what: str | None = None
    subject: str | None = None
    urgency: Level | None = None
    category: Bilingual | None = None
    reasons: tuple[Bilingual, ...] = ()
    goes_on: bool = True


class EscalationSettled(Facts):
    """That an escalation is somebody else's from now on, or over: `dropped` says why (reclassified or suggestion)."""

    escalation: str
    taken_over_by: Colleague | None = None
    stepped_down_to: EscalationLevel | None = None
    reason: str | None = None
    dropped: str | None = None


class Gathered(Facts):
    """One of the messages that a digest stands for, with the facts of its own kind."""

    reference: str
    kind: MessageKind
    facts: dict[str, JsonValue]


class Digest(Facts):
    items: tuple[Gathered, ...] = Field(min_length=1)


class RedAlert(Facts):
    escalation: str
    level: EscalationLevel
    title: Bilingual
    category: Bilingual
    subject: str
    ack_due: Instant | None
    reasons: tuple[Bilingual, ...] = ()
    goes_on: bool = True
    reason: str | None = None


FACTS: dict[MessageKind, type[Facts]] = {
    MessageKind.ACKNOWLEDGEMENT: Acknowledgement,
    MessageKind.SUGGESTION_THANKS: WithPortal,
    MessageKind.FIRST_CONTACT_SCRIPT: FirstContactScript,
    MessageKind.QUESTION: Question,
    MessageKind.PROGRESS: Progress,
    MessageKind.EXTENSION_NOTICE: ExtensionNotice,
    MessageKind.PROMISE_MOVED: PromiseMoved,
    MessageKind.SOLUTION: SolutionOffer,
    MessageKind.SOLUTION_FOLLOW_UP: SolutionFollowUp,
    MessageKind.LAST_NOTICE: LastNotice,
    MessageKind.SILENT_ACCEPTANCE: SilentAcceptance,
    MessageKind.CONFIRMATION_LETTER: ConfirmationLetter,
    MessageKind.SURVEY_INVITATION: SurveyInvitation,
    MessageKind.WITHDRAWAL_CONFIRMATION: WithdrawalConfirmation,
    MessageKind.MERGE_NOTICE: MergeNotice,
    MessageKind.TASK_ASSIGNMENT: TaskAssignment,
    MessageKind.TASK_CANCELLATION: TaskCancellation,
    MessageKind.REMINDER: Reminder,
    MessageKind.ESCALATION_ALERT: EscalationAlert,
    MessageKind.ESCALATION_SETTLED: EscalationSettled,
    MessageKind.DIGEST: Digest,
    MessageKind.RED_ALERT: RedAlert,
}
