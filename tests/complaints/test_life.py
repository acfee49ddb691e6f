"""The ways in which a complaint ends, rests, or begins again."""

import pytest

from complaints import Refusal, open_case, rings
from complaints import commands as cmd
from complaints.vocabulary import Level, MessageKind, PromiseKind, PromiseState, Stage, TaskState
from tests.complaints.support import START, Life, filing

REOPENING = 30 * 24 * 60


def test_the_main_path_goes_through_every_stage() -> None:
    life = Life()
    life.contact()
    life.ask(cmd.AddEvidence, description="漏水的照片")
    life.propose()
    life.ask(cmd.AcceptSolution)
    life.ask(cmd.StartRemedy)
    life.ask(cmd.CompleteRemedy)
    life.ask(cmd.AnswerSurvey, satisfied=True)
    assert life.stages() == [
        "contacted",
        "investigating",
        "proposed",
        "agreed",
        "remedying",
        "resolved",
        "closed",
    ]
    assert {promise.state for promise in life.case.promises} <= {PromiseState.KEPT, PromiseState.WAIVED}
    assert life.folded() == life.case


def test_a_category_that_the_policy_lacks_is_refused_at_the_door() -> None:
    with pytest.raises(Refusal) as refusal:
        open_case(filing(category="weather"), START)
    assert refusal.value.name == "unknown_category"


@pytest.mark.parametrize("how", [cmd.Withdraw, cmd.Merge])
def test_a_withdrawn_or_merged_complaint_ends_all_that_runs_and_tells_the_customer(
    how: type[cmd.BaseCommand],
) -> None:
    life = Life()
    life.contact()
    life.task()
    into = {"into": "C-20261101-0000000000"} if how is cmd.Merge else {}
    life.ask(how, reason="客户要求", **into)
    assert life.case.stage in (Stage.WITHDRAWN, Stage.MERGED)
    assert life.case.is_finished
    assert not list(life.case.open_promises())
    assert life.case.tasks[0].state is TaskState.CANCELLED
    assert not rings(life.case, life.at)
    assert life.sent[-1].kind in (MessageKind.WITHDRAWAL_CONFIRMATION, MessageKind.MERGE_NOTICE)
    assert life.refused(cmd.SendUpdate, text="?") == "case_finished"


def test_what_was_broken_before_a_withdrawal_stays_broken() -> None:
    life = Life()
    life.wait(30)
    life.ask(cmd.Withdraw, reason="客户要求")
    assert life.promise(PromiseKind.FIRST_CONTACT).state is PromiseState.BROKEN
    assert life.promise(PromiseKind.ESCALATION_ACK).state is PromiseState.WAIVED


def test_a_notice_that_fails_after_the_end_raises_nothing_that_nobody_will_ever_answer() -> None:
    life = Life(post_works=False)
    life.contact()
    life.ask(cmd.ExtendResolution, reason="检测", message="需要更多时间")
    notice = life.case.pending[-1].id
    life.ask(cmd.Withdraw, reason="客户要求")
    life.fail(notice)
    assert not life.case.escalations
    assert not list(life.case.open_promises())


def test_a_late_solution_that_fails_after_the_end_raises_nothing_either() -> None:
    life = Life(post_works=False)
    life.contact()
    life.sleep(300)
    life.propose()
    late = life.told(MessageKind.SOLUTION)[0].id
    life.ask(cmd.Withdraw, reason="客户要求")
    before = life.escalations()
    life.fail(late)
    assert life.escalations() == before
    assert not list(life.case.open_promises())


def test_a_merged_complaint_names_the_case_that_goes_on() -> None:
    life = Life()
    assert life.refused(cmd.Merge, into=life.case.reference, reason="重复") == "merge_into_itself"
    life.ask(cmd.Merge, into="C-20261101-0000000000", reason="重复")
    assert life.case.merged_into == "C-20261101-0000000000"
    assert life.told(MessageKind.MERGE_NOTICE)[0].facts["into"] == "C-20261101-0000000000"


