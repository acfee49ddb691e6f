import asyncio
import shutil
import ssl
import subprocess
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog.testing
from pydantic import ValidationError

from complaints.portal import PortalLinks
from complaints.vocabulary import Language, MessageKind
from notifications.errors import DeliveryError
from notifications.letters import Letter
from notifications.rendering import Renderer
from notifications.smtp import Smtp, SmtpSettings
from notifications.smtp.compose import compose, message_id
from tests.notifications.mail_server import MailServer, nobody, running, speaking
from tests.notifications.samples import REFERENCE, message, route

RENDERER = Renderer(PortalLinks("https://complaints.example.com", b"0123456789abcdef"))
SENDER = "redress@service.example.com"


def letter(language: Language = Language.CHINESE, kind: MessageKind = MessageKind.SOLUTION) -> Letter:
    return RENDERER.render(message(kind, language))


def smtp(port: int, **settings: object) -> Smtp:
    return Smtp(SmtpSettings(host="127.0.0.1", port=port, sender=SENDER, timeout=5, **settings))  # type: ignore[arg-type]


async def failure(transport: Smtp, address: str = "wang.fang@example.com") -> DeliveryError:
    """How sending fails; nothing personal is in it."""
    with pytest.raises(DeliveryError) as caught:
        await transport.send(letter(), route(address))
    for personal in ("wang", "fang", "王芳", "漏水"):
        assert personal not in str(caught.value)
    assert caught.value.__suppress_context__
    return caught.value


@pytest.mark.parametrize("language", Language)
async def test_a_mail_arrives_as_text_and_html_with_its_headers_intact(language):
    sent = letter(language)
    async with running(MailServer()) as server:
        await smtp(server.port).send(sent, route())
    (mail,), (envelope,) = server.mails, server.accepted
    assert envelope.mail_from == SENDER
    assert envelope.rcpt_tos == ["wang.fang@example.com"]
    assert mail["Subject"] == sent.subject
    assert mail["To"].addresses[0].display_name == "王芳"
    assert mail["To"].addresses[0].addr_spec == "wang.fang@example.com"
    assert mail["From"].addresses[0].addr_spec == SENDER
    assert mail["From"].addresses[0].display_name == {"zh": "客户服务中心", "en": "Customer Service"}[language]
    assert mail["Message-ID"] == message_id(sent.key, SENDER)
    assert mail["Message-ID"].endswith("@service.example.com>")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Redress-Reference"] == REFERENCE
    assert mail["Content-Language"] == language
    assert abs(mail["Date"].datetime - datetime.now(UTC)) < timedelta(minutes=1)
    assert mail.get_content_type() == "multipart/alternative"
    text, html = mail.get_body(["plain"]), mail.get_body(["html"])
    assert text
    assert html
    assert text.get_content().replace("\r\n", "\n") == sent.text
    assert html.get_content().replace("\r\n", "\n") == sent.html
    assert envelope.content.isascii()  # type: ignore[union-attr]


async def test_a_repeat_carries_the_same_message_id_and_another_letter_another():
    async with running(MailServer()) as server:
        for _ in range(2):
            await smtp(server.port).send(letter(), route())
        await smtp(server.port).send(replace(letter(), key=f"{REFERENCE}/solution-2"), route())
    first, repeat, other = (mail["Message-ID"] for mail in server.mails)
    assert first == repeat != other


async def test_nobody_can_add_a_header_or_a_recipient_by_what_they_write():
    with pytest.raises(ValidationError):
        message(name="王\r\nBcc: victim@example.com\r\n\r\nBody")
    poisoned = replace(letter(), subject="x", to_name="王 Bcc: victim@example.com")
    async with running(MailServer()) as server:
        await smtp(server.port).send(poisoned, route())
    (mail,), (envelope,) = server.mails, server.accepted
    assert mail["Bcc"] is None
    assert envelope.rcpt_tos == ["wang.fang@example.com"]
    for raw in (replace(letter(), subject="a\r\nBcc: b@example.com"), replace(letter(), to_name="a\nBcc: b@c.de")):
        with pytest.raises(ValueError, match=r"(?i)newline|linefeed|CR or LF|invalid"):
            compose(raw, SENDER, "wang.fang@example.com", datetime.now(UTC))


@pytest.mark.parametrize(
    "address",
    [
        "nobody",
        "portal",
        "wang@fang@example.com",
        "wang@example.com,fang@example.com",
        "wang@example.com, fang@example.com",
        "王芳 <wang@example.com>",
        "wang@example.com> RCPT TO:<fang@example.com",
        "王芳@example.com",
        "@example.com",
    ],
)
async def test_what_is_no_address_is_refused_for_good_and_nothing_is_sent(address):
    async with running(MailServer()) as server:
        assert (await failure(smtp(server.port), address)).permanent
    assert not server.accepted


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(("code", "permanent"), [(550, True), (500, True), (450, False), (421, False)])
async def test_a_5xx_is_for_good_and_a_4xx_may_pass(command, code, permanent):
    async with running(MailServer(**{command: f"{code} wang.fang@example.com is not welcome"})) as server:
        error = await failure(smtp(server.port))
    assert error.permanent is permanent
    assert str(code) in error.detail.zh
    assert str(code) in error.detail.en
    assert not server.accepted


