"""The desk: what the routes do, between the engine that decides and the records that remember."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any, Protocol, TypeVar

from fastapi import Depends, Request

from api.auth import Authenticated, Caller, Credentials
from api.body import fingerprint
from api.context import fresh_id
from api.engine import CodeTaken, Engine, NotRunning
from api.errors import Trouble, of_refusal
from api.policies import Policies
from api.triaging import triaged
from complaints import Refusal, check, evolve, open_case
from complaints.case import Case, Receipt
from complaints.commands import Absorb, BaseCommand, FileComplaint, Merge
from complaints.parties import Actor, Complaint
from complaints.portal import PortalLinks
from complaints.refusals import REFUSALS, Ground
from records.errors import RecordsUnavailable
from records.queries import Queries
from workflows.ids import Request as Asked
from workflows.ids import intake_key, reference_for

LONGEST_WAIT = 2.0
"""Seconds for which a read waits for the version that its caller has been told of."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 0.1
_MOST_ATTEMPTS = 16
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_CODE = "[0-9A-HJKMNP-TV-Z]{10}"
_SUBJECTS = {
    "reference_unknown": re.compile(rf"C-[0-9]{{8}}-{_CODE}"),
    "master_unknown": re.compile(rf"C-[0-9]{{8}}-{_CODE}"),
    "task_unknown": re.compile(rf"T-{_CODE}-[0-9]{{1,6}}"),
    "escalation_unknown": re.compile(rf"E-{_CODE}-[0-9]{{1,6}}"),
}
T = TypeVar("T")


class Letter(Protocol):
    """A letter in the outbox, as a pydantic value."""

    def model_dump(self, *, exclude: set[str] | None = None) -> dict[str, Any]: ...


class Letters(Protocol):
    """A page of letters, and the cursor of the next."""

    @property
    def letters(self) -> tuple[Letter, ...]: ...
    @property
    def next(self) -> str | None: ...


class OutboxReader(Protocol):
    """What reads the embedded outbox. `list` raises ValueError for a cursor that is none."""

    def get(self, key: str) -> Letter | None: ...
    def list(self, reference: str | None = None, limit: int = 50, after: str | None = None) -> Letters: ...


@dataclass(frozen=True)
class Services:
    """All that the interface is given. `secret` signs the customers' links; `public_url` is where they lead."""

    engine: Engine
    queries: Queries
    credentials: Credentials
    policies: Policies
    outbox: OutboxReader | None
    secret: bytes = field(repr=False)
    public_url: str

    def __post_init__(self) -> None:
        """Raises ValueError for a secret that is too short, before any link is signed with it."""
        PortalLinks(self.public_url, self.secret)

    @property
    def links(self) -> PortalLinks:
        return PortalLinks(self.public_url, self.secret)


@dataclass(frozen=True)
class Key:
    """Under which id a request is made, once and for ever, and a hash of what it asks."""

    key: str
    fingerprint: str

    def command_id(self, name: str) -> str:
        return f"{name}:{self.key}"

    def of(self, by: Actor) -> dict[str, Any]:
        """What every command carries."""
        return {"id": self.command_id(by.name), "by": by, "fingerprint": self.fingerprint}


def idempotency_key(request: Request) -> Key:
    """The request's own key, or a fresh one. Raises Trouble for one that is none."""
    given = request.headers.getlist("idempotency-key")
    if len(given) > 1 or (given and not _KEY.fullmatch(given[0])):
        raise Trouble("bad_idempotency_key")
    return Key(given[0] if given else fresh_id(), fingerprint(request))


