import pytest

from complaints.parties import Route
from complaints.portal import PortalLinks
from complaints.vocabulary import Channel, Language, MessageKind
from notifications.dispatch import Dispatcher
from notifications.errors import DeliveryError
from notifications.letters import Letter
from notifications.outbox import Outbox
from notifications.rendering import Renderer
from tests.notifications.samples import message, route

RENDERER = Renderer(PortalLinks("https://complaints.example.com", b"0123456789abcdef"))


class Broken:
    """A transport with a bug, whose complaint quotes what it was given."""

    async def send(self, letter: Letter, route: Route) -> None:
        raise KeyError(route.address)


async def test_a_message_goes_by_the_transport_of_its_channel(tmp_path):
    mail, rest = Outbox(tmp_path / "mail"), Outbox(tmp_path / "rest")
    dispatcher = Dispatcher(RENDERER, {Channel.EMAIL: mail}, rest)
    await dispatcher.deliver(message(language=Language.ENGLISH), route())
    (sent,) = mail.list().letters
    assert sent.subject.startswith("How your complaint is going")
    assert sent.address == route().address
    assert not rest.list().letters


async def test_a_channel_without_a_transport_goes_by_the_default(tmp_path):
    dispatcher = Dispatcher(RENDERER, {Channel.EMAIL: Broken()}, Outbox(tmp_path))
    await dispatcher.deliver(message(), route("+86 138 0000 0000", Channel.SMS))
    (sent,) = Outbox(tmp_path).list().letters
    assert sent.channel is Channel.SMS


async def test_a_channel_that_is_not_set_up_is_a_permanent_error(tmp_path):
    with pytest.raises(DeliveryError, match="sms") as caught:
        await Dispatcher(RENDERER, {Channel.EMAIL: Outbox(tmp_path)}).deliver(
            message(), route("+86 138 0000 0000", Channel.SMS)
        )
    assert caught.value.permanent


async def test_a_message_that_cannot_be_put_into_words_is_a_permanent_error_and_is_not_sent(tmp_path):
    outbox = Outbox(tmp_path)
    with pytest.raises(DeliveryError) as caught:
        await Dispatcher(RENDERER, {}, outbox).deliver(message(MessageKind.PROGRESS, facts={}), route())
    assert caught.value.permanent
    assert not outbox.list().letters


async def test_a_fault_of_a_transport_is_temporary_and_betrays_no_address():
    with pytest.raises(DeliveryError, match="KeyError") as caught:
        await Dispatcher(RENDERER, {}, Broken()).deliver(message(), route("wang.fang@example.com"))
    assert not caught.value.permanent
    assert "wang" not in str(caught.value)
    assert caught.value.__suppress_context__
