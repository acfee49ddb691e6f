from xml.etree import ElementTree

import pytest
from jinja2 import DictLoader

from complaints.portal import PortalLinks
from complaints.vocabulary import Category, Language, MessageKind
from notifications.errors import DeliveryError
from notifications.facts import FACTS
from notifications.rendering import NAMELESS, Renderer
from tests.notifications.samples import FULL, LOGISTICS, QUALITY, REFERENCE, SPARSE, message

SECRET = b"0123456789abcdef0123456789abcdef"
LINKS = PortalLinks("https://complaints.example.com", SECRET)
EVERY_LETTER = [(kind, language) for kind in MessageKind for language in Language]
EVIL = "{{7*7}} {% raw %} {0.__class__} %(x)s <script>alert(1)</script> & \"'"


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(LINKS)


def with_templates(**templates: str) -> Renderer:
    """A renderer of progress messages in Chinese, with templates of the test's own."""
    defaults = {"subject": "s", "text": "t", "html": "h"} | templates
    names = {"subject": "subject.txt", "text": "text.txt", "html": "html.html"}
    return Renderer(LINKS, DictLoader({f"progress/zh/{names[part]}": text for part, text in defaults.items()}))


@pytest.mark.parametrize("facts", [FULL, SPARSE], ids=["full", "sparse"])
@pytest.mark.parametrize(("kind", "language"), EVERY_LETTER)
def test_every_message_is_said_in_both_languages_with_many_facts_and_with_few(renderer, kind, language, facts):
    letter = renderer.render(message(kind, language, facts[kind]))
    assert letter.subject
    assert "\n" not in letter.subject
    assert REFERENCE in letter.text
    assert REFERENCE in letter.html
    for part in (letter.subject, letter.text, letter.html):
        assert "None" not in part
        assert "{{" not in part
        assert "{%" not in part
    assert "\n\n\n" not in letter.text


@pytest.mark.parametrize("facts", [FULL, SPARSE], ids=["full", "sparse"])
@pytest.mark.parametrize(("kind", "language"), EVERY_LETTER)
def test_every_html_is_well_formed_and_says_its_language(renderer, kind, language, facts):
    html = renderer.render(message(kind, language, facts[kind])).html
    page = ElementTree.fromstring(html)  # noqa: S314 - our own text
    assert html.startswith("<!DOCTYPE html>")
    assert page.get("lang") == {"zh": "zh-CN", "en": "en"}[language]
    assert page.findtext("head/title")


def written_by_people(kind: MessageKind) -> dict[str, str]:
    """The facts of a kind that are one text that somebody wrote."""
    free = {"subject", "detail", "question", "note", "message", "measure", "owner", "relevance", "what", "reason"}
    free |= {"customer", "return_procedure", "compensation", "improvement", "answer"}
    return {name: EVIL for name in FULL[kind] if name in free}


@pytest.mark.parametrize(
    ("kind", "language"), [(kind, language) for kind, language in EVERY_LETTER if written_by_people(kind)]
)
def test_what_people_wrote_comes_out_to_the_letter(renderer, kind, language):
    evil = written_by_people(kind)
    letter = renderer.render(message(kind, language, FULL[kind] | evil, name=EVIL[:60]))
    assert letter.text.count(EVIL) >= len(evil)
    assert "<script" not in letter.html
    shown = "".join(ElementTree.fromstring(letter.html).itertext())  # noqa: S314 - our own text
    assert shown.count(EVIL) >= len(evil)
    assert letter.to_name == EVIL[:60]


def test_a_variable_that_is_not_there_is_an_error_and_never_a_blank():
    for part in ("subject", "text", "html"):
        with pytest.raises(DeliveryError) as caught:
            with_templates(**{part: "Dear {{ nobody }}"}).render(message())
        assert caught.value.permanent
        assert "nobody" not in str(caught.value)


def test_a_fact_that_is_none_is_an_error_where_it_is_shown():
    with pytest.raises(DeliveryError):
        with_templates(text="{{ note }}").render(message(facts=SPARSE[MessageKind.PROGRESS]))


def test_a_missing_template_is_a_permanent_error():
    with pytest.raises(DeliveryError) as caught:
        with_templates().render(message(language=Language.ENGLISH))
    assert caught.value.permanent
    assert "没有模板" in caught.value.detail.zh
    assert "no template" in caught.value.detail.en


@pytest.mark.parametrize("kind", MessageKind)
def test_a_required_fact_that_is_missing_is_a_permanent_error_that_names_it(renderer, kind):
    for name, field in FACTS[kind].model_fields.items():
        if field.is_required():
            facts = {key: value for key, value in FULL[kind].items() if key != name}
            with pytest.raises(DeliveryError, match=name) as caught:
                renderer.render(message(kind, facts=facts))
            assert caught.value.permanent


