"""`redress file`: one complaint, from the terminal."""

from typing import Annotated

import typer

from deploy.cli.choices import ChannelName, LanguageName
from deploy.cli.session import AsJson, Session, asking

PANEL = "客户与投诉 · Customers and complaints"


def register(app: typer.Typer) -> None:
    """Add the commands of this part."""
    asking(app, "file", role="agent", panel=PANEL)(file_complaint)


def file_complaint(
    session: Session,
    detail: Annotated[
        str | None, typer.Option(help="投诉内容；- 从标准输入读取 · what is complained of; - reads standard input")
    ] = None,
    name: Annotated[str | None, typer.Option(help="客户姓名 · the customer's name")] = None,
    channel: Annotated[ChannelName, typer.Option(help="投诉渠道 · how the complaint came")] = "phone",
    subject: Annotated[str | None, typer.Option(help="主题（默认取自内容）· subject (default: the beginning)")] = None,
    category: Annotated[str | None, typer.Option(help="投诉类型，如 logistics · category, e.g. logistics")] = None,
    level: Annotated[
        int | None, typer.Option(min=1, max=3, help="1 紧急 2 一般 3 建议 · 1 urgent to 3 suggestion")
    ] = None,
    complex_: Annotated[
        bool, typer.Option("--complex", help="复杂投诉，解决时限更长 · complex: more time for the solution")
    ] = False,
    email: Annotated[str | None, typer.Option(help="客户邮箱 · the customer's e-mail")] = None,
    phone: Annotated[str | None, typer.Option(help="客户电话 · the customer's phone")] = None,
    social: Annotated[str | None, typer.Option(help="客户社交账号 · the customer's social media account")] = None,
    language: Annotated[
        LanguageName | None, typer.Option(help="客户的语言（默认同界面）· the customer's language (default: this one)")
    ] = None,
    preferred_channel: Annotated[
        ChannelName | None, typer.Option(help="客户希望的联系方式 · how the customer wishes to be reached")
    ] = None,
    tier: Annotated[str | None, typer.Option(help="客户等级，如 vip · the customer's tier, e.g. vip")] = None,
    region: Annotated[str | None, typer.Option(help="客户所在地区 · the customer's region")] = None,
    product: Annotated[str | None, typer.Option(help="产品 · product")] = None,
    order_number: Annotated[str | None, typer.Option(help="订单号 · order number")] = None,
    external_id: Annotated[str | None, typer.Option(help="外部系统编号 · id in another system")] = None,
    as_json: AsJson = False,
) -> None:
    """提交投诉 · File a complaint"""
    customer = {
        "name": name or ("客户" if (language or session.language) == "zh" else "Customer"),
        "language": language or session.language,
        "preferred_channel": preferred_channel,
        "email": email,
        "phone": phone,
        "social": social,
        "tier": tier,
        "region": region,
    }
    body = {
        "channel": channel,
        "detail": _detail(session, detail),
        "subject": subject,
        "category": category,
        "level": level,
        "complex": complex_ or None,
        "product": product,
        "order_number": order_number,
        "external_id": external_id,
    }
    asked: dict[str, object] = {key: value for key, value in body.items() if value is not None}
    asked["customer"] = {key: value for key, value in customer.items() if value is not None}
    filed = session.client().post("/v1/complaints", asked, session.key)
    session.settle(filed["reference"], filed["version"])
    if as_json:
        session.print_json(filed)
        return
    _show(session, filed)


def _detail(session: Session, detail: str | None) -> str:
    if detail == "-":
        detail = typer.get_text_stream("stdin").read()
    elif detail is None:
        detail = typer.prompt(session.text("question_detail"))
    if not detail.strip():
        from deploy.cli.client import failed

        raise failed("nothing_to_file", exit_code=2)
    return detail


def _show(session: Session, filed: dict[str, object]) -> None:
    from deploy.cli.render import promise_list
    from deploy.cli.words import label_of

    session.say("filed", reference=filed["reference"], style="bold green")
    session.say("stage_is", stage=label_of("Stage", filed["stage"], session.language))
    session.console.print(promise_list(filed, session.language))
    session.say("portal_link", link=filed["portal"])
    session.say("next_command", reference=filed["reference"], style="dim")
