"""Filing, classifying, and the ways in which a complaint ends or begins again."""

from typing import Any

from complaints import events as ev
from complaints import telling
from complaints.case import Case
from complaints.clocks import expect_next_update
from complaints.commands import Absorb, AddEvidence, Classify, FileComplaint, Merge, Reopen, RevokePortal, Withdraw
from complaints.drafting import Draft
from complaints.policy import Policy
from complaints.promises import Promise
from complaints.refusals import Refusal
from complaints.retiming import RETIMED, moved, retimed
from complaints.rules.agreeing import Decided, tell_caretaker
from complaints.rules.dropping import drop_all, drop_red_alerts
from complaints.rules.escalations import red_alert
from complaints.rules.tasks import assign_to, cancel
from complaints.vocabulary import Level, MessageKind, PromiseKind, Stage

RECLASSIFIABLE_AS_SUGGESTION = frozenset({Stage.RECEIVED, Stage.CONTACTED, Stage.INVESTIGATING})


def check_filing(filing: FileComplaint) -> None:
    """Raise the refusal of a complaint that this policy could not keep."""
    known = filing.policy.categories
    if filing.complaint.category not in known or (filing.triage and filing.triage.category not in known):
        raise Refusal("unknown_category")
    _check_tier(filing.complaint.customer.tier, filing.policy)


def _check_tier(tier: str | None, policy: Policy) -> None:
    if tier is not None and tier not in policy.tiers:
        raise Refusal("unknown_tier")


def file_complaint(draft: Draft, filing: FileComplaint) -> None:
    draft.record(ev.ComplaintFiled(reference=filing.reference, complaint=filing.complaint, policy=filing.policy))
    if filing.triage is not None:
        draft.record(ev.ComplaintTriaged(triage=filing.triage))
    if draft.case.level is Level.SUGGESTION:
        _thank_for_suggestion(draft)
        return
    _begin(draft)
    if draft.case.level is Level.URGENT:
        red_alert(draft)


def _begin(draft: Draft) -> None:
    """The first promises are running: the customer knows, and the desk knows what to say to them."""
    draft.promise(PromiseKind.FIRST_CONTACT)
    expect_next_update(draft)
    promise_resolution(draft, revision=False)
    draft.tell_customer(MessageKind.ACKNOWLEDGEMENT, telling.acknowledgement(draft.case))
    script = telling.first_contact_script(draft.case)
    draft.alert(MessageKind.FIRST_CONTACT_SCRIPT, draft.case.policy.desk, script)


def promise_resolution(draft: Draft, *, revision: bool) -> None:
    """The clock to a complete solution starts now: this round's."""
    case = draft.case
    terms = case.terms(PromiseKind.RESOLUTION)
    minutes = case.policy.resolution_minutes(terms, complex_=case.complex, revision=revision)
    draft.promise(PromiseKind.RESOLUTION, minutes)


def _thank_for_suggestion(draft: Draft) -> None:
    stop_working(draft, "suggestion")
    draft.enter(Stage.SUGGESTION)
    draft.tell_customer(MessageKind.SUGGESTION_THANKS, {})
    assign_to(draft, draft.case.policy.product_department, draft.case.complaint.detail)


def stop_working(draft: Draft, reason: str) -> None:
    """End what is still running for the customer: holds, tasks and clocks. What was broken stays broken."""
    draft.end_holds(reason)
    for task in draft.case.open_tasks():
        cancel(draft, task, reason)
    draft.waive_all_but_acknowledgements(reason)


def check_classify(case: Case, command: Classify) -> None:
    if command.category is not None and command.category not in case.policy.categories:
        raise Refusal("unknown_category")
    _check_tier(command.tier, case.policy)
    level, category = command.level or case.level, command.category or case.category
    if (level, category, command.tier or case.tier) == (case.level, case.category, case.tier):
        raise Refusal("nothing_to_change")
    becomes_suggestion = level is Level.SUGGESTION and case.level is not Level.SUGGESTION
    if becomes_suggestion and case.stage not in RECLASSIFIABLE_AS_SUGGESTION:
        raise Refusal("stage_forbids", stage=case.stage)


def classify(draft: Draft, command: Classify) -> None:
    before = draft.case
    level, category = command.level or before.level, command.category or before.category
    draft.record(ev.CaseReclassified(level=level, category=category, reason=command.reason, tier=command.tier))
    if level is Level.SUGGESTION:
        if before.level is not Level.SUGGESTION:
            drop_all(draft, "suggestion", command.reason)
            _thank_for_suggestion(draft)
        return
    if before.level is Level.SUGGESTION:
        draft.enter(Stage.RECEIVED)
        _begin(draft)
    else:
        _rebudget(draft)
    if level is Level.URGENT and before.level is not Level.URGENT:
        # In the first edition a red alert gave no reason.
        red_alert(draft, command.reason if before.policy.edition > 1 else None)
    elif before.level is Level.URGENT and level is not Level.URGENT:
        drop_red_alerts(draft, "reclassified", command.reason)


