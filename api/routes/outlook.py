"""The outlook: what will fire if nobody acts, in one case or hour by hour over many."""

import asyncio
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Annotated, Self

from fastapi import APIRouter, Query

from api.auth import Authenticated
from api.desk import AtDesk, Serving
from api.documenting import reading
from api.errors import Trouble
from api.views import Answer
from complaints.base import Instant
from complaints.case import Case
from complaints.outlook import Expected, Hour, Hours, Scope, What, outlook
from complaints.vocabulary import EscalationCause, EscalationLevel, HoldReason, MessageKind, PromiseKind
from records.results import Filters

router = APIRouter(prefix="/v1", tags=["outlook"])

MOST_CASES = 5_000
MOST_TURNS = 300
"""How often the clocks of one case among many may ring."""
MOST_SECONDS = 8.0
"""For how long one request goes through cases: its reader waits for it, and others share the processor."""
MOST_REFERENCES = 100
AT_A_TIME = 20

Ahead = Annotated[int, Query(ge=1, le=31 * 24, description="未来多少小时 / how many hours ahead")]
Named = Annotated[str | None, Query(max_length=40)]


class ExpectedView(Answer):
    """What will fire at an instant if nobody acts, and who is told; `told_at` when, where that waits."""

    at: Instant
    what: What
    promise: str | None
    kind: PromiseKind | None
    task: str | None
    department: str | None
    level: EscalationLevel | None
    cause: EscalationCause | None
    hold: HoldReason | None
    message: MessageKind | None
    to: str | None
    told_at: Instant | None

    @classmethod
    def of(cls, expected: Expected) -> Self:
        return cls(**{name: getattr(expected, name) for name in cls.model_fields})


class OutlookView(Answer):
    """In order, up to `until`: an earlier instant than was asked for where there is too much to see."""

    reference: str
    version: int
    at: Instant
    until: Instant
    items: tuple[ExpectedView, ...]


class HourView(Answer):
    """What fires within an hour from `start`: `references` are the cases with the most of it, `more` counts others."""

    start: Instant
    total: int
    counts: dict[What, int]
    references: dict[str, int]
    more: int

    @classmethod
    def of(cls, hour: Hour) -> Self:
        shown = dict(islice(hour.references.items(), MOST_REFERENCES))
        more = len(hour.references) - len(shown)
        return cls(start=hour.start, total=hour.total, counts=hour.counts, references=shown, more=more)


class HoursView(Answer):
    """By the hours of the clock in UTC, over the open cases with what is due next first.

    `cases` were looked at. `left_out` (that many at the least) were not, for there are too many; `cut` were seen for a
    part of the time only.
    """

    at: Instant
    until: Instant
    cases: int
    left_out: int
    cut: int
    hours: tuple[HourView, ...]


@router.get(
    "/complaints/{reference}/outlook",
    **reading("foresee_complaint", "若无人处理会发生什么", "What will fire in a case if nobody acts"),
)
async def foresee_complaint(
    reference: str,
    caller: Authenticated,
    desk: AtDesk,
    hours: Ahead = 24,
    at_least: Annotated[int, Query(ge=1, le=10**9)] = 1,
) -> OutlookView:
    """Messages to the customer are taken to arrive. A department sees what concerns its own tasks.

    Waits up to 2 s until the version `at_least` can be read.
    """
    now = datetime.now(UTC)
    case = await desk.case(reference, at_least, caller)
    seen = await asyncio.to_thread(outlook, case, now, now + timedelta(hours=hours))
    items = tuple(ExpectedView.of(each) for each in Scope(caller.department).of(case, seen.expected))
    return OutlookView(reference=reference, version=case.version, at=now, until=seen.until, items=items)


@router.get(
    "/outlook", **reading("foresee", "若无人处理，各小时会发生什么", "What will fire hour by hour if nobody acts")
)
async def foresee(
    caller: Authenticated,
    desk: AtDesk,
    services: Serving,
    hours: Ahead = 24,
    department: Named = None,
    team: Named = None,
) -> HoursView:
    """Over all open cases.

    With `department`, what concerns its tasks; with `team`, what its members are told, and the cases that they took.
    """
    if caller.department is not None and (team is not None or department not in (None, caller.department)):
        raise Trouble("not_permitted")
    scope, now = Scope(caller.department or department, team), datetime.now(UTC)
    filters = Filters(open=True, department=scope.department)
    # One more than is looked at tells whether there are more; how many more is not worth counting.
    references = await desk.read(services.queries.soonest, filters, MOST_CASES + 1)
    counting = _Counting(scope, now, now + timedelta(hours=hours))
    given_up = time.monotonic() + MOST_SECONDS
    for start in range(0, min(len(references), MOST_CASES), AT_A_TIME):
        if time.monotonic() > given_up:
            break
        batch = references[start : min(start + AT_A_TIME, MOST_CASES)]
        counting.add(await desk.read(services.queries.cases, batch))
        await asyncio.to_thread(counting.work)
    if not counting.known and not scope.is_known_to((await services.policies.in_force(now)).policy):
        raise Trouble("outlook_of_whom")
    return counting.view(len(references))


class _Counting:
    """The outlooks of many cases, counted one batch after the other."""

    def __init__(self, scope: Scope, at: datetime, until: datetime) -> None:
        self.known = False
        self._scope, self._at, self._until = scope, at, until
        self._hours, self._waiting = Hours(), list[Case]()
        self._cases = self._cut = 0

    def add(self, cases: Iterable[Case]) -> None:
        self._waiting += cases

    def work(self) -> None:
        """Count what waits. Takes the processor for it: not for the thread that answers others."""
        for case in self._waiting:
            seen = outlook(case, self._at, self._until, MOST_TURNS)
            self.known = self.known or self._scope.is_known_to(case.policy)
            self._hours.add(case.reference, self._scope.of(case, seen.expected))
            self._cases += 1
            self._cut += seen.until < self._until
        self._waiting.clear()

    def view(self, found: int) -> HoursView:
        return HoursView(
            at=self._at,
            until=self._until,
            cases=self._cases,
            left_out=found - self._cases,
            cut=self._cut,
            hours=tuple(HourView.of(hour) for hour in self._hours.table(self._at, self._until)),
        )
