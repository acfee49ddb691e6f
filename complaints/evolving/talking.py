"""How a case changes by what is said between us and the customer."""

from complaints import events as ev
from complaints.base import Instant
from complaints.case import Answer, Case, Contact, PendingMessage, Update
from complaints.evolving.folding import Changes, changes, replaced
from complaints.solutions import Round
from complaints.vocabulary import Channel, MessageKind, Stage

FACE_TO_FACE = frozenset({Channel.PHONE, Channel.WALK_IN})
"""Channels on which whoever is told something has spoken with us."""


@changes.register
def _(event: ev.CustomerContacted, case: Case, entry: ev.Entry) -> Changes:
    heard = _heard(case, entry.at) if event.reached else {}
    return {"contacts": (*case.contacts, _contact(event, entry)), **heard}


@changes.register
def _(event: ev.CallbackAttempted, case: Case, entry: ev.Entry) -> Changes:
    return {"callbacks": (*case.callbacks, _contact(event, entry))}


def _contact(event: ev.CustomerContacted | ev.CallbackAttempted, entry: ev.Entry) -> Contact:
    return Contact(at=entry.at, channel=event.channel, reached=event.reached, note=event.note)


@changes.register
def _(event: ev.CallbackGivenUp, case: Case, entry: ev.Entry) -> Changes:
    return {"callback_settled": True}


@changes.register
def _(event: ev.SurveyAnswered, case: Case, entry: ev.Entry) -> Changes:
    return {"callback_settled": True, "satisfied": event.satisfied, "answers": event.answers}


@changes.register
def _(event: ev.AgentTookCase, case: Case, entry: ev.Entry) -> Changes:
    return {"agent": event.agent}


@changes.register
def _(event: ev.UpdateIntervalAgreed, case: Case, entry: ev.Entry) -> Changes:
    return {"update_every_minutes": event.minutes}


@changes.register
def _(event: ev.CustomerUpdated, case: Case, entry: ev.Entry) -> Changes:
    heard = _heard(case, entry.at) if event.told_on in FACE_TO_FACE else {}
    return {"updates": (*case.updates, Update(at=entry.at, text=event.text, told_on=event.told_on)), **heard}


@changes.register
def _(event: ev.MessageAsked, case: Case, entry: ev.Entry) -> Changes:
    changed: Changes = {"messages": case.messages + 1}
    if event.to_customer:
        message = PendingMessage(id=event.message, kind=event.kind, asked_at=entry.at)
        changed["pending"] = (*case.pending, message)
    return changed


@changes.register
def _(event: ev.MessageDelivered, case: Case, entry: ev.Entry) -> Changes:
    return _message_settled(event, case) | {"rounds": _read(case, event.message, entry.at)}


@changes.register
def _(event: ev.MessageFailed, case: Case, entry: ev.Entry) -> Changes:
    return _message_settled(event, case)


def _message_settled(event: ev.MessageDelivered | ev.MessageFailed, case: Case) -> Changes:
    changed: Changes = {"pending": tuple(message for message in case.pending if message.id != event.message)}
    if event.message == case.letter:
        changed["letter_settled"] = True
    return changed


def _read(case: Case, message: str, at: Instant) -> tuple[Round, ...]:
    """The rounds, after a message has reached the customer: the newest solution itself, or the last notice about it."""
    if not case.rounds:
        return case.rounds
    newest = case.rounds[-1]
    pending = next((each for each in case.pending if each.id == message), None)
    if message == newest.notice:
        newest = newest.model_copy(update={"noticed_at": at})
    elif pending is not None and _carries(pending, newest) and newest.reached_at is None:
        newest = newest.model_copy(update={"reached_at": at})
    return (*case.rounds[:-1], newest)


def _carries(message: PendingMessage, proposed: Round) -> bool:
    """Whether a message put this solution to the customer, and not one that was refused before it arrived."""
    return message.kind is MessageKind.SOLUTION and message.asked_at >= proposed.proposed_at


def _heard(case: Case, at: Instant) -> Changes:
    """A customer who speaks with us is not silent: whatever their silence has led to so far begins anew."""
    if case.stage is not Stage.PROPOSED or case.policy.silence is None:
        return {}
    newest = case.rounds[-1]
    known_since = newest.heard_at or newest.reached_at
    if known_since is None or at <= known_since:
        return {}
    return {"rounds": (*case.rounds[:-1], newest.model_copy(update=_anew(at)))}


def _anew(at: Instant) -> Changes:
    """A round's silence begins again at an instant."""
    return {"heard_at": at, "follow_ups": 0, "notice": None, "noticed_at": None, "notice_until": None}


@changes.register
def _(event: ev.SolutionProposed, case: Case, entry: ev.Entry) -> Changes:
    reached_at = entry.at if event.told_on is not None else None
    proposed = Round(number=event.round, solution=event.solution, proposed_at=entry.at, reached_at=reached_at)
    return {"rounds": (*case.rounds, proposed)}


@changes.register
def _(event: ev.SolutionAccepted, case: Case, entry: ev.Entry) -> Changes:
    accepted = {"accepted_at": entry.at, "accepted_by_silence": event.by_silence}
    return {"rounds": replaced(case.rounds, "number", event.round, **accepted)}


@changes.register
def _(event: ev.SilentAcceptanceUndone, case: Case, entry: ev.Entry) -> Changes:
    newest = case.rounds[-1].model_copy(update={"accepted_at": None, "accepted_by_silence": False})
    return {"rounds": (*case.rounds[:-1], newest.model_copy(update=_anew(entry.at)))}


@changes.register
def _(event: ev.SilenceFollowedUp, case: Case, entry: ev.Entry) -> Changes:
    noticed = {"notice": event.message, "notice_until": event.until}
    asked = noticed if event.last else {"follow_ups": event.number}
    return {"rounds": replaced(case.rounds, "number", event.round, **asked)}


@changes.register
def _(event: ev.CustomerAnswered, case: Case, entry: ev.Entry) -> Changes:
    answer = Answer(at=event.arrived_at, text=event.text, channel=event.channel)
    return {"replies": (*case.replies, answer), **_heard(case, event.arrived_at)}


@changes.register
def _(event: ev.RevisionRequested, case: Case, entry: ev.Entry) -> Changes:
    asked = {"revision_asked_at": entry.at, "revision_reason": event.reason}
    return {"rounds": replaced(case.rounds, "number", event.round, **asked), "round": event.round + 1}


@changes.register
def _(event: ev.RemedyCompleted, case: Case, entry: ev.Entry) -> Changes:
    return {
        "resolved_at": entry.at,
        "letter": event.letter,
        "letter_settled": False,
        "callback_settled": False,
        "callbacks": (),
        "satisfied": None,
    }
