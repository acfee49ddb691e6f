from collections import Counter

import pytest

from complaints import commands as cmd
from complaints.drafting import Decision
from complaints.portal import PortalLinks
from complaints.vocabulary import Language, MessageKind
from notifications.rendering import Renderer
from tests.complaints.support import Life, policy
from tests.support import lives


def test_every_message_that_a_life_asks_for_can_be_put_into_words(monkeypatch: pytest.MonkeyPatch) -> None:
    renderer = Renderer(PortalLinks("https://complaints.example.com", b"0123456789abcdef"))
    asked: Counter[MessageKind] = Counter()

    def render(decision: Decision) -> Decision:
        for message in (step.message for step in decision.steps):
            asked[message.kind] += 1
            for language in Language:
                to = message.to.model_copy(update={"language": language})
                renderer.render(message.model_copy(update={"to": to}))
        return decision

    decide, open_case = lives.decide, lives.open_case
    monkeypatch.setattr(lives, "decide", lambda case, command, at: render(decide(case, command, at)))
    monkeypatch.setattr(lives, "open_case", lambda filing, at: render(open_case(filing, at)))
    for _ in lives.lives(25, 30):
        pass
    usual = {MessageKind.ACKNOWLEDGEMENT, MessageKind.FIRST_CONTACT_SCRIPT, MessageKind.PROGRESS, MessageKind.SOLUTION}
    assert usual | {MessageKind.TASK_ASSIGNMENT, MessageKind.ESCALATION_ALERT, MessageKind.RED_ALERT} <= set(asked)


def test_what_silence_revisions_and_handed_on_tasks_ask_for_can_be_put_into_words() -> None:
    silence = {"follow_up_minutes": [60], "last_notice_minutes": 180, "accept_minutes": 300}
    life = Life(policy(silence=silence))
    life.contact()
    first, second = life.task("logistics").id, life.task("finance").id
    life.ask(cmd.HandOnTask, task=first, department="service", reason="归服务部")
    life.ask(cmd.CompleteTask, task=first, outcome="已核实")
    life.propose()
    life.wait(300)
    life.ask(cmd.CompleteTask, task=life.task("finance").id, outcome="已退款")
    life.ask(cmd.RequestRevision, reason="不同意")
    life.ask(cmd.Withdraw, reason="算了")
    assert life.case.task(second) is not None
    renderer = Renderer(PortalLinks("https://complaints.example.com", b"0123456789abcdef"))
    for message in life.sent:
        for language in Language:
            to = message.to.model_copy(update={"language": language})
            assert renderer.render(message.model_copy(update={"to": to})).text
    asked = [message.facts.get("why") for message in life.told(MessageKind.TASK_ASSIGNMENT)]
    assert asked == [None, None, "handed_on", None, "reopened", "compensates"]
    called_off = [message.facts["why"] for message in life.told(MessageKind.TASK_CANCELLATION)]
    assert called_off == ["handed_on", "withdrawn", "withdrawn", "withdrawn"]
    for kind in (MessageKind.SOLUTION_FOLLOW_UP, MessageKind.LAST_NOTICE, MessageKind.SILENT_ACCEPTANCE):
        assert len(life.told(kind)) == 1
