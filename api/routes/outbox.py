"""The outbox: what was sent, or would have been, as anybody of the staff may read it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.auth import SEES_LINKS, Authenticated, Caller
from api.desk import AtDesk, Serving
from api.documenting import reading
from api.errors import Trouble
from complaints.portal import without_tokens

router = APIRouter(prefix="/v1/outbox", tags=["outbox"])


class LetterPage(BaseModel):
    """Letters, the newest first, without their HTML; `next` is the cursor of the next page."""

    items: tuple[dict[str, Any], ...]
    next: str | None


@router.get("", **reading("list_outbox", "发件箱", "The outbox, the newest first"))
async def list_outbox(
    caller: Authenticated,
    desk: AtDesk,
    services: Serving,
    reference: Annotated[str | None, Query(max_length=100)] = None,
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> LetterPage:
    if services.outbox is None:
        return LetterPage(items=(), next=None)
    try:
        page = await desk.read(services.outbox.list, reference, limit, cursor)
    except ValueError:
        raise Trouble("bad_cursor") from None
    letters = tuple(_as_seen_by(caller, letter.model_dump(exclude={"html"})) for letter in page.letters)
    return LetterPage(items=letters, next=page.next)


@router.get("/{key:path}", **reading("read_letter", "查看一封信", "Read one letter"))
async def read_letter(key: str, caller: Authenticated, desk: AtDesk, services: Serving) -> dict[str, Any]:
    letter = await desk.read(services.outbox.get, key) if services.outbox and len(key) <= 200 else None
    if letter is None:
        raise Trouble("letter_unknown")
    return _as_seen_by(caller, letter.model_dump())


def _as_seen_by(caller: Caller, letter: dict[str, Any]) -> dict[str, Any]:
    """A letter; without the customer's link for those who may not act in the customer's place."""
    if caller.role in SEES_LINKS:
        return letter
    words = {name: without_tokens(letter[name]) for name in ("subject", "text", "html") if name in letter}
    return letter | words
