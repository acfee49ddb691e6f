"""Who complains, who acts on it, and what was complained of."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from complaints.base import Line, Slug, Text, Value
from complaints.vocabulary import Channel, Language, Level, Role

EmailAddress = Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s<>,;\"\\]+@[^@\s<>,;\"\\]+$")]
PhoneNumber = Annotated[str, StringConstraints(max_length=32, pattern=r"^\+?[0-9][0-9 ()\-]{2,30}$")]


class Bilingual(Value):
    """A text in the two languages of Redress."""

    zh: Line
    en: Line

    def in_(self, language: Language) -> str:
        return self.zh if language is Language.CHINESE else self.en


class Route(Value):
    """One way of reaching somebody: a channel and the address on it."""

    channel: Channel
    address: Line


class Customer(Value):
    """Who complained, and how they can be reached."""

    name: Line
    language: Language = Language.CHINESE
    preferred_channel: Channel | None = None
    email: EmailAddress | None = None
    phone: PhoneNumber | None = None
    social: Line | None = None
    tier: Slug | None = Field(default=None, description="a group of customers that the policy knows, e.g. vip")
    region: Line | None = None

    @model_validator(mode="after")
    def _reachable_as_preferred(self) -> Self:
        needed = {
            Channel.EMAIL: self.email,
            Channel.PHONE: self.phone,
            Channel.SMS: self.phone,
            Channel.SOCIAL: self.social,
        }
        if self.preferred_channel in needed and not needed[self.preferred_channel]:
            raise ValueError("the preferred channel needs its address or number")
        return self

    def routes(self) -> tuple[Route, ...]:
        """Every written way to the customer, the preferred one first; the portal for one who left no address."""
        known = ((Channel.EMAIL, self.email), (Channel.SMS, self.phone), (Channel.SOCIAL, self.social))
        routes = [Route(channel=channel, address=address) for channel, address in known if address]
        written = Channel.SMS if self.preferred_channel is Channel.PHONE else self.preferred_channel
        routes.sort(key=lambda route: route.channel is not written)
        return tuple(routes) or (Route(channel=Channel.WEB, address="portal"),)


class Colleague(Value):
    """Somebody of the company, as a customer or a colleague may read it: a name and how to reach them."""

    name: Line
    email: EmailAddress | None = None
    phone: PhoneNumber | None = None

    def routes(self) -> tuple[Route, ...]:
        """Every written way to this colleague."""
        known = ((Channel.EMAIL, self.email), (Channel.SMS, self.phone))
        return tuple(Route(channel=channel, address=address) for channel, address in known if address)


class Actor(Value):
    """Who asked for something: a role, the name of the key or person, and the department if it speaks for one."""

    role: Role
    name: Line
    department: Line | None = None


CLOCK = Actor(role=Role.SYSTEM, name="clock")
"""The actor of everything that time itself brings about."""

MESSENGER = Actor(role=Role.SYSTEM, name="messenger")
"""The actor that reports what became of a message."""


class Complaint(Value):
    """What the customer reported, as it was accepted."""

    channel: Channel
    customer: Customer
    subject: Line
    detail: Text
    category: Line = "other"
    level: Level = Level.GENERAL
    complex: bool = Field(default=False, description="known at intake to need the longer resolution time")
    product: Line | None = None
    order_number: Line | None = None
    external_id: Line | None = Field(default=None, description="the complaint's id in the system it came from")
    imported: bool = Field(
        default=False,
        description="one of many that were brought in together, whenever they happened: neither counted among recent "
        "complaints nor judged by them",
    )
