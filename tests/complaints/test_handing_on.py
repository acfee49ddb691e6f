"""A task that goes to another department: a new clock, and what the former one broke is not forgotten."""

from complaints import commands as cmd
from complaints.vocabulary import EscalationLevel, Level, MessageKind, PromiseKind, PromiseState, TaskState
from tests.complaints.support import AGENT, Life, department, policy, policy_content

FEEDBACK, COMPLETION = PromiseKind.TASK_FEEDBACK, PromiseKind.TASK_COMPLETION
LOGISTICS, FINANCE = department("logistics"), department("finance")
ONWARD = {"department": "finance", "reason": "费用由财务核对"}


def with_task() -> Life:
    life = Life()
    life.contact()
    life.task()
    return life


def task_of(life: Life) -> str:
    return life.case.tasks[0].id


def test_a_task_that_is_handed_on_belongs_to_the_other_department_on_new_clocks() -> None:
    life = with_task()
    life.wait(30)
    life.ask(cmd.HandOnTask, by=LOGISTICS, task=task_of(life), **ONWARD)
    (task,) = life.case.tasks
    assert (task.department, task.state) == ("finance", TaskState.OPEN)
    assert [(former.department, former.reason) for former in task.handed_on] == [("logistics", ONWARD["reason"])]
    assert [(p.state, p.waived_reason) for p in life.case.promises if p.task and p.kind is COMPLETION] == [
        (PromiseState.WAIVED, "handed_on"),
        (PromiseState.OPEN, None),
    ]
    assert (life.due(FEEDBACK), life.due(COMPLETION)) == (30 + 60, 30 + 120)


def test_the_new_departments_calendar_is_the_one_that_counts() -> None:
    departments = policy_content()["departments"]
    departments["finance"]["calendar"] = "mondays"
    calendars = {"mondays": {"hours": {"mon": ["09:00-12:00"]}}}
    life = Life(policy(departments=departments, calendars=calendars, promises=_ten_days()))
    life.contact()
    life.task()
    life.ask(cmd.HandOnTask, task=task_of(life), **ONWARD, minutes=90)
    due = life.promise(COMPLETION).due
    assert due is not None
    assert f"{due:%a %H:%M}" == "Mon 02:30"  # half past ten in Shanghai


def _ten_days() -> dict[str, object]:
    promises: dict[str, object] = policy_content()["promises"]
    return promises | {"resolution": {"minutes": 10 * 24 * 60}}


def test_both_departments_are_told() -> None:
    life = with_task()
    life.ask(cmd.HandOnTask, task=task_of(life), **ONWARD)
    (gone,) = life.told(MessageKind.TASK_CANCELLATION)
    assert gone.to.routes[0].address == "logistics@redress.example"
    assert (gone.facts["why"], gone.facts["reason"]) == ("handed_on", ONWARD["reason"])
    assert gone.facts["passed_on"] == {"zh": "财务部", "en": "Finance"}
    _, asked = life.told(MessageKind.TASK_ASSIGNMENT)
    assert asked.to.routes[0].address == "finance@redress.example"
    assert (asked.facts["why"], asked.facts["former"]) == ("handed_on", {"zh": "物流部", "en": "Logistics"})


def test_the_former_department_may_neither_finish_it_nor_know_of_it_any_more() -> None:
    life = with_task()
    life.ask(cmd.HandOnTask, task=task_of(life), **ONWARD)
    for kind, fields in (
        (cmd.GiveFeedback, {"text": "?"}),
        (cmd.CompleteTask, {"outcome": "?"}),
        (cmd.DeclineTask, {"reason": "?"}),
        (cmd.HandOnTask, {"department": "service", "reason": "?"}),
    ):
        assert life.refused(kind, by=LOGISTICS, task=task_of(life), **fields) == "task_unknown"
    life.ask(cmd.CompleteTask, by=FINANCE, task=task_of(life), outcome="已核对")
    assert life.promise(COMPLETION).state is PromiseState.KEPT


