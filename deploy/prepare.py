"""What must be done once before the worker and the web server run: the namespace, the tables, the policy published.

`python -m deploy.prepare` does it and ends; it can be run again and again, and beside running workers.
"""

import asyncio
import sys
from datetime import timedelta
from typing import NamedTuple

import structlog

from deploy import engine, lifeline, logs
from deploy.refusal import Refusal
from deploy.settings import Settings

_PATIENCE = timedelta(seconds=60)


class Prepared(NamedTuple):
    """The policy that new cases are kept under now, its name and version, and what a person should be told of it."""

    policy: str
    told: tuple[str, str] | None


async def prepare(settings: Settings) -> Prepared:
    """Prepare the data folder, then the namespace and the records side by side. Raises Refusal if one cannot be."""
    make_data_folder(settings)
    _, prepared = await asyncio.gather(_prepare_engine(settings), asyncio.to_thread(_prepare_records, settings))
    return prepared


def make_data_folder(settings: Settings) -> None:
    """Make the data folder where there is none. Raises Refusal where it cannot be made."""
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Refusal(
            f"数据文件夹（REDRESS_DATA_DIR）无法使用：{settings.data_dir}：{error.strerror}。",
            f"The data folder (REDRESS_DATA_DIR) cannot be used: {settings.data_dir}: {error.strerror}.",
        ) from error


async def _prepare_engine(settings: Settings) -> None:
    client = await engine.connect_patiently(settings, within=_PATIENCE)
    await engine.prepare_namespace(client, settings, within=_PATIENCE)


def _prepare_records(settings: Settings) -> Prepared:
    from deploy.policies import load_policy
    from deploy.policies.publishing import in_force, published, standing
    from records.engine import connect

    policy = load_policy(settings.policy)
    migrate_records(settings)
    engine = connect(settings.database_url)
    try:
        version, _ = published(engine, policy)
        current = in_force(engine, version)
        return Prepared(f"{current.name} {current.version}", standing(version, current))
    finally:
        engine.dispose()


def migrate_records(settings: Settings) -> None:
    """Bring the tables up to date. Raises Refusal where they cannot be."""
    from records import migrate
    from records.errors import RecordsError

    try:
        migrate(settings.database_url)
    except RecordsError as error:
        raise Refusal(
            f"数据库（REDRESS_DATABASE_URL）无法使用：{error.zh}",
            f"The database (REDRESS_DATABASE_URL) cannot be used: {error.en}",
        ) from error


async def _work(line: lifeline.Lifeline) -> None:
    settings = Settings.load()
    logs.configure(settings.log_level, settings.log_format)
    policy, told = await prepare(settings)
    if told:
        await line.tell(*told)
        structlog.get_logger(__name__).warning("policy_not_in_force", zh=told[0], en=told[1])
    await line.ready(policy)


if __name__ == "__main__":
    sys.exit(lifeline.run(_work))
