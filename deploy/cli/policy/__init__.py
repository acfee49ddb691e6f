"""`redress policy`: what the policy says, without a running Redress."""

import typer

from deploy.cli.policy import backtesting, checking, due, migrating, versions

PANEL = "时限规则 · The policy"

policy = typer.Typer(
    help="时限规则：检查、发布、何时到期、为什么 · The policy: checked, published, what is due when, and why",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
"""The commands of this part; all but `migrate` ask no running Redress."""

for _part in (checking, due, versions, migrating, backtesting):
    _part.register(policy)


def register(app: typer.Typer) -> None:
    """Add the commands of this part."""
    app.add_typer(policy, name="policy", rich_help_panel=PANEL)
