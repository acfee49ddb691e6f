"""Why a complaint has its level and category, as a reader at the terminal sees it."""

from collections.abc import Iterator
from typing import Any

from deploy.cli.language import Tongue
from deploy.cli.words import label_of

Json = dict[str, Any]

_BY = {"filed": ("提交时注明", "as it was filed"), "default": ("默认", "by default")}


def triage_words(triage: Json, language: Tongue) -> dict[str, str]:
    """The parts of a sentence on the outcome of triage: level and category, who gave each, and why."""
    because = "；".join(reasons_of(triage, language))
    return {
        "level": label_of("Level", triage["level"], language),
        "category": label_of("Category", triage["category"], language),
        "level_by": _giver(triage, "level_by", language),
        "category_by": _giver(triage, "category_by", language),
        "because": f" · {because}" if because else "",
    }


def reasons_of(triage: Json, language: Tongue) -> Iterator[str]:
    """Each rule that held, with what made it hold, e.g. `Mentions a regulator [12315]`."""
    for each in triage.get("reasons") or ():
        matched = ", ".join(each.get("matched") or ())
        yield f"{each['reason'][language]} [{matched}]" if matched else each["reason"][language]


def _giver(triage: Json, name: str, language: Tongue) -> str:
    giver = triage[name]
    if giver in _BY:
        return _BY[giver][0 if language == "zh" else 1]
    return next((each["reason"][language] for each in triage.get("reasons") or () if each["rule"] == giver), str(giver))
