"""Events: what happened, in the past tense. An entry of the journal holds the events of one decision."""

from typing import Annotated

from pydantic import Field

from complaints.base import Instant, Value
from complaints.events.life import (
    CaseAbsorbed,
    CaseFinished,
    CaseMerged,
    CaseReclassified,
    CaseReopened,
    CaseWithdrawn,
    ComplaintFiled,
    ComplaintTriaged,
    EvidenceAdded,
    PolicyMigrated,
    PortalRevoked,
    Retimed,
    StageEntered,
    Transferred,
)
from complaints.events.promises import (
    HoldEnded,
    HoldStarted,
    PromiseAnswered,
    PromiseBroken,
    PromiseKept,
    PromiseMade,
    PromiseMet,
    PromiseRebudgeted,
    PromiseWaived,
    PromiseWarned,
    ResolutionExtended,
    RungReached,
)
from complaints.events.talking import (
    AgentTookCase,
    CallbackAttempted,
    CallbackGivenUp,
    CustomerAnswered,
    CustomerContacted,
    CustomerUpdated,
    MessageAsked,
    MessageDelivered,
    MessageFailed,
    RemedyCompleted,
    RemedyStarted,
    RevisionRequested,
    SilenceFollowedUp,
    SilentAcceptanceUndone,
    SolutionAccepted,
    SolutionProposed,
    SurveyAnswered,
    UpdateIntervalAgreed,
)
from complaints.events.work import (
    EscalationAcknowledged,
    EscalationDropped,
    EscalationJoined,
    EscalationRaised,
    EscalationSteppedDown,
    EscalationTakenOver,
    Origin,
    PassedOver,
    TaskAssigned,
    TaskCancelled,
    TaskCompleted,
    TaskDeclined,
    TaskFeedbackGiven,
    TaskHandedOn,
    TaskReopened,
)
from complaints.parties import Actor

Event = Annotated[
    ComplaintFiled
    | StageEntered
    | CaseReclassified
    | EvidenceAdded
    | CaseReopened
    | CaseWithdrawn
    | CaseMerged
    | CaseAbsorbed
    | CaseFinished
    | PortalRevoked
    | ComplaintTriaged
    | PolicyMigrated
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
    | RungReached
    | CustomerContacted
    | AgentTookCase
    | UpdateIntervalAgreed
    | CustomerUpdated
    | MessageAsked
    | MessageDelivered
    | MessageFailed
    | SolutionProposed
    | SolutionAccepted
    | SilenceFollowedUp
    | SilentAcceptanceUndone
    | CustomerAnswered
    | RevisionRequested
    | RemedyStarted
    | RemedyCompleted
    | CallbackAttempted
    | CallbackGivenUp
    | SurveyAnswered
    | TaskAssigned
    | TaskFeedbackGiven
    | TaskCompleted
    | TaskDeclined
    | TaskCancelled
    | TaskHandedOn
    | TaskReopened
    | EscalationRaised
    | EscalationAcknowledged
    | EscalationJoined
    | EscalationTakenOver
    | EscalationDropped
    | EscalationSteppedDown,
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


__all__ = [
    "AgentTookCase",
    "CallbackAttempted",
    "CallbackGivenUp",
    "CaseAbsorbed",
    "CaseFinished",
    "CaseMerged",
    "CaseReclassified",
    "CaseReopened",
    "CaseWithdrawn",
    "ComplaintFiled",
    "ComplaintTriaged",
    "CustomerAnswered",
    "CustomerContacted",
    "CustomerUpdated",
    "Entry",
    "EscalationAcknowledged",
    "EscalationDropped",
    "EscalationJoined",
    "EscalationRaised",
    "EscalationSteppedDown",
    "EscalationTakenOver",
    "Event",
    "EvidenceAdded",
    "HoldEnded",
    "HoldStarted",
    "MessageAsked",
    "MessageDelivered",
    "MessageFailed",
    "Origin",
    "PassedOver",
    "PolicyMigrated",
    "PortalRevoked",
    "PromiseAnswered",
    "PromiseBroken",
    "PromiseKept",
    "PromiseMade",
    "PromiseMet",
    "PromiseRebudgeted",
    "PromiseWaived",
    "PromiseWarned",
    "RemedyCompleted",
    "RemedyStarted",
    "ResolutionExtended",
    "Retimed",
    "RevisionRequested",
    "RungReached",
    "SilenceFollowedUp",
    "SilentAcceptanceUndone",
    "SolutionAccepted",
    "SolutionProposed",
    "StageEntered",
    "SurveyAnswered",
    "TaskAssigned",
    "TaskCancelled",
    "TaskCompleted",
    "TaskDeclined",
    "TaskFeedbackGiven",
    "TaskHandedOn",
    "TaskReopened",
    "Transferred",
    "UpdateIntervalAgreed",
]
