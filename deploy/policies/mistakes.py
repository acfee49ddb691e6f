"""Every mistake in a policy file at once, each with its place and what would be right."""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from pydantic_core import ErrorDetails

from complaints.checking import Problem, doubts, nearest, problems
from complaints.policy import CURRENT_EDITION, Policy
from complaints.vocabulary import EscalationLevel, PromiseKind
from deploy.policies.mending import child, steps, validated
from deploy.policies.observed import unknown_countries, unpublished
from deploy.policies.reading import Steps, Unreadable, read
from deploy.policies.stand_ins import STAND_IN
from deploy.policies.wording import choices, in_words

_OURS = {
    ("edition",): ("由 Redress 决定，请从文件中删去", "is for Redress to decide; leave it out of the file"),
    ("content_hash",): ("由 Redress 计算，请从文件中删去", "is worked out by Redress; leave it out of the file"),
}
_RESOLVED = (
    "由 Redress 查出，请从文件中删去；改写某年请用 years",
    "is looked up by Redress; leave it out, and use years",
)
_WITHOUT_BASE = (
    "；只写不同之处的文件，第一行写 base: default",
    "; a file that says only what differs begins with base: default",
)
_SUPERVISOR = str(EscalationLevel.TASK_SUPERVISOR.value)
_TASKS = (PromiseKind.TASK_FEEDBACK, PromiseKind.TASK_COMPLETION)
_schema: dict[str, Any] = {}


class Mistake(NamedTuple):
    """What is wrong at a place of a file, in Chinese and in English. A warning stops nobody."""

    file: str
    line: int
    place: str
    zh: str
    en: str
    warning: bool = False


@dataclass
class Findings:
    """What was found in a file: the policy if it is one, and its mistakes; only warnings leave it one."""

    source: str
    policy: Policy | None = None
    mistakes: list[Mistake] = field(default_factory=list)

    @property
    def errors(self) -> list[Mistake]:
        return [mistake for mistake in self.mistakes if not mistake.warning]


def examine(name_or_path: str, today: date | None = None) -> Findings:
    """Read a policy and find everything that is wrong with it; warnings about public holidays only given a day.

    Raises Refusal where there is no such file.
    """
    try:
        document = read(name_or_path)
    except Unreadable as broken:
        return Findings(broken.file, None, [Mistake(broken.file, broken.line or 1, "", broken.zh, broken.en)])
    findings = Findings(str(document.source))
    incomplete: list[Steps] = []

    def note(path: Steps, zh: str, en: str, warning: bool = False) -> None:
        line, place = document.line_of(path), ".".join(step or '""' for step in path)
        findings.mistakes.append(Mistake(str(line.file), line.number, place, zh, en, warning))

    def tell(path: Steps, error: ErrorDetails) -> None:
        zh, en = _in_words(path, error)
        if error["type"] == "missing" and len(path) == 1 and not document.based:
            if not incomplete:
                zh, en = zh + _WITHOUT_BASE[0], en + _WITHOUT_BASE[1]
            incomplete.append(path)
        note(path, zh, en)

    ours = list(_for_redress_only(document.content))
    for path, zh, en in ours:
        note(path, zh, en)
    content = deepcopy(document.content)
    _without(content, [path for path, _, _ in ours])
    content["edition"] = CURRENT_EDITION
    policy, mended = validated(content, tell)
    if policy is None:
        return findings
    for problem in (*problems(policy), *unknown_countries(policy)):
        if not _is_consequence(problem, mended):
            note(steps(problem.path), problem.zh, problem.en)
    if not findings.mistakes:
        findings.policy = policy
        for problem in (*doubts(policy), *(unpublished(policy, today) if today else ())):
            note(steps(problem.path), problem.zh, problem.en, warning=True)
    findings.mistakes.sort(key=lambda each: (each.warning, each.file != findings.source, each.file, each.line))
    return findings


def _is_consequence(problem: Problem, mended: list[Steps]) -> bool:
    """Whether what is said may be said only because of what stood in for something else."""
    path = steps(problem.path)
    grounds = [steps(each) for each in problem.rests_on]
    return (
        STAND_IN in problem.en
        or any(path[: len(each)] == each for each in mended)
        or any(each[: len(path)] == path and len(each) <= len(path) + 1 for each in mended)
        or any(ground[: len(each)] == each for each in mended for ground in grounds)
    )


def _for_redress_only(content: dict[Any, Any]) -> Iterator[tuple[Steps, str, str]]:
    for path, (zh, en) in _OURS.items():
        if path[0] in content:
            yield path, zh, en
    calendars = content.get("calendars")
    for name, calendar in calendars.items() if isinstance(calendars, dict) else ():
        public = calendar.get("holidays") if isinstance(calendar, dict) else None
        if isinstance(public, dict) and "resolved" in public:
            yield ("calendars", str(name), "holidays", "resolved"), *_RESOLVED


def _without(content: Any, paths: Iterable[Steps]) -> None:
    for path in paths:
        holder = content
        for step in path[:-1]:
            holder = child(holder, step)
        holder.pop(path[-1], None)


# --- in words


def _in_words(place: Steps, error: ErrorDetails) -> tuple[str, str]:
    """What is wrong with the form of a place, what may stand there, and what was probably meant."""
    if error["type"] == "extra_forbidden":
        zh, en = in_words(error)
        known = _fields_at(place[:-1])
        return _or_meant(zh, en, place[-1], known) or (
            f"{zh}；这里可以有：{'、'.join(known)}",
            f"{en}; there may be {', '.join(known)}",
        )
    if error["type"] not in ("enum", "literal_error"):
        return in_words(error)
    allowed = [each for each in choices(error) if each != _SUPERVISOR or _may_be_a_supervisor(place)]
    zh, en = in_words(error, allowed)
    typed = place[-1] if "[key]" in error["loc"] else error["input"]
    return _or_meant(zh, en, typed, allowed) or (zh, en)


def _or_meant(zh: str, en: str, typed: Any, known: list[str]) -> tuple[str, str] | None:
    meant = nearest(typed, known) if isinstance(typed, str) else None
    return (f"{zh}；是不是 {meant}？", f"{en}; did you mean {meant}?") if meant else None


def _may_be_a_supervisor(place: Steps) -> bool:
    """Whether level 0 may stand there: on the ladder of a task's promise only."""
    return place[0] == "promises" and place[1] in _TASKS


def _fields_at(path: Steps) -> list[str]:
    """The fields that a place may have."""
    if not _schema:
        _schema.update(TypeAdapter(Policy).json_schema())
    node = _resolved(_schema)
    for step in path:
        inner = node.get("properties", {}).get(step) or node.get("additionalProperties") or node.get("items") or {}
        node = _resolved(inner if isinstance(inner, dict) else {})
    return [name for name in node.get("properties", {}) if name not in ("edition", "content_hash", "resolved")]


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    for option in node.get("anyOf", ()):
        if option.get("type") != "null":
            node = option
            break
    if "$ref" in node:
        node = _schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
    return node
