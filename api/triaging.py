"""Triage of what comes in: the policy's rules, the complaint's text, and what else was complained of lately."""

import asyncio
from datetime import datetime, timedelta

import structlog

from api.comparable import comparable_rules, text_of
from complaints.parties import Complaint
from complaints.policy import Policy
from complaints.triage import Circumstances, Triage, triage
from records.errors import RecordsUnavailable
from records.queries import Queries

_MINUTES_A_DAY = 24 * 60
log = structlog.get_logger(__name__)


async def triaged(complaint: Complaint, policy: Policy, queries: Queries, now: datetime) -> Triage | None:
    """What the policy's rules make of a complaint; None where it has none.

    Whatever was left to its default in the complaint is theirs to decide. While the records are away, nothing is known
    of other complaints; the complaint is filed all the same. So it is for an imported one: whenever it happened, it was
    not now.
    """
    if policy.triage is None:
        return None
    given = complaint.model_fields_set
    counting = policy.triage.asks_around() and not complaint.imported
    return triage(
        comparable_rules(policy.triage),
        complaint,
        await _around(complaint, policy, queries, now) if counting else Circumstances(),
        text_of(complaint),
        level_given="level" in given,
        category_given="category" in given,
    )


async def _around(complaint: Complaint, policy: Policy, queries: Queries, now: datetime) -> Circumstances:
    window: timedelta = policy.span(policy.triage.window_days * _MINUTES_A_DAY) if policy.triage else timedelta()
    try:
        return await asyncio.to_thread(queries.circumstances, complaint, now - window)
    except RecordsUnavailable as away:
        log.warning("circumstances_unknown", reason=away.reason)
        return Circumstances()
