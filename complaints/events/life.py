"""A complaint's life: filed, triaged, classified, ended and begun again, moved to another policy."""

from datetime import timedelta
from typing import Literal

from complaints.base import Line, Slug, Tagged, Text, Value
from complaints.parties import Complaint
from complaints.policy import Policy
from complaints.triage import Triage
from complaints.vocabulary import Level, Stage


class ComplaintFiled(Tagged):
    type: Literal["complaint_filed"] = "complaint_filed"
    reference: str
    complaint: Complaint
    policy: Policy


class StageEntered(Tagged):
    type: Literal["stage_entered"] = "stage_entered"
    stage: Stage


class CaseReclassified(Tagged):
    type: Literal["case_reclassified"] = "case_reclassified"
    level: Level
    category: Line
    reason: Text
    tier: Line | None = None


class EvidenceAdded(Tagged):
    type: Literal["evidence_added"] = "evidence_added"
    evidence: str
    description: Text
    source: Line | None = None


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


class PortalRevoked(Tagged):
    type: Literal["portal_revoked"] = "portal_revoked"
    generation: int
    reason: Text


class ComplaintTriaged(Tagged):
    """What the policy's rules made of the complaint's text and its customer, and why."""

    type: Literal["complaint_triaged"] = "complaint_triaged"
    triage: Triage


class Retimed(Value):
    """The terms that an open promise has under another policy, counted from its own start."""

    promise: str
    budget: timedelta
    calendar: Slug | None = None
    rule: Line | None = None
    matched: tuple[Line, ...] = ()


class Transferred(Retimed):
    """A promise as it goes on under another policy: open, or broken with its duty still owed.

    `warned` and `rungs` are what of its warnings and of its ladder is over by then; `within` as it was made with.
    """

    warned: float = 0
    rungs: int = 0
    within: str | None = None


class PolicyMigrated(Tagged):
    """The case is kept under another policy from now on. What was broken stays broken, with the terms it had."""

    type: Literal["policy_migrated"] = "policy_migrated"
    policy: Policy
    reason: Text
    promises: tuple[Transferred, ...] = ()
