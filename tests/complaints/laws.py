"""The laws that every life keeps, whatever is asked and whatever fails."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from complaints import Decision, Refusal, check, decide, evolve, rings
from complaints import commands as cmd
from complaints import events as ev
from complaints.case import Case
from complaints.events import Entry
from complaints.labels import label
from complaints.ladder import ladder
from complaints.parties import CLOCK
from complaints.promises import Promise, due_time
from complaints.vocabulary import (
    NEXT_STAGES,
    OPEN_STAGES,
    RESTING_STAGES,
    UPDATED_STAGES,
    EscalationCause,
    EscalationLevel,
    Language,
    Level,
    PromiseKind,
    PromiseState,
    Stage,
    TaskState,
)

INSTANT = timedelta(microseconds=1)
MOVES_DUE_TIMES = (ev.ResolutionExtended, ev.HoldStarted, ev.HoldEnded, ev.PromiseRebudgeted)


def check_clocks() -> cmd.CheckClocks:
    return cmd.CheckClocks(id="clocks", by=CLOCK)


def decided(case: Case, command: cmd.BaseCommand, at: datetime) -> Decision | None:
    """What follows, None where it is refused. Any other exception is the domain's fault and goes on."""
    try:
        check(case, command, at)
    except Refusal as refusal:
        checked = refusal.name
    else:
        return decide(case, command, at)
    with pytest.raises(Refusal) as refused:
        decide(case, command, at)
    assert refused.value.name == checked
    return None


def obeyed_by(before: Case, command: cmd.BaseCommand, decision: Decision, at: datetime) -> None:
    """Every law that a single decision can break."""
    after = decision.case
    _journal_gives_the_case(before, decision)
    _stages_follow_the_edges(before, decision)
    _settled_promises_stay(before, decision)
    _due_times_move_for_a_reason_only(before, decision)
    _no_red_alert_outlives_its_correction(before, decision)
    _asked_again_changes_nothing(after, command, decision, at)
    of_a_case(after, at)
    _every_message_is_announced(decision)


def of_a_case(case: Case, at: datetime) -> None:
    """Every law that a case keeps at any time."""
    for law in OF_A_CASE:
        law(case)
    _clocks_are_punctual(case, at)


def _journal_gives_the_case(before: Case, decision: Decision) -> None:
    folded = before
    for entry in decision.entries:
        assert entry.events, "an entry tells something"
        folded = evolve(folded, Entry.model_validate_json(entry.model_dump_json(exclude_unset=True)))
    assert folded == decision.case
    assert decision.case.version == before.version + len(decision.entries)
    stored = Case.model_validate_json(decision.case.model_dump_json(exclude_unset=True))
    assert stored == decision.case


def _stages_follow_the_edges(before: Case, decision: Decision) -> None:
    stage = before.stage
    for event in _events(decision):
        if isinstance(event, ev.StageEntered):
            assert event.stage in NEXT_STAGES[stage]
            stage = event.stage
    assert stage is decision.case.stage


def _settled_promises_stay(before: Case, decision: Decision) -> None:
    for was in before.promises:
        now = decision.case.promise(was.id)
        if was.state is PromiseState.BROKEN and was.met_at is None:
            late = {"met_at": now.met_at, "answered_by": now.answered_by, "rungs": now.rungs}
            assert now == was.model_copy(update=late)
            assert now.rungs >= was.rungs
        elif not was.is_open():
            assert now == was
        if now.state is not was.state:
            assert was.is_open()


def _due_times_move_for_a_reason_only(before: Case, decision: Decision) -> None:
    if any(isinstance(event, MOVES_DUE_TIMES) for event in _events(decision)):
        return
    for was in before.promises:
        assert decision.case.promise(was.id).due == was.due


def _no_red_alert_outlives_its_correction(before: Case, decision: Decision) -> None:
    after = decision.case
    if after.policy.edition == 1 or before.level is not Level.URGENT or after.level is Level.URGENT:
        return
    red = [each for each in after.escalations if each.began_as is EscalationCause.RED_ALERT]
    assert all(each.is_over() for each in red)


