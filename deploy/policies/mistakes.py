"""Every mistake in a policy file at once, each with its place and what would be right."""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from complaints.checking import JUDGED_APART, doubts, nearest, problems
from complaints.policy import CURRENT_EDITION, Policy
from deploy.policies.observed import unknown_countries, unpublished
from deploy.policies.reading import Steps, Unreadable, read
from deploy.policies.stand_ins import STAND_INS
from deploy.refusal import in_words

_MOST_ROUNDS = 20
_OURS = {
    ("edition",): ("由 Redress 决定，请从文件中删去", "is for Redress to decide; leave it out of the file"),
    ("content_hash",): ("由 Redress 计算，请从文件中删去", "is worked out by Redress; leave it out of the file"),
}
_RESOLVED = (
    "由 Redress 查出，请从文件中删去；改写某年请用 years",
    "is looked up by Redress; leave it out, and use years",
)
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

    def note(path: Steps, zh: str, en: str, warning: bool = False) -> None:
        line = document.line_of(path)
        findings.mistakes.append(Mistake(str(line.file), line.number, ".".join(path), zh, en, warning))

    ours = list(_for_redress_only(document.content))
    for path, zh, en in ours:
        note(path, zh, en)
    content = deepcopy(document.content)
    _without(content, [path for path, _, _ in ours])
    content["edition"] = CURRENT_EDITION
    policy, mended = _validated(content, note)
    if policy is None:
        return findings
    for problem in (*problems(policy), *unknown_countries(policy)):
        path = _steps(problem.path)
        if not any(_concerns(each, path) for each in mended):
            note(path, problem.zh, problem.en)
    if not findings.mistakes:
        findings.policy = policy
        for problem in (*doubts(policy), *(unpublished(policy, today) if today else ())):
            note(_steps(problem.path), problem.zh, problem.en, warning=True)
    findings.mistakes.sort(key=lambda each: (each.warning, each.file != findings.source, each.file, each.line))
    return findings


def _steps(path: Iterable[str | int]) -> Steps:
    return tuple(str(int(each)) if isinstance(each, int) else str(each) for each in path)


def _concerns(mended: Steps, path: Steps) -> bool:
    """Whether what is said about a path may be said only because of what stood in for something else."""
    return path[: len(mended)] == mended or (mended[: len(path)] == path and len(mended) <= len(path) + 1)


def _for_redress_only(content: dict[Any, Any]) -> Iterator[tuple[Steps, str, str]]:
    for path, (zh, en) in _OURS.items():
        if path[0] in content:
            yield path, zh, en
    calendars = content.get("calendars")
    for name, calendar in calendars.items() if isinstance(calendars, dict) else ():
        public = calendar.get("holidays") if isinstance(calendar, dict) else None
        if isinstance(public, dict) and "resolved" in public:
            yield ("calendars", str(name), "holidays", "resolved"), *_RESOLVED


# --- form


def _validated(content: dict[Any, Any], note: Any) -> tuple[Policy | None, list[Steps]]:
    """The policy, with stand-ins where it has no right form, and where those are: the rest can be judged, too."""
    mended: list[Steps] = []
    for round_ in range(_MOST_ROUNDS):
        try:
            return Policy.model_validate(content, context=JUDGED_APART), mended
        except ValidationError as error:
            found = error.errors(include_url=False)
        for each in found if round_ == 0 else ():
            if each["type"] != "too_short" or not any(_within(other, each) for other in found):
                zh, en = _in_words(each)
                note(_place(each), zh, en)
        mended += [_place(each) for each in found]
        for each in found:
            _mend(content, each)
        content = _without_gaps(content)
    return None, mended


def _place(error: ErrorDetails) -> Steps:
    return _steps(step for step in error["loc"] if step != "[key]")


def _within(error: ErrorDetails, outer: ErrorDetails) -> bool:
    """Whether an error lies inside of another one's place: a list seems too short while its items are wrong."""
    inner, place = _place(error), _place(outer)
    return len(inner) > len(place) and inner[: len(place)] == place


def _in_words(error: ErrorDetails) -> tuple[str, str]:
    zh, en = in_words(error)
    place = _place(error)
    if error["type"] == "extra_forbidden":
        known = _fields_at(place[:-1])
        meant = nearest(place[-1], known)
        if meant:
            return f"{zh}；是不是 {meant}？", f"is not known here; did you mean {meant}?"
        return f"{zh}；这里可以有：{'、'.join(known)}", f"is not known here; there may be {', '.join(known)}"
    if "[key]" in error["loc"] and error["type"] == "enum":
        expected = str(error["ctx"]["expected"]).replace(" or ", ",").split(",")
        if meant := nearest(place[-1], [each.strip("' ") for each in expected]):
            return f"{zh}；是不是 {meant}？", f"{en}; did you mean {meant}?"
    return zh, en


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


_GONE: Any = object()


def _mend(content: dict[Any, Any], error: ErrorDetails) -> None:
    """Put something right in the place of what is wrong; without a stand-in, take it out."""
    path = [step for step in error["loc"] if step != "[key]"]
    holder: Any = content
    for step in path[:-1]:
        holder = _child(holder, step)
    if not path or not isinstance(holder, dict | list):
        return
    last = path[-1]
    stand_in = _GONE if error["type"] == "extra_forbidden" or "[key]" in error["loc"] else _stand_in(path)
    if isinstance(holder, list):
        if isinstance(last, int) and last < len(holder):
            holder[last] = deepcopy(stand_in) if stand_in is not _GONE else _GONE
        return
    key = next((each for each in holder if str(each) == str(last)), last)
    if stand_in is _GONE or holder.get(key) == stand_in:
        holder.pop(key, None)
    else:
        holder[key] = deepcopy(stand_in)


def _child(holder: Any, step: Any) -> Any:
    if isinstance(holder, list):
        return holder[step] if isinstance(step, int) and step < len(holder) else None
    if isinstance(holder, dict):
        return next((value for key, value in holder.items() if str(key) == str(step)), None)
    return None


def _stand_in(path: Iterable[Any]) -> Any:
    """What would be right there: from the stand-ins, whose first entry stands for every name and every number."""
    found: Any = STAND_INS
    for step in path:
        if isinstance(found, dict) and found:
            found = next((value for key, value in found.items() if str(key) == str(step)), next(iter(found.values())))
        elif isinstance(found, list) and found:
            found = found[0]
        else:
            return _GONE
    return found


def _without_gaps(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_gaps(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_without_gaps(each) for each in value if each is not _GONE]
    return value


def _without(content: Any, paths: Iterable[Steps]) -> None:
    for path in paths:
        holder = content
        for step in path[:-1]:
            holder = _child(holder, step)
        holder.pop(path[-1], None)
