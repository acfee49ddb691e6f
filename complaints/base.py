"""What every value of the domain has in common."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, StringConstraints


def _in_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("lies outside the calendar") from None


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A point in time; always carried in UTC."""

_STORABLE = r"^[^\x00]*$"
# No database keeps the character NUL, and nobody ever meant to write it.
_ON_ONE_LINE = r"^[^\x00-\x1f\x7f\u2028\u2029]*$"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000, pattern=_STORABLE)]
"""Something a person wrote."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_ON_ONE_LINE)]
"""A name, a title, an address: one short line."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""A name within a policy: of a category, a department, a calendar, a rule."""


class Value(BaseModel):
    """An immutable value: two with the same content are the same, and unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Tagged(Value):
    """A member of a discriminated union; its `type` is part of what is stored even where nobody set it.

    Payloads are stored without the fields that nobody set, so that they stay small; the tag must not go with them.
    """

    def model_post_init(self, context: Any, /) -> None:
        self.__pydantic_fields_set__.add("type")
