"""The commands that look: lists, one case, its history, the outbox."""

from typing import TYPE_CHECKING, Annotated

import typer

from deploy.cli.choices import EscalationStateName, PromiseKindName, StageName, TaskStateName
from deploy.cli.session import AsJson, Session, asking

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rich.console import RenderableType

    from deploy.cli.client import Json

PANEL = "查看 · Looking"

Reference = Annotated[str, typer.Argument(metavar="REF", help="投诉编号 · the reference of the complaint")]
Limit = Annotated[int, typer.Option(min=1, max=10_000, help="最多几条 · how many at the most")]


def register(app: typer.Typer) -> None:
    """Add the commands of this part."""
    asking(app, "list", role="agent", reads=True, panel=PANEL)(list_cases)
    asking(app, "show", role="agent", reads=True, panel=PANEL)(show)
    asking(app, "history", role="auditor", reads=True, panel=PANEL)(history)
    asking(app, "tasks", role="agent", reads=True, panel=PANEL)(tasks)
    asking(app, "escalations", role="supervisor", reads=True, panel=PANEL)(escalations)
    asking(app, "outbox", role="agent", reads=True, panel=PANEL)(outbox)


def list_cases(
    session: Session,
    stage: Annotated[StageName | None, typer.Option(help="阶段 · stage")] = None,
    level: Annotated[int | None, typer.Option(min=1, max=3, help="级别 · level")] = None,
    category: Annotated[str | None, typer.Option(help="投诉类型 · category")] = None,
    department: Annotated[str | None, typer.Option(help="有未完成任务的部门 · department with an open task")] = None,
    text: Annotated[str | None, typer.Option(help="包含的文字 · text that it holds")] = None,
    broken: Annotated[
        bool | None, typer.Option("--broken/--unbroken", help="有或没有失约 · with or without a broken promise")
    ] = None,
    broken_kind: Annotated[PromiseKindName | None, typer.Option(help="失约的种类 · which promise was broken")] = None,
    due_before: Annotated[
        str | None, typer.Option(metavar="TIME", help="期限早于，如 2026-11-21T18:00 · due before")
    ] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """列出投诉 · List complaints, with what is due next"""
    from deploy.cli.render import case_list
    from deploy.cli.words import aware

    filters = {
        "stage": stage,
        "level": level,
        "category": category,
        "department": department,
        "text": text,
        "broken": broken_kind if broken_kind is not None else broken,
        "due_before": aware(due_before),
    }
    _print_list(session, "/v1/complaints", filters, limit, as_json, lambda items: case_list(items, session.language))


def show(
    session: Session,
    reference: Reference,
    watch: Annotated[bool, typer.Option("--watch", help="持续刷新 · keep it up to date")] = False,
    as_json: AsJson = False,
) -> None:
    """查看投诉 · Show a complaint: its promises and the time left"""
    from deploy.cli.client import path_of

    path = path_of("complaints", reference)
    case = session.client().get(path)
    if as_json:
        session.print_json(case)
    elif watch:
        _watch(session, path, case)
    else:
        from deploy.cli.render import case_view

        session.console.print(case_view(case, session.language))


def _watch(session: Session, path: str, case: "Json") -> None:
    import time

    from rich.console import Group
    from rich.live import Live

    from deploy.cli.client import Problem
    from deploy.cli.render import case_view
    from deploy.refusal import Refusal

    hint = f"[dim]{session.text('watching')}[/]"
    with Live(console=session.console, auto_refresh=False, screen=session.console.is_terminal) as live:
        try:
            while True:
                live.update(Group(case_view(case, session.language), hint), refresh=True)
                time.sleep(1)
                try:
                    case = session.client().get(path)
                except Problem:
                    raise
                except Refusal:
                    continue  # a restart of the web server is no reason to stop looking
        except KeyboardInterrupt:
            pass
    session.console.print(case_view(case, session.language))


def history(
    session: Session,
    reference: Reference,
    engine: Annotated[bool, typer.Option("--engine", help="Temporal 自己的历史 · Temporal's own history")] = False,
    as_json: AsJson = False,
) -> None:
    """查看流水 · Show what happened to a complaint, in order"""
    from deploy.cli.client import path_of

    path = path_of("audit", "complaints", reference, "history" if engine else "journal")
    client = session.client()
    events = list(client.items(path, 1_000_000) if engine else client.entries(path))
    if as_json:
        session.print_json(events)
        return
    from deploy.cli.timeline import engine_history, timeline

    session.console.print((engine_history if engine else timeline)(events, session.language))


def tasks(
    session: Session,
    department: Annotated[str | None, typer.Option(help="部门 · department")] = None,
    state: Annotated[TaskStateName | None, typer.Option(help="状态 · state")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """列出协作任务 · List the departments' tasks"""
    from deploy.cli.render import task_list

    filters = {"department": department, "state": state}
    _print_list(session, "/v1/tasks", filters, limit, as_json, lambda items: task_list(items, session.language))


def escalations(
    session: Session,
    state: Annotated[EscalationStateName | None, typer.Option(help="状态 · state")] = None,
    level: Annotated[int | None, typer.Option(min=0, max=3, help="级别 · level")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """列出升级 · List escalations"""
    from deploy.cli.render import escalation_list

    filters = {"state": state, "level": level}
    _print_list(
        session, "/v1/escalations", filters, limit, as_json, lambda items: escalation_list(items, session.language)
    )


def outbox(
    session: Session,
    key: Annotated[str | None, typer.Argument(help="消息的键；不给则列出 · a letter's key")] = None,
    reference: Annotated[str | None, typer.Option(metavar="REF", help="只看这件投诉 · of one complaint only")] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """查看发件箱 · Show what was sent"""
    from deploy.cli.render import letter_list, letter_view

    if key is None:
        filters = {"reference": reference}
        _print_list(session, "/v1/outbox", filters, limit, as_json, lambda items: letter_list(items, session.language))
        return
    from deploy.cli.client import path_of

    letter = session.client().get(path_of("outbox", *key.split("/")))
    if as_json:
        session.print_json(letter)
    else:
        session.console.print(letter_view(letter, session.language))


def _print_list(
    session: Session,
    path: str,
    filters: "Mapping[str, object]",
    limit: int,
    as_json: bool,
    render: "Callable[[list[Json]], RenderableType]",
) -> None:
    # One more than is shown tells whether there is more.
    items = list(session.client().items(path, limit + 1, **filters))
    if as_json:
        session.print_json(items[:limit])
    elif not items:
        session.say("none_found", style="dim")
    else:
        session.console.print(render(items[:limit]))
        if len(items) > limit:
            session.say("more", style="dim")
