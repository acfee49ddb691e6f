"""Playing all scenes side by side, and judging what came out."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from rich.table import Table

from deploy.cli.client import Client, Json, path_of
from deploy.cli.demo.scenes import SCENES, Scene
from deploy.cli.demo.script import line
from deploy.cli.demo.stage import Differs, Life, Stage, Stopped
from deploy.cli.language import Tongue
from deploy.cli.session import Session
from deploy.cli.words import instant, label_of
from deploy.refusal import Refusal

_COLOURS = ("cyan", "magenta", "yellow", "blue", "green", "red", "bright_cyan", "bright_magenta", "bright_blue")
_APART = 2.0
_FIRST_CONTACT, _LONGEST_MINUTE = 30, 3.0
_STATES = ("kept", "broken", "waived", "open")
_AGREED = ("progress_update",)
"""Promises that run beside the story; only a broken one would differ from it."""


def play(session: Session, url: str, key_of: Callable[[str], str], *, stays: bool = True) -> int:
    """Play the demo against a running Redress; the exit code: 0 if everything came out as it should.

    `stays`: whether that Redress is still there afterwards, to look at.
    Raises Refusal where nobody answers, keys are missing, or the policy is not one of seconds.
    """
    clients: dict[str | None, Client] = {None: Client(url, None, session.language)}
    for role in ("channel", "agent", "supervisor", "department:logistics", "department:finance"):
        clients[role] = Client(url, key_of(role), session.language)
    try:
        stage = Stage(session.language, session.console, clients.__getitem__, minute_of(clients))
        session.console.print(stage.line("opening", count=len(SCENES)), style="bold")
        lives = [Life(stage, scene.who, colour) for scene, colour in zip(SCENES, _COLOURS, strict=True)]
        differences = _perform(stage, lives)
        _judge(stage, lives, differences)
        if stays:
            session.console.print(stage.line("look_yourself", reference=lives[1].reference), style="dim")
        return 1 if differences else 0
    finally:
        for client in clients.values():
            client.close()


def minute_of(clients: dict[str | None, Client]) -> float:
    """How many seconds a minute of the policy takes; found out with a case that is withdrawn at once.

    Raises Refusal where nobody would wait for the end of the demo.
    """
    filed = clients["channel"].post(
        "/v1/complaints",
        {"channel": "web", "customer": {"name": "Demo"}, "subject": "demo", "detail": "demo", "category": "other"},
    )
    due = instant(next(promise["due"] for promise in filed["promises"] if promise["kind"] == "first_contact"))
    begun = instant(filed["received_at"])
    clients["agent"].post(f"{path_of('complaints', filed['reference'])}/withdrawal", {"reason": "demo"})
    minute = (due - begun).total_seconds() / _FIRST_CONTACT if due and begun else _LONGEST_MINUTE
    if minute >= _LONGEST_MINUTE:
        raise Refusal(line("zh", "not_trial"), line("en", "not_trial"))
    return minute


def _perform(stage: Stage, lives: list[Life]) -> list[str]:
    """All scenes at once; what did not come out, by who it happened to."""
    differences: list[str] = []
    with ThreadPoolExecutor(len(SCENES)) as threads:
        playing: dict[Future[None], Life] = {}
        try:
            for scene, life in zip(SCENES, lives, strict=True):
                playing[threads.submit(scene.play, life)] = life
                stage.pause(_APART * stage.minute)
            pending = set(playing)
            while pending:
                _, pending = wait(pending, timeout=0.5, return_when=FIRST_COMPLETED)
        except KeyboardInterrupt:
            stage.stop.set()
            raise
    for future, life in playing.items():
        try:
            future.result()
        except (Differs, Stopped) as difference:
            differences.append(f"{stage.line(life.who)}: {difference}")
        except Refusal as refusal:
            said = refusal.zh if stage.language == "zh" else refusal.en
            differences.append(f"{stage.line(life.who)}: {said}")
    return differences


def _judge(stage: Stage, lives: list[Life], differences: list[str]) -> None:
    """Say what became of the promises; adds to the differences what is not as the scenes say."""
    agent = stage.client("agent")
    counts: Counter[tuple[str, str]] = Counter()
    for scene, life in zip(SCENES, lives, strict=True):
        if not life.reference:
            continue
        case = agent.get(path_of("complaints", life.reference))
        counts.update((promise["kind"], promise["state"]) for promise in case["promises"])
        differences += [f"{stage.line(life.who)}: {difference}" for difference in differing(scene, case)]
    stage.console.print(_table(counts, stage.language))
    for difference in differences:
        if difference == differences[0]:
            stage.console.print(stage.line("differences"), style="bold red")
        stage.console.print(f"  {difference}", style="red", markup=False)
    if not differences:
        seconds = round(time.monotonic() - stage.began)
        stage.console.print(stage.line("all_as_expected", cases=len(lives), seconds=seconds), style="bold green")


def differing(scene: Scene, case: Json) -> list[str]:
    """In what a case came out otherwise than its scene says."""
    found: list[str] = []
    if case["stage"] != scene.stage:
        found.append(f"stage: {case['stage']} ≠ {scene.stage}")
    states: dict[str, list[str]] = {}
    for promise in case["promises"]:
        states.setdefault(promise["kind"], []).append(promise["state"])
    for kind in sorted(states.keys() | scene.promises.keys()):
        got = states.get(kind, [])
        if kind in _AGREED:
            if "broken" in got:
                found.append(f"{kind}: {got}")
        elif got != scene.promises.get(kind, []):
            found.append(f"{kind}: {got} ≠ {scene.promises.get(kind, [])}")
    levels = tuple(raised["level"] for raised in case["escalations"])
    if levels != scene.escalations:
        found.append(f"escalations: {levels} ≠ {scene.escalations}")
    return found


def _table(counts: Counter[tuple[str, str]], language: Tongue) -> Table:
    table = Table(title=line(language, "table"), title_justify="left", show_footer=True)
    totals = {state: sum(count for (_, each), count in counts.items() if each == state) for state in _STATES}
    table.add_column(line(language, "promise"), footer=line(language, "sum"))
    for state, style in zip(_STATES, ("green", "bold red", "dim", ""), strict=True):
        table.add_column(line(language, state), str(totals[state]), style=style, justify="right")
    for kind in dict.fromkeys(kind for kind, _ in counts):
        row = (str(counts[kind, state] or "") for state in _STATES)
        table.add_row(label_of("PromiseKind", kind, language), *row)
    return table
