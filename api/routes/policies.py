"""The versions of this installation's policy."""

from datetime import UTC, datetime

from fastapi import APIRouter

from api.auth import Authenticated
from api.desk import AtDesk, Serving
from api.documenting import reading
from api.views import Answer
from complaints.base import Instant
from records.results import version_in_force

router = APIRouter(prefix="/v1/policies", tags=["policies"])


class PolicyVersionView(Answer):
    """A published version: new cases are kept under it from `effective_from` on, until the next one's."""

    name: str
    version: str
    hash: str
    effective_from: Instant
    published_at: Instant
    published_by: str | None
    in_force: bool


class PoliciesView(Answer):
    """The versions of the policy of this installation, by its name."""

    name: str
    items: tuple[PolicyVersionView, ...]


@router.get("", **reading("list_policies", "时限规则的版本", "The versions of the policy, and which is in force"))
async def list_policies(_: Authenticated, desk: AtDesk, services: Serving) -> PoliciesView:
    """In the order in which they come in force. A new version is noticed within seconds, without a restart."""
    versions = await desk.read(services.queries.policy_versions, services.policies.name)
    current = version_in_force(versions, datetime.now(UTC))
    items = tuple(PolicyVersionView(**each.model_dump(), in_force=each == current) for each in versions)
    return PoliciesView(name=services.policies.name, items=items)
