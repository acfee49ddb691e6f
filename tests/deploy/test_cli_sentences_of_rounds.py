"""How the timeline tells of silence, of revisions and of tasks that go elsewhere."""

import pytest

from complaints import commands as cmd
from deploy.cli.language import Tongue
from deploy.cli.sentences import Teller
from tests.complaints.support import Life, policy

TOLD = {
    "zh": (
        "客户未答复第 1 轮方案，再次询问（",
        "客户未答复第 1 轮方案，发出最后通知（",
        "客户接受第 1 轮方案（未答复最后通知，视为接受）",
        "挂起 H1 结束（客户未答复最后通知）",
        "转交 service：归服务部",
        "承诺已豁免：协作任务完成（任务已转交其他部门）",
        "需重新办理：不同意",
        "（弥补 T-",
        "取消（客户要求修改方案）",
    ),
    "en": (
        "No answer to the solution of round 1: asked again (",
        "No answer to the solution of round 1: last notice (",
        "accepted the solution of round 1 by saying nothing after the last notice",
        "Hold H1 ended (the customer did not answer the last notice)",
        "was handed on to service: 归服务部",
        "Promise waived: task completion (the task was handed on to another department)",
        "is to be done again: 不同意",
        " to make good T-",
        "was cancelled (the customer wants another solution)",
    ),
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_turn_of_it_is_told(language: Tongue) -> None:
    life = Life(policy(silence={"follow_up_minutes": [60], "last_notice_minutes": 180, "accept_minutes": 300}))
    life.contact()
    task = life.task().id
    life.ask(cmd.HandOnTask, task=task, department="service", reason="归服务部")
    life.ask(cmd.CompleteTask, task=task, outcome="已核实")
    life.propose()
    life.wait(300)
    life.ask(cmd.CompleteTask, task=life.task("finance").id, outcome="已退款")
    life.task("finance")
    life.ask(cmd.RequestRevision, reason="不同意")
    teller = Teller(language)
    told = [teller.tell(event) for entry in life.journal for event in entry.model_dump(mode="json")["events"]]
    for expected in TOLD[language]:
        assert any(expected in sentence for sentence in told), expected


@pytest.mark.parametrize(
    ("language", "about"), [("zh", "上一级未按时签收 · 部门退回了协作任务"), ("en", "in time · a department declined")]
)
def test_the_timeline_says_what_an_escalation_is_about_that_climbed(language: Tongue, about: str) -> None:
    life = Life(policy())
    life.contact()
    life.ask(cmd.DeclineTask, task=life.task().id, reason="不归我们")
    life.wait(15)
    events = [event.model_dump(mode="json") for entry in life.journal for event in entry.events]
    raised = [event for event in events if event["type"] == "escalation_raised"]
    assert about in Teller(language).tell(raised[-1])
    assert about not in Teller(language).tell(raised[0])
