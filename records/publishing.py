"""Publishing a version of a policy, so that new cases are kept under it from its effective date on."""

from datetime import datetime

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from complaints.policy import Policy
from records.engine import for_writing
from records.errors import PolicyConflict, unavailable_on_failure
from records.results import PolicyVersion
from records.tables import PolicyRow

_COLUMNS = [getattr(PolicyRow, name) for name in PolicyVersion.model_fields]


def publish(engine: Engine, policy: Policy, at: datetime, by: str | None = None) -> tuple[PolicyVersion, bool]:
    """Publish a policy at an instant: the version as it is recorded, and whether it was not there before.

    It comes in force at its `effective_from`, but never before it is published. A repeat changes nothing. Raises
    PolicyConflict where its version was published with other content, and RecordsUnavailable.
    """
    with unavailable_on_failure():
        try:
            return _publish(engine, policy, at, by)
        except IntegrityError:
            # Another published it between our look and our insert; now there is one to compare with.
            return _publish(engine, policy, at, by)


def _publish(engine: Engine, policy: Policy, at: datetime, by: str | None) -> tuple[PolicyVersion, bool]:
    with for_writing(engine).begin() as connection:
        if known := _published(connection, policy):
            if known.hash != policy.fingerprint():
                raise PolicyConflict(policy.name, policy.version)
            return known, False
        version = PolicyVersion(
            name=policy.name,
            version=policy.version,
            hash=policy.fingerprint(),
            effective_from=max(policy.effective_from or at, at),
            published_at=at,
            published_by=by,
        )
        connection.execute(insert(PolicyRow), {**version.model_dump(), "content": policy})
        return version, True


def _published(connection: Connection, policy: Policy) -> PolicyVersion | None:
    one = (col(PolicyRow.name) == policy.name, col(PolicyRow.version) == policy.version)
    row = connection.execute(select(*_COLUMNS).where(*one)).one_or_none()
    return PolicyVersion.model_validate(row._mapping) if row else None
