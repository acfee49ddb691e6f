"""The catalogue of what the command line says, in Chinese and in English."""

from deploy.cli.language import Tongue
from deploy.cli.texts_ahead import AHEAD

TEXTS: dict[str, tuple[str, str]] = {
    # what went wrong
    "not_running": (
        "Redress 没有在运行？{url} 无人应答。请先运行 make run（或 redress up），或用 --url 指明地址。",
        "Is Redress running? Nobody answers at {url}. Start it with make run (or redress up), or name its address "
        "with --url.",
    ),
    "no_answer": (
        "{url} 没有按时应答；请稍后重试。",
        "{url} did not answer in time; try again later.",
    ),
    "outcome_unknown": (
        "暂时无法得知该操作是否完成。请稍后用 --key {key} 重复同一命令：不会重复执行。",
        "Whether this was done is not known yet. Repeat the same command with --key {key}: it is never done twice.",
    ),
    "not_redress": (
        "{url} 的应答不是 Redress 的。请检查 --url。",
        "What answers at {url} is not Redress. Check --url.",
    ),
    "bad_url": (
        "地址应以 http:// 或 https:// 开头。",
        "The address must begin with http:// or https://.",
    ),
    "no_key": (
        "{path} 中没有 {role} 的密钥。请在 Redress 的文件夹中运行，设置 REDRESS_DATA_DIR，或用 REDRESS_KEY 给出密钥。",
        "There is no key for {role} in {path}. Run this in Redress's folder, set REDRESS_DATA_DIR, or give the key in "
        "REDRESS_KEY.",
    ),
    "keys_broken": ("密钥文件 {path} 无法读取。", "The key file {path} cannot be read."),
    "refused": ("请求未被接受（{status}）。", "The request was refused ({status})."),
    "rate_limited": ("请求过于频繁，请稍后重试。", "Too many requests; try again later."),
    # filing and receipts
    "filed": ("已受理：{reference}", "Filed: {reference}"),
    "stage_is": ("阶段：{stage}", "Stage: {stage}"),
    "portal_link": ("客户链接：{link}", "The customer's link: {link}"),
    "next_command": ("查看：redress show {reference}", "See it: redress show {reference}"),
    "done": ("已完成。阶段：{stage}（第 {version} 版）", "Done. Stage: {stage} (version {version})"),
    "made": ("新建：{ids}", "Made: {ids}"),
    "question_detail": ("投诉内容", "What is complained of"),
    "nothing_to_file": ("没有投诉内容。", "There is nothing to file."),
    # columns
    "reference": ("编号", "reference"),
    "stage": ("阶段", "stage"),
    "level": ("级别", "level"),
    "category": ("类型", "category"),
    "subject": ("主题", "subject"),
    "received": ("受理时间", "received"),
    "next_due": ("最近期限", "next due"),
    "left": ("剩余", "left"),
    "broken": ("失约", "broken"),
    "promise": ("承诺", "promise"),
    "state": ("状态", "state"),
    "due": ("期限", "due"),
    "about": ("说明", "about"),
    "task": ("任务", "task"),
    "department": ("部门", "department"),
    "what": ("内容", "what"),
    "feedback": ("反馈", "feedback"),
    "completion": ("完成期限", "complete by"),
    "outcome": ("结果", "outcome"),
    "round": ("轮次", "round"),
    "remedies": ("措施", "remedies"),
    "complete_by": ("完成日期", "by"),
    "answer": ("客户答复", "answer"),
    "escalation": ("升级", "escalation"),
    "cause": ("原因", "cause"),
    "raised": ("升级时间", "raised"),
    "to": ("接收人", "to"),
    "acknowledged": ("签收", "acknowledged"),
    "channel": ("渠道", "channel"),
    "customer": ("客户", "customer"),
    "agent": ("客服", "agent"),
    "tier": ("客户等级 · 地区", "tier · region"),
    "triage": ("分诊依据", "triaged by"),
    "version": ("版本", "version"),
    "policy": ("时限规则", "policy"),
    "portal": ("客户链接", "portal"),
    "message": ("消息", "message"),
    "sent": ("发送时间", "sent"),
    "key": ("键", "key"),
    "hold": ("挂起", "hold"),
    "kind": ("种类", "kind"),
    "time": ("时间", "time"),
    "event": ("事件", "event"),
    "who": ("谁", "who"),
    "number": ("序号", "no."),
    "meaning": ("含义", "meaning"),
    # tables
    "cases": ("投诉", "Complaints"),
    "promises": ("承诺", "Promises"),
    "tasks": ("协作任务", "Tasks"),
    "solutions": ("解决方案", "Solutions"),
    "escalations": ("升级", "Escalations"),
    "outbox": ("发件箱", "Outbox"),
    "journal": ("流水", "Journal"),
    "engine_history": ("Temporal 的历史", "Temporal's own history"),
    "none_found": ("没有符合条件的内容。", "Nothing found."),
    "more": ("还有更多；用 --limit 多看一些。", "There is more; ask for it with --limit."),
    # states
    "overdue_by": ("超时 {time}", "{time} over"),
    "time_left": ("剩 {time}", "{time} left"),
    "on_hold": ("挂起中", "on hold"),
    "met_late": ("已补做 {at}", "done late, {at}"),
    "waived_because": ("豁免：{reason}", "waived: {reason}"),
    "asked_again": ("要求修改：{reason}", "asked for a revision: {reason}"),
    "accepted_at": ("{at} 接受", "accepted {at}"),
    "considering": ("考虑中", "considering"),
    "taken_over": ("{name} 已接手 {at}", "taken over by {name} {at}"),
    "stepped_down": ("已退回下级 {at}", "stepped down {at}"),
    "dropped": ("已失效 {at}", "over {at}"),
    "not_yet": ("尚未", "not yet"),
    "red_alert": ("红色预警", "RED ALERT"),
    "complex": ("复杂", "complex"),
    "satisfied": ("客户满意", "the customer is satisfied"),
    "dissatisfied": ("客户不满意", "the customer is not satisfied"),
    "merged_into": ("已并入 {reference}", "merged into {reference}"),
    "watching": ("Ctrl-C 结束 · 每秒刷新", "Ctrl-C ends · renewed every second"),
    # policies
    "policy_mistake": ("{file}:{line}: {kind} {place}{what}", "{file}:{line}: {kind} {place}{what}"),
    "policy_error": ("错误", "error"),
    "policy_warning": ("提醒", "warning"),
    "policy_refused": ("{file} 有 {count} 处错误，不能使用。", "{file} cannot be used: mistakes found: {count}."),
    "policy_valid": (
        "{name} {version} 可以使用。内容标识 {hash}；日历：{calendars}。",
        "{name} {version} can be used. Its hash is {hash}; its calendars: {calendars}.",
    ),
    "policy_always": ("全天开放", "always open"),
    "policy_published": (
        "已发布 {name} {version}，自 {at} 起用于新投诉；已受理的投诉不变。",
        "Published {name} {version}: new cases are kept under it from {at} on; running cases stay as they are.",
    ),
    "policy_known": (
        "{name} {version} 此前已经发布，内容相同；自 {at} 起用于新投诉。",
        "{name} {version} was published before, with the same content; new cases are kept under it from {at} on.",
    ),
    "policy_of_another_name": (
        "注意：REDRESS_POLICY 用的是 {configured}，不是 {name}；新投诉仍按 {configured} 处理。",
        "Mind that REDRESS_POLICY names {configured}, not {name}: new cases are still kept under {configured}.",
    ),
    "policy_new_departments": (
        "新部门 {departments} 的密钥在接口下次启动时生成。",
        "The keys of the new departments ({departments}) are made when the interface starts next.",
    ),
    "by_rule": ("规则 {rule}（{matched}）", "rule {rule} ({matched})"),
    "policy_versions": ("时限规则的版本", "Versions of the policies"),
    "hash": ("内容标识", "hash"),
    "effective_from": ("生效时间", "in force from"),
    "published": ("发布", "published"),
    "in_force": ("现行", "in force"),
    "yes": ("是", "yes"),
    "rule": ("规则", "rule"),
    "minutes": ("分钟", "minutes"),
    "calendar": ("日历", "calendar"),
    "condition": ("条件", "where"),
    # import
    "import_no_file": ("无法读取 {file}：{reason}。", "{file} cannot be read: {reason}."),
    "import_encoding": (
        "{file} 既不是 UTF-8 也不是 GB18030 文本；请用 --encoding 指明编码。",
        "{file} is neither UTF-8 nor GB18030 text; name its encoding with --encoding.",
    ),
    "import_not_encoded": ("{file} 不是 {encoding} 文本。", "{file} is not {encoding} text."),
    "import_unknown_encoding": ("没有名为 {encoding} 的编码。", "There is no encoding named {encoding}."),
    "import_not_csv": ("{file} 第 {line} 行不是正确的 CSV：{reason}。", "{file}, line {line} is not CSV: {reason}."),
    "import_empty": ("{file} 没有表头。", "{file} has no header."),
    "import_twice_header": ("{file} 的表头中有重复的列：{column}。", "{file} has two columns named {column}."),
    "pair": (
        "{option} 应为 {shape}，例如 {example}。",
        "{option} must be {shape}, for example {example}.",
    ),
    "import_unknown_field": (
        "没有名为 {field} 的字段。可用的字段：{fields}。",
        "There is no field {field}. The fields are: {fields}.",
    ),
    "import_unknown_column": (
        "文件中没有名为 {column} 的列。已有的列：{columns}。",
        "The file has no column {column}. Its columns are: {columns}.",
    ),
    "import_twice_field": ("字段 {field} 被指定了两次。", "The field {field} is given twice."),
    "import_no_detail": (
        "请用 --map 列名=detail 指明哪一列是投诉内容。",
        "Say which column holds what is complained of, with --map COLUMN=detail.",
    ),
    "import_progress": ("导入", "Importing"),
    "import_waiting": ("等待 Redress……", "waiting for Redress…"),
    "import_result": (
        "{rows} 行：新受理 {filed}，此前已受理 {known}，文件内重复 {repeated}，退回 {rejected}。",
        "{rows} rows: {filed} filed, {known} already there, {repeated} repeated in the file, {rejected} rejected.",
    ),
    "import_rejects": ("退回的行和原因：{file}", "The rejected rows and why: {file}"),
    "import_stopped": (
        "已停止，还有 {left} 行未处理。重复同一命令即可继续，不会重复受理。",
        "Stopped with {left} rows to go. Repeat the same command to go on: nothing is filed twice.",
    ),
    "import_columns": ("该行的列数与表头不符", "the row has another number of columns than the header"),
    "import_key_empty": ("键列 {column} 为空", "the key column {column} is empty"),
    "import_changed": (
        "此前以同样的键受理过内容不同的投诉",
        "a complaint with other content was filed under the same key before",
    ),
    "import_same_key": (
        "文件中同样的键在前面出现过，内容不同",
        "the same key stood further above, with other content",
    ),
    "import_dry": (
        "试运行：没有受理任何投诉。第一行会这样提交：",
        "Nothing was filed. The first row would be:",
    ),
    # redress policy due
    "due_unreadable": ("无法读取 {file}：{reason}。", "{file} cannot be read: {reason}."),
    "due_not_cases": (
        '{file} 中没有案例：应为 {{"cases": [……]}}。',
        '{file} holds no cases: it must be {{"cases": […]}}.',
    ),
    "due_matches": ("符合", "matches"),
    "due_differs": ("不符，应为 {expected}", "differs, must be {expected}"),
    "due_held": ("挂起中，没有期限", "on hold, not due"),
    "due_malformed": ("有误：{problem}", "malformed: {problem}"),
    "due_summary": (
        "{cases} 个案例：{matching} 个符合，{differing} 个不符，{malformed} 个有误。",
        "{cases} cases: {matching} match, {differing} differ, {malformed} malformed.",
    ),
    "due_case_no_map": ("案例应为键值表", "a case must be a map of keys and values"),
    "due_case_missing": ("缺少 {place}", "{place} is missing"),
    "due_case_zone": ("timezone 应为时区，如 Asia/Shanghai", "timezone must be a time zone like Asia/Shanghai"),
    "due_case_hours": (
        'hours 应为各工作日的时段，如 {{"mon": [["09:00", "18:00"]]}}；星期写作 mon 至 sun',
        'hours must be hours by weekday, e.g. {{"mon": [["09:00", "18:00"]]}}, the weekdays being mon to sun',
    ),
    "due_case_interval": (
        "{place} 应为两个不同的时刻，从 00:00 到 24:00，如 09:00 和 18:00",
        "{place} must be two different times between 00:00 and 24:00, e.g. 09:00 and 18:00",
    ),
    "due_case_dates": ("{place} 应为日期的列表，如 2026-10-01", "{place} must be a list of dates like 2026-10-01"),
    "due_case_instant": (
        "{place} 应为带时差的时刻，如 2026-09-30T16:00:00+08:00",
        "{place} must be an instant with its offset, e.g. 2026-09-30T16:00:00+08:00",
    ),
    "due_case_budget": (
        "budget_minutes 应为不小于 0 的数",
        "budget_minutes must be a number not below 0",
    ),
    "due_case_hold": (
        "{place} 应为一对时刻，先开始后结束；未结束的以 null 结尾",
        "{place} must be two instants, the beginning first; null ends one that has not ended",
    ),
    "due_case_never": ("从不营业，或期限在 9999 年之后", "is never open, or due after the year 9999"),
    "due_one_of_two": (
        "请给出 --cases，或 --promise 和 --start（其余选项只与后者同用）。",
        "Give either --cases, or --promise with --start; the other options go with the latter only.",
    ),
    "due_option_instant": (
        "{option} 应为时刻，如 2026-09-30T16:00+08:00；不写时差则按该日历的时区。",
        "{option} must be an instant like 2026-09-30T16:00+08:00; without an offset it is in the calendar's time zone.",
    ),
    "due_option_hold": (
        "--hold 应为 开始/结束，如 2026-09-30T16:00+08:00/2026-09-30T17:00+08:00；尚未结束的在斜线后留空。",
        "--hold must be BEGIN/END, e.g. 2026-09-30T16:00+08:00/2026-09-30T17:00+08:00; leave END empty where it has "
        "not ended.",
    ),
    "due_option_unknown": (
        "{option}：规则中没有 {value}；可用：{known}。",
        "{option}: the policy has no {value}; it has {known}.",
    ),
    "due_department_needed": (
        "任务按其部门的日历计时：请用 --department 指明部门（{known}），或给出 --calendar。",
        "A task runs on its department's calendar: name the department with --department ({known}), or give "
        "--calendar.",
    ),
    "due_department_for_tasks": (
        "--department 只用于任务：task_feedback、task_completion。",
        "--department goes with tasks only: task_feedback, task_completion.",
    ),
    "due_supposed": (
        "{years} 年的放假和调休安排尚未公布，按法定节日推算",
        "how the holidays of {years} are kept is not published yet; they are supposed from the statutory ones",
    ),
    "due_left_out": (
        "{filed} 年受理的投诉不带 {years} 年的节假日，届时按平日计",
        "a case that is filed in {filed} does not take the holidays of {years} with it; there they count as usual days",
    ),
    "due_never": ("期限在 9999 年之后。", "It is due after the year 9999."),
    "due_terms": (
        "{promise}：{minutes} 分钟，日历 {calendar}（{zone}），规则 {rule}",
        "{promise}: {minutes} minutes on the calendar {calendar} ({zone}), by the rule {rule}",
    ),
    "due_start": ("起点", "start"),
    "due_open_hold": ("尚未结束", "not ended"),
    "closed_outside_hours": ("非工作时间", "outside working hours"),
    "closed_day_off": ("休息日", "day off"),
    "closed_public_holiday": ("法定节假日", "public holiday"),
    "closed_company_closed": ("公司休息日", "the company is closed"),
    "closed_exception": ("当日特殊安排", "exceptional hours of the day"),
    "closed_hold": ("挂起", "on hold"),
    **AHEAD,
}
"""By key: what is said in Chinese and in English. What stands in braces is filled in."""


def text(language: Tongue, key: str, /, **values: object) -> str:
    """A text of the catalogue. Raises KeyError for an unknown key or a value that is not given."""
    zh, en = TEXTS[key]
    return (zh if language == "zh" else en).format(**values)


def both(key: str, /, **values: object) -> tuple[str, str]:
    """A text in Chinese and in English."""
    return text("zh", key, **values), text("en", key, **values)
