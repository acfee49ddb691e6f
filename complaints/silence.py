"""Silence: what follows, by itself, when a customer does not answer a solution that has reached them.

They are asked again, told until when, and taken to accept. It is counted from when they had the solution or, where
they spoke with us since, from then on: an answer to a question or a contact that reached them begins it anew. Nobody is
taken to accept who cannot be shown to have had the last notice, nor sooner after it than the policy's time between the
two.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from complaints import events as ev
from complaints import telling
from complaints.case import Case
from complaints.drafting import Draft
from complaints.people import Silence
from complaints.rules.agreeing import agree_by_silence
from complaints.solutions import Round
from complaints.vocabulary import MessageKind, Stage


class Asking(StrEnum):
    """What a silence leads to."""

    FOLLOW_UP = "follow_up"
    LAST_NOTICE = "last_notice"
    ACCEPTANCE = "acceptance"


class Turn(NamedTuple):
    """What a silence leads to next, and when; `number` counts the follow-ups from 1."""

    at: datetime
    what: Asking
    number: int = 0


class _Silent(NamedTuple):
    """A customer who has a solution and says nothing."""

    case: Case
    terms: Silence
    round: Round
    since: datetime

    def after(self, start: datetime, minutes: float) -> datetime:
        """The instant at which so many of the policy's minutes have passed on the calendar of silence."""
        return self.case.policy.working_time(self.terms.calendar).add(start, self.case.policy.span(minutes))

    def accepted_at(self, noticed_at: datetime) -> datetime:
        """When silence counts as acceptance, the last notice having reached the customer at an instant.

        Never before the date that stood in it, though the case be moved to a policy with less patience.
        """
        left = self.terms.accept_minutes - self.terms.last_notice_minutes
        earliest = max(self.after(self.since, self.terms.accept_minutes), self.after(noticed_at, left))
        told = self.round.notice_until
        return earliest if told is None else max(earliest, told)


def _of(case: Case) -> _Silent | None:
    terms = case.policy.silence
    if terms is None or case.stage is not Stage.PROPOSED:
        return None
    newest = case.current_round()
    since = newest.heard_at or newest.reached_at
    return _Silent(case, terms, newest, since) if since is not None else None


def next_turn(case: Case, at: datetime) -> Turn | None:
    """What the customer's silence leads to next, as seen at an instant; None where it leads to nothing by itself.

    Where several follow-ups should have been sent by then, only the last of them is; the last notice is never left out.
    """
    silent = _of(case)
    if silent is None:
        return None
    if silent.round.notice is not None:
        accepted_at = accepts_at(case)
        return Turn(accepted_at, Asking.ACCEPTANCE) if accepted_at is not None else None
    turns = [
        Turn(silent.after(silent.since, minutes), Asking.FOLLOW_UP, number)
        for number, minutes in enumerate(silent.terms.follow_up_minutes, start=1)
        if number > silent.round.follow_ups
    ]
    turns.append(Turn(silent.after(silent.since, silent.terms.last_notice_minutes), Asking.LAST_NOTICE))
    passed = [turn for turn in turns if turn.at <= at]
    return passed[-1] if passed else turns[0]


def accepts_at(case: Case) -> datetime | None:
    """When silence counts as acceptance; None as long as the customer cannot be shown to have had the last notice."""
    silent = _of(case)
    if silent is None or silent.round.noticed_at is None:
        return None
    return silent.accepted_at(silent.round.noticed_at)


def silence_counted_after(case: Case, instant: datetime) -> bool:
    """Whether silence has counted as acceptance of the present solution, and the customer spoke at an instant before.

    What came on the very stroke came before it. What was known when silence began again has had its effect already.
    """
    if case.stage not in (Stage.AGREED, Stage.REMEDYING, Stage.RESOLVED):
        return False
    newest = case.current_round()
    since = newest.heard_at or newest.reached_at
    if not newest.accepted_by_silence or newest.accepted_at is None or since is None:
        return False
    return since < instant <= newest.accepted_at


def is_last_notice(case: Case, message: str) -> bool:
    """Whether acceptance by silence hangs on a message."""
    silent = _of(case)
    return silent is not None and silent.round.notice == message


def considering_until(case: Case, at: datetime) -> datetime | None:
    """Until when a customer asked at an instant may consider a solution before silence counts; None: for ever.

    Both messages, the solution and the last notice, may take as long as every channel is tried.
    """
    terms = case.policy.silence
    if terms is None:
        return None
    routes = len(case.complaint.customer.routes())
    on_their_way: timedelta = 2 * routes * case.policy.span(case.policy.delivery.patience_minutes)
    working = case.policy.working_time(terms.calendar)
    return working.add(at, case.policy.span(terms.accept_minutes)) + on_their_way


def take_turn(draft: Draft, turn: Turn) -> None:
    """Ask the customer again, tell them until when, or take them to accept."""
    if turn.what is Asking.FOLLOW_UP:
        _follow_up(draft, turn.number)
    elif turn.what is Asking.LAST_NOTICE:
        _give_notice(draft)
    else:
        _accept(draft, turn.at)


def _follow_up(draft: Draft, number: int) -> None:
    message = draft.tell_customer(MessageKind.SOLUTION_FOLLOW_UP, telling.solution_again(draft.case))
    draft.record(ev.SilenceFollowedUp(round=draft.case.round, message=message, number=number))


def _give_notice(draft: Draft) -> None:
    silent = _of(draft.case)
    if silent is None:
        return
    until = silent.accepted_at(draft.at)
    message = draft.tell_customer(MessageKind.LAST_NOTICE, telling.last_notice(draft.case, until))
    draft.record(ev.SilenceFollowedUp(round=draft.case.round, message=message, last=True, until=until))


def _accept(draft: Draft, since: datetime) -> None:
    agree_by_silence(draft, since)
    draft.tell_customer(MessageKind.SILENT_ACCEPTANCE, telling.silent_acceptance(draft.case, draft.at))
    facts = telling.carry_out(draft.case, draft.at)
    draft.alert(MessageKind.REMINDER, telling.reachable(draft.case), facts, can_wait=True)
