"""`redress policy publish` and `redress policy list`: the versions of this installation's policies."""

from typing import TYPE_CHECKING, Annotated

import typer

from deploy.cli.language import tongue
from deploy.cli.policy.checking import File, examined, tell
from deploy.cli.session import AsJson
from deploy.cli.texts import text

if TYPE_CHECKING:
    from sqlalchemy import Engine


def register(app: typer.Typer) -> None:
    """Add the commands of this part."""
    app.command("publish", help="发布新版本，已受理的投诉不变 · Publish a version; running cases stay as they are")(
        publish
    )
    app.command("list", help="已发布的版本，哪一个现行 · The published versions, and which is in force")(list_versions)


def publish(
    file: File,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="由谁发布 · who publishes it")] = None,
) -> None:
    """Publish a policy file in the records; no Redress need be running, and one that runs notices it by itself.

    Once it is published, nothing that is wrong with the policy of this installation makes the command fail.
    """
    found = examined(file)
    tell(found)
    if found.policy is None:
        raise typer.Exit(1)
    from zoneinfo import ZoneInfo

    from deploy.cli.words import dated
    from deploy.policies import load_policy
    from deploy.policies.publishing import published
    from deploy.refusal import Refusal
    from deploy.settings import Settings

    language, engine = tongue(), _records()
    try:
        version, new = published(engine, found.policy, by)
    finally:
        engine.dispose()
    at = dated(version.effective_from, ZoneInfo(found.policy.timezone))
    said = {"name": version.name, "version": version.version, "at": at}
    typer.echo(text(language, "policy_published" if new else "policy_known", **said))
    try:
        configured = load_policy(Settings.load().policy)
    except Refusal as broken:
        typer.secho(broken.zh if language == "zh" else broken.en, fg="yellow")
        return
    if configured.name != version.name:
        said = {"name": version.name, "configured": configured.name}
        typer.secho(text(language, "policy_of_another_name", **said), fg="yellow")
    if added := sorted(found.policy.departments.keys() - configured.departments.keys()):
        typer.secho(text(language, "policy_new_departments", departments=", ".join(added)), fg="yellow")


def list_versions(as_json: AsJson = False) -> None:
    """List the published versions of all policies, and which of each is in force now."""
    import json
    from datetime import UTC, datetime
    from itertools import groupby
    from zoneinfo import ZoneInfo

    from rich.console import Console

    from deploy.cli.render import table
    from deploy.cli.words import dated
    from deploy.refusal import Refusal
    from records.errors import RecordsError
    from records.queries import Queries
    from records.results import version_in_force

    language, engine, now = tongue(), _records(), datetime.now(UTC)
    try:
        queries = Queries(engine)
        versions = queries.policy_versions()
        contents = (queries.policy(each.name, each.version) for each in versions)
        zones = [ZoneInfo(policy.timezone) if policy else UTC for policy in contents]
    except RecordsError as error:
        raise Refusal(error.zh, error.en) from None
    finally:
        engine.dispose()
    current = {version_in_force(same, now) for _, same in groupby(versions, key=lambda each: each.name)}
    if as_json:
        content = [each.model_dump(mode="json") | {"in_force": each in current} for each in versions]
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    listed = table(language, "policy_versions", "policy", "version", "hash", "effective_from", "published", "in_force")
    for each, zone in zip(versions, zones, strict=True):
        mark = text(language, "yes") if each in current else ""
        at, by = dated(each.published_at, zone), f" · {each.published_by}" if each.published_by else ""
        listed.add_row(each.name, each.version, each.hash, dated(each.effective_from, zone), f"{at}{by}", mark)
    Console(highlight=False).print(listed)


def _records() -> "Engine":
    """The records of this installation, with their tables up to date. Raises Refusal."""
    from deploy.prepare import make_data_folder, migrate_records
    from deploy.settings import Settings
    from records.engine import connect

    settings = Settings.load()
    make_data_folder(settings)
    migrate_records(settings)
    return connect(settings.database_url)