def test_what_the_former_department_broke_stays_broken_and_is_not_met_by_the_other_one() -> None:
    life = with_task()
    life.wait(70)
    life.ask(cmd.HandOnTask, task=task_of(life), **ONWARD)
    life.ask(cmd.CompleteTask, by=FINANCE, task=task_of(life), outcome="已核对")
    broken, kept = (promise for promise in life.case.promises if promise.kind is FEEDBACK)
    assert (broken.state, broken.met_at, life.case.department_of(broken)) == (PromiseState.BROKEN, None, "logistics")
    assert (kept.state, life.case.department_of(kept)) == (PromiseState.KEPT, "finance")


def test_whoever_was_told_of_the_breach_acknowledges_it_though_the_task_is_elsewhere_now() -> None:
    life = with_task()
    life.wait(60)
    (raised,) = life.case.escalations
    assert raised.level is EscalationLevel.TASK_SUPERVISOR
    life.ask(cmd.HandOnTask, task=task_of(life), **ONWARD)
    assert life.refused(cmd.Acknowledge, by=FINANCE, escalation=raised.id) == "escalation_unknown"
    life.ask(cmd.Acknowledge, by=LOGISTICS, escalation=raised.id)
    assert life.case.escalations[0].acknowledged_by == LOGISTICS


def test_a_late_new_department_is_heard_of_by_its_own_supervisor() -> None:
    life = with_task()
    life.ask(cmd.HandOnTask, task=task_of(life), **ONWARD)
    life.wait(60)
    assert [escalation.to.email for escalation in life.case.escalations] == ["finance.supervisor@redress.example"]


def test_a_task_goes_only_to_another_department_that_exists_and_only_while_it_is_open() -> None:
    life = with_task()
    task = task_of(life)
    assert life.refused(cmd.HandOnTask, task=task, department="logistics", reason="?") == "same_department"
    assert life.refused(cmd.HandOnTask, task=task, department="moon", reason="?") == "unknown_department"
    assert life.refused(cmd.HandOnTask, task="T-none", **ONWARD) == "task_unknown"
    assert life.refused(cmd.HandOnTask, by=FINANCE, task=task, department="service", reason="?") == "task_unknown"
    life.ask(cmd.CompleteTask, task=task, outcome="完成")
    assert life.refused(cmd.HandOnTask, task=task, **ONWARD) == "task_over"


def test_a_suggestion_that_is_handed_on_still_has_no_clock() -> None:
    life = Life(level=Level.SUGGESTION)
    life.ask(cmd.HandOnTask, by=AGENT, task=task_of(life), **ONWARD)
    assert life.case.tasks[0].department == "finance"
    assert not life.case.promises


def test_a_department_hears_that_its_task_is_needed_no_longer() -> None:
    for ends, why in ((_withdraw, "withdrawn"), (_merge, "merged"), (_resolve, "resolved"), (_suggest, "suggestion")):
        life = with_task()
        ends(life)
        (told,) = life.told(MessageKind.TASK_CANCELLATION)
        assert (told.facts["why"], told.facts["task"]) == (why, task_of(life))
        assert life.case.tasks[0].state is TaskState.CANCELLED


def test_in_the_first_edition_no_department_heard_of_it() -> None:
    life = Life(policy(edition=1))
    life.contact()
    life.task()
    _withdraw(life)
    assert not life.told(MessageKind.TASK_CANCELLATION)


def _withdraw(life: Life) -> None:
    life.ask(cmd.Withdraw, reason="已解决")


def _merge(life: Life) -> None:
    life.ask(cmd.Merge, into="C-20261120-0000000000", reason="重复")


def _resolve(life: Life) -> None:
    life.propose()
    life.ask(cmd.AcceptSolution)
    life.ask(cmd.CompleteRemedy)


def _suggest(life: Life) -> None:
    life.ask(cmd.Classify, level=Level.SUGGESTION, reason="其实是建议")
