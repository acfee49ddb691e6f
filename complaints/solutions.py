"""Solutions: SMART plans put to the customer, in rounds."""

from pydantic import Field

from complaints.base import Instant, Line, Text, Value
from complaints.vocabulary import Category, RemedyKind


class Remedy(Value):
    """One specific thing that is done for the customer."""

    kind: RemedyKind
    detail: Text


class Solution(Value):
    """A SMART plan: specific remedies, a measure, who does it, why it answers the complaint, and by when.

    A product-quality complaint's solution names three things more: how to return or exchange, what compensation there
    is, and what will be improved so that it does not happen again.
    """

    remedies: tuple[Remedy, ...] = Field(min_length=1, max_length=20, description="specific: what is done")
    measure: Text = Field(description="measurable: how everybody will see that it is done")
    owner: Line = Field(description="achievable: who does it")
    relevance: Text = Field(description="relevant: how it answers what was complained of")
    complete_by: Instant = Field(description="time-bound: by when it is done")
    return_procedure: Text | None = Field(default=None, description="how to return or exchange the product")
    compensation: Text | None = Field(default=None, description="what the customer gets for the trouble")
    improvement: Text | None = Field(default=None, description="what will be changed so that it stays away")

    def missing_for(self, category: str) -> tuple[str, ...]:
        """The names of the parts that a solution for this category must have and this one lacks."""
        if category != Category.PRODUCT_QUALITY:
            return ()
        parts = ("return_procedure", "compensation", "improvement")
        return tuple(part for part in parts if getattr(self, part) is None)


class Round(Value):
    """One round of putting a solution to the customer.

    `reached_at` is when they had it, and `heard_at` when they last spoke with us since, which begins their silence
    anew. Of that, `follow_ups` is the number of the last follow-up, `notice` the message that told them of what silence
    will mean, and `noticed_at` when it reached them.
    """

    number: int
    solution: Solution
    proposed_at: Instant
    reached_at: Instant | None = None
    heard_at: Instant | None = None
    follow_ups: int = 0
    notice: str | None = None
    noticed_at: Instant | None = None
    notice_until: Instant | None = None
    accepted_at: Instant | None = None
    accepted_by_silence: bool = False
    revision_asked_at: Instant | None = None
    revision_reason: Text | None = None
