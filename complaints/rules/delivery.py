"""What becomes of messages: those that reached the customer keep promises, those that never will break them."""

from complaints import events as ev
from complaints.clocks import expect_next_update
from complaints.commands import RecordDelivery
from complaints.drafting import Draft
from complaints.promises import Promise
from complaints.rules.aftercare import close_when_settled
from complaints.rules.contact import update_reached
from complaints.rules.escalations import break_and_escalate, undelivered
from complaints.vocabulary import BreachCause, HoldReason, MessageKind, PromiseKind

NEEDS_A_PERSON = frozenset({MessageKind.EXTENSION_NOTICE, MessageKind.QUESTION})
"""Messages on which a clock's standing still or later due time rests, though no promise is kept by them."""


def record_delivery(draft: Draft, command: RecordDelivery) -> None:
    pending = next((message for message in draft.case.pending if message.id == command.message), None)
    if pending is None:
        if command.channel is None:
            draft.record(ev.MessageFailed(message=command.message, tried=command.tried))
        return
    answered = next((p for p in reversed(draft.case.promises) if p.answered_by == command.message), None)
    if command.channel is not None:
        draft.record(ev.MessageDelivered(message=command.message, channel=command.channel))
        _reached(draft, pending.kind, answered)
    else:
        draft.record(ev.MessageFailed(message=command.message, tried=command.tried))
        _given_up(draft, pending.kind, answered)
    close_when_settled(draft)


def _reached(draft: Draft, kind: MessageKind, answered: Promise | None) -> None:
    if kind is MessageKind.PROGRESS:
        update_reached(draft, answered)
    else:
        draft.keep(answered)


def _given_up(draft: Draft, kind: MessageKind, answered: Promise | None) -> None:
    if kind is MessageKind.QUESTION:
        draft.end_holds("question_undeliverable", HoldReason.AWAITING_CUSTOMER)
    if answered is not None and answered.is_open():
        break_and_escalate(draft, answered, BreachCause.UNDELIVERABLE)
        if answered.kind is PromiseKind.PROGRESS_UPDATE:
            expect_next_update(draft)
    elif kind in NEEDS_A_PERSON:
        undelivered(draft)
