"""The command line `redress`: everything that a person does with Redress from a terminal, over HTTP.

What a command needs is imported when it runs, so that help comes at once.
"""

import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from deploy.cli import demo, filing, foreseeing, importing, policy, reading, together, working


class _Bilingual(TyperGroup):
    """Says why a command could not be done in one sentence, and what typer says in both languages."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        from typer import rich_utils

        rich_utils.ARGUMENTS_PANEL_TITLE = "参数 · Arguments"
        rich_utils.OPTIONS_PANEL_TITLE = "选项 · Options"
        rich_utils.COMMANDS_PANEL_TITLE = "命令 · Commands"
        rich_utils.ERRORS_PANEL_TITLE = "用法有误 · Usage"
        rich_utils.ABORTED_TEXT = "已中止 · Aborted"
        rich_utils.RICH_HELP = "帮助 · Help: [blue]'{command_path} {help_option}'[/]"
        rich_utils.DEFAULT_STRING = "[默认 · default: {}]"
        rich_utils.REQUIRED_LONG_STRING = "[必填 · required]"
        return super().main(*args, **kwargs)

    def invoke(self, context: Any) -> Any:
        # Nothing can be refused before pydantic is loaded; help does not wait for it.
        try:
            return super().invoke(context)
        except Exception as error:
            refusal = sys.modules.get("deploy.refusal")
            if refusal is None or not isinstance(error, refusal.Refusal):
                raise
            _say(error)
            raise typer.Exit(error.exit_code) from None


def _say(refusal: Any) -> None:
    from rich.console import Console

    from deploy.cli.language import tongue

    sentence = refusal.zh if tongue() == "zh" else refusal.en
    Console(stderr=True, highlight=False).print(sentence, style="bold red", markup=False, soft_wrap=True)


app = typer.Typer(
    name="redress",
    cls=_Bilingual,
    help="投诉处理：每一项承诺都有时限 · Complaints, each promise with its clock",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", is_eager=True, help="版本 · the version")] = False,
) -> None:
    if version:
        from importlib.metadata import version as version_of

        typer.echo(f"redress {version_of('redress')}")
        raise typer.Exit


@app.command("up", help="启动 Redress：引擎、工作进程和接口 · Start Redress: engine, worker and interface")
def _up() -> None:
    from deploy.local import main

    raise typer.Exit(main())


for _part in (filing, reading, foreseeing, working, together, importing, policy, demo):
    _part.register(app)
