"""Commands: what somebody asks for, in the imperative. Each carries who asks and under which id, once and for ever."""

from typing import Annotated, Literal

from pydantic import Field

from complaints.base import Instant, Line, Slug, Tagged, Text
from complaints.parties import Actor, Colleague, Complaint
from complaints.policy import Policy
from complaints.solutions import Solution
from complaints.terms import Minutes
from complaints.triage import Triage
from complaints.vocabulary import Channel, EscalationLevel, HoldReason, Level, PromiseKind

CommandId = Annotated[str, Field(min_length=1, max_length=400)]


class BaseCommand(Tagged):
    """What every command carries.

    `id` makes it happen once: the same id again is answered with the first receipt. `fingerprint` is a hash of what was
    asked, so that another request under the same id is refused.
    """

    id: CommandId
    by: Actor
    fingerprint: str = ""


class FileComplaint(BaseCommand):
    """Open a case. The policy comes along and is pinned."""

    type: Literal["file_complaint"] = "file_complaint"
    reference: str
    complaint: Complaint
    policy: Policy
    triage: Triage | None = None


class RecordContact(BaseCommand):
    """Record an attempt to speak with the customer; `agent` takes the case when named.

    A reached customer may ask for another interval between updates, a week at the most.
    """

    type: Literal["record_contact"] = "record_contact"
    channel: Channel
    reached: bool
    note: Text | None = None
    agent: Colleague | None = None
    update_every_minutes: Annotated[int, Field(gt=0, le=7 * 24 * 60)] | None = None


class SendUpdate(BaseCommand):
    """Tell the customer how it is going: by message, or, with `told_on`, it has been told already."""

    type: Literal["send_update"] = "send_update"
    text: Text
    told_on: Channel | None = None


class ProposeSolution(BaseCommand):
    """Put a solution to the customer; with `told_on`, they have been told already and the message confirms it."""

    type: Literal["propose_solution"] = "propose_solution"
    solution: Solution
    told_on: Channel | None = None


class AcceptSolution(BaseCommand):
    type: Literal["accept_solution"] = "accept_solution"


class RequestRevision(BaseCommand):
    """The customer asks for another solution.

    `reopen` names the tasks to be done again and `compensate` those whose work must be made good; without either, both
    follow from what the tasks were asked for.
    """

    type: Literal["request_revision"] = "request_revision"
    reason: Text
    reopen: tuple[str, ...] | None = None
    compensate: tuple[str, ...] | None = None


class ExtendResolution(BaseCommand):
    """Give a complex case its longer time, before the first is over, telling the customer."""

    type: Literal["extend_resolution"] = "extend_resolution"
    reason: Text
    message: Text


class PutOnHold(BaseCommand):
    """Let the clocks that the policy names for this reason stand still; awaiting the customer needs a question."""

    type: Literal["put_on_hold"] = "put_on_hold"
    reason: HoldReason
    promises: tuple[PromiseKind, ...] | None = None
    question: Text | None = None


class RecordAnswer(BaseCommand):
    """The customer answered a question, on whatever channel; `arrived_at` is when, where that was before now."""

    type: Literal["record_answer"] = "record_answer"
    text: Text
    channel: Channel
    arrived_at: Instant | None = None


class EndHold(BaseCommand):
    type: Literal["end_hold"] = "end_hold"
    hold: str
    note: Text | None = None


class StartRemedy(BaseCommand):
    type: Literal["start_remedy"] = "start_remedy"
    note: Text | None = None


class CompleteRemedy(BaseCommand):
    """The agreed remedy is done: the case is resolved."""

    type: Literal["complete_remedy"] = "complete_remedy"
    note: Text | None = None
    agent: Colleague | None = None


class RecordCallback(BaseCommand):
    """Record an attempt to call back; a reached customer says whether they are satisfied."""

    type: Literal["record_callback"] = "record_callback"
    reached: bool
    channel: Channel = Channel.PHONE
    satisfied: bool | None = None
    answers: tuple[Text, ...] = ()
    note: Text | None = None


class AnswerSurvey(BaseCommand):
    """The customer answers the callback's questions by the link."""

    type: Literal["answer_survey"] = "answer_survey"
    satisfied: bool
    answers: tuple[Text, ...] = ()


