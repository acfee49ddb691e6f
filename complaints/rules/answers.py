"""What customers answer to questions, on whatever channel: it ends the waiting at the moment when it arrived."""

from collections.abc import Iterator
from datetime import datetime

from complaints import events as ev
from complaints import telling
from complaints.case import Case
from complaints.commands import RecordAnswer
from complaints.drafting import Draft
from complaints.promises import Hold
from complaints.refusals import Refusal
from complaints.rules.agreeing import undo_silence
from complaints.rules.contact import let_customer_consider
from complaints.silence import silence_counted_after
from complaints.vocabulary import HoldReason, MessageKind, Stage

ANSWERED = "customer_answered"


def check_answer(case: Case, command: RecordAnswer, at: datetime) -> None:
    """Raise the refusal of an answer from before every question, or from the future."""
    arrived = command.arrived_at or at
    if arrived > at:
        raise Refusal("answer_in_the_future")
    # What answers an earlier question may be found only once another has been asked.
    asked = (hold.started_at for hold in case.holds if hold.reason is HoldReason.AWAITING_CUSTOMER)
    if arrived < min(asked, default=case.received_at):
        raise Refusal("answer_too_early")


def record_answer(draft: Draft, command: RecordAnswer) -> None:
    """The clocks that waited for it run again since it arrived; what is late by that now breaks, as time has it.

    Where silence has counted as acceptance although the answer had come before, it counts no longer; once the remedy
    has begun a person must see to that.
    """
    arrived = command.arrived_at or draft.at
    in_time = silence_counted_after(draft.case, arrived)
    undone = in_time and draft.case.stage is Stage.AGREED
    if undone:
        undo_silence(draft)
        let_customer_consider(draft)
    draft.record(ev.CustomerAnswered(text=command.text, channel=command.channel, arrived_at=arrived))
    waited = list(_waiting_at(draft.case, arrived))
    for hold in waited:
        draft.record(ev.HoldEnded(hold=hold.id, why=ANSWERED, ended_at=arrived))
    running = next(draft.case.open_promises(*(kind for hold in waited for kind in hold.promises)), None)
    facts = telling.answered(draft.case, command.channel, command.text, running if waited else None)
    if in_time:
        facts = {**facts, "in_time": True, "undone": undone}
    draft.alert(MessageKind.REMINDER, telling.reachable(draft.case), facts, can_wait=True)


def _waiting_at(case: Case, arrived: datetime) -> Iterator[Hold]:
    """The holds for the customer that stood when the answer arrived, whether or not they have ended since."""
    waiting = (hold for hold in case.holds if hold.reason is HoldReason.AWAITING_CUSTOMER)
    return (hold for hold in waiting if hold.started_at <= arrived and (hold.is_open() or _stood(hold, arrived)))


def _stood(hold: Hold, at: datetime) -> bool:
    return hold.ended_at is not None and at < hold.ended_at
