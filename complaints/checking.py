"""What is wrong with a policy beyond its form: names that lead nowhere, rules between which nobody could choose.

`essentials` have been asked of every policy from the first; `references` are what no case could be kept without. Both
are raised by the policy itself. `problems` is everything that is refused in a file, `doubts` what only a person can
judge.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from complaints.terms import ALWAYS_OPEN, OWN_TERMS, Dimension, PromiseTerms, TermsRule, When
from complaints.vocabulary import EscalationLevel, Level, PromiseKind

if TYPE_CHECKING:
    from complaints.policy import Policy

JUDGED_APART: Final = {"judged": "apart"}
"""The context in which a policy is validated for its form only, by whoever asks for its problems afterwards."""

Path = tuple[str | int, ...]
"""The way to a place in a policy."""

_TASKS = (PromiseKind.TASK_FEEDBACK, PromiseKind.TASK_COMPLETION)


class Problem(NamedTuple):
    """What is wrong at a place of the policy, and what would be right, in Chinese and in English.

    `rests_on` are the places by which it was judged: were one of them not as it is, it might not be wrong.
    """

    path: Path
    zh: str
    en: str
    rests_on: tuple[Path, ...] = ()

    def place(self) -> str:
        """The place as people write it, e.g. `promises.resolution.rules.1.when`."""
        return ".".join(str(int(each) if isinstance(each, int) else each) for each in self.path)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that somebody who wrote another one probably meant."""
    return next(iter(get_close_matches(name, [str(each) for each in known], n=1, cutoff=0.6)), None)


def problems(policy: "Policy") -> tuple[Problem, ...]:
    """Everything for which a policy is refused. Pure."""
    return (*essentials(policy), *references(policy), *_judgements(policy))


def doubts(policy: "Policy") -> Iterator[Problem]:
    """What may be meant, and probably is not."""
    if policy.minute_seconds != 60 and policy.calendars:
        yield Problem(
            ("minute_seconds",),
            "一分钟不是 60 秒，而日历仍按真实时间开关；试用规则应全天开放（不用日历）",
            "the minutes are not real ones, but calendars open and close in real time; a trial is better always open",
        )
    for kind, terms in policy.promises.items():
        if kind is PromiseKind.RESOLUTION:
            continue
        for path, each in _with_paths(kind, terms):
            for name in ("complex_minutes", "revision_minutes"):
                if getattr(each, name) is not None:
                    yield Problem((*path, name), "只对 resolution 有意义", "has a meaning for the resolution only")
    used = {name for _, name in _calendars(policy)}
    for name in policy.calendars.keys() - used:
        yield Problem(("calendars", name), "没有任何地方使用", "is used nowhere")


# --- what was asked from the first


def essentials(policy: "Policy") -> Iterator[Problem]:
    """What every policy must have."""
    for kind in PromiseKind:
        if kind not in policy.promises:
            yield Problem(("promises",), f"缺少 {kind} 的时限", f"needs terms for {kind}")
    for level in (1, 2, 3):
        if EscalationLevel(level) not in policy.chain:
            yield Problem(("chain",), f"缺少第 {level} 级", f"needs a step for level {level}, too")
    if EscalationLevel.TASK_SUPERVISOR in policy.chain:
        yield Problem(
            ("chain", 0),
            "第 0 级是部门自己的主管；请写在 departments 下",
            "level 0 is the department's own supervisor; name it under departments",
        )
    if policy.product_department not in policy.departments:
        yield _unknown(("product_department",), policy.product_department, policy.departments, "部门", "departments")
    if "other" not in policy.categories:
        yield Problem(("categories",), "缺少 other：其余一切归入此类", "needs `other`, where everything else goes")
    for path, colleague in _colleagues(policy):
        if not colleague.routes():
            yield Problem(path, "需要 email 或 phone，否则无法通知", "needs an email or a phone, or nobody can be told")
    for kind, terms in policy.promises.items():
        for category in terms.by_category.keys() - policy.categories.keys():
            yield _unknown(
                ("promises", kind, "by_category", category), category, policy.categories, "投诉类型", "categories"
            )