class Withdraw(BaseCommand):
    type: Literal["withdraw"] = "withdraw"
    reason: Text


class Merge(BaseCommand):
    """Go on with this complaint in another case."""

    type: Literal["merge"] = "merge"
    into: Line
    reason: Text


class Absorb(BaseCommand):
    """Take over another complaint that is about to be merged into this one."""

    type: Literal["absorb"] = "absorb"
    reference: Line


class Reopen(BaseCommand):
    type: Literal["reopen"] = "reopen"
    reason: Text


class Classify(BaseCommand):
    """Correct level, category or tier; what is not named stays."""

    type: Literal["classify"] = "classify"
    reason: Text
    level: Level | None = None
    category: Line | None = None
    tier: Slug | None = None


class AddEvidence(BaseCommand):
    """Put a fact or a document to the case, described in words."""

    type: Literal["add_evidence"] = "add_evidence"
    description: Text
    source: Line | None = None


class AssignTask(BaseCommand):
    """Ask a department for its part. `minutes` is its completion budget, within the case's remaining time."""

    type: Literal["assign_task"] = "assign_task"
    department: Slug
    what: Text
    minutes: Minutes | None = None
    compensates: str | None = None


class GiveFeedback(BaseCommand):
    type: Literal["give_feedback"] = "give_feedback"
    task: str
    text: Text


class CompleteTask(BaseCommand):
    type: Literal["complete_task"] = "complete_task"
    task: str
    outcome: Text


class DeclineTask(BaseCommand):
    type: Literal["decline_task"] = "decline_task"
    task: str
    reason: Text


class HandOnTask(BaseCommand):
    """Give a task to another department, whose own clock starts; the former one's is not forgotten."""

    type: Literal["hand_on_task"] = "hand_on_task"
    task: str
    department: Slug
    reason: Text
    minutes: Minutes | None = None


class Escalate(BaseCommand):
    """Raise an escalation by hand."""

    type: Literal["escalate"] = "escalate"
    level: EscalationLevel
    reason: Text


class Acknowledge(BaseCommand):
    type: Literal["acknowledge"] = "acknowledge"
    escalation: str


class TakeOver(BaseCommand):
    """Answer for an escalation in place of the one who was told; it counts as acknowledged."""

    type: Literal["take_over"] = "take_over"
    escalation: str
    person: Colleague


class StepDown(BaseCommand):
    """Give an escalation back to a lower step of the chain."""

    type: Literal["step_down"] = "step_down"
    escalation: str
    level: EscalationLevel
    reason: Text


class MigratePolicy(BaseCommand):
    """Keep the case under another policy from now on. What was broken under the former one stays broken."""

    type: Literal["migrate_policy"] = "migrate_policy"
    policy: Policy
    reason: Text


class RevokePortal(BaseCommand):
    """Make every portal link given out so far worthless; the next message carries a new one."""

    type: Literal["revoke_portal"] = "revoke_portal"
    reason: Text


class RecordDelivery(BaseCommand):
    """Report what became of a message: delivered on a channel, or, without one, given up."""

    type: Literal["record_delivery"] = "record_delivery"
    message: str
    channel: Channel | None = None
    tried: tuple[str, ...] = ()


class CheckClocks(BaseCommand):
    """Time has passed: warn of, break, or end whatever has come due."""

    type: Literal["check_clocks"] = "check_clocks"


Command = Annotated[
    RecordContact
    | SendUpdate
    | ProposeSolution
    | AcceptSolution
    | RequestRevision
    | ExtendResolution
    | PutOnHold
    | RecordAnswer
    | EndHold
    | StartRemedy
    | CompleteRemedy
    | RecordCallback
    | AnswerSurvey
    | Withdraw
    | Merge
    | Absorb
    | Reopen
    | Classify
    | AddEvidence
    | AssignTask
    | GiveFeedback
    | CompleteTask
    | DeclineTask
    | HandOnTask
    | Escalate
    | Acknowledge
    | TakeOver
    | StepDown
    | MigratePolicy
    | RevokePortal
    | RecordDelivery
    | CheckClocks,
    Field(discriminator="type"),
]
"""Any command on a case that exists."""
