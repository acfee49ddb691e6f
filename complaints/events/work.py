"""Work inside the company: departments' tasks and escalations up the chain."""

from typing import Literal

from complaints.base import Line, Tagged, Text, Value
from complaints.parties import Colleague
from complaints.vocabulary import EscalationCause, EscalationLevel, MessageKind


class TaskAssigned(Tagged):
    type: Literal["task_assigned"] = "task_assigned"
    task: str
    department: Line
    what: Text
    compensates: str | None = None


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


class TaskHandedOn(Tagged):
    """Another department has the task from now on, with a clock of its own."""

    type: Literal["task_handed_on"] = "task_handed_on"
    task: str
    department: Line
    reason: Text


class TaskReopened(Tagged):
    """What the department had done is wanted again, because the customer asked for another solution."""

    type: Literal["task_reopened"] = "task_reopened"
    task: str
    reason: Text


class PassedOver(Value):
    """Somebody who should have been told and was not there."""

    name: Line
    why: Line


class Origin(Value):
    """What an escalation is about in the end, whichever steps it has come by.

    `reason` is what a person said about it then; `message` is what could not be delivered to the customer.
    """

    cause: EscalationCause
    reason: Text | None = None
    message: MessageKind | None = None


class EscalationRaised(Tagged):
    """Somebody on the chain is to know; `reason` is what a person said about it, where a person raised it.

    `origin` is there where cause and reason do not tell it all: it climbed, came back, or a message was lost.
    """

    type: Literal["escalation_raised"] = "escalation_raised"
    escalation: str
    level: EscalationLevel
    cause: EscalationCause
    to: Colleague
    reason: Text | None = None
    promise: str | None = None
    task: str | None = None
    passed_over: tuple[PassedOver, ...] = ()
    origin: Origin | None = None


class EscalationAcknowledged(Tagged):
    type: Literal["escalation_acknowledged"] = "escalation_acknowledged"
    escalation: str


class EscalationJoined(Tagged):
    """A promise concerns an escalation that somebody was told of already: no second alert."""

    type: Literal["escalation_joined"] = "escalation_joined"
    escalation: str
    promise: str


class EscalationTakenOver(Tagged):
    """Somebody else answers for an escalation from now on."""

    type: Literal["escalation_taken_over"] = "escalation_taken_over"
    escalation: str
    person: Colleague


class EscalationDropped(Tagged):
    """What an escalation was about is no more: nobody is to acknowledge it, and it goes no further."""

    type: Literal["escalation_dropped"] = "escalation_dropped"
    escalation: str
    reason: Text


class EscalationSteppedDown(Tagged):
    """An escalation went back to a lower step of the chain, by a supervisor's word."""

    type: Literal["escalation_stepped_down"] = "escalation_stepped_down"
    escalation: str
    level: EscalationLevel
    reason: Text
