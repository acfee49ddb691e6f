"""What each message says: its facts, taken from the case. The words are the templates' business."""

from datetime import datetime

from pydantic import JsonValue

from complaints.base import Value
from complaints.case import Case, Escalation, Task
from complaints.drafting import Facts
from complaints.parties import Bilingual, Colleague
from complaints.promises import Promise
from complaints.solutions import Solution
from complaints.vocabulary import Channel, PromiseKind


def _instant(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None


def _plain(value: Value) -> JsonValue:
    return value.model_dump(mode="json")


def _category(case: Case) -> JsonValue:
    return _plain(case.policy.categories[case.category])


def _open_due(case: Case, kind: PromiseKind, task: str | None = None) -> str | None:
    promises = (promise for promise in case.open_promises(kind) if task is None or promise.task == task)
    return _instant(next((promise.due for promise in promises), None))


def acknowledgement(case: Case) -> Facts:
    """Nothing of what was submitted, so that nobody can be written to through us."""
    return {"contact_due": _open_due(case, PromiseKind.FIRST_CONTACT)}


def first_contact_script(case: Case) -> Facts:
    complaint = case.complaint
    customer = complaint.customer
    known = (
        (Channel.PHONE, customer.phone),
        (Channel.EMAIL, customer.email),
        (Channel.SOCIAL, customer.social),
    )
    return {
        "customer": customer.name,
        "contacts": [{"channel": channel, "address": address} for channel, address in known if address],
        "preferred_channel": customer.preferred_channel,
        "subject": complaint.subject,
        "detail": complaint.detail,
        "level": case.level,
        "category": _category(case),
        "category_code": case.category,
        "due": _open_due(case, PromiseKind.FIRST_CONTACT),
    }


def progress(case: Case, at: datetime, note: str | None = None) -> Facts:
    departments = {task.department: case.policy.departments[task.department] for task in case.open_tasks()}
    minutes = case.update_every_minutes or case.policy.budget(PromiseKind.PROGRESS_UPDATE, case.category)
    return {
        "stage": case.stage,
        "note": note,
        "departments": [_plain(department.name) for department in departments.values()],
        "next_update_due": _instant(at + case.policy.span(minutes)),
        "solution_due": _open_due(case, PromiseKind.RESOLUTION),
    }


def extension(case: Case, message: str) -> Facts:
    return {"message": message, "due": _open_due(case, PromiseKind.RESOLUTION)}


def _remedies(solution: Solution) -> JsonValue:
    return [_plain(remedy) for remedy in solution.remedies]


def solution(case: Case) -> Facts:
    proposed = case.current_round()
    plan = proposed.solution
    return {
        "round": proposed.number,
        "remedies": _remedies(plan),
        "measure": plan.measure,
        "owner": plan.owner,
        "relevance": plan.relevance,
        "complete_by": _instant(plan.complete_by),
        "return_procedure": plan.return_procedure,
        "compensation": plan.compensation,
        "improvement": plan.improvement,
    }


def caretaker(case: Case) -> Facts:
    return {"agent": _plain(case.caretaker)}


def confirmation_letter(case: Case, resolved_at: datetime) -> Facts:
    plan = case.current_round().solution
    return {
        **caretaker(case),
        "remedies": _remedies(plan),
        "measure": plan.measure,
        "resolved_at": _instant(resolved_at),
    }


def survey_invitation(case: Case) -> Facts:
    questions: JsonValue = [_plain(question) for question in case.policy.survey]
    return {**caretaker(case), "questions": questions, "callback_due": _open_due(case, PromiseKind.CALLBACK)}


def task_assignment(case: Case, task: Task) -> Facts:
    return {
        "task": task.id,
        "what": task.what,
        "category": _category(case),
        "level": case.level,
        "feedback_due": _open_due(case, PromiseKind.TASK_FEEDBACK, task.id),
        "completion_due": _open_due(case, PromiseKind.TASK_COMPLETION, task.id),
    }


def reminder(case: Case, promise: Promise, fraction: float) -> Facts:
    return {
        "promise": promise.kind,
        "due": _instant(promise.due),
        "fraction": fraction,
        "task": promise.task,
        "stage": case.stage,
    }


def escalation(case: Case, raised: Escalation, title: Bilingual) -> Facts:
    cause = case.promise(raised.promise) if raised.promise else None
    ack = case.outstanding(PromiseKind.ESCALATION_ACK, escalation=raised.id)
    return {
        "escalation": raised.id,
        "level": raised.level,
        "title": _plain(title),
        "cause": raised.cause,
        "promise": cause.kind if cause else None,
        "due": _instant(cause.start + cause.budget) if cause else None,
        "task": raised.task,
        "reason": raised.reason,
        "ack_due": _instant(ack.due) if ack else None,
    }


def red_alert(case: Case, raised: Escalation, title: Bilingual) -> Facts:
    ack = case.outstanding(PromiseKind.ESCALATION_ACK, escalation=raised.id)
    return {
        "escalation": raised.id,
        "level": raised.level,
        "title": _plain(title),
        "category": _category(case),
        "subject": case.complaint.subject,
        "ack_due": _instant(ack.due) if ack else None,
    }


def reachable(case: Case) -> Colleague:
    """Who is reminded: the agent who took the case, or the desk where they left no address."""
    return case.caretaker if case.caretaker.routes() else case.policy.desk
