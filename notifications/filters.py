"""What templates can do with a fact beyond printing it: instants, terms and texts in the reader's language."""

from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_percent
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from complaints import labels
from complaints.parties import Bilingual
from complaints.vocabulary import Language

_LOCALES = {Language.CHINESE: "zh_Hans_CN", Language.ENGLISH: "en_GB"}
_PATTERNS = {Language.CHINESE: "y年M月d日 HH:mm（zzzz）", Language.ENGLISH: "d MMM y, HH:mm (zzzz)"}

# What everybody in China calls it; the formal name that Babel knows is read by nobody.
_BY_ANOTHER_NAME = {("中国标准时间", Language.CHINESE): "北京时间"}


def local_time(at: datetime, timezone: str, language: Language) -> str:
    """An instant where its reader lives, to the minute, e.g. 2026年11月21日 16:30（北京时间）."""
    text = format_datetime(at, _PATTERNS[language], tzinfo=ZoneInfo(timezone), locale=_LOCALES[language])
    for (formal, spoken), name in _BY_ANOTHER_NAME.items():
        if spoken is language:
            text = text.replace(formal, name)
    return text


def percent(fraction: float, language: Language) -> str:
    """A fraction as whole percent, e.g. 80%."""
    return format_percent(fraction, format="#,##0%", locale=_LOCALES[language])


def sentence(text: str) -> str:
    """The text with a capital at its beginning; `capitalize` would lower all the others."""
    return text[:1].upper() + text[1:]


def lines(text: str) -> Markup:
    """What somebody wrote, escaped for HTML, with its line breaks kept."""
    return Markup("<br/>").join(text.splitlines())


@pass_context
def _when(context: Context, at: datetime) -> str:
    return local_time(at, context["timezone"], context["language"])


@pass_context
def _label(context: Context, term: Enum) -> str:
    return labels.label(term, context["language"])


@pass_context
def _in_language(context: Context, text: Bilingual) -> str:
    return text.in_(context["language"])


@pass_context
def _percent(context: Context, fraction: float) -> str:
    return percent(fraction, context["language"])


FILTERS: dict[str, Callable[..., Any]] = {
    "when": _when,
    "label": _label,
    "in_language": _in_language,
    "percent": _percent,
    "lines": lines,
    "sentence": sentence,
}
