"""A command happens once, or is refused by name; a journal folds only in order."""

import string

import pytest

from complaints import OutOfSequence, Refusal, decide, evolve
from complaints import commands as cmd
from complaints.labels import label
from complaints.refusals import REFUSALS, Ground
from complaints.vocabulary import Language, PromiseKind, Stage
from tests.complaints.support import Life


def test_the_same_command_twice_changes_nothing_and_has_the_same_receipt() -> None:
    life = Life()
    life.contact()
    assign = life.command(cmd.AssignTask, department="finance", what="核对退款", fingerprint="abc")
    first = life.put(assign)
    life.sleep(1000)
    second = life.put(assign)
    assert first.receipt is not None
    assert first.receipt.made == (life.case.tasks[0].id,)
    assert (second.entries, second.case, second.steps, second.receipt) == ((), first.case, (), first.receipt)


def test_another_request_under_the_same_id_is_refused() -> None:
    life = Life()
    update = life.command(cmd.SendUpdate, text="一", fingerprint="one")
    life.put(update)
    with pytest.raises(Refusal) as refusal:
        life.put(update.model_copy(update={"text": "二", "fingerprint": "two"}))
    assert refusal.value.name == "key_reused"


def test_a_refused_command_may_be_asked_again_under_its_id() -> None:
    life = Life()
    accept = life.command(cmd.AcceptSolution)
    with pytest.raises(Refusal):
        life.put(accept)
    life.contact()
    life.propose()
    assert life.put(accept).receipt is not None


def test_filing_is_a_command_like_any_other() -> None:
    life = Life()
    receipt = life.case.handled["filing"]
    assert (receipt.version, receipt.stage, receipt.fingerprint) == (1, "received", "filed")


def test_time_comes_before_the_command_and_both_are_in_the_journal() -> None:
    life = Life()
    life.sleep(31)
    decision = life.ask(cmd.AddEvidence, description="照片")
    assert [entry.by.name for entry in decision.entries] == ["clock", "agent"]
    assert [entry.command is None for entry in decision.entries] == [True, False]
    assert decision.receipt is not None
    assert decision.receipt.version == decision.case.version == life.case.version


def test_a_decision_leaves_the_case_it_was_asked_of_as_it_was() -> None:
    life = Life()
    before = life.case.model_dump_json()
    decide(life.case, life.command(cmd.Withdraw, reason="不想投诉了"), life.at)
    assert life.case.model_dump_json() == before


def test_a_journal_with_an_entry_missing_or_twice_does_not_fold() -> None:
    life = Life()
    life.contact()
    first, second = life.journal[0], life.journal[-1]
    case = evolve(None, first)
    with pytest.raises(OutOfSequence):
        evolve(case, first)
    with pytest.raises(OutOfSequence):
        evolve(case, second.model_copy(update={"sequence": 9}))
    with pytest.raises(OutOfSequence):
        evolve(None, second.model_copy(update={"sequence": 1}))


@pytest.mark.parametrize("name", sorted(REFUSALS))
def test_every_refusal_says_in_both_languages_what_is_wrong(name: str) -> None:
    ground, text = REFUSALS[name]
    fields = [{field for _, field, _, _ in string.Formatter().parse(words) if field} for words in (text.zh, text.en)]
    assert fields[0] == fields[1]
    refusal = Refusal(name, **dict.fromkeys(fields[0], "…"))
    assert isinstance(refusal.ground, Ground)
    assert refusal.ground is ground
    assert refusal.detail.zh != refusal.detail.en


@pytest.mark.parametrize("stage", Stage)
def test_a_refusal_calls_the_stage_by_its_name_in_each_language(stage: Stage) -> None:
    detail = Refusal("stage_forbids", stage=stage).detail
    assert f"“{label(stage, Language.CHINESE)}”" in detail.zh
    assert f"“{label(stage, Language.ENGLISH)}”" in detail.en
    assert stage.value not in detail.zh


def test_promises_are_numbered_within_their_kind() -> None:
    life = Life()
    life.contact()
    life.wait(240)
    numbered = [promise.id for promise in life.case.promises if promise.kind is PromiseKind.PROGRESS_UPDATE]
    assert numbered == ["progress_update-1", "progress_update-2", "progress_update-3"]
