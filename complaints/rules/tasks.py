"""Tasks: work asked of one department, on a clock nested in the case's own."""

from complaints import events as ev
from complaints import telling
from complaints.case import Case, Task
from complaints.commands import AssignTask, CompleteTask, DeclineTask, GiveFeedback, HandOnTask
from complaints.drafting import Draft
from complaints.promises import Promise, due_time
from complaints.refusals import Refusal
from complaints.rules.escalations import raise_escalation
from complaints.vocabulary import (
    UPDATED_STAGES,
    EscalationCause,
    EscalationLevel,
    MessageKind,
    PromiseKind,
    Stage,
    TaskState,
)

CLOCKS = (PromiseKind.TASK_FEEDBACK, PromiseKind.TASK_COMPLETION)
HANDED_ON, DECLINED = "handed_on", "declined"


def check_assign(case: Case, command: AssignTask) -> None:
    if command.department not in case.policy.departments:
        raise Refusal("unknown_department")
    if command.compensates is not None:
        check_completed(case, command.compensates)


def check_completed(case: Case, task_id: str) -> None:
    """Raise the refusal of a task whose work cannot be done again or made good, because it was not done."""
    task = case.task(task_id)
    if task is None:
        raise Refusal("named_task_unknown")
    if task.state is not TaskState.COMPLETED:
        raise Refusal("task_not_completed")


def assign(draft: Draft, command: AssignTask) -> None:
    task = _record_task(draft, command.department, command.what, command.compensates)
    _start_clocks(draft, task, command.minutes)
    _ask(draft, task, "compensates" if command.compensates else None)
    if draft.case.stage is Stage.CONTACTED:
        draft.enter(Stage.INVESTIGATING)
    elif draft.case.stage is Stage.AGREED:
        draft.enter(Stage.REMEDYING)


def assign_to(draft: Draft, department: str, what: str) -> None:
    """Put something to a department's backlog: a task without a clock."""
    _ask(draft, _record_task(draft, department, what))


def assign_compensation(draft: Draft, done: Task, reason: str) -> None:
    """Ask a department to make good what it has done, since the customer wants something else."""
    what = telling.compensation(draft.case, done, reason)
    task = _record_task(draft, done.department, what, done.id)
    _start_clocks(draft, task)
    _ask(draft, task, "compensates", reason)


def reopen(draft: Draft, task: Task, reason: str) -> None:
    """Ask a department to do its part again, on new clocks; what was broken before stays broken."""
    draft.record(ev.TaskReopened(task=task.id, reason=reason))
    _start_clocks(draft, task.id)
    _ask(draft, task.id, "reopened", reason)


def _record_task(draft: Draft, department: str, what: str, compensates: str | None = None) -> str:
    task = f"T-{draft.case.code}-{len(draft.case.tasks) + 1}"
    assigned = ev.TaskAssigned(task=task, department=department, what=what)
    if compensates is not None:
        assigned = ev.TaskAssigned(task=task, department=department, what=what, compensates=compensates)
    draft.record(assigned)
    return task


def _ask(draft: Draft, task_id: str, why: str | None = None, reason: str | None = None) -> None:
    task = _known(draft.case, task_id)
    facts = telling.task_assignment(draft.case, task, why, reason)
    draft.tell_department(MessageKind.TASK_ASSIGNMENT, task.department, facts)


def _known(case: Case, task_id: str) -> Task:
    task = case.task(task_id)
    if task is None:
        raise Refusal("task_unknown")
    return task


# --- clocks


def _start_clocks(draft: Draft, task: str, minutes: int | None = None) -> None:
    """The task's own time on its department's calendar, never beyond the due time of the case's solution."""
    case = draft.case
    completion = minutes or case.terms(PromiseKind.TASK_COMPLETION).minutes
    feedback = case.terms(PromiseKind.TASK_FEEDBACK).minutes
    if case.policy.edition == 1:
        _start_within_what_is_left(draft, task, feedback, completion)
        return
    calendar = case.policy.departments[_known(case, task).department].calendar
    around = _resolution_ahead(draft)
    within = around.id if around is not None else None
    for kind, budget in ((CLOCKS[0], min(feedback, completion)), (CLOCKS[1], completion)):
        draft.promise(kind, budget, calendar=calendar, task=task, within=within)


