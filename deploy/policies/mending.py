"""The form of a policy: all that is wrong with it, whatever that hides at first sight."""

from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from complaints.checking import JUDGED_APART
from complaints.policy import Policy
from deploy.policies.reading import Steps
from deploy.policies.stand_ins import GONE, stand_in

_MOST_ROUNDS = 20
_TRUE_ALL_THE_SAME: dict[str, frozenset[str] | None] = {
    "hours_overlap": None,
    "day_contradicts": None,
    "day_of_another_year": None,
    "fractions_order": None,
    "rung_twice": None,
    "ladder_order": frozenset({"level"}),
    "silence_order": frozenset({"calendar"}),
    "step_empty": frozenset({"title", "ack_minutes", "on_call"}),
    "triage_rule_empty": frozenset({"id", "reason", "when"}),
    "triage_when_empty": frozenset({"apart_from"}),
}
"""Kinds of mistake that only show once what stands within them is mended, and what may be mended there without being
their reason; None is anything."""


def validated(
    content: dict[Any, Any], tell: Callable[[Steps, ErrorDetails], None]
) -> tuple[Policy | None, list[Steps]]:
    """The policy, with stand-ins where it has no right form, and where those are: the rest can be judged, too.

    `tell` is called with each mistake and its place. The content is changed. None is what cannot be mended.
    """
    mended: list[Steps] = []
    for round_ in range(_MOST_ROUNDS):
        try:
            return Policy.model_validate(content, context=JUDGED_APART), mended
        except ValidationError as error:
            found = error.errors(include_url=False)
        for each in found:
            if not _is_consequence(each, found) if round_ == 0 else _was_hidden(each, mended):
                tell(_place(each), each)
        mended += [_place(each) for each in found]
        for each in found:
            _mend(content, each)
        content = _without_gaps(content)
    return None, mended


def steps(path: Iterable[str | int]) -> Steps:
    """A way to a place as the lines of a file are known by it."""
    return tuple(str(int(each)) if isinstance(each, int) else str(each) for each in path)


def _place(error: ErrorDetails) -> Steps:
    return steps(step for step in error["loc"] if step != "[key]")


def _is_consequence(error: ErrorDetails, found: list[ErrorDetails]) -> bool:
    """Whether a list only seems too short because its entries are wrong."""
    place = _place(error)
    return error["type"] == "too_short" and any(_beneath(_place(other), place) for other in found)


def _was_hidden(error: ErrorDetails, mended: list[Steps]) -> bool:
    """Whether a mistake was there from the first, behind those within it, and not made by mending them."""
    kind, place = error["type"], _place(error)
    if kind not in _TRUE_ALL_THE_SAME:
        return False
    harmless, within = _TRUE_ALL_THE_SAME[kind], [_beneath(each, place) for each in mended]
    mended_there = [next((step for step in rest if not step.isdigit()), "") for rest in within if rest]
    return bool(mended_there) and (harmless is None or harmless.issuperset(mended_there))


def _beneath(path: Steps, place: Steps) -> Steps:
    """The rest of the way from a place to one that lies within it; nothing where it does not."""
    return path[len(place) :] if path[: len(place)] == place else ()


def _mend(content: dict[Any, Any], error: ErrorDetails) -> None:
    """Put something right in the place of what is wrong; without a stand-in, take it out."""
    path = [step for step in error["loc"] if step != "[key]"]
    holder: Any = content
    for step in path[:-1]:
        holder = child(holder, step)
    if not path or not isinstance(holder, dict | list):
        return
    last = path[-1]
    other = GONE if error["type"] == "extra_forbidden" or "[key]" in error["loc"] else stand_in(path)
    if isinstance(holder, list):
        if isinstance(last, int) and last < len(holder):
            holder[last] = deepcopy(other) if other is not GONE else GONE
        return
    key = next((each for each in holder if str(each) == str(last)), last)
    if other is GONE or holder.get(key) == other:
        holder.pop(key, None)
    else:
        holder[key] = deepcopy(other)


def child(holder: Any, step: Any) -> Any:
    """What stands in a place of a map or a list; None where nothing does."""
    if isinstance(holder, list):
        return holder[step] if isinstance(step, int) and step < len(holder) else None
    if isinstance(holder, dict):
        return next((value for key, value in holder.items() if str(key) == str(step)), None)
    return None


def _without_gaps(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_gaps(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_gaps(each) for each in value if each is not GONE]
    return value
