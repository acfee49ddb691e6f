"""Due times against a slow oracle that counts every second."""

from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from complaints.promises import Hold, due_time
from complaints.vocabulary import HoldReason, PromiseKind
from tests.complaints.support import START

Span = tuple[int, int | None]
SPANS = st.lists(
    st.tuples(st.integers(-60, 200), st.none() | st.integers(0, 60)).map(
        lambda drawn: (drawn[0], None if drawn[1] is None else drawn[0] + drawn[1])
    ),
    max_size=6,
)


def hold(span: Span) -> Hold:
    start, end = span
    return Hold(
        id=f"H{span}",
        reason=HoldReason.FORCE_MAJEURE,
        promises=tuple(PromiseKind),
        started_at=START + timedelta(seconds=start),
        lapses_at=START + timedelta(days=1),
        ended_at=None if end is None else START + timedelta(seconds=end),
    )


def counted(budget: int, spans: list[Span]) -> int | None:
    """The second at which the budget is used up, counted one by one; None where it never is.

    A promise is still open on the stroke of its due time: a hold that begins there stops it while it is open.
    """
    left = budget
    for second in range(1000):
        stopped = any(end is None and start <= second for start, end in spans)
        if left == 0:
            return None if stopped else second
        left -= not any(start <= second and (end is None or second < end) for start, end in spans)
    return None


@given(st.integers(1, 120), SPANS)
def test_a_due_time_is_the_second_at_which_the_unheld_time_is_used_up(budget: int, spans: list[Span]) -> None:
    due = due_time(START, timedelta(seconds=budget), [hold(span) for span in spans])
    expected = counted(budget, spans)
    assert due == (None if expected is None else START + timedelta(seconds=expected))


@given(st.integers(1, 120), SPANS, st.randoms())
def test_the_order_of_the_holds_does_not_matter(budget: int, spans: list[Span], rng: Random) -> None:
    holds = [hold(span) for span in spans]
    shuffled = list(holds)
    rng.shuffle(shuffled)
    span = timedelta(seconds=budget)
    assert due_time(START, span, holds) == due_time(START, span, shuffled)


def test_a_hold_that_began_before_the_promise_counts_from_its_start() -> None:
    assert due_time(START, timedelta(seconds=30), [hold((-60, 10))]) == START + timedelta(seconds=40)


def test_a_hold_after_the_due_time_changes_nothing() -> None:
    assert due_time(START, timedelta(seconds=30), [hold((31, None))]) == START + timedelta(seconds=30)


def test_overlapping_holds_count_once() -> None:
    holds = [hold((10, 30)), hold((20, 40)), hold((25, 28))]
    assert due_time(START, timedelta(seconds=30), holds) == START + timedelta(seconds=60)
