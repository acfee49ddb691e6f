"""The contract: every error is a problem and is documented, in OpenAPI and on its page."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.documenting import errors_page
from api.problems import KINDS
from tests.api.stack import Stack

PROBLEM = "application/problem+json"
ERRORS_PAGE = Path(__file__).parents[2] / "docs" / "errors.md"
ANYWHERE = {"400", "413", "415", "422", "500"}


def test_the_page_of_errors_is_up_to_date() -> None:
    assert ERRORS_PAGE.read_text(encoding="utf-8") == errors_page(), (
        "renew it: python -m api.documenting > docs/errors.md"
    )


def test_the_page_of_errors_has_each_type_once_with_its_status_and_both_texts() -> None:
    rows = [line for line in errors_page().splitlines() if line.startswith("| `/problems/")]
    told = {
        cells[1].strip("` "): cells[2:5] for cells in (row.split(" | ") for row in (f" | {row[2:]}" for row in rows))
    }
    assert len(rows) == len(told) == len(KINDS)
    for name, kind in KINDS.items():
        status, zh, en = told[f"/problems/{name}"]
        assert (status, zh, en.removesuffix(" |")) == (str(kind.status.value), kind.detail.zh, kind.detail.en)


# --- OpenAPI


def operations(stack: Stack) -> Iterator[tuple[str, str, dict[str, Any]]]:
    document = stack.get(None, "/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_every_operation_declares_its_errors_as_problems(stack: Stack) -> None:
    seen = 0
    for path, method, operation in operations(stack):
        errors = {status: each for status, each in operation["responses"].items() if int(status) >= 400}
        assert errors.keys() >= ANYWHERE, (path, method)
        for status, response in errors.items():
            assert response["content"][PROBLEM]["schema"] == {"$ref": "#/components/schemas/Problem"}, (path, status)
            assert "application/json" not in response["content"], (path, method, status)
            assert response["description"]
        seen += 1
    assert seen > 40


def test_the_frameworks_own_shape_of_errors_is_nowhere_in_the_document(stack: Stack) -> None:
    document = stack.get(None, "/openapi.json")
    assert document.json()["openapi"].startswith("3.1")
    assert not [name for name in document.json()["components"]["schemas"] if name.endswith("ValidationError")]
    assert "schemas/HTTPValidationError" not in document.text


def test_every_operation_with_a_key_declares_what_happens_without(stack: Stack) -> None:
    for path, method, operation in operations(stack):
        assert ("security" in operation) == ("401" in operation["responses"]), (path, method)


# --- every error is a problem


def is_problem(answer: httpx.Response, name: str) -> None:
    assert answer.headers["content-type"] == PROBLEM
    assert answer.status_code == KINDS[name].status
    if answer.request.method != "HEAD":
        assert answer.json()["type"] == f"/problems/{name}"


@pytest.mark.parametrize(
    ("path", "takes"),
    [
        ("/v1/complaints", {"GET", "POST"}),
        ("/healthz", {"GET"}),
        ("/docs", {"GET", "HEAD"}),
        ("/docs/assets/start.js", {"GET", "HEAD"}),
        ("/openapi.json", {"GET", "HEAD"}),
        ("/v1/portal/x/decision", {"POST"}),
        ("/portal/x", {"GET"}),
    ],
)
def test_a_wrong_method_is_told_of_every_right_one(stack: Stack, path: str, takes: set[str]) -> None:
    methods = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"}
    with stack.client("agent") as client:
        for method in methods - takes:
            answer = client.request(method, path)
            is_problem(answer, "method_not_allowed")
            assert set(answer.headers["allow"].split(", ")) == takes


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_nothing_is_at_an_unknown_address_by_any_method(stack: Stack, method: str) -> None:
    with stack.client(None) as client:
        for path in (
            "/nowhere",
            "/%ff",
            "/%00",
            "/v1/complaints/",
            "/docs/",
            "/HEALTHZ",
            "/..%2f..%2fetc/passwd",
        ):
            is_problem(client.request(method, path), "path_unknown")


def raw(stack: Stack, request: bytes) -> httpx.Response:
    """What the server answers to these very bytes."""
    url = httpx.URL(stack.url)
    with socket.create_connection((url.host, url.port or 80), timeout=10) as connection:
        connection.sendall(request)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    head, _, body = received.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    pairs = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    headers = [pair for pair in pairs if pair[0].lower() != "transfer-encoding"]
    method = request.split(b" ")[0].decode("latin-1")
    return httpx.Response(
        int(status.split(" ")[1]), headers=headers, content=body, request=httpx.Request(method, stack.url)
    )


HOSTS = [b"", b"[", b"[::1", b"a b", b"x/portal/", b"x:99999", b"x:y", b"@", b"\xff\xfe", b"evil.example, other", b"?#"]


@pytest.mark.parametrize("host", HOSTS)
def test_an_odd_host_changes_nothing_about_the_answer(stack: Stack, host: bytes) -> None:
    head = b"Host: " + host + b"\r\nConnection: close\r\n\r\n"
    is_problem(raw(stack, b"GET /nowhere HTTP/1.1\r\n" + head), "path_unknown")
    is_problem(raw(stack, b"DELETE /v1/complaints HTTP/1.1\r\n" + head), "method_not_allowed")
    assert raw(stack, b"GET /healthz HTTP/1.1\r\n" + head).status_code == 200


def test_a_host_cannot_pass_a_form_off_as_the_portals(stack: Stack) -> None:
    head = b"Host: x/portal/\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    is_problem(
        raw(stack, b"POST /v1/complaints HTTP/1.1\r\n" + head + b"Content-Length: 3\r\n\r\na=b"), "unsupported_content"
    )


@pytest.mark.parametrize(
    ("request_line", "name"),
    [
        (b"GET /nowhere HTTP/1.0", "path_unknown"),
        (b"GET http://evil.example/nowhere HTTP/1.1", "path_unknown"),
        (b"OPTIONS * HTTP/1.1", "path_unknown"),
        (b"GET /nowhere?%ff HTTP/1.1", "path_unknown"),
        (b"GET /healthz?%ff HTTP/1.1", "malformed_request"),
        (b"PROPFIND /healthz HTTP/1.1", "method_not_allowed"),
    ],
)
def test_an_odd_request_line_is_answered_with_a_problem(stack: Stack, request_line: bytes, name: str) -> None:
    is_problem(raw(stack, request_line + b"\r\nHost: x\r\nConnection: close\r\n\r\n"), name)


def test_two_slashes_are_not_the_front_page(stack: Stack) -> None:
    is_problem(raw(stack, b"GET // HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), "path_unknown")


def test_whoever_asks_for_a_web_socket_is_told_that_there_is_none(stack: Stack) -> None:
    upgrade = (
        b"Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    for path in (b"/", b"/nowhere", b"/v1/complaints"):
        answer = raw(stack, b"GET " + path + b" HTTP/1.1\r\n" + upgrade)
        is_problem(answer, "path_unknown")
        assert answer.headers["x-content-type-options"] == "nosniff"
