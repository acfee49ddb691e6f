"""The views of a case: rows that follow from the case alone, so that nothing else ever changes them."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from complaints.case import Case, Escalation, Task
from complaints.promises import Promise
from complaints.vocabulary import PromiseKind, PromiseState
from records.tables import EscalationRow, PromiseRow, TaskRow

Row = dict[str, Any]
"""The columns of one row. Plain, because a case has dozens of rows and most of them do not change."""

Dependent = type[PromiseRow] | type[TaskRow] | type[EscalationRow]


def case_row(case: Case) -> Row:
    """The case's own row, with the whole case in it."""
    return {
        "reference": case.reference,
        "code": case.code,
        "version": case.version,
        "stage": case.stage.value,
        "level": case.level.value,
        "category": case.category,
        "complex": case.complex,
        "channel": case.complaint.channel.value,
        "customer": case.complaint.customer.name,
        "subject": case.complaint.subject,
        "received_at": case.received_at,
        "closed_at": case.closed_at,
        "next_due": case.next_due(),
        "departments": sorted({task.department for task in case.open_tasks()}),
        "broken": _kinds(case.broken()),
        "words": _words(case),
        "snapshot": case,
    }


def dependent_rows(case: Case) -> dict[tuple[Dependent, str], Row]:
    """The rows of the case's promises, tasks and escalations, by table and id."""
    rows: dict[tuple[Dependent, str], Row] = {}
    for promise in case.promises:
        rows[PromiseRow, promise.id] = _promise_row(case, promise)
    for task in case.tasks:
        rows[TaskRow, task.id] = _task_row(case, task)
    acks = {promise.escalation: promise.due for promise in case.promises if promise.escalation}
    for escalation in case.escalations:
        rows[EscalationRow, escalation.id] = _escalation_row(case, escalation, acks.get(escalation.id))
    return rows


def searchable(text: str) -> str:
    """The form in which texts are compared: no difference of case, nor of full and half width."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _words(case: Case) -> str:
    complaint = case.complaint
    known = (
        case.reference,
        complaint.subject,
        complaint.detail,
        complaint.customer.name,
        complaint.product,
        complaint.order_number,
        complaint.external_id,
    )
    return searchable("\n".join(text for text in known if text))


def _promise_row(case: Case, promise: Promise) -> Row:
    return {
        "reference": case.reference,
        "id": promise.id,
        "kind": promise.kind.value,
        "state": promise.state.value,
        "due": promise.due,
        "settled_at": promise.settled_at,
        "department": case.department_of(promise),
    }


def _task_row(case: Case, task: Task) -> Row:
    promises = [promise for promise in case.promises if promise.task == task.id]
    own = [promise for promise in promises if case.department_of(promise) == task.department]
    due = {promise.kind: promise.due for promise in promises}
    return {
        "id": task.id,
        "reference": case.reference,
        "department": task.department,
        "state": task.state.value,
        "what": task.what,
        "assigned_at": task.assigned_at,
        "feedback": task.feedback,
        "feedback_at": task.feedback_at,
        "feedback_due": due.get(PromiseKind.TASK_FEEDBACK),
        "outcome": task.outcome,
        "ended_at": task.ended_at,
        "completion_due": due.get(PromiseKind.TASK_COMPLETION),
        "broken": _kinds(promise for promise in own if promise.state is PromiseState.BROKEN),
    }


def _escalation_row(case: Case, escalation: Escalation, ack_due: datetime | None) -> Row:
    acknowledged_by = escalation.acknowledged_by
    return {
        "id": escalation.id,
        "reference": case.reference,
        "level": escalation.level.value,
        "cause": escalation.cause,
        "reason": escalation.reason,
        "raised_at": escalation.raised_at,
        "raised_by": escalation.raised_by.name,
        "to": escalation.to.name,
        "promise": escalation.promise,
        "task": escalation.task,
        "ack_due": ack_due,
        "acknowledged_at": escalation.acknowledged_at,
        "acknowledged_by": acknowledged_by.name if acknowledged_by else None,
        # Whichever of the two it was, nobody is waited for any more.
        "dropped_at": escalation.stepped_down_at or escalation.dropped_at,
    }


def _kinds(promises: Iterable[Promise]) -> list[str]:
    return sorted({promise.kind.value for promise in promises})
