"""What the command line says of what would be: cases moved to another policy, outlooks, back-tests."""

AHEAD: dict[str, tuple[str, str]] = {
    "migrate_whom": (
        "请给出一个投诉编号，或用 --all 处理所有未结投诉，二者选一。",
        "Name one complaint, or take all open ones with --all: one of the two.",
    ),
    "migrate_reason": (
        "请用 --reason 说明理由，或先用 --dry-run 试算。",
        "Say why with --reason, or look first with --dry-run.",
    ),
    "migrated": ("{reference}：已改用 {version}", "{reference}: kept under {version} now"),
    "migration_foreseen": (
        "{reference}：{before} → {version}（试算，未更改）",
        "{reference}: {before} → {version}, not done",
    ),
    "migrated_before": ("{reference}：已经适用 {version}", "{reference}: under {version} already"),
    "migration_refused": ("{reference}：未更改。{why}", "{reference}: not moved. {why}"),
    "migration_sum": (
        "{moved} 件改用 {version}，{before} 件原已适用，{failed} 件未能更改；{late} 项承诺变为超时。",
        "Moved to {version}: {moved}; under it before: {before}; not moved: {failed}; promises newly late: {late}.",
    ),
    "migration_sum_foreseen": (
        "试算：{moved} 件会改用 {version}，{before} 件原已适用，{failed} 件不能更改；{late} 项承诺会变为超时。",
        "Not done: {moved} would move to {version}; under it before: {before}; cannot be moved: {failed}; promises "
        "newly late: {late}.",
    ),
    "migration_moves": ("承诺的期限", "When promises are due"),
    "due_before": ("原期限", "due before"),
    "due_after": ("新期限", "due after"),
    "lateness": ("超时", "late"),
    "newly_late": ("变为超时", "newly late"),
    "no_longer_late": ("不再超时", "no longer late"),
    "outlook": ("若无人处理", "If nobody acts"),
    "outlook_title": ("若无人处理（至 {until}）", "If nobody acts (up to {until})"),
    "outlook_nothing": ("到 {until} 为止不会发生什么。", "Nothing will fire up to {until}."),
    "outlook_cut": ("之后还有更多，请缩短 --hours。", "There is more after that; ask for fewer --hours."),
    "outlook_left_out": (
        "看过 {cases} 件投诉；还有至少 {left_out} 件没有看。",
        "{cases} cases were looked at, and at least {left_out} others were not.",
    ),
    "outlook_part": ("其中 {cut} 件只看了一部分时间。", "{cut} of them were seen for a part of the time only."),
    "will_fire": ("会发生", "what"),
    "hour": ("时段", "hour"),
    "total": ("合计", "total"),
    "cases_there": ("投诉", "cases"),
    "told_later": ("{to}（{at} 通知）", "{to} (told {at})"),
    "backtest_no_records": (
        "这里还没有记录，没有可以回测的投诉。",
        "There are no records here yet: no past cases to try it with.",
    ),
    "backtest": ("回测", "Back-test"),
    "backtest_title": ("用 {cases} 件以往投诉回测 {name} {version}", "{name} {version}, tried with {cases} past cases"),
    "backtest_cases": ("结果不同的投诉", "Cases of which something else would have become"),
    "kept_before": ("原兑现", "kept before"),
    "kept_after": ("新兑现", "kept after"),
    "broken_before": ("原失约", "broken before"),
    "broken_after": ("新失约", "broken after"),
    "share_before": ("原兑现率", "% kept before"),
    "share_after": ("新兑现率", "% kept after"),
    "before": ("原来", "before"),
    "after": ("按草案", "by the draft"),
    "backtest_damaged": (
        "{reference}：流水无法读取（{where}），未计入。",
        "{reference}: its journal cannot be read ({where}) and is left out.",
    ),
    "damaged_entry": ("第 {entry} 条", "entry {entry}"),
    "damaged_gap": ("不完整", "incomplete"),
    "backtest_more": ("另有 {count} 项，用 --json 查看全部。", "And {count} more; --json shows all."),
    "backtest_unknowable": (
        "回测只换算时限：如果期限不同，人的做法也会不同，这无从得知。",
        "Only the times are worked out anew: what people would have done otherwise cannot be known.",
    ),
    "not_made": ("无需作出", "no occasion"),
    "outlook_one": (
        "看一件投诉时不能再用 --department 或 --team。",
        "Of one complaint, neither --department nor --team can be asked.",
    ),
    "bad_date": ("{date} 不是日期；应写作 2026-09-30。", "{date} is no date; write it like 2026-09-30."),
}
"""By key, in Chinese and in English, as the rest of the catalogue."""
