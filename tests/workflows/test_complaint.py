"""The workflow keeps a complaint's promises, on a real server whose clock the tests turn."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from complaints import commands as cmd
from complaints.vocabulary import Channel, EscalationLevel, Level, PromiseKind, PromiseState, Stage
from deploy.policies import load_policy
from notifications.errors import DeliveryError
from tests.workflows.harness import CUSTOMER, SUPERVISOR, Centre, Life, Mailbox, complaint, eventually, solution
from workflows import ids

FAST = load_policy("default").model_copy(update={"minute_seconds": 0.1})
"""Its minutes take a tenth of a second, for where the clock cannot be turned because something is being retried."""

DOWN = DeliveryError("渠道不可用", "the channel is down", permanent=False)
REFUSED = DeliveryError("地址不存在", "no such address", permanent=True)


def state(case: object, kind: PromiseKind) -> list[PromiseState]:
    return [promise.state for promise in case.promises if promise.kind is kind]  # type: ignore[attr-defined]


async def to_resolved(life: Life) -> None:
    await life.do(cmd.RecordContact, channel=Channel.PHONE, reached=True)
    await life.do(cmd.ProposeSolution, solution=solution())
    await life.do(cmd.AcceptSolution, by=CUSTOMER)
    await life.do(cmd.CompleteRemedy)


async def test_a_complaint_is_kept_from_filing_to_closing(centre: Centre, email: Mailbox) -> None:
    life = await centre.file()
    await life.do(cmd.RecordContact, channel=Channel.PHONE, reached=True)
    receipt = await life.do(cmd.AssignTask, department="finance", what="核对账单")
    await life.do(cmd.CompleteTask, task=receipt.made[0], outcome="多收 200 元")
    await life.do(cmd.ProposeSolution, solution=solution())
    await life.do(cmd.RequestRevision, by=CUSTOMER, reason="还要赔偿")
    await life.do(cmd.ProposeSolution, solution=solution())
    await life.do(cmd.AcceptSolution, by=CUSTOMER)
    await life.do(cmd.CompleteRemedy)
    await life.do(cmd.RecordCallback, reached=True, satisfied=True)

    case = await life.until(lambda case: case.stage is Stage.CLOSED and not case.pending)
    assert {promise.state for promise in case.promises} <= {PromiseState.KEPT, PromiseState.WAIVED}
    assert state(case, PromiseKind.RESOLUTION) == [PromiseState.KEPT, PromiseState.KEPT]
    assert state(case, PromiseKind.CONFIRMATION_LETTER) == [PromiseState.KEPT]
    assert await life.saved() == case
    to_customer = [letter.key for letter, route in email.letters if route.address == "xiaoyu@customer.example"]
    assert [key.split("/")[1].rsplit("-", 1)[0] for key in to_customer] == [
        "acknowledgement",
        "solution",
        "solution",
        "confirmation_letter",
        "survey_invitation",
    ]


async def test_a_first_contact_not_made_escalates_the_moment_it_is_due(centre: Centre) -> None:
    life = await centre.file()
    await life.pass_time(29)
    assert not (await life.case()).escalations
    await life.pass_time(1.5)
    case = await life.until(lambda case: case.escalations)
    broken = next(case.open_promises(PromiseKind.FIRST_CONTACT), None)
    assert broken is None
    assert case.escalations[0].level is EscalationLevel.TEAM_LEAD
    assert case.escalations[0].raised_at - case.received_at < timedelta(minutes=30, seconds=20)


async def test_an_escalation_that_nobody_acknowledges_climbs_to_the_top_and_stays_there(centre: Centre) -> None:
    life = await centre.file()
    await life.pass_time(31)
    await life.pass_time(15)
    await life.pass_time(15)
    await life.pass_time(15)
    case = await life.until(lambda case: len(case.escalations) >= 3)
    assert [escalation.level for escalation in case.escalations] == [1, 2, 3]


async def test_the_customer_hears_how_it_is_going_even_if_nobody_writes(centre: Centre, email: Mailbox) -> None:
    life = await centre.file()
    await life.do(cmd.RecordContact, channel=Channel.PHONE, reached=True)
    await life.pass_time(121)
    case = await life.until(lambda case: PromiseState.KEPT in state(case, PromiseKind.PROGRESS_UPDATE))
    assert state(case, PromiseKind.PROGRESS_UPDATE) == [PromiseState.KEPT, PromiseState.OPEN]
    assert "progress" in email.kinds()


async def test_a_dead_channel_never_delays_an_escalation(centre: Centre, email: Mailbox, sms: Mailbox) -> None:
    email.refuses = DOWN
    reachable = complaint(customer={"phone": "+86 138 0000 0000", "preferred_channel": Channel.EMAIL})
    life = await centre.file(policy=FAST, reported=reachable)
    case = await life.until(lambda case: case.escalations)
    assert case.pending, "the channel is still being tried"
    assert case.escalations[0].raised_at - case.received_at < FAST.span(30) + timedelta(seconds=5)


async def test_when_a_channel_refuses_for_good_the_next_one_carries_the_message(
    centre: Centre, email: Mailbox, sms: Mailbox
) -> None:
    email.refuses = REFUSED
    life = await centre.file(reported=complaint(customer={"phone": "+86 138 0000 0000"}))
    await life.until(lambda case: not case.pending)
    assert "acknowledgement" in sms.kinds()


async def test_a_letter_that_reaches_the_customer_on_no_channel_breaks_its_promise_and_escalates(
    centre: Centre, email: Mailbox
) -> None:
    life = await centre.file()
    await life.do(cmd.RecordContact, channel=Channel.PHONE, reached=True)
    await life.do(cmd.ProposeSolution, solution=solution(), told_on=Channel.PHONE)
    await life.do(cmd.AcceptSolution, by=CUSTOMER)
    await life.until(lambda case: not case.pending)
    email.refuses = REFUSED
    await life.do(cmd.CompleteRemedy)
    case = await life.until(lambda case: case.escalations)
    assert state(case, PromiseKind.CONFIRMATION_LETTER) == [PromiseState.BROKEN]


async def test_a_locked_database_delays_neither_clock_nor_message(centre: Centre, email: Mailbox) -> None:
    life = await centre.file(policy=FAST)
    await life.saved()
    lock = sqlite3.connect(centre.url.removeprefix("sqlite:///"), isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    try:
        case = await life.until(lambda case: case.escalations)

        async def alerted() -> bool | None:
            return "escalation_alert" in email.kinds() or None

        await eventually(alerted)
    finally:
        lock.execute("ROLLBACK")
        lock.close()
    assert (await life.saved()).escalations[0] == case.escalations[0]


async def test_a_refused_command_leaves_no_trace(centre: Centre) -> None:
    life = await centre.file()
    before = await life.until(lambda case: not case.pending)
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await life.do(cmd.ProposeSolution, solution=solution())
    cause = refused.value.cause
    assert isinstance(cause, ApplicationError)
    assert cause.type == "not_contacted"
    assert cause.details[0] == "conflict"
    assert await life.case() == before


async def test_the_reference_of_another_day_is_no_reference(centre: Centre) -> None:
    life = await centre.file()
    life.reference = "C-19990101-" + life.reference.rsplit("-", 1)[1]
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await life.do(cmd.SendUpdate, text="你好")
    assert isinstance(refused.value.cause, ApplicationError)
    assert refused.value.cause.type == "reference_unknown"


async def test_one_command_id_acts_once(centre: Centre) -> None:
    life = await centre.file()
    first = await life.do(cmd.SendUpdate, command="test:once", text="正在核实")
    again = await life.do(cmd.SendUpdate, command="test:once", text="正在核实")
    assert again == first


async def test_an_escalation_can_be_raised_by_signal(centre: Centre, email: Mailbox) -> None:
    life = await centre.file()
    await life.handle.signal(ids.ESCALATE, {"level": 3, "reason": "媒体来电", "by": "王主管"})
    case = await life.until(lambda case: case.escalations)
    assert case.escalations[0].level is EscalationLevel.DIRECTOR
    assert case.escalations[0].raised_by.name == "王主管"


async def test_a_malformed_signal_changes_nothing_and_the_case_goes_on(centre: Centre) -> None:
    life = await centre.file()
    for junk in ({"level": 9, "reason": "?"}, "escalate!", {"level": 1, "reason": "x", "nonsense": True}):
        await life.handle.signal(ids.ESCALATE, junk)
    receipt = await life.do(cmd.Escalate, by=SUPERVISOR, level=2, reason="客户再次来电")
    assert receipt.made
    assert len((await life.case()).escalations) == 1


async def test_an_urgent_complaint_raises_a_red_alert_at_once(centre: Centre, email: Mailbox) -> None:
    await centre.file(reported=complaint(level=Level.URGENT))

    async def alerted() -> bool | None:
        return "red_alert" in email.kinds() or None

    await eventually(alerted)


async def test_a_clock_that_rang_while_no_worker_was_there_is_answered_when_one_comes_back(
    idle_centre: Centre,
) -> None:
    async with idle_centre.working():
        life = await idle_centre.file()
        await life.do(cmd.RecordContact, channel=Channel.PHONE, reached=False)
    policy_time = timedelta(minutes=31)
    turning = asyncio.create_task(life.skipper.fast_forward(life.handle, policy_time))
    async with idle_centre.working():
        await turning
        case = await life.until(lambda case: case.escalations)
    assert state(case, PromiseKind.FIRST_CONTACT) == [PromiseState.BROKEN]


async def test_a_closed_case_can_be_reopened_for_its_time_and_is_finished_after_it(centre: Centre) -> None:
    life = await centre.file()
    await to_resolved(life)
    await life.do(cmd.RecordCallback, reached=True, satisfied=True)
    await life.until(lambda case: case.stage is Stage.CLOSED)
    await life.pass_time(29 * 24 * 60)
    await life.do(cmd.Reopen, reason="又坏了")
    assert (await life.case()).round == 2
    await life.do(cmd.ProposeSolution, solution=solution(ahead=timedelta(days=300)))
    await life.do(cmd.AcceptSolution, by=CUSTOMER)
    await life.do(cmd.CompleteRemedy)
    await life.do(cmd.RecordCallback, reached=True, satisfied=True)
    await life.until(lambda case: case.stage is Stage.CLOSED)
    await life.pass_time(31 * 24 * 60)
    assert await life.handle.result() == Stage.CLOSED.value
    assert (await asyncio.to_thread(life.queries.case, life.reference)).is_finished  # type: ignore[union-attr]


async def test_a_withdrawn_complaint_ends_its_workflow_once_the_customer_has_been_told(
    centre: Centre, email: Mailbox
) -> None:
    life = await centre.file()
    await life.do(cmd.Withdraw, reason="问题已自行解决")
    assert await life.handle.result() == Stage.WITHDRAWN.value
    assert "withdrawal_confirmation" in email.kinds()


async def test_temporal_can_be_searched_for_what_a_case_is(centre: Centre) -> None:
    life = await centre.file()
    await life.do(cmd.AssignTask, department="finance", what="核对")

    async def indexed() -> bool | None:
        attributes = (await life.handle.describe()).typed_search_attributes
        found = {pair.key.name: pair.value for pair in attributes}
        return (
            found.get("RedressStage") == "received"
            and found.get("RedressDepartment") == ["finance"]
            and isinstance(found.get("RedressNextDue"), datetime)
        ) or None

    await eventually(indexed)


async def test_timers_say_in_both_languages_what_they_wait_for(centre: Centre) -> None:
    life = await centre.file()
    await life.until(lambda case: case.version >= 1)
    history = await life.handle.fetch_history()
    timers = [
        event.user_metadata.summary.data.decode()
        for event in history.events
        if event.HasField("timer_started_event_attributes")
    ]
    assert any("首次联系" in summary and "first contact" in summary for summary in timers)


async def test_the_clock_starts_when_the_complaint_was_accepted_not_when_a_worker_came(idle_centre: Centre) -> None:
    before = datetime.now(UTC)
    life = await idle_centre.file()
    accepted = datetime.now(UTC)
    async with idle_centre.working():
        case = await life.case()
    assert before - timedelta(seconds=1) <= case.received_at <= accepted + timedelta(seconds=1)
