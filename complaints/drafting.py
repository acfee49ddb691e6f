"""A decision in the making: events are folded as they are recorded, so that each rule sees what the last one did."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from pydantic import JsonValue

from complaints import events as ev
from complaints.case import Case, Receipt
from complaints.events import Entry, Event
from complaints.evolving import apply, seal
from complaints.messages import Message, Recipient
from complaints.parties import Actor, Colleague, Route
from complaints.promises import Promise
from complaints.quiet import told_at
from complaints.steps import Alert, Assign, Collect, Send, Step
from complaints.terms import named
from complaints.vocabulary import (
    BreachCause,
    Channel,
    HoldReason,
    MessageKind,
    PromiseKind,
    PromiseState,
    Stage,
)

Facts = dict[str, JsonValue]


class Decision(NamedTuple):
    """What follows from a command: new entries of the journal, the case after them, and the effects asked for.

    Nothing at all follows from a command that was handled before, but its first receipt.
    """

    entries: tuple[Entry, ...]
    case: Case
    steps: tuple[Step, ...]
    receipt: Receipt | None = None


@dataclass(frozen=True)
class Occasion:
    """When and by whom something is decided, and under which command's id."""

    at: datetime
    by: Actor
    command: str | None = None
    fingerprint: str = ""


class Draft:
    """One entry of the journal being written. Raises nothing of its own: what may be asked is checked before."""

    def __init__(self, case: Case | None, occasion: Occasion) -> None:
        self._case = case
        self.at = occasion.at
        self._entry = Entry(
            sequence=(case.version if case else 0) + 1,
            at=occasion.at,
            by=occasion.by,
            events=(),
            command=occasion.command,
            fingerprint=occasion.fingerprint,
        )
        self._events: list[Event] = []
        self._steps: list[Step] = []

    @property
    def case(self) -> Case:
        """The case as it is after everything recorded so far."""
        if self._case is None:
            raise LookupError("no complaint has been filed yet")
        return self._case

    def record(self, event: Event) -> None:
        self._case = apply(self._case, event, self._entry)
        self._events.append(event)

    def decision(self) -> Decision:
        """The finished decision; without entries if nothing was recorded."""
        if not self._events:
            return Decision((), self.case, ())
        entry = self._entry.model_copy(update={"events": tuple(self._events)})
        return Decision((entry,), seal(self.case, entry), tuple(self._steps))

    # --- stages and promises

    def enter(self, stage: Stage) -> None:
        self.record(ev.StageEntered(stage=stage))

    def promise(
        self,
        kind: PromiseKind,
        minutes: float | None = None,
        *,
        calendar: str | None = None,
        start: datetime | None = None,
        task: str | None = None,
        escalation: str | None = None,
        within: str | None = None,
    ) -> Promise:
        """Start a clock: on the terms of the policy's most specific rule, or with other minutes or calendar.

        It starts now, or at the later instant `start`.
        """
        case = self.case
        terms = case.terms(kind)
        number = 1 + sum(promise.kind is kind for promise in case.promises)
        made = ev.PromiseMade(
            promise=f"{kind}-{number}",
            kind=kind,
            start=start or self.at,
            budget=case.policy.span(terms.minutes if minutes is None else minutes),
            round=case.round,
            task=task,
            escalation=escalation,
            calendar=named(calendar or terms.calendar),
            rule=terms.rule,
            matched=terms.matched,
            within=within,
        )
        self.record(made)
        return self.case.promise(made.promise)

    def keep(self, promise: Promise | None) -> None:
        """The duty is done: kept if still open, met late if it was broken. None, or done before, changes nothing."""
        if promise is None or not promise.is_outstanding():
            return
        if promise.state is PromiseState.OPEN:
            self.record(ev.PromiseKept(promise=promise.id))
        else:
            self.record(ev.PromiseMet(promise=promise.id))

    def break_(self, promise: Promise, cause: BreachCause) -> None:
        self.record(ev.PromiseBroken(promise=promise.id, cause=cause))

    def waive_open(self, reason: str, *kinds: PromiseKind) -> None:
        """Waive what is still open, of all kinds or of those named."""
        for promise in list(self.case.open_promises(*kinds)):
            self.record(ev.PromiseWaived(promise=promise.id, reason=reason))

    def waive_all_but_acknowledgements(self, reason: str) -> None:
        """Waive what is owed to the customer or by a department; who was told of a breach must still acknowledge it."""
        self.waive_open(reason, *(kind for kind in PromiseKind if kind is not PromiseKind.ESCALATION_ACK))

    def finish(self) -> None:
        """Nothing more can be asked of this case, and nothing of anybody because of it."""
        self.waive_open("finished")
        self.record(ev.CaseFinished())

    def answer(self, promise: Promise | None, message: str) -> None:
        """A message is under way that keeps this promise once delivered."""
        if promise is not None:
            self.record(ev.PromiseAnswered(promise=promise.id, message=message))

    def end_holds(self, why: str, *reasons: HoldReason, since: datetime | None = None) -> None:
        """End the open holds, all or those with one of the reasons; `since` is when, where that was before now."""
        for hold in self.case.open_holds():
            if not reasons or hold.reason in reasons:
                ended = ev.HoldEnded(hold=hold.id, why=why)
                if since is not None:
                    ended = ev.HoldEnded(hold=hold.id, why=why, ended_at=since)
                self.record(ended)

    # --- messages

    def tell_customer(self, kind: MessageKind, facts: Facts) -> str:
        """Ask for a message to the customer; returns its id."""
        customer = self.case.complaint.customer
        to = Recipient(name=customer.name, language=customer.language, routes=customer.routes())
        facts = {**facts, "portal_generation": self.case.portal_generation}
        message = self._message(kind, to, facts, to_customer=True)
        self._steps.append(Send(message=message))
        return message.id

    def tell_department(self, kind: MessageKind, department: str, facts: Facts) -> None:
        """Ask for a message to a department, in order with what it was told before."""
        policy = self.case.policy
        asked = policy.departments[department]
        routes = (Route(channel=Channel.EMAIL, address=asked.email),)
        name = asked.name.in_(policy.staff_language)
        to = Recipient(name=name, language=policy.staff_language, routes=routes)
        self._steps.append(Assign(message=self._message(kind, to, facts)))

    def told_at(self, colleague: Colleague, *, can_wait: bool) -> datetime:
        """When a colleague would be told of what comes up now: now, or what can wait when they wish to hear of it."""
        return told_at(self.case.policy, colleague, self.at) if can_wait else self.at

    def alert(self, kind: MessageKind, colleague: Colleague, facts: Facts, *, can_wait: bool = False) -> None:
        """Ask for a colleague to be told at once, or of what can wait when they wish to hear of it."""
        to = Recipient(name=colleague.name, language=self.case.policy.staff_language, routes=colleague.routes())
        due = self.told_at(colleague, can_wait=can_wait)
        message = self._message(kind, to, facts)
        self._steps.append(Collect(message=message, due=due) if due > self.at else Alert(message=message))

    def _message(self, kind: MessageKind, to: Recipient, facts: Facts, *, to_customer: bool = False) -> Message:
        case = self.case
        message = Message(
            reference=case.reference,
            id=f"{kind}-{case.messages + 1}",
            kind=kind,
            to=to,
            timezone=case.policy.timezone,
            facts=facts,
        )
        self.record(ev.MessageAsked(message=message.id, kind=kind, to_customer=to_customer))
        return message
