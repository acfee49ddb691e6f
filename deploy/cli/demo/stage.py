"""The stage of the demo: one case in play, who acts on it, and what the audience is told."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from rich.console import Console
from rich.text import Text

from deploy.cli.client import Client, Json, Problem, path_of
from deploy.cli.demo.script import line
from deploy.cli.language import Tongue
from deploy.cli.words import label_of

_PACE = 1.5
_LOOK_EVERY = 0.3
_RECORDED_WITHIN = 20.0
_SOLVED_WITHIN = timedelta(days=2)


class Differs(Exception):
    """A scene did not come out as it should; says what did instead."""


class Stopped(Exception):
    """The audience has left."""


@dataclass
class Stage:
    """What all scenes share. `client` knows Redress as each role sees it; `minute` is the policy's, in seconds."""

    language: Tongue
    console: Console
    client: Callable[[str | None], Client]
    minute: float
    stop: threading.Event = field(default_factory=threading.Event)
    began: float = field(default_factory=time.monotonic)

    def say(self, who: str, what: str, colour: str, style: str = "") -> None:
        """Tell the audience; every line at once, so that scenes side by side do not mix."""
        self.console.print(
            Text.assemble(
                (f"{time.monotonic() - self.began:5.1f}s ", "dim"), (f"{who} ", f"bold {colour}"), (what, style)
            )
        )

    def pause(self, seconds: float) -> None:
        """Let the audience follow. Raises Stopped when it has left."""
        if self.stop.wait(seconds):
            raise Stopped

    def line(self, key: str, /, **values: object) -> str:
        return line(self.language, key, **values)


