"""The commands by which agents work on a case: each asks for one thing."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.cli.choices import ChannelName, HoldReasonName
from deploy.cli.reading import Reference
from deploy.cli.session import Session, asking

if TYPE_CHECKING:
    from deploy.cli.client import Json

PANEL = "处理 · Working on a case"

Reason = Annotated[str, typer.Option(help="原因 · why")]
Note = Annotated[str | None, typer.Option(help="备注 · note")]
ToldOn = Annotated[
    ChannelName | None, typer.Option(help="已通过该渠道告知客户 · the customer has been told already, on this channel")
]
Agent = Annotated[str | None, typer.Option(metavar="NAME", help="由谁接手 · who takes the case")]
AgentPhone = Annotated[str | None, typer.Option(help="客服电话 · the agent's phone")]
AgentEmail = Annotated[str | None, typer.Option(help="客服邮箱 · the agent's e-mail")]


def register(app: typer.Typer) -> None:
    """Add the commands of this part."""
    for name, command in {
        "contact": contact,
        "update": update,
        "propose": propose,
        "accept": accept,
        "revise": revise,
        "extend": extend,
        "hold": hold,
        "resume": resume,
        "answer": answer,
        "remedy": remedy,
        "callback": callback,
        "classify": classify,
        "evidence": evidence,
        "withdraw": withdraw,
        "merge": merge,
        "reopen": reopen,
    }.items():
        asking(app, name, role="agent", panel=PANEL)(command)  # type: ignore[arg-type]


def contact(
    session: Session,
    reference: Reference,
    channel: Annotated[ChannelName, typer.Option(help="渠道 · channel")] = "phone",
    reached: Annotated[bool, typer.Option("--reached/--unreached", help="是否联系上 · whether reached")] = True,
    note: Note = None,
    agent: Agent = None,
    agent_phone: AgentPhone = None,
    agent_email: AgentEmail = None,
    update_every: Annotated[
        int | None, typer.Option(metavar="MINUTES", min=1, help="多久通报一次进展（分钟）· minutes between updates")
    ] = None,
) -> None:
    """记录联系客户 · Record that the customer was contacted, or an attempt"""
    body: Json = {
        "channel": channel,
        "reached": reached,
        "note": note,
        "agent": _colleague(agent, agent_phone, agent_email),
        "update_every_minutes": update_every,
    }
    _ask(session, reference, "contacts", body)


def update(
    session: Session,
    reference: Reference,
    text: Annotated[str, typer.Option(help="告诉客户什么 · what the customer is told")],
    told_on: ToldOn = None,
) -> None:
    """向客户通报进展 · Tell the customer how it is going"""
    _ask(session, reference, "updates", {"text": text, "told_on": told_on})


def propose(
    session: Session,
    reference: Reference,
    remedy: Annotated[
        list[str],
        typer.Option(
            metavar="KIND=DETAIL",
            help="措施，可重复：refund、exchange、repair、compensation、apology、process_change · "
            "what is done, may be repeated, e.g. refund=…",
        ),
    ],
    measure: Annotated[str, typer.Option(help="如何衡量已完成 · how everybody will see that it is done")],
    owner: Annotated[str, typer.Option(help="由谁完成 · who does it")],
    relevance: Annotated[str, typer.Option(help="如何回应投诉 · how it answers the complaint")],
    by: Annotated[
        str, typer.Option(metavar="TIME|SPAN", help="何时完成：2026-11-25T18:00，或 3d、12h、90m · when it is done")
    ],
    return_procedure: Annotated[str | None, typer.Option(help="退换流程 · how to return or exchange")] = None,
    compensation: Annotated[str | None, typer.Option(help="补偿 · compensation")] = None,
    improvement: Annotated[str | None, typer.Option(help="改进措施 · what will be improved")] = None,
    told_on: ToldOn = None,
) -> None:
    """提出解决方案 · Put a solution to the customer"""
    body: Json = {
        "remedies": [_remedy(each) for each in remedy],
        "measure": measure,
        "owner": owner,
        "relevance": relevance,
        "complete_by": instant_of(by),
        "return_procedure": return_procedure,
        "compensation": compensation,
        "improvement": improvement,
        "told_on": told_on,
    }
    _ask(session, reference, "solutions", body)


def accept(session: Session, reference: Reference) -> None:
    """客户接受方案 · The customer accepts the solution"""
    _ask(session, reference, "solutions/decision", {"accept": True})


def revise(
    session: Session,
    reference: Reference,
    reason: Reason,
    reopen: Annotated[
        list[str] | None, typer.Option(metavar="TASK", help="需重办的任务，可重复 · a task to do again, repeatable")
    ] = None,
    compensate: Annotated[
        list[str] | None, typer.Option(metavar="TASK", help="需弥补的任务，可重复 · a task to make good, repeatable")
    ] = None,
) -> None:
    """客户要求修改方案 · The customer asks for another solution; which tasks follow may be named"""
    body: Json = {"accept": False, "reason": reason, "reopen": reopen or None, "compensate": compensate or None}
    _ask(session, reference, "solutions/decision", body)


def extend(
    session: Session,
    reference: Reference,
    reason: Reason,
    message: Annotated[str, typer.Option(help="告知客户的话 · what the customer is told")],
) -> None:
    """延长解决时限 · Give the solution more time, and tell the customer beforehand"""
    _ask(session, reference, "extensions", {"reason": reason, "message": message})


def hold(
    session: Session,
    reference: Reference,
    reason: Annotated[HoldReasonName, typer.Option(help="原因 · why")],
    question: Annotated[str | None, typer.Option(help="向客户提出的问题 · the question put to the customer")] = None,
    promise: Annotated[
        list[str] | None, typer.Option(help="只挂起这些承诺，如 resolution · only these promises; may be repeated")
    ] = None,
) -> None:
    """挂起计时 · Let clocks stand still"""
    _ask(session, reference, "holds", {"reason": reason, "question": question, "promises": promise or None})


def resume(
    session: Session,
    reference: Reference,
    hold: Annotated[str, typer.Argument(metavar="HOLD", help="挂起编号，如 H1 · the hold, e.g. H1")],
    note: Note = None,
) -> None:
    """结束挂起 · Let held clocks go on"""
    from deploy.cli.client import path_of

    session.receipt(path_of("complaints", reference, "holds", hold, "end"), {"note": note}, reference=reference)


def answer(
    session: Session,
    reference: Reference,
    text: Annotated[str, typer.Option(help="客户的答复 · what the customer answered")],
    channel: Annotated[ChannelName, typer.Option(help="渠道 · channel")] = "phone",
    arrived_at: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="答复到达的时间，如 2026-11-25T18:00（默认现在）· when it arrived (default: now)"
        ),
    ] = None,
) -> None:
    """记录客户对提问的答复 · Record what the customer answered to a question"""
    from deploy.cli.words import aware

    _ask(session, reference, "answers", {"text": text, "channel": channel, "arrived_at": aware(arrived_at)})


def remedy(
    session: Session,
    reference: Reference,
    done: Annotated[bool, typer.Option("--done/--begun", help="已完成，或刚开始 · done, or only begun")] = True,
    note: Note = None,
    agent: Agent = None,
    agent_phone: AgentPhone = None,
    agent_email: AgentEmail = None,
) -> None:
    """记录方案已执行 · Record that the agreed remedy is done"""
    body: Json = {"done": done, "note": note, "agent": _colleague(agent, agent_phone, agent_email)}
    _ask(session, reference, "remedy", body)


def callback(
    session: Session,
    reference: Reference,
    satisfied: Annotated[
        bool | None, typer.Option("--satisfied/--dissatisfied", help="客户是否满意 · whether the customer is satisfied")
    ] = None,
    unreached: Annotated[bool, typer.Option("--unreached", help="没有联系上 · not reached")] = False,
    channel: Annotated[ChannelName, typer.Option(help="渠道 · channel")] = "phone",
    answer: Annotated[list[str] | None, typer.Option(help="客户的回答，可重复 · an answer; may be repeated")] = None,
    note: Note = None,
) -> None:
    """记录回访 · Record the call back"""
    body: Json = {
        "reached": not unreached,
        "channel": channel,
        "satisfied": satisfied,
        "answers": answer or None,
        "note": note,
    }
    _ask(session, reference, "callbacks", body)


def classify(
    session: Session,
    reference: Reference,
    reason: Reason,
    level: Annotated[int | None, typer.Option(min=1, max=3, help="级别 · level")] = None,
    category: Annotated[str | None, typer.Option(help="投诉类型 · category")] = None,
    tier: Annotated[str | None, typer.Option(help="客户等级，如 vip · the customer's tier, e.g. vip")] = None,
) -> None:
    """更正级别、类型或客户等级 · Correct level, category or tier"""
    body: Json = {"reason": reason, "level": level, "category": category, "tier": tier}
    _ask(session, reference, "classification", body)


def evidence(
    session: Session,
    reference: Reference,
    description: Annotated[str, typer.Option(help="材料说明 · what it is")],
    source: Annotated[str | None, typer.Option(help="来源 · where it comes from")] = None,
) -> None:
    """补充材料 · Add evidence"""
    _ask(session, reference, "evidence", {"description": description, "source": source})


def withdraw(session: Session, reference: Reference, reason: Reason) -> None:
    """撤诉 · Withdraw the complaint"""
    _ask(session, reference, "withdrawal", {"reason": reason})


def merge(
    session: Session,
    reference: Reference,
    into: Annotated[str, typer.Option(metavar="REF", help="并入哪件投诉 · into which complaint")],
    reason: Reason,
) -> None:
    """并案 · Go on with this complaint in another case"""
    _ask(session, reference, "merge", {"into": into, "reason": reason})


def reopen(session: Session, reference: Reference, reason: Reason) -> None:
    """重新打开 · Reopen a closed case"""
    _ask(session, reference, "reopening", {"reason": reason})


def instant_of(value: str) -> str:
    """An instant that a reader typed as such, or as a span from now: 3d, 12h, 90m. Itself if it is neither."""
    from datetime import UTC, datetime

    from deploy.cli.words import aware

    unit = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}.get(value[-1:])
    if unit and value[:-1].isdecimal() and len(value) < 8:
        return (datetime.now(UTC) + timedelta(**{unit: int(value[:-1])})).isoformat()
    return aware(value) or value


def _remedy(given: str) -> "Json":
    from deploy.cli.client import failed

    kind, equals, detail = given.partition("=")
    if not equals or not detail.strip():
        raise failed(
            "pair", exit_code=2, option="--remedy", shape="KIND=DETAIL", example="--remedy refund=退还运费 12 元"
        )
    return {"kind": kind.strip(), "detail": detail}


def _colleague(name: str | None, phone: str | None, email: str | None) -> "Json | None":
    if name is None:
        return None
    return {key: value for key, value in (("name", name), ("phone", phone), ("email", email)) if value is not None}


def _ask(session: Session, reference: str, what: str, body: "Json") -> None:
    from deploy.cli.client import path_of

    session.receipt(f"{path_of('complaints', reference)}/{what}", body, reference=reference)
