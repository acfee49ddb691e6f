"""Terms, instants and spans of time as a reader at the terminal sees them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum
from typing import Any

from babel.dates import format_timedelta

from complaints import labels, vocabulary
from complaints.vocabulary import Language
from deploy.cli.language import Tongue

REASONS = {
    "resolved": ("投诉已解决", "the case is resolved"),
    "closed": ("已结案", "the case is closed"),
    "withdrawn": ("客户已撤诉", "the customer withdrew"),
    "merged": ("已并案", "merged into another case"),
    "suggestion": ("已作为建议收录", "it is a suggestion"),
    "declined": ("部门退回了任务", "the department declined"),
    "handed_on": ("任务已转交其他部门", "the task was handed on to another department"),
    "revised": ("客户要求修改方案", "the customer wants another solution"),
    "silent": ("客户未答复最后通知", "the customer did not answer the last notice"),
    "reclassified": ("级别已更正", "the level was corrected"),
    "unreached": ("多次回访未联系上", "the customer could not be reached"),
    "dissatisfied": ("客户不满意", "the customer was not satisfied"),
    "finished": ("投诉已终结", "the case is finished"),
    "solution_undeliverable": ("方案无法送达", "the solution could not be delivered"),
    "customer_decided": ("客户已答复", "the customer decided"),
    "longest_time_over": ("已到最长时间", "its longest time was over"),
    "stepped_down": ("已退回下级", "it was stepped down"),
    "absent": ("不在岗", "was absent"),
    "ended_by_hand": ("人工结束", "ended by a person"),
    "customer_answered": ("客户已答复", "the customer answered"),
    "question_undeliverable": ("问题无法送达", "the question could not be delivered"),
}
"""The reasons that the system itself gives."""


def label_of(kind: str, value: Any, language: Tongue) -> str:
    """What a term of the vocabulary is called, e.g. `label_of("Stage", "agreed", "en")`; itself where it is not one."""
    if value is None:
        return ""
    enum: type[Enum] = getattr(vocabulary, kind)
    try:
        return labels.label(enum(value), Language(language))
    except ValueError:
        return str(value)


def instant(value: str | None) -> datetime | None:
    """An instant as the server writes it."""
    return datetime.fromisoformat(value) if value else None


def reason_of(reason: str, language: Tongue) -> str:
    """Why a promise was waived or a hold ended, where the system itself says so; else the person's own words."""
    words = REASONS.get(reason)
    return reason if words is None else words[0 if language == "zh" else 1]


def passed_over(escalation: Mapping[str, Any], language: Tongue) -> str:
    """Who should have been told and was not there, to be put behind who was; nothing where there is nobody."""
    people = [f"{each['name']} {reason_of(each['why'], language)}" for each in escalation.get("passed_over") or ()]
    return f" · {'、'.join(people) if language == 'zh' else ', '.join(people)}" if people else ""


def cause_of(escalation: Mapping[str, Any], language: Tongue) -> str:
    """Why somebody was told of it and, where it climbed or came back, what it is about."""
    cause, origin = escalation["cause"], escalation.get("origin") or {}
    about = [each for each in (cause, origin.get("cause")) if each]
    if origin.get("cause") == cause:
        about.pop()
    causes = [label_of("EscalationCause", each, language) for each in about]
    if origin.get("message"):
        causes.append(label_of("MessageKind", origin["message"], language))
    return " · ".join(causes)


def aware(value: str | None) -> str | None:
    """An instant that a reader typed, on their own clock unless it says another; itself if it is none."""
    try:
        return datetime.fromisoformat(value).astimezone().isoformat() if value else None
    except ValueError:
        return value


def local(value: str | None) -> str:
    """An instant on the reader's own clock."""
    at = instant(value)
    return f"{at.astimezone():%m-%d %H:%M:%S}" if at else ""


def dated(at: datetime, zone: tzinfo) -> str:
    """An instant in a time zone, with its year and its offset."""
    return at.astimezone(zone).isoformat(" ", "seconds")


def span(length: timedelta, language: Tongue) -> str:
    """A length of time in the largest unit of which there are two at least."""
    # Babel rounds to the unit that it shows.
    return format_timedelta(abs(length), threshold=2, granularity="second", format="short", locale=language)


def until(due: str | None, now: datetime | None = None) -> timedelta | None:
    """How long until a due time; negative once it has passed."""
    at = instant(due)
    return at - (now or datetime.now(UTC)) if at else None


def colour_of(left: timedelta | None, whole: timedelta) -> str:
    """Green in the first half of the time, yellow in the second, red in the last fifth and after."""
    if left is None:
        return "cyan"
    part = left / whole if whole else 0
    return "green" if part > 0.5 else "yellow" if part > 0.2 else "red"
