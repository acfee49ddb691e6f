"""The web server. `python -m deploy.web` runs one; it answers whether or not the engine can be reached."""

import asyncio
import sys
from contextlib import suppress

import structlog
import uvicorn
from temporalio.client import Client

from api.app import create_app
from api.auth import Credentials
from api.desk import Services
from api.engine import Engine
from deploy import engine, lifeline, logs
from deploy.credentials import ensure_credentials, ensure_secret
from deploy.policies import load_policy
from deploy.policies.in_force import PublishedPolicies
from deploy.settings import Settings
from notifications.outbox import Outbox
from records.engine import connect
from records.errors import RecordsUnavailable
from records.queries import Queries
from workflows.converter import data_converter

_SECONDS_TO_FINISH = 1
_log = structlog.get_logger(__name__)


def services(settings: Settings, client: Client) -> Services:
    """What the interface works with. Raises Refusal for a broken policy, key file or secret."""
    policy = load_policy(settings.policy)
    queries = Queries(connect(settings.database_url))
    departments = {*policy.departments, *_departments_of_versions(queries, policy.name)}
    return Services(
        engine=Engine(client, settings.task_queue),
        queries=queries,
        credentials=Credentials(ensure_credentials(settings.data_dir, departments)),
        policies=PublishedPolicies(queries, policy),
        outbox=Outbox(settings.data_dir / "outbox"),
        secret=ensure_secret(settings.data_dir),
        public_url=settings.public_url,
    )


def _departments_of_versions(queries: Queries, name: str) -> set[str]:
    """The departments of every published version: a running case may be kept under any of them."""
    try:
        versions = [queries.policy(each.name, each.version) for each in queries.policy_versions(name)]
    except RecordsUnavailable:
        return set()
    return {department for policy in versions if policy for department in policy.departments}


async def _work(line: lifeline.Lifeline) -> None:
    settings = Settings.load()
    logs.configure(settings.log_level, settings.log_format)
    await line.go()
    # Lazy: the engine may be away now and come back later, and the interface says so meanwhile.
    client = await engine.connect(settings, lazy=True, data_converter=data_converter)
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(services(settings, client)),
            host=settings.web_host,
            port=settings.web_port,
            log_config=None,
            access_log=False,  # a path may hold a customer's token; the interface logs its own lines
            server_header=False,
            timeout_graceful_shutdown=_SECONDS_TO_FINISH,
        )
    )
    serving = asyncio.create_task(server.serve())
    while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn tells nobody
        await asyncio.sleep(0.02)
    if server.started:
        await line.ready()
        _log.info("serving", address=settings.local_url)
    cut = asyncio.create_task(line.cut())
    await asyncio.wait({serving, cut}, return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    cut.cancel()
    with suppress(asyncio.CancelledError):
        await cut
    await serving


if __name__ == "__main__":
    sys.exit(lifeline.run(_work))
