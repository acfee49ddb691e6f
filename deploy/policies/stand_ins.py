"""What is put where a policy has no right form, so that the rest of it can be judged as well. Nobody is told these."""

from typing import Any

from complaints.vocabulary import PromiseKind

_BOTH = {"zh": "名称", "en": "name"}
_SOMEBODY = {"name": "某人", "email": "somebody@redress.example"}
_RULE = {"id": "stand_in", "when": {"product": ["stand-in"]}, "minutes": 60, "ladder": [{"level": 1}]}
_TERMS = {"minutes": 60, "by_category": {"other": 60}, "warn_at": [0.5], "ladder": [{"level": 1}], "rules": [_RULE]}
_YEARS: dict[int, Any] = {2000: {}}

STAND_INS: dict[str, Any] = {
    "name": "stand_in",
    "version": "0",
    "effective_from": None,
    "minute_seconds": 60,
    "timezone": "Asia/Shanghai",
    "staff_language": "zh",
    "categories": {"other": _BOTH},
    "tiers": {"stand_in": {"name": _BOTH}},
    "calendars": {
        "stand_in": {"hours": {"mon": ["09:00-18:00"]}, "holidays": {"country": "CN", "years": _YEARS}, "closed": []}
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
    "departments": {"stand_in": {"name": _BOTH, "email": "somebody@redress.example", "supervisor": _SOMEBODY}},
    "product_department": "stand_in",
    "people": {"stand_in": {**_SOMEBODY, "absent": ["2000-01-01"]}},
    "teams": {"stand_in": {"name": _BOTH, "members": ["stand_in"]}},
    "chain": {level: {"title": _BOTH, "person": _SOMEBODY} for level in (1, 2, 3)},
    "triage": {"rules": [{"id": "stand_in", "when": {"words": ["stand-in"]}, "level": 2, "reason": _BOTH}]},
    "survey": [_BOTH],
}
