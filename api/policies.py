"""Under which policy new cases are kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from complaints.policy import Policy


@dataclass(frozen=True)
class InForce:
    """The version in force, with its public holidays, whole and as a case carries it."""

    policy: Policy
    pinned: Policy


class Policies(Protocol):
    """Knows the versions of the policy of this installation."""

    @property
    def name(self) -> str: ...

    async def in_force(self, at: datetime) -> InForce:
        """The version under which a case is kept that is filed at an instant."""
        ...

    async def published(self, version: str, at: datetime) -> InForce | None:
        """A published version of any time, for a case at an instant. Raises RecordsUnavailable."""
        ...
