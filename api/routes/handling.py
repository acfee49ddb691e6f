"""Handling: what agents, supervisors and departments ask of a case. Each is one command."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Body, Depends, Request

from api.asking import Asked, Proposing, Recording, body_of
from api.auth import Authenticated
from api.body import Strictly
from api.desk import AtDesk, Once
from api.documenting import writing
from api.errors import Trouble
from api.views import ReceiptView
from complaints import commands as cmd
from complaints.base import Line, Text
from complaints.parties import Actor, Colleague

router = APIRouter(prefix="/v1", tags=["handling"])


class Operation(NamedTuple):
    """A command as an operation: its path, name and texts; `named` is the command's field that the path fills in."""

    path: str
    name: str
    command: type[cmd.BaseCommand]
    zh: str
    en: str
    named: str | None = None
    unknown: str = "reference_unknown"
    status: int = 200


_CASE, _TASK, _ESCALATION = "/complaints/{reference}", "/tasks/{task}", "/escalations/{escalation}"

OPERATIONS = (
    Operation(f"{_CASE}/contacts", "record_contact", cmd.RecordContact, "记录联系客户", "Record a contact"),
    Operation(f"{_CASE}/updates", "send_update", cmd.SendUpdate, "向客户通报进展", "Tell the customer how it is going"),
    Operation(f"{_CASE}/extensions", "extend_resolution", cmd.ExtendResolution, "批准延期", "Extend the resolution"),
    Operation(f"{_CASE}/holds", "put_on_hold", cmd.PutOnHold, "挂起计时", "Let clocks stand still"),
    Operation(f"{_CASE}/holds/{{hold}}/end", "end_hold", cmd.EndHold, "结束挂起", "End a hold", named="hold"),
    Operation(f"{_CASE}/answers", "record_answer", cmd.RecordAnswer, "记录客户答复", "Record the customer's answer"),
    Operation(f"{_CASE}/callbacks", "record_callback", cmd.RecordCallback, "记录回访", "Record a callback"),
    Operation(f"{_CASE}/withdrawal", "withdraw", cmd.Withdraw, "撤诉", "Withdraw the complaint"),
    Operation(f"{_CASE}/reopening", "reopen", cmd.Reopen, "重新打开", "Reopen the case"),
    Operation(f"{_CASE}/classification", "classify", cmd.Classify, "更正级别、类型或客户等级",
              "Correct level, category or tier"),
    Operation(f"{_CASE}/evidence", "add_evidence", cmd.AddEvidence, "补充证据", "Add evidence"),
    Operation(f"{_CASE}/portal/revocation", "revoke_portal", cmd.RevokePortal, "作废客户链接", "Revoke the links"),
    Operation(f"{_CASE}/tasks", "assign_task", cmd.AssignTask, "派发协作任务", "Assign a task", status=201),
    Operation(f"{_CASE}/escalations", "escalate", cmd.Escalate, "人工升级", "Raise an escalation", status=201),
    Operation(f"{_TASK}/feedback", "give_feedback", cmd.GiveFeedback, "首次反馈", "Give the first opinion",
              named="task", unknown="task_unknown"),
    Operation(f"{_TASK}/completion", "complete_task", cmd.CompleteTask, "完成任务", "Complete a task",
              named="task", unknown="task_unknown"),
    Operation(f"{_TASK}/decline", "decline_task", cmd.DeclineTask, "退回任务", "Decline a task",
              named="task", unknown="task_unknown"),
    Operation(f"{_TASK}/handover", "hand_on_task", cmd.HandOnTask, "转交任务", "Hand a task on",
              named="task", unknown="task_unknown"),
    Operation(f"{_ESCALATION}/acknowledgement", "acknowledge", cmd.Acknowledge, "签收升级", "Acknowledge",
              named="escalation", unknown="escalation_unknown"),
    Operation(f"{_ESCALATION}/takeover", "take_over", cmd.TakeOver, "接手升级", "Take an escalation over",
              named="escalation", unknown="escalation_unknown"),
    Operation(f"{_ESCALATION}/step-down", "step_down", cmd.StepDown, "退回下级", "Step an escalation down",
              named="escalation", unknown="escalation_unknown"),
)  # fmt: skip


