"""Publishing the policy of this installation, and what is in force of it."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from complaints.policy import Policy
from deploy.refusal import Refusal
from records.errors import PolicyConflict, RecordsError
from records.publishing import publish
from records.queries import Queries
from records.results import PolicyVersion, version_in_force


def published(engine: Engine, policy: Policy, by: str | None = None) -> tuple[PolicyVersion, bool]:
    """Publish a policy now: its version, and whether it is new. Raises Refusal where it cannot be."""
    try:
        return publish(engine, policy, datetime.now(UTC), by)
    except PolicyConflict as conflict:
        raise Refusal(conflict.zh, conflict.en) from None
    except RecordsError as error:
        raise Refusal(
            f"数据库（REDRESS_DATABASE_URL）无法使用：{error.zh}",
            f"The database (REDRESS_DATABASE_URL) cannot be used: {error.en}",
        ) from error


def in_force(engine: Engine, version: PolicyVersion) -> PolicyVersion:
    """The version of the same policy that new cases are kept under now; the one given where that cannot be read."""
    try:
        return version_in_force(Queries(engine).policy_versions(version.name), datetime.now(UTC)) or version
    except RecordsError:
        return version


def standing(version: PolicyVersion, current: PolicyVersion) -> tuple[str, str] | None:
    """What to say, in both languages, where a version is not the one that new cases are kept under now."""
    if current == version:
        return None
    if version.effective_from > datetime.now(UTC):
        return (
            f"时限规则 {version.name} {version.version} 将于 {_local(version.effective_from)} 生效；"
            f"在此之前，新投诉按版本 {current.version} 处理。",
            f"The policy {version.name} {version.version} comes in force at {_local(version.effective_from)}; until "
            f"then new cases are kept under version {current.version}.",
        )
    return (
        f"REDRESS_POLICY 所指的时限规则 {version.name} {version.version} 不是现行版本：自 "
        f"{_local(current.effective_from)} 起，新投诉按版本 {current.version} 处理。",
        f"The policy {version.name} {version.version} that REDRESS_POLICY names is not in force: since "
        f"{_local(current.effective_from)} new cases are kept under version {current.version}.",
    )


def _local(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S %z}"
