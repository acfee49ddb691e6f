"""Triage at the door: level and category by rule, with their reasons, and the same however often it is asked."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from complaints.parties import Complaint
from records.traces import contacts_of
from tests.api.stack import Stack, a_complaint, eventually, running_stack
from tests.support.temporal import TemporalServer

REPEATED = "repeated"


@pytest.fixture
def fresh(temporal: TemporalServer, tmp_path: Path) -> Iterator[Stack]:
    """A stack whose records know of no complaint yet."""
    with running_stack(temporal.address, tmp_path) as running:
        yield running


def unsorted(detail: str = "杯子有划痕", number: int = 0, **changes: Any) -> dict[str, Any]:
    """A complaint that says neither its level nor its category, of a customer with a number."""
    body = a_complaint(detail=detail, customer={"name": "王小明", "email": f"wang{number}@example.com"}, **changes)
    given = {"level", "category"} - changes.keys()
    return {name: value for name, value in body.items() if name not in given}


def filed(stack: Stack, body: dict[str, Any], **headers: str) -> Any:
    """The case, once it is recorded."""
    return stack.case(stack.do("channel", "/v1/complaints", body, 201, **headers)["reference"])


def test_a_complaint_gets_its_level_and_category_by_rule_and_the_case_says_why(stack: Stack) -> None:
    filing = stack.do("channel", "/v1/complaints", unsorted("快遞丟了包裹，我要打12315！", number=101), 201)
    assert (filing["level"], filing["category"]) == (1, "logistics")
    assert "escalation_ack" in {promise["kind"] for promise in filing["promises"]}
    case = stack.case(filing["reference"])
    assert (case["level"], case["category"]) == (1, "logistics")
    triage = case["triage"]
    assert (triage["level_by"], triage["category_by"]) == ("risk_regulator", "about_logistics")
    reasons = {reason["rule"]: reason for reason in triage["reasons"]}
    assert reasons["risk_regulator"]["matched"] == ["12315"]
    assert set(reasons["about_logistics"]["matched"]) == {"快递", "包裹"}
    assert reasons["risk_regulator"]["reason"]["en"] == "Mentions a regulator or a complaints authority"
    journal = stack.get("auditor", f"/v1/audit/complaints/{filing['reference']}/journal").json()["items"]
    assert [event["type"] for event in journal[0]["events"][:2]] == ["complaint_filed", "complaint_triaged"]


def test_what_the_filer_says_stands_and_the_rules_are_told_beside_it(stack: Stack) -> None:
    case = filed(stack, unsorted("快递丢了，法院见", number=102, level=2, category="process"))
    assert (case["level"], case["category"]) == (2, "process")
    assert (case["triage"]["level_by"], case["triage"]["category_by"]) == ("filed", "filed")
    assert {"risk_court", "about_logistics"} <= {reason["rule"] for reason in case["triage"]["reasons"]}


def test_an_agent_corrects_what_triage_found_and_its_reasons_stay_on_record(stack: Stack) -> None:
    case = filed(stack, unsorted("法院门口的快递柜坏了", number=103))
    assert case["level"] == 1
    said = {"level": 2, "category": "product_quality", "reason": "只是地点"}
    receipt = stack.do("agent", f"/v1/complaints/{case['reference']}/classification", said)
    corrected = stack.case(case["reference"], receipt["version"])
    assert (corrected["level"], corrected["category"]) == (2, "product_quality")
    assert corrected["triage"] == case["triage"]


def test_the_third_complaint_of_a_customer_within_the_window_is_urgent(fresh: Stack) -> None:
    cases = [filed(fresh, unsorted()) for _ in range(3)]
    assert [case["level"] for case in cases] == [2, 2, 1]
    assert cases[-1]["triage"]["level_by"] == REPEATED
    assert cases[-1]["triage"]["circumstances"] == {"earlier": 2, "others": 0}
    assert filed(fresh, unsorted(number=1))["level"] == 2


def test_many_customers_with_the_same_order_are_a_group(fresh: Stack) -> None:
    for number in range(10):
        assert filed(fresh, unsorted(number=number, order_number="A-100"))["level"] == 2
    eleventh = filed(fresh, unsorted(number=10, order_number="a100"))
    assert (eleventh["level"], eleventh["triage"]["level_by"]) == (1, "many_others")


def test_imported_complaints_are_neither_counted_nor_judged_by_what_was_counted(fresh: Stack) -> None:
    imported = {"Redress-Imported": "true"}
    for number in range(11):
        assert filed(fresh, unsorted(number=number, product="水壶"), **imported)["level"] == 2
        assert filed(fresh, unsorted(), **imported)["level"] == 2
    assert filed(fresh, unsorted("我要起诉"), **imported)["level"] == 1
    case = filed(fresh, unsorted(product="水壶"))
    assert (case["level"], case["triage"]["circumstances"]) == (2, {"earlier": 0, "others": 0})


def test_an_important_customer_is_urgent_and_a_tier_that_nobody_knows_is_refused(stack: Stack) -> None:
    customer = {"name": "王小明", "email": "vip@example.com", "region": "华东"}
    case = filed(stack, unsorted() | {"customer": customer | {"tier": "vip"}})
    assert (case["level"], case["tier"], case["customer"]["region"]) == (1, "vip", "华东")
    refused = stack.post("channel", "/v1/complaints", unsorted() | {"customer": customer | {"tier": "gold"}})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/unknown_tier")
    said = {"tier": "gold", "reason": "更正"}
    refused = stack.post("agent", f"/v1/complaints/{case['reference']}/classification", said)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/unknown_tier")


@pytest.mark.parametrize("recorded", [True, False])
def test_a_filing_repeated_after_its_circumstances_changed_is_the_same_case_with_the_same_answer(
    temporal: TemporalServer, tmp_path: Path, recorded: bool
) -> None:
    """The first answer may have been lost on its way: whoever asks again gets that very one."""
    key = {"Idempotency-Key": f"answer-lost-{recorded}"}
    with running_stack(temporal.address, tmp_path, with_worker=recorded, task_queue=None) as stack:
        first = stack.post("channel", "/v1/complaints", unsorted(), **key)
        assert (first.status_code, first.json()["level"]) == (201, 2)
        if recorded:
            stack.case(first.json()["reference"])
        _customer_complained_before(tmp_path / "records.db", times=2)
        again = stack.post("channel", "/v1/complaints", unsorted(), **key)
        assert (again.status_code, again.content) == (201, first.content)
        fresh = stack.post("channel", "/v1/complaints", unsorted())
        assert fresh.json()["level"] == 1


def _customer_complained_before(database: Path, times: int) -> None:
    """Other complaints of the same customer turn up in the records."""
    (digest,) = contacts_of(Complaint.model_validate(unsorted() | {"subject": "x"}))
    with sqlite3.connect(database) as connection:
        rows = [(digest, f"C-20990101-{number:010d}", "2099-01-01 00:00:00") for number in range(times)]
        connection.executemany("INSERT INTO traces (digest, reference, filed_at) VALUES (?, ?, ?)", rows)


def test_while_the_records_are_away_a_complaint_is_filed_with_what_its_text_says(
    temporal: TemporalServer, tmp_path: Path
) -> None:
    with running_stack(temporal.address, tmp_path) as stack:
        with sqlite3.connect(tmp_path / "records.db") as database:
            database.execute("ALTER TABLE traces RENAME TO hidden")
        try:
            filing = stack.do("channel", "/v1/complaints", unsorted("我要起诉"), 201)
            assert filing["level"] == 1
        finally:
            with sqlite3.connect(tmp_path / "records.db") as database:
                database.execute("ALTER TABLE hidden RENAME TO traces")
        path = f"/v1/complaints/{filing['reference']}"
        eventually(lambda: stack.get("agent", path).status_code == 200, within=30)
        case = stack.case(filing["reference"])
        assert case["triage"]["circumstances"] == {"earlier": 0, "others": 0}
