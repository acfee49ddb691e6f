"""Escalations: who hears of what, on which step of the chain, and until when they must acknowledge it."""

from complaints import events as ev
from complaints import ladder, telling
from complaints.case import Case, Escalation
from complaints.chain import Summons, summons
from complaints.commands import Acknowledge, Escalate, StepDown, TakeOver
from complaints.drafting import Draft
from complaints.parties import Actor
from complaints.promises import Promise
from complaints.quiet import can_wait
from complaints.refusals import Refusal
from complaints.vocabulary import BreachCause, EscalationCause, EscalationLevel, MessageKind, PromiseKind

STEPPED_DOWN = "stepped_down"
ASKED_FOR = frozenset({EscalationCause.RAISED_BY_HAND, EscalationCause.STEPPED_DOWN, EscalationCause.TASK_DECLINED})
"""What a person wants somebody to be told of is told, whatever they heard before."""


def raise_escalation(
    draft: Draft,
    level: EscalationLevel,
    cause: EscalationCause,
    *,
    reason: str | None = None,
    promise: str | None = None,
    task: str | None = None,
    joins: str | None = None,
    origin: ev.Origin | None = None,
) -> None:
    """Raise a step of the chain, start its clock, and tell who stands on it.

    Where nobody is there the next step is told at once. A step that was told of the same promise, or of the same
    trouble and has not answered yet, is not told again: `joins`, or else `promise`, joins that escalation. `origin` is
    what it is about, where `cause` and `reason` do not say that.
    """
    if _is_known(draft, level, cause, promise, joins):
        return
    called = summons(draft.case, level, task, draft.at)
    if called.level is not level and _is_known(draft, called.level, cause, promise, joins):
        return
    _tell(draft, called, cause, level, reason=reason, promise=promise, task=task, origin=origin)


def _tell(
    draft: Draft,
    called: Summons,
    cause: EscalationCause,
    meant: EscalationLevel,
    *,
    reason: str | None,
    promise: str | None,
    task: str | None,
    origin: ev.Origin | None,
) -> None:
    case = draft.case
    raised = ev.EscalationRaised(
        escalation=f"E-{case.code}-{len(case.escalations) + 1}",
        level=called.level,
        cause=cause if called.level is meant else EscalationCause.NOBODY_THERE,
        to=called.to,
        reason=reason,
        promise=promise,
        task=task,
    )
    if called.passed_over:
        raised = raised.model_copy(update={"passed_over": called.passed_over})
    if origin is None and called.level is not meant:
        origin = ev.Origin(cause=cause, reason=reason)
    # The first edition's escalations forgot what they were about.
    if origin is not None and case.policy.edition > 1:
        raised = raised.model_copy(update={"origin": origin})
    draft.record(raised)
    red = cause is EscalationCause.RED_ALERT
    waits = can_wait(called.level) and not (red or (origin and origin.cause is EscalationCause.RED_ALERT))
    step = case.policy.chain.get(called.level)
    draft.promise(
        PromiseKind.ESCALATION_ACK,
        step.ack_minutes if step else None,
        # Nobody is passed by for not acknowledging what they have not been told.
        start=draft.told_at(called.to, can_wait=waits),
        escalation=raised.escalation,
    )
    escalation = draft.case.escalations[-1]
    if red:
        draft.alert(MessageKind.RED_ALERT, called.to, telling.red_alert(draft.case, escalation, called.title))
    else:
        facts = telling.escalation(draft.case, escalation, called.title)
        draft.alert(MessageKind.ESCALATION_ALERT, called.to, facts, can_wait=waits)


def _is_known(
    draft: Draft, level: EscalationLevel, cause: EscalationCause, promise: str | None, joins: str | None
) -> bool:
    """Whether a step need not be told again; then what it would have been told of joins what it was told.

    An acknowledged escalation takes in nothing but its own promises: somebody saw to it, and it broke again. In the
    first edition everybody was told of everything.
    """
    case = draft.case
    if case.policy.edition == 1 or promise is None or cause in ASKED_FOR:
        return False
    known = next(
        (
            each
            for each in reversed(case.escalations)
            if each.level is level and (_concerns(case, each, promise) or _came_with(draft, each, cause, promise))
        ),
        None,
    )
    if known is None:
        return False
    joining = joins or promise
    if joining not in (known.promise, *known.joined):
        draft.record(ev.EscalationJoined(escalation=known.id, promise=joining))
    return True


