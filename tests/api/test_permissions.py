"""Who may do what: every route with every role."""

import re
from collections.abc import Iterator

import pytest
from fastapi import APIRouter

from api.app import ROUTERS
from api.auth import PERMISSIONS, Authenticated, Credentials, check_permissions
from tests.api.stack import ROLES, Stack

PLACES = {"reference": "C-20260101-0000000000", "task": "T-0000000000-1", "escalation": "E-0000000000-1"}


def operations() -> Iterator[tuple[str, str, str]]:
    """Every operation's method, a path of it, and its name."""
    for router in ROUTERS:
        for route in router.routes:
            path = re.sub(r"\{(\w+)(:path)?\}", lambda found: PLACES.get(found[1], "x"), route.path)
            if route.operation_id == "foresee_complaint":
                path += "?hours=nonsense"  # an unknown case might have been filed just now, and is waited for
            yield next(iter(route.methods)), path, route.operation_id


@pytest.mark.parametrize(("method", "path", "operation"), list(operations()), ids=lambda value: value)
def test_each_role_gets_what_the_table_grants_and_no_more(stack: Stack, method: str, path: str, operation: str) -> None:
    granted = PERMISSIONS[operation]
    for key_name in (None, *ROLES):
        with stack.client(key_name) as client:
            answer = client.request(method, path, json={"nonsense": 1} if method == "POST" else None)
        role = key_name.partition(":")[0] if key_name else None
        if not granted:
            assert answer.status_code not in (401, 403)
        elif role is None:
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"].startswith("Bearer")
        elif role not in granted:
            assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not_permitted")
        else:
            assert answer.status_code in (200, 404, 422)


def test_an_unknown_key_is_as_good_as_none(stack: Stack) -> None:
    for header in ("Bearer nonsense", "Basic YWdlbnQ6eA==", "Bearer", "Bearer ключ"):
        with stack.client(None) as client:
            answer = client.get("/v1/complaints", headers={b"Authorization": header.encode()})
        assert (answer.status_code, answer.json()["type"]) == (401, "/problems/unauthenticated")


def test_an_application_whose_operation_has_no_permissions_does_not_start() -> None:
    router = APIRouter()
    router.add_api_route("/new", lambda: None, operation_id="brand_new")
    routes = [route for known in ROUTERS for route in known.routes]
    check_permissions(routes)
    with pytest.raises(ValueError, match="brand_new"):
        check_permissions([*routes, *router.routes])
    with pytest.raises(ValueError, match="file_complaint"):
        check_permissions([route for route in routes if route.operation_id != "file_complaint"])


def test_an_application_that_forgets_to_ask_for_the_key_does_not_start() -> None:
    open_router, guarded_router = APIRouter(), APIRouter()

    async def unguarded() -> None: ...
    async def guarded(_: Authenticated) -> None: ...

    open_router.add_api_route("/v1/complaints", unguarded, operation_id="search_complaints")
    guarded_router.add_api_route("/v1/complaints", guarded, operation_id="search_complaints")
    rest = [r for known in ROUTERS for r in known.routes if r.operation_id != "search_complaints"]
    check_permissions([*rest, *guarded_router.routes])
    with pytest.raises(ValueError, match="search_complaints"):
        check_permissions([*rest, *open_router.routes])


def test_credentials_name_roles_and_departments() -> None:
    credentials = Credentials({"agent": "a" * 20, "department:logistics": "b" * 20})
    caller = credentials.caller("b" * 20)
    assert caller is not None
    assert (caller.role.value, caller.department) == ("department", "logistics")
    assert credentials.caller("") is None
    with pytest.raises(ValueError, match="janitor"):
        Credentials({"janitor": "c" * 20})
