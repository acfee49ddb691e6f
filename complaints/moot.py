"""What need not be told any more: messages that waited for their reader while what they ask for was seen to."""

from collections.abc import Iterable, Mapping

from complaints import ladder
from complaints.case import Case
from complaints.messages import Message
from complaints.vocabulary import MessageKind


def still_to_be_told(messages: Iterable[Message], cases: Mapping[str, Case]) -> tuple[Message, ...]:
    """The messages of which their readers must still hear, as far as the cases, by their references, tell. Pure.

    What is in other hands is not told to who was never told that it was in theirs.
    """
    asked = tuple(messages)
    moot = {message.key for message in asked if _is_moot(message, cases.get(message.reference))}
    never_theirs = {_escalation(message) for message in asked if message.key in moot} - {None}
    return tuple(
        message
        for message in asked
        if message.key not in moot
        and not (message.kind is MessageKind.ESCALATION_SETTLED and _escalation(message) in never_theirs)
    )


def _is_moot(message: Message, case: Case | None) -> bool:
    """Whether what a message asks for was seen to since; False where nobody can tell."""
    if case is None:
        return False
    if message.kind is MessageKind.ESCALATION_ALERT:
        escalation = case.escalation(str(message.facts.get("escalation")))
        return escalation is not None and escalation.is_over()
    if message.kind is MessageKind.REMINDER:
        about = message.facts.get("about")
        promise = next((promise for promise in case.promises if promise.id == about), None)
        return promise is not None and not ladder.is_awaited(case, promise)
    return False


def _escalation(message: Message) -> tuple[str, str] | None:
    escalation = message.facts.get("escalation")
    return (message.reference, str(escalation)) if escalation is not None else None
