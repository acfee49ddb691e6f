"""What a back-test says of each promise."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from complaints.vocabulary import PromiseKind


class NotAJournal(ValueError):
    """Entries that are no whole journal: one is missing, or the first does not file the complaint."""


class Outcome(StrEnum):
    """What becomes of a promise; `not_made` is one that there would have been no occasion for."""

    KEPT = "kept"
    BROKEN = "broken"
    WAIVED = "waived"
    OPEN = "open"
    NOT_MADE = "not_made"


class Verdict(NamedTuple):
    """What became of a promise, and what would have under the draft.

    `ended` is when its duty was done or dropped, None while neither was; `due` when it would have been due under the
    draft, None where a hold stood in the way to the end.
    """

    promise: str
    kind: PromiseKind
    start: datetime
    ended: datetime | None
    due: datetime | None
    before: Outcome
    after: Outcome

    @property
    def changed(self) -> bool:
        return self.before is not self.after
