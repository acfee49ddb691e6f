"""What is wrong with a request, said without repeating any of it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from complaints.parties import Bilingual

_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}", re.ASCII)


def _says(zh: str, en: str) -> Bilingual:
    return Bilingual(zh=zh, en=en)


_UNKNOWN = _says("内容不符合要求", "is not acceptable")
_WORDS: dict[str, Bilingual] = {
    "missing": _says("缺少该字段", "is missing"),
    "extra_forbidden": _says("没有这个字段", "is not a known field"),
    "enum": _says("不是允许的取值", "is not one of the values allowed"),
    "literal_error": _says("不是允许的取值", "is not one of the values allowed"),
    "string_type": _says("必须是文字", "must be a text"),
    "string_too_short": _says("不能为空", "must not be empty"),
    "string_too_long": _says("太长（最多 {max_length} 个字符）", "is too long ({max_length} characters at the most)"),
    "string_pattern_mismatch": _says("格式不正确", "does not have the right form"),
    "int_type": _says("必须是整数", "must be a whole number"),
    "int_from_float": _says("必须是整数", "must be a whole number"),
    "int_parsing": _says("必须是整数", "must be a whole number"),
    "bool_type": _says("必须是 true 或 false", "must be true or false"),
    "bool_parsing": _says("必须是 true 或 false", "must be true or false"),
    "tuple_type": _says("必须是数组", "must be an array"),
    "list_type": _says("必须是数组", "must be an array"),
    "too_short": _says("至少要有 {min_length} 项", "needs {min_length} item(s) at least"),
    "too_long": _says("最多 {max_length} 项", "has {max_length} items at the most"),
    "model_type": _says("必须是对象", "must be an object"),
    "model_attributes_type": _says("必须是对象", "must be an object"),
    "dict_type": _says("必须是对象", "must be an object"),
    "greater_than": _says("必须大于 {gt}", "must be greater than {gt}"),
    "greater_than_equal": _says("不得小于 {ge}", "must be {ge} at least"),
    "less_than_equal": _says("不得大于 {le}", "must be {le} at the most"),
    "timezone_aware": _says("时间必须带时区", "must name its time zone"),
    "datetime_type": _says("必须是 ISO 8601 时间", "must be an instant in ISO 8601"),
    "datetime_parsing": _says("必须是 ISO 8601 时间", "must be an instant in ISO 8601"),
    "datetime_from_date_parsing": _says("必须是 ISO 8601 时间", "must be an instant in ISO 8601"),
    "value_error": _says("与其他字段不一致", "does not go with the other fields"),
}


def what_is_wrong(errors: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Where each error lies and what is wrong there, in both languages; never the value."""
    return [_described(error) for error in errors[:50]]


def _described(error: Mapping[str, Any]) -> dict[str, str]:
    words = _WORDS.get(error["type"], _UNKNOWN)
    limits = {name: value for name, value in error.get("ctx", {}).items() if isinstance(value, (int, float))}
    zh, en = words.zh.format_map(_Blank(limits)), words.en.format_map(_Blank(limits))
    return {"where": ".".join(_place(step) for step in error["loc"]), "what": zh, "what_zh": zh, "what_en": en}


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def _place(step: str | int) -> str:
    """A step on the way to the error; a name that cannot be a field's is not repeated."""
    return str(step) if isinstance(step, int) or _FIELD.fullmatch(step) else "?"
