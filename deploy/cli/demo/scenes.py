"""The scenes: nine lives of complaints, and how each must come out."""

from collections.abc import Callable
from dataclasses import dataclass

from deploy.cli.client import Json, Problem
from deploy.cli.demo.stage import Differs, Life

_ACK = 20.0


@dataclass(frozen=True)
class Scene:
    """A life to play. `outcome` is its last stage, and the states of its promises by kind, in order."""

    who: str
    play: Callable[[Life], None]
    stage: str
    promises: dict[str, list[str]]
    escalations: tuple[int, ...] = ()


def everything_kept(life: Life) -> None:
    life.file(category="logistics")
    life.contact()
    life.say("task_given", department=life.line("logistics"), what=life.line("lin_task"))
    task = life.agent("tasks", {"department": "logistics", "what": life.line("lin_task")})["made"][0]
    life.say("task_opinion", department=life.line("logistics"), text=life.line("lin_text"))
    life.department("logistics", task, "feedback", {"text": life.line("lin_text")})
    life.say("task_done", department=life.line("logistics"), outcome=life.line("lin_outcome"))
    life.department("logistics", task, "completion", {"outcome": life.line("lin_outcome")})
    life.to_the_end("lin_remedy", "refund")


def escalated_to_the_top(life: Life) -> None:
    """Nobody calls, and nobody on the chain listens, until the director does."""
    life.file(category="billing")
    life.say("nobody_calls", "dim")
    for level, within in ((1, 45.0), (2, 30.0), (3, 30.0)):
        case = life.until(f"level {level}", _raised(level), within)
    life.say("director_takes")
    life.acknowledge(case["escalations"][-1]["id"])
    life.contact("is_called_late")
    life.to_the_end("ma_remedy", "refund")


def revised(life: Life) -> None:
    life.file(category="product_quality")
    life.contact()
    life.propose("gu_remedy", "repair", product=True)
    reason = life.line("gu_reason")
    life.say("refuses", reason=reason)
    life.customer("decision", {"accept": False, "reason": reason})
    life.until("revision", lambda case: case["stage"] == "investigating")
    life.propose("gu_remedy_2", "exchange", product=True)
    life.accept()
    life.remedy()
    life.say("pleased_by_link")
    life.customer("survey", {"satisfied": True, "answers": [life.line("gu_remedy_2")]})
    life.until("closed", lambda case: case["stage"] == "closed")


def extended(life: Life) -> None:
    life.file(category="process")
    life.contact()
    before = _due(life.look(), "resolution")
    life.say("extended")
    body = {"reason": life.line("su_why"), "message": life.line("su_message")}
    life.agent("extensions", body)
    life.until("extension", lambda case: case["complex"] and _due(case, "resolution") > before)
    try:
        life.agent("extensions", body)
    except Problem as problem:
        if problem.name != "already_extended":
            raise
        life.say("extended_twice")
    else:
        raise Differs("extension: granted twice")
    life.to_the_end("su_remedy", "exchange")


def suggestion(life: Life) -> None:
    life.file(level=3)
    life.until("suggestion", lambda case: case["stage"] == "suggestion" and case["tasks"])


def red_alert(life: Life) -> None:
    life.file(level=1, category="account_security")
    case = life.until("red alert", _raised(2), _ACK)
    life.say("supervisor_takes")
    life.acknowledge(case["escalations"][0]["id"])
    life.contact()
    life.to_the_end("shi_remedy", "compensation")


def dissatisfied(life: Life) -> None:
    life.file(category="service_attitude")
    life.contact()
    life.propose("bai_remedy", "apology")
    life.accept()
    life.remedy()
    life.call_back(satisfied=False)
    life.until("second round", lambda case: case["stage"] == "investigating" and case["round"] > 1)
    life.to_the_end("bai_remedy_2", "apology")


def sleepy_department(life: Life) -> None:
    """A department lets both clocks of its task run out at once; its supervisor hears of it, once."""
    life.file(category="billing")
    life.contact()
    life.say("task_given", department=life.line("finance"), what=life.line("qiu_task"))
    task = life.agent("tasks", {"department": "finance", "what": life.line("qiu_task"), "minutes": 20})["made"][0]
    life.say("nobody_answers", "dim", department=life.line("finance"))
    case = life.until("task broken", lambda case: case["escalations"], 40.0)
    life.say("supervisor_takes")
    life.acknowledge(case["escalations"][0]["id"])
    life.say("task_done", department=life.line("finance"), outcome=life.line("qiu_outcome"))
    life.department("finance", task, "completion", {"outcome": life.line("qiu_outcome")})
    life.until(
        "broken stays broken, and is met late",
        lambda case: all(
            promise["state"] == "broken" and promise["met_at"]
            for promise in case["promises"]
            if promise["task"] == task
        ),
    )
    life.to_the_end("qiu_remedy", "refund")


def withdrawn(life: Life) -> None:
    life.file(category="billing")
    life.contact()
    reason = life.line("he_reason")
    life.say("withdraws", reason=reason)
    life.agent("withdrawal", {"reason": reason})


def _raised(level: int) -> Callable[[Json], bool]:
    return lambda case: any(raised["level"] == level for raised in case["escalations"])


def _due(case: Json, kind: str) -> str:
    due: str = next(promise["due"] for promise in case["promises"] if promise["kind"] == kind)
    return due


_AFTERCARE = {"confirmation_letter": ["kept"], "callback": ["kept"]}
_SMOOTH = {"first_contact": ["kept"], "resolution": ["kept"], **_AFTERCARE}

SCENES = (
    Scene("lin", everything_kept, "closed", {**_SMOOTH, "task_feedback": ["kept"], "task_completion": ["kept"]}),
    Scene(
        "ma",
        escalated_to_the_top,
        "closed",
        {**_SMOOTH, "first_contact": ["broken"], "escalation_ack": ["broken", "broken", "kept"]},
        (1, 2, 3),
    ),
    Scene("gu", revised, "closed", {**_SMOOTH, "resolution": ["kept", "kept"]}),
    Scene("su", extended, "closed", _SMOOTH),
    Scene("tao", suggestion, "suggestion", {}),
    Scene("shi", red_alert, "closed", {**_SMOOTH, "escalation_ack": ["kept"]}, (2,)),
    Scene(
        "bai",
        dissatisfied,
        "closed",
        {
            "first_contact": ["kept"],
            "resolution": ["kept", "kept"],
            "confirmation_letter": ["kept", "kept"],
            "callback": ["kept", "kept"],
        },
    ),
    Scene(
        "qiu",
        sleepy_department,
        "closed",
        {
            **_SMOOTH,
            "task_feedback": ["broken"],
            "task_completion": ["broken"],
            "escalation_ack": ["kept"],
        },
        (0,),
    ),
    Scene("he", withdrawn, "withdrawn", {"first_contact": ["kept"], "resolution": ["waived"]}),
)
