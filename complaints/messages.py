"""Messages: what is to be told to whom, before anybody has chosen its words or sent it."""

from pydantic import Field, JsonValue

from complaints.base import Line, Value
from complaints.parties import Route
from complaints.vocabulary import Language, MessageKind


class Recipient(Value):
    """Who is told, in which language, and the ways to reach them in the order to be tried."""

    name: Line
    language: Language
    routes: tuple[Route, ...] = ()


class Message(Value):
    """A message that a decision asks for.

    `id` is unique within its case (`progress-12`); with the reference it is the key under which it is sent once.
    `facts` is what its template may say, by the names listed in `notifications/templates/README.md`; instants in it
    are ISO 8601 in UTC, and `timezone` is where its reader lives.
    """

    reference: str
    id: str
    kind: MessageKind
    to: Recipient
    timezone: str
    facts: dict[str, JsonValue] = Field(default_factory=dict)

    def without_routes(self) -> "Message":
        """The message as it travels beside the one route that it is sent by."""
        to = Recipient(name=self.to.name, language=self.to.language)
        return self.model_copy(update={"to": to})

    @property
    def key(self) -> str:
        """The idempotency key: reference, kind and sequence."""
        return f"{self.reference}/{self.id}"