def test_an_error_never_repeats_what_somebody_wrote(renderer):
    facts = FULL[MessageKind.PROGRESS] | {"stage": "my secret"}
    with pytest.raises(DeliveryError) as caught:
        renderer.render(message(facts=facts))
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_fact_from_a_newer_release_does_no_harm(renderer):
    facts = FULL[MessageKind.PROGRESS] | {"mood": "sunny"}
    assert renderer.render(message(facts=facts)) == renderer.render(message())


@pytest.mark.parametrize("kind", sorted(NAMELESS))
@pytest.mark.parametrize("language", Language)
def test_the_first_answer_carries_nothing_that_its_sender_wrote(renderer, kind, language):
    letter = renderer.render(message(kind, language, name="BUY NOW https://spam.example"))
    assert "BUY" not in letter.subject + letter.text + letter.html + letter.to_name


def test_the_first_answer_cannot_name_its_sender_even_if_a_template_wants_to():
    folder = "acknowledgement/zh"
    templates = {f"{folder}/subject.txt": "s", f"{folder}/text.txt": "{{ to.name }}", f"{folder}/html.html": "h"}
    with pytest.raises(DeliveryError):
        Renderer(LINKS, DictLoader(templates)).render(message(MessageKind.ACKNOWLEDGEMENT))


def test_subjects_are_one_line_whatever_goes_into_them():
    evil = "a\r\nBcc: x@example.com\u2028b\x1bc\td\x7f"
    facts = FULL[MessageKind.PROGRESS] | {"note": evil}
    letter = with_templates(subject="{{ note }}").render(message(facts=facts))
    assert letter.subject == "a Bcc: x@example.com bc d"


def test_control_characters_reach_no_mail():
    renderer = with_templates(text="{{ note }}")
    facts = FULL[MessageKind.PROGRESS] | {"note": "a\x00b\x1b[31mcd\te\nf"}
    assert renderer.render(message(facts=facts)).text == "ab[31mcd\te\nf\n"


def test_the_link_is_the_cases_and_its_generation_shows_nowhere(renderer):
    letter = renderer.render(message(facts=FULL[MessageKind.PROGRESS] | {"portal_generation": 777}))
    link = LINKS("7F3K9QX2M4", 777)
    assert link in letter.text
    assert link in letter.html
    assert "777" not in letter.text.replace(link, "")


def test_times_are_those_of_the_readers_zone_and_language(renderer):
    def text(language: Language, timezone: str) -> str:
        return renderer.render(message(MessageKind.ACKNOWLEDGEMENT, language, timezone=timezone)).text

    assert "2026年11月21日 16:30（北京时间）之前" in text(Language.CHINESE, "Asia/Shanghai")
    assert "21 Nov 2026, 16:30 (China Standard Time)" in text(Language.ENGLISH, "Asia/Shanghai")
    assert "21 Nov 2026, 09:30 (Central European Standard Time)" in text(Language.ENGLISH, "Europe/Berlin")
    assert "2026年11月21日 03:30（北美东部标准时间）" in text(Language.CHINESE, "America/New_York")


@pytest.mark.parametrize("language", Language)
def test_the_script_gives_each_category_a_direction_of_its_own_and_a_new_one_the_common(renderer, language):
    def script(code: str) -> str:
        facts = FULL[MessageKind.FIRST_CONTACT_SCRIPT] | {"category": QUALITY, "category_code": code}
        return renderer.render(message(MessageKind.FIRST_CONTACT_SCRIPT, language, facts)).text

    assert len({script(category) for category in Category}) == len(Category)
    assert script("pets") == script(Category.OTHER)


@pytest.mark.parametrize("language", Language)
def test_an_escalation_says_why_it_was_raised_even_for_a_cause_it_does_not_know(renderer, language):
    causes = ["promise_broken", "not_acknowledged", "task_declined", "raised_by_hand", "undelivered", "moonlight"]
    texts = {
        renderer.render(
            message(MessageKind.ESCALATION_ALERT, language, FULL[MessageKind.ESCALATION_ALERT] | {"cause": cause})
        ).text
        for cause in causes
    }
    assert len(texts) == len(causes)
    assert not any("moonlight" in text for text in texts)


