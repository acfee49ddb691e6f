"""The pages that a browser shows: the customer's, and the front page. No scripts, and nothing from other hosts."""

from datetime import datetime
from http import HTTPStatus
from zoneinfo import ZoneInfo

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from api.errors import Trouble
from api.problems import TITLES
from api.views import PortalView
from complaints.case import Case
from complaints.labels import LABELS
from complaints.parties import Bilingual
from complaints.vocabulary import Language, PromiseState, RemedyKind

_SAFE = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    # The address of the page is the customer's key: no other site is told of it.
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
_environment = Environment(
    loader=PackageLoader("api"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def portal_page(case: Case, action: str, key: str) -> HTMLResponse:
    """The customer's page of their case. Its forms post below `action`, under the idempotency key `key`."""
    zone = ZoneInfo(case.policy.timezone)

    def local(at: datetime | None) -> str:
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else "—"

    content = _environment.get_template("portal.html").render(
        language=case.complaint.customer.language.value,
        view=PortalView.of(case),
        states=_names(PromiseState),
        remedies=_names(RemedyKind),
        local=local,
        timezone=case.policy.timezone,
        action=action,
        key=key,
    )
    return HTMLResponse(content, headers=_SAFE)


def trouble_page(trouble: Trouble, language: Language) -> HTMLResponse:
    """A problem as a customer reads it on a page."""
    content = _environment.get_template("trouble.html").render(
        language=language.value,
        title=TITLES[HTTPStatus(trouble.status)],
        detail=Bilingual(zh=trouble.extras["detail_zh"], en=trouble.extras["detail_en"]),
    )
    return HTMLResponse(content, status_code=trouble.status, headers={**_SAFE, **(trouble.headers or {})})


def front_page() -> HTMLResponse:
    return HTMLResponse(_environment.get_template("front.html").render(language="zh"), headers=_SAFE)


def _names(kind: type[PromiseState] | type[RemedyKind]) -> dict[str, Bilingual]:
    return {str(term.value): text for term, text in LABELS[kind].items()}
