"""The lives that are played: a complaint through Redress, asked for as the product asks, and the same for the twin."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import NAMESPACE_OID, uuid5

from temporalio.client import Client, WorkflowHandle

from benchmarks.bare import BARE, Answer, Ask, Start, Turn
from complaints import commands as cmd
from complaints.case import Receipt
from complaints.parties import Actor, Colleague, Complaint, Customer
from complaints.policy import Policy
from complaints.solutions import Remedy, Solution
from complaints.vocabulary import Channel, RemedyKind, Role
from workflows import ids
from workflows.summaries import of_start

Handle = WorkflowHandle[object, object]

WEB = Actor(role=Role.CHANNEL, name="web")
AGENT = Actor(role=Role.AGENT, name="agent")
LOGISTICS = Actor(role=Role.DEPARTMENT, name="logistics", department="logistics")
COLLEAGUE = Colleague(name="林晓", email="lin@redress.example", phone="400-000-0001")
SUBJECT = "快递在途中损坏"
DETAIL = "周二收到的包裹外箱破损，里面的茶壶碎了。客服电话里让我等两天，至今没有人联系我，希望尽快处理。"


@dataclass
class Complainant:
    """Files complaints, under references that no run before has used."""

    client: Client
    task_queue: str
    run: str
    policy: Policy
    filed: list[Handle] = field(default_factory=list)

    async def file(self, number: int, policy: Policy | None = None) -> tuple[str, Handle]:
        """File one complaint with what the product sends along; its reference and its workflow."""
        now = datetime.now(UTC)
        intake = ids.intake_key("web", f"{self.task_queue}/{self.run}/{number}")
        reference = ids.reference_for(intake, now)
        email = f"customer{number}@example.com"
        filing = cmd.FileComplaint(
            id=f"web/{intake}",
            by=WEB,
            fingerprint=sha256(intake.encode()).hexdigest(),
            reference=reference,
            complaint=Complaint(
                channel=Channel.WEB,
                customer=Customer(name="王芳", email=email),
                subject=SUBJECT,
                detail=DETAIL,
                category="logistics",
            ),
            policy=policy or self.policy,
        )
        handle: Handle = await self.client.start_workflow(
            ids.WORKFLOW,
            ids.Opening(filing=filing),
            id=ids.workflow_id(reference),
            task_queue=self.task_queue,
            memo={"reference": reference, "intake": intake, "fingerprint": filing.fingerprint},
            static_summary=of_start(reference),
        )
        self.filed.append(handle)
        return reference, handle

    async def live(self, number: int) -> Handle:
        """A whole life, from filing to the callback that closes the case, without a pause."""
        reference, handle = await self.file(number)
        case = _Asked(handle, reference)
        await case.ask(cmd.RecordContact, channel=Channel.PHONE, reached=True, note="已致歉并说明步骤", agent=COLLEAGUE)
        assigned = await case.ask(cmd.AssignTask, department="logistics", what="请核实承运商的签收记录")
        task = assigned.made[0]
        await case.ask(cmd.GiveFeedback, by=LOGISTICS, task=task, text="正在向承运商调取记录")
        await case.ask(cmd.CompleteTask, by=LOGISTICS, task=task, outcome="确认为运输途中损坏")
        await case.ask(cmd.SendUpdate, text="已确认是运输途中损坏，正在为您准备方案")
        await case.ask(cmd.ProposeSolution, solution=_solution())
        await case.ask(cmd.AcceptSolution)
        await case.ask(cmd.CompleteRemedy, note="退款已到账")
        await case.ask(cmd.RecordCallback, reached=True, satisfied=True, answers=("解决了", "可以更快", "没有了"))
        return handle


class _Asked:
    """One case, asked under ids that count up."""

    def __init__(self, handle: Handle, reference: str) -> None:
        self._handle = handle
        self._reference = reference
        self._asked = 0

    async def ask(self, kind: type[cmd.BaseCommand], by: Actor = AGENT, **content: object) -> Receipt:
        self._asked += 1
        key = sha256(f"{self._reference}/{self._asked}".encode()).hexdigest()
        command = kind.model_validate(
            {"id": f"{by.role}/{uuid5(NAMESPACE_OID, key)}", "by": by, "fingerprint": key, **content}
        )
        request = ids.Request.model_validate({"subject": self._reference, "command": command})
        receipt: Receipt = await self._handle.execute_update(
            ids.ACT, request, id=f"{by.role}/{key[:40]}", result_type=Receipt
        )
        return receipt


def _solution() -> Solution:
    return Solution(
        remedies=(Remedy(kind=RemedyKind.REFUND, detail="退还全部货款 128 元"),),
        measure="退款到账",
        owner="财务部",
        relevance="包裹在运输途中损坏，客户没有收到可用的商品",
        complete_by=datetime.now(UTC) + timedelta(days=2),
    )


ASKED = ("contact", "assign", "feedback", "complete", "update", "propose", "accept", "remedy", "callback")
"""What the twin's updates are called: as many as the life above asks for."""


async def live_bare(client: Client, name: str, turns: Sequence[Turn]) -> Handle:
    """The same life for the twin: the first turn at its start, one with each update."""
    start = Start(name, "王芳", "customer@example.com", SUBJECT, DETAIL, "logistics", turns[0])
    handle: Handle = await client.start_workflow(BARE, start, id=f"bare-{name}", task_queue="twin")
    for number, turn in enumerate(turns[1:]):
        kind = ASKED[number % len(ASKED)]
        ask = Ask(kind, "agent", "已确认是运输途中损坏，正在为您准备方案", turn)
        await handle.execute_update("act", ask, id=str(uuid5(NAMESPACE_OID, f"{name}/{number}")), result_type=Answer)
    return handle
