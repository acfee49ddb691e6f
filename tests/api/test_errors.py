"""Problems: one shape for every error, in the caller's language, with the id that the log has."""

import logging

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.problems import KINDS, TITLES
from tests.api.stack import Stack

MEMBERS = {"type", "title", "status", "detail", "detail_zh", "detail_en", "request_id"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/v1/complaints/", 404),
        ("DELETE", "/v1/complaints", 405),
        ("PUT", "/healthz", 405),
        ("GET", "/v1/complaints", 401),
        ("GET", "/problems/no_such", 404),
        ("POST", "/v1/portal/x/decision", 422),
        ("PATCH", "/nowhere", 404),
    ],
)
def test_even_the_frameworks_own_errors_are_problems(stack: Stack, method: str, path: str, status: int) -> None:
    with stack.client(None, **{"X-Request-Id": "my-id"}) as client:
        answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem.keys() >= MEMBERS
    assert problem["status"] == status
    assert problem["request_id"] == answer.headers["x-request-id"] == "my-id"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [(None, "zh"), ("en", "en"), ("en-GB,en;q=0.8", "en"), ("zh-CN,en;q=0.5", "zh"), ("en;q=0.3,zh", "zh"),
     ("fr", "zh"), ("fr,en;q=0.2", "en"), ("*", "zh"), ("en;q=0", "zh"), (";;;,=", "zh"), ("zh;q=0.1,en;q=0.2", "en")],
)  # fmt: skip
def test_a_problem_is_told_in_the_callers_language(stack: Stack, accepted: str | None, language: str) -> None:
    headers = {"Accept-Language": accepted} if accepted else {}
    with stack.client(None, **headers) as client:
        problem = client.get("/nowhere").json()
    assert problem["detail"] == problem[f"detail_{language}"]
    assert problem["title"] == {"zh": "不存在", "en": "Not found"}[language]


def test_every_problem_explains_itself_and_has_a_title(stack: Stack) -> None:
    for name, kind in KINDS.items():
        assert kind.status in TITLES
        answer = stack.get(None, f"/problems/{name}")
        assert answer.json()["type"] == f"/problems/{name}"


def test_a_wild_request_id_is_replaced(stack: Stack) -> None:
    with stack.client(None, **{"X-Request-Id": "x" * 65}) as client:
        assert client.get("/healthz").headers["x-request-id"] != "x" * 65


async def test_a_crash_is_a_problem_that_tells_nothing(stack: Stack, caplog: pytest.LogCaptureFixture) -> None:
    app: FastAPI = create_app(stack.app.state.services)

    async def crash() -> None:
        raise RuntimeError("王小明 13800000000")

    app.add_api_route("/crash", crash)
    with caplog.at_level(logging.DEBUG):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            answer = await client.get("/crash")
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/internal_error")
    assert "王小明" not in answer.text + caplog.text
