"""`redress policy backtest`: a draft over the journals of past cases."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from deploy.cli.language import Tongue, tongue
from deploy.cli.policy.checking import File, examined, tell
from deploy.cli.session import AsJson
from deploy.cli.texts import text

if TYPE_CHECKING:
    from datetime import datetime

    from rich.table import Table

    from complaints.policy import Policy
    from complaints.vocabulary import PromiseKind
    from deploy.backtesting import Change, Damage, Findings

SHOWN = 50


def register(app: typer.Typer) -> None:
    """Add the commands of this part."""
    app.command(
        "backtest", help="用以往投诉试算规则草案 · Try a draft with past cases: kept and broken, then and by it"
    )(backtest)


def backtest(
    file: File,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="自该日起受理的投诉 · cases received from this day on")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Try a draft with the journals of past cases, in the records of this installation; no Redress need be running."""
    from datetime import UTC, datetime

    from rich.console import Console

    from deploy.backtesting import Findings, backtest
    from deploy.refusal import Refusal
    from records.errors import RecordsError

    found = examined(file)
    if found.policy is None:
        tell(found)
        raise typer.Exit(1)
    url, whole = _records(), Findings()
    try:
        for findings in backtest(url, found.policy, datetime.now(UTC), _day(since, found.policy)):
            whole.add(findings)
    except RecordsError as error:
        raise Refusal(error.zh, error.en) from None
    if as_json:
        import json

        typer.echo(json.dumps(_as_json(found.policy, whole), ensure_ascii=False, indent=2))
    else:
        _print(Console(highlight=False), found.policy, whole, tongue())


def _records() -> str:
    """Where the records are. Raises Refusal where there are none: looking for some must not make any."""
    from pathlib import Path

    from sqlalchemy import make_url

    from deploy.cli.client import failed
    from deploy.settings import Settings

    url = Settings.load().database_url
    database = make_url(url)
    if database.drivername.startswith("sqlite") and not Path(database.database or "").is_file():
        raise failed("backtest_no_records")
    return url


def _day(since: str | None, draft: "Policy") -> "datetime | None":
    """The beginning of a day where the policy is at home."""
    from datetime import date, datetime, time
    from zoneinfo import ZoneInfo

    from deploy.cli.client import failed

    if since is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(since), time(), ZoneInfo(draft.timezone))
    except ValueError:
        raise failed("bad_date", date=since, exit_code=2) from None


def _print(console: Any, draft: "Policy", found: "Findings", language: Tongue) -> None:
    console.print(_promises(draft, found, language))
    if found.changed:
        console.print(_cases(found.changed[:SHOWN], language))
        if len(found.changed) > SHOWN:
            console.print(text(language, "backtest_more", count=len(found.changed) - SHOWN), style="dim")
    for damage in found.damaged:
        said = text(language, "backtest_damaged", reference=damage.reference, where=_where(damage, language))
        console.print(said, style="yellow", soft_wrap=True)
    console.print(text(language, "backtest_unknowable"), style="dim")


def _where(damage: "Damage", language: Tongue) -> str:
    if damage.entry:
        return text(language, "damaged_entry", entry=damage.entry)
    return text(language, "damaged_gap")


def _promises(draft: "Policy", found: "Findings", language: Tongue) -> "Table":
    from complaints.vocabulary import PromiseKind
    from deploy.cli.render import table
    from deploy.cli.words import label_of

    columns = ("kept_before", "kept_after", "broken_before", "broken_after", "share_before", "share_after")
    listed = table(language, "backtest", "promise", *columns)
    listed.title = text(language, "backtest_title", name=draft.name, version=draft.version, cases=found.cases)
    for kind in PromiseKind:
        figures = _figures(found, kind)
        shares = (_share(figures[f"kept_{when}"], figures[f"broken_{when}"]) for when in ("before", "after"))
        counts = (str(figures[name]) for name in columns[:4])
        listed.add_row(label_of("PromiseKind", kind, language), *counts, *(_percent(share) for share in shares))
    return listed


def _figures(found: "Findings", kind: "PromiseKind") -> dict[str, int]:
    from complaints.backtest import Outcome

    return {
        "kept_before": found.count(kind, before=Outcome.KEPT),
        "kept_after": found.count(kind, after=Outcome.KEPT),
        "broken_before": found.count(kind, before=Outcome.BROKEN),
        "broken_after": found.count(kind, after=Outcome.BROKEN),
    }


def _share(kept: int, broken: int) -> float | None:
    return kept / (kept + broken) if kept + broken else None


def _percent(share: float | None) -> str:
    return f"{share:.1%}" if share is not None else "—"


def _cases(changes: "list[Change]", language: Tongue) -> "Table":
    from deploy.cli.render import table
    from deploy.cli.words import label_of

    listed = table(language, "backtest_cases", "reference", "promise", "before", "after", "due_after")
    for reference, verdict in changes:
        listed.add_row(
            reference,
            label_of("PromiseKind", verdict.kind, language),
            _outcome(verdict.before, language),
            _outcome(verdict.after, language),
            f"{verdict.due.astimezone():%Y-%m-%d %H:%M}" if verdict.due else "",
        )
    return listed


def _outcome(outcome: str, language: Tongue) -> str:
    from deploy.cli.words import label_of

    return text(language, "not_made") if outcome == "not_made" else label_of("PromiseState", outcome, language)


def _as_json(draft: "Policy", found: "Findings") -> dict[str, Any]:
    from complaints.vocabulary import PromiseKind

    return {
        "policy": {"name": draft.name, "version": draft.version, "hash": draft.fingerprint()},
        "cases": found.cases,
        "promises": {kind.value: _figures(found, kind) for kind in PromiseKind},
        "changed": [
            {
                "reference": reference,
                "promise": verdict.promise,
                "kind": verdict.kind.value,
                "before": verdict.before.value,
                "after": verdict.after.value,
                "start": verdict.start.isoformat(),
                "ended": verdict.ended.isoformat() if verdict.ended else None,
                "due": verdict.due.isoformat() if verdict.due else None,
            }
            for reference, verdict in found.changed
        ],
        "damaged": [{"reference": each.reference, "entry": each.entry} for each in found.damaged],
    }
