"""People at work while everything is being killed: callers who file complaints, and clerks who work on them."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from complaints.vocabulary import Stage
from tests.faults.observing import Accepted
from tests.faults.processes import a_complaint
from workflows.ids import workflow_id

_MAY_BE_REFUSED = frozenset({"not_a_lower_level", "same_department", "nothing_to_change"})
"""What a clerk cannot know beforehand is refused."""

PAUSE = 0.3
"""Seconds after which something that was not answered is asked again."""


@dataclass
class Book:
    """What everybody was told, and how their cases stand as far as they know."""

    accepted: list[Accepted] = field(default_factory=list)
    stages: dict[str, Stage] = field(default_factory=dict)
    tasks: list[tuple[str, str]] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    """Answers that nobody should ever get."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, path: str, command: str, said: dict[str, Any]) -> str:
        """Write down something accepted; the reference of its case."""
        with self.lock:
            reference = str(said.get("reference") or self._behind(path.split("/")[3]))
            self.accepted.append(Accepted(reference, command, said["version"]))
            self.stages[reference] = Stage(said["stage"])
        return reference

    def pick(self, chance: random.Random) -> tuple[str, Stage] | None:
        """A case to work on next: rather an old one that is still open."""
        with self.lock:
            some = chance.sample(sorted(self.stages.items()), min(8, len(self.stages)))
        still = [each for each in some if each[1] not in (Stage.CLOSED, Stage.WITHDRAWN)]
        return next(iter(still or some), None)

    def take_task(self, chance: random.Random) -> tuple[str, str] | None:
        """A department and a task of it, which nobody else does anything with until it is put back."""
        with self.lock:
            return self.tasks.pop(chance.randrange(len(self.tasks))) if self.tasks else None

    def put_back(self, task: tuple[str, str]) -> None:
        with self.lock:
            self.tasks.append(task)

    def _behind(self, subject: str) -> str:
        code = workflow_id(subject).rpartition("-")[2]
        return next(reference for reference in self.stages if reference.endswith(code))


class Person:
    """Asks until there is an answer, under one idempotency key, as a caller should."""

    def __init__(self, url: str, keys: dict[str, str], book: Book, give_up: threading.Event) -> None:
        self._http = httpx.Client(base_url=url, timeout=15, trust_env=False)
        self._keys = keys
        self._book = book
        self._give_up = give_up

    def ask(self, role: str, path: str, body: Any) -> tuple[str, dict[str, Any]] | None:
        """The case's reference and the answer; None if it was refused, or if there never was an answer."""
        key = uuid4().hex
        headers = {"Authorization": f"Bearer {self._keys[role]}", "Idempotency-Key": key}
        while True:
            try:
                answer = self._http.post(path, json=body, headers=headers)
            except httpx.TransportError:
                self._count("unanswered")
            else:
                if answer.status_code in (200, 201):
                    said: dict[str, Any] = answer.json()
                    self._count(f"accepted:{role}")
                    return self._book.note(path, f"{role}:{key}", said), said
                if answer.status_code == 409 or answer.json().get("type", "").rpartition("/")[2] in _MAY_BE_REFUSED:
                    self._count("refused")
                    return None
                if answer.status_code != 503:
                    with self._book.lock:
                        self._book.wrong.append(f"{role} {path}: {answer.status_code} {answer.text[:200]}")
                    return None
                self._count("busy")
            if self._give_up.wait(PAUSE):
                self._count("never answered")
                return None

    def read(self, role: str, path: str, **params: Any) -> list[dict[str, Any]]:
        """The items of a list, or none while it cannot be read."""
        try:
            headers = {"Authorization": f"Bearer {self._keys[role]}"}
            answer = self._http.get(path, params=params, headers=headers)
        except httpx.TransportError:
            return []
        items: list[dict[str, Any]] = answer.json()["items"] if answer.status_code == 200 else []
        return items

    def close(self) -> None:
        self._http.close()

    def _count(self, what: str) -> None:
        with self._book.lock:
            self._book.outcomes[what] += 1


_ANSWERS_TO_AN_ESCALATION: tuple[tuple[str, dict[str, Any]], ...] = (
    ("acknowledgement", {}),
    ("acknowledgement", {}),
    ("takeover", {"person": {"name": "李经理", "email": "li@redress.example"}}),
    ("step-down", {"level": 1, "reason": "由组长处理"}),
)