def test_a_closed_case_is_reopened_within_its_time_with_new_promises() -> None:
    life = Life()
    life.close()
    life.wait(REOPENING - 1)
    life.ask(cmd.Reopen, reason="又漏水了")
    assert (life.case.stage, life.case.round) == (Stage.INVESTIGATING, 2)
    at = life.minutes(life.at)
    assert life.due(PromiseKind.RESOLUTION) == at + 240
    assert life.due(PromiseKind.PROGRESS_UPDATE) == at + 120


def test_the_stroke_is_the_last_moment_to_reopen_a_case() -> None:
    life = Life()
    life.close()
    life.sleep(REOPENING)
    life.ask(cmd.Reopen, reason="又漏水了")
    assert life.case.stage == "investigating"
    life = Life()
    life.close()
    life.sleep(REOPENING + 1)
    assert life.refused(cmd.Reopen, reason="又漏水了") == "case_finished"
    life.ring()
    assert life.case.is_finished


def test_a_suggestion_is_thanked_and_put_to_the_product_department() -> None:
    life = Life(level=Level.SUGGESTION)
    assert life.case.stage == "suggestion"
    assert not life.case.promises
    kinds = [message.kind for message in life.sent]
    assert kinds == [MessageKind.SUGGESTION_THANKS, MessageKind.TASK_ASSIGNMENT]
    assert life.case.tasks[0].department == "product"


def test_a_complaint_found_to_be_a_suggestion_ends_its_clocks() -> None:
    life = Life()
    life.contact()
    life.ask(cmd.Classify, level=Level.SUGGESTION, reason="其实是建议")
    assert life.case.stage == "suggestion"
    assert {promise.state for promise in life.case.promises} == {PromiseState.KEPT, PromiseState.WAIVED}
    assert len(life.told(MessageKind.SUGGESTION_THANKS)) == 1


def test_a_solution_under_way_can_no_longer_become_a_suggestion() -> None:
    life = Life()
    life.agree()
    refused = life.refused(cmd.Classify, level=Level.SUGGESTION, reason="其实是建议")
    assert refused == "stage_forbids"


def test_a_suggestion_found_to_be_a_complaint_starts_as_one() -> None:
    life = Life(level=Level.SUGGESTION)
    life.wait(600)
    life.ask(cmd.Classify, level=Level.GENERAL, reason="其实是投诉")
    assert life.case.stage == "received"
    assert life.due(PromiseKind.FIRST_CONTACT) == 630
    assert life.told(MessageKind.ACKNOWLEDGEMENT)
    assert life.told(MessageKind.FIRST_CONTACT_SCRIPT)


def test_a_suggestion_whose_task_is_declined_at_the_last_moment_leaves_no_clock_behind() -> None:
    life = Life(level=Level.SUGGESTION)
    life.wait(REOPENING - 1)
    life.ask(cmd.DeclineTask, task=life.case.tasks[0].id, reason="做不了")
    life.wait(1)
    assert life.case.is_finished
    assert not list(life.case.open_promises())


def test_revoking_the_portal_makes_the_next_message_carry_a_new_link() -> None:
    life = Life()
    assert life.told(MessageKind.ACKNOWLEDGEMENT)[0].facts["portal_generation"] == 1
    life.ask(cmd.RevokePortal, reason="链接外泄")
    life.ask(cmd.SendUpdate, text="链接已更换")
    assert life.case.portal_generation == 2
    assert life.told(MessageKind.PROGRESS)[0].facts["portal_generation"] == 2


def test_evidence_is_named_in_the_receipt_so_that_its_giver_can_speak_of_it() -> None:
    life = Life()
    receipts = [life.ask(cmd.AddEvidence, description="照片").receipt for _ in range(2)]
    assert [receipt.made for receipt in receipts if receipt] == [("V1",), ("V2",)]
