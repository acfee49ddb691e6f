"""What can wait is told together, once, whatever happens to the worker meanwhile; on a real server."""

import asyncio
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from temporalio.client import WorkflowHandle
from temporalio.testing import TimeSkipper

import workflows.digest
from activities.collecting import Collecting
from activities.names import ADD, DIGEST, Waiting
from complaints import commands as cmd
from complaints.vocabulary import EscalationLevel, MessageKind
from notifications.errors import DeliveryError
from records.engine import connect
from tests.complaints.support import policy, policy_content
from tests.replay.test_replay import replayer
from tests.workflows.harness import SUPERVISOR, Centre, Life, Mailbox, eventually

REFUSED = DeliveryError("地址不存在", "no such address", permanent=True)
_numbers = count(1)


class Office:
    """A desk and a team lead, with addresses of their own, who hear of what can wait at midnight, hours away."""

    def __init__(self) -> None:
        number = next(_numbers)
        self.desk, self.lead = f"desk-{number}@redress.example", f"lead-{number}@redress.example"
        by_day = datetime.now(ZoneInfo("Asia/Shanghai")).hour in range(6, 18)
        chain = policy_content()["chain"]
        lead = {"name": "值班组长", "email": self.lead}
        self.policy = policy(
            timezone="Asia/Shanghai" if by_day else "America/Argentina/Buenos_Aires",
            desk={"name": "客户服务中心", "email": self.desk},
            chain=chain | {1: {"title": chain[1]["title"], "person": lead}},
            people={
                "lead": {**lead, "digest_minutes": 1440},
                "desk": {"name": "客服台", "email": self.desk, "digest_minutes": 1440},
            },
        )


def to(email: Mailbox, address: str, *kinds: MessageKind) -> list[Any]:
    return [letter for letter, route in email.letters if route.address == address and letter.kind in kinds]


async def digests(centre: Centre, many: int) -> list[WorkflowHandle[Any, Any]]:
    """The digests that this centre keeps, once there are so many."""

    async def look() -> list[WorkflowHandle[Any, Any]] | None:
        query = f"WorkflowType = '{DIGEST}' AND TaskQueue = '{centre.queue}'"
        found = [centre.client.get_workflow_handle(each.id) async for each in centre.client.list_workflows(query)]
        return found if len(found) == many else None

    return await eventually(look)


async def happened(handle: WorkflowHandle[Any, Any], what: str, times: int) -> None:
    """Return once something stands in a workflow's history so many times."""

    async def look() -> bool | None:
        events = (await handle.fetch_history()).events
        return sum(event.HasField(f"{what}_event_attributes") for event in events) == times or None  # type: ignore[arg-type]

    await eventually(look)


async def pass_a_day(centre: Centre, digest: WorkflowHandle[Any, Any]) -> None:
    await TimeSkipper(centre.client).fast_forward(digest, timedelta(days=1))


async def reminded(centre: Centre, office: Office) -> Life:
    """A case whose desk is to be reminded of the first contact at midnight."""
    life = await centre.file(policy=office.policy)
    await life.pass_time(16)
    await life.until(lambda case: any(promise.warned for promise in case.promises))
    await life.settled()
    return life


async def test_the_reminders_of_three_cases_come_in_one_mail(centre: Centre, email: Mailbox) -> None:
    office = Office()
    lives = [await reminded(centre, office) for _ in range(3)]
    (digest,) = await digests(centre, 1)
    await happened(digest, "workflow_execution_signaled", 3)
    assert not to(email, office.desk, MessageKind.REMINDER, MessageKind.DIGEST)
    await pass_a_day(centre, digest)
    taken = await digest.result()
    (mail,) = to(email, office.desk, MessageKind.REMINDER, MessageKind.DIGEST)
    assert mail.kind is MessageKind.DIGEST
    assert all(life.reference in mail.text for life in lives)
    assert len(taken) == 3
    assert office.desk not in digest.id
    await replayer().replay_workflow(await digest.fetch_history())


async def test_a_single_message_that_waited_comes_as_it_is(centre: Centre, email: Mailbox) -> None:
    office = Office()
    life = await centre.file(policy=office.policy)
    await life.do(cmd.Escalate, by=SUPERVISOR, level=EscalationLevel.TEAM_LEAD, reason="客户情绪激动")
    (digest,) = await digests(centre, 1)
    await pass_a_day(centre, digest)
    await digest.result()
    (alert,) = to(email, office.lead, MessageKind.ESCALATION_ALERT, MessageKind.DIGEST)
    assert alert.kind is MessageKind.ESCALATION_ALERT
    assert alert.reference == life.reference


async def escalated(centre: Centre, office: Office) -> Life:
    """A case that the team lead is to hear of at midnight."""
    life = await centre.file(policy=office.policy)
    await life.do(cmd.Escalate, by=SUPERVISOR, level=EscalationLevel.TEAM_LEAD, reason=f"客户来电 {life.reference}")
    await life.settled()
    return life


