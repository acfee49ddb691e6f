"""Events: what happened, in the past tense. An entry of the journal holds the events of one decision."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from complaints.base import Instant, Line, Tagged, Text, Value
from complaints.parties import Actor, Colleague, Complaint
from complaints.policy import Policy
from complaints.solutions import Solution
from complaints.vocabulary import (
    BreachCause,
    Channel,
    EscalationCause,
    EscalationLevel,
    HoldReason,
    Level,
    MessageKind,
    PromiseKind,
    Stage,
)


class ComplaintFiled(Tagged):
    type: Literal["complaint_filed"] = "complaint_filed"
    reference: str
    complaint: Complaint
    policy: Policy


class StageEntered(Tagged):
    type: Literal["stage_entered"] = "stage_entered"
    stage: Stage


class PromiseMade(Tagged):
    """A clock has started; `due` is what it will be if nothing holds it."""

    type: Literal["promise_made"] = "promise_made"
    promise: str
    kind: PromiseKind
    start: Instant
    budget: timedelta
    round: int = 1
    task: str | None = None
    escalation: str | None = None


class PromiseWarned(Tagged):
    type: Literal["promise_warned"] = "promise_warned"
    promise: str
    fraction: float


class PromiseKept(Tagged):
    type: Literal["promise_kept"] = "promise_kept"
    promise: str


class PromiseBroken(Tagged):
    type: Literal["promise_broken"] = "promise_broken"
    promise: str
    cause: BreachCause


class PromiseMet(Tagged):
    """The duty of a broken promise was done, late."""

    type: Literal["promise_met"] = "promise_met"
    promise: str


class PromiseWaived(Tagged):
    type: Literal["promise_waived"] = "promise_waived"
    promise: str
    reason: str


class PromiseAnswered(Tagged):
    """A message is under way that will keep this promise once it is delivered."""

    type: Literal["promise_answered"] = "promise_answered"
    promise: str
    message: str


class PromiseRebudgeted(Tagged):
    """The category was corrected, and with it the time that this promise has since its start."""

    type: Literal["promise_rebudgeted"] = "promise_rebudgeted"
    promise: str
    budget: timedelta


class ResolutionExtended(Tagged):
    type: Literal["resolution_extended"] = "resolution_extended"
    promise: str
    budget: timedelta
    reason: Text


class HoldStarted(Tagged):
    type: Literal["hold_started"] = "hold_started"
    hold: str
    reason: HoldReason
    promises: tuple[PromiseKind, ...]
    lapses_at: Instant
    question: Text | None = None


class HoldEnded(Tagged):
    type: Literal["hold_ended"] = "hold_ended"
    hold: str
    why: str


class CustomerContacted(Tagged):
    """An attempt to speak with the customer; `reached` says whether it succeeded."""

    type: Literal["customer_contacted"] = "customer_contacted"
    channel: Channel
    reached: bool
    note: Text | None = None


class AgentTookCase(Tagged):
    type: Literal["agent_took_case"] = "agent_took_case"
    agent: Colleague


class UpdateIntervalAgreed(Tagged):
    type: Literal["update_interval_agreed"] = "update_interval_agreed"
    minutes: int


class CustomerUpdated(Tagged):
    """An agent told the customer how it is going."""

    type: Literal["customer_updated"] = "customer_updated"
    text: Text
    told_on: Channel | None = None


class MessageAsked(Tagged):
    """Something is to be told; what becomes of it is reported for the customer always, for a colleague if it fails."""

    type: Literal["message_asked"] = "message_asked"
    message: str
    kind: MessageKind
    to_customer: bool


class MessageDelivered(Tagged):
    type: Literal["message_delivered"] = "message_delivered"
    message: str
    channel: Channel


class MessageFailed(Tagged):
    type: Literal["message_failed"] = "message_failed"
    message: str
    tried: tuple[str, ...] = ()


class SolutionProposed(Tagged):
    type: Literal["solution_proposed"] = "solution_proposed"
    round: int
    solution: Solution
    told_on: Channel | None = None


class SolutionAccepted(Tagged):
    type: Literal["solution_accepted"] = "solution_accepted"
    round: int


class RevisionRequested(Tagged):
    type: Literal["revision_requested"] = "revision_requested"
    round: int
    reason: Text


class RemedyStarted(Tagged):
    type: Literal["remedy_started"] = "remedy_started"
    note: Text | None = None


class RemedyCompleted(Tagged):
    """The agreed remedy is done; `letter` is the message that confirms it."""

    type: Literal["remedy_completed"] = "remedy_completed"
    letter: str
    note: Text | None = None


class CallbackAttempted(Tagged):
    type: Literal["callback_attempted"] = "callback_attempted"
    channel: Channel
    reached: bool
    note: Text | None = None


class CallbackGivenUp(Tagged):
    """The policy's number of attempts is used up; nobody will call again."""

    type: Literal["callback_given_up"] = "callback_given_up"
    attempts: int


