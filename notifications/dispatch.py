"""From a message and a route to a letter on its way."""

import traceback
from collections.abc import Mapping

import structlog

from complaints.messages import Message
from complaints.parties import Route
from complaints.vocabulary import Channel
from notifications.errors import DeliveryError
from notifications.letters import Transport
from notifications.rendering import Renderer

log = structlog.get_logger(__name__)


class Dispatcher:
    """Puts messages into words and hands them to the transport of the route's channel, or else to the default."""

    def __init__(
        self, renderer: Renderer, transports: Mapping[Channel, Transport], default: Transport | None = None
    ) -> None:
        self._renderer = renderer
        self._transports = dict(transports)
        self._default = default

    async def deliver(self, message: Message, route: Route) -> None:
        """Deliver a message by one route.

        Raises DeliveryError: permanent where the message cannot be put into words, its channel is not set up or
        the other side refuses it for good; temporary for everything that may pass.
        """
        transport = self._transports.get(route.channel, self._default)
        if transport is None:
            raise DeliveryError(
                f"渠道 {route.channel} 尚未配置发送方式",
                f"nothing is set up to send on the channel {route.channel}",
                permanent=True,
            )
        letter = self._renderer.render(message)
        try:
            await transport.send(letter, route)
        except DeliveryError:
            raise
        except Exception as error:
            # Its text may quote the message or the address, so only its type and its place may be told.
            place = traceback.extract_tb(error.__traceback__)[-1]
            log.error(
                "transport_failed",
                reference=message.reference,
                message=message.id,
                channel=route.channel.value,
                error=type(error).__name__,
                place=f"{place.name}:{place.lineno}",
            )
            raise DeliveryError(
                f"渠道 {route.channel} 发送时发生意外错误（{type(error).__name__}）",
                f"unexpected {type(error).__name__} while sending on the channel {route.channel}",
                permanent=False,
            ) from None
