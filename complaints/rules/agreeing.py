"""What follows once the customer has decided on a solution, in words or by saying nothing."""

from datetime import datetime

from complaints import events as ev
from complaints.drafting import Draft
from complaints.vocabulary import HoldReason, PromiseKind, Stage

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


def customer_has_decided(draft: Draft) -> None:
    """Who decides has seen the solution, whatever became of the message that carried it."""
    draft.keep(draft.case.outstanding(PromiseKind.RESOLUTION))
    draft.end_holds("customer_decided", *_WAITED_FOR)
