"""The commands of departments and of those who supervise."""

from typing import Annotated

import typer

from deploy.cli.reading import Reference
from deploy.cli.session import Session, asking
from deploy.cli.working import Reason

PANEL = "协作与升级 · Departments and escalations"

Minutes = Annotated[int | None, typer.Option(min=1, help="完成时限（分钟）· minutes to complete it")]
EscalationId = Annotated[str, typer.Argument(metavar="ID", help="升级编号 · the id of the escalation")]
Task = Annotated[str, typer.Argument(metavar="TASK", help="任务编号 · the id of the task")]


def register(app: typer.Typer) -> None:
    """Add the commands of this part."""
    asking(app, "assign", role="agent", panel=PANEL)(assign)
    asking(app, "feedback", role="supervisor", panel=PANEL)(feedback)
    asking(app, "complete", role="supervisor", panel=PANEL)(complete)
    asking(app, "decline", role="supervisor", panel=PANEL)(decline)
    asking(app, "handover", role="supervisor", panel=PANEL)(handover)
    asking(app, "escalate", role="supervisor", panel=PANEL)(escalate)
    asking(app, "acknowledge", role="supervisor", panel=PANEL)(acknowledge)
    asking(app, "takeover", role="supervisor", panel=PANEL)(takeover)
    asking(app, "stepdown", role="supervisor", panel=PANEL)(stepdown)


def assign(
    session: Session,
    reference: Reference,
    department: Annotated[str, typer.Option(help="部门，如 logistics · department, e.g. logistics")],
    what: Annotated[str, typer.Option(help="要做什么 · what is asked")],
    minutes: Minutes = None,
    compensates: Annotated[
        str | None, typer.Option(metavar="TASK", help="弥补哪个任务 · the task whose work it makes good")
    ] = None,
) -> None:
    """派发协作任务 · Ask a department for its part"""
    from deploy.cli.client import path_of

    body = {"department": department, "what": what, "minutes": minutes, "compensates": compensates}
    session.receipt(path_of("complaints", reference, "tasks"), body, reference=reference)


def feedback(session: Session, task: Task, text: Annotated[str, typer.Option(help="反馈内容 · the opinion")]) -> None:
    """部门首次反馈 · Give the department's first opinion"""
    _answer(session, task, "feedback", {"text": text})


def complete(
    session: Session, task: Task, outcome: Annotated[str, typer.Option(help="处理结果 · the outcome")]
) -> None:
    """完成任务 · Complete a task"""
    _answer(session, task, "completion", {"outcome": outcome})


def decline(session: Session, task: Task, reason: Reason) -> None:
    """退回任务 · Decline a task"""
    _answer(session, task, "decline", {"reason": reason})


def handover(
    session: Session,
    task: Task,
    to: Annotated[str, typer.Option(metavar="DEPARTMENT", help="转交哪个部门 · to which department")],
    reason: Reason,
    minutes: Minutes = None,
) -> None:
    """转交任务 · Hand a task on to another department"""
    _answer(session, task, "handover", {"department": to, "reason": reason, "minutes": minutes})


def _answer(session: Session, task: str, what: str, body: dict[str, object]) -> None:
    """As the department whose task it is, where its key is at hand; else as supervisor."""
    from deploy.cli.client import Problem, path_of
    from deploy.refusal import Refusal

    role = reference = None
    if not session.has_own_key():
        try:
            found = session.client("agent").get(path_of("tasks", task))
            reference, role = found["reference"], f"department:{found['department']}"
            session.client(role)
        except Problem:
            role = None  # the answer to what was asked says more than the answer to this question
        except Refusal:
            if role is None:
                raise
            role = None
    session.receipt(path_of("tasks", task, what), body, role, reference=reference)


def escalate(
    session: Session,
    reference: Reference,
    reason: Reason,
    level: Annotated[int, typer.Option(min=1, max=3, help="1 组长 2 经理 3 总监 · lead, manager, director")] = 1,
) -> None:
    """人工升级 · Raise an escalation"""
    from deploy.cli.client import path_of

    session.receipt(
        path_of("complaints", reference, "escalations"), {"level": level, "reason": reason}, reference=reference
    )


def acknowledge(
    session: Session,
    escalation: EscalationId,
) -> None:
    """签收升级 · Acknowledge an escalation"""
    from deploy.cli.client import path_of

    session.receipt(path_of("escalations", escalation, "acknowledgement"), {})


def takeover(
    session: Session,
    escalation: EscalationId,
    name: Annotated[str, typer.Option(help="由谁接手 · who takes it over")],
    email: Annotated[str | None, typer.Option(help="接手人邮箱 · their e-mail")] = None,
    phone: Annotated[str | None, typer.Option(help="接手人电话 · their phone")] = None,
) -> None:
    """接手升级，视同签收 · Take an escalation over; it counts as acknowledged"""
    from deploy.cli.client import path_of

    session.receipt(
        path_of("escalations", escalation, "takeover"), {"person": {"name": name, "email": email, "phone": phone}}
    )


def stepdown(
    session: Session,
    escalation: EscalationId,
    reason: Reason,
    level: Annotated[
        int, typer.Option(min=0, max=2, help="退回哪一级：0 部门主管 1 组长 2 经理 · back to which level")
    ] = 1,
) -> None:
    """退回下级处理 · Step an escalation down to a lower level"""
    from deploy.cli.client import path_of

    session.receipt(path_of("escalations", escalation, "step-down"), {"level": level, "reason": reason})