class Life:
    """One complaint of the demo, from its filing on."""

    def __init__(self, stage: Stage, who: str, colour: str) -> None:
        self.who = who
        self.reference = ""
        self._stage = stage
        self._colour = colour
        self._portal = ""
        self._stage_shown = ""
        self._promises: dict[str, str] = {}
        self._escalations: dict[str, bool] = {}

    def line(self, key: str, /, **values: object) -> str:
        return self._stage.line(key, **values)

    def say(self, key: str, /, style: str = "", **values: object) -> None:
        self._stage.say(self.line(self.who), self.line(key, **values), self._colour, style)

    # --- acts

    def file(self, **more: object) -> None:
        """The customer complains on the web form, and would like to be called."""
        detail = self.line(f"{self.who}_detail")
        self.say("files", detail=detail)
        customer = {
            "name": self.line(self.who),
            "language": self._stage.language,
            "preferred_channel": "phone",
            "phone": "13800000000",
            "email": f"{self.who}@customer.example",
        }
        # The level is said, or playing the demo for the third time would make all of them repeated complaints.
        body: Json = {"channel": "web", "customer": customer, "detail": detail, "level": 2, **more}
        filed = self._stage.client("channel").post("/v1/complaints", body)
        self.reference = filed["reference"]
        self._portal = path_of("portal", filed["portal"].rsplit("/", 1)[-1])
        self._await_record()

    def _await_record(self) -> None:
        """Wait until the case can be read; on a busy machine that may take a moment longer than filing it."""
        deadline = time.monotonic() + _RECORDED_WITHIN
        while True:
            try:
                self.look(at_least=1)
            except Problem as problem:
                if problem.status != httpx.codes.NOT_FOUND or time.monotonic() > deadline:
                    raise
                self._stage.pause(_LOOK_EVERY)
            else:
                return

    def contact(self, key: str = "is_called") -> None:
        agent = {"name": self.line("agent"), "phone": "400-000-0000"}
        self.say(key, agent=agent["name"])
        self.agent("contacts", {"channel": "phone", "reached": True, "agent": agent})

    def propose(self, remedy: str, kind: str = "compensation", *, product: bool = False) -> None:
        """The agent puts a SMART solution to the customer, on the phone."""
        what = self.line(remedy)
        self.say("proposes", what=what)
        body: Json = {
            "remedies": [{"kind": kind, "detail": what}],
            "measure": self.line("measure"),
            "owner": self.line("agent"),
            "relevance": self.line("relevance"),
            "complete_by": (datetime.now(UTC) + _SOLVED_WITHIN).isoformat(),
            "told_on": "phone",
        }
        if product:
            body |= {key: self.line(key) for key in ("return_procedure", "compensation", "improvement")}
        self.agent("solutions", body)

    def accept(self) -> None:
        self.say("accepts")
        self.customer("decision", {"accept": True})

    def remedy(self) -> None:
        self.say("remedied")
        self.agent("remedy", {})

    def call_back(self, *, satisfied: bool) -> None:
        self.say("pleased" if satisfied else "displeased", "" if satisfied else "red")
        self.agent("callbacks", {"reached": True, "satisfied": satisfied})

    def to_the_end(self, remedy: str, kind: str = "compensation") -> None:
        """The usual way from an understood complaint to a closed case."""
        self.propose(remedy, kind)
        self.accept()
        self.remedy()
        self.call_back(satisfied=True)
        self.until("closed", lambda case: case["stage"] == "closed")

    # --- by whom

    def agent(self, what: str, body: Json, role: str = "agent") -> Json:
        """Somebody of the staff asks for something in this case."""
        return self._seen(self._stage.client(role).post(f"{path_of('complaints', self.reference)}/{what}", body))

    def department(self, name: str, task: str, what: str, body: Json) -> None:
        self._seen(self._stage.client(f"department:{name}").post(path_of("tasks", task, what), body))

    def acknowledge(self, escalation: str) -> None:
        path = path_of("escalations", escalation, "acknowledgement")
        self._seen(self._stage.client("supervisor").post(path, {}))

    def customer(self, what: str, body: Json) -> None:
        """The customer acts by their link; it is all the key they need."""
        self._stage.client(None).post(f"{self._portal}/{what}", body)
        self._stage.pause(_PACE * self._stage.minute)

    def _seen(self, receipt: Json) -> Json:
        if "version" in receipt:
            self.look(receipt["version"])
        self._stage.pause(_PACE * self._stage.minute)
        return receipt

    # --- watching

    def until(self, what: str, holds: Callable[[Json], Any], within: float = 20.0) -> Json:
        """Watch until something is so. Raises Differs when it does not become so in that many seconds."""
        deadline = time.monotonic() + within
        while not holds(case := self.look()):
            if time.monotonic() > deadline:
                raise Differs(f"{what}: {case['stage']}, {_states(case)}")
            self._stage.pause(_LOOK_EVERY)
        return case

    def look(self, at_least: int | None = None) -> Json:
        """The case now; tells the audience what the system has done since the last look."""
        case = self._stage.client("agent").get(path_of("complaints", self.reference), at_least=at_least)
        language = self._stage.language
        for promise in case["promises"]:
            before, state = self._promises.get(promise["id"], "open"), promise["state"]
            self._promises[promise["id"]] = state
            if state != before and state in ("kept", "broken"):
                name = label_of("PromiseKind", promise["kind"], language)
                self.say(f"promise_{state}", "green" if state == "kept" else "bold red", promise=name)
        for raised in case["escalations"]:
            level = label_of("EscalationLevel", raised["level"], language)
            done = raised["acknowledged_at"] is not None
            if raised["id"] not in self._escalations:
                self.say("escalated", "red", level=level, cause=label_of("EscalationCause", raised["cause"], language))
            elif done and not self._escalations[raised["id"]]:
                self.say("acknowledged", "green", level=level)
            self._escalations[raised["id"]] = done
        if case["stage"] != self._stage_shown:
            self._stage_shown = case["stage"]
            self.say("stage", "dim", stage=label_of("Stage", case["stage"], language))
        return case


def _states(case: Json) -> str:
    return ", ".join(f"{promise['kind']} {promise['state']}" for promise in case["promises"])
