"""What is asked in a body: the fields of the domain's commands, strictly, and nothing else."""

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model
from pydantic_core import PydanticKnownError

from api.body import Strictly
from complaints.base import Instant, Line, Text
from complaints.commands import BaseCommand
from complaints.parties import Complaint, Customer
from complaints.solutions import Remedy, Solution
from complaints.vocabulary import Channel, Level

_CARRIED = frozenset(BaseCommand.model_fields) | {"type"}
_BEGINNING = 40
_UNPRINTED = re.compile(r"[\x00-\x1f\x7f]")


def _whole(value: Any) -> Any:
    """Python takes true and 1.0 for 1; a level is neither."""
    if isinstance(value, bool | float):
        raise PydanticKnownError("int_type")
    return value


def _numbered(annotation: Any) -> Any:
    return Annotated[annotation, BeforeValidator(_whole)]


class Asked(BaseModel):
    """A body: unknown members are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def given(self) -> dict[str, Any]:
        """What was said, without what was left to its default."""
        return {name: getattr(self, name) for name in type(self).model_fields if name in self.model_fields_set}


def body_of(command: type[BaseCommand], named_in_path: str | None = None) -> type[Asked]:
    """The body that asks for a command: the command's own fields, but for the one that the path names."""
    fields: dict[str, Any] = {
        name: (_numbered(field.rebuild_annotation()) if name == "level" else field.rebuild_annotation(), field)
        for name, field in command.model_fields.items()
        if name not in _CARRIED and name != named_in_path
    }
    return create_model(f"{command.__name__}Body", __base__=Asked, __doc__=command.__doc__, **fields)


class ComplaintBody(Asked):
    """A complaint. Without a subject, the beginning of its text is its subject."""

    channel: Channel
    customer: Customer
    detail: Text
    subject: Line | None = None
    category: Line = "other"
    level: Annotated[Level, BeforeValidator(_whole)] = Level.GENERAL
    complex: bool = False
    product: Line | None = None
    order_number: Line | None = None
    external_id: Line | None = None

    def complaint(self, *, imported: bool = False) -> Complaint:
        """The complaint as it is filed; `imported` where it is one of many that are brought in together."""
        known = {**self.given(), "subject": self.subject or beginning_of(self.detail)}
        return Complaint.model_validate(known | ({"imported": True} if imported else {}))


class SolutionBody(Asked):
    """A SMART solution; with `told_on`, the customer has been told already."""

    remedies: tuple[Remedy, ...] = Field(min_length=1, max_length=20)
    measure: Text
    owner: Line
    relevance: Text
    complete_by: Instant
    return_procedure: Text | None = None
    compensation: Text | None = None
    improvement: Text | None = None
    told_on: Channel | None = None

    def solution(self) -> Solution:
        said = self.given()
        said.pop("told_on", None)
        return Solution.model_validate(said)


class DecisionBody(Asked):
    """What the customer decided; a revision needs its reason."""

    accept: bool
    reason: Text | None = None


class RecordedDecisionBody(DecisionBody):
    """What the customer decided, as staff records it; a revision may name what is done again and what made good."""

    reopen: tuple[Line, ...] | None = Field(default=None, max_length=100)
    compensate: tuple[Line, ...] | None = Field(default=None, max_length=100)

    def tasks(self) -> dict[str, tuple[str, ...]]:
        """The tasks that are named."""
        named = {"reopen": self.reopen, "compensate": self.compensate}
        return {name: tasks for name, tasks in named.items() if tasks is not None}


class SurveyBody(Asked):
    """The customer's answers to the open questions, in their order."""

    satisfied: bool
    answers: tuple[Text, ...] = Field(default=(), max_length=20)


class AnswerBody(Asked):
    """The customer's answer to a question that was put to them."""

    text: Text


def beginning_of(detail: str) -> str:
    """A subject for who wrote none: the first line of the text that says something, or its first characters."""
    lines = (" ".join(_UNPRINTED.sub(" ", line).split()) for line in detail.splitlines())
    line = next(filter(None, lines), "…")
    return line if len(line) <= _BEGINNING else line[: _BEGINNING - 1].rstrip() + "…"


Complaining = Annotated[ComplaintBody, Strictly()]
Proposing = Annotated[SolutionBody, Strictly()]
Deciding = Annotated[DecisionBody, Strictly()]
Recording = Annotated[RecordedDecisionBody, Strictly()]
Answering = Annotated[SurveyBody, Strictly()]
Replying = Annotated[AnswerBody, Strictly()]
