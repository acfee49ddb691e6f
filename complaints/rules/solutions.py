"""Solutions in rounds: put to the customer, accepted or sent back."""

from datetime import datetime

from complaints import events as ev
from complaints import telling
from complaints.case import Case
from complaints.commands import AcceptSolution, ProposeSolution, RequestRevision
from complaints.drafting import Draft
from complaints.refusals import Refusal
from complaints.rules.contact import hold
from complaints.rules.life import promise_resolution
from complaints.vocabulary import HoldReason, MessageKind, PromiseKind, Stage


def check_propose(case: Case, command: ProposeSolution, at: datetime) -> None:
    if case.stage is Stage.RECEIVED:
        raise Refusal("not_contacted")
    if missing := command.solution.missing_for(case.category):
        raise Refusal("solution_incomplete", missing=", ".join(missing))
    if command.solution.complete_by <= at:
        raise Refusal("solution_in_the_past")


def propose(draft: Draft, command: ProposeSolution) -> None:
    """The clock is held while the customer considers; the promise is kept once the solution has reached them."""
    if draft.case.stage is Stage.CONTACTED:
        draft.enter(Stage.INVESTIGATING)
    draft.record(ev.SolutionProposed(round=draft.case.round, solution=command.solution, told_on=command.told_on))
    draft.enter(Stage.PROPOSED)
    hold(draft, HoldReason.CUSTOMER_CONSIDERING)
    owed = draft.case.outstanding(PromiseKind.RESOLUTION)
    draft.answer(owed, draft.tell_customer(MessageKind.SOLUTION, telling.solution(draft.case)))
    if command.told_on is not None:
        draft.keep(owed)


def accept(draft: Draft, command: AcceptSolution) -> None:
    _customer_has_decided(draft)
    draft.record(ev.SolutionAccepted(round=draft.case.round))
    draft.enter(Stage.AGREED)


def request_revision(draft: Draft, command: RequestRevision) -> None:
    """Another solution is wanted, or the agreed one turns out to be impossible."""
    _customer_has_decided(draft)
    draft.record(ev.RevisionRequested(round=draft.case.round, reason=command.reason))
    draft.enter(Stage.INVESTIGATING)
    promise_resolution(draft, revision=True)


def _customer_has_decided(draft: Draft) -> None:
    """Who decides has seen the solution, whatever became of the message that carried it."""
    draft.keep(draft.case.outstanding(PromiseKind.RESOLUTION))
    draft.end_holds("customer_decided", HoldReason.CUSTOMER_CONSIDERING, HoldReason.AWAITING_CUSTOMER)
