"""The namespace of a real Temporal server, prepared; and what is said where there is none."""

import asyncio
from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from deploy import engine
from deploy.refusal import Refusal
from deploy.settings import Settings
from tests.support.temporal import free_port

WITHIN = timedelta(seconds=30)


def settings(address: str, namespace: str = "default") -> Settings:
    return Settings(temporal_address=address, temporal_namespace=namespace)


@pytest.fixture
async def client(server: str) -> Client:
    return await engine.connect_patiently(settings(server), within=WITHIN)


async def test_histories_are_kept_for_ninety_days_and_cases_can_be_found(client: Client, server: str) -> None:
    await engine.prepare_namespace(client, settings(server), within=WITHIN)
    described = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="default"))
    assert described.config.workflow_execution_retention_ttl.ToTimedelta() == timedelta(days=90)
    listed = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace="default"))
    assert set(engine.SEARCH_ATTRIBUTES) <= set(listed.custom_attributes)
    for query in ("RedressStage = 'received'", "RedressLevel < 2", "RedressBroken = 'callback'"):
        assert [found async for found in client.list_workflows(query)] == []


async def test_preparing_again_and_at_the_same_time_changes_nothing(client: Client, server: str) -> None:
    given = settings(server)
    await asyncio.gather(*(engine.prepare_namespace(client, given, within=WITHIN) for _ in range(3)))
    before = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="default"))
    await engine.prepare_namespace(client, given, within=WITHIN)
    after = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="default"))
    assert after.config == before.config


async def test_an_attribute_of_another_type_is_named(server: str) -> None:
    given = settings(server, "other")
    client = await engine.connect_patiently(given, within=WITHIN)
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(
            namespace="other",
            search_attributes={"RedressLevel": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD},
        )
    )
    with pytest.raises(Refusal, match="RedressLevel"):
        await engine.prepare_namespace(client, given, within=WITHIN)


async def test_a_namespace_that_does_not_exist_is_named_with_its_setting(server: str) -> None:
    given = settings(server, "nowhere")
    client = await engine.connect(given)
    with pytest.raises(Refusal, match=r"nowhere.*REDRESS_TEMPORAL_NAMESPACE"):
        await engine.prepare_namespace(client, given, within=timedelta(seconds=1))


async def test_a_server_that_is_away_is_named_with_its_setting() -> None:
    with pytest.raises(Refusal, match="REDRESS_TEMPORAL_ADDRESS"):
        await engine.connect_patiently(settings(f"127.0.0.1:{free_port()}"), within=timedelta(seconds=0.5))
