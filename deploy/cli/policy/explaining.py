"""A due time under a policy, and every closed or held stretch that it stepped over."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from complaints.policy import Policy
from complaints.terms import ALWAYS_OPEN, Subject, Terms
from complaints.vocabulary import PromiseKind
from complaints.worktime import ALWAYS, Stop, WorkingTime, compiled
from deploy.cli.client import failed
from deploy.cli.language import Tongue
from deploy.cli.texts import both, text
from deploy.cli.words import label_of
from deploy.policies import load_policy
from deploy.policies.observed import years_around
from deploy.public_holidays import is_published, resolved

HOLD = "hold"


class Question(NamedTuple):
    """What is asked; instants and holds as they were typed. `calendar` and `minutes` replace the promise's own.

    `department` is whose task a promise is of; no other promise has one.
    """

    policy: str
    promise: str
    start: str
    holds: tuple[str, ...]
    calendar: str | None
    minutes: int | None
    subject: Subject
    department: str | None = None


class Step(NamedTuple):
    """A stretch that does not count, in the calendar's time zone: `closed`, or held; no end where it has not ended."""

    start: datetime
    end: datetime | None
    reason: str


class Answer(NamedTuple):
    """A due time, None while a hold is open, and what led to it.

    The holidays of the years `supposed` are not published yet; those of the years `left_out` are not among what a case
    that was filed at the start takes with it.
    """

    promise: PromiseKind
    terms: Terms
    minutes: int
    calendar: str
    zone: ZoneInfo
    start: datetime
    due: datetime | None
    steps: tuple[Step, ...]
    supposed: tuple[int, ...] = ()
    left_out: tuple[int, ...] = ()

    def lines(self, language: Tongue, *, explain: bool) -> Iterator[str]:
        """The due time for a reader, and with `explain` before it all that led there."""
        due = _written(self.due) if self.due else text(language, "due_held")
        if not explain:
            yield due
            return
        rule = f"{self.terms.rule}, {', '.join(self.terms.matched)}" if self.terms.matched else self.terms.rule
        kind = label_of("PromiseKind", self.promise, language)
        yield text(
            language,
            "due_terms",
            promise=kind,
            minutes=self.minutes,
            calendar=self.calendar,
            zone=self.zone.key,
            rule=rule,
        )
        yield f"{text(language, 'due_start')}  {_written(self.start)}"
        for step in self.steps:
            end = _written(step.end) if step.end else text(language, "due_open_hold")
            yield f"  {_written(step.start)} – {end}  {' · '.join(both(f'closed_{step.reason}'))}"
        for key, years in (("due_supposed", self.supposed), ("due_left_out", self.left_out)):
            if years:
                named = ", ".join(map(str, years))
                yield f"  {' · '.join(both(key, years=named, filed=self.start.year))}"
        yield f"{text(language, 'due')}  {due}"

    def as_json(self) -> dict[str, object]:
        """The same for a program."""
        return {
            "promise": self.promise.value,
            "minutes": self.minutes,
            "calendar": self.calendar,
            "timezone": self.zone.key,
            "rule": self.terms.rule,
            "matched": list(self.terms.matched),
            "start": _written(self.start),
            "due": _written(self.due) if self.due else None,
            "steps": [
                {
                    "start": _written(step.start),
                    "end": _written(step.end) if step.end else None,
                    "reason": step.reason,
                    **dict(zip(("zh", "en"), both(f"closed_{step.reason}"), strict=True)),
                }
                for step in self.steps
            ],
            "supposed_years": list(self.supposed),
            "left_out_years": list(self.left_out),
        }


def answer(question: Question) -> Answer:
    """When what is asked about is due, and why. Raises Refusal for what the policy does not know."""
    policy = load_policy(question.policy, "--policy")
    subject = question.subject
    _among(policy.categories, "--category", subject.category)
    if subject.tier is not None:
        _among(policy.tiers, "--tier", subject.tier)
    kind = PromiseKind(question.promise)
    terms = policy.terms(kind, subject)
    name = _calendar(policy, kind, question, terms)
    _among({ALWAYS_OPEN: None, **policy.calendars}, "--calendar", name)
    minutes = terms.minutes if question.minutes is None else question.minutes
    zone = _zone(policy, name)
    start = _instant("--start", question.start, zone)
    stops = [_stop(hold, zone) for hold in question.holds]
    try:
        working, due = _due(policy, name, start, policy.span(minutes), stops)
    except (ValueError, OverflowError):
        raise failed("due_never") from None
    steps = tuple(_steps(working, start, due, stops, zone))
    local = due and due.astimezone(zone)
    unsure = _unsure(policy, name, start, local or start)
    return Answer(kind, terms, minutes, name, zone, start, local, steps, *unsure)


