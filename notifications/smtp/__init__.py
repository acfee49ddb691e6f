"""Mail by SMTP."""

from notifications.smtp.settings import SmtpSettings
from notifications.smtp.transport import Smtp

__all__ = ["Smtp", "SmtpSettings"]
