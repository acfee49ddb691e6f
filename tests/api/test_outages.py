"""While something is away: nothing is lost, nothing is guessed, and the answer says when to try again."""

import sqlite3
from pathlib import Path

from tests.api.stack import Stack, a_complaint, eventually, running_stack
from tests.support.temporal import TemporalServer, free_port


def test_without_the_engine_nothing_is_accepted_and_reads_go_on(stack_without_engine: Stack) -> None:
    alone = stack_without_engine
    filing = alone.post("channel", "/v1/complaints", a_complaint())
    acting = alone.post("agent", "/v1/complaints/C-20260101-0000000000/evidence", {"description": "x"})
    for answer in (filing, acting):
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/engine_away")
        assert answer.headers["retry-after"] == "2"
    assert alone.get("agent", "/v1/complaints").json() == {"items": [], "next": None}


def test_it_is_alive_without_the_engine_but_not_ready(stack_without_engine: Stack, stack: Stack) -> None:
    assert stack_without_engine.get(None, "/healthz").status_code == 200
    answer = stack_without_engine.get(None, "/readyz")
    assert (answer.status_code, answer.json()["engine"], answer.json()["records"]) == (503, "away", "ok")
    assert stack.get(None, "/readyz").json() == {"status": "ready", "records": "ok", "engine": "ok"}


def test_a_filing_repeated_after_the_engine_came_back_gives_exactly_one_case(tmp_path: Path) -> None:
    database = tmp_path / "temporal.db"
    server = TemporalServer(free_port(), tmp_path / "temporal.log", database)
    server.start()
    key, body = {"Idempotency-Key": "through-an-outage"}, a_complaint(detail="穿越中断")
    try:
        with running_stack(server.address, tmp_path) as stack:
            stack.case(stack.file()["reference"])
            server.stop()
            assert stack.post("channel", "/v1/complaints", body, **key).status_code == 503
            server.start()
            eventually(lambda: stack.post("channel", "/v1/complaints", body, **key).status_code == 201, within=40)
            again = stack.do("channel", "/v1/complaints", body, 201, **key)
            # The worker finds its engine again in steps of up to ten seconds.
            kept = f"/v1/complaints/{again['reference']}"
            eventually(lambda: stack.get("agent", kept).status_code == 200, within=40)
            found = stack.get("agent", "/v1/complaints", text="穿越中断").json()["items"]
            assert [case["reference"] for case in found] == [again["reference"]]
    finally:
        server.stop()


def test_an_update_without_a_worker_is_unknown_and_never_failed(temporal: TemporalServer, tmp_path: Path) -> None:
    with running_stack(temporal.address, tmp_path, with_worker=False, task_queue="nobody") as stack:
        filed = stack.do("channel", "/v1/complaints", a_complaint(), 201, **{"Idempotency-Key": "no-worker"})
        answer = stack.post("agent", f"/v1/complaints/{filed['reference']}/evidence", {"description": "x"})
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/engine_away")
        again = stack.do("channel", "/v1/complaints", a_complaint(), 201, **{"Idempotency-Key": "no-worker"})
        assert again == filed


def test_records_that_cannot_be_read_are_a_503_and_filing_goes_on(temporal: TemporalServer, tmp_path: Path) -> None:
    with running_stack(temporal.address, tmp_path) as stack:
        with sqlite3.connect(tmp_path / "records.db") as database:
            database.execute("ALTER TABLE cases RENAME TO hidden")
        try:
            answer = stack.get("agent", "/v1/complaints")
            assert (answer.status_code, answer.json()["type"]) == (503, "/problems/records_unavailable")
            assert "sql" not in answer.text.lower()
            assert stack.get(None, "/readyz").json()["records"] == "away"
            filed = stack.do("channel", "/v1/complaints", a_complaint(), 201)
        finally:
            with sqlite3.connect(tmp_path / "records.db") as database:
                database.execute("ALTER TABLE hidden RENAME TO cases")
        eventually(lambda: stack.get("agent", f"/v1/complaints/{filed['reference']}").status_code == 200, within=30)


def test_a_read_waits_for_the_version_its_caller_was_told_of_but_not_for_ever(stack: Stack) -> None:
    reference = stack.file()["reference"]
    assert stack.case(reference, at_least=10**9)["version"] >= 1
    missing = stack.get("agent", "/v1/complaints/C-20260101-0000000000", at_least=1)
    assert missing.status_code == 404
