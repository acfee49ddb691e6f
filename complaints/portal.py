"""The customer's link: a token that cannot be guessed, follows from the case alone and dies with its generation.

The token is signed and never stored: whoever holds the secret can make it again. Raising the case's
`portal_generation` revokes every link sent before.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field

PORTAL_PATH = "/portal"
SHORTEST_SECRET = 16

_TOKEN = re.compile(r"(?P<code>[0-9A-HJKMNP-TV-Z]{10})-[a-z2-7]{32}", re.ASCII)


def portal_token(secret: bytes, code: str, generation: int) -> str:
    """The token of a case: its code, and 160 bits that only the secret's holder can compute."""
    signed = b"redress portal\0" + f"{code}\0{generation}".encode()
    digest = hmac.new(secret, signed, hashlib.sha256).digest()[:20]
    return f"{code}-{base64.b32encode(digest).decode().lower()}"


def verify(secret: bytes, token: str, code: str, generation: int) -> bool:
    """Whether the token is that of the case in its present generation; takes equally long whichever part is wrong."""
    return hmac.compare_digest(portal_token(secret, code, generation).encode(), token.encode(errors="replace"))


def without_tokens(text: str) -> str:
    """The text with every customer's token left out, for a reader who may not act as the customer."""
    return _TOKEN.sub("…", text)


def code_of(token: str) -> str | None:
    """The code of the case that a token claims to be for, unverified; None for what cannot be a token."""
    match = _TOKEN.fullmatch(token)
    return match["code"] if match else None


@dataclass(frozen=True)
class PortalLinks:
    """Makes the links that customers are sent: called with a case's code and generation, it answers with the address.

    Raises ValueError for a secret of fewer than 16 bytes.
    """

    public_url: str
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) < SHORTEST_SECRET:
            raise ValueError(f"the secret of the customers' links needs {SHORTEST_SECRET} bytes or more")

    def __call__(self, code: str, generation: int) -> str:
        return f"{self.public_url.rstrip('/')}{PORTAL_PATH}/{portal_token(self.secret, code, generation)}"
