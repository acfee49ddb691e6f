"""Audit: our own journal of a case, and Temporal's history of it."""

import base64
import binascii
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.auth import Authenticated
from api.desk import AtDesk, Serving
from api.documenting import reading
from api.engine import NotRunning
from api.errors import Trouble
from api.history import EventOfEngine
from complaints.events import Entry

router = APIRouter(prefix="/v1/audit/complaints/{reference}", tags=["audit"])

_RUN = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


class JournalPage(BaseModel):
    """Entries in their order; `next` is the `after` of the next page."""

    items: tuple[Entry, ...]
    next: int | None


class HistoryView(BaseModel):
    """Events in their order; `next` is the cursor of the next page."""

    items: tuple[EventOfEngine, ...]
    next: str | None


@router.get("/journal", **reading("read_journal", "查看流水", "Read the journal of a case"))
async def read_journal(
    reference: str,
    caller: Authenticated,
    desk: AtDesk,
    services: Serving,
    after: Annotated[int, Query(ge=0, le=10**9)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> JournalPage:
    await desk.case(reference, None, caller)
    entries = await desk.read(services.queries.journal, reference, after, limit)
    return JournalPage(items=entries, next=entries[-1].sequence if len(entries) == limit else None)


@router.get("/history", **reading("read_history", "查看执行历史", "Read Temporal's own history of a case"))
async def read_history(
    reference: str,
    caller: Authenticated,
    desk: AtDesk,
    services: Serving,
    run: Annotated[str | None, Query(pattern=_RUN)] = None,
    cursor: Annotated[str | None, Query(max_length=4000)] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> HistoryView:
    """The newest run's, or that of the `run` that an event names as the one before it."""
    await desk.case(reference, None, caller)
    try:
        page = await services.engine.history(reference, run, _token(cursor), limit)
    except NotRunning:
        raise Trouble("history_gone") from None
    following = base64.urlsafe_b64encode(page.token).decode() if page.token else None
    return HistoryView(items=page.events, next=following)


def _token(cursor: str | None) -> bytes | None:
    try:
        return base64.b64decode(cursor, altchars=b"-_", validate=True) if cursor else None
    except (binascii.Error, ValueError):
        raise Trouble("bad_cursor") from None
