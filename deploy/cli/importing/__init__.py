"""`redress import`: complaints from a CSV file, each filed once however often the file is imported."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.session import Session, asking

PANEL = "客户与投诉 · Customers and complaints"


def register(app: typer.Typer) -> None:
    """Add the commands of this part."""
    asking(app, "import", role="channel", reads=True, panel=PANEL)(import_file)


def import_file(
    session: Session,
    file: Annotated[Path, typer.Argument(help="CSV 文件，第一行是列名 · a CSV file with a header")],
    map_: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="COLUMN=FIELD",
            help="哪一列是哪个字段，可重复：text=detail、id=external_id、who=customer.name · "
            "which column is which field; may be repeated",
        ),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="FIELD=VALUE",
            help="所有行相同的字段，可重复：channel=web · a field that is the same in every row; may be repeated",
        ),
    ] = None,
    key_column: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            help="区分投诉的列；默认按整行内容 · the column that tells complaints apart; default: the whole row",
        ),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help="文件编码，默认自动识别 UTF-8、UTF-16、GB18030 · encoding; recognised by itself")
    ] = None,
    delimiter: Annotated[
        str | None, typer.Option(help="分隔符，默认自动识别 · delimiter; recognised by itself")
    ] = None,
    parallel: Annotated[int, typer.Option(min=1, max=64, help="同时提交几条 · how many side by side")] = 8,
    patience: Annotated[
        int,
        typer.Option(min=0, metavar="SECONDS", help="Redress 停顿时等多久（秒）· how long to wait for Redress"),
    ] = 300,
    recent: Annotated[
        bool,
        typer.Option(
            "--recent",
            help="这些投诉刚刚发生：计入反复投诉和群体投诉；默认不计 · they happened just now: "
            "count them as repeated and group complaints; not counted by default",
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只看第一行会怎样提交 · show the first row only, file nothing")
    ] = False,
) -> None:
    """从 CSV 导入投诉，可重复执行 · File complaints from a CSV file; safe to repeat"""
    from deploy.cli.importing.mapping import Mapping
    from deploy.cli.importing.table import CsvTable

    table = CsvTable.open(file, encoding, delimiter)
    mapping = Mapping.of(map_ or [], set_ or [], key_column, table.columns)
    rows = sum(1 for _ in table.rows())
    if dry_run:
        session.say("import_dry")
        session.print_json(next((mapping.body(row.cells) for row in table.rows()), {}))
        return
    from deploy.cli.importing.running import run

    raise typer.Exit(run(session, table, mapping, rows, parallel, float(patience), recent))
