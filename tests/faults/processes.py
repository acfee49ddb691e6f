"""Redress as single real processes, so that a test can kill exactly one and say when it comes back."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from complaints.case import Case
from complaints.vocabulary import EscalationLevel
from deploy.credentials import ensure_credentials, ensure_secret
from deploy.policies import load_policy
from notifications.outbox import Outbox
from records.engine import connect
from records.migrating import migrate
from records.queries import Queries
from tests.faults.observing import Accepted, Observed, observe
from tests.faults.post import Post
from tests.support.stack import ROOT
from tests.support.stack import until as eventually
from tests.support.temporal import die_with_the_tests, free_port
from workflows.converter import data_converter
from workflows.ids import CASE, workflow_id

NOTHING_ELSE_STIRS = """minute_seconds: 1
promises:
  first_contact: {minutes: 40, warn_at: []}
  escalation_ack: {minutes: 3, warn_at: []}
"""
"""One promise falls due after 40 s; until then there are no messages but those that a test causes."""


class Process:
    """One of our modules, running as `python -m` does."""

    def __init__(self, module: str, environment: dict[str, str], log: Path) -> None:
        self._module = module
        self._environment = environment
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, from the main thread; the process ends with the thread that started it."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self._module],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=die_with_the_tests,
            )

    def kill(self) -> None:
        """kill -9, as a crash would; may be called from any thread, and again."""
        self._signal(signal.SIGKILL)

    def freeze(self) -> None:
        """Let it do nothing more, so that what happens next happens before its end."""
        self._signal(signal.SIGSTOP)

    def end(self) -> None:
        """Kill it, and return when it is gone."""
        if self._process is not None:
            self.kill()
            self._process.wait(10)

    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def said(self) -> str:
        return self._log.read_text("utf-8", "replace") if self._log.exists() else ""

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)


@dataclass
class Site:
    """A worker and a web server with records of their own, working with an engine that is somebody else's.

    `policy` is the text of a policy file; `settings` are more of the environment. Without a `mail_port` all mail goes
    to the outbox. `web_engine` is where the web server finds the engine, if elsewhere. Whatever was answered with 200
    or 201 is written into `accepted`.
    """

    folder: Path
    engine: str
    mail_port: int | None
    policy: str
    settings: dict[str, str] = field(default_factory=dict)
    web_engine: str | None = None
    accepted: list[Accepted] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.data = self.folder / "var"
        self.data.mkdir(mode=0o700, parents=True)
        file = self.folder / "policy.yaml"
        file.write_text(f"base: default\n{self.policy}\n", "utf-8")
        self.terms = load_policy(str(file))
        self.keys = ensure_credentials(self.data, self.terms.departments)
        ensure_secret(self.data)
        self.port = free_port()
        self.database = self.data / "redress.db"
        url = f"sqlite:///{self.database}"
        migrate(url)
        self._records: Engine = connect(url)
        self.queries = Queries(self._records)
        self.outbox = Outbox(self.data / "outbox")
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "REDRESS_DATA_DIR": str(self.data),
            "REDRESS_DATABASE_URL": url,
            "REDRESS_WEB_PORT": str(self.port),
            "REDRESS_TEMPORAL_ADDRESS": self.engine,
            "REDRESS_TASK_QUEUE": f"faults-{uuid4().hex}",
            "REDRESS_POLICY": str(file),
            "REDRESS_LOG_FORMAT": "json",
            **self.settings,
        }
        if self.mail_port is not None:
            mail = {"HOST": "127.0.0.1", "PORT": str(self.mail_port), "TIMEOUT": "3"}
            self.environment |= {f"REDRESS_SMTP_{name}": value for name, value in mail.items()}
        self.worker = Process("deploy.worker", self.environment, self.folder / "worker.log")
        environment = self.environment | {"REDRESS_TEMPORAL_ADDRESS": self.web_engine or self.engine}
        self.web = Process("deploy.web", environment, self.folder / "web.log")
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30, trust_env=False)

    def start(self) -> None:
        """Start both, and return when complaints can be filed."""
        self.worker.start()
        self.web.start()
        self.wait_for_web()

    def wait_for_web(self) -> None:
        eventually(self._answers, 60, f"the web server does not answer: {self.web.said()}")

    def _answers(self) -> bool:
        try:
            return self.http.get("/readyz", timeout=10).status_code == 200
        except httpx.HTTPError:
            return False

    def end(self) -> None:
        """Leave nothing running."""
        self.http.close()
        for process in (self.web, self.worker):
            process.end()
        self._records.dispose()

    # --- as people use it

    def post(self, role: str, path: str, body: Any = None, key: str | None = None) -> httpx.Response:
        """Ask for something under an idempotency key; what is accepted is remembered as such."""
        key = key or uuid4().hex
        headers = {"Authorization": f"Bearer {self.keys[role]}", "Idempotency-Key": key}
        answer = self.http.post(path, headers=headers, json=body if body is not None else {})
        if answer.status_code in (200, 201):
            said = answer.json()
            self.accepted.append(Accepted(self._case_of(said, path), f"{role}:{key}", said["version"]))
        return answer

    def _case_of(self, said: Any, path: str) -> str:
        """The reference of the case that was asked about, also by the id of its task or escalation."""
        if reference := said.get("reference"):
            return str(reference)
        code = workflow_id(path.split("/")[3]).rpartition("-")[2]
        return next(each.reference for each in self.accepted if each.reference.endswith(code))

    def do(self, role: str, path: str, body: Any = None) -> Any:
        """What something that must succeed is answered with."""
        answer = self.post(role, path, body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def file(self, **changes: Any) -> str:
        """The reference of a complaint just filed."""
        reference: str = self.do("channel", "/v1/complaints", a_complaint(**changes))["reference"]
        return reference

    # --- as it is

    @staticmethod
    def now() -> datetime:
        return datetime.now(UTC)

    def case(self, reference: str) -> Case:
        """The state of a case's workflow; needs a worker."""

        async def ask() -> Case:
            client = await Client.connect(self.engine, data_converter=data_converter)
            handle = client.get_workflow_handle(workflow_id(reference))
            answer: Case = await handle.query(CASE, result_type=Case)
            return answer

        return asyncio.run(ask())

    def count_workflows(self) -> int:
        """How many workflows this site has started; the engine's index lags a little behind."""

        async def ask() -> int:
            client = await Client.connect(self.engine)
            return (await client.count_workflows(f"TaskQueue = '{self.environment['REDRESS_TASK_QUEUE']}'")).count

        return asyncio.run(ask())

    def exists(self, reference: str) -> bool:
        """Whether the engine keeps a case, asked past the web server."""

        async def ask() -> bool:
            client = await Client.connect(self.engine)
            try:
                await client.get_workflow_handle(workflow_id(reference)).describe()
            except RPCError as error:
                if error.status is RPCStatusCode.NOT_FOUND:
                    return False
                raise
            return True

        return asyncio.run(ask())

    def under_way(self, reference: str) -> set[str]:
        """The types of the activities that the engine has given to a worker or will try again."""

        async def ask() -> set[str]:
            client = await Client.connect(self.engine)
            found = await client.get_workflow_handle(workflow_id(reference)).describe()
            return {each.activity_type.name for each in found.raw_description.pending_activities}

        return asyncio.run(ask())

    def waits(self, reference: str) -> bool:
        """Whether the engine has something for a worker to decide about a case, and no worker has taken it."""

        async def ask() -> bool:
            client = await Client.connect(self.engine)
            found = await client.get_workflow_handle(workflow_id(reference)).describe()
            return found.raw_description.HasField("pending_workflow_task")

        return asyncio.run(ask())

    def idle(self, *references: str) -> bool:
        """Whether nothing is being saved or sent, and the records know of the cases."""
        return all(self.queries.version(each) and not self.under_way(each) for each in references)

    def observe(self, post: Post | None = None) -> Observed:
        """Everything that there is of the cases which were accepted."""
        references = sorted({each.reference for each in self.accepted})
        return observe(self.engine, self.queries, self.outbox, references, self.accepted, post)

    def until(self, holds: Callable[[], object], within: float, what: str) -> None:
        """Return once something holds; fails with the worker's last words."""
        try:
            eventually(holds, within, what)
        except AssertionError:
            raise AssertionError(f"{what}\n{self.worker.said()[-3000:]}") from None


def wait_for(instant: datetime) -> None:
    """Return when an instant has come."""
    eventually(lambda: datetime.now(UTC) >= instant, 120, "time stands still")


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Another connection holds the lock for writing, and writes nothing."""
    with closing(sqlite3.connect(database, timeout=30, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def a_complaint(email: str = "wang@customer.example", phone: str | None = None, **changes: Any) -> dict[str, Any]:
    """The body of a filing. With a phone number the customer can be written to by SMS, too."""
    customer: dict[str, Any] = {"name": "王小明", "email": email} | ({"phone": phone} if phone else {})
    return {
        "channel": "web",
        "customer": customer,
        "detail": "快递三天没有更新。",
        "level": 2,
        "category": "other",
    } | changes


def to_the_top(case: Case) -> bool:
    """Whether an escalation has reached the last step of the chain."""
    return any(each.level is EscalationLevel.DIRECTOR for each in case.escalations)


def escalated(site: Site, references: list[str]) -> None:
    """Return when the first contact of each case is broken, and whoever is at the top of the chain was told."""
    site.until(lambda: all(to_the_top(site.case(each)) for each in references), 60, "all are escalated")
