"""What the template of each kind of message may say.

Facts come with the message as JSON and are read into these before a template sees them: a required one that is missing
is an error, an optional one is None. A due time is required, yet None where a hold stops its clock. Unknown facts are
passed over, so that during a release a newer decision can still be told in the older words.
"""

from pydantic import BaseModel, ConfigDict

from complaints.base import Instant
from complaints.parties import Bilingual, Colleague
from complaints.solutions import Remedy
from complaints.vocabulary import Channel, EscalationLevel, Level, MessageKind, PromiseKind, Stage


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


class Reminder(Facts):
    promise: PromiseKind
    due: Instant | None
    fraction: float
    task: str | None = None
    stage: Stage


class EscalationAlert(Facts):
    escalation: str
    level: EscalationLevel
    title: Bilingual
    cause: str
    promise: PromiseKind | None = None
    due: Instant | None = None
    task: str | None = None
    reason: str | None = None
    ack_due: Instant | None


class RedAlert(Facts):
    escalation: str
    level: EscalationLevel
    title: Bilingual
    category: Bilingual
    subject: str
    ack_due: Instant | None


FACTS: dict[MessageKind, type[Facts]] = {
    MessageKind.ACKNOWLEDGEMENT: Acknowledgement,
    MessageKind.SUGGESTION_THANKS: WithPortal,
    MessageKind.FIRST_CONTACT_SCRIPT: FirstContactScript,
    MessageKind.QUESTION: Question,
    MessageKind.PROGRESS: Progress,
    MessageKind.EXTENSION_NOTICE: ExtensionNotice,
    MessageKind.SOLUTION: SolutionOffer,
    MessageKind.CONFIRMATION_LETTER: ConfirmationLetter,
    MessageKind.SURVEY_INVITATION: SurveyInvitation,
    MessageKind.WITHDRAWAL_CONFIRMATION: WithdrawalConfirmation,
    MessageKind.MERGE_NOTICE: MergeNotice,
    MessageKind.TASK_ASSIGNMENT: TaskAssignment,
    MessageKind.REMINDER: Reminder,
    MessageKind.ESCALATION_ALERT: EscalationAlert,
    MessageKind.RED_ALERT: RedAlert,
}
