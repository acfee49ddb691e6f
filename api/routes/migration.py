"""Moving a running case to another version of the policy, or seeing what that would change."""

from datetime import UTC, datetime
from typing import Annotated, Self

from fastapi import APIRouter

from api.asking import Asked
from api.auth import Authenticated
from api.body import Strictly
from api.desk import AtDesk, Once, Serving
from api.documenting import writing
from api.errors import Trouble
from api.routes.handling import actor_of
from api.views import Answer, PolicyView, ReceiptView
from complaints import check
from complaints import commands as cmd
from complaints.base import Instant, Line, Text
from complaints.case import Case
from complaints.migrating import Preview, preview
from complaints.policy import Policy
from complaints.vocabulary import PromiseKind

JUST_FILED = 1
"""The version of a case that is waited for, so that one can be looked at as soon as it is filed."""

router = APIRouter(prefix="/v1/complaints/{reference}/policy", tags=["policies"])


class MigrationBody(Asked):
    """To which published version and why; `dry_run` changes nothing, and then no reason is needed."""

    version: Line
    reason: Text | None = None
    dry_run: bool = False


class MovedView(Answer):
    """An open promise before and after: due at None means that it is held. Breaches of the past are not touched."""

    id: str
    kind: PromiseKind
    task: str | None
    before: Instant | None
    after: Instant | None
    newly_late: bool
    no_longer_late: bool

    @classmethod
    def of(cls, foreseen: Preview) -> Self:
        return cls(
            id=foreseen.promise.id,
            kind=foreseen.promise.kind,
            task=foreseen.promise.task,
            before=foreseen.before,
            after=foreseen.after,
            newly_late=foreseen.newly_late,
            no_longer_late=foreseen.no_longer_late,
        )


class MigrationView(Answer):
    """What moving the case, as it is at `version`, would change."""

    reference: str
    version: int
    before: PolicyView
    after: PolicyView
    promises: tuple[MovedView, ...]

    @classmethod
    def of(cls, case: Case, policy: Policy, at: datetime) -> Self:
        return cls(
            reference=case.reference,
            version=case.version,
            before=_named(case.policy),
            after=_named(policy),
            promises=tuple(MovedView.of(each) for each in preview(case, policy, at)),
        )


def _named(policy: Policy) -> PolicyView:
    return PolicyView(name=policy.name, version=policy.version, hash=policy.fingerprint())


@router.post("", **writing("migrate_policy", "改用另一版时限规则", "Keep the case under another version of the policy"))
async def migrate_policy(
    reference: str,
    caller: Authenticated,
    desk: AtDesk,
    services: Serving,
    key: Once,
    body: Annotated[MigrationBody, Strictly()],
) -> MigrationView | ReceiptView:
    """A dry run answers with each open promise's due time before and after; otherwise with the receipt.

    What would be refused is refused in a dry run too.
    """
    now = datetime.now(UTC)
    to = await services.policies.published(body.version, now)
    if to is None:
        raise Trouble("policy_version_unknown")
    if body.reason is None and not body.dry_run:
        raise Trouble("malformed_request", errors=[_NEEDS_A_REASON])
    command = cmd.MigratePolicy(**key.of(actor_of(caller)), policy=to.pinned, reason=body.reason or "dry run")
    if body.dry_run:
        case = await desk.case(reference, JUST_FILED, caller)
        check(case, command, now)
        return MigrationView.of(case, to.pinned, now)
    return ReceiptView.of(await desk.act("reference_unknown", reference, command))


_NEEDS_A_REASON = {
    "where": "body.reason",
    "what": "改用另一版规则时必须说明理由",
    "what_zh": "改用另一版规则时必须说明理由",
    "what_en": "a move needs its reason",
}
