from collections import Counter

import pytest

from complaints.drafting import Decision
from complaints.portal import PortalLinks
from complaints.vocabulary import Language, MessageKind
from notifications.rendering import Renderer
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
