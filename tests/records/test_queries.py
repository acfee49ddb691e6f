import base64
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TypeVar

import pytest

from complaints import commands as cmd
from complaints.case import Case
from complaints.vocabulary import EscalationLevel, Level, PromiseKind, Stage, TaskState
from records import migrate
from records.engine import connect
from records.errors import BadCursor, RecordsUnavailable
from records.queries import Queries
from records.results import Filters, Page
from records.store import Store
from tests.support.lives import AGENT, START, Life, lives, new_life

T = TypeVar("T")


@pytest.fixture
def played(store: Store) -> list[Life]:
    """Many recorded lives; some were filed at the very same instant."""
    played = [*lives(count=24, steps=14), *(new_life(100 + number).go_on(3) for number in range(6))]
    for life in played:
        store.save(life.case.reference, life.entries)
    return played


def pages(ask: Callable[[str | None], Page[T]]) -> Iterator[T]:
    """Everything that a listing gives, page by page."""
    cursor = None
    while True:
        page = ask(cursor)
        yield from page.items
        if page.next is None:
            return
        assert page.items
        cursor = page.next


def newest_first(cases: list[Case]) -> list[str]:
    cases = sorted(cases, key=lambda case: (case.received_at, case.reference), reverse=True)
    return [case.reference for case in cases]


MIDDLE = START + timedelta(days=1)

SEARCHES: list[tuple[Filters, Callable[[Case], bool]]] = [
    (Filters(), lambda case: True),
    (Filters(stage=Stage.INVESTIGATING), lambda case: case.stage is Stage.INVESTIGATING),
    (Filters(level=Level.URGENT), lambda case: case.level is Level.URGENT),
    (Filters(category="logistics"), lambda case: case.category == "logistics"),
    (
        Filters(department="finance"),
        lambda case: any(task.department == "finance" for task in case.open_tasks()),
    ),
    (Filters(due_before=MIDDLE), lambda case: (due := case.next_due()) is not None and due < MIDDLE),
    (Filters(broken=True), lambda case: bool(case.broken())),
    (Filters(broken=False), lambda case: not case.broken()),
    (
        Filters(broken=PromiseKind.RESOLUTION),
        lambda case: any(promise.kind is PromiseKind.RESOLUTION for promise in case.broken()),
    ),
    (
        Filters(level=Level.GENERAL, broken=PromiseKind.FIRST_CONTACT),
        lambda case: (
            case.level is Level.GENERAL and any(promise.kind is PromiseKind.FIRST_CONTACT for promise in case.broken())
        ),
    ),
]


def test_a_search_finds_what_matches_and_nothing_else_newest_first(played: list[Life], queries: Queries) -> None:
    by_reference = {life.case.reference: life.case for life in played}
    for filters, matches in SEARCHES:
        expected = newest_first([case for case in by_reference.values() if matches(case)])
        assert expected, "a search that finds nothing would prove nothing"
        found = list(pages(lambda cursor, filters=filters: queries.search(filters, cursor, limit=7)))
        assert [summary.reference for summary in found] == expected, filters
        for summary in found:
            case = by_reference[summary.reference]
            assert summary.version == case.version
            assert summary.next_due == case.next_due()
            assert set(summary.departments) == {task.department for task in case.open_tasks()}
            assert set(summary.broken) == {promise.kind for promise in case.broken()}


FOUND_BY_TEXT = {
    "100%": ["退款 100% 未到"],
    "100_": ["wait 100_000 yuan"],
    "a\\b": ["path a\\b lost"],
    "a/b": ["a/b test"],
    "o'brien": ["O'Brien; DROP TABLE--"],
    "STRASSE": ["Die Straße"],
    "ABC123": ["订单abc123"],
    "快递 丢了": ["丢了一个快递"],
    "🥢": ["𠮷野家 🥢"],
    "𠮷": ["𠮷野家 🥢"],
    "nowhere": [],
    "%": ["退款 100% 未到"],
    "_": ["wait 100_000 yuan"],
}


def test_a_text_is_searched_for_literally_whatever_its_case_and_width(store: Store, queries: Queries) -> None:
    all_details = [
        "退款 100% 未到",
        "wait 100_000 yuan",
        "wait 1000 yuan",
        "path a\\b lost",
        "a/b test",
        "O'Brien; DROP TABLE--",
        "Die Straße",
        "订单abc123",
        "丢了一个快递",
        "快递很好",
        "𠮷野家 🥢",
    ]
    filed = {}
    for number, detail in enumerate(all_details):
        life = new_life(number, subject="subject", detail=detail)
        store.save(life.case.reference, life.entries)
        filed[life.case.reference] = detail
    for text, details in FOUND_BY_TEXT.items():
        found = [filed[summary.reference] for summary in queries.search(Filters(text=text)).items]
        assert sorted(found) == sorted(details), text


def test_a_reference_and_what_identifies_the_complaint_are_found_by_text(store: Store, queries: Queries) -> None:
    life = new_life(1, order_number="SO-77", external_id="crm:9", product="热水壶")
    store.save(life.case.reference, life.entries)
    for text in (life.case.code.lower(), "so-77", "CRM:9", "热水", "王小明", "  "):
        assert [found.reference for found in queries.search(Filters(text=text)).items] == [life.case.reference]


def test_cases_filed_between_two_pages_neither_hide_nor_repeat_any(
    played: list[Life], store: Store, queries: Queries
) -> None:
    expected = newest_first([life.case for life in played])
    first = queries.search(limit=10)
    newcomer = new_life(999, START + timedelta(days=5))
    store.save(newcomer.case.reference, newcomer.entries)
    rest = list(pages(lambda cursor: queries.search(cursor=cursor or first.next, limit=10)))
    assert [summary.reference for summary in [*first.items, *rest]] == expected