def _endpoint(operation: Operation) -> Callable[..., Awaitable[ReceiptView]]:
    """The route of an operation: whoever may, asks for the command with the body's fields and the path's."""
    body_type = body_of(operation.command, operation.named)
    default = body_type() if not any(field.is_required() for field in body_type.model_fields.values()) else ...

    def parameters(request: Request) -> dict[str, str]:
        return dict(request.path_params)

    async def endpoint(
        caller: Authenticated,
        desk: AtDesk,
        key: Once,
        path: Annotated[dict[str, str], Depends(parameters)],
        body: Any,
    ) -> ReceiptView:
        named = {operation.named: path[operation.named]} if operation.named else {}
        command = operation.command(**key.of(actor_of(caller)), **body.given(), **named)
        subject = path.get("reference") or next(iter(path.values()))
        return ReceiptView.of(await desk.act(operation.unknown, subject, command))

    endpoint.__annotations__["body"] = Annotated[body_type, Strictly(), Body()]
    endpoint.__defaults__ = None if default is ... else (default,)
    return endpoint


def actor_of(caller: Actor) -> Actor:
    """The caller as the journal names them."""
    return Actor(role=caller.role, name=caller.name, department=caller.department)


for _operation in OPERATIONS:
    router.add_api_route(
        _operation.path,
        _endpoint(_operation),
        methods=["POST"],
        status_code=_operation.status,
        **writing(_operation.name, _operation.zh, _operation.en),
    )


@router.post(f"{_CASE}/solutions", **writing("propose_solution", "提出解决方案", "Put a solution to the customer"))
async def propose_solution(
    reference: str, caller: Authenticated, desk: AtDesk, key: Once, body: Proposing
) -> ReceiptView:
    command = cmd.ProposeSolution(
        **key.of(actor_of(caller)), solution=body.solution(), **({"told_on": body.told_on} if body.told_on else {})
    )
    return ReceiptView.of(await desk.act("reference_unknown", reference, command))


@router.post(
    f"{_CASE}/solutions/decision", **writing("decide_solution", "代客户答复方案", "Record what the customer decided")
)
async def decide_solution(
    reference: str, caller: Authenticated, desk: AtDesk, key: Once, body: Recording
) -> ReceiptView:
    """`reopen` and `compensate` name tasks; without either, both follow from what the tasks were asked for."""
    command = decision(key.of(actor_of(caller)), accept=body.accept, reason=body.reason, **body.tasks())
    return ReceiptView.of(await desk.act("reference_unknown", reference, command))


def decision(carried: dict[str, Any], *, accept: bool, reason: str | None, **tasks: tuple[str, ...]) -> cmd.BaseCommand:
    """The command of a customer's decision.

    Raises Trouble for a revision that says no reason, and for an acceptance that names tasks.
    """
    if accept and tasks:
        raise _malformed(next(iter(tasks)), "只有请求修改时才能列出任务", "only a revision names tasks")
    if accept:
        return cmd.AcceptSolution(**carried)
    if reason is None:
        raise _malformed("reason", "请求修改时必须说明理由", "a revision needs its reason")
    return cmd.RequestRevision.model_validate({**carried, "reason": reason, **tasks})


def _malformed(field: str, zh: str, en: str) -> Trouble:
    words = {"what": zh, "what_zh": zh, "what_en": en}
    return Trouble("malformed_request", errors=[{"where": f"body.{field}", **words}])


class MergeBody(Asked):
    """Into which case this one is merged, and why."""

    into: Line
    reason: Text


@router.post(f"{_CASE}/merge", **writing("merge", "并入其他投诉", "Merge into another case"))
async def merge(
    reference: str, caller: Authenticated, desk: AtDesk, key: Once, body: Annotated[MergeBody, Strictly()]
) -> ReceiptView:
    command = cmd.Merge(**key.of(actor_of(caller)), **body.given())
    return ReceiptView.of(await desk.merge(reference, command))


class RemedyBody(Asked):
    """How the remedy stands: done (the case is resolved), or begun."""

    done: bool = True
    note: Text | None = None
    agent: Colleague | None = None


_DONE = RemedyBody()


@router.post(
    f"{_CASE}/remedy", **writing("complete_remedy", "记录方案已执行", "Record that the remedy is done or begun")
)
async def complete_remedy(
    reference: str,
    caller: Authenticated,
    desk: AtDesk,
    key: Once,
    body: Annotated[RemedyBody, Strictly(), Body()] = _DONE,
) -> ReceiptView:
    said = body.given()
    kind: type[cmd.BaseCommand] = cmd.CompleteRemedy if said.pop("done", True) else cmd.StartRemedy
    if kind is cmd.StartRemedy:
        said.pop("agent", None)
    return ReceiptView.of(await desk.act("reference_unknown", reference, kind(**key.of(actor_of(caller)), **said)))
