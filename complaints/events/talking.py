"""What is said between us and the customer: contacts, messages, questions, solutions, and what became of them."""

from typing import Literal

from complaints.base import Instant, Tagged, Text
from complaints.parties import Colleague
from complaints.solutions import Solution
from complaints.vocabulary import Channel, MessageKind


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
    """The customer agrees; `by_silence` when they let the time that the last notice named pass without a word."""

    type: Literal["solution_accepted"] = "solution_accepted"
    round: int
    by_silence: bool = False


class SilentAcceptanceUndone(Tagged):
    """The customer had answered before their silence counted as acceptance: it does not count."""

    type: Literal["silent_acceptance_undone"] = "silent_acceptance_undone"
    round: int


class SilenceFollowedUp(Tagged):
    """The customer has not answered a solution and was asked again, by a message; `last` when no other will follow.

    `number` is the policy's follow-up, counted from 1: an outage may have swallowed those before it.
    """

    type: Literal["silence_followed_up"] = "silence_followed_up"
    round: int
    message: str
    number: int = 1
    last: bool = False
    until: Instant | None = None


class CustomerAnswered(Tagged):
    """The customer answered a question, on some channel, at `arrived_at`."""

    type: Literal["customer_answered"] = "customer_answered"
    text: Text
    channel: Channel
    arrived_at: Instant


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
