"""Cases, tasks and letters on the terminal."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from deploy.cli.language import Tongue
from deploy.cli.texts import text
from deploy.cli.triaged import reasons_of
from deploy.cli.words import cause_of, colour_of, instant, label_of, local, passed_over, reason_of, span, until

Json = dict[str, Any]
_WHOLE = ("reference", "task", "escalation", "left", "version")
_STATE_STYLES = {"kept": "green", "broken": "bold red", "waived": "dim", "open": ""}


def table(language: Tongue, title: str, *columns: str) -> Table:
    """An empty table whose title and headings come from the catalogue."""
    made = Table(title=text(language, title), title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        made.add_column(text(language, column), no_wrap=column in _WHOLE, overflow="fold")
    return made


def time_left(due: str | None, start: str | None, language: Tongue, now: datetime | None = None) -> Text:
    """How long is left of a promise, in the colour of its urgency."""
    left, begun = until(due, now), instant(start)
    if left is None:
        return Text(text(language, "on_hold"), "cyan")
    if left <= timedelta():
        return Text(text(language, "overdue_by", time=span(left, language)), "bold red")
    ends = instant(due)
    whole = ends - begun if ends and begun else timedelta(hours=4)
    return Text(text(language, "time_left", time=span(left, language)), colour_of(left, whole))


def case_list(cases: Iterable[Json], language: Tongue) -> Table:
    """The cases of a search: what is due next, how long is left, what was broken."""
    listed = table(
        language, "cases", "reference", "stage", "level", "category", "subject", "next_due", "left", "broken"
    )
    for case in cases:
        broken = "、".join(label_of("PromiseKind", kind, language) for kind in case.get("broken", ()))
        due = case.get("next_due")
        listed.add_row(
            case["reference"],
            label_of("Stage", case["stage"], language),
            label_of("Level", case["level"], language),
            label_of("Category", case["category"], language),
            Text(case["subject"]),
            local(due),
            time_left(due, case.get("received_at"), language) if due else "",
            Text(broken, "bold red"),
        )
    return listed


def case_view(case: Json, language: Tongue) -> RenderableType:
    """One case with everything that runs in it."""
    parts: list[RenderableType] = [_facts(case, language), promise_list(case, language)]
    if case.get("tasks"):
        parts.append(task_list(_with_dues(case), language))
    if case.get("solutions"):
        parts.append(_solutions(case["solutions"], language))
    if case.get("escalations"):
        parts.append(escalation_list(case["escalations"], language))
    title = f"{case['reference']} · {label_of('Stage', case['stage'], language)}"
    urgent = case.get("level") == 1
    if urgent:
        title += f" · {text(language, 'red_alert')}"
    return Panel(Group(*parts), title=Text(title, "bold"), title_align="left", border_style="red" if urgent else "blue")


def _with_dues(case: Json) -> Iterator[Json]:
    """The tasks of a case, each with when its two promises are due."""
    dues = {(each["task"], each["kind"]): each["due"] for each in case["promises"] if each.get("task")}
    for task in case["tasks"]:
        feedback, completion = (dues.get((task["id"], kind)) for kind in ("task_feedback", "task_completion"))
        yield {**task, "feedback_due": feedback, "completion_due": completion}


def _facts(case: Json, language: Tongue) -> Table:
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column(overflow="fold")
    for key, value in _facts_of(case, language):
        if value:
            facts.add_row(text(language, key) if key else "", Text(value))
    return facts


def _facts_of(case: Json, language: Tongue) -> Iterator[tuple[str, str]]:
    customer, agent, policy = case.get("customer") or {}, case.get("agent") or {}, case.get("policy") or {}
    ways = (customer.get("phone"), customer.get("email"), customer.get("social"))
    level = label_of("Level", case["level"], language)
    yield "subject", case.get("subject", "")
    yield "level", f"{level} · {text(language, 'complex')}" if case.get("complex") else level
    yield "category", label_of("Category", case["category"], language)
    yield "customer", " · ".join(way for way in (customer.get("name"), *ways) if way)
    yield "tier", " · ".join(each for each in (case.get("tier"), customer.get("region")) if each)
    yield "channel", label_of("Channel", case.get("channel"), language)
    for number, reason in enumerate(reasons_of(case.get("triage") or {}, language)):
        yield "" if number else "triage", reason
    yield "agent", agent.get("name", "")
    yield "received", local(case.get("received_at"))
    yield "round", str(case.get("round", 1))
    yield "policy", f"{policy.get('name', '')} {policy.get('version', '')}".strip()
    for hold in case.get("holds") or ():
        if hold.get("ended_at") is None:
            yield "hold", f"{hold['id']} {label_of('HoldReason', hold['reason'], language)}"
    if case.get("satisfied") is not None:
        yield "", text(language, "satisfied" if case["satisfied"] else "dissatisfied")
    if case.get("merged_into"):
        yield "", text(language, "merged_into", reference=case["merged_into"])
    yield "portal", case.get("portal") or ""
    yield "version", str(case.get("version", ""))


def promise_list(case: Json, language: Tongue) -> Table:
    """The promises of a case, in the order in which they were made."""
    listed = table(language, "promises", "promise", "state", "due", "left", "about")
    for promise in case["promises"]:
        state = promise["state"]
        listed.add_row(
            label_of("PromiseKind", promise["kind"], language),
            Text(label_of("PromiseState", state, language), _STATE_STYLES.get(state, "")),
            local(promise.get("due")),
            time_left(promise.get("due"), promise.get("start"), language) if state == "open" else "",
            "；".join(_about(promise, language)),
        )
    return listed


def _about(promise: Json, language: Tongue) -> Iterator[str]:
    for name in ("task", "escalation"):
        if promise.get(name):
            yield promise[name]
    if promise.get("rule") not in (None, "default"):
        yield text(language, "by_rule", rule=promise["rule"], matched=" ".join(promise.get("matched", ())))
    if promise.get("cause"):
        yield label_of("BreachCause", promise["cause"], language)
    if promise["state"] == "broken" and promise.get("met_at"):
        yield text(language, "met_late", at=local(promise["met_at"]))
    if promise.get("waived_reason"):
        yield text(language, "waived_because", reason=reason_of(promise["waived_reason"], language))


def _solutions(rounds: Iterable[Json], language: Tongue) -> Table:
    listed = table(language, "solutions", "round", "remedies", "complete_by", "answer")
    for each in rounds:
        plan = each.get("solution", each)
        remedies = "；".join(
            f"{label_of('RemedyKind', remedy['kind'], language)}：{remedy['detail']}" for remedy in plan["remedies"]
        )
        if each.get("accepted_at"):
            answer = text(language, "accepted_at", at=local(each["accepted_at"]))
        elif each.get("revision_reason"):
            answer = text(language, "asked_again", reason=each["revision_reason"])
        else:
            answer = text(language, "considering")
        listed.add_row(str(each.get("number", "")), Text(remedies), local(plan["complete_by"]), Text(answer))
    return listed


def task_list(tasks: Iterable[Json], language: Tongue) -> Table:
    """Tasks with the time left of both of their clocks."""
    listed = table(language, "tasks", "task", "department", "state", "what", "feedback", "completion", "outcome")
    for task in tasks:
        is_open, start = task["state"] == "open", task.get("assigned_at")
        waits = is_open and not task.get("feedback_at") and task.get("feedback_due")
        runs = is_open and task.get("completion_due")
        listed.add_row(
            task["id"],
            task["department"],
            label_of("TaskState", task["state"], language),
            Text(task["what"]),
            time_left(task["feedback_due"], start, language) if waits else Text(task.get("feedback") or ""),
            time_left(task["completion_due"], start, language) if runs else "",
            Text(task.get("outcome") or ""),
        )
    return listed


def escalation_list(escalations: Iterable[Json], language: Tongue) -> Table:
    """Escalations: who was told of what, and whether they know."""
    listed = table(language, "escalations", "escalation", "level", "cause", "to", "raised", "acknowledged")
    for each in escalations:
        to = each["to"]
        listed.add_row(
            each["id"],
            label_of("EscalationLevel", each["level"], language),
            Text(" · ".join(filter(None, (cause_of(each, language), each.get("reason"))))),
            (to["name"] if isinstance(to, dict) else to) + passed_over(each, language),
            local(each["raised_at"]),
            _answered(each, language),
        )
    return listed


def _answered(escalation: Json, language: Tongue) -> str | Text:
    """When it was acknowledged and by whom it was taken over, or that nobody is waited for, or how long there is."""
    if (by := escalation.get("taken_over_by")) is not None:
        return text(language, "taken_over", name=by["name"], at=local(escalation["acknowledged_at"]))
    if escalation.get("acknowledged_at"):
        return local(escalation["acknowledged_at"])
    if escalation.get("stepped_down_at"):
        return text(language, "stepped_down", at=local(escalation["stepped_down_at"]))
    if escalation.get("dropped_at"):
        return text(language, "dropped", at=local(escalation["dropped_at"]))
    if escalation.get("ack_due"):
        return time_left(escalation["ack_due"], escalation["raised_at"], language)
    return Text(text(language, "not_yet"), "red")


def letter_list(letters: Iterable[Json], language: Tongue) -> Table:
    """What stands in the outbox."""
    listed = table(language, "outbox", "sent", "kind", "channel", "to", "message")
    for letter in letters:
        listed.add_row(
            local(letter.get("at")),
            label_of("MessageKind", letter.get("kind"), language),
            label_of("Channel", letter.get("channel"), language),
            Text(f"{letter.get('to_name', '')} <{letter.get('address', '')}>"),
            Text.assemble(letter.get("subject", ""), "\n", (letter["key"], "cyan")),
        )
    return listed


def letter_view(letter: Json, language: Tongue) -> RenderableType:
    """One letter as its reader gets it."""
    to = f"{letter['to_name']} <{letter['address']}> · {label_of('Channel', letter['channel'], language)}"
    heading = Text.assemble((letter["subject"], "bold"), "\n", (f"{to}\n{local(letter['at'])}", "dim"), "\n\n")
    return Panel(Group(heading, Text(letter["text"])), title=Text(letter["key"], "dim"), title_align="left")
