"""A made-up complaint and a driver of its life: commands, clocks that ring, messages that arrive or do not."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
import yaml

from complaints import Decision, Refusal, Ring, decide, evolve, open_case, rings
from complaints import commands as cmd
from complaints.case import Case, Escalation, Task
from complaints.events import Entry
from complaints.messages import Message
from complaints.parties import CLOCK, MESSENGER, Actor, Colleague, Complaint, Customer
from complaints.policy import CURRENT_EDITION, Policy
from complaints.promises import Promise
from complaints.solutions import Remedy, Solution
from complaints.steps import Step
from complaints.triage import Triage
from complaints.vocabulary import Channel, EscalationLevel, MessageKind, PromiseKind, RemedyKind, Role

START = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
AGENT = Actor(role=Role.AGENT, name="agent")
LIN = Colleague(name="林晓", email="lin@redress.example")
CUSTOMER = Customer(name="王小明", email="wang@example.com", phone="+86 138 0000 0000")


@cache
def _shipped() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((files("complaints") / "policies" / "default.yaml").read_bytes())
    # A case never carries the rules of triage.
    del content["triage"]
    return content


def policy_content(**changes: Any) -> dict[str, Any]:
    """The default policy as it stands in its file, with whole parts of it replaced."""
    return deepcopy(_shipped()) | changes


def policy(**changes: Any) -> Policy:
    return Policy.model_validate({"edition": CURRENT_EDITION, **policy_content(**changes)})


def promised(**terms: dict[str, Any]) -> dict[str, Any]:
    """The default policy's promises with the terms of some kinds laid over them."""
    promises: dict[str, Any] = policy_content()["promises"]
    return promises | {kind: promises[kind] | changes for kind, changes in terms.items()}


DEFAULT = policy()


def filing(pinned: Policy = DEFAULT, *, triage: Triage | None = None, **complaint: Any) -> cmd.FileComplaint:
    details = {"channel": Channel.WEB, "customer": CUSTOMER, "subject": "水壶漏水", "detail": "用了两天就漏水"}
    return cmd.FileComplaint(
        id="filing",
        by=Actor(role=Role.CHANNEL, name="web"),
        fingerprint="filed",
        reference="C-20261120-7F3K9QABCD",
        complaint=Complaint.model_validate(details | complaint),
        policy=pinned,
        triage=triage,
    )


def solution(at: datetime = START, **parts: Any) -> Solution:
    """A plan that is complete for every category but product quality."""
    plan: dict[str, Any] = {
        "remedies": (Remedy(kind=RemedyKind.REFUND, detail="退还全部货款"),),
        "measure": "款项到账",
        "owner": "财务部",
        "relevance": "客户反映的正是这一笔费用",
        "complete_by": at + timedelta(days=2),
    }
    return Solution(**plan | parts)