def _asked_again_changes_nothing(after: Case, command: cmd.BaseCommand, decision: Decision, at: datetime) -> None:
    if isinstance(command, cmd.CheckClocks):
        return
    if decision.receipt is None:
        assert isinstance(command, cmd.RecordDelivery)
        return
    much_later = at + timedelta(days=400)
    again = decided(after, command, much_later)
    assert again == Decision((), after, (), decision.receipt)
    assert after.handled[command.id] == decision.receipt
    other = command.model_copy(update={"fingerprint": "another request"})
    for ask in (check, decide):
        with pytest.raises(Refusal) as refusal:
            ask(after, other, at)
        assert refusal.value.name == "key_reused"


def _every_message_is_announced(decision: Decision) -> None:
    asked = [event.message for event in _events(decision) if isinstance(event, ev.MessageAsked)]
    assert [step.message.id for step in decision.steps] == asked
    for step in decision.steps:
        assert step.message.to.routes, "somebody can be told"


def _ids_are_unique(case: Case) -> None:
    ids = [promise.id for promise in case.promises] + [hold.id for hold in case.holds]
    ids += [task.id for task in case.tasks] + [escalation.id for escalation in case.escalations]
    ids += [message.id for message in case.pending]
    assert max(Counter(ids).values(), default=1) == 1


def _due_times_are_a_function_of_start_budget_and_holds(case: Case) -> None:
    for promise in case.open_promises():
        holds = [hold for hold in case.holds if promise.kind in hold.promises]
        due = due_time(promise.start, promise.budget, holds, case.policy.working_time(promise.calendar))
        around = case.promise(promise.within).due if promise.within else None
        if around is not None and due is not None:
            due = min(due, around)
        assert promise.due == due


def _holds_end_in_their_time(case: Case) -> None:
    for hold in case.holds:
        assert hold.ended_at is None or hold.started_at <= hold.ended_at <= hold.lapses_at


def _every_breach_is_heard_of(case: Case) -> None:
    for promise in case.broken():
        if promise.kind is PromiseKind.ESCALATION_ACK:
            _next_in_the_chain_hears(case, promise)
        elif case.policy.edition == 1 and not ladder(case, promise):
            heard = [e for e in case.escalations if (e.promise, e.cause) == (promise.id, "promise_broken")]
            assert [e.raised_at for e in heard] == [promise.settled_at]
        elif not ladder(case, promise):
            told = [e.raised_at for e in case.escalations if promise.id in (e.promise, *e.joined)]
            assert promise.settled_at is not None
            assert min(told) <= promise.settled_at
    for escalation in case.escalations:
        assert all(label(escalation.cause, language) for language in Language)


def _next_in_the_chain_hears(case: Case, promise: Promise) -> None:
    unseen = case.escalation(promise.escalation or "")
    assert unseen is not None
    heard = [
        e.level
        for e in case.escalations
        if (e.raised_at, e.promise, e.task) == (promise.settled_at, unseen.promise, unseen.task)
        and e.cause in ("not_acknowledged", "nobody_there")
    ]
    heard += [e.level for e in case.escalations if promise.id in e.joined]
    assert unseen.level == case.policy.top_of_chain() or any(level > unseen.level for level in heard)


def _nobody_is_told_twice_of_one_promise(case: Case) -> None:
    """But of what a person asked for, or what came back after it was stepped down."""
    if case.policy.edition == 1:
        return
    asked = {EscalationCause.STEPPED_DOWN, EscalationCause.TASK_DECLINED, EscalationCause.NOBODY_THERE}
    told = [
        (e.promise, e.level) for e in case.escalations if e.promise and e.cause not in asked and not e.stepped_down_at
    ]
    assert max(Counter(told).values(), default=1) == 1


def _an_escalation_steps_down_to_somebody(case: Case) -> None:
    for escalation in case.escalations:
        if escalation.stepped_down_to is not None:
            assert escalation.stepped_down_to < escalation.level
            below = [e for e in case.escalations if e.raised_at == escalation.stepped_down_at and e.id != escalation.id]
            assert {e.cause for e in below} & {EscalationCause.STEPPED_DOWN, EscalationCause.NOBODY_THERE}
            assert escalation.level > EscalationLevel.TASK_SUPERVISOR


def _every_escalation_waits_for_somebody(case: Case) -> None:
    for escalation in case.escalations:
        acks = [promise for promise in case.promises if promise.escalation == escalation.id]
        assert len(acks) == 1
        if escalation.acknowledged_at is not None:
            assert acks[0].met_at == escalation.acknowledged_at or acks[0].state is PromiseState.WAIVED


