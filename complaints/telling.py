"""What each message says: its facts, taken from the case. The words are the templates' business."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import JsonValue

from complaints.base import Value
from complaints.case import Case, Escalation, Task
from complaints.drafting import Facts
from complaints.parties import Bilingual, Colleague
from complaints.promises import Hold, Promise
from complaints.solutions import Solution
from complaints.triage import FILED
from complaints.vocabulary import BreachCause, Channel, EscalationCause, Language, Level, PromiseKind


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
        **_because(case, urgent=False),
    }


def _because(case: Case, *, urgent: bool) -> Facts:
    """Why triage by rule made of the case what it is; `urgent` asks for the reasons to call it urgent only."""
    reasons = case.triage.reasons if case.triage else ()
    told: list[JsonValue] = [_plain(each.reason) for each in reasons if not urgent or each.level is Level.URGENT]
    return {"reasons": told} if told else {}


def progress(case: Case, at: datetime, note: str | None = None) -> Facts:
    departments = {task.department: case.policy.departments[task.department] for task in case.open_tasks()}
    minutes = case.update_every_minutes or case.terms(PromiseKind.PROGRESS_UPDATE).minutes
    return {
        "stage": case.stage,
        "note": note,
        "departments": [_plain(department.name) for department in departments.values()],
        "next_update_due": _instant(at + case.policy.span(minutes)),
        "solution_due": _open_due(case, PromiseKind.RESOLUTION),
    }


def extension(case: Case, message: str) -> Facts:
    return {"message": message, "due": _open_due(case, PromiseKind.RESOLUTION)}


def promise_moved(case: Case, moved: Iterable[tuple[Promise, datetime | None, datetime | None]], why: str) -> Facts:
    """Promises that are due later than the customer was told: each with when it was due and when it is now.

    `why` is `reclassified` or `policy_changed`. An instant is None while the promise is held.
    """
    promises: list[JsonValue] = [
        {"promise": promise.kind, "before": _instant(before), "after": _instant(after)}
        for promise, before, after in moved
    ]
    return {"why": why, "promises": promises}


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


def solution_again(case: Case) -> Facts:
    """What the customer is reminded of who has not answered it."""
    proposed = case.current_round()
    return {**caretaker(case), "round": proposed.number, "remedies": _remedies(proposed.solution)}


def last_notice(case: Case, until: datetime) -> Facts:
    return {**solution_again(case), "until": _instant(until)}


def silent_acceptance(case: Case, at: datetime) -> Facts:
    return {**solution_again(case), "complete_by": _ahead(case, at)}


def carry_out(case: Case, at: datetime) -> Facts:
    """What the agent is reminded of once silence has counted as acceptance."""
    owed = next(case.open_promises(PromiseKind.PROGRESS_UPDATE))
    return {**reminder(case, owed, owed.warned), "accepted_by_silence": True, **_to_be_done(case, at)}


def accepted(case: Case, at: datetime) -> Facts:
    """That the customer said yes, and what is to be carried out by when."""
    plan = _to_be_done(case, at)
    return {**_running_again(case, None), "due": plan["complete_by"], "decided": "accepted", **plan}


def decided(case: Case, what: str, said: str | None) -> Facts:
    """What the customer decided, other than to accept, and by when the next solution is owed.

    `what` is revision, dissatisfied or reopened; `said` are the customer's own words.
    """
    owed = next(case.open_promises(PromiseKind.RESOLUTION), None)
    return {**_running_again(case, owed), "decided": what, "said": said}


def _to_be_done(case: Case, at: datetime) -> Facts:
    return {"remedies": _remedies(case.current_round().solution), "complete_by": _ahead(case, at)}


def _ahead(case: Case, at: datetime) -> str | None:
    """By when the plan is carried out; silence may have outlasted it."""
    complete_by = case.current_round().solution.complete_by
    return _instant(complete_by) if complete_by > at else None


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


def task_assignment(case: Case, task: Task, why: str | None = None, reason: str | None = None) -> Facts:
    """`why` is said where it is no new task: reopened, compensates, handed_on."""
    former = case.policy.departments[task.handed_on[-1].department] if why == "handed_on" else None
    return {
        "task": task.id,
        "what": task.what,
        "category": _category(case),
        "level": case.level,
        "feedback_due": _open_due(case, PromiseKind.TASK_FEEDBACK, task.id),
        "completion_due": _open_due(case, PromiseKind.TASK_COMPLETION, task.id),
        "why": why,
        "reason": reason,
        "former": _plain(former.name) if former else None,
        "compensates": task.compensates,
        "outcome": task.outcome if why == "reopened" else None,
    }


def task_cancellation(case: Case, task: Task, why: str, reason: str | None) -> Facts:
    """`why` is what ended it: handed_on, revised, resolved, withdrawn, merged, suggestion."""
    passed_on = case.policy.departments[task.department] if why == "handed_on" else None
    return {
        "task": task.id,
        "what": task.what,
        "why": why,
        "reason": reason,
        "passed_on": _plain(passed_on.name) if passed_on else None,
    }


_COMPENSATION = {
    Language.CHINESE: "客户要求更改方案，请撤回或弥补贵部门在任务 {task} 中已完成的处理。\n\n"
    "原任务：{what}\n已完成：{outcome}\n客户的理由：{reason}",
    Language.ENGLISH: "The customer wants another solution: please undo or make good what you did for task {task}.\n\n"
    "The task was: {what}\nDone: {outcome}\nThe customer's reason: {reason}",
}
_EXCERPT, _GLIMPSE = 3000, 300


def _excerpt(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def compensation(case: Case, done: Task, reason: str) -> str:
    """What a department is asked to make good, in the language of the staff."""
    texts = {"what": done.what, "outcome": done.outcome or "—", "reason": reason}
    shortened = {name: _excerpt(text, _EXCERPT) for name, text in texts.items()}
    return _COMPENSATION[case.policy.staff_language].format(task=done.id, **shortened)


def reminder(case: Case, promise: Promise, fraction: float) -> Facts:
    return {
        "promise": promise.kind,
        "due": _instant(promise.due),
        "fraction": fraction,
        "task": promise.task,
        "stage": case.stage,
    }


def hold_over(case: Case, hold: Hold, running: Promise | None) -> Facts:
    """A hold has lasted as long as it may, whether or not a promise runs again by that."""
    return {**_running_again(case, running), "hold_over": hold.reason}


def answered(case: Case, channel: Channel, text: str, running: Promise | None) -> Facts:
    """The customer answered; `running` is a promise whose clock had waited for it, if there is one."""
    return {**_running_again(case, running), "answer": text, "answered_on": channel}


def _running_again(case: Case, running: Promise | None) -> Facts:
    return {
        "promise": running.kind if running else None,
        "due": _instant(running.due) if running else None,
        "stage": case.stage,
    }


def escalation(case: Case, raised: Escalation, title: Bilingual) -> Facts:
    """What it is about, from where it began on, whatever has become of it since; what is asked, and until when.

    `goes_on` says whether there is a level to which it goes if nobody acknowledges it.
    """
    cause = case.promise(raised.promise) if raised.promise else None
    ack = case.outstanding(PromiseKind.ESCALATION_ACK, escalation=raised.id)
    return {
        "escalation": raised.id,
        "level": raised.level,
        "title": _plain(title),
        "cause": raised.cause,
        "promise": cause.kind if cause else None,
        "due": _instant(cause.due or cause.start + cause.budget) if cause else None,
        "task": raised.task,
        "reason": raised.reason,
        "ack_due": _instant(ack.due) if ack else None,
        **_origin(case, raised),
        "subject": case.complaint.subject,
        "urgency": case.level,
        "category": _category(case),
        **_reasons(case, raised),
        "goes_on": _goes_on(case, raised),
    }


def _origin(case: Case, raised: Escalation) -> Facts:
    """Where an escalation began, and which department or message it is about."""
    task = case.task(raised.task) if raised.task else None
    department = case.department_about(raised) if task else None
    began, said = raised.began_as, raised.origin.reason if raised.origin else None
    return {
        "origin": began if began is not raised.cause else None,
        "said_first": said if said != raised.reason else None,
        "undelivered": _undelivered(case, raised),
        "department": _plain(case.policy.departments[department].name) if department else None,
        "what": _excerpt(task.what, _GLIMPSE) if task else None,
    }


def _undelivered(case: Case, raised: Escalation) -> str | None:
    """The kind of the message that did not reach the customer, where that is what an escalation is about."""
    if raised.origin is not None and raised.origin.message is not None:
        return raised.origin.message
    broken = case.promise(raised.promise) if raised.promise else None
    if broken is None or broken.cause is not BreachCause.UNDELIVERABLE or broken.answered_by is None:
        return None
    return broken.answered_by.rsplit("-", 1)[0]


def _goes_on(case: Case, raised: Escalation) -> bool:
    return raised.level < case.policy.top_of_chain()


def escalation_settled(case: Case, settled: Escalation) -> Facts:
    """Whose an escalation is from now on, for who was told of it before."""
    by = settled.taken_over_by
    return {
        "escalation": settled.id,
        "taken_over_by": _plain(by) if by else None,
        "stepped_down_to": settled.stepped_down_to,
        "reason": settled.stepped_down_reason,
    }


def escalation_dropped(dropped: Escalation, why: str, reason: str) -> Facts:
    """That an escalation is over, for who was told of it: `why` is reclassified or suggestion."""
    return {"escalation": dropped.id, "dropped": why, "reason": reason}


def red_alert(case: Case, raised: Escalation, title: Bilingual) -> Facts:
    ack = case.outstanding(PromiseKind.ESCALATION_ACK, escalation=raised.id)
    return {
        "escalation": raised.id,
        "level": raised.level,
        "title": _plain(title),
        "category": _category(case),
        "subject": case.complaint.subject,
        "ack_due": _instant(ack.due) if ack else None,
        "goes_on": _goes_on(case, raised),
        **_why_urgent(case, raised),
    }


def _why_urgent(case: Case, raised: Escalation) -> Facts:
    """The words of who made it urgent; the rules' reasons only where they did."""
    return {"reason": raised.reason} if raised.reason is not None else _urgent_by_rule(case)


def _reasons(case: Case, raised: Escalation) -> Facts:
    if raised.began_as is not EscalationCause.RED_ALERT:
        return _because(case, urgent=False)
    by_a_person = (raised.origin.reason if raised.origin else raised.reason) is not None
    return {} if by_a_person else _urgent_by_rule(case)


def _urgent_by_rule(case: Case) -> Facts:
    by_rule = case.triage is not None and case.triage.level_by != FILED
    return _because(case, urgent=True) if by_rule else {}


def reachable(case: Case) -> Colleague:
    """Who is reminded: the agent who took the case, or the desk where they left no address."""
    return case.caretaker if case.caretaker.routes() else case.policy.desk
