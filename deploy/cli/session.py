"""What every command shares: where Redress is, as whom it is asked, and in which language it is answered."""

import inspect
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec

import typer

from deploy.cli.language import Tongue, tongue
from deploy.cli.texts import text

if TYPE_CHECKING:
    from rich.console import Console

    from deploy.cli.client import Client, Json

P = ParamSpec("P")

Url = Annotated[
    str | None,
    typer.Option(
        envvar="REDRESS_URL",
        metavar="URL",
        help="Redress 的地址 · where Redress is",
        rich_help_panel="连接 · Connection",
    ),
]
As = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="ROLE",
        help="以哪个角色：agent、supervisor、department:logistics…… · as which role",
        rich_help_panel="连接 · Connection",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序使用 · print JSON, for programs")]
Key = Annotated[
    str | None,
    typer.Option(
        metavar="KEY",
        help="幂等键：重复时不会再做一次 · idempotency key: a repeat is not done twice",
        rich_help_panel="连接 · Connection",
    ),
]


class Session:
    """One command's conversation with Redress."""

    def __init__(
        self, role: str, *, url: str | None = None, as_role: str | None = None, key: str | None = None
    ) -> None:
        """`role` is the one that usually does this; `as_role` the one asked for; `key` the idempotency key."""
        self.language: Tongue = tongue()
        self.key = key
        self._usual_role = role
        self._as_role = as_role
        self._asked_url = url
        self._clients: dict[str | None, Client] = {}

    @cached_property
    def console(self) -> "Console":
        from rich.console import Console

        return Console(highlight=False)

    @cached_property
    def url(self) -> str:
        """Where Redress is: as asked, or where the settings put the web server. Raises Refusal."""
        from deploy.cli.client import failed
        from deploy.settings import Settings

        url = (self._asked_url or Settings.load().local_url).rstrip("/")
        if not url.startswith(("http://", "https://")):
            raise failed("bad_url", exit_code=2)
        return url

    def client(self, role: str | None = None) -> "Client":
        """Redress as a role sees it; what was asked for by `--as` or REDRESS_KEY comes first. Raises Refusal."""
        from deploy.cli.client import Client

        role = self._as_role or role or self._usual_role
        if role not in self._clients:
            given = os.environ.get("REDRESS_KEY") if self._as_role is None else None
            self._clients[role] = Client(self.url, given or key_of(role), self.language)
        return self._clients[role]

    def has_own_key(self) -> bool:
        """Whether it is settled already as whom to ask."""
        return self._as_role is not None or "REDRESS_KEY" in os.environ

    def text(self, key: str, **values: object) -> str:
        return text(self.language, key, **values)

    def say(self, key: str, *, style: str | None = None, **values: object) -> None:
        """Print a text of the catalogue, unbroken, so that what stands in it can be copied."""
        self.console.print(self.text(key, **values), style=style, markup=False, soft_wrap=True)

    def print_json(self, content: object) -> None:
        import json

        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))

    def close(self) -> None:
        for client in self._clients.values():
            client.close()

    def settle(self, reference: str, version: int) -> None:
        """Wait until what was just done can be read, so that the next command sees it; not for long."""
        from deploy.cli.client import path_of
        from deploy.refusal import Refusal

        with suppress(Refusal):
            self.client().get(path_of("complaints", reference), at_least=version)

    def receipt(self, path: str, body: "Json", role: str | None = None, *, reference: str | None = None) -> None:
        """Ask for one command on a case and say what it led to. Parts that are None are left out."""
        from deploy.cli.words import label_of

        asked = {name: value for name, value in body.items() if value is not None}
        receipt = self.client(role).post(path, asked, self.key)
        if reference is not None:
            self.settle(reference, receipt["version"])
        stage = label_of("Stage", receipt.get("stage"), self.language)
        self.say("done", stage=stage, version=receipt.get("version"), style="green")
        if made := receipt.get("made"):
            self.say("made", ids=", ".join(made))


def key_of(role: str) -> str:
    """The key of a role, from the data folder. Raises Refusal where there is none."""
    import json

    from deploy.cli.client import failed
    from deploy.credentials import credentials_path
    from deploy.settings import Settings

    path = credentials_path(Settings.load().data_dir)
    try:
        keys = json.loads(path.read_bytes())
    except FileNotFoundError:
        keys = {}
    except (OSError, ValueError):
        raise failed("keys_broken", path=path) from None
    if not isinstance(keys, dict) or not isinstance(keys.get(role), str):
        raise failed("no_key", role=role, path=path)
    key: str = keys[role]
    return key


def asking(
    app: typer.Typer, name: str, *, role: str, reads: bool = False, panel: str | None = None
) -> Callable[[Callable[Concatenate[Session, P], None]], Callable[Concatenate[Session, P], None]]:
    """Make a function a command that asks Redress: it is given a Session, and its callers get --url and --as.

    A command that `reads` has its own --json where it takes one; one that writes gets --key.
    """

    def decorate(function: Callable[Concatenate[Session, P], None]) -> Callable[Concatenate[Session, P], None]:
        added: dict[str, Any] = {"url": Url, "as_role": As} | ({} if reads else {"key": Key})

        def command(**values: Any) -> None:
            session = Session(role, **{each: values.pop(each) for each in added})
            try:
                function(session, **values)  # type: ignore[call-arg]
            finally:
                session.close()

        own = list(inspect.signature(function).parameters.values())[1:]
        extra = [
            inspect.Parameter(each, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
            for each, kind in added.items()
        ]
        parameters = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in own] + extra
        command.__doc__ = function.__doc__
        command.__annotations__ = {each.name: each.annotation for each in parameters}
        command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        help_text = (function.__doc__ or "").split("\n")[0]
        app.command(name, help=help_text, rich_help_panel=panel)(command)
        return function

    return decorate
