"""Which mail server, and as whom."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class SmtpSettings:
    """How to reach the mail server. `timeout`: seconds for one whole delivery; `sender`: a bare address."""

    host: str
    port: int = 25
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: Literal["none", "starttls", "tls"] = "none"
    timeout: float = 20
    sender: str = "redress@localhost"
