"""For the operator, and for whoever comes by: is it alive, is it ready, how is it doing, and what is this."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from api.context import Meters
from api.desk import AtDesk, Serving
from api.documenting import problems
from api.engine import NotRunning
from api.errors import EngineAway, Trouble, explanation
from api.pages import front_page
from records.errors import RecordsUnavailable

router = APIRouter(tags=["operator"])


def meters_of(request: Request) -> Meters:
    meters: Meters = request.app.state.meters
    return meters


@router.get("/healthz", operation_id="healthz", summary="进程是否存活 / Whether the process lives")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}


@router.get(
    "/readyz",
    operation_id="readyz",
    summary="是否可以受理投诉 / Whether complaints can be taken",
    responses=problems(503),
)
async def readyz(desk: AtDesk, services: Serving) -> dict[str, str]:
    found = {"records": "ok", "engine": "ok"}
    try:
        await desk.read(services.queries.ping)
    except RecordsUnavailable:
        found["records"] = "away"
    try:
        await services.engine.ping()
    except (EngineAway, NotRunning):
        found["engine"] = "away"
    if "away" in found.values():
        raise Trouble("not_ready", records=found["records"], engine=found["engine"])
    return {"status": "ready", **found}


@router.get("/metrics", operation_id="metrics", summary="Prometheus 指标 / Metrics for Prometheus")
def metrics(meters: Annotated[Meters, Depends(meters_of)]) -> Response:
    return Response(generate_latest(meters.registry), media_type=CONTENT_TYPE_LATEST)


@router.get(
    "/problems/{name}",
    operation_id="explain_problem",
    summary="解释一种问题 / What a type of problem means",
    responses=problems(404),
)
async def explain_problem(name: str) -> dict[str, Any]:
    return explanation(name)


@router.get("/", operation_id="front_page", summary="首页 / The front page", response_class=HTMLResponse)
async def show_front_page() -> HTMLResponse:
    return front_page()
