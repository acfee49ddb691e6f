"""What is put where a policy has no right form, so that the rest of it can be judged as well. Nobody is told these."""

from collections.abc import Iterable
from typing import Any, Final

from complaints.vocabulary import PromiseKind

STAND_IN: Final = "stands_in_for_now"
"""The name of whatever stands in."""

GONE: Final[Any] = object()
"""What stands in where nothing can: it is taken out."""

_BOTH = {"zh": "名称", "en": "name"}
_SOMEBODY = {"name": "某人", "email": "somebody@redress.example"}
_RULE = {"id": STAND_IN, "when": {"product": [STAND_IN]}, "minutes": 60, "ladder": [{"level": 1}]}
_TERMS = {"minutes": 60, "by_category": {"other": 60}, "warn_at": [], "ladder": [{"level": 1}], "rules": [_RULE]}
_YEARS: dict[int, Any] = {2000: {}}

_POLICY: dict[str, Any] = {
    "name": STAND_IN,
    "version": "0",
    "effective_from": None,
    "minute_seconds": 60,
    "timezone": "Asia/Shanghai",
    "staff_language": "zh",
    "categories": {"other": _BOTH},
    "tiers": {STAND_IN: {"name": _BOTH}},
    "calendars": {
        STAND_IN: {"hours": {"mon": ["09:00-18:00"]}, "holidays": {"country": "CN", "years": _YEARS}, "closed": []}
    },
    "specificity": ["level", "category", "tier", "channel", "region", "product"],
    "promises": dict.fromkeys(PromiseKind, _TERMS),
    "holds": {"force_majeure": {"promises": ["resolution"], "longest_minutes": 60}},
    "extension_by": ["agent"],
    "callback_attempts": 3,
    "silence": {"follow_up_minutes": [10], "last_notice_minutes": 20, "accept_minutes": 30, "calendar": "always"},
    "reopening_minutes": 60,
    "delivery": {"patience_minutes": 10, "grace_minutes": 5},
    "desk": _SOMEBODY,
    "departments": {STAND_IN: {"name": _BOTH, "email": "somebody@redress.example", "supervisor": _SOMEBODY}},
    "product_department": STAND_IN,
    "people": {STAND_IN: {**_SOMEBODY, "absent": []}},
    "teams": {STAND_IN: {"name": _BOTH, "members": [STAND_IN]}},
    "chain": {level: {"title": _BOTH, "person": _SOMEBODY, "people": [STAND_IN]} for level in (1, 2, 3)},
    "triage": {"rules": [{"id": STAND_IN, "when": {"words": ["stand-in"]}, "level": 2, "reason": _BOTH}]},
    "survey": [_BOTH],
}


def stand_in(path: list[Any]) -> Any:
    """What would be right in a place; GONE where nothing would, or nothing is the safest."""
    if _is_free_list(path[:-1]):
        return GONE
    if _is_free_list(path):
        return []
    found: Any = _POLICY
    for step in path:
        found = _within(found, step)
    return found


def _within(found: Any, step: Any) -> Any:
    """Of a map of names or a list, the first entry stands for every name and every number."""
    if isinstance(found, dict) and found:
        return next((value for key, value in found.items() if str(key) == str(step)), next(iter(found.values())))
    return found[0] if isinstance(found, list) and found else GONE


def _is_free_list(path: Iterable[Any]) -> bool:
    """Whether it is a list that may be empty, and whose entries nobody names by their number."""
    steps = [str(step) for step in path]
    match steps:
        case ["calendars", _, "hours" | "exceptions", _]:
            return True
        case ["calendars", _, "closed" | "open"] | ["calendars", _, "holidays", "years", _, "closed" | "open"]:
            return True
        case ["people", _, "absent"] | ["promises", _, "warn_at"] | ["promises", _, "rules", _, "warn_at"]:
            return True
    return False
