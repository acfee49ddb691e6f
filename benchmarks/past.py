"""Past cases for measurements: whole lives, played through `decide` at random, each clock ringing when it is due."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.lives import AGENT, COLLEAGUE, DETAIL, LOGISTICS, SUBJECT, WEB
from complaints import Decision, decide, open_case, rings
from complaints import commands as cmd
from complaints.case import Case
from complaints.events import Entry
from complaints.parties import CLOCK, MESSENGER, Complaint, Customer
from complaints.policy import Policy
from complaints.solutions import Remedy, Solution
from complaints.vocabulary import Channel, HoldReason, Level, RemedyKind

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
START = datetime(2026, 1, 5, 1, tzinfo=UTC)
MOSTLY = 0.7
"""How likely somebody acknowledges an escalation when anybody does anything."""
CATEGORIES = ("logistics", "service_attitude", "billing", "price", "other")


@dataclass
class PastLife:
    """One case and its journal so far; `at` is the time in it."""

    case: Case
    at: datetime
    journal: list[Entry]
    rng: random.Random
    asked: int = field(default=0)

    def ask(self, kind: type[cmd.BaseCommand], **content: Any) -> Decision:
        self.asked += 1
        command = kind.model_validate({"id": f"{self.case.code}/{self.asked}", "by": AGENT, **content})
        decision = decide(self.case, command, self.at)
        self._adopt(decision)
        return decision

    def wait(self, minutes: float) -> None:
        """Let time pass; every clock rings when it is due."""
        until = self.at + self.case.policy.span(minutes)
        while (ring := min((ring.at for ring in rings(self.case, self.at)), default=until)) < until:
            self.at = max(self.at, ring)
            self._adopt(decide(self.case, cmd.CheckClocks(id="clock", by=CLOCK), self.at))
        self.at = until
        for escalation in self.case.escalations:
            if not self.case.is_finished and not escalation.is_over() and self.rng.random() < MOSTLY:
                self.ask(cmd.Acknowledge, escalation=escalation.id)

    def _adopt(self, decision: Decision) -> None:
        self.journal += decision.entries
        self.case = decision.case
        while self.case.pending:
            message = self.case.pending[0].id
            arrived = cmd.RecordDelivery(id=f"post/{message}", by=MESSENGER, message=message, channel=Channel.EMAIL)
            delivered = decide(self.case, arrived, self.at)
            self.journal += delivered.entries
            self.case = delivered.case


def filed(policy: Policy, number: int) -> PastLife:
    """A complaint that has just been filed; the same number gives the same life."""
    rng = random.Random(number)
    code = "".join(rng.choice(ALPHABET) for _ in range(10))
    at = START + timedelta(minutes=rng.randrange(60 * 24 * 60))
    filing = cmd.FileComplaint(
        id=f"web/{code}",
        by=WEB,
        fingerprint="0" * 64,
        reference=f"C-{at:%Y%m%d}-{code}",
        complaint=Complaint(
            channel=Channel.WEB,
            customer=Customer(name="王芳", email="wang.fang@example.com", phone="+86 138 0000 0000"),
            subject=SUBJECT,
            detail=DETAIL,
            category=rng.choice(CATEGORIES),
            level=rng.choice((Level.URGENT, Level.GENERAL, Level.GENERAL, Level.GENERAL)),
        ),
        policy=policy,
    )
    decision = open_case(filing, at)
    life = PastLife(decision.case, at, [], rng)
    life._adopt(decision)
    return life


def whole_life(policy: Policy, number: int) -> PastLife:
    """A complaint from its filing until it can no longer be reopened, with what people did late, or did again."""
    life = filed(policy, number)
    rng, ask, wait = life.rng, life.ask, life.wait
    wait(rng.expovariate(1 / 25))
    ask(cmd.RecordContact, channel=Channel.PHONE, reached=True, note="已致歉并说明步骤", agent=COLLEAGUE)
    for _ in range(rng.choice((0, 1, 1, 2))):
        ask(cmd.AssignTask, department="logistics", what="请核实承运商的签收记录")
    wait(rng.expovariate(1 / 40))
    if rng.random() < 0.3:
        ask(cmd.PutOnHold, reason=HoldReason.AWAITING_CUSTOMER, question="方便发一张照片吗？")
        wait(rng.expovariate(1 / 120))
        for hold in life.case.open_holds():
            ask(cmd.EndHold, hold=hold.id)
    for task in life.case.open_tasks():
        ask(cmd.GiveFeedback, by=LOGISTICS, task=task.id, text="正在向承运商调取记录")
        wait(rng.expovariate(1 / 50))
        ask(cmd.CompleteTask, by=LOGISTICS, task=task.id, outcome="确认为运输途中损坏")
    if rng.random() < 0.2:
        ask(cmd.Classify, category="process" if life.case.category == "other" else "other", reason="更正类型")
    wait(rng.expovariate(1 / 60))
    _agree(life)
    wait(rng.expovariate(1 / 300))
    ask(cmd.CompleteRemedy, note="退款已到账")
    wait(rng.expovariate(1 / 400))
    ask(cmd.RecordCallback, reached=True, satisfied=True, answers=("解决了", "可以更快", "没有了"))
    wait(policy.reopening_minutes + 1)
    return life


def _agree(life: PastLife) -> None:
    for revision in (life.rng.random() < 0.25, False):
        life.ask(cmd.ProposeSolution, solution=_solution(life.at))
        life.wait(life.rng.expovariate(1 / 120))
        if not revision:
            break
        life.ask(cmd.RequestRevision, reason="希望换货")
        life.wait(life.rng.expovariate(1 / 60))
    life.ask(cmd.AcceptSolution)


def _solution(at: datetime) -> Solution:
    return Solution(
        remedies=(Remedy(kind=RemedyKind.REFUND, detail="退还全部货款 128 元"),),
        measure="退款到账",
        owner="财务部",
        relevance="包裹在运输途中损坏，客户没有收到可用的商品",
        complete_by=at + timedelta(days=30),
    )


def whole_lives(policy: Policy, count: int) -> Iterator[PastLife]:
    """So many different lives."""
    return (whole_life(policy, number) for number in range(count))