def _colleagues(policy: "Policy") -> Iterator[tuple[Path, Any]]:
    yield ("desk",), policy.desk
    for level, step in policy.chain.items():
        if step.person is not None:
            yield ("chain", level, "person"), step.person
    for name, person in policy.people.items():
        yield ("people", name), person
    for slug, department in policy.departments.items():
        yield ("departments", slug, "supervisor"), department.supervisor


# --- names that lead nowhere


def references(policy: "Policy") -> Iterator[Problem]:
    """Names of calendars, people and levels that the policy does not have."""
    if ALWAYS_OPEN in policy.calendars:
        yield Problem(
            ("calendars", ALWAYS_OPEN),
            "always 是全天开放的日历，不能另作定义；请换一个名称",
            "`always` is every hour of every day and cannot be another; give this calendar another name",
        )
    for path, calendar in _calendars(policy):
        if calendar != ALWAYS_OPEN and calendar not in policy.calendars:
            known = [*policy.calendars, ALWAYS_OPEN]
            yield _unknown(path, calendar, known, "日历", "calendars")
    for path, person in _people(policy):
        if person not in policy.people:
            yield _unknown(path, person, policy.people, "人员", "people")
    for kind, terms in policy.promises.items():
        for path, each in _with_paths(kind, terms):
            for number, rung in enumerate(each.ladder or ()):
                place = (*path, "ladder", number, "level")
                if rung.level is EscalationLevel.TASK_SUPERVISOR:
                    if kind not in _TASKS:
                        yield Problem(
                            place,
                            "第 0 级是部门自己的主管，只有协作任务的时限才有；请用 1 到 3",
                            "level 0 is a department's supervisor, which only the promises of tasks have; use 1 to 3",
                        )
                elif rung.level not in policy.chain:
                    known_levels = [str(int(level)) for level in policy.chain]
                    yield _unknown(place, str(int(rung.level)), known_levels, "升级链", "chain")


def _calendars(policy: "Policy") -> Iterator[tuple[Path, str]]:
    for kind, terms in policy.promises.items():
        for path, each in _with_paths(kind, terms):
            if each.calendar is not None:
                yield (*path, "calendar"), each.calendar
    for slug, department in policy.departments.items():
        yield ("departments", slug, "calendar"), department.calendar
    for level, step in policy.chain.items():
        for number, shift in enumerate(step.on_call):
            yield ("chain", level, "on_call", number, "calendar"), shift.calendar
    for name, person in policy.people.items():
        if person.quiet_outside is not None:
            yield ("people", name, "quiet_outside"), person.quiet_outside
    for name, team in policy.teams.items():
        if team.quiet_outside is not None:
            yield ("teams", name, "quiet_outside"), team.quiet_outside
    if policy.silence is not None:
        yield ("silence", "calendar"), policy.silence.calendar


def _people(policy: "Policy") -> Iterator[tuple[Path, str]]:
    for level, step in policy.chain.items():
        named: list[tuple[Path, tuple[str, ...]]] = [(("people",), step.people)]
        named += [(("on_call", number, "people"), shift.people) for number, shift in enumerate(step.on_call)]
        for place, people in named:
            for number, person in enumerate(people):
                yield ("chain", level, *place, number), person
    for name, team in policy.teams.items():
        for number, person in enumerate(team.members):
            yield ("teams", name, "members", number), person


def _with_paths(kind: PromiseKind, terms: PromiseTerms) -> Iterator[tuple[Path, PromiseTerms | TermsRule]]:
    """The terms of a kind and each of its rules, with their places."""
    yield ("promises", kind), terms
    for number, rule in enumerate(terms.rules):
        yield ("promises", kind, "rules", number), rule