class Life:
    """One complaint from its filing on.

    `post_works` says whether messages to the customer arrive at the instant they are asked for; otherwise they stay
    under way until `fail` or `deliver`. Every minute here is one of the policy's.
    """

    def __init__(
        self, pinned: Policy = DEFAULT, *, post_works: bool = True, at: datetime = START, **complaint: Any
    ) -> None:
        self.at = self.start = at
        self.post_works = post_works
        self.journal: list[Entry] = []
        self.sent: list[Message] = []
        self.steps: list[tuple[datetime, Step]] = []
        self._asked = 0
        self.case: Case
        self._adopt(open_case(filing(pinned, **complaint), at))

    # --- what happens

    def ask(self, kind: type[cmd.BaseCommand], **fields: Any) -> Decision:
        """Put a command to the case now, the agent's unless `by` says whose. Raises Refusal."""
        return self.put(self.command(kind, **fields))

    def put(self, command: cmd.BaseCommand) -> Decision:
        decision = decide(self.case, command, self.at)
        self._adopt(decision)
        return decision

    def command(self, kind: type[cmd.BaseCommand], **fields: Any) -> cmd.BaseCommand:
        self._asked += 1
        return kind.model_validate({"id": f"command-{self._asked}", "by": AGENT, **fields})

    def refused(self, kind: type[cmd.BaseCommand], **fields: Any) -> str:
        """The name of the refusal of a command now; the case is as before."""
        with pytest.raises(Refusal) as refusal:
            self.ask(kind, **fields)
        return refusal.value.name

    def wait(self, minutes: float) -> None:
        """Let time pass, each clock ringing at its own instant, those of the last instant too."""
        until = self.at + self.case.policy.span(minutes)
        while (ring := self.next_ring()) is not None and ring.at <= until:
            self.at = max(self.at, ring.at)
            self.ring()
        self.at = until

    def sleep(self, minutes: float) -> None:
        """Let time pass without anything of ours running."""
        self.at += self.case.policy.span(minutes)

    def ring(self) -> Decision:
        return self.ask(cmd.CheckClocks, by=CLOCK)

    def next_ring(self) -> Ring | None:
        return min(rings(self.case, self.at), key=lambda ring: ring.at, default=None)

    def deliver(self, message: str | None = None, channel: Channel | None = Channel.EMAIL) -> None:
        """The newest message under way arrives, or the one named."""
        pending = message or self.case.pending[-1].id
        self.ask(cmd.RecordDelivery, by=MESSENGER, message=pending, channel=channel)

    def fail(self, message: str | None = None) -> None:
        """The newest message under way, or the one named, will never arrive."""
        self.deliver(message, channel=None)

    def _adopt(self, decision: Decision) -> None:
        self.journal += decision.entries
        self.sent += [step.message for step in decision.steps]
        self.steps += [(self.at, step) for step in decision.steps]
        self.case = decision.case
        if self.post_works:
            for pending in self.case.pending:
                self.deliver(pending.id)

    # --- the main path

    def contact(self, **fields: Any) -> None:
        self.ask(cmd.RecordContact, channel=Channel.PHONE, reached=True, agent=LIN, **fields)

    def propose(self, **parts: Any) -> None:
        self.ask(cmd.ProposeSolution, solution=solution(self.at, **parts))

    def agree(self) -> None:
        """From just filed to agreed."""
        self.contact()
        self.propose()
        self.ask(cmd.AcceptSolution)

    def resolve(self) -> None:
        """From just filed to resolved."""
        self.agree()
        self.ask(cmd.CompleteRemedy)

    def close(self) -> None:
        """From just filed to closed."""
        self.resolve()
        self.ask(cmd.AnswerSurvey, satisfied=True, answers=("很好",))

    def task(self, department: str = "logistics", **fields: Any) -> Task:
        self.ask(cmd.AssignTask, department=department, what="请核实包裹去向", **fields)
        return self.case.tasks[-1]

    # --- what became of it

    def promise(self, kind: PromiseKind, number: int | None = None) -> Promise:
        """The newest promise of a kind, or the one with that number, counted from 1."""
        made = [promise for promise in self.case.promises if promise.kind is kind]
        return made[-1 if number is None else number - 1]

    def due(self, kind: PromiseKind, number: int | None = None) -> float | None:
        """In how many minutes after the filing that promise is due; None while it is held."""
        due = self.promise(kind, number).due
        return None if due is None else self.minutes(due)

    def minutes(self, instant: datetime) -> float:
        """An instant in minutes of the policy after the filing."""
        return (instant - self.start) / self.case.policy.span(1)

    def told(self, kind: MessageKind) -> list[Message]:
        return [message for message in self.sent if message.kind is kind]

    def escalations(self) -> list[tuple[EscalationLevel, str]]:
        return [(escalation.level, escalation.cause) for escalation in self.case.escalations]

    def escalation(self) -> Escalation:
        return self.case.escalations[-1]

    def stages(self) -> list[str]:
        """Every stage entered so far, in order."""
        events = [event for entry in self.journal for event in entry.events]
        return [event.stage for event in events if event.type == "stage_entered"]

    def folded(self) -> Case:
        """The case as the records have it: folded from the journal as it is stored."""
        case: Case | None = None
        for entry in self.journal:
            case = evolve(case, Entry.model_validate_json(entry.model_dump_json(exclude_unset=True)))
        assert case is not None
        return case


def department(name: str) -> Actor:
    return Actor(role=Role.DEPARTMENT, name=name, department=name)
