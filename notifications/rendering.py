"""Messages put into words: Jinja2 templates, a folder per kind and language."""

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from jinja2 import (
    BaseLoader,
    Environment,
    PackageLoader,
    StrictUndefined,
    TemplateNotFound,
    UndefinedError,
    select_autoescape,
)
from pydantic import ValidationError

from complaints.messages import Message
from complaints.vocabulary import MessageKind
from notifications.errors import DeliveryError
from notifications.facts import FACTS, Digest, Gathered
from notifications.filters import FILTERS
from notifications.letters import Letter

PortalLink = Callable[[str, int], str]
"""Makes a customer's link from a case's code and portal generation; see `complaints.portal.PortalLinks`."""

NAMELESS = frozenset({MessageKind.ACKNOWLEDGEMENT, MessageKind.SUGGESTION_THANKS})
"""Kinds sent before anybody has looked at the complaint. They carry nothing that its sender wrote, not even the name,
or anyone could file a complaint in order to have us carry their words to somebody else's address."""

LONGEST_SUBJECT, LONGEST_WORDS = 200, 300


class Line(NamedTuple):
    """One message in a digest: which case it is about, when what it asks for is due, and its own subject and words."""

    reference: str
    subject: str
    due: datetime | None
    words: tuple[str, ...]


def _urgency(line: Line) -> tuple[bool, datetime, str]:
    return line.due is None, line.due or datetime.max.replace(tzinfo=UTC), line.reference


class Renderer:
    """Renders messages into letters, in the recipient's language.

    `links` makes the customer's link of a case. What people wrote is data to the templates, never template; in HTML
    it is escaped.
    """

    def __init__(self, links: PortalLink, loader: BaseLoader | None = None) -> None:
        self._links = links
        self._environment = Environment(
            loader=loader or PackageLoader("notifications", "templates"),
            autoescape=select_autoescape(enabled_extensions=("html",), default=False),
            undefined=StrictUndefined,
            finalize=_never_nothing,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters.update(FILTERS)

    def render(self, message: Message) -> Letter:
        """The letter that a message becomes. Raises DeliveryError (permanent) if its template or facts forbid it."""
        try:
            known = self._known(message)
            folder = f"{message.kind}/{message.to.language}"
            subject, text, html = (
                self._environment.get_template(f"{folder}/{name}").render(known)
                for name in ("subject.txt", "text.txt", "html.html")
            )
        except Exception as error:
            why_zh, why_en = _why(error)
            # Not chained: what went wrong may quote what somebody wrote.
            raise DeliveryError(
                f"无法生成消息 {message.kind}（{message.to.language}）：{why_zh}",
                f"cannot render the message {message.kind} ({message.to.language}): {why_en}",
                permanent=True,
            ) from None
        return Letter(
            key=message.key,
            reference=message.reference,
            kind=message.kind,
            language=message.to.language,
            to_name="" if message.kind in NAMELESS else one_line(message.to.name),
            subject=one_line(subject)[:LONGEST_SUBJECT],
            text=_printable(text).strip() + "\n",
            html=_printable(html).strip() + "\n",
        )

    def _known(self, message: Message) -> dict[str, Any]:
        facts = FACTS[message.kind].model_validate(message.facts)
        known: dict[str, Any] = {name: getattr(facts, name) for name in type(facts).model_fields}
        if (generation := known.pop("portal_generation", None)) is not None:
            known["portal"] = self._links(message.reference.rsplit("-", 1)[1], generation)
        known |= {
            "reference": message.reference,
            "kind": message.kind,
            "language": message.to.language,
            "timezone": message.timezone,
        }
        if message.kind not in NAMELESS:
            known["to"] = message.to
        if isinstance(facts, Digest):
            known["items"] = sorted((self._line(item, message) for item in facts.items), key=_urgency)
        return known

    def _line(self, item: Gathered, digest: Message) -> Line:
        """What a digest says of one message: the subject and the body that it would have had by itself."""
        message = digest.model_copy(update={"reference": item.reference, "kind": item.kind, "facts": item.facts})
        folder, known = f"{item.kind}/{digest.to.language}", self._known(message)
        subject = one_line(self._environment.get_template(f"{folder}/subject.txt").render(known))[:LONGEST_SUBJECT]
        text = self._environment.get_template(f"{folder}/text.txt")
        body = "".join(text.blocks["body"](text.new_context(known)))
        words = tuple(_excerpt(stripped) for line in body.splitlines() if (stripped := line.strip()))
        due = item.facts.get("ack_due") or item.facts.get("due")
        return Line(item.reference, subject, datetime.fromisoformat(str(due)) if due else None, words)


def _excerpt(words: str) -> str:
    return words if len(words) <= LONGEST_WORDS else f"{words[: LONGEST_WORDS - 1]}…"


def one_line(text: str) -> str:
    """The text as a single line, without control characters: fit for a subject or a display name."""
    return _printable(" ".join(text.split()))


def _printable(text: str) -> str:
    """The text without what no mail may hold: control characters (but tab, line feed) and halves of characters."""
    return "".join(char for char in text if char in "\t\n" or unicodedata.category(char) not in ("Cc", "Cs"))


def _never_nothing(value: object) -> object:
    if value is None:
        raise UndefinedError("a fact that is not there")
    return value


def _why(error: Exception) -> tuple[str, str]:
    if isinstance(error, ValidationError):
        names = ", ".join(sorted({".".join(map(str, each["loc"])) for each in error.errors()}))[:80]
        return f"内容项缺失或有误：{names}", f"facts missing or wrong: {names}"
    if isinstance(error, TemplateNotFound):
        return "没有模板", "there is no template"
    if isinstance(error, UndefinedError):
        return "模板用到了没有的变量", "its template uses a variable that is not there"
    return f"模板出错（{type(error).__name__}）", f"its template failed ({type(error).__name__})"
