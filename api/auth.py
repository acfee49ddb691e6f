"""Who asks, and what they may ask: keys, roles, and one table of permissions."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Annotated

import structlog
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.routing import BaseRoute

from api.errors import Trouble
from complaints.parties import Actor
from complaints.vocabulary import Role

CHANNEL, AGENT, DEPARTMENT = Role.CHANNEL, Role.AGENT, Role.DEPARTMENT
SUPERVISOR, AUDITOR, ADMINISTRATOR = Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR

_STAFF = frozenset({AGENT, SUPERVISOR, AUDITOR, ADMINISTRATOR})
_HANDLING = frozenset({AGENT})
_THE_DEPARTMENTS = frozenset({DEPARTMENT, SUPERVISOR})
_EVERYBODY: frozenset[Role] = frozenset()

PERMISSIONS: Mapping[str, frozenset[Role]] = {
    "file_complaint": frozenset({CHANNEL, AGENT}),
    "search_complaints": _STAFF | {DEPARTMENT},
    "read_complaint": _STAFF | {DEPARTMENT},
    "record_contact": _HANDLING,
    "send_update": _HANDLING,
    "propose_solution": _HANDLING,
    "decide_solution": _HANDLING,
    # Who of them may grant an extension is the policy's to say.
    "extend_resolution": frozenset({AGENT, SUPERVISOR}),
    "put_on_hold": _HANDLING,
    "record_answer": frozenset({CHANNEL, AGENT}),
    "end_hold": _HANDLING,
    "complete_remedy": _HANDLING,
    "record_callback": _HANDLING,
    "withdraw": _HANDLING,
    "reopen": _HANDLING,
    "merge": _HANDLING,
    "classify": _HANDLING,
    "add_evidence": _HANDLING,
    "revoke_portal": _HANDLING,
    "assign_task": _HANDLING,
    "list_tasks": _STAFF | {DEPARTMENT},
    "read_task": _STAFF | {DEPARTMENT},
    "give_feedback": _THE_DEPARTMENTS,
    "complete_task": _THE_DEPARTMENTS,
    "decline_task": _THE_DEPARTMENTS,
    "hand_on_task": _THE_DEPARTMENTS | _HANDLING,
    "escalate": frozenset({SUPERVISOR}),
    "list_escalations": frozenset({SUPERVISOR, AUDITOR, ADMINISTRATOR}),
    "acknowledge": frozenset({SUPERVISOR, DEPARTMENT}),
    "take_over": frozenset({SUPERVISOR}),
    "step_down": frozenset({SUPERVISOR}),
    "read_journal": frozenset({AUDITOR}),
    "read_history": frozenset({AUDITOR}),
    "list_policies": _STAFF,
    "migrate_policy": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "foresee_complaint": _STAFF | {DEPARTMENT},
    "foresee": _STAFF | {DEPARTMENT},
    "list_outbox": _STAFF,
    "read_letter": _STAFF,
    # The customer's token is their key; the operator's probes need none.
    "read_portal": _EVERYBODY,
    "decide_in_portal": _EVERYBODY,
    "answer_survey": _EVERYBODY,
    "answer_question": _EVERYBODY,
    "show_portal_page": _EVERYBODY,
    "decide_on_portal_page": _EVERYBODY,
    "answer_on_portal_page": _EVERYBODY,
    "answer_question_on_portal_page": _EVERYBODY,
    "healthz": _EVERYBODY,
    "readyz": _EVERYBODY,
    "metrics": _EVERYBODY,
    "explain_problem": _EVERYBODY,
    "front_page": _EVERYBODY,
}
"""Which roles may use an operation. An empty set means that no key is needed."""


class Caller(Actor):
    """Who holds the key that came with a request; `name` is the key's own."""


SEES_LINKS = frozenset({Role.AGENT, Role.SUPERVISOR})
"""Who may read a customer's link, with which one can decide in the customer's place."""

KEY_HOLDERS = frozenset(Role) - {Role.CUSTOMER, Role.SYSTEM}


class Credentials:
    """Knows the keys. Raises ValueError for a name that is neither a role nor `department:` and a department.

    `keys` are names of keys (`agent`, `department:logistics`) and the keys themselves; only hashes are kept.
    """

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._callers = [(_hash(key), _caller(name)) for name, key in keys.items()]

    def caller(self, key: str) -> Caller | None:
        """Who holds a key; None if nobody does. Takes equally long for every key."""
        presented, found = _hash(key), None
        for known, caller in self._callers:
            if hmac.compare_digest(known, presented):
                found = caller
        return found


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode(errors="surrogatepass")).digest()


def _caller(name: str) -> Caller:
    kind, _, department = name.partition(":")
    role = Role(kind)
    if role not in KEY_HOLDERS or bool(department) != (role is Role.DEPARTMENT):
        raise ValueError(f"{name!r} is no role that has a key")
    return Caller(role=role, name=name, department=department or None)


_bearer = HTTPBearer(auto_error=False, bearerFormat="key", description="每个角色一把密钥 / one key per role")


def authenticated(request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Caller:
    """Who asks, allowed to. Raises Trouble: 401 for no key or an unknown one, 403 for another role's."""
    credentials: Credentials = request.app.state.services.credentials
    caller = credentials.caller(bearer.credentials) if bearer else None
    if caller is None:
        raise Trouble("unauthenticated", headers={"WWW-Authenticate": 'Bearer realm="redress"'})
    structlog.contextvars.bind_contextvars(caller=caller.name)
    if caller.role not in PERMISSIONS[request.scope["route"].operation_id]:
        raise Trouble("not_permitted")
    return caller


Authenticated = Annotated[Caller, Depends(authenticated)]


def check_permissions(routes: list[BaseRoute]) -> None:
    """Raise ValueError unless every operation is in the table, every entry is an operation, and keys are asked for."""
    operations = {getattr(route, "operation_id", None): route for route in routes}
    if unlisted := operations.keys() ^ PERMISSIONS.keys():
        raise ValueError(f"operations and permissions differ: {sorted(map(str, unlisted))}")
    for operation, route in operations.items():
        guarded = _asks_for_a_key(getattr(route, "dependant", None))
        if guarded != bool(PERMISSIONS[str(operation)]):
            raise ValueError(f"{operation} must ask for a key exactly if its permissions name roles")


def _asks_for_a_key(dependant: object) -> bool:
    inner = getattr(dependant, "dependencies", [])
    return getattr(dependant, "call", None) is authenticated or any(map(_asks_for_a_key, inner))
