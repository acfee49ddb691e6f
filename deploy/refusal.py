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
    "date_from_datetime_inexact": "应为日期，如 2026-10-01",
    "date_parsing": "应为日期，如 2026-10-01",
    "timezone_aware": "须带时区，如 2026-10-01T09:00:00+08:00",
    "datetime_type": "应为带时区的时刻，如 2026-10-01T09:00:00+08:00",
    "datetime_parsing": "应为带时区的时刻，如 2026-10-01T09:00:00+08:00",
    "datetime_from_date_parsing": "应为带时区的时刻，如 2026-10-01T09:00:00+08:00",
    "finite_number": "应为有限的数字",
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
    return wording.format_map(error.get("ctx", {})).replace(" or ", " 或 "), english
