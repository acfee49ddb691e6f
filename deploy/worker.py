"""The worker: carries the cases' workflows on and does what they ask for. `python -m deploy.worker` runs one.

It waits for the engine for as long as it takes. On SIGTERM it takes no more work and finishes what it has.
"""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import structlog
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.collecting import Collecting
from activities.journal import Journal
from activities.messages import Messages
from activities.names import records_queue
from activities.sifting import Sifting
from complaints.portal import PortalLinks
from complaints.vocabulary import Channel
from deploy import engine, lifeline, logs
from deploy.credentials import ensure_secret
from deploy.settings import Settings
from notifications.dispatch import Dispatcher
from notifications.outbox import Outbox
from notifications.rendering import Renderer
from notifications.smtp import Smtp, SmtpSettings
from records.engine import connect
from records.queries import Queries
from records.store import Store
from workflows.complaint import ComplaintWorkflow
from workflows.converter import data_converter
from workflows.digest import DigestWorkflow
from workflows.turns import InOrder

GRACE = timedelta(seconds=4)
"""How long running activities may go on once the worker was told to stop."""

_WRITERS = 8
"""How many cases are saved side by side. The database takes one writer at a time; the others only wait."""

_MESSAGES = 1000
"""How many messages are under way at once. They wait for other servers, and a dead one must not hold up the rest."""

_CACHED = 2000
"""How many cases are kept in memory, at about 230 KB each; others are replayed from their history when they wake."""

_log = structlog.get_logger(__name__)


def dispatcher(settings: Settings) -> Dispatcher:
    """What sends messages: e-mail through the mail server if there is one, all else into the outbox."""
    links = PortalLinks(settings.public_url, ensure_secret(settings.data_dir))
    mail = {Channel.EMAIL: Smtp(_smtp(settings, settings.smtp_host))} if settings.smtp_host else {}
    return Dispatcher(Renderer(links), mail, default=Outbox(settings.data_dir / "outbox"))


@asynccontextmanager
async def working(
    client: Client, task_queue: str, store: Store, queries: Queries, dispatcher: Dispatcher
) -> AsyncIterator[None]:
    """The cases of a task queue are carried on while the context is open.

    Saving has a task queue of its own: a locked database must not take the places of messages and alerts. Leaving the
    context finishes what is running; see GRACE.
    """
    with ThreadPoolExecutor(_WRITERS, thread_name_prefix="records") as threads:
        writer = Worker(
            client,
            task_queue=records_queue(task_queue),
            activities=[*Journal(store).all(), *Sifting(queries).all()],
            activity_executor=threads,
            max_concurrent_activities=_WRITERS,
            graceful_shutdown_timeout=GRACE,
        )
        keeper = Worker(
            client,
            task_queue=task_queue,
            workflows=[ComplaintWorkflow, DigestWorkflow],
            activities=[*Messages(dispatcher).all(), *Collecting(client, task_queue).all()],
            max_concurrent_activities=_MESSAGES,
            # The sandbox costs a quarter of the worker; the replay tests, which run in it, guard what it guards.
            workflow_runner=InOrder(UnsandboxedWorkflowRunner()),
            max_cached_workflows=_CACHED,
            # A killed worker leaves its cases' next steps in its own queue; they should not wait there long.
            sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
            graceful_shutdown_timeout=GRACE,
        )
        async with writer, keeper:
            yield


def _smtp(settings: Settings, host: str) -> SmtpSettings:
    password = settings.smtp_password
    return SmtpSettings(
        host=host,
        port=settings.smtp_port,
        username=settings.smtp_username,
        password=password.get_secret_value() if password else None,
        tls=settings.smtp_tls,
        timeout=settings.smtp_timeout,
        sender=settings.mail_from,
    )


async def _keep_working(line: lifeline.Lifeline, settings: Settings) -> None:
    client = await engine.connect_patiently(settings, data_converter=data_converter)
    records = connect(settings.database_url)
    try:
        asked = Store(records), Queries(records), dispatcher(settings)
        async with working(client, settings.task_queue, *asked):
            await line.ready()
            _log.info("working", task_queue=settings.task_queue)
            await asyncio.Event().wait()
    finally:
        records.dispose()


async def _work(line: lifeline.Lifeline) -> None:
    settings = Settings.load()
    logs.configure(settings.log_level, settings.log_format)
    await line.go()
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    work = asyncio.create_task(_keep_working(line, settings))
    ends = {asyncio.create_task(stop.wait()), asyncio.create_task(line.cut())}
    await asyncio.wait({work, *ends}, return_when=asyncio.FIRST_COMPLETED)
    if not work.done():
        _log.info("stopping")
        work.cancel()
    for end in ends:
        end.cancel()
    with suppress(asyncio.CancelledError):
        await work


if __name__ == "__main__":
    sys.exit(lifeline.run(_work))
