"""How an operation reads in OpenAPI: its name, its summary in both languages, the problems it may answer with."""

from typing import Any

from fastapi import FastAPI

from api.problems import TITLES

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


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an operation that may answer with problems of these statuses."""
    titles = {status.value: title for status, title in TITLES.items()}
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        status: {
            "description": f"{titles[status].zh} / {titles[status].en}",
            "content": {"application/problem+json": schema},
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
    """An application whose OpenAPI document, made when it is first asked for, says what a problem looks like."""

    def openapi(self) -> dict[str, Any]:
        schema = super().openapi()
        schema.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
        return schema