class SurveyAnswered(Tagged):
    """The customer answered the callback's questions, by phone or by the link."""

    type: Literal["survey_answered"] = "survey_answered"
    satisfied: bool
    answers: tuple[Text, ...] = ()


class CaseReopened(Tagged):
    """A new round begins, because the customer asked or was dissatisfied."""

    type: Literal["case_reopened"] = "case_reopened"
    round: int
    reason: Text


class CaseWithdrawn(Tagged):
    type: Literal["case_withdrawn"] = "case_withdrawn"
    reason: Text


class CaseMerged(Tagged):
    type: Literal["case_merged"] = "case_merged"
    into: Line
    reason: Text


class CaseAbsorbed(Tagged):
    """Another complaint goes on in this one."""

    type: Literal["case_absorbed"] = "case_absorbed"
    reference: Line


class CaseFinished(Tagged):
    """Nothing more can be asked of this case; only messages under way are still reported."""

    type: Literal["case_finished"] = "case_finished"


class CaseReclassified(Tagged):
    type: Literal["case_reclassified"] = "case_reclassified"
    level: Level
    category: Line
    reason: Text


class EvidenceAdded(Tagged):
    type: Literal["evidence_added"] = "evidence_added"
    evidence: str
    description: Text
    source: Line | None = None


class TaskAssigned(Tagged):
    type: Literal["task_assigned"] = "task_assigned"
    task: str
    department: Line
    what: Text


class TaskFeedbackGiven(Tagged):
    type: Literal["task_feedback_given"] = "task_feedback_given"
    task: str
    text: Text


class TaskCompleted(Tagged):
    type: Literal["task_completed"] = "task_completed"
    task: str
    outcome: Text


class TaskDeclined(Tagged):
    type: Literal["task_declined"] = "task_declined"
    task: str
    reason: Text


class TaskCancelled(Tagged):
    type: Literal["task_cancelled"] = "task_cancelled"
    task: str
    reason: str


class EscalationRaised(Tagged):
    """Somebody on the chain is to know; `reason` is what a person said about it, where a person raised it."""

    type: Literal["escalation_raised"] = "escalation_raised"
    escalation: str
    level: EscalationLevel
    cause: EscalationCause
    to: Colleague
    reason: Text | None = None
    promise: str | None = None
    task: str | None = None


class EscalationAcknowledged(Tagged):
    type: Literal["escalation_acknowledged"] = "escalation_acknowledged"
    escalation: str


class PortalRevoked(Tagged):
    type: Literal["portal_revoked"] = "portal_revoked"
    generation: int
    reason: Text


Event = Annotated[
    ComplaintFiled
    | StageEntered
    | PromiseMade
    | PromiseWarned
    | PromiseKept
    | PromiseBroken
    | PromiseMet
    | PromiseWaived
    | PromiseAnswered
    | PromiseRebudgeted
    | ResolutionExtended
    | HoldStarted
    | HoldEnded
    | CustomerContacted
    | AgentTookCase
    | UpdateIntervalAgreed
    | CustomerUpdated
    | MessageAsked
    | MessageDelivered
    | MessageFailed
    | SolutionProposed
    | SolutionAccepted
    | RevisionRequested
    | RemedyStarted
    | RemedyCompleted
    | CallbackAttempted
    | CallbackGivenUp
    | SurveyAnswered
    | CaseReopened
    | CaseWithdrawn
    | CaseMerged
    | CaseAbsorbed
    | CaseFinished
    | CaseReclassified
    | EvidenceAdded
    | TaskAssigned
    | TaskFeedbackGiven
    | TaskCompleted
    | TaskDeclined
    | TaskCancelled
    | EscalationRaised
    | EscalationAcknowledged
    | PortalRevoked,
    Field(discriminator="type"),
]


class Entry(Value):
    """One entry of the journal: the events of one decision, whole or not at all.

    `sequence` counts a case's entries from 1 and is the case's version after it. `command` and `fingerprint` are those
    of the command that led to it; what time itself brought about has none.
    """

    sequence: int
    at: Instant
    by: Actor
    events: tuple[Event, ...]
    command: str | None = None
    fingerprint: str = ""
