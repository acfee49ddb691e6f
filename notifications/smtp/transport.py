"""The SMTP transport: one connection per letter, so that a broken one harms no other."""

import asyncio
import ssl
from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage

import aiosmtplib
import structlog
from pydantic import TypeAdapter

from complaints.parties import EmailAddress, Route
from notifications.errors import DeliveryError
from notifications.letters import Letter
from notifications.smtp.compose import compose
from notifications.smtp.settings import SmtpSettings

log = structlog.get_logger(__name__)

_ADDRESS = TypeAdapter[str](EmailAddress)
_GOODBYE_SECONDS = 2


class Smtp:
    """Sends letters through a mail server. A repeat has the same Message-ID, whatever became of the one before."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings

    async def send(self, letter: Letter, route: Route) -> None:
        """Send one letter; returns once the server has accepted it.

        Raises DeliveryError: permanent for an address that is none and for a server's 5xx, temporary for a 4xx, a
        refused log-in, and a server that is away, breaks off or takes longer than the timeout.
        """
        mail = self._compose(letter, route)
        client = self._client()
        try:
            async with asyncio.timeout(self._settings.timeout):
                await client.connect()
                refused, _ = await client.send_message(mail, sender=self._settings.sender, recipients=[route.address])
        except Exception as error:
            raise _failure(error, letter.reference) from None
        else:
            if refused:
                raise _refused(max(response.code for response in refused.values()))
            # It is accepted. Nothing from here on may make it look otherwise, or it would be sent twice.
            with suppress(Exception):
                async with asyncio.timeout(_GOODBYE_SECONDS):
                    await client.quit()
        finally:
            client.close()

    def _compose(self, letter: Letter, route: Route) -> EmailMessage:
        try:
            if not route.address.isprintable():
                raise ValueError("control characters")
            _ADDRESS.validate_python(route.address)
            return compose(letter, self._settings.sender, route.address, datetime.now(UTC))
        except ValueError:
            raise DeliveryError(
                "收件地址不是有效的邮件地址", "the address is not an e-mail address", permanent=True
            ) from None

    def _client(self) -> aiosmtplib.SMTP:
        settings = self._settings
        return aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            username=settings.username,
            password=settings.password,
            use_tls=settings.tls == "tls",
            start_tls=settings.tls == "starttls",
            timeout=settings.timeout,
        )


def _failure(error: Exception, reference: str) -> DeliveryError:
    match error:
        case aiosmtplib.SMTPAuthenticationError(code=code):
            # Our password is wrong, not their mail: that is put right while the mail waits.
            return _temporary(f"邮件服务器拒绝登录（{code}）", f"the mail server refused the log-in ({code})")
        case aiosmtplib.SMTPRecipientsRefused(recipients=recipients):
            return _refused(max(each.code for each in recipients))
        case aiosmtplib.SMTPResponseException(code=code):
            return _refused(code)
        case aiosmtplib.SMTPNotSupported():
            return DeliveryError(
                "邮件服务器不支持该地址", "the mail server does not support this address", permanent=True
            )
        case _ if _tls_failed(error):
            return _temporary("无法与邮件服务器建立加密连接", "no encrypted connection to the mail server")
        case ValueError():
            return DeliveryError("收件地址不是有效的邮件地址", "the address is not an e-mail address", permanent=True)
        case TimeoutError():
            return _temporary("邮件服务器没有及时应答", "the mail server did not answer in time")
        case OSError():
            return _temporary("无法连接邮件服务器，或连接中断", "the mail server cannot be reached, or broke off")
    log.warning("smtp_failed", reference=reference, error=type(error).__name__)
    name = type(error).__name__
    return _temporary(f"邮件发送失败（{name}）", f"sending the mail failed ({name})")


def _tls_failed(error: Exception) -> bool:
    return isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError)


def _refused(code: int) -> DeliveryError:
    # The server's own words are left out: they like to repeat the address.
    if code >= 500:
        return DeliveryError(
            f"邮件服务器拒收（{code}）", f"the mail server refused the mail for good ({code})", permanent=True
        )
    return _temporary(f"邮件服务器暂时拒收（{code}）", f"the mail server refused the mail for now ({code})")


def _temporary(zh: str, en: str) -> DeliveryError:
    return DeliveryError(zh, en, permanent=False)