def _calendar(policy: Policy, kind: PromiseKind, question: Question, terms: Terms) -> str:
    """The calendar that is asked for: a task runs on its department's."""
    of_a_task = kind in (PromiseKind.TASK_FEEDBACK, PromiseKind.TASK_COMPLETION)
    if question.department is not None:
        if not of_a_task:
            raise failed("due_department_for_tasks", exit_code=2)
        _among(policy.departments, "--department", question.department)
    if question.calendar is not None:
        return question.calendar
    if not of_a_task:
        return terms.calendar
    if question.department is None:
        raise failed("due_department_needed", exit_code=2, known=", ".join(sorted(policy.departments)))
    return policy.departments[question.department].calendar


def _unsure(policy: Policy, name: str, start: datetime, end: datetime) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The years between two instants whose holidays are only supposed, and those that no case takes with it."""
    public = policy.calendars[name].holidays if name != ALWAYS_OPEN else None
    if public is None:
        return (), ()
    looked_up = [year for year in range(start.year, end.year + 1) if year not in public.years]
    supposed = (year for year in looked_up if not is_published(public.country, public.subdivision, year))
    return tuple(supposed), tuple(year for year in looked_up if year not in years_around(start.year))


def _due(
    policy: Policy, name: str, start: datetime, budget: timedelta, stops: list[Stop]
) -> tuple[WorkingTime, datetime | None]:
    """The due time, with the public holidays of all the years that it passes through."""
    if name == ALWAYS_OPEN:
        return ALWAYS, ALWAYS.due(start, budget, stops)
    last = max(at.year for at in (start, *filter(None, (end for _, end in stops))))
    while True:
        known = resolved(policy.calendars[name], range(start.year - 1, last + 2))
        working = compiled(known, policy.timezone)
        due = working.due(start, budget, stops)
        if due is None or due.year <= last:
            return working, due
        last = due.year


def _steps(
    working: WorkingTime, start: datetime, due: datetime | None, stops: list[Stop], zone: ZoneInfo
) -> Iterator[Step]:
    until = due or max(start, min(began for began, ended in stops if ended is None))
    found = [Step(closing.start, closing.end, closing.why.value) for closing in working.closings(start, until)]
    for began, ended in stops:
        if ended is None and due is None:
            found.append(Step(max(began, start), None, HOLD))
        elif ended is not None and max(began, start) < min(ended, until):
            found.append(Step(max(began, start), min(ended, until), HOLD))
    for step in sorted(found, key=lambda step: step.start.astimezone(UTC)):
        yield step._replace(start=step.start.astimezone(zone), end=step.end and step.end.astimezone(zone))


def _zone(policy: Policy, calendar: str) -> ZoneInfo:
    known = policy.calendars.get(calendar)
    return ZoneInfo((known and known.timezone) or policy.timezone)


def _among(known: object, option: str, value: str) -> None:
    names = sorted(known) if isinstance(known, dict) else []
    if value not in names:
        raise failed("due_option_unknown", exit_code=2, option=option, value=value, known=", ".join(names) or "–")


def _instant(option: str, typed: str, zone: ZoneInfo) -> datetime:
    try:
        at = datetime.fromisoformat(typed.strip())
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(zone)
    except (ValueError, OverflowError):
        raise failed("due_option_instant", exit_code=2, option=option) from None


def _stop(typed: str, zone: ZoneInfo) -> Stop:
    first, slash, last = typed.partition("/")
    if not slash:
        raise failed("due_option_hold", exit_code=2)
    began = _instant("--hold", first, zone)
    ended = _instant("--hold", last, zone) if last.strip() else None
    if ended is not None and ended.astimezone(UTC) < began.astimezone(UTC):
        raise failed("due_option_hold", exit_code=2)
    return began, ended


def _written(at: datetime) -> str:
    return at.isoformat()
