"""What is wrong with the form of a value in a policy file, in words: Chinese and English."""

from typing import Any, Final, get_args

from pydantic_core import ErrorDetails

from complaints.base import Line, Slug, Text
from complaints.parties import EmailAddress, PhoneNumber

_WHOLE: Final = "应为整数，如 60", "must be a whole number, like 60"
_NUMBER: Final = "应为数字，如 0.5", "must be a number, like 0.5"
_TRUTH: Final = "应为 true 或 false", "must be true or false"
_MAP: Final = "应为键值表", "must be a map of keys and values"
_LIST: Final = "应为列表，如 [a, b]", "must be a list, like [a, b]"
_TIME: Final = '应为时刻，如 "09:00"', 'must be a time of day, like "09:00"'
_DATE: Final = "应为日期，如 2026-10-01", "must be a date that exists, like 2026-10-01"
_INSTANT: Final = (
    "应为带时区的时刻，如 2026-10-01T09:00:00+08:00",
    "must be an instant with its time zone, like 2026-10-01T09:00:00+08:00",
)
_CHOICE: Final = "应为 {expected}", "must be {expected}"

_GENERAL: dict[str, tuple[str, str]] = {
    "missing": ("缺少这一项", "is missing"),
    "extra_forbidden": ("不认识这一项", "is not known here"),
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": ("应为有限的数字", "must be a finite number"),
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "string_type": ('应为文字；数字须加引号，如 "3"', 'must be a text; a number needs quotes, like "3"'),
    "string_too_short": ("至少 {min_length} 个字", "must have {min_length} characters at least"),
    "string_too_long": ("最多 {max_length} 个字", "must have {max_length} characters at the most"),
    "greater_than": ("应大于 {gt}", "must be greater than {gt}"),
    "greater_than_equal": ("应不小于 {ge}", "must be {ge} at least"),
    "less_than": ("应小于 {lt}", "must be less than {lt}"),
    "less_than_equal": ("应不大于 {le}", "must be {le} at the most"),
    "literal_error": _CHOICE,
    "enum": _CHOICE,
    "too_short": ("至少 {min_length} 项", "must have {min_length} entry or more"),
    "too_long": ("最多 {max_length} 项", "may have {max_length} entries at the most"),
    "dict_type": _MAP,
    "model_type": _MAP,
    "model_attributes_type": _MAP,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "time_type": _TIME,
    "time_parsing": _TIME,
    "date_type": _DATE,
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "timezone_aware": (
        "须带时区，如 2026-10-01T09:00:00+08:00",
        "needs its time zone, like 2026-10-01T09:00:00+08:00",
    ),
    "datetime_type": _INSTANT,
    "datetime_parsing": _INSTANT,
    "datetime_object_invalid": _INSTANT,
    "datetime_from_date_parsing": _INSTANT,
    # Raised by nothing in a policy but an instant that no calendar has.
    "value_error": _INSTANT,
}

_OURS: dict[str, str] = {
    "interval_form": "应为 HH:MM-HH:MM，从 00:00 到 24:00，如 09:00-18:00",
    "interval_empty": "是空的；全天写作 00:00-24:00",
    "days_form": "应为日期，如 2026-10-01，或起止日期 2026-10-01/2026-10-07",
    "days_backwards": "结束早于开始；较早的日期写在前面",
    "days_too_many": "共 {days} 天；一段最多 {longest} 天，更长的请分成几段",
    "day_contradicts": "{date} 同时列在 closed 和 open 中；只能是其中之一",
    "day_of_another_year": "{date} 列在 {year} 年下；每个日期应列在自己的年份下",
    "hours_overlap": "{day} 的时段 {first} 与 {second} 重叠；每个时刻只能出现一次",
    "never_open": '从不营业；至少一个工作日要有时段，如 mon: ["09:00-18:00"]',
    "zone_unknown": "不是时区；应如 Asia/Shanghai",
    "when_empty": "至少要有 {names} 之一；对所有人都适用的写在规则之外",
    "rung_twice": "或在到期之前，或在到期之后；请去掉其中一项",
    "fractions_order": "应为由小到大、不重复的比例，如 [0.5, 0.8]",
    "ladder_order": "应由早到晚，每一级各有自己的时刻",
    "step_empty": "需要 person 或 people：无人值班时也要有人可以通知",
    "silence_order": "应依次为：各次跟进、最后通知、视为接受，一个比一个晚",
    "triage_when_empty": "应有 words、tier、earlier 或 others；没有条件的规则永远适用",
    "triage_rule_empty": "应给出 level 或 category",
}
"""Of the kinds that the policy has of its own, whose English stands with them."""


def _pattern(text: Any) -> str:
    return next(str(each.pattern) for each in get_args(text)[1:] if getattr(each, "pattern", None))


_FORMS: dict[str, tuple[str, str]] = {
    _pattern(Slug): (
        "应为名称：小写英文字母开头，只含小写字母、数字和 _，最长 40，如 night_shift",
        "must be a name of up to 40 small letters, digits and _ that begins with a letter, like night_shift",
    ),
    _pattern(EmailAddress): ("应为邮箱，如 name@example.com", "must be an e-mail address, like name@example.com"),
    _pattern(PhoneNumber): ("应为电话号码，如 +86 400 000 0000", "must be a phone number, like +86 400 000 0000"),
    _pattern(Line): ("应为一行文字，不能换行或含控制字符", "must be one line of text, without line breaks in it"),
    _pattern(Text): ("不能含空字符（NUL）", "must not have the character NUL in it"),
}


def in_words(error: ErrorDetails, allowed: list[str] | None = None) -> tuple[str, str]:
    """What is wrong with one value, in Chinese and in English, never repeating the value itself.

    `allowed` are the values of a choice that may stand in that place. A kind of error that has no wording is given in
    its own words in both.
    """
    kind, context = error["type"], error.get("ctx", {})
    if kind in _OURS:
        return _OURS[kind].format_map(context), error["msg"]
    wording = _GENERAL.get(kind)
    if kind == "string_pattern_mismatch":
        wording = _FORMS.get(str(context["pattern"]))
    if wording is None:
        plain = error["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
        return (plain[:1].lower() + plain[1:],) * 2
    zh, en = wording
    if wording is _CHOICE:
        values = choices(error) if allowed is None else allowed
        return zh.format(expected=_either(values, "、", " 或 ")), en.format(expected=_either(values, ", ", " or "))
    plain_context = {name: _plain(value) for name, value in context.items()}
    return zh.format_map(plain_context), en.format_map(plain_context)


def choices(error: ErrorDetails) -> list[str]:
    """The values that a choice has."""
    expected = str(error.get("ctx", {}).get("expected", "")).replace(" or ", ", ")
    return [each.strip(" '") for each in expected.split(",") if each.strip(" '")]


def _either(values: list[str], comma: str, last: str) -> str:
    return last.join(filter(None, (comma.join(values[:-1]), values[-1]))) if values else ""


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value
