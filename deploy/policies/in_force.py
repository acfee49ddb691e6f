"""Which published version of the policy new cases are kept under, known without a restart and without delay."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from api.policies import InForce
from complaints.policy import Policy
from deploy.policies.observed import with_holidays
from records.errors import RecordsUnavailable
from records.queries import Queries
from records.results import PolicyVersion, version_in_force

REFRESH = timedelta(seconds=3)
"""How long a newly published version may go unnoticed."""

_log = structlog.get_logger(__name__)


class PublishedPolicies:
    """The versions of one policy, looked up again every few seconds.

    While the records are away the versions last known go on; before any are known, the policy that is given.
    """

    def __init__(
        self,
        queries: Queries,
        given: Policy,
        refresh: timedelta = REFRESH,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._queries = queries
        self._given = given
        self._contents: dict[str, Policy] = {given.fingerprint(): given}
        self._refresh = refresh.total_seconds()
        self._clock = clock
        self._versions: tuple[PolicyVersion, ...] = ()
        self._looked_at: float | None = None
        self._looking = asyncio.Lock()
        self._ready: tuple[tuple[str, int], InForce] | None = None

    @property
    def name(self) -> str:
        return self._given.name

    async def in_force(self, at: datetime) -> InForce:
        """The version under which a case is kept that is filed at an instant."""
        await self._look()
        hash_, policy = await self._content(at)
        key = hash_, at.year
        if self._ready is None or self._ready[0] != key:
            self._ready = key, await asyncio.to_thread(_prepared, policy, at.year)
        return self._ready[1]

    async def published(self, version: str, at: datetime) -> InForce | None:
        """A published version of any time, for a case at an instant. Raises RecordsUnavailable."""
        policy = await asyncio.to_thread(self._queries.policy, self.name, version)
        return await asyncio.to_thread(_prepared, policy, at.year) if policy else None

    async def _look(self) -> None:
        if not self._is_due() or (self._looking.locked() and self._looked_at is not None):
            return
        async with self._looking:
            if not self._is_due():
                return
            try:
                self._versions = await asyncio.to_thread(self._queries.policy_versions, self._given.name)
            except RecordsUnavailable as away:
                _log.warning("policy_versions_not_read", reason=away.reason)
            finally:
                self._looked_at = self._clock()

    def _is_due(self) -> bool:
        return self._looked_at is None or self._clock() - self._looked_at >= self._refresh

    async def _content(self, at: datetime) -> tuple[str, Policy]:
        """The version in force, by its hash; where it cannot be read now, the newest before it that can."""
        known = list(self._versions)
        while version := version_in_force(known, at):
            if version.hash not in self._contents and (policy := await self._read(version)):
                self._contents[version.hash] = policy
            if version.hash in self._contents:
                return version.hash, self._contents[version.hash]
            known.remove(version)
        return next(iter(self._contents.items()))

    async def _read(self, version: PolicyVersion) -> Policy | None:
        try:
            return await asyncio.to_thread(self._queries.policy, version.name, version.version)
        except RecordsUnavailable as away:
            _log.warning("policy_not_read", version=version.version, reason=away.reason)
            return None


def _prepared(policy: Policy, year: int) -> InForce:
    whole = with_holidays(policy, year)
    return InForce(whole, whole.pinned())