BEGAN = {
    "red_alert": ("一级（紧急）投诉", "urgent complaint"),
    "promise_broken": ("没有按时兑现（首次联系）", "not kept in time (first contact)"),
    "task_declined": ("物流部退回了协作任务", "Logistics declined its task"),
    "raised_by_hand": ("有同事将这件投诉升级", "A colleague has raised"),
    "undelivered": ("沉默因此不再视为接受", "silence no longer counts as acceptance"),
    "still_outstanding": ("至今仍未完成", "still not done"),
}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("cause", ["not_acknowledged", "nobody_there", "stepped_down"])
@pytest.mark.parametrize("origin", BEGAN)
def test_an_escalation_says_what_it_is_about_on_whichever_step_it_stands(renderer, language, cause, origin):
    undelivered = "last_notice" if origin == "undelivered" else None
    facts = {"cause": cause, "origin": origin, "undelivered": undelivered, "department": LOGISTICS}
    alert = renderer.render(message(MessageKind.ESCALATION_ALERT, language, FULL[MessageKind.ESCALATION_ALERT] | facts))
    said = BEGAN[origin][0 if language is Language.CHINESE else 1]
    assert said in alert.text
    assert said in alert.html


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", [MessageKind.ESCALATION_ALERT, MessageKind.RED_ALERT])
def test_only_what_goes_on_to_a_next_level_is_said_to_do_so(renderer, language, kind):
    for goes_on in (True, False):
        letter = renderer.render(message(kind, language, FULL[kind] | {"goes_on": goes_on}))
        for part in (letter.text, letter.html):
            assert ({"zh": "向上升级", "en": "next level"}[language] in part) is goes_on


@pytest.mark.parametrize("language", Language)
def test_a_name_in_an_escalation_is_escaped_in_html(renderer, language):
    facts = FULL[MessageKind.ESCALATION_ALERT] | {"cause": "task_declined"}
    letter = renderer.render(message(MessageKind.ESCALATION_ALERT, language, facts))
    assert {"zh": "<物流部 & 仓储>退回", "en": "<Logistics & stores> declined"}[language] in letter.text
    assert "&lt;" in letter.html
    assert "<物流部" not in letter.html
    assert "<Logistics" not in letter.html


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.CHINESE, ("没有按时兑现（首次联系）", "说明：承诺未按时兑现", "“协作任务反馈”", "已经办完")),
        (Language.ENGLISH, ("not kept in time (first contact)", "Details: 承诺未按时", "task feedback", "settled")),
    ],
)
def test_a_digest_says_of_each_item_what_it_is_about_why_and_until_when(renderer, language, said):
    letter = renderer.render(message(MessageKind.DIGEST, language))
    for words in (*said, "T-7F3K9QX2M4-1", "16:30", "20:30", "E-7F3K9QX2M4-1"):
        assert words in letter.text
        assert words in "".join(ElementTree.fromstring(letter.html).itertext())  # noqa: S314 - our own text


def test_in_a_digest_what_people_wrote_comes_out_to_the_letter_and_is_cut_where_it_is_long(renderer):
    reminder = {"reference": REFERENCE, "kind": "reminder", "facts": FULL[MessageKind.REMINDER]}
    alert = FULL[MessageKind.ESCALATION_ALERT] | {"reason": EVIL, "said_first": "长" * 5000}
    items = [reminder, {"reference": REFERENCE, "kind": "escalation_alert", "facts": alert}]
    letter = renderer.render(message(MessageKind.DIGEST, facts={"items": items}))
    assert EVIL in letter.text
    assert EVIL in "".join(ElementTree.fromstring(letter.html).itertext())  # noqa: S314 - our own text
    assert "<script" not in letter.html
    assert 200 < letter.text.count("长") < 300


@pytest.mark.parametrize(("language", "words"), [(Language.CHINESE, "计时已恢复"), (Language.ENGLISH, "running again")])
def test_a_reminder_after_a_hold_does_not_speak_of_no_percent(renderer, language, words):
    facts = FULL[MessageKind.REMINDER] | {"fraction": 0.0}
    text = renderer.render(message(MessageKind.REMINDER, language, facts)).text
    assert "%" not in text
    assert words in text


@pytest.mark.parametrize(("language", "over"), [("zh", "已到最长时间"), ("en", "as long as it may")])
@pytest.mark.parametrize("promise", [None, "resolution"])
def test_a_reminder_says_that_a_hold_is_over_whether_or_not_a_promise_runs(renderer, language, over, promise):
    facts = {"promise": promise, "due": None, "stage": "proposed", "hold_over": "awaiting_customer"}
    letter = renderer.render(message(MessageKind.REMINDER, Language(language), facts))
    assert over in letter.text
    assert over in letter.html
    running = {"zh": "计时已恢复", "en": "running again"}[language]
    assert (running in letter.text) is (promise is not None)
