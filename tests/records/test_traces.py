"""Counting complaints of the same customer, and of others on the same product or order."""

import json
from datetime import timedelta
from importlib.resources import files
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import select, text
from sqlmodel import col

from complaints.parties import Complaint
from records import migrate
from records.engine import connect, for_writing
from records.queries import Queries
from records.store import Store
from records.tables import CaseRow, TraceRow
from tests.complaints.support import START, Life

WANG = {"name": "王小明", "email": "wang@example.com", "phone": "+86 138 0000 0000"}
LONG_AGO = START - timedelta(days=3650)


def complaint(customer: dict[str, Any] | None = None, **parts: Any) -> Complaint:
    said = {"channel": "web", "subject": "水壶漏水", "detail": "漏水", "customer": customer or WANG}
    return Complaint.model_validate(said | parts)


def filed(store: Store, number: int, customer: dict[str, Any] | None = None, **parts: Any) -> None:
    """A case in the records, with a reference of its own."""
    life = Life(post_works=False, **complaint(customer, **parts).model_dump(exclude_unset=True))
    reference = f"C-20261120-{number:010d}"
    (entry,) = life.journal
    first = entry.events[0].model_copy(update={"reference": reference})
    store.save(reference, [entry.model_copy(update={"events": (first, *entry.events[1:])})])


@pytest.mark.parametrize(
    ("customer", "known"),
    [
        (WANG, 1),
        ({"name": "别人", "email": "WANG@Example.com "[:-1]}, 1),
        ({"name": "别人", "phone": "138-0000-0000"}, 1),
        ({"name": "别人", "phone": "0086 13800000000"}, 1),
        ({"name": "王小明", "email": "other@example.com", "phone": "138 0000 0001"}, 0),
        ({"name": "王小明"}, 0),
        ({"name": "王小明", "social": "wang@example.com"}, 0),
    ],
)
def test_a_customer_is_known_by_any_address_however_it_is_written(
    store: Store, queries: Queries, customer: dict[str, Any], known: int
) -> None:
    filed(store, 1)
    assert queries.circumstances(complaint(customer), LONG_AGO).earlier == known


def test_a_case_that_shares_several_addresses_counts_once_and_only_within_the_window(
    store: Store, queries: Queries
) -> None:
    filed(store, 1)
    filed(store, 2)
    assert queries.circumstances(complaint(), START).earlier == 2
    assert queries.circumstances(complaint(), START + timedelta(seconds=1)).earlier == 0


@pytest.mark.parametrize(
    ("parts", "others"),
    [
        ({"product": "X1  水壶"}, 2),
        ({"product": "ｘ1 水壶"}, 2),
        ({"order_number": "a 100"}, 1),
        ({"product": "x1 水壶", "order_number": "A100"}, 3),
        ({"product": "X2 水壶"}, 0),
        ({}, 0),
    ],
)
def test_others_are_counted_by_product_or_order_and_never_the_customers_own(
    store: Store, queries: Queries, parts: dict[str, str], others: int
) -> None:
    for number in range(2):
        filed(store, number, {"name": "甲", "email": f"a{number}@example.com"}, product="x1 水壶")
    filed(store, 8, {"name": "乙", "email": "b@example.com"}, order_number="A-100")
    filed(store, 9, product="X1 水壶", order_number="A-100")
    assert queries.circumstances(complaint(**parts), LONG_AGO).others == others


def test_what_was_imported_is_not_counted(store: Store, queries: Queries) -> None:
    filed(store, 1, product="X1 水壶", imported=True)
    assert queries.circumstances(complaint(), LONG_AGO).earlier == 0
    assert queries.circumstances(complaint({"name": "甲"}, product="X1 水壶"), LONG_AGO).others == 0


def test_nothing_that_can_be_read_is_kept_of_what_is_compared(store: Store, url: str) -> None:
    filed(store, 1, product="X1 水壶")
    engine = connect(url)
    with engine.connect() as connection:
        rows = connection.execute(select(col(TraceRow.digest))).scalars().all()
    engine.dispose()
    assert len(rows) == 3
    assert all(len(row) == 64 and set(row) <= set("0123456789abcdef") for row in rows)


def test_the_cases_that_were_there_before_are_counted_too_and_a_damaged_one_stops_nothing(url: str) -> None:
    engine = connect(url)
    store, queries = Store(engine), Queries(engine)
    filed(store, 1)
    filed(store, 2)
    config = Config()
    config.set_main_option("script_location", str(files("records") / "migrations"))
    with for_writing(engine).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")
        one = connection.execute(select(col(CaseRow.reference)).order_by(col(CaseRow.reference))).scalars().all()[0]
        damaged = {"snapshot": json.dumps({"complaint": 7}), "reference": one}
        connection.execute(text("UPDATE cases SET snapshot = :snapshot WHERE reference = :reference"), damaged)
    migrate(url)
    assert queries.circumstances(complaint(), LONG_AGO).earlier == 1
    engine.dispose()
