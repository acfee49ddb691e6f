"""The headers that every answer carries: what a browser may do with it, and whom it may tell of it. Only here."""

import base64
import hashlib
from collections.abc import Mapping

from starlette.datastructures import MutableHeaders

from api.documenting import DOCS
from api.pages import STYLE

_NOTHING_ELSE = "frame-ancestors 'none'; base-uri 'none'"
_STYLE = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

PAGES_POLICY = (
    f"default-src 'none'; style-src 'self' 'sha256-{_STYLE}'; img-src 'self' data:; form-action 'self'; {_NOTHING_ELSE}"
)
"""The content security policy of every answer but one: no scripts, and no style but that of the pages."""

DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    f"form-action 'none'; {_NOTHING_ELSE}"
)
"""That of the documentation, whose scripts are our own host's and may ask nobody else."""

_ALWAYS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    # The address of a customer's page is their key: no other site is told of it.
    "Referrer-Policy": "no-referrer",
    # For browsers that do not know frame-ancestors.
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex",
}
_ONE_YEAR = 365 * 24 * 3600


def harden(headers: MutableHeaders, path: str, *, encrypted: bool) -> None:
    """Put them on the answer to a request for `path`, in place of what a route may have put there.

    `encrypted` says that the public address is an https one: only then are browsers told to insist on it. Whoever
    says nothing of how long an answer may be kept has it kept nowhere.
    """
    for name, value in _ALWAYS.items():
        headers[name] = value
    headers["Content-Security-Policy"] = DOCS_POLICY if path == DOCS else PAGES_POLICY
    if encrypted:
        headers["Strict-Transport-Security"] = f"max-age={_ONE_YEAR}"
    headers.setdefault("Cache-Control", "no-store")
