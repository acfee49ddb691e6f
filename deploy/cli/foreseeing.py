"""`redress outlook`: what will fire if nobody acts."""

from typing import TYPE_CHECKING, Annotated

import typer

from deploy.cli.language import Tongue
from deploy.cli.session import AsJson, Session, asking
from deploy.cli.texts import text

if TYPE_CHECKING:
    from rich.table import Table

    from deploy.cli.client import Json

PANEL = "查看 · Looking"
REFERENCES_SHOWN = 3

WHAT: dict[str, tuple[str, str]] = {
    "warning": ("到期提醒", "warning"),
    "update_sent": ("自动进展通报", "automatic update"),
    "breach": ("失约", "breach"),
    "escalation": ("升级", "escalation"),
    "hold_over": ("挂起结束", "hold over"),
    "message": ("发送消息", "message"),
    "acceptance": ("默认接受方案", "accepted by silence"),
    "closing": ("结案", "closed"),
    "finish": ("终结", "finished"),
}
"""What can fire, in words."""

STYLES = {"breach": "bold red", "escalation": "red", "warning": "yellow"}


def register(app: typer.Typer) -> None:
    """Add the commands of this part."""
    asking(app, "outlook", role="agent", reads=True, panel=PANEL)(outlook)


def outlook(
    session: Session,
    reference: Annotated[
        str | None, typer.Argument(metavar="REF", help="投诉编号；不给则按小时汇总 · one complaint; else hour by hour")
    ] = None,
    hours: Annotated[int, typer.Option(min=1, max=744, help="未来多少小时 · how many hours ahead")] = 24,
    department: Annotated[str | None, typer.Option(help="只看该部门的任务 · this department's tasks")] = None,
    team: Annotated[str | None, typer.Option(help="只看该团队 · this team's")] = None,
    as_json: AsJson = False,
) -> None:
    """若无人处理会发生什么 · What will fire, when, to whom, if nobody acts"""
    from deploy.cli.client import failed, path_of

    client = session.client()
    if reference is None:
        seen = client.get("/v1/outlook", hours=hours, department=department, team=team)
    elif department is not None or team is not None:
        raise failed("outlook_one", exit_code=2)
    else:
        seen = client.get(path_of("complaints", reference, "outlook"), hours=hours)
    if as_json:
        session.print_json(seen)
    elif reference is None:
        _say_hours(session, seen)
    else:
        _say_case(session, seen, hours)


def _say_case(session: Session, seen: "Json", hours: int) -> None:
    from datetime import timedelta

    from deploy.cli.words import instant, local

    until = local(seen["until"])
    if seen["items"]:
        session.console.print(_items(seen["items"], until, session.language))
    else:
        session.say("outlook_nothing", until=until)
    begun, ended = instant(seen["at"]), instant(seen["until"])
    if begun and ended and ended - begun < timedelta(hours=hours):
        session.say("outlook_cut", style="yellow")


def _items(items: "list[Json]", until: str, language: Tongue) -> "Table":
    from rich.text import Text

    from deploy.cli.render import table
    from deploy.cli.words import label_of, local

    listed = table(language, "outlook", "time", "will_fire", "about", "to")
    listed.title = text(language, "outlook_title", until=until)
    for each in items:
        about = (
            label_of("MessageKind", each["message"], language) if each["what"] == "message" else "",
            label_of("PromiseKind", each["kind"], language),
            label_of("EscalationLevel", each["level"], language),
            label_of("HoldReason", each["hold"], language),
            each["task"],
        )
        to = each["to"] or ""
        if each["told_at"]:
            to = text(language, "told_later", to=to, at=local(each["told_at"]))
        listed.add_row(
            local(each["at"]),
            Text(what(each["what"], language), STYLES.get(each["what"], "")),
            " · ".join(part for part in about if part),
            Text(to),
        )
    return listed


def _say_hours(session: Session, seen: "Json") -> None:
    session.console.print(_hours(seen["hours"], seen["until"], session.language))
    if seen["left_out"]:
        session.say("outlook_left_out", cases=seen["cases"], left_out=seen["left_out"], style="yellow")
    if seen["cut"]:
        session.say("outlook_part", cut=seen["cut"], style="yellow")


def _hours(hours: "list[Json]", until: str, language: Tongue) -> "Table":
    from deploy.cli.render import table
    from deploy.cli.words import instant, local

    found = [name for name in WHAT if any(name in hour["counts"] for hour in hours)]
    listed = table(language, "outlook", "hour")
    listed.title = text(language, "outlook_title", until=local(until))
    for name in found:
        listed.add_column(what(name, language), justify="right")
    listed.add_column(text(language, "total"), justify="right")
    listed.add_column(text(language, "cases_there"), overflow="fold")
    for hour in hours:
        start = instant(hour["start"])
        counts = [str(hour["counts"].get(name, "")) for name in found]
        listed.add_row(f"{start.astimezone():%m-%d %H:%M}" if start else "", *counts, str(hour["total"]), _cases(hour))
    return listed


def _cases(hour: "Json") -> str:
    shown = list(hour["references"])[:REFERENCES_SHOWN]
    more = len(hour["references"]) - len(shown) + hour["more"]
    return ", ".join(shown) + (f" +{more}" if more else "")


def what(name: str, language: Tongue) -> str:
    """What fires, in words."""
    words = WHAT.get(name)
    return name if words is None else words[0 if language == "zh" else 1]
