"""A customer who had answered in time has not accepted by silence, whenever the answer is recorded."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from complaints import commands as cmd
from complaints import rings
from complaints.vocabulary import Channel, HoldReason, MessageKind, PromiseKind, Stage
from tests.complaints.support import START, Life
from tests.complaints.test_silence import BY_CUSTOMER, proposed

UPDATE = PromiseKind.PROGRESS_UPDATE


def answer(life: Life, arrived_at: datetime) -> dict[str, Any]:
    """What the caretaker is told of an answer that is recorded now."""
    life.ask(cmd.RecordAnswer, text="我不接受！", channel=Channel.EMAIL, arrived_at=arrived_at)
    facts = life.sent[-1].facts
    assert facts["answer"] == "我不接受！"
    return facts


def silent(*, minutes_late: float = 20) -> Life:
    """A case whose customer was put a solution ten minutes after its filing, and accepted it by silence at 310."""
    life = proposed()
    life.wait(300 + minutes_late)
    assert life.case.stage is Stage.AGREED
    return life


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


@pytest.mark.parametrize("arrived", [11, 305, 310])
def test_an_answer_that_had_come_in_time_undoes_the_acceptance(arrived: float) -> None:
    life = silent()
    facts = answer(life, at(arrived))
    newest = life.case.current_round()
    assert life.case.stage is Stage.PROPOSED
    assert (newest.accepted_at, newest.accepted_by_silence) == (None, False)
    assert (facts["in_time"], facts["undone"], facts["stage"]) == (True, True, "proposed")
    assert life.folded() == life.case


def test_the_silence_begins_anew_when_the_answer_is_recorded() -> None:
    life = silent()
    notices = len(life.told(MessageKind.LAST_NOTICE))
    answer(life, at(200))
    assert life.case.current_round().heard_at == life.at
    life.wait(299)
    assert life.case.stage is Stage.PROPOSED
    assert len(life.told(MessageKind.LAST_NOTICE)) == notices + 1
    life.wait(1)
    assert life.stages()[-1] == Stage.AGREED
    assert life.case.current_round().accepted_by_silence


def test_the_customer_may_then_decide_and_the_clocks_stand_still_as_they_did() -> None:
    life = silent()
    answer(life, at(305))
    assert [hold.reason for hold in life.case.open_holds()] == [HoldReason.CUSTOMER_CONSIDERING]
    assert life.due(UPDATE) is None
    life.ask(cmd.RequestRevision, by=BY_CUSTOMER, reason="想换货")
    assert (life.case.stage, life.case.round) == (Stage.INVESTIGATING, 2)
    assert life.due(PromiseKind.RESOLUTION) == 330 + 120


def test_an_answer_from_after_the_silence_undoes_nothing() -> None:
    life = silent()
    facts = answer(life, at(310) + timedelta(microseconds=1))
    assert life.case.stage is Stage.AGREED
    assert "in_time" not in facts


def test_an_answer_that_was_there_before_the_solution_undoes_nothing() -> None:
    life = silent()
    facts = answer(life, at(10))
    assert life.case.stage is Stage.AGREED
    assert "in_time" not in facts


def test_an_acceptance_in_words_is_undone_by_no_answer() -> None:
    life = proposed()
    life.wait(50)
    life.ask(cmd.AcceptSolution)
    life.wait(10)
    assert "in_time" not in answer(life, at(30))
    assert life.case.stage is Stage.AGREED


@pytest.mark.parametrize("kind", [cmd.StartRemedy, cmd.CompleteRemedy])
def test_once_the_remedy_has_begun_a_person_is_told_plainly_that_the_answer_had_come(kind: Any) -> None:
    life = silent()
    life.ask(kind)
    stage = life.case.stage
    facts = answer(life, at(305))
    assert (facts["in_time"], facts["undone"]) == (True, False)
    assert life.case.stage is stage
    assert life.case.current_round().accepted_by_silence


def test_a_round_that_is_over_is_no_longer_spoken_of() -> None:
    life = silent()
    life.ask(cmd.RequestRevision, reason="想换货")
    assert "in_time" not in answer(life, at(305))
    assert life.case.stage is Stage.INVESTIGATING


def test_an_answer_in_time_that_came_while_nothing_ran_is_in_time() -> None:
    life = proposed()
    life.wait(299)
    life.sleep(60)
    facts = answer(life, at(305))
    assert (facts["undone"], life.case.stage) == (True, Stage.PROPOSED)
    assert not [ring for ring in rings(life.case, life.at) if ring.at <= life.at]


# --- what a person tells the customer


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.WALK_IN])
def test_a_customer_who_is_told_how_it_is_going_by_a_person_is_not_silent(channel: Channel) -> None:
    life = proposed()
    life.wait(200)
    life.ask(cmd.SendUpdate, text="方案已在系统中", told_on=channel)
    newest = life.case.current_round()
    assert (newest.heard_at, newest.follow_ups, newest.notice) == (life.at, 0, None)
    life.wait(299)
    assert life.case.stage is Stage.PROPOSED
    life.wait(1)
    assert life.stages()[-1] == Stage.AGREED


@pytest.mark.parametrize("told_on", [None, Channel.EMAIL, Channel.SMS])
def test_a_customer_who_was_written_to_may_still_be_silent(told_on: Channel | None) -> None:
    life = proposed()
    life.wait(200)
    life.ask(cmd.SendUpdate, text="方案已在系统中", told_on=told_on)
    assert life.case.current_round().heard_at is None
    life.wait(100)
    assert life.case.stage is Stage.AGREED
