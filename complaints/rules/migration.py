"""Keeping a case under another policy, by somebody's explicit word."""

from complaints.case import Case
from complaints.commands import MigratePolicy
from complaints.drafting import Draft
from complaints.migrating import is_same, migration, missing
from complaints.refusals import Refusal
from complaints.rules.life import tell_of_later


def check_migrate(case: Case, command: MigratePolicy) -> None:
    if is_same(case, command.policy):
        raise Refusal("nothing_to_change")
    if lacking := missing(case, command.policy):
        raise Refusal("policy_unfit", version=command.policy.version, missing=", ".join(lacking))


def migrate(draft: Draft, command: MigratePolicy) -> None:
    """Every open promise has the other policy's terms; the customer is told of what they will wait longer for."""
    before = draft.case
    draft.record(migration(before, command.policy, command.reason, draft.at))
    tell_of_later(draft, before, "policy_changed")
