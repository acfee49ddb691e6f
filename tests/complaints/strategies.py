"""Random lives: policies with small budgets, complaints, and lists of moves that make sense or do not.

A move is drawn whole before the life is played, so that Hypothesis can shrink a life by leaving moves out: it names
tasks, holds, escalations and messages by a number that counts round what the case then has.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from hypothesis import settings
from hypothesis import strategies as st

from complaints import commands as cmd
from complaints.case import Case
from complaints.parties import Actor, Colleague, Customer
from complaints.policy import Policy
from complaints.vocabulary import (
    Channel,
    EscalationLevel,
    HoldReason,
    Language,
    Level,
    PromiseKind,
    Role,
    Stage,
)
from tests.complaints.support import LIN, Life, policy_content, solution

COSTLY = settings(max_examples=max(1, settings().max_examples // 3))
"""For laws of which one example takes a tenth of a second and more: a third of what the profile asks for."""

SMALL = st.integers(1, 30)
CALENDARS = st.sampled_from(["always", "always", "gaps"])
GAPS_OF_A_DAY = ("00:00-09:31", "09:33-09:45", "10:00-10:20", "11:00-24:00")
"""Closed again and again around the hour at which every life begins, half past nine in Shanghai."""
SPARE = st.none() | SMALL


class Move(NamedTuple):
    """What happens next in a life: time passes, then somebody asks for something."""

    gap: str
    minutes: float
    what: str
    which: int
    fields: dict[str, Any]


def _terms(kind: PromiseKind) -> st.SearchStrategy[dict[str, Any]]:
    ladders = LADDERS if kind in (PromiseKind.TASK_FEEDBACK, PromiseKind.TASK_COMPLETION) else LADDERS[:2]
    return st.fixed_dictionaries(
        {
            "minutes": SMALL,
            "by_category": st.dictionaries(st.sampled_from(["logistics", "other"]), SMALL),
            "warn_at": st.sampled_from([(), (0.5,), (0.5, 0.8), (0.1, 0.3, 0.99)]),
            "ladder": st.sampled_from([(), (), *ladders]),
            "calendar": CALENDARS,
        }
    )


LADDERS: tuple[tuple[dict[str, int], ...], ...] = (
    ({"level": 1, "before_minutes": 3}, {"level": 2}, {"level": 3, "after_minutes": 7}),
    ({"level": 2, "before_minutes": 40}, {"level": 1, "before_minutes": 1}),
    ({"level": 0}, {"level": 1, "after_minutes": 2}, {"level": 1, "after_minutes": 20}),
)
ABSENT = ("2026-11-20",)
PEOPLE: dict[str, Any] = {
    "first": {"name": "甲", "email": "first@redress.example", "absent": ABSENT, "quiet_outside": "day"},
    "deputy": {"name": "乙", "email": "deputy@redress.example", "digest_minutes": 7},
    "manager": {"name": "丙", "email": "manager@redress.example", "absent": ABSENT},
}
"""The first day of every life is one on which some are not there."""


def _peopled() -> dict[str, Any]:
    """The default chain with people who are absent, on call, quiet, and told of things together."""
    chain = policy_content()["chain"]
    lead = {"title": chain[1]["title"], "people": ["first", "deputy"], "ack_minutes": 4}
    lead["on_call"] = [{"calendar": "day", "people": ["first"]}]
    manager = {"title": chain[2]["title"], "people": ["manager"]}
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-18:00",))
    return {"people": PEOPLE, "chain": {1: lead, 2: manager, 3: chain[3]}, "calendars": {"day": {"hours": week}}}


def _silences() -> st.SearchStrategy[dict[str, Any] | None]:
    def terms(minutes: list[int], calendar: str) -> dict[str, Any]:
        *follow_ups, notice, accept = sorted(minutes)
        return {
            "follow_up_minutes": follow_ups,
            "last_notice_minutes": notice,
            "accept_minutes": accept,
            "calendar": calendar,
        }

    minutes = st.lists(SMALL, min_size=2, max_size=5, unique=True)
    return st.none() | st.builds(terms, minutes, CALENDARS)


@st.composite
def _of_edition_2(draw: st.DrawFn) -> dict[str, Any]:
    """What no policy had while cases were filed under the first edition."""
    departments = {name: each | {"calendar": draw(CALENDARS)} for name, each in policy_content()["departments"].items()}
    return {"departments": departments, "silence": draw(_silences())}


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Policies whose promises, holds and patience are so short that everything runs into everything."""
    promises = {kind: draw(_terms(kind)) for kind in PromiseKind}
    promises[PromiseKind.PROGRESS_UPDATE]["minutes"] = draw(st.integers(5, 30))
    promises[PromiseKind.PROGRESS_UPDATE]["by_category"] = {}
    promises[PromiseKind.RESOLUTION] |= {"complex_minutes": draw(SPARE), "revision_minutes": draw(SPARE)}
    edition = draw(st.sampled_from([1, 2, 2]))
    if edition == 1:
        promises = {kind: terms | {"calendar": "always"} for kind, terms in promises.items()}
    reasons = draw(st.lists(st.sampled_from(list(HoldReason)), unique=True))
    holdable = st.lists(st.sampled_from(list(PromiseKind)), min_size=1, unique=True)
    people = draw(st.sampled_from([{}, _peopled()]))
    every_day = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), GAPS_OF_A_DAY)
    return Policy.model_validate(
        policy_content(
            edition=edition,
            **people | {"calendars": {**people.get("calendars", {}), "gaps": {"hours": every_day}}},
            **draw(_of_edition_2()) if edition > 1 else {"silence": None},
            promises=promises,
            holds={r: {"promises": draw(holdable), "longest_minutes": draw(SMALL)} for r in reasons},
            minute_seconds=draw(st.sampled_from([60, 1, 0.37])),
            callback_attempts=draw(st.integers(1, 3)),
            reopening_minutes=draw(st.integers(1, 60)),
            delivery={"grace_minutes": draw(st.integers(1, 10))},
            extension_by=draw(st.sampled_from([("agent",), ("supervisor",), ("agent", "supervisor")])),
        )
    )