def forged(position: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


FORGED = [
    "",
    "x",
    "%%%",
    "快递",
    "A" * 5000,
    forged(None),
    forged([]),
    forged(["cases", "yesterday", "C-1"]),
    forged(["cases", "2026-11-20T00:00:00", "C-1"]),
    forged(["cases", "2026-11-20T00:00:00Z", 7]),
    forged(["cases", "2026-11-20T00:00:00Z", "C\0"]),
    forged(["cases", "2026-11-20T00:00:00Z", "C-1", "more"]),
    forged(["tasks", "2026-11-20T00:00:00Z", "T-1"]),
    forged(["cases", "9999-12-31T23:59:59-14:00", "C-1"]),
]


def test_a_cursor_that_this_listing_never_gave_is_refused(queries: Queries) -> None:
    for cursor in FORGED:
        with pytest.raises(BadCursor):
            pytest.fail(f"{cursor} was answered with {queries.search(cursor=cursor)}")


def test_departments_find_their_own_tasks(played: list[Life], queries: Queries) -> None:
    tasks = [(life.case, task) for life in played for task in life.case.tasks]
    tasks.sort(key=lambda pair: (pair[1].assigned_at, pair[1].id), reverse=True)
    assert len(tasks) > 10
    found = list(pages(lambda cursor: queries.tasks(cursor=cursor, limit=4)))
    assert [task.id for task in found] == [task.id for _, task in tasks]
    own = list(pages(lambda cursor: queries.tasks("finance", TaskState.OPEN, cursor, limit=2)))
    assert [task.id for task in own] == [
        task.id for _, task in tasks if task.department == "finance" and task.state is TaskState.OPEN
    ]
    assert own
    for case, task in tasks:
        summary = queries.task(task.id)
        assert summary is not None
        assert (summary.reference, summary.level, summary.category) == (case.reference, case.level, case.category)
        assert (summary.what, summary.outcome, summary.ended_at) == (task.what, task.outcome, task.ended_at)
        due = {promise.kind: promise.due for promise in case.promises if promise.task == task.id}
        assert summary.feedback_due == due.get(PromiseKind.TASK_FEEDBACK)
        assert summary.completion_due == due.get(PromiseKind.TASK_COMPLETION)
    assert queries.task("T-0000000000-1") is None


def test_escalations_are_found_by_state_and_level(played: list[Life], queries: Queries) -> None:
    raised = [escalation for life in played for escalation in life.case.escalations]
    raised.sort(key=lambda escalation: (escalation.raised_at, escalation.id), reverse=True)
    for state in (None, "open", "acknowledged"):
        for level in (None, EscalationLevel.TEAM_LEAD):
            found = list(
                pages(lambda cursor, s=state, lv=level: queries.escalations(s, lv, cursor, limit=9))  # type: ignore[misc]
            )
            expected = [
                escalation
                for escalation in raised
                if level in (None, escalation.level)
                and state in (None, "acknowledged" if escalation.acknowledged_at else "open")
                and not (state == "open" and escalation.is_over())
            ]
            assert [summary.id for summary in found] == [escalation.id for escalation in expected]
            assert expected
            for summary, escalation in zip(found, expected, strict=True):
                assert summary.to == escalation.to.name
                assert summary.acknowledged_at == escalation.acknowledged_at
                assert summary.ack_due is not None


def test_a_case_is_found_by_its_code(store: Store, queries: Queries) -> None:
    life = new_life(4, level=Level.GENERAL)
    store.save(life.case.reference, life.entries)
    assert queries.case_by_code(life.case.code) == life.case


def test_what_is_not_recorded_is_answered_with_nothing(queries: Queries) -> None:
    assert queries.case("C-20261120-0000000000") is None
    assert queries.case_by_code("0000000000") is None
    assert queries.version("C-20261120-0000000000") is None
    assert queries.journal("C-20261120-0000000000") == ()
    assert queries.search() == Page(items=())


def test_a_journal_is_read_in_parts(store: Store, queries: Queries) -> None:
    life = new_life(2).go_on(12)
    reference = life.case.reference
    store.save(reference, life.entries)
    assert queries.journal(reference, after=2, limit=3) == tuple(life.entries[2:5])
    assert queries.journal(reference, after=len(life.entries)) == ()


def test_an_escalation_that_its_case_did_not_outlive_waits_for_nobody(store: Store, queries: Queries) -> None:
    life = new_life(4, level=Level.URGENT)
    store.save(life.case.reference, life.entries)
    assert [raised.reference for raised in queries.escalations("open").items] == [life.case.reference]
    life.ask(cmd.Withdraw(id="agent/17", by=AGENT, fingerprint="abc", reason="已自行解决"))
    store.save(life.case.reference, life.entries)
    assert queries.escalations("open").items == ()
    assert queries.escalations().items[0].dropped_at is not None


def test_a_database_is_ready_once_the_tables_are_there(empty_database: str) -> None:
    engine = connect(empty_database)
    with pytest.raises(RecordsUnavailable):
        Queries(engine).ping()
    migrate(empty_database)
    Queries(engine).ping()
    engine.dispose()


def test_a_database_that_is_away_is_unavailable_and_says_no_password() -> None:
    engine = connect("postgresql://redress:hunter2@127.0.0.1:1/records")
    with pytest.raises(RecordsUnavailable) as away:
        Queries(engine).ping()
    assert "hunter2" not in str(away.value)
    engine.dispose()
