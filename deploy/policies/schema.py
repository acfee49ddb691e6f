"""The JSON Schema of a policy file, as editors use it: what may stand where, and what it means."""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from complaints.policy import Policy
from complaints.vocabulary import EscalationLevel
from deploy.policies.descriptions import DESCRIPTIONS

_NOT_IN_A_FILE = frozenset({"edition", "content_hash", "resolved"})
_OVER = "Over"


def schema_of_a_file() -> dict[str, Any]:
    """JSON Schema, draft 2020-12. A file with a `base` need not say what its base says."""
    types: dict[str, Any] = Policy.model_json_schema()
    definitions: dict[str, Any] = types.pop("$defs")
    definitions["Policy"] = types
    # The keys of a JSON object are texts; an editor compares them as such.
    steps = [level for level in EscalationLevel if level is not EscalationLevel.TASK_SUPERVISOR]
    types["properties"]["chain"]["propertyNames"] = {"enum": [str(level.value) for level in steps]}
    for name, definition in definitions.items():
        _describe(definition, DESCRIPTIONS.get(name, {}))
    definitions |= {f"{name}{_OVER}": _over_a_base(each) for name, each in definitions.items()}
    for name in ("Policy", f"Policy{_OVER}"):
        base = {"type": "string", "description": DESCRIPTIONS["Policy"]["base"]}
        definitions[name]["properties"] = {"base": base, **definitions[name]["properties"]}
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "title": "Redress 时限规则 · Redress policy",
        "if": {"required": ["base"]},
        "then": {"$ref": f"#/$defs/Policy{_OVER}"},
        "else": {"$ref": "#/$defs/Policy"},
        "$defs": definitions,
    }


def _describe(definition: dict[str, Any], descriptions: dict[str, str]) -> None:
    properties = definition.get("properties", {})
    for name in _NOT_IN_A_FILE & properties.keys():
        del properties[name]
    for name, content in properties.items():
        content["description"] = descriptions.get(name, content.get("description", ""))
        content.pop("title", None)
        _one_or_several(name, content, definition)
    if definition.get("type") == "object":
        definition.pop("description", None)


def _one_or_several(name: str, content: dict[str, Any], definition: dict[str, Any]) -> None:
    """A condition of a rule may be one value instead of a list of them."""
    if definition.get("title") == "When" and content.get("type") == "array":
        several = {key: content.pop(key) for key in ("type", "items") if key in content}
        content["anyOf"] = [several["items"], several]


def _over_a_base(node: Any) -> Any:
    """A type as it is laid over a base: nothing is required along maps, which are merged; lists are whole."""
    if isinstance(node, list):
        return [_over_a_base(each) for each in node]
    if not isinstance(node, dict):
        return node
    changed: dict[str, Any] = {}
    for key, value in node.items():
        if key == "required" and "properties" in node:
            continue
        if key == "$ref":
            changed[key] = f"{value}{_OVER}"
        elif key in ("items", "prefixItems", "propertyNames", "default", "enum"):
            changed[key] = value
        elif key == "properties":
            changed[key] = {name: _over_a_base(each) for name, each in value.items()}
        else:
            changed[key] = _over_a_base(value)
    return changed