ACTORS = [
    Actor(role=Role.AGENT, name="agent"),
    Actor(role=Role.SUPERVISOR, name="lead"),
    Actor(role=Role.CUSTOMER, name="customer"),
    Actor(role=Role.DEPARTMENT, name="logistics", department="logistics"),
]

COMPLAINTS = st.fixed_dictionaries(
    {
        "channel": st.sampled_from(Channel),
        "category": st.sampled_from(["logistics", "other", "product_quality", "service_attitude"]),
        "level": st.sampled_from([Level.GENERAL, Level.GENERAL, Level.URGENT, Level.SUGGESTION]),
        "complex": st.booleans(),
        "customer": st.builds(
            Customer,
            name=st.just("王小明"),
            language=st.sampled_from(Language),
            preferred_channel=st.sampled_from([None, Channel.PHONE, Channel.EMAIL, Channel.APP]),
            email=st.just("wang@example.com"),
            phone=st.just("+86 138 0000 0000"),
        ),
    }
)

TEXT = st.sampled_from(["请尽快", "Please hurry 🙂", " 空 格 "])
CHANNELS = st.sampled_from([Channel.PHONE, Channel.EMAIL, Channel.APP])
DEPARTMENTS = st.sampled_from(["logistics", "product", "nobody"])
SOME_TASKS = st.none() | st.none() | st.lists(st.integers(0, 7), max_size=2).map(tuple)
PARTS: dict[str, Any] = {"return_procedure": "上门取件", "compensation": "代金券", "improvement": "改进包装"}

