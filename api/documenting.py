"""How the interface is documented: each operation in OpenAPI, the page to try it out on, and the page of all errors.

`python -m api.documenting > docs/errors.md` renews the latter.
"""

import sys
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse
from starlette.requests import Request

from api.errors import TYPE_PREFIX
from api.pages import docs_page
from api.problems import KINDS, OWN_KINDS, TITLES, ProblemKind

DOCS = "/docs"
ASSETS = f"{DOCS}/assets"

PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457. `detail` 按 Accept-Language / follows Accept-Language.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "detail_zh", "detail_en", "request_id"],
    "properties": {
        "type": {"type": "string", "examples": ["/problems/stage_forbids"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "detail_zh": {"type": "string"},
        "detail_en": {"type": "string"},
        "request_id": {"type": "string"},
        "stage": {"type": "string", "description": "投诉当前阶段 / the case's stage now (409)"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("where", "what", "what_zh", "what_en")},
            },
        },
    },
}
_READING = (401, 403, 404, 422, 503)
_WRITING = (400, 401, 403, 404, 409, 413, 415, 422, 503)
_CUSTOMER = (400, 404, 409, 413, 415, 422, 503)
_ANYWHERE = (400, 413, 415, 422, 500)
"""What every operation may answer: its body and its query are looked at before it is, and it may crash."""

_HTML, _PROBLEM = "text/html", "application/problem+json"
_TEXT = {"type": "string"}
_SWAGGER = Path(str(files("fastapi_offline").joinpath("static")))
_STATIC = {
    "swagger-ui.css": (_SWAGGER / "swagger-ui.css", "text/css"),
    "swagger-ui-bundle.js": (_SWAGGER / "swagger-ui-bundle.js", "text/javascript"),
    "start.js": (Path(__file__).parent / "templates" / "start.js", "text/javascript"),
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an operation that may answer with problems of these statuses."""
    titles = {status.value: title for status, title in TITLES.items()}
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        status: {
            "description": f"{titles[status].zh} / {titles[status].en}",
            "content": {_PROBLEM: schema},
        }
        for status in statuses
    }


def reading(operation: str, zh: str, en: str) -> dict[str, Any]:
    """The description of an operation that only reads."""
    return {"operation_id": operation, "summary": f"{zh} / {en}", "responses": problems(*_READING)}


def writing(operation: str, zh: str, en: str) -> dict[str, Any]:
    """The description of an operation that changes something, once for each Idempotency-Key."""
    key = {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "相同的键和内容得到相同的答复 / the same key and body have the same answer",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    }
    return {
        "operation_id": operation,
        "summary": f"{zh} / {en}",
        "responses": problems(*_WRITING),
        "openapi_extra": {"parameters": [key]},
    }


def for_customers(operation: str, zh: str, en: str) -> dict[str, Any]:
    """The description of an operation that a customer's link opens."""
    return {"operation_id": operation, "summary": f"{zh} / {en}", "responses": problems(*_CUSTOMER)}


class DocumentedApp(FastAPI):
    """An application that documents itself, with nothing from another host.

    Its OpenAPI document, made when it is first asked for, declares the problems of every operation.
    """

    def setup(self) -> None:
        """Called by the framework: adds the document and the page that shows it."""
        self.docs_url = self.redoc_url = None
        super().setup()
        self.add_route(DOCS, _show_docs, include_in_schema=False)
        for name, (path, media_type) in _STATIC.items():
            self.add_route(f"{ASSETS}/{name}", partial(_send_asset, path, media_type), include_in_schema=False)

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            schema = super().openapi()
            for path, operations in schema["paths"].items():
                for method, operation in operations.items():
                    _declare_problems(operation, as_page=_answers_with_a_page(path, method))
            schemas = schema.setdefault("components", {}).setdefault("schemas", {})
            # The framework's own shape of an error, which is never sent.
            for name in ("HTTPValidationError", "ValidationError"):
                schemas.pop(name, None)
            schemas["Problem"] = PROBLEM_SCHEMA
        return self.openapi_schema or {}


async def _show_docs(_: Request) -> HTMLResponse:
    return docs_page(ASSETS)


async def _send_asset(path: Path, media_type: str, _: Request) -> FileResponse:
    return FileResponse(path, media_type=media_type, headers={"Cache-Control": "max-age=3600"})


def _declare_problems(operation: dict[str, Any], *, as_page: bool) -> None:
    responses = operation["responses"]
    for status, response in problems(*_ANYWHERE).items():
        if _PROBLEM not in responses.get(str(status), {}).get("content", {}):
            responses[str(status)] = response
    if as_page:
        for status, response in responses.items():
            if int(status) >= 400:
                responses[status] = {**response, "content": {**response["content"], _HTML: {"schema": _TEXT}}}


def _answers_with_a_page(path: str, method: str) -> bool:
    """Whether people are told there on a page what is wrong; what the framework refuses is a problem even so."""
    return path.startswith("/portal/") or (path, method) == ("/v1/portal/{token}", "get")


def errors_page() -> str:
    """docs/errors.md: every type of problem with its status and what it says, made from the tables."""
    own = {name: kind for name, kind in KINDS.items() if name in OWN_KINDS}
    domain = {name: kind for name, kind in KINDS.items() if name not in OWN_KINDS}
    return _ERRORS_PAGE.format(own=_table(own), domain=_table(domain))


def _table(kinds: dict[str, ProblemKind]) -> str:
    rows = sorted(kinds.items(), key=lambda item: (item[1].status.value, item[0]))
    return "\n".join(
        f"| `{TYPE_PREFIX}{name}` | {kind.status.value} | {_cell(kind.detail.zh)} | {_cell(kind.detail.en)} |"
        for name, kind in rows
    )


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


_ERRORS_PAGE = """\
<!-- 由代码生成，请勿手改 / Made from the code, not by hand: python -m api.documenting > docs/errors.md -->

# 错误 / Errors

每个错误都是 RFC 9457 的 `application/problem+json`：

- `type` 稳定不变，程序据此判断；它也是一个地址，`GET /problems/…` 解释这种错误。
- `title` 与 `detail` 按 `Accept-Language`；`detail_zh` 与 `detail_en` 总是都有。`{{…}}` 处由具体情况填入。
- `request_id` 与日志和 `X-Request-Id` 头中的相同。
- 内容有误时 `errors` 指出位置，从不重复所发送的内容；与投诉状态冲突时 `stage` 是它当前的阶段。

客户在浏览器中打开的页面（`/portal/…`）以网页说明同样的错误。

Every error is an RFC 9457 `application/problem+json`:

- `type` is stable, and what programs go by; it is an address, too: `GET /problems/…` explains it.
- `title` and `detail` follow `Accept-Language`; `detail_zh` and `detail_en` are always both there. The occasion fills
  in `{{…}}`.
- `request_id` is the one in the log and in the `X-Request-Id` header.
- Where the content is wrong, `errors` says where and never repeats what was sent; in a conflict with the state of a
  case, `stage` is where the case stands.

The pages that a customer opens in a browser (`/portal/…`) tell the same errors as pages.

## 接口的 / The interface's own

| type | status | 中文 | English |
|---|---|---|---|
{own}

## 投诉处理规则的 / The domain's refusals

| type | status | 中文 | English |
|---|---|---|---|
{domain}
"""

if __name__ == "__main__":
    sys.stdout.write(errors_page())
