"""What colleagues read of a customer's decision, of an answer that came in time, and of a false alarm."""

from typing import Any

import pytest

from complaints.vocabulary import Language, MessageKind
from notifications.letters import Letter
from notifications.rendering import Renderer
from tests.notifications.samples import AGENT, FULL, LATER, REMEDIES, message

WORDS = "想换货 <b>不要</b> 退款"
STAFF = {"promise": None, "due": None, "stage": "agreed"}
NEXT = {**STAFF, "promise": "resolution", "due": LATER, "stage": "investigating", "said": WORDS}
LATER_WORDS = {"zh": "2026年11月21日 20:30", "en": "21 Nov 2026, 20:30"}


@pytest.fixture
def renderer() -> Renderer:
    return Renderer(lambda code, generation: f"https://portal.example/{code}-{generation}")


def told(renderer: Renderer, language: str, facts: dict[str, Any], kind: MessageKind = MessageKind.REMINDER) -> Letter:
    return renderer.render(message(kind, Language(language), facts))


def says(letter: Letter, *words: str) -> bool:
    return all(word in letter.text and word in letter.html for word in words)


@pytest.mark.parametrize(("language", "accepted"), [("zh", "客户已接受"), ("en", "The customer accepted")])
def test_an_acceptance_says_what_is_to_be_carried_out_by_when(renderer, language, accepted):
    letter = told(renderer, language, {**STAFF, "decided": "accepted", "remedies": REMEDIES, "complete_by": LATER})
    assert accepted in letter.subject
    assert says(letter, accepted, LATER_WORDS[language], "由门店经理致电道歉")
    without = told(renderer, language, {**STAFF, "decided": "accepted", "remedies": REMEDIES})
    assert LATER_WORDS[language] not in without.text


@pytest.mark.parametrize("silent", ["zh", "en"])
def test_an_acceptance_by_silence_says_what_is_to_be_carried_out_too(renderer, silent):
    facts = {**STAFF, "accepted_by_silence": True, "remedies": REMEDIES, "complete_by": LATER}
    assert says(told(renderer, silent, facts), LATER_WORDS[silent], "由门店经理致电道歉")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_other_decision_says_what_was_said_and_by_when_a_solution_is_owed(renderer, language):
    letters = [told(renderer, language, {**NEXT, "decided": what}) for what in ("revision", "dissatisfied", "reopened")]
    assert len({letter.subject for letter in letters}) == len({letter.text for letter in letters}) == 3
    for letter in letters:
        assert LATER_WORDS[language] in letter.text
        assert LATER_WORDS[language] in letter.html
        assert WORDS in letter.text
        assert "&lt;b&gt;不要" in letter.html
    assert "None" not in told(renderer, language, {**NEXT, "decided": "dissatisfied", "said": None}).text


@pytest.mark.parametrize(
    ("language", "undone", "stop"), [("zh", "不再作数", "立即停止"), ("en", "counts no longer", "stop at once")]
)
def test_an_answer_that_came_in_time_says_what_became_of_the_acceptance(renderer, language, undone, stop):
    answer = {**STAFF, "answer": "我不接受", "answered_on": "email", "in_time": True}
    back = told(renderer, language, {**answer, "undone": True})
    begun = told(renderer, language, answer)
    assert says(back, "我不接受", undone)
    assert says(begun, "我不接受")
    assert stop in begun.text
    assert stop in begun.html.replace("Please ", "")
    assert undone not in begun.text
    assert len({back.subject, begun.subject, told(renderer, language, answer | {"in_time": False}).subject}) == 3


@pytest.mark.parametrize(("language", "over"), [("zh", "不再需要处理"), ("en", "over")])
@pytest.mark.parametrize("dropped", ["reclassified", "suggestion"])
def test_a_false_alarm_says_that_it_is_over_and_why(renderer, language, over, dropped):
    facts = {"escalation": "E-7F3K9QX2M4-1", "dropped": dropped, "reason": "误判：人名"}
    letter = told(renderer, language, facts, MessageKind.ESCALATION_SETTLED)
    assert over in letter.subject
    assert says(letter, over, "误判：人名")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_name_of_who_took_an_escalation_over_is_no_markup(renderer, language):
    facts = FULL[MessageKind.ESCALATION_SETTLED] | {"taken_over_by": AGENT | {"name": "<i>李敏</i>"}}
    letter = told(renderer, language, facts, MessageKind.ESCALATION_SETTLED)
    assert "&lt;i&gt;李敏&lt;/i&gt;" in letter.html
    assert "<i>李敏</i>" not in letter.html


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_red_alert_gives_the_reason_of_who_corrected_and_no_rules(renderer, language):
    facts = FULL[MessageKind.RED_ALERT] | {"reason": "客户孩子住院"}
    letter = told(renderer, language, facts, MessageKind.RED_ALERT)
    assert says(letter, "客户孩子住院")
    assert "监管" not in letter.text
    assert "regulator" not in letter.html
