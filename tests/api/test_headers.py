"""Headers: what every answer tells a browser, and a documentation that asks nobody but us."""

import base64
import hashlib
import re
from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from tests.api.stack import Stack

ELSEWHERE = re.compile(r"(?:https?:)?//[a-z0-9][a-z0-9.-]*\.[a-z]{2,}", re.IGNORECASE)
NAMESPACE = re.compile(r"https?://www\.w3\.org/[\w/.#-]*")
NAMED = re.compile(r'(?:src|href)="([^"]+)"')


def hardened(answer: httpx.Response) -> None:
    headers = answer.headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'; base-uri 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "geolocation=()" in headers["permissions-policy"]
    assert headers["cache-control"]
    assert headers["x-request-id"]


def from_outside(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/docs"),
        ("HEAD", "/docs"),
        ("GET", "/openapi.json"),
        ("GET", "/healthz"),
        ("GET", "/metrics"),
        ("GET", "/portal/nonsense"),
        ("GET", "/v1/complaints"),
        ("GET", "/nowhere"),
        ("OPTIONS", "/v1/complaints"),
        ("POST", "/v1/complaints"),
    ],
)
def test_every_answer_carries_the_headers(stack: Stack, method: str, path: str) -> None:
    with stack.client(None) as client:
        hardened(client.request(method, path))


def test_the_customers_page_carries_them_and_allows_its_own_style_only(stack: Stack) -> None:
    answer = stack.get(None, f"/portal/{stack.token(stack.file())}")
    hardened(answer)
    assert "script-src" not in answer.headers["content-security-policy"]
    assert " style=" not in answer.text
    assert answer.text.count("<style>") == 1


async def test_a_crash_and_a_refused_body_carry_them(stack: Stack) -> None:
    app = create_app(stack.app.state.services)

    async def crash() -> None:
        raise RuntimeError

    app.add_api_route("/crash", crash)
    async with from_outside(app) as client:
        crashed = await client.get("/crash")
        too_large = await client.post("/v1/complaints", content=b"x" * 300_000)
    assert (crashed.status_code, too_large.status_code) == (500, 413)
    hardened(crashed)
    hardened(too_large)


async def test_only_a_public_address_under_https_asks_browsers_to_insist_on_it(stack: Stack) -> None:
    services = stack.app.state.services
    for url, insisted in (("https://complaints.example", True), ("http://127.0.0.1:8000", False)):
        async with from_outside(create_app(replace(services, public_url=url))) as client:
            answers = [await client.get(path) for path in ("/", "/nowhere", "/docs")]
        assert {"strict-transport-security" in answer.headers for answer in answers} == {insisted}


def test_the_style_that_the_headers_allow_is_the_one_on_the_page(stack: Stack) -> None:
    answer = stack.get(None, "/")
    style = answer.text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in answer.headers["content-security-policy"]


def test_the_documentation_comes_with_all_it_needs_and_names_no_other_host(stack: Stack) -> None:
    page = stack.get(None, "/docs")
    assert page.status_code == 200
    assert "<title>Redress 接口文档 / The interface of Redress</title>" in page.text
    assert "<script>" not in page.text
    assert not ELSEWHERE.search(page.text)
    named = [name for name in NAMED.findall(page.text) if not name.startswith("data:")]
    assert len(named) >= 4
    for name in named:
        assert name.startswith("/")
        asset = stack.get(None, name)
        assert asset.status_code == 200
        hardened(asset)
        expected = {"css": "text/css", "js": "text/javascript"}.get(name.rpartition(".")[2], "application/json")
        assert asset.headers["content-type"].startswith(expected)
        # The library's code has addresses as texts; that it can ask none of them, the policy sees to.
        if not name.endswith("bundle.js"):
            assert not ELSEWHERE.search(NAMESPACE.sub("", asset.text)), name


def test_the_documentation_may_load_from_and_ask_its_own_host_only(stack: Stack) -> None:
    policy = stack.get(None, "/docs").headers["content-security-policy"]
    sources = {word for rule in policy.split(";") for word in rule.split()[1:]}
    assert sources == {"'none'", "'self'", "data:"}
    assert "connect-src 'self'" in policy
    assert "script-src 'self'" in policy


@pytest.mark.parametrize("path", ["/redoc", "/docs/oauth2-redirect", "/docs/assets/", "/docs/assets/../start.js"])
def test_there_is_no_other_documentation_with_scripts_from_elsewhere(stack: Stack, path: str) -> None:
    assert stack.get(None, path).status_code == 404
