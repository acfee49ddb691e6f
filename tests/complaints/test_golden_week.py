"""The first week of October: offices closed, half the chain on holiday, a holiday rota, and one complaint in it all."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from complaints import commands as cmd
from complaints.parties import Actor
from complaints.policy import Policy
from complaints.vocabulary import EscalationLevel, MessageKind, PromiseKind, PromiseState, Role
from tests.complaints.support import Life, policy, policy_content, promised

SHANGHAI = ZoneInfo("Asia/Shanghai")
BOSS = Actor(role=Role.SUPERVISOR, name="supervisor")
WORKDAYS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-12:00", "13:30-18:00"))
EVERY_DAY = dict.fromkeys((*WORKDAYS, "sat", "sun"), ("10:00-16:00",))
CALENDARS = {
    # Wednesday 30 September is the last working day; Saturday 10 October makes up for one of the holidays.
    "office": {"hours": WORKDAYS, "closed": ["2026-10-01/2026-10-07"], "open": ["2026-10-10"]},
    "rota": {"hours": EVERY_DAY, "closed": ["2026-01-01/2026-09-30", "2026-10-08/2027-09-30"]},
}
LADDER = ({"level": 1, "before_minutes": 60}, {"level": 2}, {"level": 3, "after_minutes": 240})


def person(name: str, *absent: str) -> dict[str, Any]:
    return {"name": name, "email": f"{ord(name[0]):x}@redress.example", "absent": absent}


PEOPLE = {
    "wang": person("王组长", "2026-10-01/2026-10-07"),
    "li": person("李副组长", "2026-10-01/2026-10-03"),
    "zhao": person("赵值班", "2026-10-06"),
    "chen": person("陈经理", "2026-10-01/2026-10-07"),
    "qian": person("钱副经理", "2026-10-01/2026-10-04"),
    "sun": person("孙总监"),
}


def golden_week() -> Policy:
    titles = {level: step["title"] for level, step in policy_content()["chain"].items()}
    return policy(
        calendars=CALENDARS,
        people=PEOPLE,
        chain={
            1: {"title": titles[1], "people": ["wang", "li"], "on_call": [{"calendar": "rota", "people": ["zhao"]}]},
            2: {"title": titles[2], "people": ["chen", "qian"], "ack_minutes": 60},
            3: {"title": titles[3], "people": ["sun"]},
        },
        promises=promised(
            progress_update={"calendar": "office", "warn_at": []},
            resolution={"calendar": "office", "ladder": LADDER},
        ),
    )


def at(text: str) -> datetime:
    """An instant of the year in Shanghai."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI).astimezone(UTC)


def local(instant: datetime) -> str:
    return f"{instant.astimezone(SHANGHAI):%m-%d %H:%M}"


def until(life: Life, text: str) -> None:
    life.wait((at(text) - life.at).total_seconds() / 60)


def escalate(life: Life, text: str) -> None:
    until(life, text)
    life.ask(cmd.Escalate, by=BOSS, level=EscalationLevel.TEAM_LEAD, reason="客户要求")


def told(life: Life) -> list[tuple[str, str, str, str]]:
    """When who was told of what, and who was passed over for them."""
    return [
        (local(each.raised_at), each.to.name, each.cause.value, "、".join(absent.name for absent in each.passed_over))
        for each in life.case.escalations
    ]


def test_who_is_told_when_over_the_whole_week() -> None:
    life = Life(golden_week(), at=at("09-30 17:30"))
    for text in ("10-01 11:00", "10-02 20:00", "10-04 20:00", "10-05 20:00", "10-06 12:00"):
        escalate(life, text)
    until(life, "10-09 09:00")
    assert told(life) == [
        # The first contact is owed around the clock: on the eve everybody is there still.
        ("09-30 18:00", "王组长", "promise_broken", ""),
        ("09-30 18:15", "陈经理", "not_acknowledged", ""),
        ("09-30 19:15", "孙总监", "not_acknowledged", ""),
        # A call on the first: the rota has somebody, the managers are away.
        ("10-01 11:00", "赵值班", "raised_by_hand", ""),
        ("10-01 11:15", "孙总监", "nobody_there", "陈经理、钱副经理"),
        # At night nobody is on call, and both team leads are away, too.
        ("10-02 20:00", "孙总监", "nobody_there", "王组长、李副组长、陈经理、钱副经理"),
        # The deputy is back on the fourth, the deputy manager on the fifth.
        ("10-04 20:00", "李副组长", "raised_by_hand", "王组长"),
        ("10-04 20:15", "孙总监", "nobody_there", "陈经理、钱副经理"),
        ("10-05 20:00", "李副组长", "raised_by_hand", "王组长"),
        ("10-05 20:15", "钱副经理", "not_acknowledged", "陈经理"),
        ("10-05 21:15", "孙总监", "not_acknowledged", ""),
        # The rota's own day off.
        ("10-06 12:00", "李副组长", "raised_by_hand", "赵值班、王组长"),
        ("10-06 12:15", "钱副经理", "not_acknowledged", "陈经理"),
        ("10-06 13:15", "孙总监", "not_acknowledged", ""),
        # The solution's four hours: half an hour on the eve, the rest on the eighth. An hour before it is due lies
        # before lunch. Who was told on the way up is not told again at the due time nor four hours later.
        ("10-08 11:30", "王组长", "due_soon", ""),
        ("10-08 11:45", "陈经理", "not_acknowledged", ""),
        ("10-08 12:45", "孙总监", "not_acknowledged", ""),
    ]
    assert len(life.told(MessageKind.ESCALATION_ALERT)) == len(life.case.escalations)
    solution = life.promise(PromiseKind.RESOLUTION)
    assert (local(solution.settled_at or life.at), solution.state) == ("10-08 14:00", PromiseState.BROKEN)
    assert solution.rungs == 3


def test_nobody_hears_of_the_solution_or_the_updates_while_the_office_is_closed() -> None:
    life = Life(golden_week(), at=at("09-30 17:30"))
    life.contact()
    until(life, "10-09 09:00")
    reminders = [
        (local(when), step.message.facts["fraction"])
        for when, step in life.steps
        if step.message.kind is MessageKind.REMINDER and step.message.facts["promise"] == PromiseKind.RESOLUTION
    ]
    assert reminders == [("10-08 10:30", 0.5), ("10-08 11:42", 0.8)]
    # Half an hour on the eve and an hour and a half on the eighth; from then on every two working hours.
    updates = [local(when) for when, step in life.steps if step.message.kind is MessageKind.PROGRESS]
    assert updates == ["10-08 10:30", "10-08 14:00", "10-08 16:00", "10-08 18:00"]
    assert not [each for each in told(life) if "10-01" <= each[0] < "10-08"]


def test_the_saturday_that_makes_up_for_the_week_is_a_working_day() -> None:
    life = Life(golden_week(), at=at("10-09 17:00"))
    life.contact()
    until(life, "10-12 09:00")
    # An hour of Friday, two of Saturday; told an hour before, broken at 13:30 + 30 minutes.
    assert [(when, why) for when, _, why, _ in told(life)][:1] == [("10-10 11:00", "due_soon")]
    assert local(life.promise(PromiseKind.RESOLUTION).settled_at or life.at) == "10-10 12:00"
