"""What an open promise's terms become when the case is classified anew or kept under another policy."""

from datetime import datetime
from typing import NamedTuple

from complaints.case import Case
from complaints.events import Retimed
from complaints.evolving.folding import all_timed
from complaints.promises import Promise
from complaints.terms import named
from complaints.vocabulary import PromiseKind

RETIMED = (
    PromiseKind.FIRST_CONTACT,
    PromiseKind.PROGRESS_UPDATE,
    PromiseKind.RESOLUTION,
    PromiseKind.CONFIRMATION_LETTER,
    PromiseKind.CALLBACK,
)
"""What is owed to the customer: its terms follow the case. A task keeps the time that its department was given."""


def retimed(case: Case, promise: Promise) -> Retimed:
    """The terms of a promise to the customer by the case's present policy, level, category and tier. Pure.

    They count from the promise's own start, and its holds stay what they were.
    """
    terms = case.terms(promise.kind)
    minutes = terms.minutes
    if promise.kind is PromiseKind.PROGRESS_UPDATE:
        minutes = case.update_every_minutes or minutes
    elif promise.kind is PromiseKind.RESOLUTION:
        revision = case.is_revision(promise.round)
        minutes = case.policy.resolution_minutes(terms, complex_=case.complex, revision=revision)
    return Retimed(
        promise=promise.id,
        budget=case.policy.span(minutes),
        calendar=named(terms.calendar),
        rule=terms.rule,
        matched=terms.matched,
    )


class Moved(NamedTuple):
    """An open promise whose terms may have changed: when it was due before, and when it is due now; None while held.

    `later` says whether it is due later than it was; of a held one, whether it would be if its clock ran.
    """

    promise: Promise
    before: datetime | None
    after: datetime | None
    later: bool


def moved(before: Case, after: Case, at: datetime) -> tuple[Moved, ...]:
    """What became of the due times of the promises that were open before, as seen at an instant. Pure."""
    was, is_now = _as_if_running(before, at), _as_if_running(after, at)
    return tuple(
        Moved(after.promise(each.id), each.due, after.promise(each.id).due, is_now[each.id] > was[each.id])
        for each in before.open_promises()
    )


def _as_if_running(case: Case, at: datetime) -> dict[str, datetime]:
    """When each open promise would be due if every hold ended now."""
    ended = (hold.model_copy(update={"ended_at": max(at, hold.started_at)}) for hold in case.open_holds())
    holds = (*(hold for hold in case.holds if not hold.is_open()), *ended)
    timed = all_timed(case.promises, holds, case.policy)
    return {promise.id: promise.due for promise in timed if promise.is_open() and promise.due is not None}