async def acknowledged(life: Life) -> None:
    """Somebody acknowledges the case's first escalation, and the records know."""
    case = await life.case()
    await life.do(cmd.Acknowledge, by=SUPERVISOR, escalation=case.escalations[0].id)
    await life.saved()


async def test_what_was_seen_to_before_its_digest_is_left_out_and_the_rest_is_told(
    centre: Centre, email: Mailbox
) -> None:
    office = Office()
    lives = [await escalated(centre, office) for _ in range(3)]
    (digest,) = await digests(centre, 1)
    await happened(digest, "workflow_execution_signaled", 3)
    await acknowledged(lives[1])
    await pass_a_day(centre, digest)
    taken = await digest.result()
    (mail,) = to(email, office.lead, MessageKind.ESCALATION_ALERT, MessageKind.DIGEST)
    assert [f"客户来电 {life.reference}" in mail.text for life in lives] == [True, False, True]
    assert len(taken) == 3
    await replayer().replay_workflow(await digest.fetch_history())


async def test_where_everything_was_seen_to_before_its_digest_nothing_is_sent(centre: Centre, email: Mailbox) -> None:
    office = Office()
    lives = [await escalated(centre, office) for _ in range(2)]
    (digest,) = await digests(centre, 1)
    await happened(digest, "workflow_execution_signaled", 2)
    for life in lives:
        await acknowledged(life)
    await pass_a_day(centre, digest)
    await digest.result()
    assert not to(email, office.lead, MessageKind.ESCALATION_ALERT, MessageKind.DIGEST)


async def test_while_the_records_are_away_everything_that_waited_is_told(
    centre: Centre, email: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workflows.digest, "SIFT_PATIENCE", timedelta(seconds=2))
    office = Office()
    life = await escalated(centre, office)
    (digest,) = await digests(centre, 1)
    await acknowledged(life)
    with connect(centre.url).begin() as records:
        records.execute(text("ALTER TABLE cases RENAME TO cases_elsewhere"))
    await pass_a_day(centre, digest)
    await digest.result()
    assert len(to(email, office.lead, MessageKind.ESCALATION_ALERT)) == 1


async def test_a_worker_that_is_away_when_a_digest_is_due_loses_nothing_and_sends_once(
    idle_centre: Centre, email: Mailbox
) -> None:
    async with idle_centre.working():
        office = Office()
        for _ in range(2):
            await reminded(idle_centre, office)
        (digest,) = await digests(idle_centre, 1)
        await happened(digest, "workflow_execution_signaled", 2)
    midnight = asyncio.create_task(pass_a_day(idle_centre, digest))
    await happened(digest, "timer_fired", 1)
    assert not to(email, office.desk, MessageKind.DIGEST)
    async with idle_centre.working():
        await digest.result()
        await midnight
        assert len(to(email, office.desk, MessageKind.DIGEST, MessageKind.REMINDER)) == 1


async def test_a_message_that_comes_again_or_too_late_is_sent_once(centre: Centre, email: Mailbox) -> None:
    office = Office()
    life = await reminded(centre, office)
    (first,) = await digests(centre, 1)
    waiting = await waiting_of(first)
    await first.signal(ADD, waiting)
    await pass_a_day(centre, first)
    assert await first.result() == [waiting.message.key]
    late = waiting.message.model_copy(update={"id": "reminder-99"})
    for message in (waiting.message, late, late):
        await Collecting(centre.client, centre.queue).collect(waiting.model_copy(update={"message": message}))
    second = next(handle for handle in await digests(centre, 2) if handle.id != first.id)
    await pass_a_day(centre, second)
    assert await second.result() == [late.key]
    keys = [letter.key for letter in to(email, office.desk, MessageKind.REMINDER, MessageKind.DIGEST)]
    assert keys == [waiting.message.key, late.key]
    assert keys[0].startswith(life.reference)


async def test_what_waited_and_reached_nobody_is_told_to_its_case(centre: Centre, email: Mailbox) -> None:
    office = Office()
    lives = [await reminded(centre, office) for _ in range(2)]
    (digest,) = await digests(centre, 1)
    await happened(digest, "workflow_execution_signaled", 2)
    email.refuses = REFUSED
    await pass_a_day(centre, digest)
    await digest.result()
    for life in lives:

        async def failed(life: Life = life) -> bool | None:
            entries = centre.queries.journal(life.reference)
            events = [event for entry in entries for event in entry.events]
            return any(event.type == "message_failed" for event in events) or None

        await eventually(failed)


async def waiting_of(digest: WorkflowHandle[Any, Any]) -> Waiting:
    """The first message that a digest was given, as its history has it."""
    history = await digest.fetch_history()
    signal = next(
        event.workflow_execution_signaled_event_attributes
        for event in history.events
        if event.HasField("workflow_execution_signaled_event_attributes")
    )
    (waiting,) = await digest._client.data_converter.decode(signal.input.payloads, [Waiting])
    return Waiting.model_validate(waiting)
