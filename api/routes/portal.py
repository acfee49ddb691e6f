"""The portal: what a customer sees and answers by the link that they were sent, as JSON and as a page."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from api.asking import AnswerBody, Answering, Deciding, DecisionBody, Replying, SurveyBody
from api.body import fingerprint, is_plain
from api.context import fresh_id
from api.desk import AtDesk, Desk, Key, Once, Services, Serving
from api.documenting import for_customers
from api.errors import EngineAway, Trouble, language_of
from api.pages import portal_page, trouble_page
from api.routes.handling import decision
from api.validation import what_is_wrong
from api.views import PortalView, ReceiptView
from complaints.case import Case, Receipt
from complaints.commands import AnswerSurvey, BaseCommand, RecordAnswer
from complaints.parties import Actor
from complaints.portal import code_of, verify
from complaints.vocabulary import Channel, Role
from records.errors import RecordsUnavailable

router = APIRouter(tags=["portal"])

_FIRST_GENERATION = 1
T = TypeVar("T", DecisionBody, SurveyBody, AnswerBody)


async def _case_behind(token: str, desk: Desk, services: Services) -> Case:
    """The case that a token opens. Raises Trouble, always the same, for every token that opens none."""
    code = code_of(token)
    if code is None:
        raise Trouble("link_unknown")
    # Only a link that we signed is worth waiting for.
    fresh = verify(services.secret, token, code, _FIRST_GENERATION)
    case = await (desk.case_behind(code) if fresh else desk.read(services.queries.case_by_code, code))
    if case is None or case.is_finished or not verify(services.secret, token, code, case.portal_generation):
        raise Trouble("link_unknown")
    return case


def _carried(key: Key) -> dict[str, Any]:
    return key.of(Actor(role=Role.CUSTOMER, name="portal"))


async def _act(desk: Desk, case: Case, command: BaseCommand) -> Receipt:
    return await desk.act("reference_unknown", case.reference, command)


@router.get(
    "/v1/portal/{token}", response_model=PortalView, **for_customers("read_portal", "客户查看投诉", "Read one's case")
)
async def read_portal(token: str, desk: AtDesk, services: Serving, request: Request) -> PortalView | Response:
    """The same link opens a page in a browser."""
    if "text/html" in request.headers.get("accept", ""):
        return await show_portal_page(token, desk, services, request)
    return PortalView.of(await _case_behind(token, desk, services))


@router.post(
    "/v1/portal/{token}/decision", **for_customers("decide_in_portal", "客户答复方案", "Accept or ask for a revision")
)
async def decide_in_portal(token: str, desk: AtDesk, services: Serving, key: Once, body: Deciding) -> ReceiptView:
    case = await _case_behind(token, desk, services)
    command = decision(_carried(key), accept=body.accept, reason=body.reason)
    return ReceiptView.of(await _act(desk, case, command))


@router.post("/v1/portal/{token}/survey", **for_customers("answer_survey", "客户回答回访", "Answer the survey"))
async def answer_survey(token: str, desk: AtDesk, services: Serving, key: Once, body: Answering) -> ReceiptView:
    case = await _case_behind(token, desk, services)
    return ReceiptView.of(await _act(desk, case, AnswerSurvey(**_carried(key), **body.given())))


@router.post("/v1/portal/{token}/answers", **for_customers("answer_question", "客户答复提问", "Answer a question"))
async def answer_question(token: str, desk: AtDesk, services: Serving, key: Once, body: Replying) -> ReceiptView:
    case = await _case_behind(token, desk, services)
    return ReceiptView.of(await _act(desk, case, _answer(key, body)))


def _answer(key: Key, body: AnswerBody) -> RecordAnswer:
    return RecordAnswer(**_carried(key), text=body.text, channel=Channel.WEB)


# --- the page: the same, for people


async def _on_page(request: Request, answer: Callable[[], Awaitable[Response]]) -> Response:
    """What a route answers, or its problem as a page."""
    try:
        return await answer()
    except Trouble as trouble:
        shown = trouble
    except EngineAway:
        shown = Trouble("engine_away")
    except RecordsUnavailable:
        shown = Trouble("records_unavailable")
    return trouble_page(shown, language_of(request))


@router.get(
    "/portal/{token}",
    response_class=HTMLResponse,
    **for_customers("show_portal_page", "客户页面", "The customer's page"),
)
async def show_portal_page(token: str, desk: AtDesk, services: Serving, request: Request) -> Response:
    async def answer() -> Response:
        case = await _case_behind(token, desk, services)
        return portal_page(case, f"/portal/{token}", fresh_id())

    return await _on_page(request, answer)


@router.post(
    "/portal/{token}/decision",
    response_class=HTMLResponse,
    **for_customers("decide_on_portal_page", "在页面上答复方案", "Answer the solution on the page"),
)
async def decide_on_portal_page(token: str, desk: AtDesk, services: Serving, request: Request) -> Response:
    async def answer() -> Response:
        case = await _case_behind(token, desk, services)
        said = await _form(request)
        body = _checked(DecisionBody, {"accept": said.one("accept") == "yes", "reason": said.one("reason") or None})
        carried = _carried(said.key)
        await _act(desk, case, decision(carried, accept=body.accept, reason=body.reason))
        return _back(token)

    return await _on_page(request, answer)


@router.post(
    "/portal/{token}/survey",
    response_class=HTMLResponse,
    **for_customers("answer_on_portal_page", "在页面上回答回访", "Answer the survey on the page"),
)
async def answer_on_portal_page(token: str, desk: AtDesk, services: Serving, request: Request) -> Response:
    async def answer() -> Response:
        case = await _case_behind(token, desk, services)
        said = await _form(request)
        answers = tuple(text.strip() or "—" for text in said.fields.get("answer", ()))
        body = _checked(SurveyBody, {"satisfied": said.one("satisfied") == "yes", "answers": answers})
        await _act(desk, case, AnswerSurvey(**_carried(said.key), **body.given()))
        return _back(token)

    return await _on_page(request, answer)


@router.post(
    "/portal/{token}/answers",
    response_class=HTMLResponse,
    **for_customers("answer_question_on_portal_page", "在页面上答复提问", "Answer a question on the page"),
)
async def answer_question_on_portal_page(token: str, desk: AtDesk, services: Serving, request: Request) -> Response:
    async def answer() -> Response:
        case = await _case_behind(token, desk, services)
        said = await _form(request)
        body = _checked(AnswerBody, {"text": said.one("text")})
        await _act(desk, case, _answer(said.key, body))
        return _back(token)

    return await _on_page(request, answer)


def _back(token: str) -> Response:
    """To the page again, so that reloading it repeats nothing."""
    return RedirectResponse(f"/portal/{token}", status_code=303)


class _Said:
    """A form's fields, and under which key they were sent: pressing a button twice asks once."""

    def __init__(self, fields: dict[str, list[str]], key: Key) -> None:
        self.fields = fields
        self.key = key

    def one(self, name: str) -> str:
        return self.fields.get(name, [""])[0].strip()


async def _form(request: Request) -> _Said:
    try:
        fields = parse_qs((await request.body()).decode(), keep_blank_values=True, max_num_fields=50, errors="strict")
    except ValueError:
        raise Trouble("malformed_request", errors=[]) from None
    if not all(map(is_plain, (text for texts in fields.values() for text in texts))):
        raise Trouble("forbidden_characters")
    given = fields.pop("key", [""])[0]
    request.state.json = fields
    return _Said(fields, Key(given[:64] or fresh_id(), fingerprint(request)))


def _checked(kind: type[T], said: dict[str, Any]) -> T:
    try:
        return kind.model_validate(said)
    except ValidationError as error:
        raise Trouble("malformed_request", errors=what_is_wrong(error.errors())) from None
