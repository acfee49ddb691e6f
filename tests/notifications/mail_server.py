"""A real SMTP server in the test's own loop, which keeps what it accepts and refuses what it is told to."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class MailServer:
    """`answers` are what it says to MAIL, RCPT, DATA and AUTH instead of yes; `quit_hangs` is how it says goodbye."""

    def __init__(self, *, quit_hangs: bool = False, password: str | None = None, **answers: str) -> None:
        self.accepted: list[Envelope] = []
        self.port = 0
        self.password = password
        self.logins: list[bool] = []
        self._answers = answers
        self._quit_hangs = quit_hangs

    @property
    def mails(self) -> list[EmailMessage]:
        """What was accepted, as a mail program reads it."""
        return [
            message_from_bytes(envelope.content, policy=default)  # type: ignore[arg-type]
            for envelope in self.accepted
        ]

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self._answers.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "RCPT" in self._answers:
            return self._answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        if "DATA" in self._answers:
            return self._answers["DATA"]
        self.accepted.append(envelope)
        return "250 OK"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        if self._quit_hangs:
            await asyncio.Event().wait()
        return "221 Bye"

    def login(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        right = data.password.decode() == self.password
        self.logins.append(right)
        return AuthResult(success=right, handled=False)


@asynccontextmanager
async def running(
    server: MailServer, *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None
) -> AsyncIterator[MailServer]:
    """The server, listening on 127.0.0.1: encrypted from the start, or when a client asks for it, or never."""
    loop = asyncio.get_running_loop()

    def session() -> SMTP:
        return SMTP(
            server,
            hostname="mail.example.com",
            loop=loop,
            enable_SMTPUTF8=False,
            auth_require_tls=False,
            authenticator=server.login if server.password else None,
            auth_required=server.password is not None,
            tls_context=starttls,
            require_starttls=starttls is not None,
        )

    listening = await loop.create_server(session, "127.0.0.1", 0, ssl=tls)
    async with listening:
        server.port = listening.sockets[0].getsockname()[1]
        yield server


@contextmanager
def nobody() -> Iterator[int]:
    """A port that is taken and on which nobody listens."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        yield silent.getsockname()[1]


@asynccontextmanager
async def speaking(talk: Talk) -> AsyncIterator[int]:
    """A server that treats each connection as it likes; yields its port."""
    listening = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with listening:
        yield listening.sockets[0].getsockname()[1]