FIELDS: dict[str, tuple[type[cmd.BaseCommand], st.SearchStrategy[dict[str, Any]]]] = {
    "record_contact": (
        cmd.RecordContact,
        st.fixed_dictionaries(
            {
                "channel": CHANNELS,
                "reached": st.sampled_from([True, True, True, False]),
                "note": st.none() | TEXT,
                "agent": st.sampled_from([None, LIN, Colleague(name="无地址")]),
                "update_every_minutes": st.none() | st.integers(5, 30),
            }
        ),
    ),
    "send_update": (
        cmd.SendUpdate,
        st.fixed_dictionaries({"text": TEXT, "told_on": st.none() | CHANNELS}),
    ),
    "propose_solution": (
        cmd.ProposeSolution,
        st.fixed_dictionaries({"parts": st.sampled_from([PARTS, {}]), "told_on": st.none() | CHANNELS}),
    ),
    "accept_solution": (cmd.AcceptSolution, st.just({})),
    "request_revision": (
        cmd.RequestRevision,
        st.fixed_dictionaries({"reason": TEXT, "reopen": SOME_TASKS, "compensate": SOME_TASKS}),
    ),
    "record_answer": (
        cmd.RecordAnswer,
        st.fixed_dictionaries({"text": TEXT, "channel": CHANNELS, "ago": st.sampled_from([None, 0, 1, 7, 40, -1])}),
    ),
    "extend_resolution": (cmd.ExtendResolution, st.fixed_dictionaries({"reason": TEXT, "message": TEXT})),
    "put_on_hold": (
        cmd.PutOnHold,
        st.fixed_dictionaries(
            {
                "reason": st.sampled_from(HoldReason),
                "promises": st.none() | st.lists(st.sampled_from(PromiseKind), max_size=2).map(tuple),
                "question": st.none() | TEXT,
            }
        ),
    ),
    "end_hold": (cmd.EndHold, st.fixed_dictionaries({"note": st.none() | TEXT})),
    "start_remedy": (cmd.StartRemedy, st.fixed_dictionaries({"note": st.none() | TEXT})),
    "complete_remedy": (cmd.CompleteRemedy, st.fixed_dictionaries({"agent": st.none() | st.just(LIN)})),
    "record_callback": (
        cmd.RecordCallback,
        st.fixed_dictionaries(
            {"reached": st.booleans(), "satisfied": st.none() | st.booleans(), "note": st.none() | TEXT}
        ),
    ),
    "answer_survey": (cmd.AnswerSurvey, st.fixed_dictionaries({"satisfied": st.booleans()})),
    "withdraw": (cmd.Withdraw, st.fixed_dictionaries({"reason": TEXT})),
    "merge": (
        cmd.Merge,
        st.fixed_dictionaries(
            {"into": st.sampled_from(["C-20261120-7F3K9QABCD", "C-20261120-0000000000"]), "reason": TEXT}
        ),
    ),
    "reopen": (cmd.Reopen, st.fixed_dictionaries({"reason": TEXT})),
    "classify": (
        cmd.Classify,
        st.fixed_dictionaries(
            {
                "reason": TEXT,
                "level": st.none() | st.sampled_from(Level),
                "category": st.sampled_from([None, "logistics", "other", "product_quality", "no_such"]),
                "tier": st.sampled_from([None, None, "vip", "no_such"]),
            }
        ),
    ),
    "add_evidence": (cmd.AddEvidence, st.fixed_dictionaries({"description": TEXT})),
    "assign_task": (
        cmd.AssignTask,
        st.fixed_dictionaries(
            {
                "department": DEPARTMENTS,
                "what": TEXT,
                "minutes": SPARE,
                "compensates": st.none() | st.none() | st.integers(0, 7),
            }
        ),
    ),
    "hand_on_task": (
        cmd.HandOnTask,
        st.fixed_dictionaries({"department": DEPARTMENTS, "reason": TEXT, "minutes": SPARE}),
    ),
    "give_feedback": (cmd.GiveFeedback, st.fixed_dictionaries({"text": TEXT})),
    "complete_task": (cmd.CompleteTask, st.fixed_dictionaries({"outcome": TEXT})),
    "decline_task": (cmd.DeclineTask, st.fixed_dictionaries({"reason": TEXT})),
    "escalate": (
        cmd.Escalate,
        st.fixed_dictionaries({"level": st.sampled_from(EscalationLevel), "reason": TEXT}),
    ),
    "acknowledge": (cmd.Acknowledge, st.just({})),
    "take_over": (cmd.TakeOver, st.fixed_dictionaries({"person": st.sampled_from([LIN, Colleague(name="无地址")])})),
    "step_down": (
        cmd.StepDown,
        st.fixed_dictionaries({"level": st.sampled_from(EscalationLevel), "reason": TEXT}),
    ),
    "revoke_portal": (cmd.RevokePortal, st.fixed_dictionaries({"reason": TEXT})),
    "record_delivery": (
        cmd.RecordDelivery,
        st.fixed_dictionaries({"channel": st.sampled_from([None, Channel.EMAIL, Channel.EMAIL])}),
    ),
    "check_clocks": (cmd.CheckClocks, st.just({})),
}
"""Every kind of command and what it may carry, sense and nonsense."""

ENDINGS = {"withdraw", "merge"}
OFTEN = [what for what in FIELDS if what not in ENDINGS] * 2 + ["onward"] * 20
OFTEN += ["record_delivery", "assign_task", "record_callback", "put_on_hold", "extend_resolution"] * 2
OFTEN += ["complete_task", "hand_on_task", "request_revision", "record_answer"]
GAPS = ["awake", "awake", "asleep", "on the stroke", "just after the stroke", "none"]


@st.composite
def moves(draw: st.DrawFn) -> Move:
    what = draw(st.sampled_from([*OFTEN, *ENDINGS]))
    fields = draw(FIELDS[what][1]) if what in FIELDS else {}
    return Move(
        gap=draw(st.sampled_from(GAPS)),
        minutes=draw(st.sampled_from([0.001, 1, 3, 10, 29, 60])),
        what=what,
        which=draw(st.integers(0, 7)),
        fields={**fields, "by": draw(st.sampled_from(ACTORS))},
    )


