"""Lives of complaints, played through `decide` at random, for tests that need real journals."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from complaints import Refusal, decide, open_case
from complaints import commands as cmd
from complaints.case import Case
from complaints.events import Entry
from complaints.parties import CLOCK, MESSENGER, Actor, Colleague, Complaint, Customer
from complaints.policy import Policy
from complaints.solutions import Remedy, Solution
from complaints.vocabulary import Channel, EscalationLevel, HoldReason, Level, RemedyKind, Role
from deploy.policies import load_policy

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
START = datetime(2026, 11, 20, 1, 30, 0, 123456, tzinfo=UTC)
AGENT = Actor(role=Role.AGENT, name="林晓 👩‍💼")
WORDS = ("快递丢了", "The kettle leaks", "退款 100% 未到", "𠮷野家 🥢", "O'Brien; DROP TABLE--", "naïve café")


@dataclass
class Life:
    """A complaint and all of its journal so far; `clock` is the time in it."""

    case: Case
    entries: list[Entry]
    clock: datetime
    rng: random.Random
    asked: int = field(default=0)

    def ask(self, command: cmd.BaseCommand) -> bool:
        """Put a command to the case; false if it was refused."""
        try:
            decision = decide(self.case, command, self.clock)
        except Refusal:
            return False
        self.entries.extend(decision.entries)
        self.case = decision.case
        return True

    def next_id(self) -> str:
        self.asked += 1
        return f"{self.case.code}/{self.asked}"

    def go_on(self, steps: int) -> "Life":
        """Let time pass and people ask at random, so many times."""
        for _ in range(steps):
            self.clock += timedelta(seconds=self.rng.choice((1, 40, 900, 3600, 20000)))
            choice = self.rng.choice(CHOICES)
            if (command := choice(self)) is not None:
                self.ask(command)
        return self


def new_life(seed: int, at: datetime = START, policy: Policy | None = None, **complaint: object) -> Life:
    """A complaint that has just been filed; the same seed gives the same life."""
    rng = random.Random(seed)
    policy = policy or load_policy("default")
    code = "".join(rng.choice(ALPHABET) for _ in range(10))
    details = {
        "channel": rng.choice(list(Channel)),
        "customer": Customer(name="王小明 🙂", email="wang@example.com", phone="+86 138 0000 0000"),
        "subject": rng.choice(WORDS),
        "detail": " / ".join(rng.sample(WORDS, 3)),
        "category": rng.choice(sorted(policy.categories)),
        "level": rng.choice([Level.URGENT, Level.GENERAL, Level.GENERAL, Level.SUGGESTION]),
    }
    filing = cmd.FileComplaint(
        id=f"{code}/0",
        by=Actor(role=Role.CHANNEL, name="web"),
        fingerprint=f"{seed:x}",
        reference=f"C-{at:%Y%m%d}-{code}",
        complaint=Complaint.model_validate(details | complaint),
        policy=policy,
    )
    decision = open_case(filing, at)
    return Life(decision.case, list(decision.entries), at, rng)


def lives(count: int, steps: int, apart: timedelta = timedelta(minutes=7)) -> Iterator[Life]:
    """Many different lives, each filed a while after the one before."""
    for number in range(count):
        yield new_life(number, START + number * apart).go_on(steps)


def solution(life: Life) -> Solution:
    """A complete plan, good for every category."""
    return Solution(
        remedies=(Remedy(kind=life.rng.choice(list(RemedyKind)), detail="退还全部货款"),),
        measure="退款到账",
        owner="财务部",
        relevance="对应客户反映的问题",
        complete_by=life.clock + timedelta(days=2),
        return_procedure="免费上门取件",
        compensation="50 元代金券",
        improvement="更换包装",
    )


def _by(life: Life) -> dict[str, object]:
    return {"id": life.next_id(), "by": AGENT, "fingerprint": str(life.asked)}


def _contact(life: Life) -> cmd.BaseCommand:
    reached = life.rng.random() < 0.8
    agent = Colleague(name="林晓", email="lin@example.com")
    return cmd.RecordContact(channel=Channel.PHONE, reached=reached, note="已致歉", agent=agent, **_by(life))


def _about_a_task(life: Life) -> cmd.BaseCommand | None:
    if not life.case.tasks:
        return None
    task = life.rng.choice(life.case.tasks).id
    return life.rng.choice(
        [
            cmd.GiveFeedback(task=task, text="正在查", **_by(life)),
            cmd.CompleteTask(task=task, outcome="已补发 📦", **_by(life)),
            cmd.DeclineTask(task=task, reason="不归我们", **_by(life)),
        ]
    )


def _acknowledge(life: Life) -> cmd.BaseCommand | None:
    if not life.case.escalations:
        return None
    return cmd.Acknowledge(escalation=life.rng.choice(life.case.escalations).id, **_by(life))


def _take_over_or_step_down(life: Life) -> cmd.BaseCommand | None:
    if not life.case.escalations:
        return None
    escalation = life.rng.choice(life.case.escalations).id
    if life.rng.random() < 0.5:
        return cmd.TakeOver(escalation=escalation, person=Colleague(name="林晓"), **_by(life))
    return cmd.StepDown(escalation=escalation, level=EscalationLevel.TEAM_LEAD, reason="请组长跟进", **_by(life))


def _deliver(life: Life) -> cmd.BaseCommand | None:
    if not life.case.pending:
        return None
    channel = life.rng.choice([Channel.EMAIL, Channel.EMAIL, Channel.EMAIL, None])
    message = life.rng.choice(life.case.pending).id
    return cmd.RecordDelivery(message=message, channel=channel, id=life.next_id(), by=MESSENGER)


def _end_hold(life: Life) -> cmd.BaseCommand | None:
    holds = life.case.open_holds()
    return cmd.EndHold(hold=holds[0].id, **_by(life)) if holds else None


CHOICES: list[Callable[[Life], cmd.BaseCommand | None]] = [
    _contact,
    _contact,
    _about_a_task,
    _about_a_task,
    _acknowledge,
    _take_over_or_step_down,
    _deliver,
    _deliver,
    _deliver,
    _end_hold,
    lambda life: cmd.CheckClocks(id=life.next_id(), by=CLOCK),
    lambda life: cmd.SendUpdate(text="仍在处理", **_by(life)),
    lambda life: cmd.AddEvidence(description="照片一张 📷", **_by(life)),
    lambda life: cmd.AssignTask(
        department=life.rng.choice(sorted(life.case.policy.departments)), what="请核实", **_by(life)
    ),
    lambda life: cmd.Escalate(level=life.rng.choice(list(EscalationLevel)[1:]), reason="客户要求", **_by(life)),
    lambda life: cmd.PutOnHold(reason=life.rng.choice(list(HoldReason)), question="哪天方便?", **_by(life)),
    lambda life: cmd.ProposeSolution(solution=solution(life), **_by(life)),
    lambda life: cmd.ProposeSolution(solution=solution(life), **_by(life)),
    lambda life: cmd.AcceptSolution(**_by(life)),
    lambda life: cmd.RequestRevision(reason="想要换货", **_by(life)),
    lambda life: cmd.CompleteRemedy(**_by(life)),
    lambda life: cmd.RecordCallback(reached=True, satisfied=life.rng.random() < 0.7, **_by(life)),
    lambda life: cmd.Reopen(reason="又坏了", **_by(life)),
    lambda life: cmd.Classify(reason="更正", level=life.rng.choice([Level.URGENT, Level.GENERAL]), **_by(life)),
    lambda life: cmd.RevokePortal(reason="链接外泄", **_by(life)),
]
