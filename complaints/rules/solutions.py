"""Solutions in rounds: put to the customer, accepted or sent back."""

from datetime import datetime
from typing import NamedTuple

from complaints import events as ev
from complaints import telling
from complaints.case import Case, Task
from complaints.commands import AcceptSolution, ProposeSolution, RequestRevision
from complaints.drafting import Draft
from complaints.refusals import Refusal
from complaints.rules import tasks
from complaints.rules.agreeing import Decided, agree, customer_has_decided, tell_caretaker
from complaints.rules.contact import let_customer_consider
from complaints.rules.life import promise_resolution
from complaints.vocabulary import MessageKind, PromiseKind, Stage, TaskState

REVISED = "revised"


def check_propose(case: Case, command: ProposeSolution, at: datetime) -> None:
    if case.stage is Stage.RECEIVED:
        raise Refusal("not_contacted")
    if missing := command.solution.missing_for(case.category):
        raise Refusal("solution_incomplete", missing=", ".join(missing))
    if command.solution.complete_by <= at:
        raise Refusal("solution_in_the_past")


def propose(draft: Draft, command: ProposeSolution) -> None:
    """The clock is held while the customer considers; the promise is kept once the solution has reached them."""
    if draft.case.stage is Stage.CONTACTED:
        draft.enter(Stage.INVESTIGATING)
    draft.record(ev.SolutionProposed(round=draft.case.round, solution=command.solution, told_on=command.told_on))
    draft.enter(Stage.PROPOSED)
    let_customer_consider(draft)
    owed = draft.case.outstanding(PromiseKind.RESOLUTION)
    draft.answer(owed, draft.tell_customer(MessageKind.SOLUTION, telling.solution(draft.case)))
    if command.told_on is not None:
        draft.keep(owed)


def accept(draft: Draft, command: AcceptSolution) -> None:
    agree(draft)
    tell_caretaker(draft, command.by, Decided.ACCEPTED)


def check_revision(case: Case, command: RequestRevision) -> None:
    named = [*(command.reopen or ()), *(command.compensate or ())]
    for task in named:
        tasks.check_completed(case, task)
    if len(set(named)) < len(named):
        raise Refusal("task_named_twice")


def request_revision(draft: Draft, command: RequestRevision) -> None:
    """Another solution is wanted, or the agreed one turns out to be impossible; what the departments did follows."""
    touched = _touched(draft.case, command)
    customer_has_decided(draft)
    draft.record(ev.RevisionRequested(round=draft.case.round, reason=command.reason))
    draft.enter(Stage.INVESTIGATING)
    promise_resolution(draft, revision=True)
    for task in touched.cancelled:
        tasks.call_off(draft, task, REVISED, command.reason)
    for task in touched.reopened:
        tasks.reopen(draft, task, command.reason)
    for task in touched.compensated:
        tasks.assign_compensation(draft, task, command.reason)
    tell_caretaker(draft, command.by, Decided.REVISION, command.reason)


class _Touched(NamedTuple):
    """The tasks that a revision makes void, wants done again, or wants made good."""

    cancelled: tuple[Task, ...] = ()
    reopened: tuple[Task, ...] = ()
    compensated: tuple[Task, ...] = ()


def _touched(case: Case, command: RequestRevision) -> _Touched:
    """What led to the refused plan is done again; what carried it out is stopped, or made good where it was done.

    The command may name which completed tasks instead. In the first edition a revision left all tasks alone.
    """
    reopened, compensated = command.reopen, command.compensate
    cancelled: tuple[Task, ...] = ()
    if case.policy.edition > 1:
        cancelled = tuple(task for task in case.open_tasks() if task.carries_out)
    if reopened is not None or compensated is not None:
        return _Touched(cancelled, _named(case, reopened or ()), _named(case, compensated or ()))
    if case.policy.edition == 1:
        return _Touched()
    done = [task for task in case.tasks if task.state is TaskState.COMPLETED and _of_this_round(case, task)]
    again = tuple(task for task in done if not task.carries_out and task.compensates is None)
    return _Touched(cancelled, again, tuple(task for task in done if task.carries_out))


def _of_this_round(case: Case, task: Task) -> bool:
    """Whether a task was for the present round's solution: one of a department's backlog, without clocks, never is."""
    return task.round == case.round and any(promise.task == task.id for promise in case.promises)


def _named(case: Case, ids: tuple[str, ...]) -> tuple[Task, ...]:
    return tuple(task for task in case.tasks if task.id in ids)
