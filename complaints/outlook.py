"""Outlook: what will fire in a case, when, and to whom, if nobody acts."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from complaints import commands as cmd
from complaints import events as ev
from complaints.base import Instant, Line, Value
from complaints.case import Case
from complaints.clocks import rings
from complaints.deciding import decide
from complaints.drafting import Decision
from complaints.messages import Recipient
from complaints.parties import CLOCK, MESSENGER
from complaints.policy import Policy
from complaints.steps import Collect, Step
from complaints.vocabulary import (
    EscalationCause,
    EscalationLevel,
    HoldReason,
    MessageKind,
    PromiseKind,
    Stage,
)

MOST_TURNS = 1_000
"""How many times the clocks of a case may ring before an outlook looks no further."""

HOUR = timedelta(hours=1)


class What(StrEnum):
    """What can fire by itself."""

    WARNING = "warning"
    UPDATE_SENT = "update_sent"
    BREACH = "breach"
    ESCALATION = "escalation"
    HOLD_OVER = "hold_over"
    MESSAGE = "message"
    ACCEPTANCE = "acceptance"
    CLOSING = "closing"
    FINISH = "finish"


TOLD_TO_SOMEBODY = frozenset({What.WARNING, What.ESCALATION, What.HOLD_OVER, What.ACCEPTANCE})
"""What a colleague is told of; messages to the customer stand for themselves."""


class Expected(Value):
    """One thing that will fire at an instant if nobody acts.

    `to` is who is told (a person, a department, the customer) and `addresses` how; `told_at` is when, where that waits
    for the end of their quiet hours or for their digest. `department` is the one whose task it is about.
    """

    at: Instant
    what: What
    promise: str | None = None
    kind: PromiseKind | None = None
    task: str | None = None
    department: Line | None = None
    level: EscalationLevel | None = None
    cause: EscalationCause | None = None
    hold: HoldReason | None = None
    message: MessageKind | None = None
    to: Line | None = None
    addresses: tuple[str, ...] = ()
    told_at: Instant | None = None


class Outlook(NamedTuple):
    """What is expected, in order, up to an instant: an earlier one than was asked where there is too much to see."""

    expected: tuple[Expected, ...]
    until: datetime


def outlook(case: Case, at: datetime, until: datetime, most_turns: int = MOST_TURNS) -> Outlook:
    """What will fire in a case from an instant up to another, both included, if nobody acts. Pure.

    Every message to the customer is taken to arrive at once, those under way too. What would follow if one did not, or
    if somebody acted after all, is not in it.
    """
    found: list[Expected] = []
    case, now = _delivered(case, at, found), at
    for _ in range(most_turns):
        ring = min((ring.at for ring in rings(case, now)), default=None)
        if ring is None or ring > until:
            return Outlook(tuple(found), until)
        now = max(now, ring)
        decision = decide(case, cmd.CheckClocks(id="outlook", by=CLOCK), now)
        found += _told(decision, now)
        case = _delivered(decision.case, now, found)
    return Outlook(tuple(found), now)


def _delivered(case: Case, at: datetime, found: list[Expected]) -> Case:
    channel = case.complaint.customer.routes()[0].channel
    while case.pending:
        message = case.pending[0].id
        arrives = cmd.RecordDelivery(id=f"outlook/{message}", by=MESSENGER, message=message, channel=channel)
        decision = decide(case, arrives, at)
        found += _told(decision, at)
        case = decision.case
    return case


def _told(decision: Decision, at: datetime) -> list[Expected]:
    case, found = decision.case, list[Expected]()
    steps = {step.message.id: step for step in decision.steps}
    for event in (event for entry in decision.entries for event in entry.events):
        if isinstance(event, ev.MessageAsked):
            step = steps[event.message]
            told = next(
                (number for number in reversed(range(len(found))) if found[number].what is not What.MESSAGE), None
            )
            if not event.to_customer and told is not None and _waits_for_words(found[told]):
                found[told] = _addressed(found[told], step)
            else:
                found.append(_addressed(_message(case, event, at), step))
        elif (expected := _of_event(case, event, at)) is not None:
            found.append(expected)
    return found


def _waits_for_words(expected: Expected) -> bool:
    return expected.what in TOLD_TO_SOMEBODY and expected.to is None


def _of_event(case: Case, event: ev.Event, at: datetime) -> Expected | None:
    match event:
        case ev.PromiseWarned():
            return _about(case, What.WARNING, event.promise, at)
        case ev.PromiseBroken():
            return _about(case, What.BREACH, event.promise, at)
        case ev.EscalationRaised():
            about = _about(case, What.ESCALATION, event.promise, at)
            task = _task(case, event.task)
            return about.model_copy(update={**task, "level": event.level, "cause": event.cause})
        case ev.HoldEnded(why="longest_time_over"):
            ended = next(hold for hold in case.holds if hold.id == event.hold)
            return Expected(at=at, what=What.HOLD_OVER, hold=ended.reason)
        case ev.SolutionAccepted():
            return Expected(at=at, what=What.ACCEPTANCE)
        case ev.StageEntered(stage=Stage.CLOSED):
            return Expected(at=at, what=What.CLOSING)
        case ev.CaseFinished():
            return Expected(at=at, what=What.FINISH)
    return None


def _about(case: Case, what: What, promise_id: str | None, at: datetime) -> Expected:
    if promise_id is None:
        return Expected(at=at, what=what)
    promise = case.promise(promise_id)
    unseen = case.escalation(promise.escalation) if promise.escalation else None
    task = _task(case, promise.task or (unseen.task if unseen else None))
    return Expected.model_validate({"at": at, "what": what, "promise": promise.id, "kind": promise.kind, **task})


def _task(case: Case, task_id: str | None) -> dict[str, str]:
    task = case.task(task_id) if task_id else None
    return {"task": task.id, "department": task.department} if task else {}


def _message(case: Case, event: ev.MessageAsked, at: datetime) -> Expected:
    is_update = event.to_customer and event.kind is MessageKind.PROGRESS
    return Expected(at=at, what=What.UPDATE_SENT if is_update else What.MESSAGE, message=event.kind)


def _addressed(expected: Expected, step: Step) -> Expected:
    to: Recipient = step.message.to
    told = {"to": to.name, "addresses": tuple(route.address for route in to.routes)}
    if isinstance(step, Collect):
        return expected.model_copy(update={**told, "told_at": step.due})
    return expected.model_copy(update=told)


# --- over many cases


@dataclass(frozen=True)
class Scope:
    """Whose outlook is asked for: a department's, a team's, both, or everybody's."""

    department: str | None = None
    team: str | None = None

    def of(self, case: Case, expected: Iterable[Expected]) -> Iterator[Expected]:
        """What of a case's outlook is the scope's.

        A department's is what concerns its tasks; a team's, what its members are told, and all that fires in the cases
        that one of them has taken.
        """
        theirs = _Members(case.policy, self.team) if self.team is not None else None
        taken = theirs is not None and theirs.took(case)
        for each in expected:
            if self.department is not None and each.department != self.department:
                continue
            if theirs is None or taken or theirs.are_told(each):
                yield each

    def is_known_to(self, policy: Policy) -> bool:
        """Whether the policy has the department and the team that are named."""
        known = self.department is None or self.department in policy.departments
        return known and (self.team is None or self.team in policy.teams)


