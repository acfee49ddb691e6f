"""A real SMTP server in a thread of its own, which keeps what it accepts and can strike at the worst moment."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from typing import Protocol

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.temporal import free_port

SENDER = "redress@localhost"
"""Whom mails come from where the settings name nobody else."""


AROUND = 1.5
"""Seconds that an acknowledgement may take on a busy machine."""


class Victim(Protocol):
    """A process that a strike hits."""

    def freeze(self) -> None: ...
    def kill(self) -> None: ...


@dataclass(frozen=True)
class Mail:
    """A mail whose content the server has taken charge of; `at` is the time of day, in seconds."""

    id: str
    reference: str
    to: str
    at: float


Strike = Callable[[SMTP], Awaitable[None]]


class Post:
    """The server's memory and its plans. A strike happens once, at the next mail to its address."""

    def __init__(self) -> None:
        self.port = free_port()
        self.refuses: str | None = None
        """What every recipient is refused with, e.g. `550 No such user`."""
        self.struck = threading.Event()
        """Set when a strike has happened."""
        self._strikes: list[float] = []
        self._mails: list[Mail] = []
        self._at_recipient: dict[str, Strike] = {}
        self._before_answer: dict[str, Strike] = {}
        self._lock = threading.Lock()

    @property
    def mails(self) -> tuple[Mail, ...]:
        with self._lock:
            return tuple(self._mails)

    @property
    def unknowable(self) -> set[str]:
        """The ids of mails that were accepted so close to a strike that their sender could not tell anybody."""
        return {mail.id for mail in self.mails if any(abs(mail.at - at) < AROUND for at in self._strikes)}

    def to(self, address: str) -> list[Mail]:
        return [mail for mail in self.mails if mail.to == address]

    def kill_while_sending(self, address: str, victim: Victim) -> None:
        """The sender is killed in the middle of the conversation; nothing was accepted."""

        async def strike(_: SMTP) -> None:
            victim.kill()
            await asyncio.Event().wait()

        self._at_recipient[address] = strike

    def kill_before_answering(self, address: str, victim: Victim) -> None:
        """The sender is killed once the mail is here and before it is told so."""

        async def strike(_: SMTP) -> None:
            victim.kill()

        self._before_answer[address] = strike

    def kill_after_answering(self, address: str, victim: Victim) -> None:
        """The sender is told that the mail is accepted, and killed before it can tell anybody."""

        async def strike(server: SMTP) -> None:
            victim.freeze()
            await server.push("250 OK")
            victim.kill()

        self._before_answer[address] = strike

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuses:
            return self.refuses
        if strike := self._at_recipient.pop(address, None):
            self._strikes.append(time.time())
            self.struck.set()
            await strike(server)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        read = message_from_bytes(content, policy=default)
        (address,) = envelope.rcpt_tos
        mail = Mail(str(read["Message-ID"]), str(read["X-Redress-Reference"]), address, time.time())
        with self._lock:
            self._mails.append(mail)
        if strike := self._before_answer.pop(address, None):
            self._strikes.append(mail.at)
            await strike(server)
            self.struck.set()
        return "250 OK"


@contextmanager
def running_post(post: Post | None = None) -> Iterator[Post]:
    """The server, listening on 127.0.0.1: a new one, or one that was away until now."""
    post = post or Post()
    controller = Controller(post, hostname="127.0.0.1", port=post.port, enable_SMTPUTF8=False)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()
