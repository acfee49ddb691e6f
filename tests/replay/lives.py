"""The main paths of a complaint's life, played to record their histories. Everybody in them is made up."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from complaints import commands as cmd
from complaints.vocabulary import Channel, HoldReason, Level, Stage
from deploy.policies import load_policy
from notifications.errors import DeliveryError
from tests.workflows.harness import CUSTOMER, SUPERVISOR, Centre, Life, Mailbox, complaint, solution

Play = Callable[[Centre, Mailbox], Awaitable[Life]]

FAR = timedelta(days=3650)
REFUSED = DeliveryError("地址不存在", "no such address", permanent=True)


async def _to_closed(life: Life) -> None:
    await life.do(cmd.ProposeSolution, solution=solution(FAR))
    await life.do(cmd.AcceptSolution, by=CUSTOMER)
    await life.do(cmd.CompleteRemedy)
    await life.do(cmd.RecordCallback, reached=True, satisfied=True)
    await life.until(lambda case: case.stage is Stage.CLOSED and not case.pending)


async def kept(centre: Centre, email: Mailbox) -> Life:
    life = await centre.file()
    await life.do(cmd.RecordContact, channel=Channel.PHONE, reached=True)
    task = (await life.do(cmd.AssignTask, department="finance", what="核对账单")).made[0]
    await life.do(cmd.GiveFeedback, task=task, text="正在核对")
    await life.do(cmd.CompleteTask, task=task, outcome="多收 200 元")
    await life.do(cmd.SendUpdate, text="账单已核对")
    await _to_closed(life)
    return life


async def broken_to_the_top(centre: Centre, email: Mailbox) -> Life:
    life = await centre.file()
    await life.do(cmd.AssignTask, department="logistics", what="查找包裹")
    for minutes in (31, 16, 16, 16, 61, 120):
        await life.pass_time(minutes)
    case = await life.until(lambda case: any(escalation.level == 3 for escalation in case.escalations))
    await life.do(cmd.Acknowledge, by=SUPERVISOR, escalation=case.escalations[-1].id)
    return life


async def revised_twice(centre: Centre, email: Mailbox) -> Life:
    life = await centre.file()
    await life.do(cmd.RecordContact, channel=Channel.PHONE, reached=True)
    await life.do(cmd.ExtendResolution, reason="涉及两家供应商", message="需要更多时间核实")
    for reason in ("金额不对", "还要道歉"):
        await life.do(cmd.ProposeSolution, solution=solution(FAR))
        await life.do(cmd.RequestRevision, by=CUSTOMER, reason=reason)
    await _to_closed(life)
    return life


async def held_and_answered(centre: Centre, email: Mailbox) -> Life:
    life = await centre.file()
    await life.do(cmd.RecordContact, channel=Channel.PHONE, reached=True)
    hold = await life.do(cmd.PutOnHold, reason=HoldReason.AWAITING_CUSTOMER, question="请提供订单截图")
    await life.pass_time(300)
    await life.do(cmd.EndHold, hold=hold.made[0], note="客户已回复")
    await life.do(cmd.Withdraw, reason="找到了")
    await life.handle.result()
    return life


async def urgent_and_undeliverable(centre: Centre, email: Mailbox) -> Life:
    email.refuses = REFUSED
    life = await centre.file(reported=complaint(level=Level.URGENT))
    await life.do(cmd.RecordContact, channel=Channel.PHONE, reached=True)
    await life.do(cmd.ProposeSolution, solution=solution(FAR))
    await life.until(lambda case: not case.pending)
    email.refuses = None
    return life


async def suggestion_taken_up_as_a_complaint(centre: Centre, email: Mailbox) -> Life:
    life = await centre.file(reported=complaint(level=Level.SUGGESTION))
    await life.do(cmd.Classify, reason="其实是投诉", level=Level.GENERAL, category="logistics")
    await life.do(cmd.Merge, into="C-20260101-0000000000", reason="同一订单")
    await life.handle.result()
    return life


async def reopened_and_finished(centre: Centre, email: Mailbox) -> Life:
    life = await centre.file()
    await life.do(cmd.RecordContact, channel=Channel.PHONE, reached=True)
    await _to_closed(life)
    await life.do(cmd.Reopen, reason="又坏了")
    await _to_closed(life)
    await life.pass_time(31 * 24 * 60)
    await life.handle.result()
    return life


async def accepted_by_silence(centre: Centre, email: Mailbox) -> Life:
    life = await centre.file()
    await life.do(cmd.RecordContact, channel=Channel.PHONE, reached=True)
    await life.do(cmd.ProposeSolution, solution=solution(FAR))
    await life.until(lambda case: not case.pending)
    for _ in range(3):
        await life.pass_time(24 * 60 + 5)
        await life.until(lambda case: not case.pending)
    await life.until(lambda case: case.stage is Stage.AGREED)
    return life


async def handed_on_revised_and_moved(centre: Centre, email: Mailbox) -> Life:
    life = await centre.file()
    await life.do(cmd.RecordContact, channel=Channel.PHONE, reached=True)
    task = (await life.do(cmd.AssignTask, department="logistics", what="查找包裹")).made[0]
    await life.do(cmd.HandOnTask, task=task, department="finance", reason="属于账单")
    await life.do(cmd.CompleteTask, task=task, outcome="多收 200 元")
    await life.do(cmd.PutOnHold, reason=HoldReason.AWAITING_CUSTOMER, question="请提供订单截图")
    await life.pass_time(30)
    await life.do(cmd.RecordAnswer, text="见附件", channel=Channel.EMAIL)
    await life.do(cmd.MigratePolicy, by=SUPERVISOR, policy=load_policy("office").pinned(), reason="改用工作时间")
    await life.do(cmd.ProposeSolution, solution=solution(FAR))
    await life.do(cmd.RequestRevision, by=CUSTOMER, reason="金额不对")
    raised = await life.do(cmd.Escalate, by=SUPERVISOR, level=2, reason="客户再次来电")
    await life.do(cmd.StepDown, by=SUPERVISOR, escalation=raised.made[0], level=1, reason="由组长处理")
    return life


LIVES: dict[str, Play] = {
    play.__name__: play
    for play in (
        kept,
        broken_to_the_top,
        revised_twice,
        held_and_answered,
        urgent_and_undeliverable,
        suggestion_taken_up_as_a_complaint,
        reopened_and_finished,
        accepted_by_silence,
        handed_on_revised_and_moved,
    )
}
