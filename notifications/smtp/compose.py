"""A letter as a mail."""

import hashlib
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from complaints.vocabulary import Language
from notifications.letters import Letter

_SENDER_NAMES = {Language.CHINESE: "客户服务中心", Language.ENGLISH: "Customer Service"}

# Not every relay on the way is 8-bit clean, and a converted mail would no longer be the one that was sent.
_POLICY = SMTP.clone(cte_type="7bit")


def message_id(key: str, sender: str) -> str:
    """The Message-ID of a letter: the same for each attempt, so that mail systems can drop a repeat."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{sender.rpartition('@')[2]}>"


def compose(letter: Letter, sender: str, address: str, at: datetime) -> EmailMessage:
    """The mail that carries a letter: plain text and HTML, dated `at`. Raises ValueError for what is no address."""
    mail = EmailMessage(policy=_POLICY)
    mail["Message-ID"] = message_id(letter.key, sender)
    mail["Date"] = at
    mail["From"] = Address(display_name=_SENDER_NAMES[letter.language], addr_spec=sender)
    mail["To"] = Address(display_name=letter.to_name, addr_spec=address)
    mail["Subject"] = letter.subject
    # RFC 3834: absence notices and other machines do not answer to this.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Redress-Reference"] = letter.reference
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    # Last, for what is set before the content goes with the text part alone.
    mail["Content-Language"] = letter.language.value
    return mail
