"""Keeping a case under another policy: what becomes of its open promises, and what that policy must have for it."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from complaints import events as ev
from complaints.case import Case
from complaints.clocks import ring_all
from complaints.drafting import Draft, Occasion
from complaints.evolving import apply
from complaints.ladder import deadline, ladder
from complaints.parties import CLOCK
from complaints.policy import Policy
from complaints.promises import Promise, due_time, unheld
from complaints.retiming import RETIMED, moved, retimed
from complaints.terms import named
from complaints.vocabulary import PromiseKind, TaskState

LIKELY_WANTED_AGAIN = (TaskState.OPEN, TaskState.COMPLETED)
"""Tasks whose department may still be written to: a completed one is reopened when the customer wants another plan."""


class Preview(NamedTuple):
    """What would become of one open promise: when it is due before and after, and whether it would be late."""

    promise: Promise
    before: datetime | None
    after: datetime | None
    late_before: bool
    late_after: bool

    @property
    def newly_late(self) -> bool:
        return self.late_after and not self.late_before

    @property
    def no_longer_late(self) -> bool:
        return self.late_before and not self.late_after


def preview(case: Case, policy: Policy, at: datetime) -> tuple[Preview, ...]:
    """What moving the case to a policy at an instant would change, for each promise that is open then. Pure.

    Time comes first here too: a promise that lapsed before is broken, not open. Whether the policy fits is not asked.
    """
    draft = Draft(case, Occasion(at, CLOCK))
    ring_all(draft, before_a_command=True)
    before = draft.case
    draft.record(migration(before, policy, "preview", at))
    return tuple(
        Preview(
            each.promise,
            each.before,
            each.after,
            _late(before, each.promise.id, at),
            _late(draft.case, each.promise.id, at),
        )
        for each in moved(before, draft.case, at)
    )


def _late(case: Case, promise_id: str, at: datetime) -> bool:
    """Whether time breaks a promise here and now."""
    promise = case.promise(promise_id)
    return promise.due is not None and deadline(case, promise) <= at


def is_same(case: Case, policy: Policy) -> bool:
    """Whether the case is kept under this very policy: name, version, content, and the holidays as they are known."""
    current, other = case.policy, policy.pinned()
    return _identity(current) == _identity(other) and all(
        current.calendars.get(name) == calendar for name, calendar in other.calendars.items()
    )


def _identity(policy: Policy) -> tuple[object, ...]:
    return policy.name, policy.version, policy.edition, policy.fingerprint()


def missing(case: Case, policy: Policy) -> tuple[str, ...]:
    """What the case needs and the policy does not have, by its place in a policy file, e.g. `departments.logistics`."""
    return tuple(dict.fromkeys(_missing(case, policy)))


def _missing(case: Case, policy: Policy) -> Iterator[str]:
    if case.category not in policy.categories:
        yield f"categories.{case.category}"
    if case.tier is not None and case.tier in case.policy.tiers and case.tier not in policy.tiers:
        yield f"tiers.{case.tier}"
    for task in case.tasks:
        if task.state in LIKELY_WANTED_AGAIN and task.department not in policy.departments:
            yield f"departments.{task.department}"
    for hold in case.open_holds():
        if hold.reason not in policy.holds:
            yield f"holds.{hold.reason}"


def migration(case: Case, policy: Policy, reason: str, at: datetime) -> ev.PolicyMigrated:
    """The event that keeps the case under a policy from now on.

    What is owed to the customer has the policy's terms since its own start. A department keeps its minutes, on its
    calendar as the policy has it. Whoever is to acknowledge an escalation keeps their time.
    """
    pinned = _with_what_it_refers_to(case, policy.pinned())
    under = case.model_copy(update={"policy": pinned})
    promises = tuple(_transferred(case, under, promise) for promise in case.open_promises())
    event = ev.PolicyMigrated(policy=pinned, reason=reason, promises=promises)
    after = apply(case, event, ev.Entry(sequence=case.version + 1, at=at, by=CLOCK, events=()))
    told = tuple(_already_told(case, after, each, at) for each in promises)
    owed = tuple(_still_owed(case, under, each) for each in case.broken() if each.is_outstanding())
    return event.model_copy(update={"promises": (*told, *owed)})


def _still_owed(case: Case, under: Case, promise: Promise) -> ev.Transferred:
    """A broken promise stays what it is; only its place is looked up on the ladder that it climbs from now on."""
    former, ladder_now = ladder(case, promise), ladder(under, promise)
    reached = max(former[promise.rungs - 1].offset() if 0 < promise.rungs <= len(former) else 0, 0)
    return ev.Transferred(
        promise=promise.id,
        budget=promise.budget,
        calendar=promise.calendar,
        rule=promise.rule,
        matched=promise.matched,
        within=promise.within,
        warned=promise.warned,
        rungs=sum(rung.offset() <= reached for rung in ladder_now),
    )


def _with_what_it_refers_to(case: Case, policy: Policy) -> Policy:
    """The policy, with those calendars of the former one that promises go on counting by and it has no other for."""
    needed = {promise.calendar for promise in case.promises if promise.calendar} - set(policy.calendars)
    if not needed:
        return policy
    kept = {name: calendar for name, calendar in case.policy.calendars.items() if name in needed}
    return policy.model_copy(update={"calendars": {**policy.calendars, **kept}})


def _transferred(case: Case, under: Case, promise: Promise) -> ev.Transferred:
    if promise.kind in RETIMED:
        return ev.Transferred(**retimed(under, promise).model_dump(), within=promise.within)
    if promise.task is not None:
        return _departments(case, under, promise)
    return _unchanged(case, under.policy, promise)


def _departments(case: Case, under: Case, promise: Promise) -> ev.Transferred:
    policy, terms = under.policy, under.terms(promise.kind)
    task = case.task(promise.task or "")
    calendar, within = promise.calendar, promise.within
    if policy.edition > 1 and task is not None:
        calendar = named(policy.departments[task.department].calendar)
        if case.policy.edition == 1:
            # What the first edition counted once and for all stands within the solution from now on.
            around = (each.id for each in case.open_promises(PromiseKind.RESOLUTION) if each.start <= promise.start)
            within = next(around, None)
    return ev.Transferred(
        promise=promise.id,
        budget=policy.span(promise.budget / case.policy.span(1)),
        calendar=calendar,
        rule=terms.rule,
        matched=terms.matched,
        within=within,
    )


def _unchanged(case: Case, policy: Policy, promise: Promise) -> ev.Transferred:
    """The same due time. Where the other policy's calendar differs, it is counted on every hour of every day."""
    same = {"promise": promise.id, "rule": promise.rule, "matched": promise.matched, "within": promise.within}
    name = promise.calendar or ""
    if promise.due is None or case.policy.calendars.get(name) == policy.calendars.get(name):
        return ev.Transferred(budget=promise.budget, calendar=promise.calendar, **same)
    holds = case.holds_on(promise.kind)
    return ev.Transferred(budget=unheld(promise.start, promise.due, holds), **same)


def _already_told(case: Case, after: Case, new: ev.Transferred, at: datetime) -> ev.Transferred:
    """The promise with those warnings behind it that were given and would have been given by now anyway."""
    was, is_now = case.promise(new.promise), after.promise(new.promise)
    terms = after.policy.promises[is_now.kind].by_rule(is_now.rule)
    former = case.policy.promises[was.kind].by_rule(was.rule)
    if is_now.due == was.due and (terms.warn_at, terms.ladder) == (former.warn_at, former.ladder):
        return new.model_copy(update={"warned": was.warned, "rungs": was.rungs})
    holds = after.holds_on(is_now.kind)
    working = after.policy.working_time(is_now.calendar)
    given = [fraction for fraction in terms.warn_at if fraction <= was.warned]
    times = ((fraction, due_time(is_now.start, is_now.budget * fraction, holds, working)) for fraction in given)
    warned = max((fraction for fraction, passed in times if passed is not None and passed <= at), default=0.0)
    return new.model_copy(update={"warned": warned, "rungs": 0})
