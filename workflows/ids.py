"""Names and payloads that the engine's callers and its workers share: ids, activities, what goes in and comes out."""

import hashlib
from datetime import datetime
from typing import Self

from pydantic import model_validator

from complaints.base import Line, Text, Value
from complaints.case import Case
from complaints.commands import Command, FileComplaint
from complaints.vocabulary import EscalationLevel

WORKFLOW = "Complaint"
ACT = "act"
CASE = "case"
ESCALATE = "escalate"
UNDELIVERED = "undelivered"

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10


class Opening(Value):
    """What a run of the workflow starts with: a complaint to file, or the case that an earlier run handed over."""

    filing: FileComplaint | None = None
    case: Case | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.filing is None) == (self.case is None):
            raise ValueError("either a complaint to file or a case to carry on")
        return self

    def carried(self) -> Case:
        """The case that an earlier run handed over. Raises ValueError where there is none."""
        if self.case is None:
            raise ValueError("there is no case to carry on")
        return self.case


class Request(Value):
    """What the `act` update carries: a command, and the id under which its asker knows the case.

    The id is the case's reference, or that of one of its tasks or escalations.
    """

    subject: str
    command: Command


class EscalationSignal(Value):
    """What the `escalate` signal carries; small enough to be typed by hand."""

    level: EscalationLevel
    reason: Text
    by: Line = "supervisor"


class Undelivered(Value):
    """What the `undelivered` signal carries: a message that waited with others, and the channels that all failed."""

    message: str
    tried: tuple[str, ...]


def workflow_id(reference: str) -> str:
    """The id of the workflow that keeps a complaint, from its reference or from the id of its task or escalation.

    Only the code is part of it: `C-20261121-7F3K9QX2M4`, `T-7F3K9QX2M4-1` and `E-7F3K9QX2M4-1` lead to one workflow.
    Raises ValueError where there is no code in it.
    """
    parts = reference.split("-")
    if len(parts) != 3:
        raise ValueError("not the id of a complaint, a task or an escalation")
    code = parts[2] if parts[0] == "C" else parts[1]
    if len(code) != CODE_LENGTH or not set(code) <= set(ALPHABET):
        raise ValueError("not the id of a complaint, a task or an escalation")
    return f"complaint-{code}"


def intake_key(caller: str, key: str) -> str:
    """What tells one request to file from every other: the caller and its own idempotency key, hashed."""
    return hashlib.sha256(f"{caller}\0{key}".encode()).hexdigest()


def reference_for(intake: str, at: datetime, attempt: int = 0) -> str:
    """The reference of the case filed under an intake key, e.g. `C-20261121-7F3K9QX2M4`.

    The code follows from the key alone, so that a repeated request finds the same workflow on whichever day it comes;
    `attempt` counts on where a code is taken by another key.
    """
    number = int.from_bytes(hashlib.sha256(f"{intake}/{attempt}".encode()).digest()[:8], "big")
    code = "".join(ALPHABET[(number >> (5 * place)) & 31] for place in range(CODE_LENGTH))
    return f"C-{at:%Y%m%d}-{code}"
