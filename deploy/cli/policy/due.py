"""`redress policy due`: when something is due, and why; or whether worked cases come out as they should."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.cli.choices import ChannelName, PromiseKindName
from deploy.cli.language import tongue
from deploy.cli.session import AsJson
from deploy.cli.texts import text

if TYPE_CHECKING:
    from deploy.cli.policy.cases import Verdict

OF_THE_CASE = "投诉的情况 · What is known of the case"


def register(app: typer.Typer) -> None:
    """Add the commands of this part."""
    app.command("due", help="何时到期，为什么；或检验算例 · When something is due and why; or check worked cases")(due)


def due(
    cases: Annotated[
        Path | None, typer.Option(metavar="FILE", help="检验一个算例文件（JSON） · check a file of worked cases (JSON)")
    ] = None,
    policy: Annotated[
        str, typer.Option(metavar="FILE", help="时限规则的文件或名称 · the policy's file or name")
    ] = "default",
    promise: Annotated[PromiseKindName | None, typer.Option(help="哪一项承诺 · which promise")] = None,
    start: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="从何时起，如 2026-09-30T16:00+08:00 · from when, e.g. 2026-09-30T16:00+08:00"
        ),
    ] = None,
    hold: Annotated[
        list[str] | None,
        typer.Option(metavar="A/B", help="挂起的起止，可重复 · when its clock stood still; may be repeated"),
    ] = None,
    calendar: Annotated[
        str | None, typer.Option(metavar="NAME", help="换一个日历 · another calendar than the promise's")
    ] = None,
    minutes: Annotated[
        int | None, typer.Option(min=0, help="换一个时长（分钟）· other minutes than the promise's")
    ] = None,
    level: Annotated[int, typer.Option(min=1, max=3, help="级别 · level", rich_help_panel=OF_THE_CASE)] = 2,
    category: Annotated[str, typer.Option(help="投诉类型 · category", rich_help_panel=OF_THE_CASE)] = "other",
    tier: Annotated[
        str | None, typer.Option(help="客户等级 · the customer's tier", rich_help_panel=OF_THE_CASE)
    ] = None,
    department: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="任务所属的部门，按其日历计时 · whose task it is; it runs on that department's calendar",
            rich_help_panel=OF_THE_CASE,
        ),
    ] = None,
    channel: Annotated[ChannelName | None, typer.Option(help="渠道 · channel", rich_help_panel=OF_THE_CASE)] = None,
    region: Annotated[str | None, typer.Option(help="地区 · region", rich_help_panel=OF_THE_CASE)] = None,
    product: Annotated[str | None, typer.Option(help="产品 · product", rich_help_panel=OF_THE_CASE)] = None,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="逐段说明跳过了哪些时间 · tell every stretch that it stepped over, and why"),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Tell a due time under a policy, or check a file of worked cases."""
    from deploy.cli.client import failed

    asked = promise is not None or start is not None
    if (cases is not None) == asked or (asked and (promise is None or start is None)):
        raise failed("due_one_of_two", exit_code=2)
    if cases is not None:
        raise typer.Exit(_check(cases, as_json))
    from complaints.terms import Subject
    from complaints.vocabulary import Channel, Level
    from deploy.cli.policy.explaining import Question, answer

    subject = Subject(Level(level), category, tier, Channel(channel) if channel else None, region, product)
    question = Question(policy, str(promise), str(start), tuple(hold or ()), calendar, minutes, subject, department)
    found = answer(question)
    if as_json:
        _print_json(found.as_json())
    else:
        typer.echo("\n".join(found.lines(tongue(), explain=explain)))


def _check(file: Path, as_json: bool) -> int:
    from deploy.cli.policy.cases import Verdict, judged, read_cases

    language = tongue()
    verdicts = list(judged(read_cases(file)))
    malformed = sum(verdict.problem is not None for verdict in verdicts)
    differing = sum(verdict.matches is False for verdict in verdicts)

    def line(verdict: Verdict) -> str:
        if verdict.problem is not None:
            problem = verdict.problem.zh if language == "zh" else verdict.problem.en
            return f"{verdict.id}  {text(language, 'due_malformed', problem=problem)}"
        held = text(language, "due_held")
        parts = [verdict.id, verdict.due.isoformat() if verdict.due else held]
        if verdict.matches:
            parts.append(text(language, "due_matches"))
        elif verdict.matches is False:
            expected = verdict.expected.isoformat() if verdict.expected else held
            parts.append(text(language, "due_differs", expected=expected))
        return "  ".join(parts)

    if as_json:
        _print_json({"cases": [_as_json(verdict) for verdict in verdicts], "differences": differing})
    else:
        counts = {
            "cases": len(verdicts),
            "matching": sum(verdict.matches is True for verdict in verdicts),
            "differing": differing - malformed,
            "malformed": malformed,
        }
        typer.echo("\n".join([*map(line, verdicts), text(language, "due_summary", **counts)]))
    return 1 if differing else 0


def _as_json(verdict: "Verdict") -> dict[str, object]:
    return {
        "id": verdict.id,
        "due": verdict.due.isoformat() if verdict.due else None,
        "expected": verdict.expected.isoformat() if verdict.expected else None,
        "matches": verdict.matches,
        "problem": {"zh": verdict.problem.zh, "en": verdict.problem.en} if verdict.problem else None,
    }


def _print_json(content: object) -> None:
    import json

    typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
