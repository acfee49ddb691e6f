"""What every fold needs: changes by the names of fields, and due times from what they hang on."""

from functools import singledispatch
from typing import Any

from complaints import events as ev
from complaints.case import Case
from complaints.policy import Policy
from complaints.promises import Hold, Promise, due_time

Changes = dict[str, Any]


@singledispatch
def changes(event: ev.Event, case: Case, entry: ev.Entry) -> Changes:
    """What an event changes in a case, by the names of its fields; nothing where it only tells."""
    return {}


def replaced(items: tuple[Any, ...], name: str, key: object, **fields: object) -> tuple[Any, ...]:
    """The items, with changes to the one whose `name` is `key`."""
    return tuple(item.model_copy(update=fields) if getattr(item, name) == key else item for item in items)


def all_timed(promises: tuple[Promise, ...], holds: tuple[Hold, ...], policy: Policy) -> tuple[Promise, ...]:
    """The promises, each open one with the due time that its calendar, the holds and what it stands within leave it."""
    own = {promise.id: _timed(promise, holds, policy) for promise in promises}
    return tuple(_nested(promise, own) for promise in own.values())


def _timed(promise: Promise, holds: tuple[Hold, ...], policy: Policy) -> Promise:
    if not promise.is_open():
        return promise
    own = [hold for hold in holds if promise.kind in hold.promises]
    due = due_time(promise.start, promise.budget, own, policy.working_time(promise.calendar))
    return promise.model_copy(update={"due": due})


def _nested(promise: Promise, others: dict[str, Promise]) -> Promise:
    """A promise never goes beyond the one that it stands within."""
    around = others.get(promise.within or "")
    if around is None or around.due is None or not promise.is_open():
        return promise
    if promise.due is None or promise.due <= around.due:
        return promise
    return promise.model_copy(update={"due": around.due})
