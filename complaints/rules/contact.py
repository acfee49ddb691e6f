"""Speaking with the customer while the case is open: contacts, updates, more time, and clocks that stand still."""

from datetime import datetime

from complaints import events as ev
from complaints import telling
from complaints.case import Case
from complaints.clocks import expect_next_update
from complaints.commands import EndHold, ExtendResolution, PutOnHold, RecordContact, SendUpdate
from complaints.drafting import Draft
from complaints.parties import Colleague
from complaints.promises import Promise
from complaints.refusals import Refusal
from complaints.silence import considering_until
from complaints.vocabulary import HoldReason, MessageKind, PromiseKind, PromiseState, Stage


def record_contact(draft: Draft, command: RecordContact) -> None:
    """Who reached the customer has made contact; the promise is kept where the customer wished to be reached."""
    draft.record(ev.CustomerContacted(channel=command.channel, reached=command.reached, note=command.note))
    take_case(draft, command.agent)
    if not command.reached:
        return
    if command.update_every_minutes is not None:
        draft.record(ev.UpdateIntervalAgreed(minutes=command.update_every_minutes))
    if draft.case.complaint.customer.preferred_channel in (None, command.channel):
        draft.keep(draft.case.outstanding(PromiseKind.FIRST_CONTACT))
    if draft.case.stage is Stage.RECEIVED:
        draft.enter(Stage.CONTACTED)
        if draft.case.tasks or draft.case.evidence:
            draft.enter(Stage.INVESTIGATING)


def take_case(draft: Draft, agent: Colleague | None) -> None:
    """From now on this agent's name stands under what the customer is told."""
    if agent is not None and agent != draft.case.agent:
        draft.record(ev.AgentTookCase(agent=agent))


def send_update(draft: Draft, command: SendUpdate) -> None:
    draft.record(ev.CustomerUpdated(text=command.text, told_on=command.told_on))
    owed = draft.case.outstanding(PromiseKind.PROGRESS_UPDATE)
    if command.told_on is not None:
        update_reached(draft, owed)
        return
    facts = telling.progress(draft.case, draft.at, note=command.text)
    draft.answer(owed, draft.tell_customer(MessageKind.PROGRESS, facts))


def update_reached(draft: Draft, owed: Promise | None) -> None:
    """The customer has heard how it is going; the clock to the next time starts now."""
    draft.keep(owed)
    expect_next_update(draft)


def check_extend(case: Case, command: ExtendResolution) -> None:
    if command.by.role not in case.policy.extension_by:
        raise Refusal("extension_not_allowed")
    if case.complex:
        raise Refusal("already_extended")
    promise = case.outstanding(PromiseKind.RESOLUTION)
    if promise is not None and promise.state is PromiseState.BROKEN:
        raise Refusal("extension_too_late")
    if promise is None or not _can_grow(case, promise):
        raise Refusal("not_extendable")


def _can_grow(case: Case, promise: Promise) -> bool:
    """Whether a complex case's longer time is longer; a revision has its own time and keeps it."""
    return not case.is_revision(promise.round) and case.policy.span(_complex_minutes(case)) > promise.budget


def _complex_minutes(case: Case) -> int:
    return case.policy.resolution_minutes(case.terms(PromiseKind.RESOLUTION), complex_=True, revision=False)


def extend(draft: Draft, command: ExtendResolution) -> None:
    case = draft.case
    promise = case.outstanding(PromiseKind.RESOLUTION)
    if promise is None:
        raise Refusal("not_extendable")
    budget = case.policy.span(_complex_minutes(case))
    draft.record(ev.ResolutionExtended(promise=promise.id, budget=budget, reason=command.reason))
    draft.tell_customer(MessageKind.EXTENSION_NOTICE, telling.extension(draft.case, command.message))


def check_hold(case: Case, command: PutOnHold) -> None:
    terms = case.policy.holds.get(command.reason)
    asked = set(command.promises or ())
    by_hand = command.reason is not HoldReason.CUSTOMER_CONSIDERING
    if terms is None or not by_hand or not asked <= set(terms.promises):
        raise Refusal("hold_not_allowed")
    if command.reason is HoldReason.AWAITING_CUSTOMER and command.question is None:
        raise Refusal("question_needed")
    if any(hold.reason is command.reason for hold in case.open_holds()):
        raise Refusal("already_held")


def put_on_hold(draft: Draft, command: PutOnHold) -> None:
    hold(draft, command.reason, command.promises, command.question)
    if command.question is not None:
        draft.tell_customer(MessageKind.QUESTION, {"question": command.question})


def hold(
    draft: Draft,
    reason: HoldReason,
    promises: tuple[PromiseKind, ...] | None = None,
    question: str | None = None,
    *,
    at_least_until: datetime | None = None,
) -> None:
    """Stop the clocks that the policy names for this reason, or those among them that are asked for.

    They stand still for the policy's longest time, or until `at_least_until` where that is later.
    """
    terms = draft.case.policy.holds.get(reason)
    if terms is None:
        return
    lapses_at = draft.at + draft.case.policy.span(terms.longest_minutes)
    draft.record(
        ev.HoldStarted(
            hold=f"H{len(draft.case.holds) + 1}",
            reason=reason,
            promises=promises or terms.promises,
            lapses_at=max(lapses_at, at_least_until or lapses_at),
            question=question,
        )
    )


def let_customer_consider(draft: Draft) -> None:
    """The clocks stand still while the customer decides on a solution, for as long as silence may last at least."""
    hold(draft, HoldReason.CUSTOMER_CONSIDERING, at_least_until=considering_until(draft.case, draft.at))


def check_end_hold(case: Case, command: EndHold) -> None:
    found = next((hold for hold in case.holds if hold.id == command.hold), None)
    if found is None:
        raise Refusal("hold_unknown")
    if not found.is_open():
        raise Refusal("hold_over")


def end_hold(draft: Draft, command: EndHold) -> None:
    draft.record(ev.HoldEnded(hold=command.hold, why=command.note or "ended_by_hand"))
