"""The outbox: what was sent, or would have been, as anybody of the staff may read it."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.auth import Authenticated
from api.desk import AtDesk, Serving
from api.documenting import reading
from api.errors import Trouble

router = APIRouter(prefix="/v1/outbox", tags=["outbox"])


class LetterPage(BaseModel):
    """Letters, the newest first, without their HTML; `next` is the cursor of the next page."""

    items: tuple[dict[str, Any], ...]
    next: str | None


@router.get("", **reading("list_outbox", "发件箱", "The outbox, the newest first"))
async def list_outbox(
    _: Authenticated,
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
    return LetterPage(items=tuple(letter.model_dump(exclude={"html"}) for letter in page.letters), next=page.next)


@router.get("/{key:path}", **reading("read_letter", "查看一封信", "Read one letter"))
async def read_letter(key: str, _: Authenticated, desk: AtDesk, services: Serving) -> dict[str, Any]:
    letter = await desk.read(services.outbox.get, key) if services.outbox and len(key) <= 200 else None
    if letter is None:
        raise Trouble("letter_unknown")
    return letter.model_dump()
