"""`decide` and `check`: whatever is asked of a case, by a person or by time, goes through here."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from complaints import commands as cmd
from complaints.case import Case, Receipt
from complaints.clocks import ring_all
from complaints.drafting import Decision, Draft, Occasion
from complaints.parties import CLOCK
from complaints.refusals import Refusal
from complaints.rules import aftercare, answers, contact, delivery, escalations, life, migration, solutions, tasks
from complaints.vocabulary import OPEN_STAGES, UPDATED_STAGES, Stage


class Rule(NamedTuple):
    """In which stages a command may be given, what else must hold, and what follows."""

    stages: frozenset[Stage]
    follow: Callable[[Draft, Any], None]
    check: Callable[..., None] | None = None
    checks_time: bool = False


ANY = frozenset(Stage)
BEFORE_AGREEMENT = frozenset({Stage.RECEIVED, Stage.CONTACTED, Stage.INVESTIGATING})
SOLUTION_KNOWN = frozenset({Stage.PROPOSED, Stage.AGREED, Stage.REMEDYING})

RULES: dict[type[cmd.BaseCommand], Rule] = {
    cmd.RecordContact: Rule(UPDATED_STAGES, contact.record_contact),
    cmd.SendUpdate: Rule(UPDATED_STAGES, contact.send_update),
    cmd.ExtendResolution: Rule(UPDATED_STAGES, contact.extend, contact.check_extend),
    cmd.PutOnHold: Rule(UPDATED_STAGES, contact.put_on_hold, contact.check_hold),
    cmd.EndHold: Rule(OPEN_STAGES, contact.end_hold, contact.check_end_hold),
    cmd.RecordAnswer: Rule(OPEN_STAGES, answers.record_answer, answers.check_answer, checks_time=True),
    cmd.ProposeSolution: Rule(BEFORE_AGREEMENT, solutions.propose, solutions.check_propose, checks_time=True),
    cmd.AcceptSolution: Rule(frozenset({Stage.PROPOSED}), solutions.accept),
    cmd.RequestRevision: Rule(SOLUTION_KNOWN, solutions.request_revision, solutions.check_revision),
    cmd.StartRemedy: Rule(frozenset({Stage.AGREED}), aftercare.start_remedy),
    cmd.CompleteRemedy: Rule(
        frozenset({Stage.AGREED, Stage.REMEDYING}), aftercare.complete_remedy, aftercare.check_complete
    ),
    cmd.RecordCallback: Rule(frozenset({Stage.RESOLVED}), aftercare.record_callback, aftercare.check_callback),
    cmd.AnswerSurvey: Rule(frozenset({Stage.RESOLVED}), aftercare.answer_survey, aftercare.check_callback),
    cmd.Withdraw: Rule(UPDATED_STAGES, life.withdraw),
    cmd.Merge: Rule(UPDATED_STAGES, life.merge, life.check_merge),
    cmd.Absorb: Rule(OPEN_STAGES, life.absorb, life.check_absorb),
    cmd.Reopen: Rule(frozenset({Stage.CLOSED}), life.reopen),
    cmd.Classify: Rule(OPEN_STAGES | {Stage.SUGGESTION}, life.classify, life.check_classify),
    cmd.AddEvidence: Rule(OPEN_STAGES, life.add_evidence),
    cmd.AssignTask: Rule(UPDATED_STAGES, tasks.assign, tasks.check_assign),
    cmd.GiveFeedback: Rule(OPEN_STAGES | {Stage.SUGGESTION}, tasks.give_feedback, tasks.check_task),
    cmd.CompleteTask: Rule(OPEN_STAGES | {Stage.SUGGESTION}, tasks.complete, tasks.check_task),
    cmd.DeclineTask: Rule(OPEN_STAGES | {Stage.SUGGESTION}, tasks.decline, tasks.check_task),
    cmd.HandOnTask: Rule(OPEN_STAGES | {Stage.SUGGESTION}, tasks.hand_on, tasks.check_hand_on),
    cmd.Escalate: Rule(OPEN_STAGES, escalations.escalate, escalations.check_escalate),
    cmd.Acknowledge: Rule(ANY, escalations.acknowledge, escalations.check_acknowledge),
    cmd.TakeOver: Rule(ANY, escalations.take_over, escalations.check_take_over),
    cmd.StepDown: Rule(OPEN_STAGES, escalations.step_down, escalations.check_step_down),
    cmd.MigratePolicy: Rule(ANY, migration.migrate, migration.check_migrate),
    cmd.RevokePortal: Rule(ANY, life.revoke_portal),
    cmd.RecordDelivery: Rule(ANY, delivery.record_delivery),
}
"""What follows from each command. The clock's own has no rule: time passes before every other one anyway."""


def open_case(filing: cmd.FileComplaint, at: datetime) -> Decision:
    """The first decision on a complaint. Raises Refusal for one that its policy could not keep."""
    life.check_filing(filing)
    draft = Draft(None, Occasion(at, filing.by, filing.id, filing.fingerprint))
    life.file_complaint(draft, filing)
    return _with_receipt(draft.decision(), filing.id)


def decide(case: Case, command: cmd.BaseCommand, at: datetime) -> Decision:
    """What follows from a command at an instant. Pure.

    Time comes first: what lapsed before `at` is broken whatever is asked now. A command whose id was handled before
    changes nothing and is answered with its first receipt. Raises Refusal exactly where `check` does.
    """
    if (receipt := _receipt_of_repeat(case, command)) is not None:
        return Decision((), case, (), receipt)
    clock = _let_time_pass(case, at, before_a_command=not isinstance(command, cmd.CheckClocks))
    if isinstance(command, cmd.CheckClocks):
        return clock
    _check(clock.case, command, at)
    draft = Draft(clock.case, Occasion(at, command.by, command.id, command.fingerprint))
    RULES[type(command)].follow(draft, command)
    answer = _with_receipt(draft.decision(), command.id)
    return answer._replace(entries=clock.entries + answer.entries, steps=clock.steps + answer.steps)


def check(case: Case, command: cmd.BaseCommand, at: datetime) -> None:
    """Raise the Refusal of a command that may not be given at an instant; silent if it may. Changes nothing."""
    if _receipt_of_repeat(case, command) is None and not isinstance(command, cmd.CheckClocks):
        _check(_let_time_pass(case, at, before_a_command=True).case, command, at)


def _receipt_of_repeat(case: Case, command: cmd.BaseCommand) -> Receipt | None:
    receipt = case.handled.get(command.id)
    if receipt is not None and receipt.fingerprint != command.fingerprint:
        raise Refusal("key_reused")
    return receipt


def _let_time_pass(case: Case, at: datetime, *, before_a_command: bool) -> Decision:
    draft = Draft(case, Occasion(at, CLOCK))
    ring_all(draft, before_a_command=before_a_command)
    return draft.decision()


def _check(case: Case, command: cmd.BaseCommand, at: datetime) -> None:
    rule = RULES[type(command)]
    if case.is_finished and not isinstance(command, cmd.RecordDelivery):
        raise Refusal("case_finished")
    if rule.check is not None and rule.checks_time:
        rule.check(case, command, at)
    elif rule.check is not None:
        rule.check(case, command)
    if case.stage not in rule.stages:
        raise Refusal("stage_forbids", stage=case.stage)


def _with_receipt(decision: Decision, command: str) -> Decision:
    return decision._replace(receipt=decision.case.handled.get(command))
