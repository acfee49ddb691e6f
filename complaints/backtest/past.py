"""A case of the past as its journal tells it, event by event, with its promises timed by a draft."""

from collections.abc import Callable
from datetime import datetime
from itertools import takewhile
from typing import Any

from complaints import events as ev
from complaints.backtest.timing import Clock, Draft, Timing
from complaints.backtest.verdicts import NotAJournal, Outcome, Verdict
from complaints.promises import Hold
from complaints.retiming import RETIMED
from complaints.terms import Subject, Terms, named
from complaints.vocabulary import RESTING_STAGES, UPDATED_STAGES, EscalationCause, Level, PromiseKind, Stage

MEANWHILE = (PromiseKind.FIRST_CONTACT, PromiseKind.PROGRESS_UPDATE, PromiseKind.RESOLUTION)
AFTERWARDS = (PromiseKind.CONFIRMATION_LETTER, PromiseKind.CALLBACK)
OF_A_TASK = (PromiseKind.TASK_FEEDBACK, PromiseKind.TASK_COMPLETION)
BECAUSE_OF_A_BREACH = frozenset(
    {EscalationCause.PROMISE_BROKEN, EscalationCause.NOT_ACKNOWLEDGED, EscalationCause.STILL_OUTSTANDING}
)


class Past:
    """What is known of a case up to some entry of its journal."""

    def __init__(self, draft: Draft, filed: ev.ComplaintFiled) -> None:
        complaint = filed.complaint
        self._draft = draft
        self._timing = Timing(draft)
        self._clocks = self._timing.clocks
        self._policy = filed.policy
        self._subject = Subject(
            level=complaint.level,
            category=complaint.category,
            tier=complaint.customer.tier,
            channel=complaint.channel,
            region=complaint.customer.region,
            product=complaint.product,
        )
        self._complex = complaint.complex
        self._update_every: int | None = None
        self._departments: dict[str, str] = {}
        self._revisions: set[int] = set()
        self._closes_for_good_at: datetime | None = None
        self._escalations: dict[str, ev.EscalationRaised] = {}

    def go_on(self, event: ev.Event, at: datetime) -> None:
        """Take in one more event. Raises NotAJournal for one about a promise that was never made."""
        follow = FOLLOW.get(type(event))
        if follow is not None:
            follow(self, event, at)

    def verdicts(self, at: datetime) -> tuple[Verdict, ...]:
        """What is to be said of each promise, as seen at an instant. Nothing can be taken in afterwards."""
        for clock in self._clocks.values():
            self._timing.decide(clock, at)
        return tuple(
            Verdict(
                promise=clock.made.promise,
                kind=clock.made.kind,
                start=clock.made.start,
                ended=clock.ended_at,
                due=clock.due,
                before=clock.state,
                after=Outcome.NOT_MADE if self._has_no_occasion(clock) else clock.decided or Outcome.OPEN,
            )
            for clock in self._clocks.values()
        )

    def _has_no_occasion(self, clock: Clock) -> bool:
        """Whether nobody would have been escalated to: what was broken would not have been."""
        raised = self._escalations.get(clock.made.escalation or "")
        if raised is None or raised.cause not in BECAUSE_OF_A_BREACH:
            return False
        cause = self._clocks.get(raised.promise or "")
        return cause is not None and cause.state is Outcome.BROKEN and cause.decided is not Outcome.BROKEN

    # --- the draft's terms

    def _made(self, event: ev.PromiseMade, at: datetime) -> None:
        if event.kind is PromiseKind.RESOLUTION:
            self._dropped(at, PromiseKind.RESOLUTION)
        policy, terms = self._draft.policy, self._draft.terms(event.kind, self._subject)
        calendar = terms.calendar
        if event.task is not None and policy.edition > 1:
            department = policy.departments.get(self._departments.get(event.task, ""))
            calendar = department.calendar if department else calendar
        budget = policy.span(self._minutes(event, terms))
        self._clocks[event.promise] = Clock(event, budget, named(calendar), self._within(event, at))

    def _minutes(self, made: ev.PromiseMade, terms: Terms) -> float:
        policy = self._draft.policy
        if made.kind is PromiseKind.PROGRESS_UPDATE:
            return self._update_every or terms.minutes
        if made.kind is PromiseKind.RESOLUTION:
            revision = made.round in self._revisions
            return policy.resolution_minutes(terms, complex_=self._complex, revision=revision)
        if made.kind in OF_A_TASK:
            return self._minutes_of_a_task(made, terms)
        if made.kind is PromiseKind.ESCALATION_ACK:
            raised = self._escalations.get(made.escalation or "")
            step = policy.chain.get(raised.level) if raised else None
            return (step.ack_minutes if step else None) or terms.minutes
        return terms.minutes

    def _minutes_of_a_task(self, made: ev.PromiseMade, terms: Terms) -> float:
        """What the draft gives; what somebody gave by their own word, or was left of the case's time, stays."""
        given = made.budget / self._policy.span(1)
        usual = self._policy.terms(made.kind, self._subject).minutes
        return terms.minutes if given == usual else given

    def _within(self, made: ev.PromiseMade, at: datetime) -> str | None:
        if made.task is None or made.within is not None or self._draft.policy.edition == 1:
            return made.within
        for clock in reversed(self._clocks.values()):
            if clock.made.kind is PromiseKind.RESOLUTION and clock.ended_at is None:
                due = self._timing.due(clock)
                return clock.made.promise if due is None or due > at else None
        return None

    def _triaged(self, event: ev.ComplaintTriaged, at: datetime) -> None:
        self._subject = self._subject._replace(level=event.triage.level, category=event.triage.category)

    def _reclassified(self, event: ev.CaseReclassified, at: datetime) -> None:
        tier = event.tier or self._subject.tier
        self._subject = self._subject._replace(level=event.level, category=event.category, tier=tier)
        if event.level is Level.SUGGESTION:
            return
        kinds = RETIMED if self._draft.policy.edition > 1 else (PromiseKind.FIRST_CONTACT,)
        for clock in self._clocks.values():
            if clock.made.kind in kinds and self._timing.is_running(clock, at):
                terms = self._draft.terms(clock.made.kind, self._subject)
                clock.budget = self._draft.policy.span(self._minutes(clock.made, terms))
                clock.calendar = named(terms.calendar)

    def _extended(self, event: ev.ResolutionExtended, at: datetime) -> None:
        self._complex = True
        clock = self._clock(event.promise)
        if self._timing.is_running(clock, at):
            terms = self._draft.terms(PromiseKind.RESOLUTION, self._subject)
            longer = self._draft.policy.resolution_minutes(terms, complex_=True, revision=False)
            clock.budget = max(clock.budget, self._draft.policy.span(longer))

    def _migrated(self, event: ev.PolicyMigrated, at: datetime) -> None:
        self._policy = event.policy

    def _interval(self, event: ev.UpdateIntervalAgreed, at: datetime) -> None:
        self._update_every = event.minutes

    # --- holds

    def _held(self, event: ev.HoldStarted, at: datetime) -> None:
        draft, terms = self._draft.policy, self._draft.policy.holds.get(event.reason)
        if terms is None:
            return
        former, lapses_at = self._policy.holds.get(event.reason), event.lapses_at
        promises = tuple(kind for kind in event.promises if kind in terms.promises)
        if former is not None:
            # Where nobody chose among the promises that the reason may hold, it would have held all of the draft's.
            promises = terms.promises if event.promises == former.promises else promises
            longer = draft.span(terms.longest_minutes) - self._policy.span(former.longest_minutes)
            lapses_at = max(at, min(lapses_at, lapses_at + longer))
        self._timing.holds.append(
            Hold(id=event.hold, reason=event.reason, promises=promises, started_at=at, lapses_at=lapses_at)
        )

    def _released(self, event: ev.HoldEnded, at: datetime) -> None:
        for number, hold in enumerate(self._timing.holds):
            if hold.id == event.hold:
                ended_at = min(event.ended_at or at, hold.lapses_at)
                self._timing.holds[number] = hold.model_copy(update={"ended_at": ended_at})

    # --- what became of promises

    def _clock(self, promise: str) -> Clock:
        clock = self._clocks.get(promise)
        if clock is None:
            raise NotAJournal(f"{promise} was never made")
        return clock

    def _answered(self, event: ev.PromiseAnswered, at: datetime) -> None:
        self._clock(event.promise).answered_at = at

    def _kept(self, event: ev.PromiseKept, at: datetime) -> None:
        clock = self._clock(event.promise)
        clock.state = Outcome.KEPT
        self._done(clock, at)

    def _met(self, event: ev.PromiseMet, at: datetime) -> None:
        self._done(self._clock(event.promise), at)

    def _done(self, clock: Clock, at: datetime) -> None:
        clock.met_at = clock.ended_at = at
        self._timing.decide(clock, at)
        if clock.made.kind is PromiseKind.PROGRESS_UPDATE:
            # Whoever still waited for an earlier one has heard now.
            for earlier in takewhile(lambda each: each is not clock, self._clocks.values()):
                if earlier.made.kind is PromiseKind.PROGRESS_UPDATE and earlier.ended_at is None:
                    earlier.met_at = earlier.ended_at = at
                    self._timing.decide(earlier, at)

    def _broke(self, event: ev.PromiseBroken, at: datetime) -> None:
        clock = self._clock(event.promise)
        clock.state, clock.broken_at, clock.cause = Outcome.BROKEN, at, event.cause

    def _waived(self, event: ev.PromiseWaived, at: datetime) -> None:
        clock = self._clock(event.promise)
        clock.state, clock.ended_at = Outcome.WAIVED, at
        # Seen late, perhaps, but with the time for reopening over nobody was to do it any more.
        over = self._closes_for_good_at if event.reason == "finished" else None
        self._timing.decide(clock, min(at, over) if over else at)

    def _dropped(self, at: datetime, *kinds: PromiseKind, task: str | None = None) -> None:
        """Nobody waits any more for what was broken; what is open is waived by an event of its own."""
        for clock in self._clocks.values():
            waited_for = clock.state is Outcome.BROKEN and clock.ended_at is None
            if waited_for and clock.made.kind in kinds and task in (None, clock.made.task):
                clock.ended_at = at
                self._timing.decide(clock, at)

    # --- the case

    def _entered(self, event: ev.StageEntered, at: datetime) -> None:
        if event.stage not in UPDATED_STAGES:
            self._dropped(at, *MEANWHILE)
        if event.stage is not Stage.RESOLVED:
            self._dropped(at, *AFTERWARDS)
        rests = event.stage in RESTING_STAGES
        self._closes_for_good_at = at + self._policy.span(self._policy.reopening_minutes) if rests else None

    def _finished(self, event: ev.CaseFinished, at: datetime) -> None:
        self._dropped(at, *PromiseKind)

    def _revised(self, event: ev.RevisionRequested, at: datetime) -> None:
        self._revisions.add(event.round + 1)

    def _assigned(self, event: ev.TaskAssigned | ev.TaskHandedOn, at: datetime) -> None:
        self._departments[event.task] = event.department

    def _task_over(self, event: ev.TaskDeclined | ev.TaskCancelled, at: datetime) -> None:
        self._dropped(at, *OF_A_TASK, task=event.task)

    def _handed_on(self, event: ev.TaskHandedOn, at: datetime) -> None:
        self._dropped(at, *OF_A_TASK, task=event.task)
        self._assigned(event, at)

    def _raised(self, event: ev.EscalationRaised, at: datetime) -> None:
        self._escalations[event.escalation] = event


FOLLOW: dict[type[Any], Callable[[Past, Any, datetime], None]] = {
    ev.ComplaintTriaged: Past._triaged,
    ev.CaseReclassified: Past._reclassified,
    ev.PolicyMigrated: Past._migrated,
    ev.StageEntered: Past._entered,
    ev.CaseFinished: Past._finished,
    ev.PromiseMade: Past._made,
    ev.PromiseKept: Past._kept,
    ev.PromiseBroken: Past._broke,
    ev.PromiseMet: Past._met,
    ev.PromiseWaived: Past._waived,
    ev.PromiseAnswered: Past._answered,
    ev.ResolutionExtended: Past._extended,
    ev.UpdateIntervalAgreed: Past._interval,
    ev.HoldStarted: Past._held,
    ev.HoldEnded: Past._released,
    ev.RevisionRequested: Past._revised,
    ev.TaskAssigned: Past._assigned,
    ev.TaskHandedOn: Past._handed_on,
    ev.TaskDeclined: Past._task_over,
    ev.TaskCancelled: Past._task_over,
    ev.EscalationRaised: Past._raised,
}
"""What each event means here; the others change no promise."""
