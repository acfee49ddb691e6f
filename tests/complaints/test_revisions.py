"""A revision reopens what led to the refused plan, stops what carried it out, and has made good what was done of it."""

from complaints import commands as cmd
from complaints.vocabulary import Language, Level, MessageKind, PromiseKind, PromiseState, TaskState
from tests.complaints.support import Life, department, policy

FEEDBACK, COMPLETION, RESOLUTION = PromiseKind.TASK_FEEDBACK, PromiseKind.TASK_COMPLETION, PromiseKind.RESOLUTION
OPEN, COMPLETED, CANCELLED = TaskState.OPEN, TaskState.COMPLETED, TaskState.CANCELLED
WHY = "想换货，不要退款"


def done(life: Life, to: str = "logistics") -> str:
    """A task that its department has completed."""
    task = life.task(to).id
    life.ask(cmd.CompleteTask, by=department(to), task=task, outcome="已核实")
    return task


def states(life: Life) -> list[TaskState]:
    return [task.state for task in life.case.tasks]


def investigated() -> Life:
    life = Life()
    life.contact()
    done(life)
    return life


def test_what_led_to_the_refused_plan_is_done_again_on_new_clocks() -> None:
    life = investigated()
    life.propose()
    life.wait(30)
    life.ask(cmd.RequestRevision, reason=WHY)
    (task,) = life.case.tasks
    assert (task.state, task.reopened, task.outcome) == (OPEN, 1, "已核实")
    assert [life.due(FEEDBACK), life.due(COMPLETION), life.due(RESOLUTION)] == [90, 150, 150]
    assert life.promise(COMPLETION).within == life.promise(RESOLUTION).id
    assert [p.state for p in life.case.promises if p.kind is COMPLETION] == [PromiseState.KEPT, PromiseState.OPEN]
    _, again = life.told(MessageKind.TASK_ASSIGNMENT)
    assert (again.facts["why"], again.facts["reason"], again.facts["outcome"]) == ("reopened", WHY, "已核实")
    life.ask(cmd.GiveFeedback, by=department("logistics"), task=task.id, text="可以换货")
    life.ask(cmd.CompleteTask, by=department("logistics"), task=task.id, outcome="可以换货")
    assert life.case.tasks[0].outcome == "可以换货"


def test_what_is_under_way_before_the_agreement_goes_on() -> None:
    life = Life()
    life.contact()
    life.task()
    life.propose()
    life.ask(cmd.RequestRevision, reason=WHY)
    assert states(life) == [OPEN]
    assert len(life.told(MessageKind.TASK_ASSIGNMENT)) == 1


def test_what_carried_the_agreement_out_is_stopped_or_made_good() -> None:
    life = investigated()
    life.propose()
    life.ask(cmd.AcceptSolution)
    paid = done(life, "finance")
    life.task("service")
    life.ask(cmd.RequestRevision, reason=WHY)
    assert states(life) == [OPEN, COMPLETED, CANCELLED, OPEN]
    good = life.case.tasks[-1]
    assert (good.department, good.compensates) == ("finance", paid)
    for part in (paid, "请核实包裹去向", "已核实", WHY):
        assert part in good.what
    assert life.promise(COMPLETION).task == good.id
    assert life.promise(COMPLETION).is_open()
    (stopped,) = life.told(MessageKind.TASK_CANCELLATION)
    assert (stopped.facts["why"], stopped.facts["reason"]) == ("revised", WHY)
    assert stopped.to.routes[0].address == "service@redress.example"
    waived = [p.kind for p in life.case.promises if p.waived_reason == "revised"]
    assert waived == [FEEDBACK, COMPLETION]


def test_a_second_revision_touches_only_what_was_for_the_second_plan() -> None:
    life = investigated()
    life.propose()
    life.ask(cmd.AcceptSolution)
    done(life, "finance")
    life.ask(cmd.RequestRevision, reason=WHY)
    again, _, good = (task.id for task in life.case.tasks)
    life.ask(cmd.CompleteTask, task=again, outcome="可以换货")
    life.ask(cmd.CompleteTask, task=good, outcome="退款已撤回")
    life.propose()
    life.ask(cmd.RequestRevision, reason="还是想退款")
    assert states(life) == [OPEN, COMPLETED, COMPLETED]
    assert life.case.tasks[0].reopened == 2


def test_a_task_given_in_one_round_and_done_in_the_next_led_to_the_nexts_plan() -> None:
    life = Life()
    life.contact()
    task = life.task()
    life.propose()
    life.ask(cmd.RequestRevision, reason=WHY)
    life.ask(cmd.CompleteTask, task=task.id, outcome="已核实")
    life.propose()
    life.ask(cmd.RequestRevision, reason="还是不行")
    assert (states(life), life.case.tasks[0].reopened) == ([OPEN], 1)


def test_an_agent_may_name_what_is_done_again_and_what_is_made_good() -> None:
    life = investigated()
    second = done(life, "finance")
    life.propose()
    life.ask(cmd.RequestRevision, reason=WHY, compensate=(second,))
    assert states(life) == [COMPLETED, COMPLETED, OPEN]
    assert life.case.tasks[-1].compensates == second


