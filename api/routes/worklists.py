"""Worklists: the departments' tasks, and the escalations."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.auth import Authenticated
from api.desk import AtDesk, Serving, is_subject
from api.documenting import reading
from api.errors import Trouble
from complaints.vocabulary import EscalationLevel, TaskState
from records.results import EscalationState, EscalationSummary, Page, TaskSummary

router = APIRouter(prefix="/v1", tags=["worklists"])

Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=400)]


@router.get("/tasks", **reading("list_tasks", "任务列表", "Tasks, the newest first"))
async def list_tasks(
    caller: Authenticated,
    desk: AtDesk,
    services: Serving,
    department: Annotated[str | None, Query(max_length=200)] = None,
    state: TaskState | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[TaskSummary]:
    """A department sees its own and nobody else's."""
    if caller.department is not None and department not in (None, caller.department):
        raise Trouble("not_permitted")
    wanted = caller.department or department
    return await desk.read(services.queries.tasks, wanted, state, cursor, limit)


@router.get("/tasks/{task}", **reading("read_task", "查看任务", "Read one task"))
async def read_task(task: str, caller: Authenticated, desk: AtDesk, services: Serving) -> TaskSummary:
    found = await desk.read(services.queries.task, task) if is_subject("task_unknown", task) else None
    if found is None or caller.department not in (None, found.department):
        raise Trouble("task_unknown")
    return found


@router.get("/escalations", **reading("list_escalations", "升级列表", "Escalations, the newest first"))
async def list_escalations(
    _: Authenticated,
    desk: AtDesk,
    services: Serving,
    state: EscalationState | None = None,
    level: EscalationLevel | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[EscalationSummary]:
    return await desk.read(services.queries.escalations, state, level, cursor, limit)
