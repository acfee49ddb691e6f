"""Who stands on a step of the escalation chain at an instant, and who should have and does not."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from complaints.case import Case
from complaints.events import PassedOver
from complaints.parties import Bilingual, Colleague
from complaints.people import ChainStep
from complaints.policy import Policy
from complaints.vocabulary import EscalationLevel

SUPERVISOR_TITLE = Bilingual(zh="部门主管", en="Department supervisor")
ABSENT = "absent"
"""Why somebody is passed over."""


class Summons(NamedTuple):
    """Who is told, on which step; `passed_over` are those before them, also of lower steps, who were not there."""

    level: EscalationLevel
    title: Bilingual
    to: Colleague
    passed_over: tuple[PassedOver, ...] = ()


def summons(case: Case, level: EscalationLevel, task: str | None, at: datetime) -> Summons:
    """Who is told when a level is to be told something at an instant: somebody there, if need be further up.

    On a step those on call then are asked first, then its people in their order. Where nobody is there up to the top,
    the first of the top step is told all the same. Pure. Raises LookupError for level 0 without a task.
    """
    policy = case.policy
    today = at.astimezone(ZoneInfo(policy.timezone)).date()
    passed: list[PassedOver] = []
    for step in EscalationLevel:
        if step < level or step > policy.top_of_chain():
            continue
        title, candidates = _on_step(case, step, task, at)
        there = [each for each in candidates if not _is_absent(policy, each, today)]
        if there:
            before = candidates[: candidates.index(there[0])]
            return Summons(step, title, there[0], (*passed, *_passed(before)))
        if step is policy.top_of_chain():
            return Summons(step, title, candidates[0], (*passed, *_passed(candidates[1:])))
        passed += _passed(candidates)
    raise LookupError(f"the chain has no level {level}")


def _on_step(case: Case, level: EscalationLevel, task: str | None, at: datetime) -> tuple[Bilingual, list[Colleague]]:
    if level is EscalationLevel.TASK_SUPERVISOR:
        concerned = case.task(task or "")
        if concerned is None:
            raise LookupError("only an escalation about a task goes to its supervisor")
        return SUPERVISOR_TITLE, [case.policy.departments[concerned.department].supervisor]
    step = case.policy.chain[level]
    return step.title, list(dict.fromkeys(_asked(case.policy, step, at)))


def _asked(policy: Policy, step: ChainStep, at: datetime) -> Iterator[Colleague]:
    for shift in step.on_call:
        if policy.working_time(shift.calendar).is_open(at):
            yield from (policy.people[name].colleague() for name in shift.people)
    yield from (policy.people[name].colleague() for name in step.people)
    if step.person is not None:
        yield step.person


def _is_absent(policy: Policy, colleague: Colleague, day: date) -> bool:
    person = policy.person(colleague)
    return person is not None and person.is_absent(day)


def _passed(colleagues: list[Colleague]) -> list[PassedOver]:
    return [PassedOver(name=each.name, why=ABSENT) for each in colleagues]
