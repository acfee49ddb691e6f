"""Steps: the effects that a decision asks for, each told apart by how it must be treated."""

from typing import Literal

from complaints.base import Instant, Tagged
from complaints.messages import Message


class Send(Tagged):
    """Tell a customer or the agent, in order with what they were told before."""

    type: Literal["send"] = "send"
    message: Message


class Assign(Tagged):
    """Ask a department for its part, in order with what it was asked before."""

    type: Literal["assign"] = "assign"
    message: Message


class Alert(Tagged):
    """Tell a colleague at once, whatever else is under way."""

    type: Literal["alert"] = "alert"
    message: Message


class Collect(Tagged):
    """Tell a colleague at `due`, together with whatever else waits for them until then."""

    type: Literal["collect"] = "collect"
    message: Message
    due: Instant


Step = Send | Assign | Alert | Collect
"""Saving is no step: every decision is saved."""