def test_an_agent_may_leave_all_that_is_done_as_it_is() -> None:
    life = investigated()
    life.propose()
    life.ask(cmd.RequestRevision, reason=WHY, reopen=())
    assert states(life) == [COMPLETED]


def test_only_what_is_known_and_done_is_named_and_once() -> None:
    life = investigated()
    known = life.case.tasks[0].id
    still_open = life.task().id
    life.propose()
    assert life.refused(cmd.RequestRevision, reason=WHY, reopen=("T-none",)) == "named_task_unknown"
    assert life.refused(cmd.RequestRevision, reason=WHY, compensate=(still_open,)) == "task_not_completed"
    assert life.refused(cmd.RequestRevision, reason=WHY, reopen=(known,), compensate=(known,)) == "task_named_twice"
    assert life.refused(cmd.RequestRevision, reason=WHY, reopen=(known, known)) == "task_named_twice"
    assert life.case.stage == "proposed"


def test_a_task_that_makes_good_another_can_be_asked_for_by_hand() -> None:
    life = investigated()
    first = life.case.tasks[0].id
    life.task("finance", compensates=first)
    assert life.case.tasks[-1].compensates == first
    assert life.told(MessageKind.TASK_ASSIGNMENT)[-1].facts["why"] == "compensates"
    refused = {"department": "finance", "what": "?"}
    assert life.refused(cmd.AssignTask, **refused, compensates="T-none") == "named_task_unknown"
    assert life.refused(cmd.AssignTask, **refused, compensates=life.case.tasks[-1].id) == "task_not_completed"


def test_a_suggestion_of_the_backlog_is_left_alone() -> None:
    life = Life(level=Level.SUGGESTION)
    life.ask(cmd.Classify, level=Level.GENERAL, reason="其实是投诉")
    life.ask(cmd.CompleteTask, task=life.case.tasks[0].id, outcome="下一版采纳")
    life.contact()
    life.propose()
    life.ask(cmd.RequestRevision, reason=WHY)
    assert states(life) == [COMPLETED]


def test_what_is_asked_is_cut_short_where_people_wrote_at_length_and_in_the_language_of_the_staff() -> None:
    life = Life(policy(staff_language=Language.ENGLISH))
    life.contact()
    life.ask(cmd.AssignTask, department="finance", what="长" * 10_000)
    life.ask(cmd.CompleteTask, task=life.case.tasks[0].id, outcome="好" * 10_000)
    life.propose()
    life.ask(cmd.RequestRevision, reason="烦" * 10_000, compensate=(life.case.tasks[0].id,))
    good = life.case.tasks[-1]
    assert good.what.startswith("The customer wants another solution")
    assert len(good.what) < 10_000
    assert "烦…" in good.what


def test_in_the_first_edition_a_revision_leaves_all_tasks_alone() -> None:
    life = Life(policy(edition=1))
    life.contact()
    done(life)
    life.propose()
    life.ask(cmd.AcceptSolution)
    life.task("finance")
    life.ask(cmd.RequestRevision, reason=WHY)
    assert states(life) == [COMPLETED, OPEN]
    assert life.case.tasks[0].round == 1
    assert not life.case.tasks[1].carries_out


def compensating() -> Life:
    """A second solution is agreed on while the work for the first is still to be made good."""
    life = Life()
    life.agree()
    done(life, "finance")
    life.ask(cmd.RequestRevision, reason=WHY)
    life.propose()
    life.ask(cmd.AcceptSolution)
    return life


def test_a_remedy_is_not_done_while_what_makes_good_the_former_one_is_open() -> None:
    life = compensating()
    good = life.case.tasks[-1].id
    assert life.refused(cmd.CompleteRemedy) == "compensation_open"
    assert life.case.task(good) in life.case.open_tasks()
    life.ask(cmd.CompleteTask, task=good, outcome="退款已撤回")
    life.ask(cmd.CompleteRemedy)
    assert life.case.stage == "resolved"


def test_a_department_that_cannot_make_it_good_does_not_keep_the_remedy_from_being_done() -> None:
    life = compensating()
    life.ask(cmd.DeclineTask, task=life.case.tasks[-1].id, reason="款项已被提取")
    life.ask(cmd.CompleteRemedy)
    assert life.case.stage == "resolved"


def test_in_a_stage_that_knows_no_remedy_that_is_what_is_said() -> None:
    life = compensating()
    life.ask(cmd.RequestRevision, reason=WHY)
    assert life.refused(cmd.CompleteRemedy) == "stage_forbids"


def test_in_the_first_edition_an_open_compensation_is_cancelled_as_it_was() -> None:
    life = Life(policy(edition=1, silence=None))
    life.agree()
    life.task("finance", compensates=done(life, "finance"))
    life.ask(cmd.CompleteRemedy)
    assert states(life)[-1] == CANCELLED