def _unknown(path: Path, name: str, known: Iterable[str], zh: str, en: str) -> Problem:
    names = sorted(known)
    if meant := nearest(name, names):
        right_zh, right_en = f"是不是 {meant}？", f"did you mean {meant}?"
    else:
        right_zh, right_en = f"已有：{'、'.join(names) or '无'}", f"there are: {', '.join(names) or 'none'}"
    wrong_zh, wrong_en = f"{name} 不在 {en}（{zh}）之中", f"{name} is not among the {en}"
    return Problem(path, f"{wrong_zh}；{right_zh}", f"{wrong_en}; {right_en}", ((en, name),))


# --- what nobody could choose between, or follow


def _judgements(policy: "Policy") -> Iterator[Problem]:
    if sorted(policy.specificity) != sorted(Dimension):
        names = ", ".join(Dimension)
        yield Problem(
            ("specificity",),
            f"应把 {names} 各写一次，最重要的在前",
            f"must name each of {names} exactly once, what counts most first",
        )
    for kind, terms in policy.promises.items():
        yield from _ids(("promises", kind, "rules"), [rule.id for rule in terms.all_rules()], len(terms.by_category))
        yield from _ties(kind, terms)
        for number, rule in enumerate(terms.rules):
            yield from _conditions(policy, ("promises", kind, "rules", number, "when"), rule.when)
        yield from _amounts(kind, terms)
        yield from _calendars_of_tasks(kind, terms)
    if policy.triage is not None:
        rules = policy.triage.rules
        yield from _ids(("triage", "rules"), [rule.id for rule in rules], 0)
        for number, triage in enumerate(rules):
            place = ("triage", "rules", number)
            for index, tier in enumerate(triage.when.tier):
                if tier not in policy.tiers:
                    yield _unknown((*place, "when", "tier", index), tier, policy.tiers, "客户等级", "tiers")
            if triage.category is not None and triage.category not in policy.categories:
                yield _unknown((*place, "category"), triage.category, policy.categories, "投诉类型", "categories")


def _ids(path: Path, ids: list[str], before: int) -> Iterator[Problem]:
    """Rules of one list that could not be told apart; `before` of them stand elsewhere."""
    counted = Counter(ids)
    for number, name in enumerate(ids):
        place = (*path, number - before, "id")
        if number < before:
            continue
        if name == OWN_TERMS:
            yield Problem(
                place,
                f"{OWN_TERMS} 指没有规则适用时的时限；请换一个名称",
                f"`{OWN_TERMS}` names the terms where no rule holds; give the rule another id",
            )
        elif counted[name] > 1 and name in ids[:number]:
            yield Problem(
                place,
                f"{name} 已被另一条规则使用；每条规则的 id 须不同",
                f"{name} is the id of another rule, too; each rule needs one of its own",
            )


def _ties(kind: PromiseKind, terms: PromiseTerms) -> Iterator[Problem]:
    places: dict[int, Path] = {id(rule): ("rules", n) for n, rule in enumerate(terms.rules)}
    for one, other in terms.ties():
        example = "、".join(_example(one.when, other.when))
        yield Problem(
            ("promises", kind, *places.get(id(other), ("by_category",))),
            f"规则 {one.id} 与 {other.id} 条件同样具体，都适用于例如：{example}；"
            "请让其中一条多一个条件，或使两者的条件不再重叠",
            f"the rules {one.id} and {other.id} are equally specific, and both hold for a case with, for example: "
            f"{example.replace('、', ', ')}. Give one of them another condition, or conditions that do not overlap",
        )


def _example(one: When, other: When) -> Iterator[str]:
    for dimension in Dimension:
        values = [when.allowed(dimension) for when in (one, other) if dimension in when.dimensions()]
        if values:
            value = min(frozenset.intersection(*values))
            yield f"{dimension}={int(value) if isinstance(value, Level) else value}"


def _conditions(policy: "Policy", path: Path, when: When) -> Iterator[Problem]:
    names: tuple[tuple[str, Iterable[str], Collection[str], str, str], ...] = (
        ("category", when.category, policy.categories, "投诉类型", "categories"),
        ("tier", when.tier, policy.tiers, "客户等级", "tiers"),
    )
    for field, values, known, zh, en in names:
        for value in values:
            if value not in known:
                yield _unknown((*path, field), value, known, zh, en)


