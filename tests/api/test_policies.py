"""A new version of the policy is for new cases: without a restart, and without touching those that run."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from complaints.policy import Policy
from complaints.vocabulary import PromiseKind
from deploy.policies import load_policy
from deploy.policies.in_force import PublishedPolicies
from deploy.policies.publishing import published
from records.engine import connect
from records.errors import RecordsUnavailable
from records.queries import Queries
from tests.api.stack import Stack, running_stack
from tests.support.temporal import TemporalServer


@pytest.fixture(scope="module")
def own(temporal: TemporalServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack whose policy changes under it."""
    with running_stack(temporal.address, tmp_path_factory.mktemp("versions")) as running:
        yield running


def version(number: str, **changes: Any) -> Policy:
    content = load_policy("default").model_dump(mode="json", exclude_unset=True)
    return Policy.model_validate({**content, "version": number, **changes})


def publish(stack: Stack, policy: Policy) -> None:
    engine = connect(f"sqlite:///{stack.folder / 'records.db'}")
    published(engine, policy, by="测试")
    engine.dispose()


def minutes(case: Any, kind: str) -> float:
    return next(float(each["budget_minutes"]) for each in case["promises"] if each["kind"] == kind)


def test_a_case_keeps_its_version_while_a_new_one_comes_in_force(own: Stack) -> None:
    publish(own, own.policy)
    before = own.file()["reference"]
    terms = version("3").promises[PromiseKind.RESOLUTION].model_dump(mode="json", exclude_unset=True)
    rule = {"id": "by_web", "when": {"channel": "web"}, "minutes": 100, "complex_minutes": 200}
    promises = {
        kind: each.model_dump(mode="json", exclude_unset=True) for kind, each in version("3").promises.items()
    } | {"resolution": terms | {"rules": [rule]}}
    publish(own, version("3", promises=promises))
    publish(own, version("4", effective_from=(datetime.now(UTC) + timedelta(days=1)).isoformat()))
    after = own.file()["reference"]
    old, new = own.case(before), own.case(after)
    assert (old["policy"]["version"], minutes(old, "resolution")) == (own.policy.version, 240)
    assert (new["policy"]["version"], minutes(new, "resolution")) == ("3", 100)
    promise = next(each for each in new["promises"] if each["kind"] == "resolution")
    assert (promise["rule"], promise["matched"], promise["calendar"]) == ("by_web", ["channel=web"], "always")
    own.do("agent", f"/v1/complaints/{before}/contacts", {"channel": "phone", "reached": True})
    again = own.case(before, at_least=2)
    assert again["policy"] == old["policy"]
    assert minutes(again, "resolution") == 240

    listed = own.get("auditor", "/v1/policies").json()
    assert listed["name"] == "default"
    assert [(each["version"], each["in_force"]) for each in listed["items"]] == [
        (own.policy.version, False),
        ("3", True),
        ("4", False),
    ]
    assert listed["items"][1]["published_by"] == "测试"
    assert listed["items"][1]["hash"] == new["policy"]["hash"]


def test_the_versions_are_for_staff_only(own: Stack) -> None:
    assert own.get("channel", "/v1/policies").status_code == 403
    assert own.get("department:logistics", "/v1/policies").status_code == 403
    assert own.get(None, "/v1/policies").status_code == 401


class Away(Queries):
    """Records that can be reached or not."""

    away = False
    looks = 0

    def policy_versions(self, name: str | None = None) -> Any:
        self.looks += 1
        if self.away:
            raise RecordsUnavailable("away")
        return super().policy_versions(name)


async def test_while_the_records_are_away_the_last_known_version_goes_on(own: Stack, tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{own.folder / 'records.db'}")
    seconds = [0.0]
    queries = Away(engine)
    policies = PublishedPolicies(queries, version("9", name="rest"), timedelta(seconds=3), clock=lambda: seconds[0])
    now = datetime.now(UTC)
    assert (await policies.in_force(now)).pinned.version == "9"
    published(engine, version("10", name="rest"))
    assert (await policies.in_force(now)).pinned.version == "9"
    seconds[0] = 3
    at = datetime.now(UTC)
    assert (await policies.in_force(at)).pinned.version == "10"
    queries.away, seconds[0], looks = True, 6, queries.looks
    assert (await policies.in_force(at)).pinned.version == "10"
    assert (await policies.in_force(at)).pinned.version == "10"
    assert queries.looks == looks + 1
    engine.dispose()


async def test_a_case_takes_the_public_holidays_of_its_years_with_it(own: Stack) -> None:
    policies = PublishedPolicies(Queries(connect(f"sqlite:///{own.folder / 'records.db'}")), load_policy("office"))
    found = await policies.in_force(datetime(2026, 9, 1, tzinfo=UTC))
    office = found.pinned.calendars["office"]
    assert office.holidays is not None
    assert sorted(office.holidays.resolved) == [2025, 2026, 2027, 2028, 2029]
    assert "2026-10-10" in office.holidays.resolved[2026].open
    assert found.pinned.triage is None
    assert found.pinned.fingerprint() == load_policy("office").fingerprint()
    assert (await policies.in_force(datetime(2026, 9, 2, tzinfo=UTC))).pinned is found.pinned
