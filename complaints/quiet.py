"""When somebody is told of what can wait: outside their quiet hours, and with what else waits for them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from complaints.parties import Colleague
from complaints.policy import Policy
from complaints.vocabulary import EscalationLevel


def can_wait(level: EscalationLevel) -> bool:
    """Whether an escalation of this level waits for quiet hours and digests; from the duty manager on none does."""
    return level < EscalationLevel.DUTY_MANAGER


def told_at(policy: Policy, colleague: Colleague, at: datetime) -> datetime:
    """When a colleague is told of what can wait and comes up at an instant; that very instant if nothing speaks
    against it.

    Digests go out at multiples of their minutes after midnight, and again at midnight, in the policy's time zone. Pure.
    """
    notice = policy.notice(colleague)
    due = at
    if notice.digest_minutes is not None:
        due = _next_digest(policy, at, policy.span(notice.digest_minutes))
    if notice.quiet_outside is not None:
        due = policy.working_time(notice.quiet_outside).next_opening(due)
    return due


def _next_digest(policy: Policy, at: datetime, every: timedelta) -> datetime:
    """The first one after an instant: what comes on the stroke may be too late for the one that goes out then."""
    local = at.astimezone(ZoneInfo(policy.timezone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    since, until = midnight.astimezone(UTC), (midnight + timedelta(days=1)).astimezone(UTC)
    return min(since + every * ((at - since) // every + 1), until)
