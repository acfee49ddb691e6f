"""Delivering a message: one channel of its recipient after the other, each for as long as patience lasts."""

from datetime import timedelta
from typing import NamedTuple

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.names import Delivery
    from complaints.messages import Message
    from complaints.vocabulary import Channel
    from workflows.retries import DELIVERY_ATTEMPT, DELIVERY_RETRIES
    from workflows.summaries import of_delivery


class Outcome(NamedTuple):
    """What became of a message: the channel that carried it, if any, and those that did not."""

    channel: Channel | None
    tried: tuple[str, ...]


async def deliver(activity: str, message: Message, patience: timedelta) -> Outcome:
    """Try the recipient's channels in order, by an activity of that name."""
    tried: list[str] = []
    for route in message.to.routes:
        try:
            await workflow.execute_activity(
                activity,
                Delivery(message=message.without_routes(), route=route),
                start_to_close_timeout=DELIVERY_ATTEMPT,
                schedule_to_close_timeout=patience,
                retry_policy=DELIVERY_RETRIES,
                summary=of_delivery(message, route.channel),
            )
        except ActivityError:
            tried.append(route.channel)
            continue
        return Outcome(route.channel, tuple(tried))
    return Outcome(None, tuple(tried))
