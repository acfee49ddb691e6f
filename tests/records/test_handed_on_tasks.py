"""The records of a task that went to another department: whose it is now, and whose breach it was."""

from complaints import commands as cmd
from complaints.vocabulary import PromiseKind
from records.tables import PromiseRow, TaskRow
from records.views import dependent_rows
from tests.complaints.support import Life


def test_a_breach_stays_with_the_department_that_had_the_task_then() -> None:
    life = Life()
    life.contact()
    task = life.task("logistics").id
    life.wait(70)
    life.ask(cmd.HandOnTask, task=task, department="finance", reason="费用由财务核对")
    rows = dependent_rows(life.case)
    row = rows[TaskRow, task]
    assert (row["department"], row["broken"]) == ("finance", [])
    assert row["feedback_due"] == life.promise(PromiseKind.TASK_FEEDBACK).due
    whose = [rows[PromiseRow, promise.id]["department"] for promise in life.case.promises if promise.task]
    assert whose == ["logistics", "logistics", "finance", "finance"]
