"""Errors as RFC 9457 problems: one shape for the domain's refusals, the framework's errors and our own.

A problem never echoes what was sent and never tells how it came about inside.
"""

import json
import re
import traceback
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi_problem.handler import ExceptionHandler, new_exception_handler
from rfc9457 import Problem
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from api.problems import KINDS, OWN_KINDS, TITLES
from api.validation import what_is_wrong
from complaints.parties import Bilingual
from complaints.refusals import Refusal
from complaints.vocabulary import Language
from records.errors import BadCursor, RecordsUnavailable

TYPE_PREFIX = "/problems/"
RETRY_AFTER_SECONDS = 2
_AWAY = ("engine_away", "records_unavailable", "not_ready")
_NAMES = {
    404: "path_unknown",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_content",
    500: "internal_error",
}
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_LANGUAGE_RANGE = re.compile(r"([A-Za-z]{1,8}|\*)(?:-[\w-]*)?\s*(?:;\s*q=([01](?:\.\d{0,3})?))?", re.ASCII)

log = structlog.get_logger(__name__)


class EngineAway(Exception):
    """The engine did not answer in time: whether what was asked was done is unknown. The same id may be sent again."""


class Trouble(Problem):
    """A problem by its name; `extras` become members of it. Raises KeyError for a name that is not documented."""

    def __init__(
        self,
        name: str,
        detail: Bilingual | None = None,
        headers: Mapping[str, str] | None = None,
        **extras: Any,
    ) -> None:
        kind = KINDS[name]
        text = detail or kind.detail
        self.name = name
        wanted = dict(headers or {})
        if name in _AWAY:
            wanted["Retry-After"] = str(RETRY_AFTER_SECONDS)
        super().__init__(
            title=TITLES[kind.status].zh,
            type_=TYPE_PREFIX + name,
            detail=text.zh,
            status=kind.status.value,
            headers=wanted,
            detail_zh=text.zh,
            detail_en=text.en,
            **extras,
        )


def of_refusal(refusal: Refusal, **extras: Any) -> Trouble:
    """The problem that a refusal of the domain is."""
    return Trouble(refusal.name, refusal.detail, **extras)


def language_of(request: Request) -> Language:
    """The language that the caller would rather read: Chinese unless they put English before it."""
    best, language = 0.0, Language.CHINESE
    for part in request.headers.get("accept-language", "").split(","):
        match = _LANGUAGE_RANGE.fullmatch(part.strip())
        if match is None:
            continue
        weight = float(match[2] or 1)
        if weight > best and match[1].lower() in ("zh", "en", "*"):
            best = weight
            language = Language.ENGLISH if match[1].lower() == "en" else Language.CHINESE
    return language


def log_crash(error: Exception) -> None:
    """Say where it happened and of which type it was; its words may quote what a customer wrote."""
    frames = "".join(traceback.format_tb(error.__traceback__)[-8:])
    log.error("crashed", error=type(error).__name__, where=frames)


class _Crash(Trouble):
    def __init__(self, *_: object, **__: object) -> None:
        super().__init__("internal_error")


def _finished(content: dict[str, Any], request: Request, response: Response) -> tuple[dict[str, Any], Response]:
    """The problem in the caller's language, with the id under which the log knows the request."""
    if language_of(request) is Language.ENGLISH:
        content["title"] = TITLES[HTTPStatus(content["status"])].en
        content["detail"] = content.get("detail_en", content.get("detail"))
        for error in content.get("errors", ()):
            error["what"] = error["what_en"]
    content["request_id"] = getattr(request.state, "request_id", "")
    response.body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    response.headers["content-length"] = str(len(response.body))
    return content, response


def _http_error(_: ExceptionHandler, request: Request, error: HTTPException) -> Problem:
    name = _NAMES.get(error.status_code, "http_error")
    return Trouble(name, headers={"Allow": _allowed(request)} if name == "method_not_allowed" else None)


def _allowed(request: Request) -> str:
    """The methods that an address takes. The framework names those of the first route only."""
    routes = request.app.router.routes

    def takes(method: str) -> bool:
        return any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)

    return ", ".join(filter(takes, _METHODS))


def _malformed(_: ExceptionHandler, __: Request, error: RequestValidationError) -> Problem:
    return Trouble("malformed_request", errors=what_is_wrong(error.errors()))


def make_handler() -> ExceptionHandler:
    """The one place where an exception becomes an answer."""
    return new_exception_handler(
        unhandled_wrappers={"default": _Crash},  # type: ignore[dict-item]
        handlers={
            Refusal: lambda _, __, refusal: of_refusal(refusal),
            EngineAway: lambda *_: Trouble("engine_away"),
            RecordsUnavailable: lambda *_: Trouble("records_unavailable"),
            BadCursor: lambda *_: Trouble("bad_cursor"),
        },
        post_hooks=[_finished],
        http_exception_handler=_http_error,
        request_validation_handler=_malformed,
    )


def install(app: FastAPI, handler: ExceptionHandler) -> None:
    """Let every exception that a route may raise be answered by the handler."""
    for kind in (Problem, HTTPException, RequestValidationError, Refusal, EngineAway, RecordsUnavailable, BadCursor):
        app.add_exception_handler(kind, handler)


def explanation(name: str) -> dict[str, Any]:
    """What a problem's type means, for whoever opens it. Raises Trouble for an unknown one."""
    if name not in KINDS:
        raise Trouble("problem_unknown")
    kind = KINDS[name]
    return {
        "type": TYPE_PREFIX + name,
        "status": kind.status.value,
        "title": TITLES[kind.status].model_dump(),
        "detail": kind.detail.model_dump(),
        "of_the_domain": name not in OWN_KINDS,
    }
