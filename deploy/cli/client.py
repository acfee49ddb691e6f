"""Talking HTTP to Redress: keys, problems in the reader's language, repeats that happen once."""

import json
import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx

from deploy.cli.language import Tongue
from deploy.cli.texts import both
from deploy.refusal import Refusal

Json = dict[str, Any]
PAUSE = 1.0


class Problem(Refusal):
    """What the server refused: its stable name, the HTTP status, and the sentence in both languages."""

    def __init__(self, name: str, status: int, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.name = name
        self.status = status


def failed(text: str, /, *, exit_code: int = 1, **values: object) -> Refusal:
    """A refusal of the command line's own, from the catalogue."""
    return Refusal(*both(text, **values), exit_code=exit_code)


def problem_of(status: int, content: bytes) -> Problem:
    """The problem that an answer carries, RFC 9457 or not."""
    try:
        body = json.loads(content)
    except ValueError:
        body = {}
    if not isinstance(body, dict):
        body = {}
    zh, en = both("rate_limited") if status == httpx.codes.TOO_MANY_REQUESTS else both("refused", status=status)
    zh = str(body.get("detail_zh") or body.get("detail") or body.get("title") or zh)
    en = str(body.get("detail_en") or body.get("detail") or body.get("title") or en)
    if errors := body.get("errors"):
        zh = "\n".join(f"{_where(error)}{_in('zh', error)}" for error in errors)
        en = "\n".join(f"{_where(error)}{_in('en', error)}" for error in errors)
    return Problem(str(body.get("type", "")).rsplit("/", 1)[-1], status, zh, en)


def _where(error: Json) -> str:
    where = str(error.get("where") or "").removeprefix("body.")
    return f"{where}: " if where else ""


def _in(language: Tongue, error: Json) -> str:
    return str(error.get(f"what_{language}") or error.get("what") or "")


def path_of(*parts: str) -> str:
    """The path of something under /v1, whatever its name holds."""
    return "/v1/" + "/".join(quote(part, safe="") for part in parts)


def retry_after(answer: httpx.Response) -> float:
    """How many seconds the server asks to wait."""
    try:
        return min(60.0, max(0.1, float(answer.headers.get("Retry-After", PAUSE))))
    except ValueError:
        return PAUSE


class Client:
    """Redress as one role sees it. Every method raises Problem for what is refused and Refusal for no answer."""

    def __init__(self, url: str, key: str | None, language: Tongue, patience: float = 15.0) -> None:
        """`patience`: for how many seconds a write is repeated while the engine is away."""
        headers = {"Accept-Language": language, "User-Agent": "redress-cli"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        self.url = url
        self._patience = patience
        # The address is the reader's own; a proxy of the surroundings has no business between.
        self._http = httpx.Client(base_url=url, headers=headers, timeout=httpx.Timeout(15, connect=5), trust_env=False)

    def close(self) -> None:
        self._http.close()

    def headers(self) -> dict[str, str]:
        """What every request of this role carries."""
        return dict(self._http.headers)

    def get(self, path: str, **parameters: object) -> Json:
        """What stands at a path; parameters that are None are left out."""
        asked = {name: _parameter(value) for name, value in parameters.items() if value is not None}
        try:
            answer = self._http.get(path, params=asked)
        except httpx.ConnectError:
            raise failed("not_running", url=self.url) from None
        except httpx.TransportError:
            raise failed("no_answer", url=self.url) from None
        return self._content(answer)

    def items(self, path: str, limit: int, **parameters: object) -> Iterator[Json]:
        """The entries of a listing, page by page, at the most `limit`."""
        cursor: str | None = None
        while limit > 0:
            page = self.get(path, cursor=cursor, limit=min(limit, 100), **parameters)
            yield from page["items"][:limit]
            limit -= len(page["items"])
            cursor = page.get("next")
            if not cursor or not page["items"]:
                return

    def entries(self, path: str) -> Iterator[Json]:
        """All entries of a journal, in order."""
        after: int | None = 0
        while after is not None:
            page = self.get(path, after=after, limit=500)
            yield from page["items"]
            after = page.get("next")

    def post(self, path: str, body: Json, key: str | None = None) -> Json:
        """Ask for something, once: the same key is sent again while it is not known whether it was done."""
        key = key or str(uuid.uuid4())
        given_up = time.monotonic() + self._patience
        while True:
            pause = PAUSE
            try:
                answer = self._http.post(path, json=body, headers={"Idempotency-Key": key})
            except httpx.ConnectError:
                raise failed("not_running", url=self.url) from None
            except httpx.TransportError:
                pass
            else:
                if answer.status_code not in (httpx.codes.SERVICE_UNAVAILABLE, httpx.codes.TOO_MANY_REQUESTS):
                    return self._content(answer)
                pause = retry_after(answer)
            if time.monotonic() + pause > given_up:
                raise failed("outcome_unknown", key=key)
            time.sleep(pause)

    def _content(self, answer: httpx.Response) -> Json:
        if answer.is_error:
            raise problem_of(answer.status_code, answer.content)
        try:
            content = answer.json()
        except ValueError:
            content = None
        if not isinstance(content, dict):
            raise failed("not_redress", url=self.url)
        return content


def _parameter(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