def _calendars_of_tasks(kind: PromiseKind, terms: PromiseTerms) -> Iterator[Problem]:
    if kind not in _TASKS:
        return
    for path, each in _with_paths(kind, terms):
        if "calendar" in each.model_fields_set:
            yield Problem(
                (*path, "calendar"),
                "任务按其部门的日历计时；请删去，改写在 departments.*.calendar",
                "is not used: a task runs on its department's calendar; leave it out, and use departments.*.calendar",
            )


def _amounts(kind: PromiseKind, terms: PromiseTerms) -> Iterator[Problem]:
    """Times that contradict each other; those of a complex case and of a revision are the resolution's only."""
    judged_by = tuple(_times(kind, terms))
    for problem in _contradictions(kind, terms):
        yield problem._replace(rests_on=judged_by)


def _times(kind: PromiseKind, terms: PromiseTerms) -> Iterator[Path]:
    for path, _ in _with_paths(kind, terms):
        yield from ((*path, name) for name in ("minutes", "complex_minutes", "revision_minutes"))
    yield from (("promises", kind, "by_category", category) for category in terms.by_category)


def _contradictions(kind: PromiseKind, terms: PromiseTerms) -> Iterator[Problem]:
    if terms.complex_minutes is not None and terms.complex_minutes < terms.minutes:
        yield _too_short(("promises", kind, "complex_minutes"), terms.complex_minutes, terms.minutes)
    for category, minutes in terms.by_category.items():
        if terms.complex_minutes is not None and terms.complex_minutes < minutes:
            yield _too_long_for_a_category(("promises", kind, "by_category", category), terms.complex_minutes, minutes)
    for number, rule in enumerate(terms.rules):
        minutes, complex_ = rule.minutes or terms.minutes, rule.complex_minutes or terms.complex_minutes
        own = rule.minutes is not None or rule.complex_minutes is not None
        if own and complex_ is not None and complex_ < minutes:
            name = "complex_minutes" if rule.complex_minutes is not None else "minutes"
            yield _too_short(("promises", kind, "rules", number, name), complex_, minutes)
    for path, each in _with_paths(kind, terms):
        inheriting = [rule for rule in terms.all_rules() if rule.ladder is None] if each is terms else []
        shortest = min(_shortest(kind, terms, one) for one in (each, *inheriting))
        for number, rung in enumerate(each.ladder or ()):
            if rung.before_minutes is not None and rung.before_minutes >= shortest:
                yield Problem(
                    (*path, "ladder", number, "before_minutes"),
                    f"不早于承诺开始之时（最短的时限只有 {shortest} 分钟）；应小于 {shortest}",
                    f"lies before the promise has begun (the shortest has {shortest} minutes); must be less than "
                    f"{shortest}",
                )


def _shortest(kind: PromiseKind, terms: PromiseTerms, each: PromiseTerms | TermsRule) -> int:
    """The shortest time that a promise on these terms may have: of the resolution's, that of a revision, too."""
    minutes = each.minutes or terms.minutes
    revision = each.revision_minutes or terms.revision_minutes
    return min(minutes, revision) if revision is not None and kind is PromiseKind.RESOLUTION else minutes


def _too_short(path: Path, complex_: int, minutes: int) -> Problem:
    return Problem(
        path,
        f"复杂投诉的时限（{complex_} 分钟）不应短于一般时限（{minutes} 分钟）",
        f"a complex case has {complex_} minutes, less than the usual {minutes}; it must have as many at least",
    )


def _too_long_for_a_category(path: Path, complex_: int, minutes: int) -> Problem:
    return Problem(
        path,
        f"长于复杂投诉的时限（{complex_} 分钟）；请加长 complex_minutes，或在 rules 中为这一类型另写 complex_minutes",
        f"has {minutes} minutes, more than a complex case ({complex_}); lengthen complex_minutes, or write a rule for "
        "this category with a complex_minutes of its own",
    )
