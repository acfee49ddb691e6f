"""Query strings: only what an operation knows, once, and in characters that every database can take."""

from typing import Any

from fastapi import Request

from api.body import is_plain
from api.errors import Trouble
from api.validation import what_is_wrong


def only_what_is_known(request: Request) -> None:
    """Raise Trouble for a parameter that the operation does not have: ignored, it would answer another question."""
    dependant: Any = request.scope["route"].dependant
    known = {parameter.alias for parameter in dependant.query_params}
    given = [name for name, _ in request.query_params.multi_items()]
    wrong = sorted({name for name in given if name not in known or given.count(name) > 1})
    if wrong:
        errors = [{"type": "extra_forbidden", "loc": ("query", name)} for name in wrong]
        raise Trouble("malformed_request", errors=what_is_wrong(errors))
    if not all(map(is_plain, request.query_params.values())):
        raise Trouble("forbidden_characters")