def _concerns(case: Case, escalation: Escalation, promise: str) -> bool:
    if escalation.stepped_down_at is not None or escalation.promise is None:
        return False
    if promise in (escalation.promise, *escalation.joined):
        return True
    if escalation.is_over():
        return False
    other, this = case.promise(escalation.promise), case.promise(promise)
    # What a task owes at one instant is one trouble.
    together = this.task is not None and other.due == this.due
    return _of_one_task(case, other, this) and (other.kind is this.kind or together)


def _came_with(draft: Draft, escalation: Escalation, cause: EscalationCause, promise: str) -> bool:
    """Whether somebody is told at this very moment of another promise of the same task, as after an outage."""
    case = draft.case
    if escalation.raised_at != draft.at or escalation.is_over() or escalation.promise is None:
        return False
    if escalation.began_as is EscalationCause.DUE_SOON is not cause:
        return False
    this = case.promise(promise)
    return this.task is not None and _of_one_task(case, case.promise(escalation.promise), this)


def _of_one_task(case: Case, one: Promise, other: Promise) -> bool:
    """Whether two promises belong to the same task, or both to none; one handed on is another department's trouble."""
    return (one.task, case.department_of(one)) == (other.task, case.department_of(other))


def red_alert(draft: Draft, reason: str | None = None) -> None:
    """An urgent complaint goes straight to the duty manager; `reason` is what a person said who made it urgent."""
    raise_escalation(draft, EscalationLevel.DUTY_MANAGER, EscalationCause.RED_ALERT, reason=reason)


# --- promises that are not kept


def break_and_escalate(draft: Draft, promise: Promise, cause: BreachCause) -> None:
    """A promise is broken: record it for good and tell the right person at once, or whom its ladder says."""
    draft.break_(promise, cause)
    if promise.kind is PromiseKind.ESCALATION_ACK:
        _go_one_up(draft, promise)
        return
    rungs = ladder.at_the_break(draft.case, promise)
    levels = [ladder.level_of(rung, promise) for _, rung in rungs]
    if not ladder.ladder(draft.case, promise):
        levels = [EscalationLevel.TASK_SUPERVISOR if promise.task else EscalationLevel.TEAM_LEAD]
    elif promise.task and not _names_supervisor(draft.case, promise):
        levels = [EscalationLevel.TASK_SUPERVISOR, *levels]
    if rungs:
        draft.record(ev.RungReached(promise=promise.id, rung=rungs[-1][0]))
    for level in dict.fromkeys(levels):
        raise_escalation(draft, level, EscalationCause.PROMISE_BROKEN, promise=promise.id, task=promise.task)


def _names_supervisor(case: Case, promise: Promise) -> bool:
    """Whether a ladder says itself when the task's supervisor is told; otherwise that is at the break."""
    return any(rung.level is EscalationLevel.TASK_SUPERVISOR for rung in ladder.ladder(case, promise))


def climb(draft: Draft, promise: Promise) -> None:
    """A promise has reached rungs of its ladder: each of their levels is told, those of several at once one time."""
    reached = [foothold for foothold in ladder.ahead(draft.case, promise) if foothold.at <= draft.at]
    draft.record(ev.RungReached(promise=promise.id, rung=reached[-1].number))
    causes = {ladder.level_of(foothold.rung, promise): foothold.cause for foothold in reached}
    for level, cause in causes.items():
        raise_escalation(draft, level, cause, promise=promise.id, task=promise.task)


def undelivered(draft: Draft, message: MessageKind) -> None:
    """The customer could not be told something that no promise hangs on; a person must."""
    origin = ev.Origin(cause=EscalationCause.UNDELIVERED, message=message)
    raise_escalation(draft, EscalationLevel.TEAM_LEAD, EscalationCause.UNDELIVERED, origin=origin)


