"""The pages that a browser shows: the customer's, the front page, and the interface's documentation.

Nothing comes from other hosts, and only the documentation has scripts. What a page may do, `api.headers` says.
"""

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

_environment = Environment(
    loader=PackageLoader("api"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)

STYLE = _environment.get_template("style.css").render()
"""What stands between <style> and </style> on every page; the headers allow this style and no other."""


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
    return HTMLResponse(content)


def trouble_page(trouble: Trouble, language: Language) -> HTMLResponse:
    """A problem as a customer reads it on a page."""
    content = _environment.get_template("trouble.html").render(
        language=language.value,
        title=TITLES[HTTPStatus(trouble.status)],
        detail=Bilingual(zh=trouble.extras["detail_zh"], en=trouble.extras["detail_en"]),
    )
    return HTMLResponse(content, status_code=trouble.status, headers=trouble.headers)


def front_page() -> HTMLResponse:
    return HTMLResponse(_environment.get_template("front.html").render(language="zh"))


def docs_page(assets: str) -> HTMLResponse:
    """The interface's documentation to try out; its scripts and its style lie below `assets`."""
    return HTMLResponse(_environment.get_template("docs.html").render(assets=assets))


def _names(kind: type[PromiseState] | type[RemedyKind]) -> dict[str, Bilingual]:
    return {str(term.value): text for term, text in LABELS[kind].items()}
