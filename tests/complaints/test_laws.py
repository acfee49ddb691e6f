"""Random lives of complaints keep every law."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from complaints import rings
from complaints.policy import Policy
from complaints.vocabulary import OPEN_STAGES, UPDATED_STAGES, PromiseKind
from tests.complaints import laws
from tests.complaints.strategies import COSTLY, LIVES, Move, command_of
from tests.complaints.support import Life

MOST_RINGS = 2_000

Drawn = tuple[Policy, dict[str, Any], list[Move]]


def pass_time(life: Life, move: Move) -> None:
    """Awake, asleep, or exactly to the next instant at which something is due."""
    ring = life.next_ring()
    if move.gap == "awake":
        life.wait(move.minutes)
    elif move.gap == "asleep":
        life.sleep(move.minutes)
    elif move.gap != "none" and ring is not None:
        after = laws.INSTANT if move.gap == "just after the stroke" else timedelta(0)
        life.at = max(life.at, ring.at + after)


def play(drawn: Drawn) -> Life:
    """Play a life, holding every decision in it against the laws."""
    pinned, complaint, drawn_moves = drawn
    life = Life(pinned, post_works=False, **complaint)
    for move in drawn_moves:
        pass_time(life, move)
        laws.of_a_case(life.case, life.at)
        command = command_of(life, move)
        before = life.case
        decision = laws.decided(before, command, life.at)
        if decision is not None:
            laws.obeyed_by(before, command, decision, life.at)
            life.put(command)
            assert life.case == decision.case
    return life


@given(LIVES)
def test_every_decision_of_every_life_keeps_the_laws(drawn: Drawn) -> None:
    life = play(drawn)
    assert life.folded() == life.case
    assert len(life.journal) == life.case.version
    assert [entry.sequence for entry in life.journal] == list(range(1, len(life.journal) + 1))
    assert len({message.id for message in life.sent}) == len(life.sent) == life.case.messages


@COSTLY
@given(LIVES, st.floats(0, 200))
def test_one_late_look_at_the_clocks_breaks_what_many_punctual_ones_break(drawn: Drawn, minutes: float) -> None:
    life = play(drawn)
    late = life.at + life.case.policy.span(minutes)
    laws.many_checks_or_one_late_break_the_same(life.case, life.at, late)


@COSTLY
@given(LIVES, st.lists(st.booleans(), min_size=1, max_size=5))
def test_a_case_that_is_left_alone_ends_or_rests_or_only_keeps_its_customer_informed(
    drawn: Drawn, arrives: list[bool]
) -> None:
    life = play(drawn)
    until = life.at + life.case.policy.span(400)
    for turn in range(MOST_RINGS):
        if life.case.pending:
            message = life.case.pending[0].id
            life.deliver(message) if arrives[turn % len(arrives)] else life.fail(message)
        elif (ring := life.next_ring()) is None or ring.at > until:
            break
        else:
            before = life.case.version
            life.at = max(life.at, ring.at)
            life.ring()
            assert life.case.version == before + 1
    else:
        raise AssertionError("the clock never comes to rest")
    still = {promise.kind for promise in life.case.open_promises()}
    if life.case.stage in UPDATED_STAGES:
        # A message that fails for good is escalated again each time.
        assert still <= {PromiseKind.PROGRESS_UPDATE, PromiseKind.ESCALATION_ACK}
    else:
        assert not still
    waits = bool(life.case.open_tasks())  # a suggestion in its department's backlog
    assert life.case.is_finished or waits or life.case.stage in OPEN_STAGES
    assert life.case.stage in UPDATED_STAGES or not rings(life.case, life.at)
