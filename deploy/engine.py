"""The Temporal server: connecting to it, and what its namespace must have before a case is filed."""

import asyncio
import time
from datetime import timedelta
from typing import Any

import structlog
from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    ListWorkflowExecutionsRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from deploy.refusal import Refusal
from deploy.settings import Settings
from workflows.index import KEYS

SEARCH_ATTRIBUTES = {key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in KEYS}
"""What cases can be found by in Temporal's own tools, and the type of each; nothing personal."""

_NEVER = {
    IndexedValueType.INDEXED_VALUE_TYPE_INT: "= 0",
    IndexedValueType.INDEXED_VALUE_TYPE_DATETIME: "< '2000-01-01T00:00:00Z'",
}
_NO_TEXT = "= ''"
_USES_ALL = " AND ".join(f"{name} {_NEVER.get(kind, _NO_TEXT)}" for name, kind in SEARCH_ATTRIBUTES.items())
_NOT_OURS_TO_DO = {
    RPCStatusCode.PERMISSION_DENIED,
    RPCStatusCode.UNIMPLEMENTED,
    RPCStatusCode.UNAUTHENTICATED,
}
_log = structlog.get_logger(__name__)


async def connect(settings: Settings, **options: Any) -> Client:
    """A client of the server that the settings name. Raises RuntimeError or RPCError if none answers."""
    key = settings.temporal_api_key
    return await Client.connect(
        settings.engine_address,
        namespace=settings.temporal_namespace,
        api_key=key.get_secret_value() if key else None,
        tls=settings.temporal_tls or key is not None,
        **options,
    )


async def connect_patiently(settings: Settings, *, within: timedelta | None = None, **options: Any) -> Client:
    """A client as soon as the server answers, trying for ever, or for so long.

    Raises Refusal after `within`.
    """
    deadline = time.monotonic() + within.total_seconds() if within else None
    pause, told = 0.05, 0.0
    while True:
        try:
            return await connect(settings, **options)
        except (RuntimeError, RPCError) as error:
            now = time.monotonic()
            if deadline and now > deadline:
                raise _unreachable(settings) from error
            if now - told > 10:
                told = now
                _log.warning("waiting for the engine", address=settings.engine_address)
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, 2)


async def prepare_namespace(client: Client, settings: Settings, *, within: timedelta) -> None:
    """Give the namespace its retention and its search attributes; doing it again changes nothing.

    Returns once cases can be found by every attribute. Raises Refusal if they still cannot `within` that
    time, or if an attribute of one of our names has another type.
    """
    deadline = time.monotonic() + within.total_seconds()
    done = False
    while True:
        try:
            if not done:
                await _retain(client, settings)
                await _register(client, settings)
                done = True
            await client.workflow_service.list_workflow_executions(
                ListWorkflowExecutionsRequest(namespace=settings.temporal_namespace, page_size=1, query=_USES_ALL)
            )
            return
        except RPCError as error:
            if time.monotonic() > deadline:
                raise Refusal(
                    f"Temporal 命名空间 {settings.temporal_namespace}（REDRESS_TEMPORAL_NAMESPACE）尚不可用，"
                    "或缺少搜索属性 "
                    f"{', '.join(SEARCH_ATTRIBUTES)}。",
                    f"The Temporal namespace {settings.temporal_namespace} (REDRESS_TEMPORAL_NAMESPACE) is "
                    "not usable or "
                    f"lacks the search attributes {', '.join(SEARCH_ATTRIBUTES)}: "
                    f"{error.status.name.lower()}.",
                ) from error
            await asyncio.sleep(0.1)


async def _retain(client: Client, settings: Settings) -> None:
    """Keep closed cases' histories as long as the settings say; by itself Temporal keeps them a day."""
    namespace = settings.temporal_namespace
    wanted = Duration(seconds=settings.retention_days * 86_400)
    try:
        described = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=namespace))
        if described.config.workflow_execution_retention_ttl != wanted:
            await client.workflow_service.update_namespace(
                UpdateNamespaceRequest(
                    namespace=namespace, config=NamespaceConfig(workflow_execution_retention_ttl=wanted)
                )
            )
    except RPCError as error:
        if error.status not in _NOT_OURS_TO_DO:
            raise
        _log.warning("may not set the retention of the namespace", namespace=namespace)


async def _register(client: Client, settings: Settings) -> None:
    namespace = settings.temporal_namespace
    try:
        present = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace=namespace))
        for name, wanted in SEARCH_ATTRIBUTES.items():
            if present.custom_attributes.get(name, wanted) != wanted:
                raise Refusal(
                    f"Temporal 命名空间 {namespace} 中的搜索属性 {name} 类型不符。",
                    f"The search attribute {name} in the Temporal namespace {namespace} has another type.",
                )
        missing = {name: kind for name, kind in SEARCH_ATTRIBUTES.items() if name not in present.custom_attributes}
        if missing:
            await client.operator_service.add_search_attributes(
                AddSearchAttributesRequest(namespace=namespace, search_attributes=missing)
            )
    except RPCError as error:
        if error.status not in _NOT_OURS_TO_DO:
            raise
        _log.warning("may not register search attributes", namespace=namespace)


def _unreachable(settings: Settings) -> Refusal:
    variable = "REDRESS_TEMPORAL_PORT" if settings.embedded else "REDRESS_TEMPORAL_ADDRESS"
    return Refusal(
        f"连接不上 Temporal 服务器 {settings.engine_address}（{variable}）。",
        f"The Temporal server at {settings.engine_address} ({variable}) cannot be reached.",
    )
