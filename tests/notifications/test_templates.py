from pathlib import Path

import pytest

import notifications
from complaints.vocabulary import Language, MessageKind
from notifications.facts import FACTS

TEMPLATES = Path(notifications.__file__).parent / "templates"
README = (TEMPLATES / "README.md").read_text("utf-8")


@pytest.mark.parametrize("kind", MessageKind)
def test_every_kind_has_its_words_in_both_languages(kind):
    for language in Language:
        folder = TEMPLATES / kind / language
        for name in ("subject.txt", "text.txt", "html.html"):
            assert (folder / name).read_text("utf-8").strip()


@pytest.mark.parametrize("kind", MessageKind)
def test_the_facts_of_every_kind_are_documented(kind):
    (line,) = [line for line in README.splitlines() if line.startswith(f"| `{kind}` |")]
    documented = line.rsplit("|", 2)[1]
    for name, field in FACTS[kind].model_fields.items():
        assert f"`{name}`" in documented
        assert (f"`{name}`?" in documented) is not field.is_required()


def test_no_folder_is_there_for_a_message_that_is_never_sent():
    folders = {path.name for path in TEMPLATES.iterdir() if path.is_dir()}
    assert folders == {*MessageKind, "layout"}