class _Members:
    def __init__(self, policy: Policy, team: str) -> None:
        there = policy.teams.get(team)
        people = [policy.people[slug] for slug in there.members if slug in policy.people] if there else []
        self._names = {person.name for person in people}
        self._addresses = {address for person in people for address in (person.email, person.phone) if address}
        if there is not None and there.email:
            self._addresses.add(there.email)

    def took(self, case: Case) -> bool:
        agent = case.agent
        return agent is not None and (
            agent.name in self._names or not self._addresses.isdisjoint({agent.email, agent.phone})
        )

    def are_told(self, expected: Expected) -> bool:
        return expected.to in self._names or not self._addresses.isdisjoint(expected.addresses)


class Hour(Value):
    """What fires within one hour of the clock: how often, of which sort, and in which cases, by how often there."""

    start: Instant
    counts: dict[What, int]
    references: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass
class Hours:
    """Counts what fires, hour by hour of the clock."""

    _counts: dict[datetime, Counter[What]] = field(default_factory=dict)
    _references: dict[datetime, Counter[str]] = field(default_factory=dict)

    def add(self, reference: str, expected: Iterable[Expected]) -> None:
        for each in expected:
            start = each.at.replace(minute=0, second=0, microsecond=0)
            self._counts.setdefault(start, Counter())[each.what] += 1
            self._references.setdefault(start, Counter())[reference] += 1

    def table(self, at: datetime, until: datetime) -> tuple[Hour, ...]:
        """Every hour between two instants in its order, those too in which nothing fires."""
        start, hours = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0), list[Hour]()
        while start <= until:
            counts, references = self._counts.get(start, Counter()), self._references.get(start, Counter())
            hours.append(Hour(start=start, counts=dict(counts), references=dict(references.most_common())))
            start += HOUR
        return tuple(hours)