async def test_a_server_that_refuses_the_connection_may_come_back():
    with nobody() as port:
        assert not (await failure(smtp(port))).permanent


async def test_a_host_without_an_address_may_get_one():
    transport = Smtp(SmtpSettings(host="mail.invalid", timeout=5, sender=SENDER))
    assert not (await failure(transport)).permanent


@pytest.mark.parametrize("greeting", [b"", b"220 mail.example.com\r\n"], ids=["at once", "after its greeting"])
async def test_a_hanging_server_holds_a_delivery_no_longer_than_the_timeout(greeting):
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await reader.read()
        writer.close()

    async with speaking(hang) as port:
        start = time.monotonic()
        error = await failure(Smtp(SmtpSettings(host="127.0.0.1", port=port, timeout=0.5, sender=SENDER)))
        assert time.monotonic() - start < 2
    assert not error.permanent
    assert "in time" in error.detail.en


async def test_a_server_that_is_slow_at_every_step_holds_a_delivery_no_longer_than_the_timeout():
    finished = asyncio.Event()

    async def dawdle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)
        writer.write(b"220 mail.example.com\r\n")
        while line := await reader.readline():
            await asyncio.sleep(0.3)
            writer.write(b"354 go on\r\n" if line.startswith(b"DATA") else b"250 OK\r\n")
            if line.startswith(b"DATA"):
                finished.set()
        writer.close()

    async with speaking(dawdle) as port:
        error = await failure(Smtp(SmtpSettings(host="127.0.0.1", port=port, timeout=0.5, sender=SENDER)))
    assert not error.permanent
    assert not finished.is_set()


@pytest.mark.parametrize("greeting", [b"", b"220 mail.example.com\r\n", b"nonsense\r\n", b"554 no\r\n"])
async def test_a_server_that_breaks_off_is_an_error_of_its_kind(greeting):
    async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await writer.drain()
        writer.close()

    async with speaking(break_off) as port:
        assert (await failure(smtp(port))).permanent is greeting.startswith(b"554")


async def test_an_accepted_mail_counts_as_sent_even_if_the_server_then_hangs(monkeypatch):
    monkeypatch.setattr("notifications.smtp.transport._GOODBYE_SECONDS", 0.2)
    async with running(MailServer(quit_hangs=True)) as server:
        start = time.monotonic()
        await smtp(server.port).send(letter(), route())
        assert time.monotonic() - start < 2
        assert len(server.accepted) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_a_log_in_is_used_and_a_refused_one_can_be_put_right():
    async with running(MailServer(password="right")) as server:
        await smtp(server.port, username="redress", password="right").send(letter(), route())
        error = await failure(smtp(server.port, username="redress", password="wrong"))
    assert server.logins[0]
    assert not server.logins[-1]
    assert len(server.accepted) == 1
    assert not error.permanent
    assert "wrong" not in str(error)


@pytest.mark.parametrize("tls", ["starttls", "tls"])
async def test_a_mail_that_must_be_encrypted_never_goes_out_in_clear(tls):
    async with running(MailServer()) as server:
        assert not (await failure(smtp(server.port, tls=tls))).permanent
    assert not server.accepted


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of this machine's own name that nobody has vouched for, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    request = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    request += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "certificate.pem"]
    subprocess.run(request, cwd=folder, check=True, capture_output=True)
    return folder / "certificate.pem"


@pytest.mark.parametrize("tls", ["starttls", "tls"])
async def test_an_encrypted_mail_goes_to_a_server_that_proves_its_name_and_to_no_other(tls, certificate, monkeypatch):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    async with running(MailServer(), **{tls: context}) as server:
        error = await failure(smtp(server.port, tls=tls))
        assert not error.permanent
        assert "encrypted" in error.detail.en
        assert not server.accepted
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        await smtp(server.port, tls=tls).send(letter(), route())
        assert len(server.accepted) == 1


async def test_nothing_personal_is_logged():
    with structlog.testing.capture_logs() as lines:
        async with running(MailServer(RCPT="550 wang.fang@example.com unknown")) as server:
            await failure(smtp(server.port))
        with nobody() as port:
            await failure(smtp(port, tls="starttls"))
    assert "wang" not in str(lines)


def test_the_password_is_not_part_of_the_settings_words():
    assert "hidden" not in repr(SmtpSettings(host="mail.example.com", password="hidden"))
