"""Why Redress will not start, in one sentence a person can act on."""

from pydantic_core import ErrorDetails


class Refusal(Exception):
    """A start that cannot be: one sentence, Chinese and English, and the exit code that goes with it."""

    def __init__(self, zh: str, en: str, *, exit_code: int = 1) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en
        self.exit_code = exit_code


_IN_CHINESE = {
    "missing": "缺少这一项",
    "extra_forbidden": "不认识这一项",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "string_type": "应为文字",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "最多 {max_length} 个字",
    "string_pattern_mismatch": "应符合 {pattern}",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "应不小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "应不大于 {le}",
    "literal_error": "应为 {expected}",
    "enum": "应为 {expected}",
    "too_short": "至少 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "dict_type": "应为键值表",
    "model_type": "应为键值表",
    "list_type": "应为列表",
    "tuple_type": "应为列表",
    "time_type": '应为时刻，如 "09:00"',
    "time_parsing": '应为时刻，如 "09:00"',
    "date_type": "应为日期，如 2026-10-01",
    "date_from_datetime_parsing": "应为日期，如 2026-10-01",
}


def in_words(error: ErrorDetails) -> tuple[str, str]:
    """What is wrong with one value, in Chinese and in English, never repeating the value itself.

    A kind of error for which there is no Chinese wording is given in English in both.
    """
    english = error["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")
    english = english[:1].lower() + english[1:]
    wording = _IN_CHINESE.get(error["type"])
    if wording is None:
        return english, english
    return wording.format_map({**error.get("ctx", {})}), english
