"""`redress policy check` and `redress policy schema`: whether a file is a policy, and what one looks like."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.cli.language import Tongue, tongue
from deploy.cli.session import AsJson
from deploy.cli.texts import text

if TYPE_CHECKING:
    from complaints.policy import Policy
    from complaints.terms import PromiseTerms, TermsRule
    from deploy.policies import Findings, Mistake

File = Annotated[str, typer.Argument(metavar="FILE", help="规则文件，或自带规则的名称 · the policy's file or name")]


def register(app: typer.Typer) -> None:
    """Add the commands of this part."""
    app.command("check", help="检查规则文件，列出所有错误 · Check a policy file: every mistake at once")(check)
    app.command("schema", help="规则文件的 JSON Schema，供编辑器使用 · JSON Schema of a policy file, for editors")(
        schema
    )


def check(file: File, as_json: AsJson = False) -> None:
    """Check a policy file; the exit code is 1 if it is none."""
    found = examined(file)
    if as_json:
        import json

        typer.echo(json.dumps(_as_json(found), ensure_ascii=False, indent=2))
    else:
        tell(found)
        if found.policy is not None:
            _summary(found.policy, tongue())
    if found.policy is None:
        raise typer.Exit(1)


def schema() -> None:
    """Print the JSON Schema of a policy file."""
    import json

    from deploy.policies.schema import schema_of_a_file

    typer.echo(json.dumps(schema_of_a_file(), ensure_ascii=False, indent=2))


def examined(file: str) -> "Findings":
    """What is found in a policy file today."""
    from datetime import UTC, datetime

    from deploy.policies import examine

    return examine(file, datetime.now(UTC).date())


def tell(found: "Findings") -> None:
    """Say every mistake, each on a line that an editor can jump to, and whether the file is a policy."""
    language = tongue()
    for mistake in found.mistakes:
        line = text(language, "policy_mistake", **_said(mistake, language))
        typer.secho(line, fg="yellow" if mistake.warning else "red", err=found.policy is None)
    if found.policy is None:
        typer.echo(text(language, "policy_refused", file=found.source, count=len(found.errors)), err=True)


def _said(mistake: "Mistake", language: Tongue) -> dict[str, Any]:
    kind = text(language, "policy_warning" if mistake.warning else "policy_error")
    place = f"{mistake.place}: " if mistake.place else ""
    what = mistake.zh if language == "zh" else mistake.en
    return {"file": mistake.file, "line": mistake.line, "kind": kind, "place": place, "what": what}


def _as_json(found: "Findings") -> dict[str, Any]:
    policy = found.policy
    content: dict[str, Any] = {
        "file": found.source,
        "valid": policy is not None,
        "mistakes": [mistake._asdict() for mistake in found.mistakes],
    }
    if policy is not None:
        content |= {"name": policy.name, "version": policy.version, "hash": policy.fingerprint()}
        content["calendars"] = list(policy.calendars)
        content["promises"] = {
            kind.value: [
                {"rule": name, "minutes": minutes, "calendar": calendar, "when": when}
                for name, minutes, calendar, when in _rows(terms)
            ]
            for kind, terms in policy.promises.items()
        }
    return content


def _summary(policy: "Policy", language: Tongue) -> None:
    from rich.console import Console

    from deploy.cli.render import table
    from deploy.cli.words import label_of

    console = Console(highlight=False)
    calendars = "、".join(policy.calendars) if policy.calendars else text(language, "policy_always")
    said = {"name": policy.name, "version": policy.version, "hash": policy.fingerprint(), "calendars": calendars}
    console.print(text(language, "policy_valid", **said), markup=False, soft_wrap=True)
    listed = table(language, "promises", "promise", "rule", "minutes", "calendar", "condition")
    for kind, terms in policy.promises.items():
        for number, (name, minutes, calendar, when) in enumerate(_rows(terms)):
            label = label_of("PromiseKind", kind.value, language) if number == 0 else ""
            listed.add_row(label, name, str(minutes), calendar, " ".join(f"{k}={v}" for k, v in when.items()))
    console.print(listed)


def _rows(terms: "PromiseTerms") -> list[tuple[str, int, str, dict[str, str]]]:
    """The kind's own terms and those of its rules: name, minutes, calendar, conditions."""
    from complaints.terms import OWN_TERMS

    rows: list[tuple[str, int, str, dict[str, str]]] = [(OWN_TERMS, terms.minutes, terms.calendar, {})]
    for rule in terms.all_rules():
        rows.append((rule.id, rule.minutes or terms.minutes, rule.calendar or terms.calendar, _conditions(rule)))
    return rows


def _conditions(rule: "TermsRule") -> dict[str, str]:
    named = ((dimension, getattr(rule.when, dimension)) for dimension in sorted(rule.when.dimensions()))
    return {dimension.value: "|".join(map(str, values)) for dimension, values in named}
