"""Bodies: whatever is sent, the answer is a problem that says where it lies, and never a crash or an echo."""

import json
from typing import Any

import pytest

from tests.api.stack import Stack, a_complaint, a_solution

SECRET_VALUE = "bank-card-6222020200112233445"
CUSTOMER = '"customer":{"name":"a"}'


def send(stack: Stack, content: bytes, kind: str = "application/json", role: str | None = "channel") -> Any:
    with stack.client(role, **{"Content-Type": kind}) as client:
        return client.post("/v1/complaints", content=content)


@pytest.mark.parametrize(
    ("content", "status", "name"),
    [
        (b"{", 400, "malformed_json"),
        (b"\xff\xfe{}", 400, "malformed_json"),
        (b'{"detail":"\xc3\x28"}', 400, "malformed_json"),
        (b"{'a':1}", 400, "malformed_json"),
        (b'{"detail":NaN}', 400, "not_a_json_number"),
        (b'{"detail":-Infinity}', 400, "not_a_json_number"),
        (b'{"detail":1e999}', 400, "not_a_json_number"),
        (b'{"detail":' + b"9" * 5000 + b"}", 400, "not_a_json_number"),
        (b'{"detail":0.' + b"9" * 5000 + b"}", 400, "not_a_json_number"),
        (b'{"detail":"a","detail":"b"}', 400, "duplicate_member"),
        (b'{"customer":{"name":"a","name":"b"}}', 400, "duplicate_member"),
        (b"[" * 33 + b"]" * 33, 400, "too_deep"),
        (b"[" * 100_000, 400, "too_deep"),
        (b'{"a":' * 40_000 + b"1" + b"}" * 40_000, 400, "too_deep"),
        (b'{"detail":"a\\u0000b"}', 422, "forbidden_characters"),
        (b'{"detail":"a\\ud800b"}', 422, "forbidden_characters"),
        (b'{"\\u0000":1}', 422, "forbidden_characters"),
        (b'{"detail":"' + b"x" * 262_144 + b'"}', 413, "body_too_large"),
        (b"[]", 422, "malformed_request"),
        (b"null", 422, "malformed_request"),
        (b'"text"', 422, "malformed_request"),
        (b"", 422, "malformed_request"),
    ],
    ids=lambda value: value[:24].decode("latin-1") if isinstance(value, bytes) else str(value),
)
def test_what_is_no_plain_json_is_refused(stack: Stack, content: bytes, status: int, name: str) -> None:
    answer = send(stack, content)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{name}")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_that_grows_beyond_the_limit_without_saying_so_is_refused(stack: Stack) -> None:
    with stack.client("channel", **{"Content-Type": "application/json"}) as client:
        answer = client.post("/v1/complaints", content=(b" " * 4096 for _ in range(100)))
    assert answer.status_code == 413


def test_another_content_type_is_refused(stack: Stack) -> None:
    body = json.dumps(a_complaint()).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml", "multipart/form-data"):
        assert send(stack, body, kind).status_code == 415
    assert send(stack, body, "Application/JSON; charset=utf-8").status_code == 201


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"detail": None}, "body.detail"),
        ({"detail": "   "}, "body.detail"),
        ({"detail": "x" * 10_001}, "body.detail"),
        ({"channel": SECRET_VALUE}, "body.channel"),
        ({"level": "1"}, "body.level"),
        ({"level": 4}, "body.level"),
        ({"level": True}, "body.level"),
        ({"complex": "yes"}, "body.complex"),
        ({"complex": 1}, "body.complex"),
        ({"customer": {"name": "a", "email": SECRET_VALUE}}, "body.customer.email"),
        ({"customer": {"name": "a", "phone": SECRET_VALUE}}, "body.customer.phone"),
        ({"customer": {"name": "a", "preferred_channel": "sms"}}, "body.customer"),
        ({"customer": SECRET_VALUE}, "body.customer"),
        ({"customer": {"name": 5}}, "body.customer.name"),
        ({"reference": "C-20260101-0000000000"}, "body.reference"),
        ({SECRET_VALUE: 1}, "body.?"),
        ({"customer": {"name": "a", "vip": True}}, "body.customer.vip"),
    ],
)
def test_the_problem_says_where_it_lies_and_never_what_was_sent(
    stack: Stack, changes: dict[str, Any], where: str
) -> None:
    answer = stack.post("channel", "/v1/complaints", a_complaint(**changes), **{"Accept-Language": "en;q=0.9"})
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["type"] == "/problems/malformed_request"
    assert [error["where"] for error in problem["errors"]] == [where]
    error = problem["errors"][0]
    assert error["what"] == error["what_en"]
    assert error["what_zh"]
    assert SECRET_VALUE not in answer.text


@pytest.mark.parametrize(
    "bad", ["2026-01-01", "tomorrow", 1790000000, "2026-01-01T00:00:00", "9999-12-31T23:59:59-12:00"]
)
def test_an_instant_must_be_one_and_name_its_zone(stack: Stack, bad: Any) -> None:
    reference = stack.contacted()
    answer = stack.post("agent", f"/v1/complaints/{reference}/solutions", a_solution(complete_by=bad))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "body.complete_by"


def test_a_huge_whole_number_is_refused_where_it_stands(stack: Stack) -> None:
    reference = stack.contacted()
    content = '{"department":"logistics","what":"x","minutes":' + "9" * 4000 + "}"
    with stack.client("agent", **{"Content-Type": "application/json"}) as client:
        answer = client.post(f"/v1/complaints/{reference}/tasks", content=content)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["where"] == "body.minutes"


@pytest.mark.parametrize("key", ["", "x" * 256, "has space", "tab\tx", "ключ"])
def test_an_idempotency_key_that_is_none_is_refused(stack: Stack, key: str) -> None:
    with stack.client("channel") as client:
        answer = client.post("/v1/complaints", json=a_complaint(), headers={b"Idempotency-Key": key.encode()})
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/bad_idempotency_key")


@pytest.mark.parametrize(
    "query",
    ["stage=x", "level=9", "limit=0", "limit=x", "due_before=x", "broken=maybe", "text=%00", "text=" + "x" * 401,
     "department=%00", "category=%00", "cursor=%00", "due_before=9999-12-31T23:59:59-12:00",
     "stge=closed", "stage=closed&stage=received", "bank-card-6222020200112233445=1"],
)  # fmt: skip
def test_a_bad_query_is_a_problem(stack: Stack, query: str) -> None:
    answer = stack.get("supervisor", f"/v1/complaints?{query}")
    assert answer.status_code == 422


def test_a_text_keeps_every_character_it_may_have(stack: Stack) -> None:
    detail = "𠮷野家 👩‍👩‍👧 <script>alert(1)</script> '; DROP TABLE cases;-- \\u0000 ﷽ \u202e"
    reference = stack.file(detail=detail)["reference"]
    assert stack.case(reference)["detail"] == detail