def _go_one_up(draft: Draft, ack: Promise) -> None:
    unseen = draft.case.escalation(ack.escalation or "")
    if unseen is None or unseen.level >= draft.case.policy.top_of_chain():
        return
    raise_escalation(
        draft,
        EscalationLevel(unseen.level + 1),
        EscalationCause.NOT_ACKNOWLEDGED,
        reason=unseen.reason if draft.case.policy.edition > 1 else None,
        promise=unseen.promise,
        task=unseen.task,
        joins=ack.id,
        origin=_origin(unseen),
    )


def _origin(escalation: Escalation) -> ev.Origin:
    return escalation.origin or ev.Origin(cause=escalation.cause, reason=escalation.reason)


# --- what people ask


def check_escalate(case: Case, command: Escalate) -> None:
    if command.level not in case.policy.chain:
        raise Refusal("no_escalation_level")


def escalate(draft: Draft, command: Escalate) -> None:
    raise_escalation(draft, command.level, EscalationCause.RAISED_BY_HAND, reason=command.reason)


def check_acknowledge(case: Case, command: Acknowledge) -> None:
    """Raise the refusal of an escalation that needs no acknowledgement, or that this department may not know of."""
    if _running(case, command).acknowledged_at is not None:
        raise Refusal("already_acknowledged")


def check_take_over(case: Case, command: TakeOver) -> None:
    """Raise the refusal of an escalation that nobody answers for any more; an acknowledged one somebody does."""
    _running(case, command)


def _running(case: Case, command: Acknowledge | TakeOver | StepDown) -> Escalation:
    escalation = case.escalation(command.escalation)
    if escalation is None or not _is_theirs(case, escalation, command.by):
        raise Refusal("escalation_unknown")
    if escalation.stepped_down_at is not None or escalation.dropped_at is not None:
        raise Refusal("escalation_over")
    return escalation


def _is_theirs(case: Case, escalation: Escalation, actor: Actor) -> bool:
    """A department knows only of what its own supervisor was told about its own tasks."""
    if actor.department is None:
        return True
    to_its_supervisor = escalation.level is EscalationLevel.TASK_SUPERVISOR
    return to_its_supervisor and case.department_about(escalation) == actor.department


def acknowledge(draft: Draft, command: Acknowledge) -> None:
    draft.record(ev.EscalationAcknowledged(escalation=command.escalation))
    draft.keep(draft.case.outstanding(PromiseKind.ESCALATION_ACK, escalation=command.escalation))


def take_over(draft: Draft, command: TakeOver) -> None:
    """Somebody else answers for it: nobody need acknowledge it any more, and who answered for it hears so."""
    before = _running(draft.case, command)
    draft.record(ev.EscalationTakenOver(escalation=command.escalation, person=command.person))
    draft.keep(draft.case.outstanding(PromiseKind.ESCALATION_ACK, escalation=command.escalation))
    if before.owner != command.person:
        _tell_relieved(draft, before)


def check_step_down(case: Case, command: StepDown) -> None:
    escalation = _running(case, command)
    supervised = command.level is EscalationLevel.TASK_SUPERVISOR and escalation.task
    if not supervised and command.level not in case.policy.chain:
        raise Refusal("no_escalation_level")
    if command.level >= escalation.level:
        raise Refusal("not_a_lower_level")


def step_down(draft: Draft, command: StepDown) -> None:
    """It goes back to a lower step, which is told anew and has its own time; the higher one is done with it."""
    former = _running(draft.case, command)
    stepped = ev.EscalationSteppedDown(escalation=former.id, level=command.level, reason=command.reason)
    draft.record(stepped)
    for ack in list(draft.case.open_promises(PromiseKind.ESCALATION_ACK)):
        if ack.escalation == former.id:
            draft.record(ev.PromiseWaived(promise=ack.id, reason=STEPPED_DOWN))
    raise_escalation(
        draft,
        command.level,
        EscalationCause.STEPPED_DOWN,
        reason=command.reason,
        promise=former.promise,
        task=former.task,
        origin=_origin(former),
    )
    _tell_relieved(draft, former)


def _tell_relieved(draft: Draft, before: Escalation) -> None:
    """Who answered for an escalation hears that it is no longer theirs, where we have an address of theirs."""
    settled = draft.case.escalation(before.id)
    if settled is not None and before.owner.routes():
        facts = telling.escalation_settled(draft.case, settled)
        draft.alert(MessageKind.ESCALATION_SETTLED, before.owner, facts, can_wait=True)
