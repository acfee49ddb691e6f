"""Tasks: work asked of one department, on a clock nested in the case's own."""

from complaints import events as ev
from complaints import telling
from complaints.case import Case
from complaints.commands import AssignTask, CompleteTask, DeclineTask, GiveFeedback
from complaints.drafting import Draft
from complaints.promises import due_time
from complaints.refusals import Refusal
from complaints.rules.escalations import raise_escalation
from complaints.vocabulary import EscalationCause, EscalationLevel, PromiseKind, Stage, TaskState


def check_assign(case: Case, command: AssignTask) -> None:
    if command.department not in case.policy.departments:
        raise Refusal("unknown_department")


def assign(draft: Draft, command: AssignTask) -> None:
    task = _record_task(draft, command.department, command.what)
    _start_clocks(draft, task, command.minutes)
    _ask(draft, task)
    if draft.case.stage is Stage.CONTACTED:
        draft.enter(Stage.INVESTIGATING)
    elif draft.case.stage is Stage.AGREED:
        draft.enter(Stage.REMEDYING)


def assign_to(draft: Draft, department: str, what: str) -> None:
    """Put something to a department's backlog: a task without a clock."""
    _ask(draft, _record_task(draft, department, what))


def _record_task(draft: Draft, department: str, what: str) -> str:
    task = f"T-{draft.case.code}-{len(draft.case.tasks) + 1}"
    draft.record(ev.TaskAssigned(task=task, department=department, what=what))
    return task


def _ask(draft: Draft, task_id: str) -> None:
    task = draft.case.tasks[-1]
    draft.ask_department(task.department, telling.task_assignment(draft.case, task))


def _start_clocks(draft: Draft, task: str, minutes: int | None) -> None:
    """The task's own budgets, never beyond what the case itself has left for its solution."""
    case = draft.case
    completion = float(minutes or case.policy.budget(PromiseKind.TASK_COMPLETION, case.category))
    feedback = float(case.policy.budget(PromiseKind.TASK_FEEDBACK, case.category))
    remaining = _remaining_minutes(draft)
    if remaining is not None:
        completion = min(completion, remaining)
    draft.promise(PromiseKind.TASK_FEEDBACK, min(feedback, completion), task=task)
    draft.promise(PromiseKind.TASK_COMPLETION, completion, task=task)


def _remaining_minutes(draft: Draft) -> float | None:
    """The minutes of the policy that the open resolution has left, held or not; None where no such clock runs."""
    case, at = draft.case, draft.at
    for promise in case.open_promises(PromiseKind.RESOLUTION):
        holds = [hold for hold in case.holds if promise.kind in hold.promises]
        until_now = [hold if hold.ended_at else hold.model_copy(update={"ended_at": at}) for hold in holds]
        due = due_time(promise.start, promise.budget, until_now)
        if due is not None and due > at:
            return (due - at) / case.policy.span(1)
    return None


def check_task(case: Case, command: GiveFeedback | CompleteTask | DeclineTask) -> None:
    """Raise the refusal of a task that is over, or that this department may not know of."""
    task = case.task(command.task)
    if task is None or command.by.department not in (None, task.department):
        raise Refusal("task_unknown")
    if task.state is not TaskState.OPEN:
        raise Refusal("task_over")
    if isinstance(command, GiveFeedback) and task.feedback_at is not None:
        raise Refusal("feedback_given")


def give_feedback(draft: Draft, command: GiveFeedback) -> None:
    draft.record(ev.TaskFeedbackGiven(task=command.task, text=command.text))
    draft.keep(draft.case.outstanding(PromiseKind.TASK_FEEDBACK, task=command.task))


def complete(draft: Draft, command: CompleteTask) -> None:
    draft.record(ev.TaskCompleted(task=command.task, outcome=command.outcome))
    draft.keep(draft.case.outstanding(PromiseKind.TASK_FEEDBACK, task=command.task))
    draft.keep(draft.case.outstanding(PromiseKind.TASK_COMPLETION, task=command.task))


def decline(draft: Draft, command: DeclineTask) -> None:
    """A department that declines hands the matter to the team lead."""
    draft.record(ev.TaskDeclined(task=command.task, reason=command.reason))
    for promise in list(draft.case.open_promises(PromiseKind.TASK_FEEDBACK, PromiseKind.TASK_COMPLETION)):
        if promise.task == command.task:
            draft.record(ev.PromiseWaived(promise=promise.id, reason="declined"))
    raise_escalation(
        draft, EscalationLevel.TEAM_LEAD, EscalationCause.TASK_DECLINED, reason=command.reason, task=command.task
    )
