"""What holds whatever died, and whenever: each function names the violations of one law, and none is well."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from complaints import evolve
from complaints.case import Case
from complaints.events import Entry
from complaints.promises import Promise
from complaints.vocabulary import PromiseKind, PromiseState
from tests.faults.observing import Kept, Observed

AT_LEISURE = timedelta(seconds=5)
"""How late a timer may ring on a busy machine."""


def nothing_accepted_is_lost(observed: Observed) -> list[str]:
    """Whatever was answered with 200 or 201 is in the workflow and, once, in the journal, at the version answered."""
    cases = {case.reference: case for case in observed.cases}
    return [
        f"{each.reference}: {each.command} is {where}"
        for each in observed.accepted
        for where in _missing(cases[each.reference], each.command, each.version)
    ]


def _missing(case: Kept, command: str, version: int) -> Iterator[str]:
    if case.workflow is None:
        yield "lost: there is no workflow that answers"
        return
    receipt = case.workflow.handled.get(command)
    if receipt is None or receipt.version != version:
        yield f"not in the workflow at version {version}"
    entries = [entry.sequence for entry in case.journal if entry.command == command]
    if entries != [version]:
        yield f"in the journal as {entries}, not as {version}"


def each_message_is_accepted_once(observed: Observed) -> list[str]:
    """The mail server has each message once, or under the same id where nobody could know that it had it."""
    asked: dict[str, str] = {}
    for case in observed.cases:
        asked |= case.messages()
    wrong = [
        f"{mail.reference}: a mail to {mail.to} that nobody asked for"
        for mail in observed.mails
        if mail.id not in asked
    ]
    times = Counter(mail.id for mail in (*observed.mails, *observed.later))
    wrong += [
        f"{asked.get(mail, mail)} was accepted {count} times"
        for mail, count in times.items()
        if count > 1 and mail not in observed.unknowable
    ]
    return wrong


def each_due_promise_is_settled(observed: Observed) -> list[str]:
    """No promise is open past its due time, none was kept late, and each broken one was escalated."""
    return [
        f"{case.reference}: {promise.id} is {what}"
        for case in observed.cases
        if case.workflow is not None
        for promise in case.workflow.promises
        for what in _unsettled(case.workflow, promise, case.at)
    ]


def _unsettled(case: Case, promise: Promise, at: datetime) -> Iterator[str]:
    deadline = deadline_of(case, promise)
    if promise.state is PromiseState.OPEN and deadline is not None and at > deadline + AT_LEISURE:
        yield f"still open {at - deadline} after its due time"
    if promise.state is PromiseState.KEPT and deadline and promise.settled_at and promise.settled_at > deadline:
        yield f"kept {promise.settled_at - deadline} after its due time"
    if promise.state is PromiseState.BROKEN and not _escalated(case, promise):
        yield "broken and not escalated"


def deadline_of(case: Case, promise: Promise) -> datetime | None:
    """When a promise is broken; None while its clock stands still."""
    if promise.due is None or promise.kind is not PromiseKind.PROGRESS_UPDATE:
        return promise.due
    return promise.due + case.policy.span(case.policy.delivery.grace_minutes)


def _escalated(case: Case, promise: Promise) -> bool:
    if promise.kind is not PromiseKind.ESCALATION_ACK:
        return any(promise.id in (each.promise, *each.joined) for each in case.escalations)
    unseen = case.escalation(promise.escalation or "")
    if unseen is None or unseen.level >= case.policy.top_of_chain():
        return unseen is not None
    return any(each.level == unseen.level + 1 and each.raised_at == promise.settled_at for each in case.escalations)


def records_are_the_journal_and_the_workflow(observed: Observed) -> list[str]:
    """The workflow's state and the record are each what the journal up to their version folds to."""
    return [f"{case.reference}: {what}" for case in observed.cases for what in _differences(case)]


def _differences(case: Kept) -> Iterator[str]:
    if case.workflow is None or case.record is None:
        yield "it has no workflow that answers" if case.workflow is None else "it has no record"
        return
    if case.record.version < case.workflow.version:
        yield f"the record is at {case.record.version}, the workflow was at {case.workflow.version}"
        return
    if folded(case.journal, case.workflow.version) != case.workflow:
        yield "the workflow's state is not what the journal folds to"
    if folded(case.journal, case.record.version) != case.record:
        yield "the record is not what the journal folds to"


def folded(journal: tuple[Entry, ...], version: int) -> Case | None:
    """What a journal up to a version folds to."""
    case: Case | None = None
    for entry in journal[:version]:
        case = evolve(case, entry)
    return case


LAWS = (
    nothing_accepted_is_lost,
    each_message_is_accepted_once,
    each_due_promise_is_settled,
    records_are_the_journal_and_the_workflow,
)


def assert_all(observed: Observed) -> None:
    """All four laws hold, and there was something for which they could have failed."""
    assert observed.accepted, "nothing was accepted"
    for law in LAWS:
        wrong = law(observed)
        assert not wrong, f"{law.__doc__} {wrong}"
