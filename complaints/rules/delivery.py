"""What becomes of messages: those that reached the customer keep promises, those that never will break them."""

from complaints import events as ev
from complaints.case import PendingMessage
from complaints.clocks import expect_next_update
from complaints.commands import RecordDelivery
from complaints.drafting import Draft
from complaints.promises import Promise
from complaints.rules.aftercare import close_when_settled
from complaints.rules.contact import update_reached
from complaints.rules.escalations import break_and_escalate, undelivered
from complaints.silence import is_last_notice
from complaints.vocabulary import (
    OPEN_STAGES,
    UPDATED_STAGES,
    BreachCause,
    HoldReason,
    MessageKind,
    PromiseKind,
    Stage,
)

NEEDS_A_PERSON = frozenset({MessageKind.EXTENSION_NOTICE, MessageKind.QUESTION, MessageKind.PROMISE_MOVED})
"""Messages on which a clock's standing still or later due time rests, though no promise is kept by them."""

KEEPS_FOR_GOOD = frozenset({MessageKind.SOLUTION, MessageKind.CONFIRMATION_LETTER})
"""Messages that nothing sends again: where one never arrives, even late, a person must bring it."""

UNDELIVERABLE = "question_undeliverable"


def record_delivery(draft: Draft, command: RecordDelivery) -> None:
    pending = next((message for message in draft.case.pending if message.id == command.message), None)
    if pending is None:
        if command.channel is None:
            draft.record(ev.MessageFailed(message=command.message, tried=command.tried))
        return
    answered = next((p for p in reversed(draft.case.promises) if p.answered_by == command.message), None)
    if command.channel is not None:
        draft.record(ev.MessageDelivered(message=command.message, channel=command.channel))
        _reached(draft, pending, answered)
    else:
        draft.record(ev.MessageFailed(message=command.message, tried=command.tried))
        _given_up(draft, pending, answered)
    close_when_settled(draft)


def _reached(draft: Draft, message: PendingMessage, answered: Promise | None) -> None:
    if message.kind is MessageKind.PROGRESS:
        update_reached(draft, answered or _owed_when_asked(draft, message))
    else:
        draft.keep(answered)


def _owed_when_asked(draft: Draft, message: PendingMessage) -> Promise | None:
    """The update that was owed when the message was asked for, although a later message was to keep it as well."""
    owed = draft.case.outstanding(PromiseKind.PROGRESS_UPDATE)
    return owed if owed is not None and owed.start <= message.asked_at else None


def _given_up(draft: Draft, message: PendingMessage, answered: Promise | None) -> None:
    kind = message.kind
    if kind is MessageKind.QUESTION:
        _never_asked(draft, message)
    unmet = answered is not None and answered.is_outstanding()
    if kind is MessageKind.SOLUTION and unmet:
        draft.end_holds("solution_undeliverable", HoldReason.CUSTOMER_CONSIDERING)
    if answered is not None and answered.is_open():
        break_and_escalate(draft, answered, BreachCause.UNDELIVERABLE)
        if answered.kind is PromiseKind.PROGRESS_UPDATE:
            expect_next_update(draft)
    elif _a_person_must_tell(draft.case.stage, kind, unmet) or is_last_notice(draft.case, message.id):
        undelivered(draft, kind)


def _never_asked(draft: Draft, question: PendingMessage) -> None:
    """No clock stood still for a question that the customer never got: its hold ends where it began."""
    if draft.case.policy.edition == 1:
        draft.end_holds(UNDELIVERABLE, HoldReason.AWAITING_CUSTOMER)
        return
    for hold in draft.case.holds:
        of_it = hold.reason is HoldReason.AWAITING_CUSTOMER and hold.started_at == question.asked_at
        # One that ended otherwise was answered, or ended by somebody who knew better.
        if of_it and hold.ended_at in (None, hold.lapses_at):
            draft.record(ev.HoldEnded(hold=hold.id, why=UNDELIVERABLE, ended_at=hold.started_at))


def _a_person_must_tell(stage: Stage, kind: MessageKind, unmet: bool) -> bool:
    if kind in KEEPS_FOR_GOOD:
        return unmet and stage in OPEN_STAGES
    return kind in NEEDS_A_PERSON and stage in UPDATED_STAGES
