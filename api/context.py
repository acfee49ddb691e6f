"""What surrounds each request: its id, one line in the log, its place in the metrics, and the net under a crash."""

import re
import secrets
import time

import structlog
from fastapi_problem.handler import ExceptionHandler
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import Trouble, log_crash
from api.headers import harden

REQUEST_ID = "X-Request-Id"
_ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_REFERENCE = re.compile(r"[CTE]-[0-9A-Z-]{8,30}", re.ASCII)
_STARTS = ("http.response.start", "websocket.http.response.start")
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})

log = structlog.get_logger(__name__)


def fresh_id() -> str:
    """An id that nobody can guess: for a request that brought none."""
    return secrets.token_hex(16)


class Meters:
    """Counts of requests and how long they took, by the route's template: nothing of what was asked."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.requests = Counter("redress_http_requests", "Requests answered", labels, registry=self.registry)
        self.seconds = Histogram(
            "redress_http_request_seconds", "Seconds until answered", labels[:2], registry=self.registry
        )


class Context:
    """Middleware around everything else.

    It is also where an answer gets the headers that all have. The log names the route's template and never the path:
    a customer's link would be in it.
    """

    def __init__(self, app: ASGIApp, handler: ExceptionHandler, meters: Meters, *, encrypted: bool) -> None:
        self._app = app
        self._handler = handler
        self._meters = meters
        self._encrypted = encrypted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(REQUEST_ID, "")
        request_id = given if _ACCEPTABLE.fullmatch(given) else fresh_id()
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began, status = time.perf_counter(), 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] in _STARTS:
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers[REQUEST_ID] = request_id
                harden(headers, scope["path"], encrypted=self._encrypted)
            await send(message)

        try:
            if scope["type"] != "http":
                scope["method"] = "GET"
                raise Trouble("path_unknown")  # no address of ours takes a socket
            await self._app(scope, receive, sending)
        except Exception as error:
            if not isinstance(error, Trouble):
                log_crash(error)
            if status:
                raise
            response = self._handler(Request({**scope, "type": "http"}), error)
            await response(scope, receive, sending)
        finally:
            self._report(scope, status, time.perf_counter() - began)

    def _report(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in ("GET", "HEAD", "POST") else "other"
        route = getattr(scope.get("route"), "path", "unmatched")
        self._meters.requests.labels(method, route, str(status)).inc()
        self._meters.seconds.labels(method, route).observe(seconds)
        if route in _QUIET:
            return
        subjects = (value for value in scope.get("path_params", {}).values() if isinstance(value, str))
        reference = next((subject for subject in subjects if _REFERENCE.fullmatch(subject)), None)
        named = {"reference": reference} if reference else {}
        log.info("answered", method=method, route=route, status=status, ms=round(seconds * 1000, 1), **named)
