"""A policy that could not keep a case is no policy, and the error names the place."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from complaints.policy import Policy
from complaints.terms import Subject, Terms
from complaints.vocabulary import Level, PromiseKind
from tests.complaints.support import DEFAULT, policy_content

Content = dict[str, Any]


def at(*path: Any, put: Any) -> Callable[[Content], None]:
    def change(content: Content) -> None:
        for key in path[:-1]:
            content = content[key]
        content[path[-1]] = put

    return change


def without(*path: Any) -> Callable[[Content], None]:
    def change(content: Content) -> None:
        for key in path[:-1]:
            content = content[key]
        del content[path[-1]]

    return change


NOBODY = {"name": "无地址"}
BROKEN: list[tuple[str, Callable[[Content], None]]] = [
    ("version", without("version")),
    ("name", at("name", put="Has Spaces")),
    ("minute_seconds", at("minute_seconds", put=0)),
    ("minute_seconds", at("minute_seconds", put=61)),
    ("minute_seconds", at("minute_seconds", put=0.000001)),
    ("timezone", at("timezone", put="Mars/Olympus")),
    ("timezone", at("timezone", put="../../etc/passwd")),
    ("staff_language", at("staff_language", put="fr")),
    ("promises: needs terms for callback", without("promises", "callback")),
    ("promises.lunch", at("promises", "lunch", put={"minutes": 30})),
    ("promises.resolution.minutes", at("promises", "resolution", "minutes", put=0)),
    ("promises.resolution.minutes", at("promises", "resolution", "minutes", put=-5)),
    ("promises.resolution.minutes", at("promises", "resolution", "minutes", put="four hours")),
    ("promises.resolution.revision_minutes", at("promises", "resolution", "revision_minutes", put=0)),
    ("promises.callback.warn_at.0", at("promises", "callback", "warn_at", put=[0])),
    ("promises.callback.warn_at.0", at("promises", "callback", "warn_at", put=[1])),
    ("promises.callback.warn_at", at("promises", "callback", "warn_at", put=[0.8, 0.5])),
    ("promises.callback.warn_at", at("promises", "callback", "warn_at", put=[0.5, 0.5])),
    ("promises.callback.patience", at("promises", "callback", "patience", put=3)),
    ("promises.first_contact.by_category", at("promises", "first_contact", "by_category", put={"moon": 5})),
    ("holds.weather", at("holds", "weather", put={"promises": ["resolution"], "longest_minutes": 5})),
    ("holds.force_majeure.promises", at("holds", "force_majeure", "promises", put=[])),
    ("holds.force_majeure.promises.0", at("holds", "force_majeure", "promises", put=["lunch"])),
    ("holds.force_majeure.longest_minutes", without("holds", "force_majeure", "longest_minutes")),
    ("callback_attempts", at("callback_attempts", put=0)),
    ("reopening_minutes", at("reopening_minutes", put=0)),
    ("extension_by.0", at("extension_by", put=["boss"])),
    ("delivery.grace_minutes", at("delivery", "grace_minutes", put=0)),
    ("desk", at("desk", put=NOBODY)),
    ("departments.finance.supervisor", at("departments", "finance", "supervisor", put=NOBODY)),
    ("departments.finance.email", without("departments", "finance", "email")),
    ("departments.finance.name.en", without("departments", "finance", "name", "en")),
    ("chain.2.person", at("chain", 2, "person", put=NOBODY)),
    ("chain: needs a step for level 2", without("chain", 2)),
    ("chain.0: level 0", lambda content: content["chain"].update({0: content["chain"][1]})),
    ("chain.4", lambda content: content["chain"].update({4: content["chain"][1]})),
    ("product_department", at("product_department", put="moon")),
    ("categories: needs `other`", without("categories", "other")),
    ("categories.price.zh", at("categories", "price", "zh", put=" ")),
    ("survey", at("survey", put=[])),
    ("colour", at("colour", put="red")),
]


@pytest.mark.parametrize(("place", "change"), BROKEN, ids=[f"{n}-{place}" for n, (place, _) in enumerate(BROKEN)])
def test_a_policy_that_could_not_keep_a_case_is_refused_with_its_place(
    place: str, change: Callable[[Content], None]
) -> None:
    content = policy_content()
    change(content)
    with pytest.raises(ValidationError) as refused:
        Policy.model_validate(content)
    (error,) = refused.value.errors()[:1]
    named = ".".join(str(key) for key in error["loc"]) + " " + error["msg"]
    assert place in named


def test_the_policy_as_stored_is_the_policy_that_was_pinned() -> None:
    stored = Policy.model_validate_json(DEFAULT.model_dump_json(exclude_unset=True))
    assert stored == DEFAULT
    assert stored.fingerprint() == DEFAULT.fingerprint()


def test_two_policies_that_differ_in_a_minute_are_told_apart() -> None:
    content = policy_content()
    content["promises"]["callback"]["minutes"] += 1
    assert Policy.model_validate(content).fingerprint() != DEFAULT.fingerprint()


def test_the_default_times_are_those_promised() -> None:
    def terms(kind: PromiseKind, category: str = "other") -> Terms:
        return DEFAULT.terms(kind, Subject(Level.GENERAL, category))

    minutes = {kind: terms(kind).minutes for kind in PromiseKind}
    assert minutes == {
        "first_contact": 30,
        "progress_update": 120,
        "resolution": 240,
        "task_feedback": 60,
        "task_completion": 120,
        "confirmation_letter": 60,
        "callback": 24 * 60,
        "escalation_ack": 15,
    }
    assert terms(PromiseKind.FIRST_CONTACT, "service_attitude").minutes == 60
    assert terms(PromiseKind.FIRST_CONTACT, "logistics").minutes == 120
    resolution = terms(PromiseKind.RESOLUTION)
    assert DEFAULT.resolution_minutes(resolution, complex_=True, revision=False) == 480
    assert DEFAULT.resolution_minutes(resolution, complex_=True, revision=True) == 120


def test_a_terms_own_errors_do_not_name_a_machine_or_a_person() -> None:
    with pytest.raises(ValidationError) as refused:
        Policy.model_validate(policy_content(desk=NOBODY))
    assert "desk: needs an email or a phone" in str(refused.value)
