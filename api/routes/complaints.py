"""Complaints: filing, finding and reading them."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response

from api.asking import Complaining
from api.auth import SEES_LINKS, Authenticated
from api.desk import AtDesk, Once, Serving
from api.documenting import reading, writing
from api.errors import Trouble
from api.views import CaseView, FiledView
from complaints.base import Instant
from complaints.vocabulary import Level, PromiseKind, Stage
from records.results import CaseSummary, Filters, Page

router = APIRouter(prefix="/v1/complaints", tags=["complaints"])

LongEnough = Annotated[str | None, Query(max_length=400)]


@router.post("", status_code=201, **writing("file_complaint", "提交投诉", "File a complaint"))
async def file_complaint(
    caller: Authenticated,
    desk: AtDesk,
    key: Once,
    services: Serving,
    body: Complaining,
    response: Response,
    imported: Annotated[
        bool,
        Header(
            alias="Redress-Imported",
            description="批量导入的投诉之一：只按文字分诊，也不计入近期投诉 · one of many brought in together: "
            "judged by its text alone, and not counted among recent complaints",
        ),
    ] = False,
) -> FiledView:
    case = await desk.file(body.complaint(imported=imported), caller, key)
    response.headers["Location"] = f"/v1/complaints/{case.reference}"
    return FiledView.of(case, services.links(case.code, case.portal_generation))


@router.get("", **reading("search_complaints", "查找投诉", "Find complaints, the newest first"))
async def search_complaints(
    caller: Authenticated,
    desk: AtDesk,
    services: Serving,
    stage: Stage | None = None,
    open: bool | None = None,
    level: Level | None = None,
    category: LongEnough = None,
    department: LongEnough = None,
    due_before: Instant | None = None,
    broken: bool | PromiseKind | None = None,
    text: LongEnough = None,
    cursor: LongEnough = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[CaseSummary]:
    """`open`: promises to the customer may be running. `broken` is true, false, or a kind of promise.

    A department finds the cases in which it has an open task.
    """
    if caller.department is not None and department not in (None, caller.department):
        raise Trouble("not_permitted")
    filters = Filters(
        stage=stage,
        open=open,
        level=level,
        category=category,
        department=caller.department or department,
        due_before=due_before,
        broken=broken,
        text=text,
    )
    return await desk.read(services.queries.search, filters, cursor, limit)


@router.get("/{reference}", **reading("read_complaint", "查看投诉", "Read one complaint"))
async def read_complaint(
    reference: str,
    caller: Authenticated,
    desk: AtDesk,
    services: Serving,
    at_least: Annotated[int | None, Query(ge=1, le=10**9)] = None,
) -> CaseView:
    """With `at_least`, waits up to 2 s until that version can be read."""
    case = await desk.case(reference, at_least, caller)
    portal = services.links(case.code, case.portal_generation) if caller.role in SEES_LINKS else None
    return CaseView.of(case, datetime.now(UTC), portal=portal, department=caller.department)
