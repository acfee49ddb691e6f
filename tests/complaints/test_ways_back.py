"""No case may come to a dead end: whatever a customer or a remedy turns out to be, there is a way on."""

from complaints import commands as cmd
from complaints.case import Case
from complaints.promises import Promise
from complaints.vocabulary import Channel, EscalationLevel, HoldReason, Level, PromiseKind, PromiseState, Stage
from tests.complaints.support import CUSTOMER, Life, policy


def newest(case: Case, kind: PromiseKind) -> Promise:
    return [promise for promise in case.promises if promise.kind is kind][-1]


def test_who_was_reached_elsewhere_than_they_wished_is_contacted_but_the_promise_is_not_kept() -> None:
    prefers_email = CUSTOMER.model_copy(update={"preferred_channel": Channel.EMAIL})
    life = Life(customer=prefers_email)
    life.ask(cmd.RecordContact, channel=Channel.PHONE, reached=True)
    assert life.case.stage is Stage.CONTACTED
    assert newest(life.case, PromiseKind.FIRST_CONTACT).state is PromiseState.OPEN
    life.ask(cmd.RecordContact, channel=Channel.EMAIL, reached=True)
    assert newest(life.case, PromiseKind.FIRST_CONTACT).state is PromiseState.KEPT


def test_a_remedy_that_turns_out_impossible_leads_back_to_another_solution() -> None:
    life = Life()
    life.agree()
    life.ask(cmd.StartRemedy)
    life.ask(cmd.RequestRevision, reason="该型号已停产")
    assert life.case.stage is Stage.INVESTIGATING
    assert newest(life.case, PromiseKind.RESOLUTION).round == 2
    assert newest(life.case, PromiseKind.RESOLUTION).is_open()


def test_who_was_not_reached_cannot_have_agreed_to_another_interval() -> None:
    life = Life()
    life.ask(cmd.RecordContact, channel=Channel.PHONE, reached=False, update_every_minutes=600)
    assert life.case.update_every_minutes is None


def test_a_decision_answers_the_question_that_was_put_to_the_customer() -> None:
    life = Life()
    life.contact()
    life.ask(cmd.PutOnHold, reason=HoldReason.AWAITING_CUSTOMER, question="订单号是多少？")
    life.propose()
    life.ask(cmd.RequestRevision, reason="金额不对")
    assert not life.case.open_holds()
    assert newest(life.case, PromiseKind.RESOLUTION).due is not None


def test_a_reopened_round_can_be_extended_and_a_revision_cannot() -> None:
    life = Life()
    life.close()
    life.ask(cmd.Reopen, reason="又坏了")
    before = newest(life.case, PromiseKind.RESOLUTION).budget
    life.ask(cmd.ExtendResolution, reason="两家供应商", message="需要更多时间")
    assert newest(life.case, PromiseKind.RESOLUTION).budget == 2 * before


def test_closing_a_case_does_not_excuse_who_was_told_of_its_breach() -> None:
    life = Life()
    life.ask(cmd.Escalate, level=EscalationLevel.TEAM_LEAD, reason="客户催促")
    life.close()
    assert life.case.stage is Stage.CLOSED
    life.wait(15)
    assert [escalation.level for escalation in life.case.escalations] == [1, 2]


def test_two_cases_cannot_vanish_into_each_other() -> None:
    life = Life()
    life.ask(cmd.Absorb, reference="C-20261120-0000000000")
    assert life.case.absorbed == ("C-20261120-0000000000",)
    assert life.refused(cmd.Merge, into="C-20261120-0000000000", reason="重复") == "merge_circle"


def test_a_suggestion_stays_in_the_departments_backlog_until_it_is_taken_up() -> None:
    life = Life(level=Level.SUGGESTION)
    life.wait(31 * 24 * 60)
    assert not life.case.is_finished
    life.ask(cmd.CompleteTask, task=life.case.tasks[0].id, outcome="下一版采纳")
    life.wait(1)
    assert life.case.is_finished


def test_in_the_first_edition_a_task_never_gets_more_than_the_case_had_left_even_while_its_clock_was_held() -> None:
    life = Life(policy(edition=1))
    life.contact()
    life.ask(cmd.PutOnHold, reason=HoldReason.AWAITING_THIRD_PARTY)
    life.ask(cmd.AssignTask, department="finance", what="核对", minutes=5000)
    assert newest(life.case, PromiseKind.TASK_COMPLETION).budget <= newest(life.case, PromiseKind.RESOLUTION).budget


def test_what_was_told_shown_and_answered_is_there_to_be_read() -> None:
    life = Life()
    life.ask(cmd.AddEvidence, description="照片一张", source="客户")
    life.ask(cmd.SendUpdate, text="正在核实")
    life.resolve()
    life.ask(cmd.RecordCallback, reached=True, satisfied=False, answers=("还是会漏水",))
    assert life.case.evidence[0].description == "照片一张"
    assert life.case.updates[0].text == "正在核实"
    assert life.case.answers == ("还是会漏水",)
