"""`redress policy migrate`: running cases to another version of the policy, or what that would change."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from deploy.cli.language import Tongue
from deploy.cli.session import AsJson, Session, asking

if TYPE_CHECKING:
    from rich.table import Table

    from deploy.cli.client import Client, Json

Outcome = Literal["moved", "before", "refused"]
ALL = 10**9


class Result(NamedTuple):
    """What became of one case, or would; `why` it was refused."""

    reference: str
    outcome: Outcome
    foreseen: "Json"
    why: str = ""

    def moves(self) -> "list[Json]":
        """The promises of which something changes."""
        promises = self.foreseen.get("promises", [])
        return [each for each in promises if each["before"] != each["after"] or each["newly_late"]]


def register(app: typer.Typer) -> None:
    """Add the commands of this part."""
    asking(app, "migrate", role="supervisor", reads=True)(migrate)


def migrate(
    session: Session,
    reference: Annotated[
        str | None, typer.Argument(metavar="REF", help="投诉编号 · the reference of the complaint")
    ] = None,
    to: Annotated[str, typer.Option("--to", metavar="VERSION", help="改用的版本 · the version to move to")] = ...,  # type: ignore[assignment]
    everything: Annotated[bool, typer.Option("--all", help="所有未结投诉 · all open complaints")] = False,
    reason: Annotated[str | None, typer.Option(help="原因 · why")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只试算，不更改 · look only, change nothing")] = False,
    as_json: AsJson = False,
) -> None:
    """让进行中的投诉改用另一版规则 · Move running complaints to another version: each due time before and after"""
    from deploy.cli.client import failed

    if (reference is None) is not everything:
        raise failed("migrate_whom", exit_code=2)
    if reason is None and not dry_run:
        raise failed("migrate_reason", exit_code=2)
    client = session.client()
    results: list[Result] = []
    for each in _references(client, reference):
        result = _moved(session, each, to, None if dry_run else reason)
        results.append(result)
        if not as_json:
            _tell(session, result, to, dry_run)
    counts = Counter(result.outcome for result in results)
    if as_json:
        session.print_json({"to": to, "dry_run": dry_run, "cases": [_as_json(result) for result in results]})
    else:
        late = sum(each["newly_late"] for result in results for each in result.moves())
        summary = "migration_sum_foreseen" if dry_run else "migration_sum"
        of = {"moved": counts["moved"], "before": counts["before"], "failed": counts["refused"]}
        session.say(summary, version=to, late=late, **of, style="bold")
    if counts["refused"]:
        raise typer.Exit(1)


def _references(client: "Client", reference: str | None) -> Iterator[str]:
    if reference is not None:
        yield reference
        return
    for case in client.items("/v1/complaints", ALL, open=True):
        yield case["reference"]


def _moved(session: Session, reference: str, to: str, reason: str | None) -> Result:
    """Move a case, unless there is no reason; first see what that changes."""
    from deploy.cli.client import Problem, path_of

    client, path = session.client(), path_of("complaints", reference, "policy")
    foreseen: Json = {}
    try:
        foreseen = client.post(path, {"version": to, "dry_run": True})
        if reason is not None:
            key = _key(reference, to, reason, foreseen["version"])
            receipt = client.post(path, {"version": to, "reason": reason}, key)
            session.settle(reference, receipt["version"])
    except Problem as problem:
        if problem.name == "nothing_to_change":
            return Result(reference, "before", {})
        if problem.name == "policy_version_unknown":
            raise
        return Result(reference, "refused", {}, problem.zh if session.language == "zh" else problem.en)
    return Result(reference, "moved", foreseen)


def _key(reference: str, to: str, reason: str, version: object) -> str:
    """The same for the same move of the same case as it stands: a run that was cut short is simply repeated."""
    said = "\0".join((reference, to, reason, str(version)))
    return f"migrate-{hashlib.sha256(said.encode()).hexdigest()[:40]}"


def _tell(session: Session, result: Result, to: str, dry_run: bool) -> None:
    if result.outcome == "refused":
        session.say("migration_refused", reference=result.reference, why=result.why, style="red")
    elif result.outcome == "before":
        session.say("migrated_before", reference=result.reference, version=to, style="dim")
    else:
        before = result.foreseen["before"]["version"]
        session.say(
            "migration_foreseen" if dry_run else "migrated", reference=result.reference, before=before, version=to
        )
        if result.foreseen["promises"]:
            session.console.print(_table(result.foreseen["promises"], session.language))


def _table(promises: "list[Json]", language: Tongue) -> "Table":
    from rich.text import Text

    from deploy.cli.render import table
    from deploy.cli.texts import text
    from deploy.cli.words import label_of, local

    listed = table(language, "migration_moves", "promise", "due_before", "due_after", "lateness")
    for each in promises:
        named = " ".join(filter(None, (label_of("PromiseKind", each["kind"], language), each["task"])))
        late = "newly_late" if each["newly_late"] else "no_longer_late" if each["no_longer_late"] else None
        before, after = (local(each[name]) or text(language, "on_hold") for name in ("before", "after"))
        listed.add_row(
            named,
            before,
            Text(after, "" if before == after else "bold"),
            Text(text(language, late) if late else "", "bold red" if late == "newly_late" else "green"),
        )
    return listed


def _as_json(result: Result) -> "Json":
    return {
        "reference": result.reference,
        "outcome": result.outcome,
        "why": result.why or None,
        "promises": result.foreseen.get("promises", []),
    }
