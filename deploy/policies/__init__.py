"""The policies of an installation: their files, their checking, their published versions."""

from complaints.policy import Policy
from deploy.policies.mistakes import Findings, Mistake, examine
from deploy.policies.reading import policy_names
from deploy.refusal import Refusal

__all__ = ["Findings", "Mistake", "examine", "load_policy", "policy_names"]


def load_policy(name_or_path: str, given_as: str = "REDRESS_POLICY") -> Policy:
    """The policy of that name (default, trial, office) or in that YAML file.

    `base: default` takes over what it leaves out: maps are laid over the base's key by key; anything else replaces
    what the base says. Raises Refusal, which names the setting or the option that it was given as, the file, the line,
    the place in it and what is wrong there; of several mistakes the first.
    """
    try:
        findings = examine(name_or_path)
    except Refusal as nowhere:
        raise Refusal(f"{given_as}：{nowhere.zh}", f"{given_as}: {nowhere.en}") from None
    if findings.policy is not None:
        return findings.policy
    first, *others = findings.errors
    zh, en = first.zh, first.en
    if first.place:
        zh, en = f"{first.place} {zh}（第 {first.line} 行）", f"{first.place}: {en} (line {first.line})"
    if others:
        zh += f"；还有 {len(others)} 处，用 redress policy check 查看"
        en += f"; and {len(others)} more, which redress policy check shows"
    raise Refusal(f"{given_as}：规则文件 {first.file} 有误：{zh}。", f"{given_as}: the policy file {first.file}: {en}.")