class Desk:
    """Does what a route asks. Raises Trouble, Refusal, EngineAway or RecordsUnavailable where it cannot."""

    def __init__(self, services: Services) -> None:
        self._engine = services.engine
        self._queries = services.queries
        self._policies = services.policies

    # --- writing

    async def file(self, complaint: Complaint, caller: Caller, key: Key) -> Case:
        """Open a case, and answer with it as it was opened: the same each time that the same is asked.

        What was decided when it was asked first stands, though another policy is in force by now, or triage would find
        other circumstances: the records have it, or else the engine.
        """
        intake, now = intake_key(caller.name, key.key), datetime.now(UTC)
        carried = key.of(Actor.model_validate(caller.model_dump()))
        filing: FileComplaint | None = None
        for attempt in range(_MOST_ATTEMPTS):
            reference = reference_for(intake, now, attempt)
            try:
                if (recorded := await self._filed_before(reference, key, carried["id"])) is not None:
                    return recorded
                filing = filing or await self._filing(complaint, reference, now, carried)
                started = await self._engine.file(filing.model_copy(update={"reference": reference}), intake)
            except CodeTaken:
                continue
            except NotRunning:
                # It ended and was forgotten by the engine between two questions; then it is in the records.
                raise Trouble("engine_away") from None
            return open_case(started.filing, started.at).case
        raise Trouble("engine_away")

    async def _filing(
        self, complaint: Complaint, reference: str, now: datetime, carried: dict[str, Any]
    ) -> FileComplaint:
        """The command to file a complaint, under the policy in force. Raises Refusal for one that it could not keep."""
        terms = await self._policies.in_force(now)
        found = await triaged(complaint, terms.policy, self._queries, now)
        filing = FileComplaint(**carried, reference=reference, complaint=complaint, policy=terms.pinned, triage=found)
        open_case(filing, now)
        return filing

    async def _filed_before(self, reference: str, key: Key, command: str) -> Case | None:
        """The case as this request opened it, if it is recorded: the records remember longer than the engine."""
        try:
            case = await self.read(self._queries.case_by_code, reference.rsplit("-", 1)[1])
            if case is None:
                return None
            receipt = case.handled.get(command)
            if receipt is None or receipt.version != 1:
                raise CodeTaken
            if receipt.fingerprint != key.fingerprint:
                raise Trouble("key_reused")
            return evolve(None, (await self.read(self._queries.journal, case.reference, 0, 1))[0])
        except RecordsUnavailable:
            return None

    async def act(self, unknown: str, subject: str, command: BaseCommand) -> Receipt:
        """Have a command done on the case that a subject belongs to; `unknown` is what is said where there is none."""
        if not is_subject(unknown, subject):
            raise Trouble(unknown)
        try:
            return await self._engine.act(Asked(subject=subject, command=command))
        except NotRunning:
            return await self._remembered(unknown, subject, command)
        except Trouble as refused:
            if refused.name not in REFUSALS:
                raise
            ground = REFUSALS[refused.name][0]
            if ground is Ground.UNKNOWN and refused.name in _SUBJECTS:
                raise Trouble(unknown) from None
            if ground is Ground.CONFLICT:
                raise await self._with_stage(refused, unknown, subject, command.by) from None
            raise

    async def merge(self, reference: str, command: Merge) -> Receipt:
        """Merge a case into another that is open and says so itself; no complaint may vanish into nothing.

        The other one takes it over first: whatever is cut short then, at least one of the two goes on.
        """
        merged = await self.case(reference, 1, command.by)
        check(merged, command, datetime.now(UTC))
        if command.id not in merged.handled:
            absorb = Absorb(
                id=f"{command.id}/absorb", by=command.by, fingerprint=command.fingerprint, reference=reference
            )
            try:
                await self.act("master_unknown", command.into, absorb)
            except Trouble as refused:
                if refused.name in ("case_finished", "stage_forbids"):
                    raise Trouble("master_over") from None
                raise
        return await self.act("reference_unknown", reference, command)

    async def _remembered(self, unknown: str, subject: str, command: BaseCommand) -> Receipt:
        """The answer about a case that the engine keeps no longer: the first receipt, or that all is over."""
        case = await self.case_of(subject)
        if case is None:
            raise Trouble(unknown)
        receipt = case.handled.get(command.id)
        if receipt is None:
            raise await self._with_stage(of_refusal(Refusal("case_finished")), unknown, subject, command.by)
        if receipt.fingerprint != command.fingerprint:
            raise Trouble("key_reused")
        return receipt

    async def _with_stage(self, refused: Trouble, unknown: str, subject: str, by: Actor) -> Trouble:
        """A conflict with the case's stage beside it.

        That a case is finished is found before whose task it is: a department hears it of its own only.
        """
        try:
            case = await self.case_of(subject)
        except RecordsUnavailable:
            return refused
        if case is None:
            return refused
        hidden = by.department is not None and not _concerns(case, subject, by.department)
        if hidden and refused.name == "case_finished":
            return Trouble(unknown)
        refused.extras["stage"] = case.stage.value
        return refused

    # --- reading

    @staticmethod
    async def read(query: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """Ask the records without holding anybody up."""
        return await asyncio.to_thread(partial(query, *arguments, **named))

    async def case_of(self, subject: str) -> Case | None:
        """The recorded case of a reference, or of the id of a task or an escalation."""
        if subject.startswith("C-"):
            return await self.read(self._queries.case, subject)
        return await self.read(self._queries.case_by_code, subject.split("-")[1])

    async def case(self, reference: str, at_least: int | None, caller: Actor) -> Case:
        """A case that the caller may know of, waiting a little for a version that they have been told of."""
        if not is_subject("reference_unknown", reference):
            raise Trouble("reference_unknown")
        if at_least is not None:
            await self._wait(lambda: self._queries.version(reference), at_least)
        case = await self.read(self._queries.case, reference)
        if case is None or not _may_know(case, caller):
            raise Trouble("reference_unknown")
        return case

    async def case_behind(self, code: str) -> Case | None:
        """The case with a code; one that was filed a moment ago is waited for."""
        case = await self.read(self._queries.case_by_code, code)
        if case is None:
            await self._wait(lambda: 1 if self._queries.case_by_code(code) else None, 1)
            case = await self.read(self._queries.case_by_code, code)
        return case

    async def _wait(self, version: Callable[[], int | None], wanted: int) -> None:
        deadline, pause = time.monotonic() + LONGEST_WAIT, _FIRST_PAUSE
        while (await self.read(version) or 0) < wanted and time.monotonic() < deadline:
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)


def is_subject(unknown: str, subject: str) -> bool:
    """Whether a text can be the id of what `unknown` says there is none of."""
    return _SUBJECTS[unknown].fullmatch(subject) is not None


def _may_know(case: Case, caller: Actor) -> bool:
    return caller.department is None or any(task.department == caller.department for task in case.tasks)


def _concerns(case: Case, subject: str, department: str) -> bool:
    escalation = case.escalation(subject)
    if escalation is not None:
        return case.department_about(escalation) == department
    task = case.task(subject)
    return task is not None and task.department == department


def services_of(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


Serving = Annotated[Services, Depends(services_of)]
AtDesk = Annotated[Desk, Depends(desk_of)]
Once = Annotated[Key, Depends(idempotency_key)]
__all__ = ["AtDesk", "Authenticated", "Desk", "Key", "Letter", "Letters", "Once", "OutboxReader", "Services", "Serving"]
