"""Filing, classifying, and the ways in which a complaint ends or begins again."""

from complaints import events as ev
from complaints import telling
from complaints.case import Case
from complaints.clocks import expect_next_update
from complaints.commands import Absorb, AddEvidence, Classify, FileComplaint, Merge, Reopen, RevokePortal, Withdraw
from complaints.drafting import Draft
from complaints.refusals import Refusal
from complaints.rules.escalations import red_alert
from complaints.rules.tasks import assign_to
from complaints.vocabulary import Level, MessageKind, PromiseKind, Stage

RECLASSIFIABLE_AS_SUGGESTION = frozenset({Stage.RECEIVED, Stage.CONTACTED, Stage.INVESTIGATING})


def check_filing(filing: FileComplaint) -> None:
    """Raise the refusal of a complaint that this policy could not keep."""
    if filing.complaint.category not in filing.policy.categories:
        raise Refusal("unknown_category")


def file_complaint(draft: Draft, filing: FileComplaint) -> None:
    draft.record(ev.ComplaintFiled(reference=filing.reference, complaint=filing.complaint, policy=filing.policy))
    if draft.case.level is Level.SUGGESTION:
        _thank_for_suggestion(draft)
        return
    _begin(draft)
    if draft.case.level is Level.URGENT:
        red_alert(draft)


def _begin(draft: Draft) -> None:
    """The first promises are running: the customer knows, and the desk knows what to say to them."""
    case = draft.case
    draft.promise(PromiseKind.FIRST_CONTACT, case.policy.budget(PromiseKind.FIRST_CONTACT, case.category))
    expect_next_update(draft)
    promise_resolution(draft, revision=False)
    draft.tell_customer(MessageKind.ACKNOWLEDGEMENT, telling.acknowledgement(draft.case))
    script = telling.first_contact_script(draft.case)
    draft.alert(MessageKind.FIRST_CONTACT_SCRIPT, draft.case.policy.desk, script)


def promise_resolution(draft: Draft, *, revision: bool) -> None:
    """The clock to a complete solution starts now: this round's."""
    case = draft.case
    minutes = case.policy.resolution_budget(case.category, complex_=case.complex, revision=revision)
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
        draft.record(ev.TaskCancelled(task=task.id, reason=reason))
    draft.waive_all_but_acknowledgements(reason)


def check_classify(case: Case, command: Classify) -> None:
    if command.category is not None and command.category not in case.policy.categories:
        raise Refusal("unknown_category")
    level, category = command.level or case.level, command.category or case.category
    if (level, category) == (case.level, case.category):
        raise Refusal("nothing_to_change")
    becomes_suggestion = level is Level.SUGGESTION and case.level is not Level.SUGGESTION
    if becomes_suggestion and case.stage not in RECLASSIFIABLE_AS_SUGGESTION:
        raise Refusal("stage_forbids", stage=case.stage)


def classify(draft: Draft, command: Classify) -> None:
    before = draft.case
    level, category = command.level or before.level, command.category or before.category
    draft.record(ev.CaseReclassified(level=level, category=category, reason=command.reason))
    if level is Level.SUGGESTION:
        if before.level is not Level.SUGGESTION:
            _thank_for_suggestion(draft)
        return
    if before.level is Level.SUGGESTION:
        draft.enter(Stage.RECEIVED)
        _begin(draft)
    else:
        _rebudget(draft)
    if level is Level.URGENT and before.level is not Level.URGENT:
        red_alert(draft)


def _rebudget(draft: Draft) -> None:
    """Give the first contact, while it is open, the time of the new category, counted from its own start."""
    case = draft.case
    for promise in case.open_promises(PromiseKind.FIRST_CONTACT):
        budget = case.policy.span(case.policy.budget(promise.kind, case.category))
        if budget != promise.budget:
            draft.record(ev.PromiseRebudgeted(promise=promise.id, budget=budget))


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


def begin_again(draft: Draft, reason: str) -> None:
    """A new round, with new promises, because the customer is not content."""
    draft.record(ev.CaseReopened(round=draft.case.round + 1, reason=reason))
    draft.enter(Stage.INVESTIGATING)
    promise_resolution(draft, revision=False)
    expect_next_update(draft)


def revoke_portal(draft: Draft, command: RevokePortal) -> None:
    generation = draft.case.portal_generation + 1
    draft.record(ev.PortalRevoked(generation=generation, reason=command.reason))
