"""The activities' names and payloads: all that the workflow knows of them."""

from datetime import timedelta

from complaints.base import Instant, Value
from complaints.events import Entry
from complaints.messages import Message
from complaints.parties import Route

SAVE = "save"
SEND = "send"
ASSIGN = "assign"
ALERT = "alert"
COLLECT = "collect"
SIFT = "sift"

DIGEST = "Digest"
"""The name of the workflow that keeps what waits for one person."""
ADD = "add"
"""The name of the signal that puts a message there."""


def records_queue(task_queue: str) -> str:
    """The task queue of what writes to the records, beside a worker's own: a locked database must not fill that one."""
    return f"{task_queue}-records"


class Unsaved(Value):
    """Entries to put into the records, ascending and without a gap."""

    reference: str
    entries: tuple[Entry, ...]


class Waiting(Value):
    """A message that waits until `due`, to be told with whatever else waits for the same person until then.

    `patience` is how long each of its channels is tried.
    """

    message: Message
    due: Instant
    patience: timedelta


class Gathered(Value):
    """Messages that have waited, without the ways to their reader, about to be told."""

    messages: tuple[Message, ...]


class Delivery(Value):
    """One message to be sent by one route; the message's other routes stay at home."""

    message: Message
    route: Route
