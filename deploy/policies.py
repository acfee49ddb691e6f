"""Reading a policy from its YAML file."""

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from complaints.policy import Policy
from deploy.refusal import Refusal, in_words


def load_policy(name_or_path: str) -> Policy:
    """The policy of that name (default, trial) or in that YAML file; `base: default` takes over what it
    leaves out.

    Maps are laid over the base's key by key; anything else replaces what the base says. Raises Refusal, which
    names the file, the place in it and what is wrong there.
    """
    content, source = _resolve(name_or_path, seen=())
    try:
        return Policy.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        zh, en = in_words(first)
        if place := ".".join(str(key) for key in first["loc"]):
            zh, en = f"{place} {zh}", f"{place}: {en}"
        raise _broken(source, zh, en) from None


def policy_names() -> list[str]:
    """The names of the policies that come with Redress."""
    return sorted(Path(entry.name).stem for entry in _shipped().iterdir() if entry.name.endswith(".yaml"))


class _Loader(yaml.SafeLoader):
    """YAML as people mean it: 18:00 is no number, `on` is a word, and a key given twice is a mistake."""

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


_BASE_60_OR_WORD = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool")
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _BASE_60_OR_WORD]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)([eE][-+]?[0-9]+)?$"),
    list("-+.0123456789"),
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false|True|False)$"), list("tfTF"))


def _shipped() -> Any:
    return files("complaints") / "policies"


def _resolve(name_or_path: str, seen: tuple[Path, ...], beside: Path | None = None) -> tuple[dict[str, Any], Path]:
    source = _find(name_or_path, beside)
    if source in seen:
        raise _broken(source, "base 绕回了自己", "base: leads back to itself")
    content = _read(source)
    base = content.pop("base", None)
    if base is None:
        return content, source
    if not isinstance(base, str):
        raise _broken(source, "base 应为规则的名称或路径", "base: must be the name or the path of a policy")
    below, _ = _resolve(base, (*seen, source), source.parent)
    return _laid_over(below, content), source


def _find(name_or_path: str, beside: Path | None) -> Path:
    if name_or_path in policy_names():
        return Path(str(_shipped() / f"{name_or_path}.yaml"))
    given = Path(name_or_path).expanduser()
    path = (beside / given if beside else given).absolute()
    if not path.is_file():
        names = "、".join(policy_names())
        raise Refusal(
            f"REDRESS_POLICY：没有名为 {name_or_path} 的时限规则，也没有这个文件（自带的有：{names}）。",
            f"REDRESS_POLICY: there is neither a policy nor a file {name_or_path} "
            f"(those that come with Redress: {', '.join(policy_names())}).",
        )
    return path


def _read(source: Path) -> dict[str, Any]:
    try:
        content = yaml.load(source.read_text("utf-8"), _Loader)  # noqa: S506 - a SafeLoader that is stricter
    except OSError as error:
        raise _broken(source, f"无法读取（{error.strerror}）", f"cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise _broken(source, "不是 UTF-8 文本", "is not UTF-8 text") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not YAML"
        line = mark.line + 1 if mark else 1
        zh = f"第 {line} 行不是正确的 YAML（{problem}）"
        raise _broken(source, zh, f"line {line}: {problem}") from None
    if not isinstance(content, dict):
        raise _broken(source, "内容应为键值表", "must hold a map of keys and values")
    return content


def _laid_over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        under = merged.get(key)
        merged[key] = _laid_over(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return merged


def _broken(source: Path, zh: str, en: str) -> Refusal:
    return Refusal(
        f"REDRESS_POLICY：规则文件 {source} 有误：{zh}。", f"REDRESS_POLICY: the policy file {source}: {en}."
    )
