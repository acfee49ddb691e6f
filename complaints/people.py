"""Who is told what, and when: the people and teams of a policy, and the steps of its escalation chain."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from complaints.base import Line, Slug, Value
from complaints.parties import Bilingual, Colleague, EmailAddress
from complaints.terms import Minutes
from complaints.worktime import Days, covers


class Notice(Value):
    """When somebody wishes to be told of what can wait.

    Outside the calendar `quiet_outside` nothing that can wait is sent; `digest_minutes` collects what comes for so
    long. Either way all that has waited comes in one message. Red alerts and escalations from level 2 never wait.
    """

    quiet_outside: Slug | None = None
    digest_minutes: Minutes | None = None


class Person(Colleague, Notice):
    """A colleague on the chain; `absent` are days on which they are passed over, in the policy's time zone."""

    absent: tuple[Days, ...] = ()

    def is_absent(self, day: date) -> bool:
        return any(covers(days, day) for days in self.absent)

    def colleague(self) -> Colleague:
        """The person as a message is addressed to them."""
        return Colleague(name=self.name, email=self.email, phone=self.phone)


class Team(Notice):
    """People who work together. Its own address, if it has one, is told by its terms; so are members without any."""

    name: Bilingual
    members: tuple[Slug, ...] = Field(min_length=1)
    email: EmailAddress | None = None


class Shift(Value):
    """Who is on call while a calendar is open, in the order in which they are asked."""

    calendar: Slug
    people: tuple[Slug, ...] = Field(min_length=1)


class ChainStep(Value):
    """Who stands on one step of the escalation chain, and how long they have to acknowledge.

    Asked first is who is on call at that moment (`on_call`: the first shift whose calendar is open, or where nobody of
    it is there the next that is), then `people` in their order: the one in charge and the deputies; last `person`, one
    colleague, who is there but on the days on which the policy's people of the same address are absent.
    """

    title: Bilingual
    person: Colleague | None = None
    people: tuple[Slug, ...] = ()
    on_call: tuple[Shift, ...] = ()
    ack_minutes: Minutes | None = None

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if self.person is None and not self.people:
            raise PydanticCustomError(
                "step_empty", "needs a person, or people: somebody must be told when nobody is on call"
            )
        return self


class Silence(Value):
    """What follows when a customer does not answer a solution, in minutes since it reached them.

    They are asked again at each of `follow_up_minutes`, told at `last_notice_minutes` that silence will count as
    acceptance, and at `accept_minutes` it does.
    """

    follow_up_minutes: tuple[Minutes, ...] = ()
    last_notice_minutes: Minutes
    accept_minutes: Minutes
    calendar: Annotated[Slug, Field(description="on which the minutes are counted")] = "always"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        times = [*self.follow_up_minutes, self.last_notice_minutes, self.accept_minutes]
        if times != sorted(set(times)):
            raise PydanticCustomError(
                "silence_order", "must come in this order: the follow-ups, the last notice, acceptance, each later"
            )
        return self


class Tier(Value):
    """A group of customers with promises of its own."""

    name: Bilingual
    note: Line | None = None
