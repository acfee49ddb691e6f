"""From the agreed remedy to the closed case: doing it, confirming it, and asking whether it helped."""

from complaints import events as ev
from complaints import telling
from complaints.case import Case
from complaints.commands import AnswerSurvey, CompleteRemedy, RecordCallback, StartRemedy
from complaints.drafting import Draft
from complaints.parties import Actor
from complaints.refusals import Refusal
from complaints.rules.agreeing import Decided, tell_caretaker
from complaints.rules.contact import take_case
from complaints.rules.life import begin_again, stop_working
from complaints.vocabulary import MessageKind, PromiseKind, Stage

DISSATISFIED = "dissatisfied"


def start_remedy(draft: Draft, command: StartRemedy) -> None:
    draft.record(ev.RemedyStarted(note=command.note))
    draft.enter(Stage.REMEDYING)


def check_complete(case: Case, command: CompleteRemedy) -> None:
    """Raise the refusal of a remedy that would leave undone what makes good an earlier one."""
    if case.policy.edition == 1 or case.stage not in (Stage.AGREED, Stage.REMEDYING):
        return
    if (compensation := next((task for task in case.open_tasks() if task.compensates), None)) is not None:
        raise Refusal("compensation_open", task=compensation.id)


def complete_remedy(draft: Draft, command: CompleteRemedy) -> None:
    """Resolved: the customer gets the letter and the questions, and two more clocks start."""
    if draft.case.stage is Stage.AGREED:
        draft.enter(Stage.REMEDYING)
    take_case(draft, command.agent)
    stop_working(draft, "resolved")
    letter = draft.tell_customer(MessageKind.CONFIRMATION_LETTER, telling.confirmation_letter(draft.case, draft.at))
    draft.record(ev.RemedyCompleted(letter=letter, note=command.note))
    draft.enter(Stage.RESOLVED)
    draft.answer(draft.promise(PromiseKind.CONFIRMATION_LETTER), letter)
    draft.promise(PromiseKind.CALLBACK)
    draft.tell_customer(MessageKind.SURVEY_INVITATION, telling.survey_invitation(draft.case))


def check_callback(case: Case, command: RecordCallback | AnswerSurvey) -> None:
    if case.callback_settled:
        raise Refusal("callback_settled")
    if isinstance(command, RecordCallback) and command.reached and command.satisfied is None:
        raise Refusal("satisfaction_needed")


def record_callback(draft: Draft, command: RecordCallback) -> None:
    draft.record(ev.CallbackAttempted(channel=command.channel, reached=command.reached, note=command.note))
    if command.reached:
        _answered(draft, command.by, bool(command.satisfied), command.answers)
        return
    attempts = sum(not attempt.reached for attempt in draft.case.callbacks)
    if attempts >= draft.case.policy.callback_attempts:
        draft.record(ev.CallbackGivenUp(attempts=attempts))
        draft.waive_open("unreached", PromiseKind.CALLBACK)
        close_when_settled(draft)


def answer_survey(draft: Draft, command: AnswerSurvey) -> None:
    _answered(draft, command.by, command.satisfied, command.answers)


def _answered(draft: Draft, by: Actor, satisfied: bool, answers: tuple[str, ...]) -> None:
    draft.record(ev.SurveyAnswered(satisfied=satisfied, answers=answers))
    draft.keep(draft.case.outstanding(PromiseKind.CALLBACK))
    if satisfied:
        close_when_settled(draft)
    else:
        begin_again(draft, DISSATISFIED)
        tell_caretaker(draft, by, Decided.DISSATISFIED, "\n".join(answers) or None)


def close_when_settled(draft: Draft) -> None:
    """A resolved case closes once the letter's fate is known and the callback is over."""
    case = draft.case
    if case.stage is Stage.RESOLVED and case.letter_settled and case.callback_settled:
        draft.waive_all_but_acknowledgements("closed")
        draft.enter(Stage.CLOSED)
