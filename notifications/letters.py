"""Letters, and what carries them."""

from dataclasses import dataclass
from typing import Protocol

from complaints.parties import Route
from complaints.vocabulary import Language, MessageKind


@dataclass(frozen=True)
class Letter:
    """A message in words. `subject` and `to_name` are one line each; `to_name` is empty where none may be shown."""

    key: str
    reference: str
    kind: MessageKind
    language: Language
    to_name: str
    subject: str
    text: str
    html: str


class Transport(Protocol):
    """One way of sending letters; each has a folder of its own in this package."""

    async def send(self, letter: Letter, route: Route) -> None:
        """Send a letter to the route's address; returns once somebody else has taken charge of it.

        May be called again with the same letter, which must then be recognisable as a repeat by its key.
        Raises DeliveryError, which says whether trying again makes sense.
        """
        ...
