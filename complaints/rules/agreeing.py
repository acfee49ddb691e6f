"""What follows once the customer has decided on a solution, in words or by saying nothing."""

from datetime import datetime
from enum import StrEnum

from complaints import events as ev
from complaints import telling
from complaints.drafting import Draft
from complaints.parties import Actor
from complaints.vocabulary import HoldReason, MessageKind, PromiseKind, Role, Stage


class Decided(StrEnum):
    """What a customer has decided, on a solution or on how it turned out."""

    ACCEPTED = "accepted"
    REVISION = "revision"
    DISSATISFIED = "dissatisfied"
    REOPENED = "reopened"


_WAITED_FOR = (HoldReason.CUSTOMER_CONSIDERING, HoldReason.AWAITING_CUSTOMER)


def agree(draft: Draft) -> None:
    """The customer accepts."""
    customer_has_decided(draft)
    draft.record(ev.SolutionAccepted(round=draft.case.round))
    draft.enter(Stage.AGREED)


def agree_by_silence(draft: Draft, since: datetime) -> None:
    """The customer let the last notice's time pass, which ended at `since`: the clocks run again from then on."""
    draft.keep(draft.case.outstanding(PromiseKind.RESOLUTION))
    draft.end_holds("silent", *_WAITED_FOR, since=since)
    draft.record(ev.SolutionAccepted(round=draft.case.round, by_silence=True))
    draft.enter(Stage.AGREED)


def undo_silence(draft: Draft) -> None:
    """The customer had answered before their silence counted: they have not accepted, and may decide again."""
    draft.record(ev.SilentAcceptanceUndone(round=draft.case.current_round().number))
    draft.enter(Stage.PROPOSED)


def tell_caretaker(draft: Draft, by: Actor, decided: Decided, said: str | None = None) -> None:
    """Whoever takes care of the case hears at once what was decided, in which words, and what is owed by when.

    An agent who records it knows it already. In the first edition nobody was told.
    """
    if by.role is Role.AGENT or draft.case.policy.edition == 1:
        return
    if decided is Decided.ACCEPTED:
        facts = telling.accepted(draft.case, draft.at)
    else:
        facts = telling.decided(draft.case, decided, said)
    draft.alert(MessageKind.REMINDER, telling.reachable(draft.case), facts, can_wait=True)


def customer_has_decided(draft: Draft) -> None:
    """Who decides has seen the solution, whatever became of the message that carried it."""
    draft.keep(draft.case.outstanding(PromiseKind.RESOLUTION))
    draft.end_holds("customer_decided", *_WAITED_FOR)