def _known_or_not(ids: list[str], which: int) -> str:
    return [*ids, "no-such"][which % (len(ids) + 1)]


SUBJECTS: dict[str, tuple[str, Callable[[Case], list[str]]]] = {
    "end_hold": ("hold", lambda case: [hold.id for hold in case.holds]),
    "give_feedback": ("task", lambda case: [task.id for task in case.tasks]),
    "complete_task": ("task", lambda case: [task.id for task in case.tasks]),
    "decline_task": ("task", lambda case: [task.id for task in case.tasks]),
    "hand_on_task": ("task", lambda case: [task.id for task in case.tasks]),
    "acknowledge": ("escalation", lambda case: [escalation.id for escalation in case.escalations]),
    "take_over": ("escalation", lambda case: [escalation.id for escalation in case.escalations]),
    "step_down": ("escalation", lambda case: [escalation.id for escalation in case.escalations]),
    "record_delivery": ("message", lambda case: [message.id for message in case.pending]),
}


def _onward(life: Life) -> cmd.BaseCommand:
    """What takes the case one stage further along its main path, or back onto it."""
    case = life.case
    match case.stage:
        case Stage.RECEIVED:
            channel = case.complaint.customer.preferred_channel or Channel.PHONE
            return life.command(cmd.RecordContact, channel=channel, reached=True)
        case Stage.CONTACTED | Stage.INVESTIGATING:
            return life.command(cmd.ProposeSolution, solution=solution(life.at, **PARTS))
        case Stage.PROPOSED:
            return life.command(cmd.AcceptSolution)
        case Stage.AGREED | Stage.REMEDYING:
            return life.command(cmd.CompleteRemedy)
        case Stage.RESOLVED if case.letter and not case.letter_settled:
            return life.command(cmd.RecordDelivery, message=case.letter, channel=Channel.EMAIL)
        case Stage.RESOLVED:
            return life.command(cmd.AnswerSurvey, satisfied=True)
        case Stage.SUGGESTION:
            return life.command(cmd.Classify, level=Level.GENERAL, reason="其实是投诉")
    return life.command(cmd.Reopen, reason="又坏了")


def command_of(life: Life, move: Move) -> cmd.BaseCommand:
    """The move's command, as it can be put to this life now."""
    if move.what == "onward":
        return _onward(life)
    fields = dict(move.fields)
    if move.what in SUBJECTS:
        name, ids = SUBJECTS[move.what]
        fields[name] = _known_or_not(ids(life.case), move.which)
    tasks = [task.id for task in life.case.tasks]
    if fields.get("compensates") is not None:
        fields["compensates"] = _known_or_not(tasks, fields["compensates"])
    for named in ("reopen", "compensate"):
        if fields.get(named) is not None:
            fields[named] = tuple(_known_or_not(tasks, number) for number in fields[named])
    if "ago" in fields and (ago := fields.pop("ago")) is not None:
        fields["arrived_at"] = life.at - life.case.policy.span(ago)
    if move.what == "propose_solution":
        fields["solution"] = solution(life.at, **fields.pop("parts"))
    return life.command(FIELDS[move.what][0], **fields)


def _at_once(command: str, /, **fields: Any) -> Move:
    return Move("none", 0, command, 0, {**fields, "by": ACTORS[0]})


_WORK = [_at_once("assign_task", department="logistics", what="请核实"), _at_once("complete_task", outcome="已核实")]
_PUT = [_at_once("onward"), *_WORK, _at_once("propose_solution", parts=PARTS, told_on=Channel.PHONE)]
_AGREED = [*_PUT, _at_once("onward"), *(move._replace(which=1) for move in _WORK)]
_NEWEST = -2
_UNANSWERED = [Move("awake", 4, "record_delivery", _NEWEST, {"channel": Channel.EMAIL, "by": ACTORS[0]})] * 7
BEGINNINGS: list[list[Move]] = [[], [], _PUT, _AGREED, [*_PUT, *_UNANSWERED]]
"""Where a life may take up: just filed, with a solution put or agreed to, or with one that nobody answers."""

LIVES = st.tuples(
    policies(),
    COMPLAINTS,
    st.builds(
        lambda beginning, rest: [*beginning, *rest],
        st.sampled_from(BEGINNINGS),
        st.integers(0, 30).flatmap(lambda count: st.lists(moves(), min_size=count, max_size=count)),
    ),
)
"""A policy, what is complained of, and what happens then."""