def call(person: Person, chance: random.Random, pause: Callable[[float], bool], per_second: float) -> None:
    """File complaints, about so many per second, until the pause says that it is over."""
    number = 0
    while not pause(chance.expovariate(per_second)):
        number += 1
        level = chance.choice((1, 2, 2, 2, 3))
        category = chance.choice(("product_quality", "service_attitude", "logistics", "billing", "other"))
        phone = chance.choice((None, "+86 138 0000 0000"))
        email = f"{chance.randrange(10**9)}.{number}@customer.example"
        complaint = a_complaint(email=email, phone=phone, level=level, category=category)
        person.ask("channel", "/v1/complaints", complaint)


def work(person: Person, book: Book, chance: random.Random, pause: Callable[[float], bool], per_second: float) -> None:
    """Do what comes next in some case, or now and then something else, until the pause says that it is over."""
    while not pause(chance.expovariate(per_second)):
        kind = chance.random()
        if kind < 0.1:
            listed = person.read("supervisor", "/v1/escalations", state="open", limit=20)
            # What was filed without its caller hearing of it yet is nobody's to work on.
            if escalations := [each["id"] for each in listed if each["reference"] in book.stages]:
                what, body = chance.choice(_ANSWERS_TO_AN_ESCALATION)
                person.ask("supervisor", f"/v1/escalations/{chance.choice(escalations)}/{what}", body)
        elif kind < 0.2 and (taken := book.take_task(chance)):
            book.put_back(_do_task(person, chance, *taken))
        elif picked := book.pick(chance):
            _go_on(person, book, chance, *picked)


def _do_task(person: Person, chance: random.Random, department: str, task: str) -> tuple[str, str]:
    """Do something with a task that nobody else has in hand; whose it is afterwards, and the task."""
    if chance.random() < 0.2:
        said = {"department": "service", "reason": "归服务部"}
        return ("service" if person.ask("agent", f"/v1/tasks/{task}/handover", said) else department), task
    what, words = chance.choice((("feedback", "text"), ("completion", "outcome"), ("decline", "reason")))
    person.ask(f"department:{department}", f"/v1/tasks/{task}/{what}", {words: "已核实。"})
    return department, task


def _go_on(person: Person, book: Book, chance: random.Random, reference: str, stage: Stage) -> None:
    path, body = chance.choice(_next(stage, chance))
    answer = person.ask("agent", f"/v1/complaints/{reference}/{path}", body)
    if answer and path == "tasks":
        book.tasks += [(body["department"], task) for task in answer[1]["made"]]


def _next(stage: Stage, chance: random.Random) -> list[tuple[str, dict[str, Any]]]:
    """What an agent may reasonably do with a case in a stage; what is listed twice is twice as likely."""
    contact = ("contacts", {"channel": "phone", "reached": chance.random() < 0.8})
    update = ("updates", {"text": "正在核实。"})
    task = ("tasks", {"department": chance.choice(("logistics", "finance", "product")), "what": "请核实。"})
    solution = ("solutions", _solution())
    withdrawal = ("withdrawal", {"reason": "客户撤诉"})
    match stage:
        case Stage.RECEIVED:
            return [contact] * 8 + [withdrawal]
        case Stage.CONTACTED | Stage.INVESTIGATING:
            hold = ("holds", {"reason": "awaiting_third_party"})
            question = ("holds", {"reason": "awaiting_customer", "question": "请问订单号？"})
            answer = ("answers", {"text": "订单号 88", "channel": "email"})
            evidence = ("evidence", {"description": "照片一张"})
            correction = ("classification", {"level": chance.choice((1, 2)), "reason": "核实后更正"})
            return [solution] * 6 + [update, task, task, hold, question, answer, evidence, correction, withdrawal]
        case Stage.PROPOSED:
            accept = ("solutions/decision", {"accept": True})
            return [accept] * 4 + [("solutions/decision", {"accept": False, "reason": "想要换货"})]
        case Stage.AGREED | Stage.REMEDYING:
            return [("remedy", {"done": True})]
        case Stage.RESOLVED:
            return [("callbacks", {"reached": True, "satisfied": chance.random() < 0.9})]
        case Stage.SUGGESTION:
            return [("classification", {"level": 2, "reason": "其实是投诉"})] + [update] * 3
        case _:
            return [("reopening", {"reason": "又坏了"})] + [update] * 5


def _solution() -> dict[str, Any]:
    return {
        "remedies": [{"kind": "refund", "detail": "全额退款"}],
        "measure": "退款到账",
        "owner": "财务部",
        "relevance": "客户要求退款",
        "complete_by": (datetime.now(UTC) + timedelta(days=1)).isoformat(),
        "return_procedure": "上门取件",
        "compensation": "50 元代金券",
        "improvement": "更换包装",
    }
