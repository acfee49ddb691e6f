"""The values that options may have. They repeat the vocabulary, so that help does not wait for the domain to load."""

from typing import Literal

ChannelName = Literal["phone", "web", "app", "email", "sms", "social", "walk_in", "partner"]
LanguageName = Literal["zh", "en"]
StageName = Literal[
    "received", "contacted", "investigating", "proposed", "agreed", "remedying", "resolved", "closed", "withdrawn",
    "merged", "suggestion",
]  # fmt: skip
HoldReasonName = Literal["awaiting_customer", "awaiting_third_party", "force_majeure"]
PromiseKindName = Literal[
    "first_contact", "progress_update", "resolution", "task_feedback", "task_completion", "confirmation_letter",
    "callback", "escalation_ack",
]  # fmt: skip
TaskStateName = Literal["open", "completed", "declined", "cancelled"]
EscalationStateName = Literal["open", "acknowledged"]
