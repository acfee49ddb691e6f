"""The YAML files of a policy: what they say, laid over their bases, and in which line of which file."""

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from deploy.refusal import Refusal

Steps = tuple[str, ...]
"""The way to a place in a policy, each step as a text."""


class Line(NamedTuple):
    """A line of a file, counted from 1."""

    file: Path
    number: int


class Unreadable(Exception):
    """A file that is no policy at all; why, in both languages, and where."""

    def __init__(self, file: Path | str, zh: str, en: str, line: int | None = None) -> None:
        super().__init__(en)
        self.file = str(file)
        self.zh = zh
        self.en = en
        self.line = line


@dataclass
class Document:
    """A policy's content with the lines at which its parts stand, and whether it is laid over a base."""

    source: Path
    content: dict[Any, Any]
    lines: dict[Steps, Line] = field(default_factory=dict)
    based: bool = False

    def line_of(self, path: Steps) -> Line:
        """The line of a place, or of what is nearest around it."""
        for length in range(len(path), 0, -1):
            if found := self.lines.get(path[:length]):
                return found
        return Line(self.source, 1)


def policy_names() -> list[str]:
    """The names of the policies that come with Redress."""
    return sorted(Path(entry.name).stem for entry in _shipped().iterdir() if entry.name.endswith(".yaml"))


def read(name_or_path: str) -> Document:
    """The policy of that name or in that file, laid over its base. Raises Unreadable, and Refusal for no file."""
    return _resolve(_find(name_or_path, None), seen=())


class _Loader(yaml.SafeLoader):
    """YAML as people mean it: 18:00 is no number, `on` is a word, and a key given twice is a mistake.

    Dates stay as they are written, so that one that does not exist is a mistake in its place. Nothing in a policy is
    true or false.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys: set[str] = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                continue
            if key_node.value in keys:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key_node.value} is given twice", key_node.start_mark
                )
            keys.add(key_node.value)
        return super().construct_mapping(node, deep)


_MEANT_OTHERWISE = tuple(f"tag:yaml.org,2002:{name}" for name in ("int", "float", "bool", "timestamp"))
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _MEANT_OTHERWISE]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)([eE][-+]?[0-9]+)?$"),
    list("-+.0123456789"),
)

_MOST_NODES = 100_000
"""How much a file may say, with all that its aliases repeat; the longest policies say a hundredth of it."""


def _shipped() -> Any:
    return files("complaints") / "policies"


def _find(name_or_path: str, beside: Path | None) -> Path:
    if name_or_path in policy_names():
        return Path(str(_shipped() / f"{name_or_path}.yaml"))
    given = Path(name_or_path).expanduser()
    path = (beside / given if beside else given).absolute()
    if not path.is_file():
        names = "、".join(policy_names())
        raise Refusal(
            f"没有名为 {name_or_path} 的时限规则，也没有这个文件（自带的有：{names}）。",
            f"There is neither a policy nor a file {name_or_path} "
            f"(those that come with Redress: {', '.join(policy_names())}).",
        )
    return path


def _resolve(source: Path, seen: tuple[Path, ...]) -> Document:
    if source in seen:
        raise Unreadable(source, "base 绕回了自己", "base: leads back to itself")
    document = _parsed_once(source) if source.parent == Path(str(_shipped())) else _parse(source)
    base = document.content.get("base")
    if base is None:
        document.content.pop("base", None)
        return document
    if not isinstance(base, str):
        zh, en = "base 应为规则的名称或路径", "base: must be the name or the path of a policy"
        raise Unreadable(source, zh, en, document.line_of(("base",)).number)
    below = _resolve(_find(base, source.parent), (*seen, source))
    lines = dict(below.lines)
    own = {key: value for key, value in document.content.items() if key != "base"}
    content = _laid_over(below.content, own, lines, ())
    return Document(source, content, lines | document.lines, based=True)


@cache
def _parsed_once(source: Path) -> Document:
    """A file that comes with Redress: it stays what it is, and nobody changes what was read."""
    return _parse(source)


def _parse(source: Path) -> Document:
    try:
        text = source.read_text("utf-8")
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            if node is not None and _size(node, {}) > _MOST_NODES:
                raise Unreadable(
                    source,
                    "内容过多：别名展开之后太长，或包含了自己",
                    "says too much: its aliases are too long once they are written out, or one holds itself",
                )
            content = loader.construct_document(node) if node is not None else None
        finally:
            loader.dispose()
    except OSError as error:
        raise Unreadable(source, f"无法读取（{error.strerror}）", f"cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise Unreadable(source, "不是 UTF-8 文本", "is not UTF-8 text") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not YAML"
        line = mark.line + 1 if mark else 1
        zh = f"第 {line} 行不是正确的 YAML（{problem}）"
        raise Unreadable(source, zh, f"line {line}: {problem}", line) from None
    except (ValueError, RecursionError):
        raise Unreadable(source, "含有无法理解的值", "holds a value that cannot be understood") from None
    if node is None or not isinstance(content, dict):
        raise Unreadable(source, "内容应为键值表", "must hold a map of keys and values")
    document = Document(source, content)
    _note_lines(document, node, ())
    return document


def _size(node: yaml.Node, known: dict[int, int]) -> int:
    """How many nodes a file has once its aliases are written out; those of `known` are not counted anew."""
    if id(node) not in known:
        known[id(node)] = _MOST_NODES + 1  # what holds itself has no end
        inner = [each for pair in node.value for each in pair] if isinstance(node, yaml.MappingNode) else node.value
        parts = inner if isinstance(node, yaml.CollectionNode) else ()
        known[id(node)] = 1 + sum(_size(each, known) for each in parts)
    return known[id(node)]


def _note_lines(document: Document, node: yaml.Node, path: Steps) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                step = (*path, key.value)
                document.lines[step] = Line(document.source, key.start_mark.line + 1)
                _note_lines(document, value, step)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            step = (*path, str(number))
            document.lines[step] = Line(document.source, value.start_mark.line + 1)
            _note_lines(document, value, step)


def _laid_over(below: dict[Any, Any], above: dict[Any, Any], lines: dict[Steps, Line], path: Steps) -> dict[Any, Any]:
    """Map over map, key by key; anything else replaces what was below, and its lines."""
    merged = dict(below)
    for key, value in above.items():
        under, step = merged.get(key), (*path, str(key))
        if isinstance(under, dict) and isinstance(value, dict):
            merged[key] = _laid_over(under, value, lines, step)
        else:
            merged[key] = value
            for gone in [each for each in lines if each[: len(step)] == step]:
                del lines[gone]
    return merged
