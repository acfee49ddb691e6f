"""The field's terms as closed sets: every name that code, API, journal and documents share."""

from enum import IntEnum, StrEnum


class Stage(StrEnum):
    """Where a complaint stands in its life."""

    RECEIVED = "received"
    CONTACTED = "contacted"
    INVESTIGATING = "investigating"
    PROPOSED = "proposed"
    AGREED = "agreed"
    REMEDYING = "remedying"
    RESOLVED = "resolved"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    SUGGESTION = "suggestion"


NEXT_STAGES: dict[Stage, frozenset[Stage]] = {
    Stage.RECEIVED: frozenset({Stage.CONTACTED, Stage.SUGGESTION, Stage.WITHDRAWN, Stage.MERGED}),
    Stage.CONTACTED: frozenset({Stage.INVESTIGATING, Stage.SUGGESTION, Stage.WITHDRAWN, Stage.MERGED}),
    Stage.INVESTIGATING: frozenset({Stage.PROPOSED, Stage.SUGGESTION, Stage.WITHDRAWN, Stage.MERGED}),
    Stage.PROPOSED: frozenset({Stage.AGREED, Stage.INVESTIGATING, Stage.WITHDRAWN, Stage.MERGED}),
    Stage.AGREED: frozenset({Stage.REMEDYING, Stage.PROPOSED, Stage.INVESTIGATING, Stage.WITHDRAWN, Stage.MERGED}),
    Stage.REMEDYING: frozenset({Stage.RESOLVED, Stage.INVESTIGATING, Stage.WITHDRAWN, Stage.MERGED}),
    Stage.RESOLVED: frozenset({Stage.CLOSED, Stage.INVESTIGATING}),
    Stage.CLOSED: frozenset({Stage.INVESTIGATING}),
    Stage.SUGGESTION: frozenset({Stage.RECEIVED}),
    Stage.WITHDRAWN: frozenset(),
    Stage.MERGED: frozenset(),
}
"""The edges of the life of a complaint.

Revision and reopening lead back to investigating; an answer that had come before silence counted, back to proposed.
"""

OPEN_STAGES = frozenset(
    {
        Stage.RECEIVED,
        Stage.CONTACTED,
        Stage.INVESTIGATING,
        Stage.PROPOSED,
        Stage.AGREED,
        Stage.REMEDYING,
        Stage.RESOLVED,
    }
)
"""The stages in which promises to the customer are running."""

UPDATED_STAGES = OPEN_STAGES - {Stage.RESOLVED}
"""The stages in which the customer hears regularly how it is going."""

RESTING_STAGES = frozenset({Stage.CLOSED, Stage.SUGGESTION})
"""The stages in which nothing runs, but from which a case may come back."""


class Level(IntEnum):
    """How urgent a complaint is."""

    URGENT = 1
    GENERAL = 2
    SUGGESTION = 3


class Category(StrEnum):
    """What a complaint is about, as shipped. A policy may add its own."""

    PRODUCT_QUALITY = "product_quality"
    SERVICE_ATTITUDE = "service_attitude"
    LOGISTICS = "logistics"
    PRICE = "price"
    BILLING = "billing"
    ACCOUNT_SECURITY = "account_security"
    PROCESS = "process"
    OTHER = "other"


class Channel(StrEnum):
    """How a customer reaches us, and how we reach them."""

    PHONE = "phone"
    WEB = "web"
    APP = "app"
    EMAIL = "email"
    SMS = "sms"
    SOCIAL = "social"
    WALK_IN = "walk_in"
    PARTNER = "partner"


class Language(StrEnum):
    CHINESE = "zh"
    ENGLISH = "en"


class PromiseKind(StrEnum):
    """The duties that have a clock."""

    FIRST_CONTACT = "first_contact"
    PROGRESS_UPDATE = "progress_update"
    RESOLUTION = "resolution"
    TASK_FEEDBACK = "task_feedback"
    TASK_COMPLETION = "task_completion"
    CONFIRMATION_LETTER = "confirmation_letter"
    CALLBACK = "callback"
    ESCALATION_ACK = "escalation_ack"


class PromiseState(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    WAIVED = "waived"


class BreachCause(StrEnum):
    """Why a promise was broken."""

    OVERDUE = "overdue"
    UNDELIVERABLE = "undeliverable"


class HoldReason(StrEnum):
    """Why a clock may stand still."""

    CUSTOMER_CONSIDERING = "customer_considering"
    AWAITING_CUSTOMER = "awaiting_customer"
    AWAITING_THIRD_PARTY = "awaiting_third_party"
    FORCE_MAJEURE = "force_majeure"


class TaskState(StrEnum):
    OPEN = "open"
    COMPLETED = "completed"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class RemedyKind(StrEnum):
    """What a solution does for the customer, specifically."""

    REFUND = "refund"
    EXCHANGE = "exchange"
    REPAIR = "repair"
    COMPENSATION = "compensation"
    APOLOGY = "apology"
    PROCESS_CHANGE = "process_change"


class EscalationLevel(IntEnum):
    """A step up the chain. The task's own supervisor stands below its numbered steps."""

    TASK_SUPERVISOR = 0
    TEAM_LEAD = 1
    DUTY_MANAGER = 2
    DIRECTOR = 3


class EscalationCause(StrEnum):
    """Why an escalation was raised."""

    PROMISE_BROKEN = "promise_broken"
    NOT_ACKNOWLEDGED = "not_acknowledged"
    TASK_DECLINED = "task_declined"
    RAISED_BY_HAND = "raised_by_hand"
    UNDELIVERED = "undelivered"
    RED_ALERT = "red_alert"
    DUE_SOON = "due_soon"
    STILL_OUTSTANDING = "still_outstanding"
    STEPPED_DOWN = "stepped_down"
    NOBODY_THERE = "nobody_there"


class Role(StrEnum):
    """As whom somebody acts."""

    CHANNEL = "channel"
    AGENT = "agent"
    DEPARTMENT = "department"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    CUSTOMER = "customer"
    SYSTEM = "system"


class MessageKind(StrEnum):
    """Every message that Redress sends, each with a template in each language."""

    ACKNOWLEDGEMENT = "acknowledgement"
    SUGGESTION_THANKS = "suggestion_thanks"
    FIRST_CONTACT_SCRIPT = "first_contact_script"
    QUESTION = "question"
    PROGRESS = "progress"
    EXTENSION_NOTICE = "extension_notice"
    SOLUTION = "solution"
    SOLUTION_FOLLOW_UP = "solution_follow_up"
    LAST_NOTICE = "last_notice"
    SILENT_ACCEPTANCE = "silent_acceptance"
    PROMISE_MOVED = "promise_moved"
    CONFIRMATION_LETTER = "confirmation_letter"
    SURVEY_INVITATION = "survey_invitation"
    WITHDRAWAL_CONFIRMATION = "withdrawal_confirmation"
    MERGE_NOTICE = "merge_notice"
    TASK_ASSIGNMENT = "task_assignment"
    TASK_CANCELLATION = "task_cancellation"
    REMINDER = "reminder"
    DIGEST = "digest"
    ESCALATION_ALERT = "escalation_alert"
    ESCALATION_SETTLED = "escalation_settled"
    RED_ALERT = "red_alert"
