"""Tasks: work asked of a department, on clocks nested in the case's own."""

import pytest

from complaints import commands as cmd
from complaints.vocabulary import EscalationLevel, MessageKind, PromiseKind, PromiseState, TaskState
from tests.complaints.support import Life, department

FEEDBACK, COMPLETION = PromiseKind.TASK_FEEDBACK, PromiseKind.TASK_COMPLETION
LOGISTICS = department("logistics")


def contacted() -> Life:
    life = Life()
    life.contact()
    return life


def test_a_task_starts_an_investigation_and_is_put_to_its_department() -> None:
    life = contacted()
    task = life.task()
    assert life.case.stage == "investigating"
    (asked,) = life.told(MessageKind.TASK_ASSIGNMENT)
    assert asked.to.routes[0].address == "logistics@redress.example"
    assert asked.facts["task"] == task.id
    assert (life.due(FEEDBACK), life.due(COMPLETION)) == (60, 120)


def test_a_task_may_bring_its_own_time() -> None:
    life = contacted()
    life.task(minutes=30)
    assert (life.due(FEEDBACK), life.due(COMPLETION)) == (30, 30)


def test_a_task_never_has_more_time_than_the_case_has_left() -> None:
    life = contacted()
    life.wait(200)
    life.task(minutes=600)
    assert (life.due(FEEDBACK), life.due(COMPLETION)) == (240, 240)


def test_the_first_opinion_keeps_the_feedback_and_the_work_goes_on() -> None:
    life = contacted()
    task = life.task()
    life.wait(59)
    life.ask(cmd.GiveFeedback, by=LOGISTICS, task=task.id, text="包裹在中转站")
    assert life.promise(FEEDBACK).state is PromiseState.KEPT
    assert life.promise(COMPLETION).is_open()
    assert life.refused(cmd.GiveFeedback, task=task.id, text="再说一次") == "feedback_given"


def test_a_completed_task_keeps_both_of_its_promises() -> None:
    life = contacted()
    task = life.task()
    life.ask(cmd.CompleteTask, by=LOGISTICS, task=task.id, outcome="已补发")
    assert life.promise(FEEDBACK).state is life.promise(COMPLETION).state is PromiseState.KEPT
    assert life.case.tasks[0].state is TaskState.COMPLETED
    for kind, fields in ((cmd.CompleteTask, {"outcome": "?"}), (cmd.DeclineTask, {"reason": "?"})):
        assert life.refused(kind, task=task.id, **fields) == "task_over"


def test_a_late_task_is_heard_of_by_its_own_supervisor_first_and_then_by_the_chain() -> None:
    life = contacted()
    life.task()
    life.wait(60)
    assert life.escalations() == [(EscalationLevel.TASK_SUPERVISOR, "promise_broken")]
    assert life.escalation().to.email == "logistics.supervisor@redress.example"
    life.wait(15 * 3)
    assert [level for level, _ in life.escalations()] == [0, 1, 2, 3]
    assert {escalation.task for escalation in life.case.escalations} == {life.case.tasks[0].id}


def test_a_department_is_reminded_of_its_own_task() -> None:
    life = contacted()
    life.task()
    life.wait(48)
    reminders = [message for message in life.told(MessageKind.REMINDER) if message.facts["task"]]
    assert [message.to.routes[0].address for message in reminders] == ["logistics@redress.example"]


def test_a_declined_task_goes_to_the_team_lead_and_its_clocks_end() -> None:
    life = contacted()
    task = life.task()
    life.ask(cmd.DeclineTask, by=LOGISTICS, task=task.id, reason="不归我们管")
    assert life.promise(FEEDBACK).state is life.promise(COMPLETION).state is PromiseState.WAIVED
    assert life.case.tasks[0].state is TaskState.DECLINED
    assert life.escalations() == [(EscalationLevel.TEAM_LEAD, "task_declined")]
    assert life.escalation().reason == "不归我们管"


def test_declining_one_task_leaves_the_others_running() -> None:
    life = contacted()
    first, second = life.task(), life.task("finance")
    life.ask(cmd.DeclineTask, task=first.id, reason="不归我们管")
    assert [p.is_open() for p in life.case.promises if p.task == second.id] == [True, True]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (cmd.GiveFeedback, {"text": "?"}),
        (cmd.CompleteTask, {"outcome": "?"}),
        (cmd.DeclineTask, {"reason": "?"}),
    ],
)
def test_a_department_cannot_tell_another_ones_task_from_one_that_does_not_exist(
    kind: type[cmd.BaseCommand], fields: dict[str, str]
) -> None:
    life = contacted()
    task = life.task("finance")
    assert life.refused(kind, by=LOGISTICS, task=task.id, **fields) == "task_unknown"
    assert life.refused(kind, by=LOGISTICS, task="T-none", **fields) == "task_unknown"


def test_a_department_that_does_not_exist_gets_no_task() -> None:
    assert contacted().refused(cmd.AssignTask, department="moon", what="?") == "unknown_department"


def test_a_task_after_the_agreement_begins_the_remedy() -> None:
    life = Life()
    life.agree()
    life.task()
    assert life.case.stage == "remedying"


def test_a_task_given_before_the_first_contact_makes_it_an_investigation_afterwards() -> None:
    life = Life()
    life.task()
    assert life.case.stage == "received"
    life.contact()
    assert life.stages() == ["contacted", "investigating"]


def test_open_tasks_are_cancelled_when_the_remedy_is_done() -> None:
    life = Life()
    life.agree()
    life.task()
    life.ask(cmd.CompleteRemedy)
    assert life.case.tasks[0].state is TaskState.CANCELLED
    assert life.promise(COMPLETION).waived_reason == "resolved"