def _an_open_case_owes_an_update(case: Case) -> None:
    owed = list(case.open_promises(PromiseKind.PROGRESS_UPDATE))
    assert len(owed) == (1 if case.stage in UPDATED_STAGES else 0)


def _a_department_owes_only_what_it_still_has(case: Case) -> None:
    for promise in case.open_promises(PromiseKind.TASK_FEEDBACK, PromiseKind.TASK_COMPLETION):
        task = case.task(promise.task or "")
        assert task is not None
        assert task.state is TaskState.OPEN
        assert case.department_of(promise) == task.department
        assert case.newest_of_task(promise.kind, task.id) == promise


def _silence_counts_only_after_a_notice_that_was_there(case: Case) -> None:
    for each in case.rounds:
        if each.accepted_by_silence:
            terms = case.policy.silence
            assert terms is not None
            assert each.reached_at is not None
            assert each.noticed_at is not None
            assert each.accepted_at is not None
            working = case.policy.working_time(terms.calendar)
            left = case.policy.span(terms.accept_minutes - terms.last_notice_minutes)
            heard_at = each.heard_at or each.reached_at
            assert working.between(each.noticed_at, each.accepted_at) >= left
            assert working.between(heard_at, each.accepted_at) >= case.policy.span(terms.accept_minutes)


def _at_most_one_of_what_is_owed_once(case: Case) -> None:
    for kind in (PromiseKind.FIRST_CONTACT, PromiseKind.RESOLUTION, PromiseKind.CALLBACK):
        assert len(list(case.open_promises(kind))) <= 1


def _nothing_runs_in_a_case_that_is_over(case: Case) -> None:
    if case.stage not in OPEN_STAGES:
        assert not case.open_holds()
        assert {promise.kind for promise in case.open_promises()} <= {PromiseKind.ESCALATION_ACK}
    if case.is_finished:
        assert not list(case.open_promises())
        assert case.stage not in OPEN_STAGES


def _clocks_are_punctual(case: Case, at: datetime) -> None:
    """A ring at its own instant changes something, nothing changes before it, and no ring is answered for ever."""
    first = min((ring.at for ring in rings(case, at)), default=None)
    if first is None:
        assert decide(case, check_clocks(), at + timedelta(days=4000)).entries == ()
        return
    if first > at:
        for early in {at, first - INSTANT}:
            assert decide(case, check_clocks(), early).entries == ()
    due = max(first, at)
    rung = decide(case, check_clocks(), due)
    assert rung.entries
    assert decide(rung.case, check_clocks(), due).entries == ()
    assert all(ring.at > due for ring in rings(rung.case, due))


def many_checks_or_one_late_break_the_same(case: Case, at: datetime, late: datetime) -> None:
    """Of the promises there are now, an outage breaks neither more nor fewer than a punctual clock."""
    one = decide(case, check_clocks(), late).case
    many, now = case, at
    while (ring := min((ring.at for ring in rings(many, now)), default=None)) is not None and ring <= late:
        now = max(now, ring)
        many = decide(many, check_clocks(), now).case
    for promise in case.promises:
        assert one.promise(promise.id).state is many.promise(promise.id).state
        assert one.promise(promise.id).due == many.promise(promise.id).due


def _events(decision: Decision) -> list[ev.Event]:
    return [event for entry in decision.entries for event in entry.events]


OF_A_CASE: tuple[Callable[[Case], None], ...] = (
    _ids_are_unique,
    _due_times_are_a_function_of_start_budget_and_holds,
    _holds_end_in_their_time,
    _every_breach_is_heard_of,
    _every_escalation_waits_for_somebody,
    _nobody_is_told_twice_of_one_promise,
    _an_escalation_steps_down_to_somebody,
    _a_department_owes_only_what_it_still_has,
    _silence_counts_only_after_a_notice_that_was_there,
    _an_open_case_owes_an_update,
    _at_most_one_of_what_is_owed_once,
    _nothing_runs_in_a_case_that_is_over,
)

RESTING = RESTING_STAGES | {Stage.RESOLVED, Stage.WITHDRAWN, Stage.MERGED}
"""The stages in which a case that is left alone comes to rest; in the others the customer goes on hearing of it."""
