"""What a mistake in a policy file may neither hide nor be blamed for, and files that say too much or too little."""

from pathlib import Path

import pytest

from deploy.policies import Mistake, examine
from deploy.policies.stand_ins import STAND_IN

HEAD = "base: office\nname: mine\nversion: '1'\n"


def found_in(folder: Path, content: str) -> list[Mistake]:
    """What is wrong with a file; nothing that is only a warning."""
    (folder / "mine.yaml").write_text(content, "utf-8")
    return examine(str(folder / "mine.yaml")).errors


HIDING = [
    (
        "calendars: {o: {hours: {mon: ['9-18', '10:00-12:00'], wed: ['09:00-12:00', '11:00-13:00']}}}",
        {"calendars.o.hours.mon.0", "calendars.o.hours"},
    ),
    (
        "calendars: {o: {hours: {mon: ['09:00-18:00']}, timezone: Mars, closed: [2027-01-01], open: [2027-01-01]}}",
        {"calendars.o.timezone", "calendars.o"},
    ),
    ("promises: {callback: {warn_at: [0.8, 0.5, 80]}}", {"promises.callback.warn_at.2", "promises.callback.warn_at"}),
    (
        "promises: {callback: {ladder: [{level: 9}, {level: 2, before_minutes: 5, after_minutes: 5}]}}",
        {"promises.callback.ladder.0.level", "promises.callback.ladder.1"},
    ),
    (
        "promises: {callback: {ladder: [{level: 9, after_minutes: 5}, {level: 2}]}}",
        {"promises.callback.ladder.0.level", "promises.callback.ladder"},
    ),
]


@pytest.mark.parametrize(("change", "places"), HIDING, ids=[change[:40] for change, _ in HIDING])
def test_a_mistake_does_not_hide_what_is_wrong_around_it(tmp_path: Path, change: str, places: set[str]) -> None:
    mistakes = found_in(tmp_path, f"{HEAD}\n{change}\n")
    assert sorted(each.place for each in mistakes) == sorted(places)


ALONE = [
    ("calendars: {o: {hours: {mon: ['9-18', '09:00-12:00'], sun: ['20:00-10:00']}}}", "calendars.o.hours"),
    ("calendars: {o: {hours: {mon: ['9-18']}}}", "calendars.o.hours.mon.0"),
    ("calendars: {o: {hours: {mon: 09:00-18:00, sun: ['20:00-10:00']}}}", "calendars.o.hours.mon"),
    ("promises: {callback: {ladder: [{level: 1}, {level: 2, after_minutes: soon}]}}", "after_minutes"),
    ("promises: {resolution: {minutes: 4h, ladder: [{level: 1, before_minutes: 100}]}}", "promises.resolution.minutes"),
    ("silence: {last_notice_minutes: soon}", "silence.last_notice_minutes"),
    ("departments: null", "departments"),
    ("categories: null", "categories"),
    ("tiers: null", "tiers"),
    ("people: null", "people"),
    ("calendars: null", "calendars"),
    ("chain: {1: {people: [5, lead]}}", "chain.1.people.0"),
    ("chain: {1: {peple: [lead], people: []}}", "chain.1"),
    ("promises: {callback: {rules: [{id: A, when: {tier: vip}}, {id: b, when: {tier: vip}}]}}", "rules.0.id"),
]


@pytest.mark.parametrize(("change", "place"), ALONE, ids=[change[:40] for change, _ in ALONE])
def test_what_stands_in_for_a_mistake_is_never_blamed_or_shown(tmp_path: Path, change: str, place: str) -> None:
    mistakes = found_in(tmp_path, f"{HEAD}\n{change}\n")
    assert mistakes
    for each in mistakes:
        assert place in each.place or each.place in place, each
        assert STAND_IN not in each.en


def test_a_version_that_is_a_number_is_told_to_need_quotes(tmp_path: Path) -> None:
    (mistake,) = found_in(tmp_path, "base: default\nname: mine\nversion: 3\n")
    assert (mistake.place, mistake.line) == ("version", 3)
    assert 'needs quotes, like "3"' in mistake.en
    assert "引号" in mistake.zh


def test_a_file_without_a_base_is_told_of_the_default_once(tmp_path: Path) -> None:
    mistakes = found_in(tmp_path, "name: mine\nversion: '1'\n")
    assert len(mistakes) > 5
    assert sum("base: default" in each.zh and "base: default" in each.en for each in mistakes) == 1
    based = found_in(tmp_path, f"{HEAD}\ndesk: {{phone: 5}}\n")
    assert not any("base:" in each.en for each in based)


def test_aliases_that_grow_beyond_measure_are_refused_at_once(tmp_path: Path) -> None:
    letters = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    letters += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    merged = ["m0: &m0 {x: 1}", *(f"m{n}: &m{n} {{<<: [{', '.join([f'*m{n - 1}'] * 10)}]}}" for n in range(1, 12))]
    for lines in (letters, merged, ["m: &m {n: *m}"]):
        (mistake,) = found_in(tmp_path, HEAD + "\n".join(lines))
        assert "says too much" in mistake.en


def test_a_date_means_the_same_with_quotes_and_without(tmp_path: Path) -> None:
    calendar = "calendars: {o: {hours: {mon: ['09:00-18:00']}, closed: [DAY], exceptions: {DAY: []}}}\n"
    plain = HEAD + calendar.replace("DAY", "2027-03-01") + "effective_from: 2027-01-01T00:00:00+08:00\n"
    quoted = HEAD + calendar.replace("DAY", "'2027-03-01'") + "effective_from: '2026-12-31T16:00:00Z'\n"
    hashes = set()
    for content in (plain, quoted):
        (tmp_path / "mine.yaml").write_text(content, "utf-8")
        policy = examine(str(tmp_path / "mine.yaml")).policy
        assert policy is not None
        hashes.add(policy.fingerprint())
    assert len(hashes) == 1
