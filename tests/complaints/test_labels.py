import inspect
from enum import Enum

import pytest

from complaints import vocabulary
from complaints.labels import LABELS, label
from complaints.vocabulary import Channel, EscalationLevel, Language, Level, Stage

TERMS = [
    term
    for _, vocabulary_set in inspect.getmembers(vocabulary, inspect.isclass)
    if issubclass(vocabulary_set, Enum) and vocabulary_set.__module__ == vocabulary.__name__
    for term in vocabulary_set
]


@pytest.mark.parametrize("term", TERMS, ids=repr)
def test_every_term_has_a_name_in_both_languages(term):
    chinese, english = label(term, Language.CHINESE), label(term, Language.ENGLISH)
    assert chinese
    assert any("\u4e00" <= char <= "\u9fff" for char in chinese)
    assert english.isascii()


@pytest.mark.parametrize("terms", LABELS, ids=lambda terms: terms.__name__)
@pytest.mark.parametrize("language", Language)
def test_no_two_terms_of_a_set_have_the_same_name(terms, language):
    names = [label(term, language) for term in terms]
    assert len(set(names)) == len(names)


def test_terms_that_are_equal_as_values_keep_their_own_names():
    assert label(Level.SUGGESTION, Language.ENGLISH) != label(EscalationLevel.DIRECTOR, Language.ENGLISH)
    assert label(Stage.AGREED, Language.CHINESE) == "已达成一致"
    assert label(Channel.SMS, Language.ENGLISH) == "SMS"