def _resolution_ahead(draft: Draft) -> Promise | None:
    """The case's open solution promise, held or with time left: on its very stroke nothing can stand within it."""
    open_ones = draft.case.open_promises(PromiseKind.RESOLUTION)
    return next((promise for promise in open_ones if promise.due is None or promise.due > draft.at), None)


def _start_within_what_is_left(draft: Draft, task: str, feedback: float, completion: float) -> None:
    """The first edition's way: what the solution has left at this moment is the most that the task gets, for good."""
    remaining = _remaining_minutes(draft)
    if remaining is not None:
        completion = min(completion, remaining)
    draft.promise(PromiseKind.TASK_FEEDBACK, min(feedback, completion), task=task)
    draft.promise(PromiseKind.TASK_COMPLETION, completion, task=task)


def _remaining_minutes(draft: Draft) -> float | None:
    """The minutes of the policy that the open resolution has left, held or not; None where no such clock runs."""
    case, at = draft.case, draft.at
    for promise in case.open_promises(PromiseKind.RESOLUTION):
        holds = case.holds_on(promise.kind)
        until_now = [hold if hold.ended_at else hold.model_copy(update={"ended_at": at}) for hold in holds]
        due = due_time(promise.start, promise.budget, until_now)
        if due is not None and due > at:
            return (due - at) / case.policy.span(1)
    return None


def _stop_clocks(draft: Draft, task: str, reason: str) -> None:
    for promise in list(draft.case.open_promises(*CLOCKS)):
        if promise.task == task:
            draft.record(ev.PromiseWaived(promise=promise.id, reason=reason))


# --- what becomes of a task


def check_task(case: Case, command: GiveFeedback | CompleteTask | DeclineTask | HandOnTask) -> None:
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
    _keep(draft, command.task, PromiseKind.TASK_FEEDBACK)


def complete(draft: Draft, command: CompleteTask) -> None:
    draft.record(ev.TaskCompleted(task=command.task, outcome=command.outcome))
    _keep(draft, command.task, *CLOCKS)


def _keep(draft: Draft, task: str, *kinds: PromiseKind) -> None:
    """Keep the newest promises of a task: what a former department has broken it can no longer do, late or not."""
    for kind in kinds:
        draft.keep(draft.case.newest_of_task(kind, task))


def decline(draft: Draft, command: DeclineTask) -> None:
    """A department that declines hands the matter to the team lead."""
    draft.record(ev.TaskDeclined(task=command.task, reason=command.reason))
    _stop_clocks(draft, command.task, DECLINED)
    raise_escalation(
        draft, EscalationLevel.TEAM_LEAD, EscalationCause.TASK_DECLINED, reason=command.reason, task=command.task
    )


def check_hand_on(case: Case, command: HandOnTask) -> None:
    check_task(case, command)
    if command.department not in case.policy.departments:
        raise Refusal("unknown_department")
    if command.department == _known(case, command.task).department:
        raise Refusal("same_department")


def hand_on(draft: Draft, command: HandOnTask) -> None:
    """Another department has the task, on clocks of its own; the former one is told that it has it no longer."""
    former = _known(draft.case, command.task).department
    draft.record(ev.TaskHandedOn(task=command.task, department=command.department, reason=command.reason))
    _stop_clocks(draft, command.task, HANDED_ON)
    if draft.case.stage in UPDATED_STAGES:
        _start_clocks(draft, command.task, command.minutes)
    _tell_cancelled(draft, former, command.task, HANDED_ON, command.reason)
    _ask(draft, command.task, HANDED_ON, command.reason)


def cancel(draft: Draft, task: Task, why: str, reason: str | None = None) -> None:
    """The department's part is wanted no longer; `reason` is what a person said about it. Its clocks run on."""
    draft.record(ev.TaskCancelled(task=task.id, reason=why))
    # In the first edition the department was not told.
    if draft.case.policy.edition > 1:
        _tell_cancelled(draft, task.department, task.id, why, reason)


def call_off(draft: Draft, task: Task, why: str, reason: str) -> None:
    """Cancel a task and end its clocks, in a case that goes on without it."""
    cancel(draft, task, why, reason)
    _stop_clocks(draft, task.id, why)


def _tell_cancelled(draft: Draft, department: str, task_id: str, why: str, reason: str | None) -> None:
    facts = telling.task_cancellation(draft.case, _known(draft.case, task_id), why, reason)
    draft.tell_department(MessageKind.TASK_CANCELLATION, department, facts)
