"""The interface as it runs: a real web server, a real engine, a real worker and real records, on free ports."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
import uvicorn
from fastapi import FastAPI
from temporalio.client import Client

from api.app import Services, create_app
from api.auth import Credentials
from api.engine import Engine
from complaints.policy import Policy
from complaints.portal import PortalLinks
from deploy.policies import load_policy
from deploy.policies.in_force import PublishedPolicies
from deploy.worker import working
from notifications.dispatch import Dispatcher
from notifications.outbox import Outbox
from notifications.rendering import Renderer
from records.engine import connect
from records.migrating import migrate
from records.queries import Queries
from records.store import Store
from tests.support.temporal import free_port
from workflows.converter import data_converter

SECRET = b"only for tests: 32 bytes of it.."
ROLES = ("channel", "agent", "supervisor", "auditor", "administrator", "department:logistics", "department:finance")
KEYS = {role: f"key-of-{role}-0123456789" for role in ROLES}
GIVEN = {"level": 2, "category": "other"}
T = TypeVar("T")


def eventually(condition: Callable[[], T], within: float = 15) -> T:
    """What a condition answers as soon as that is true of it. Raises AssertionError after `within` seconds."""
    deadline = time.monotonic() + within
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not come true in time"
        threading.Event().wait(0.02)
    return found


class _Wire(httpx.BaseTransport):
    """One pool of connections for every client of a stack: making a new one each time costs more than a request."""

    def __init__(self) -> None:
        self._pool = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._pool.handle_request(request)

    def close(self) -> None:
        """The pool outlives each client."""


@dataclass
class Stack:
    """A running stack, and hands to use it with."""

    url: str
    folder: Path
    queries: Queries
    policy: Policy
    app: FastAPI
    task_queue: str
    wire: _Wire = field(default_factory=_Wire)

    def client(self, role: str | None = "agent", **headers: str) -> httpx.Client:
        """A client that holds a role's key, or none."""
        if role is not None:
            headers["Authorization"] = f"Bearer {KEYS[role]}"
        return httpx.Client(base_url=self.url, headers=headers, timeout=20, transport=self.wire, trust_env=False)

    def get(self, role: str | None, path: str, **params: Any) -> httpx.Response:
        with self.client(role) as client:
            return client.get(path, params=params or None)

    def post(self, role: str | None, path: str, body: Any = None, **headers: str) -> httpx.Response:
        with self.client(role, **headers) as client:
            return client.post(path, json=body) if body is not None else client.post(path)

    def do(self, role: str, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        """What a command that must succeed answers."""
        answer = self.post(role, path, body, **headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    def file(self, **changes: Any) -> Any:
        """A freshly filed complaint: what the filing answered."""
        return self.do("channel", "/v1/complaints", a_complaint(**changes), 201)

    def contacted(self, **changes: Any) -> str:
        """The reference of a complaint whose customer was reached."""
        reference: str = self.file(**changes)["reference"]
        self.do("agent", f"/v1/complaints/{reference}/contacts", {"channel": "phone", "reached": True})
        return reference

    def proposed(self, **changes: Any) -> str:
        reference = self.contacted(**changes)
        self.do("agent", f"/v1/complaints/{reference}/solutions", a_solution())
        return reference

    def case(self, reference: str, at_least: int = 1, role: str = "agent") -> Any:
        answer = self.get(role, f"/v1/complaints/{reference}", at_least=at_least)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def token(self, filed: Any) -> str:
        token: str = filed["portal"].rsplit("/", 1)[1]
        return token


def a_complaint(**changes: Any) -> dict[str, Any]:
    """The body of a filing. Its level and category are given, so that triage has no say in them."""
    customer = {"name": "王小明", "email": "wang@example.com", "phone": "+86 138 0000 0000"}
    return {"channel": "web", "customer": customer, "detail": "快递三天没有更新。\n请尽快处理。", **GIVEN} | changes


def a_solution(**changes: Any) -> dict[str, Any]:
    return {
        "remedies": [{"kind": "refund", "detail": "全额退款"}],
        "measure": "退款到账",
        "owner": "财务部",
        "relevance": "客户要求退款",
        "complete_by": (datetime.now(UTC) + timedelta(days=1)).isoformat(),
    } | changes


@contextmanager
def running_stack(
    address: str, folder: Path, *, with_worker: bool = True, task_queue: str | None = None
) -> Iterator[Stack]:
    """Everything but the engine, which is at `address` or nowhere; the web server and the worker share a thread."""
    database = f"sqlite:///{folder / 'records.db'}"
    migrate(database)
    records, outbox, policy = connect(database), Outbox(folder / "outbox"), load_policy("default")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    task_queue = task_queue or f"tests-{port}"
    loop, stop, up = asyncio.new_event_loop(), asyncio.Event(), threading.Event()
    apps: list[FastAPI] = []

    async def serve() -> None:
        client = await Client.connect(address, data_converter=data_converter, lazy=not with_worker)
        engine = Engine(client, task_queue, timedelta(seconds=2 if not with_worker else 5))
        policies = PublishedPolicies(Queries(records), policy, refresh=timedelta(0))
        services = Services(engine, Queries(records), Credentials(KEYS), policies, outbox, SECRET, url)
        apps.append(create_app(services))
        config = uvicorn.Config(apps[0], port=port, log_config=None, access_log=False)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        if with_worker:
            dispatcher = Dispatcher(Renderer(PortalLinks(url, SECRET)), {}, default=outbox)
            async with working(client, task_queue, Store(records), Queries(records), dispatcher):
                up.set()
                await stop.wait()
        else:
            up.set()
            await stop.wait()
        server.should_exit = True
        await serving

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert up.wait(30), "the stack did not start"
    try:
        yield Stack(url, folder, Queries(records), policy, apps[0], task_queue)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(30)
        records.dispose()
