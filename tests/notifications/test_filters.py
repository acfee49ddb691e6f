from datetime import UTC, datetime
from zoneinfo import ZoneInfoNotFoundError

import pytest

from complaints.vocabulary import Language
from notifications.filters import lines, local_time, percent, sentence

ZH, EN = Language.CHINESE, Language.ENGLISH


def test_summer_time_is_called_by_its_name():
    at = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert local_time(at, "Europe/Berlin", EN) == "1 Jul 2026, 14:00 (Central European Summer Time)"


def test_an_unknown_zone_is_an_error():
    with pytest.raises(ZoneInfoNotFoundError):
        local_time(datetime(2026, 7, 1, tzinfo=UTC), "Asia/Atlantis", ZH)


def test_a_fraction_is_said_in_percent():
    assert percent(0.8, ZH) == percent(0.8, EN) == "80%"


def test_line_breaks_survive_in_html_and_markup_does_not():
    assert lines("<b>\n&") == "&lt;b&gt;<br/>&amp;"


def test_a_sentence_begins_with_a_capital_and_keeps_the_others():
    assert sentence("e-mail by SMS") == "E-mail by SMS"
    assert sentence("短信") == "短信"
