"""`redress demo`: a small cast plays what Redress keeps, and what it does when somebody does not."""

from typing import Annotated

import typer

from deploy.cli.session import Session, asking

PANEL = "开始 · Getting started"


def register(app: typer.Typer) -> None:
    """Add the commands of this part."""
    asking(app, "demo", role="agent", reads=True, panel=PANEL)(demo)


def demo(
    session: Session,
    own: Annotated[
        bool,
        typer.Option("--own", help="启动一套临时的 Redress，演完即删 · on a Redress of its own, removed afterwards"),
    ] = False,
) -> None:
    """演示：客户、客服和部门各演其事（约 80 秒）· Play a small cast of customers, agents and departments"""
    from deploy.cli.demo.playing import play

    if own:
        from deploy.cli.demo.own import own_redress

        with own_redress(session) as (url, key_of):
            raise typer.Exit(play(session, url, key_of, stays=False))
    from deploy.cli.session import key_of

    raise typer.Exit(play(session, session.url, key_of))
