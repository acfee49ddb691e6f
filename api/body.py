"""Bodies: what may reach a route at all. Everything that JSON could smuggle in is refused here, once."""

import hashlib
import json
from typing import Any, NoReturn

from fastapi_problem.handler import ExceptionHandler
from pydantic import GetCoreSchemaHandler, TypeAdapter
from pydantic_core import CoreSchema, core_schema, to_json
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import Trouble

LARGEST_BODY = 256 * 1024
DEEPEST = 32
MOST_DIGITS = 4300
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
_FORMS_BELOW = "/portal/"


class Bodies:
    """Middleware that reads a request's whole body, refuses what no route should see, and hands it on.

    It leaves the parsed JSON in the request's state as `json` (absent without a body).
    """

    def __init__(self, app: ASGIApp, handler: ExceptionHandler) -> None:
        self._app = app
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            body = await _read(request)
            if body and not _is_form(request):
                if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
                    raise Trouble("unsupported_content")
                request.state.json = parse(body)
        except ClientDisconnect:
            return
        except Trouble as trouble:
            response = self._handler(request, trouble)
            await response(scope, receive, send)
            return
        await self._app(scope, _replaying(body, receive), send)


async def _read(request: Request) -> bytes:
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and (len(announced) > 12 or int(announced) > LARGEST_BODY):
        raise Trouble("body_too_large")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise Trouble("body_too_large")
    return bytes(body)


def _is_form(request: Request) -> bool:
    """Only the customer's page, which works without scripts, posts forms."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == FORM and request.url.path.startswith(_FORMS_BELOW)


def _replaying(body: bytes, receive: Receive) -> Receive:
    handed_on = False

    async def replay() -> Message:
        nonlocal handed_on
        if handed_on:
            return await receive()
        handed_on = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def parse(body: bytes) -> Any:
    """The value of a JSON body. Raises Trouble for one that is not plain, shallow JSON with plain texts."""
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_without_duplicates,
            parse_constant=_no_number,
            parse_int=_whole_number,
            parse_float=_fraction,
        )
    except RecursionError:
        raise Trouble("too_deep") from None
    except ValueError:
        raise Trouble("malformed_json") from None
    _check(value, 1)
    return value


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise Trouble("duplicate_member")
    return members


def _no_number(_: str) -> NoReturn:
    raise Trouble("not_a_json_number")


def _whole_number(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise Trouble("not_a_json_number")
    return int(digits)


def _fraction(digits: str) -> float:
    number = float(digits)
    if len(digits) > MOST_DIGITS or number in (float("inf"), float("-inf")):
        raise Trouble("not_a_json_number")
    return number


def _check(value: Any, depth: int) -> None:
    if isinstance(value, str):
        if not is_plain(value):
            raise Trouble("forbidden_characters")
    elif isinstance(value, dict | list):
        if depth > DEEPEST:
            raise Trouble("too_deep")
        inner = [*value, *value.values()] if isinstance(value, dict) else value
        for item in inner:
            _check(item, depth + 1)


def is_plain(text: str) -> bool:
    """Whether a text can be stored everywhere: without NUL, and expressible in UTF-8."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def fingerprint(request: Request) -> str:
    """A hash of what is asked: the method, the path and the body, however the body was laid out."""
    body = getattr(request.state, "json", None)
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    asked = f"{request.method}\0{request.url.path}\0{canonical}"
    return hashlib.sha256(asked.encode()).hexdigest()[:32]


class Strictly:
    """Put beside a body's type: it is validated as JSON and strictly, so that "1" is no number and 1 no truth."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        adapter: TypeAdapter[Any] = TypeAdapter(source)

        def strictly(value: Any, _: Any) -> Any:
            return adapter.validate_json(to_json(value), strict=True)

        return core_schema.no_info_wrap_validator_function(strictly, handler(source))