def _rebudget(draft: Draft) -> None:
    """Give what is open the time that the case's level, category and tier now call for, counted from its own start.

    The customer is told what they will wait longer for. In the first edition there was no such message, and none but
    the first contact had another time.
    """
    before = draft.case
    kinds = RETIMED if before.policy.edition > 1 else (PromiseKind.FIRST_CONTACT,)
    for promise in list(before.open_promises(*kinds)):
        new = retimed(draft.case, promise)
        if (new.budget, new.calendar) != (promise.budget, promise.calendar):
            draft.record(ev.PromiseRebudgeted.model_validate(new.model_dump()))
        elif before.policy.edition > 1 and (new.rule, new.matched) != (promise.rule, promise.matched):
            draft.record(ev.PromiseRebudgeted(**new.model_dump(), **_behind_it(draft.case, promise, new)))
    if before.policy.edition > 1:
        tell_of_later(draft, before, "reclassified")


def _behind_it(case: Case, promise: Promise, new: ev.Retimed) -> dict[str, Any]:
    """The warnings and rungs that a promise has behind it, where another rule asks for the very same ones."""
    terms = case.policy.promises[promise.kind]
    was, is_now = terms.by_rule(promise.rule), terms.by_rule(new.rule)
    same = (was.warn_at, was.ladder) == (is_now.warn_at, is_now.ladder)
    return {"warned": promise.warned, "rungs": promise.rungs} if same else {}


def tell_of_later(draft: Draft, before: Case, why: str) -> None:
    """Tell the customer of the promises to them that are due later than they were before."""
    later = [
        (each.promise, each.before, each.after)
        for each in moved(before, draft.case, draft.at)
        # What a message under way will keep is as good as done.
        if each.later and each.promise.kind in RETIMED and each.promise.answered_by is None
    ]
    if later:
        draft.tell_customer(MessageKind.PROMISE_MOVED, telling.promise_moved(draft.case, later, why))


def add_evidence(draft: Draft, command: AddEvidence) -> None:
    evidence = f"V{len(draft.case.evidence) + 1}"
    draft.record(ev.EvidenceAdded(evidence=evidence, description=command.description, source=command.source))
    if draft.case.stage is Stage.CONTACTED:
        draft.enter(Stage.INVESTIGATING)


def withdraw(draft: Draft, command: Withdraw) -> None:
    draft.record(ev.CaseWithdrawn(reason=command.reason))
    stop_working(draft, "withdrawn")
    draft.enter(Stage.WITHDRAWN)
    draft.tell_customer(MessageKind.WITHDRAWAL_CONFIRMATION, telling.caretaker(draft.case))
    draft.finish()


def check_merge(case: Case, command: Merge) -> None:
    if command.into == case.reference:
        raise Refusal("merge_into_itself")
    if command.into in case.absorbed:
        raise Refusal("merge_circle")


def merge(draft: Draft, command: Merge) -> None:
    draft.record(ev.CaseMerged(into=command.into, reason=command.reason))
    stop_working(draft, "merged")
    draft.enter(Stage.MERGED)
    draft.tell_customer(MessageKind.MERGE_NOTICE, {"into": command.into})
    draft.finish()


def check_absorb(case: Case, command: Absorb) -> None:
    if command.reference == case.reference:
        raise Refusal("merge_into_itself")


def absorb(draft: Draft, command: Absorb) -> None:
    """From here on this case answers for the other one too, and cannot vanish into it."""
    draft.record(ev.CaseAbsorbed(reference=command.reference))


def reopen(draft: Draft, command: Reopen) -> None:
    begin_again(draft, command.reason)
    tell_caretaker(draft, command.by, Decided.REOPENED, command.reason)


def begin_again(draft: Draft, reason: str) -> None:
    """A new round, with new promises, because the customer is not content."""
    draft.record(ev.CaseReopened(round=draft.case.round + 1, reason=reason))
    draft.enter(Stage.INVESTIGATING)
    promise_resolution(draft, revision=False)
    expect_next_update(draft)


def revoke_portal(draft: Draft, command: RevokePortal) -> None:
    generation = draft.case.portal_generation + 1
    draft.record(ev.PortalRevoked(generation=generation, reason=command.reason))
