from collections.abc import AsyncIterator

import pytest
import structlog.testing
from temporalio import activity
from temporalio.api.failure.v1 import Failure
from temporalio.converter import DefaultFailureConverter, DefaultPayloadConverter
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.messages import DELIVERY_FAILED, UNDELIVERABLE, Messages
from activities.names import ALERT, ASSIGN, SEND, Delivery
from complaints.portal import PortalLinks
from complaints.vocabulary import Channel, MessageKind
from notifications.dispatch import Dispatcher
from notifications.outbox import Outbox
from notifications.rendering import Renderer
from notifications.smtp import Smtp, SmtpSettings
from tests.notifications.mail_server import MailServer, running
from tests.notifications.samples import REFERENCE, message, route

RENDERER = Renderer(PortalLinks("https://complaints.example.com", b"0123456789abcdef"))
DELIVERY = Delivery(message=message(), route=route())


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with running(MailServer()) as server:
        yield server


def by_mail(server: MailServer) -> Messages:
    settings = SmtpSettings(host="127.0.0.1", port=server.port, timeout=5, sender="redress@example.com")
    return Messages(Dispatcher(RENDERER, {Channel.EMAIL: Smtp(settings)}))


async def failure(messages: Messages, delivery: Delivery = DELIVERY) -> ApplicationError:
    """How an activity fails; what Temporal stores of it holds nothing personal."""
    with pytest.raises(ApplicationError) as caught:
        await ActivityEnvironment().run(messages.send, delivery)
    stored = Failure()
    DefaultFailureConverter().to_failure(caught.value, DefaultPayloadConverter(), stored)
    for personal in ("wang", "王芳", "仓库"):
        assert personal not in str(stored)
        assert personal.encode() not in stored.SerializeToString()
    assert not stored.HasField("cause")
    return caught.value


def test_the_activities_have_the_names_that_the_workflow_calls(tmp_path):
    messages = Messages(Dispatcher(RENDERER, {}, Outbox(tmp_path)))
    names = [activity._Definition.must_from_callable(each).name for each in messages.all()]
    assert names == [SEND, ASSIGN, ALERT]


@pytest.mark.parametrize("number", range(3), ids=[SEND, ASSIGN, ALERT])
async def test_each_activity_delivers_its_message_and_answers_with_nothing(server, number):
    assert await ActivityEnvironment().run(by_mail(server).all()[number], DELIVERY) is None
    (mail,) = server.mails
    assert mail["X-Redress-Reference"] == REFERENCE


async def test_a_second_run_is_recognisable_as_a_repeat(server):
    for _ in range(2):
        await ActivityEnvironment().run(by_mail(server).send, DELIVERY)
    assert len({mail["Message-ID"] for mail in server.mails}) == 1


async def test_a_refusal_for_good_is_never_retried():
    async with running(MailServer(RCPT="550 wang.fang@example.com unknown")) as server:
        error = await failure(by_mail(server))
    assert error.type == UNDELIVERABLE
    assert error.non_retryable


async def test_a_failure_that_may_pass_is_retried():
    async with running(MailServer(DATA="451 busy with wang.fang@example.com")) as server:
        error = await failure(by_mail(server))
    assert error.type == DELIVERY_FAILED
    assert not error.non_retryable


async def test_a_message_without_its_facts_is_undeliverable(server):
    delivery = Delivery(message=message(MessageKind.SOLUTION, facts={"round": "仓库"}), route=route())
    error = await failure(by_mail(server), delivery)
    assert error.type == UNDELIVERABLE
    assert not server.accepted


async def test_a_channel_that_is_not_set_up_is_undeliverable(server):
    delivery = Delivery(message=message(), route=route("+86 138 0000 0000", Channel.SMS))
    assert (await failure(by_mail(server), delivery)).type == UNDELIVERABLE


async def test_the_log_names_the_case_and_the_message_and_nobody(server):
    with structlog.testing.capture_logs() as lines:
        await ActivityEnvironment().run(by_mail(server).send, DELIVERY)
        async with running(MailServer(RCPT="550 wang.fang@example.com unknown")) as refusing:
            await failure(by_mail(refusing))
    assert [line["event"] for line in lines] == ["message_delivered", "message_not_delivered"]
    assert {line["reference"] for line in lines} == {REFERENCE}
    assert {line["message"] for line in lines} == {"progress-1"}
    for personal in ("wang", "王芳", "仓库"):
        assert personal not in str(lines)
