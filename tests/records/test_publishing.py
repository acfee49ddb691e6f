"""Published versions of a policy: what is published stays as it is, and is in force from its date on."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from complaints.policy import Policy
from deploy.policies import load_policy
from records.errors import PolicyConflict, RecordsUnavailable
from records.publishing import publish
from records.queries import Queries
from records.results import PolicyVersion, version_in_force

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_policy(version: str = "1", **changes: object) -> Policy:
    content = load_policy("office").model_dump(mode="json", exclude_unset=True)
    return Policy.model_validate({**content, "name": "mine", "version": version, **changes})


def test_a_published_version_is_read_as_it_was_written(engine: Engine, queries: Queries) -> None:
    policy = a_policy()
    version, new = publish(engine, policy, NOW, by="王经理")
    assert new
    assert queries.policy_versions("mine") == (version,)
    assert (version.effective_from, version.published_at, version.published_by) == (NOW, NOW, "王经理")
    stored = queries.policy("mine", "1")
    assert stored == policy
    assert stored.fingerprint() == policy.fingerprint() == version.hash
    assert queries.policy("mine", "2") is None
    assert queries.policy_versions("another") == ()


def test_publishing_twice_changes_nothing(engine: Engine, queries: Queries) -> None:
    first, _ = publish(engine, a_policy(), NOW)
    again, new = publish(engine, a_policy(), NOW + HOUR, by="somebody else")
    assert not new
    assert again == first
    assert queries.policy_versions() == (first,)


def test_other_content_under_the_same_version_is_refused_with_what_to_do(engine: Engine, queries: Queries) -> None:
    first, _ = publish(engine, a_policy(), NOW)
    with pytest.raises(PolicyConflict) as refused:
        publish(engine, a_policy(callback_attempts=7), NOW + HOUR)
    assert "give it a new version" in refused.value.en
    assert "新的版本号" in refused.value.zh
    assert queries.policy_versions() == (first,)
    assert queries.policy("mine", "1") == a_policy()


def test_a_version_comes_in_force_at_its_date_and_never_before_it_was_published(engine: Engine) -> None:
    later, _ = publish(engine, a_policy("2", effective_from=(NOW + HOUR).isoformat()), NOW)
    backdated, _ = publish(engine, a_policy("3", effective_from=(NOW - HOUR).isoformat()), NOW)
    assert later.effective_from == NOW + HOUR
    assert backdated.effective_from == NOW


def test_the_version_in_force_is_the_one_that_came_last(engine: Engine, queries: Queries) -> None:
    def in_force(at: datetime) -> str | None:
        found = version_in_force(queries.policy_versions("mine"), at)
        return found.version if found else None

    assert in_force(NOW) is None
    publish(engine, a_policy("1", effective_from=(NOW + HOUR).isoformat()), NOW)
    assert in_force(NOW) == "1"  # nothing was before it
    publish(engine, a_policy("3", effective_from=(NOW + 3 * HOUR).isoformat()), NOW)
    publish(engine, a_policy("2", effective_from=(NOW + 2 * HOUR).isoformat()), NOW)
    assert [in_force(NOW + hours * HOUR) for hours in (0, 1, 2, 3, 9)] == ["1", "1", "2", "3", "3"]
    assert in_force(NOW + 3 * HOUR - timedelta(microseconds=1)) == "2"
    assert [each.version for each in queries.policy_versions("mine")] == ["1", "2", "3"]


def test_of_two_versions_from_the_same_instant_the_one_published_later_counts() -> None:
    def version(name: str, published: datetime) -> PolicyVersion:
        return PolicyVersion(
            name="mine", version=name, hash=name, effective_from=NOW, published_at=published, published_by=None
        )

    versions = (version("2", NOW - HOUR), version("1", NOW - 2 * HOUR))
    found = version_in_force(versions, NOW)
    assert found is not None
    assert found.version == "2"


def test_nothing_is_published_where_there_are_no_tables(empty_database: str) -> None:
    from records.engine import connect

    engine = connect(empty_database)
    with pytest.raises(RecordsUnavailable):
        publish(engine, a_policy(), NOW)
    engine.dispose()
