"""Running cases move to another version of the policy by an explicit word, and back; a dry run only shows it."""

from collections.abc import Iterator
from typing import Any

import pytest

from complaints.policy import Policy
from deploy.policies import load_policy
from deploy.policies.publishing import published
from records.engine import connect
from tests.api.stack import Stack, eventually, running_stack
from tests.support.temporal import TemporalServer


@pytest.fixture(scope="module")
def own(temporal: TemporalServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack with three versions of its policy, of which the first is in force."""
    with running_stack(temporal.address, tmp_path_factory.mktemp("migrating")) as running:
        publish(running, running.policy)
        publish(running, version("slow", resolution={"minutes": 600, "complex_minutes": 900}))
        publish(running, version("bare", categories=("logistics", "other")))
        yield running


def version(number: str, categories: tuple[str, ...] = (), **promises: dict[str, Any]) -> Policy:
    content = load_policy("default").model_dump(mode="json", exclude_unset=True)
    content["promises"] = {kind: terms | promises.get(kind, {}) for kind, terms in content["promises"].items()}
    if categories:
        content["categories"] = {name: each for name, each in content["categories"].items() if name in categories}
        content["promises"]["first_contact"]["by_category"] = {}
        content["triage"] = None
    # Far ahead, so that new cases stay under the first one.
    return Policy.model_validate({**content, "version": number, "effective_from": "2099-01-01T00:00:00Z"})


def publish(stack: Stack, policy: Policy) -> None:
    engine = connect(f"sqlite:///{stack.folder / 'records.db'}")
    published(engine, policy)
    engine.dispose()


def due(case: Any, kind: str) -> str:
    return next(str(each["due"]) for each in case["promises"] if each["kind"] == kind)


def move(stack: Stack, reference: str, to: str, **more: Any) -> Any:
    body = {"version": to, "reason": "新规则", **more}
    return stack.do("supervisor", f"/v1/complaints/{reference}/policy", body)


def test_there_and_back_with_the_customer_told_of_what_got_later(own: Stack) -> None:
    reference = own.file()["reference"]
    before = own.case(reference)
    foreseen = move(own, reference, "slow", dry_run=True)
    resolution = next(each for each in foreseen["promises"] if each["kind"] == "resolution")
    assert resolution["before"] == due(before, "resolution")
    assert (foreseen["before"]["version"], foreseen["after"]["version"]) == (before["policy"]["version"], "slow")
    assert own.case(reference)["version"] == own.case(reference, 1)["version"]
    assert own.case(reference)["policy"] == before["policy"]

    receipt = move(own, reference, "slow")
    after = own.case(reference, receipt["version"])
    assert due(after, "resolution") == resolution["after"] > resolution["before"]
    assert after["policy"] == foreseen["after"]
    letters = eventually(
        lambda: [
            letter
            for letter in own.get("agent", "/v1/outbox", reference=reference).json()["items"]
            if letter["kind"] == "promise_moved"
        ]
    )
    assert len(letters) == 1

    receipt = move(own, reference, before["policy"]["version"])
    back = own.case(reference, receipt["version"])
    assert due(back, "resolution") == due(before, "resolution")
    assert back["policy"] == before["policy"]


def test_the_same_key_moves_once_and_has_the_same_answer(own: Stack) -> None:
    reference = own.file()["reference"]
    path, body = f"/v1/complaints/{reference}/policy", {"version": "slow", "reason": "新规则"}
    first = own.do("administrator", path, body, **{"Idempotency-Key": "move-1"})
    assert own.do("administrator", path, body, **{"Idempotency-Key": "move-1"}) == first
    own.case(reference, first["version"])
    journal = own.get("auditor", f"/v1/audit/complaints/{reference}/journal", limit=500).json()["items"]
    moves = [event for entry in journal for event in entry["events"] if event["type"] == "policy_migrated"]
    assert [each["reason"] for each in moves] == ["新规则"]


def test_what_cannot_be_done_is_refused_and_says_why_dry_or_not(own: Stack) -> None:
    reference = own.file(category="price")["reference"]
    for more in ({}, {"dry_run": True}):
        body = {"version": "bare", "reason": "新规则", **more}
        answer = own.post("supervisor", f"/v1/complaints/{reference}/policy", body)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/policy_unfit")
        assert "categories.price" in answer.json()["detail_zh"]
        body["version"] = own.case(reference)["policy"]["version"]
        answer = own.post("supervisor", f"/v1/complaints/{reference}/policy", body)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/nothing_to_change")
        body["version"] = "nobody-knows"
        answer = own.post("supervisor", f"/v1/complaints/{reference}/policy", body)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/policy_version_unknown")
    answer = own.post("supervisor", f"/v1/complaints/{reference}/policy", {"version": "slow"})
    assert answer.json()["errors"][0]["where"] == "body.reason"
    assert own.case(reference)["version"] < 10


def test_open_cases_can_be_listed_and_finished_ones_are_not_among_them(own: Stack) -> None:
    running, over = own.file()["reference"], own.file()["reference"]
    receipt = own.do("agent", f"/v1/complaints/{over}/withdrawal", {"reason": "不再追究"})
    own.case(over, receipt["version"])
    found = {each["reference"] for each in own.get("agent", "/v1/complaints", open=True, limit=200).json()["items"]}
    assert running in found
    assert over not in found
    others = {each["reference"] for each in own.get("agent", "/v1/complaints", open=False, limit=200).json()["items"]}
    assert over in others
    assert running not in others
