"""Messages sent: to customers and agents, to departments, to whoever must hear at once."""

from collections.abc import Awaitable, Callable

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.names import ALERT, ASSIGN, SEND, Delivery
from notifications.dispatch import Dispatcher
from notifications.errors import DeliveryError

UNDELIVERABLE = "undeliverable"
"""The type of a failure that no further attempt will mend."""

DELIVERY_FAILED = "delivery_failed"
"""The type of a failure that may pass."""

log = structlog.get_logger(__name__)


class Messages:
    """The activities that deliver a message by one route.

    They may run more than once for one message; its key makes a repeat recognisable. Each raises ApplicationError,
    of type `undeliverable` (never retried) or `delivery_failed`, whose words hold nothing personal.
    """

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher

    def all(self) -> list[Callable[[Delivery], Awaitable[None]]]:
        """The activities to register with a worker."""
        return [self.send, self.assign, self.alert]

    @activity.defn(name=SEND)
    async def send(self, delivery: Delivery) -> None:
        """Tell a customer or the agent."""
        await self._deliver(delivery)

    @activity.defn(name=ASSIGN)
    async def assign(self, delivery: Delivery) -> None:
        """Ask a department for its part."""
        await self._deliver(delivery)

    @activity.defn(name=ALERT)
    async def alert(self, delivery: Delivery) -> None:
        """Tell a colleague at once."""
        await self._deliver(delivery)

    async def _deliver(self, delivery: Delivery) -> None:
        message, route = delivery.message, delivery.route
        line = log.bind(
            reference=message.reference,
            message=message.id,
            kind=message.kind.value,
            channel=route.channel.value,
            attempt=activity.info().attempt,
        )
        try:
            await self._dispatcher.deliver(message, route)
        except DeliveryError as error:
            line.warning("message_not_delivered", permanent=error.permanent, why=str(error))
            # Not chained: Temporal stores a failure with its causes, in clear.
            raise ApplicationError(
                str(error),
                type=UNDELIVERABLE if error.permanent else DELIVERY_FAILED,
                non_retryable=error.permanent,
            ) from None
        line.info("message_delivered")
