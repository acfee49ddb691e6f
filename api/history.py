"""Temporal's own history of a case, as JSON that a person can read along with."""

from collections.abc import Iterator, Sequence
from typing import Any

from google.protobuf.json_format import MessageToDict, ParseDict
from pydantic import BaseModel
from pydantic_core import from_json
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.converter import DataConverter

from complaints.base import Instant
from complaints.parties import Bilingual

_PREFIX = "EVENT_TYPE_"


def _means(zh: str, en: str) -> Bilingual:
    return Bilingual(zh=zh, en=en)


_OTHER = _means("引擎记录了其他事件。", "The engine recorded something else.")
MEANINGS: dict[str, Bilingual] = {
    "workflow_execution_started": _means(
        "投诉已被可靠地受理，开始执行。", "The complaint was durably accepted and began."
    ),
    "workflow_execution_completed": _means("投诉的处理已全部结束。", "Everything about the complaint is over."),
    "workflow_execution_failed": _means("执行因内部错误而失败。", "The execution failed for an error of ours."),
    "workflow_execution_timed_out": _means("执行超时。", "The execution timed out."),
    "workflow_execution_terminated": _means("有人强行终止了执行。", "Somebody terminated the execution."),
    "workflow_execution_cancel_requested": _means("有人要求取消执行。", "Somebody asked to cancel the execution."),
    "workflow_execution_canceled": _means("执行已被取消。", "The execution was cancelled."),
    "workflow_execution_signaled": _means(
        "收到一个信号，例如人工升级。", "A signal came in, such as an escalation by hand."
    ),
    "workflow_execution_continued_as_new": _means(
        "历史已长，投诉在新的执行中继续。", "The history had grown long; the case went on in a new run."
    ),
    "workflow_execution_update_accepted": _means("一个指令已被接受。", "A command was accepted."),
    "workflow_execution_update_completed": _means("一个指令已执行完毕。", "A command was done."),
    "workflow_execution_update_admitted": _means("一个指令已收到。", "A command came in."),
    "workflow_execution_update_rejected": _means("一个指令被拒绝。", "A command was refused."),
    "workflow_task_scheduled": _means("等待工作进程作出决定。", "A worker was asked to decide what follows."),
    "workflow_task_started": _means("工作进程开始决定。", "A worker began to decide."),
    "workflow_task_completed": _means("工作进程作出了决定。", "A worker decided."),
    "workflow_task_timed_out": _means(
        "工作进程没有按时答复，将由其他进程继续。", "The worker did not answer in time; another one goes on."
    ),
    "workflow_task_failed": _means("决定时出错，将会重试。", "Deciding failed; it is tried again."),
    "activity_task_scheduled": _means(
        "安排了一个动作：保存、发送或提醒。", "An effect was asked for: save, send or alert."
    ),
    "activity_task_started": _means("动作开始执行。", "The effect began."),
    "activity_task_completed": _means("动作已完成。", "The effect was done."),
    "activity_task_failed": _means("动作最终失败。", "The effect failed for good."),
    "activity_task_timed_out": _means("动作超时。", "The effect timed out."),
    "activity_task_cancel_requested": _means("要求取消动作。", "The effect was to be cancelled."),
    "activity_task_canceled": _means("动作已取消。", "The effect was cancelled."),
    "timer_started": _means("一个计时开始。", "A clock started."),
    "timer_fired": _means("一个计时到点。", "A clock rang."),
    "timer_canceled": _means("一个计时被取消。", "A clock was stopped."),
    "marker_recorded": _means("记录了一个标记，例如程序版本。", "A marker was set, such as the program's version."),
    "upsert_workflow_search_attributes": _means("更新了可检索的属性。", "What the case can be found by was updated."),
    "workflow_properties_modified": _means("更新了备注。", "The memo was updated."),
    "workflow_execution_options_updated": _means("更新了执行选项。", "The options of the execution were changed."),
    "workflow_execution_paused": _means("执行被暂停。", "The execution was paused."),
    "workflow_execution_unpaused": _means("执行已恢复。", "The execution went on."),
}
"""One sentence for each type of event that occurs in the life of a case."""


class EventOfEngine(BaseModel):
    """One event of the engine's history."""

    id: int
    time: Instant
    type: str
    meaning: Bilingual
    attributes: dict[str, Any]


class HistoryPage(BaseModel):
    """Some of a history; `token` leads to what follows."""

    events: tuple[EventOfEngine, ...]
    token: bytes | None


async def page_of(converter: DataConverter, events: Sequence[HistoryEvent], token: bytes | None) -> HistoryPage:
    """The events as JSON, with their payloads decoded."""
    return HistoryPage(events=tuple([await _event(converter, event) for event in events]), token=token)


async def _event(converter: DataConverter, event: HistoryEvent) -> EventOfEngine:
    kind = EventType.Name(event.event_type).removeprefix(_PREFIX).lower()
    which = event.WhichOneof("attributes")
    message = getattr(event, which) if which else None
    attributes = MessageToDict(message, preserving_proto_field_name=True) if message is not None else {}
    await _decode(converter, attributes)
    return EventOfEngine(
        id=event.event_id,
        time=event.event_time.ToJsonString(),
        type=kind,
        meaning=MEANINGS.get(kind, _OTHER),
        attributes=attributes,
    )


async def _decode(converter: DataConverter, attributes: dict[str, Any]) -> None:
    for holder, key in list(_payloads(attributes)):
        payload = ParseDict(holder[key], Payload())
        if converter.payload_codec is not None:
            payload = (await converter.payload_codec.decode([payload]))[0]
        holder[key] = _plain(payload)


def _payloads(node: Any) -> Iterator[tuple[Any, Any]]:
    """Where in a tree of JSON there are payloads."""
    steps = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in steps:
        if isinstance(value, dict) and "encoding" in (value.get("metadata") or {}):
            yield node, key
        else:
            yield from _payloads(value)


def _plain(payload: Payload) -> Any:
    encoding = payload.metadata.get("encoding", b"")
    if encoding == b"json/plain":
        return from_json(payload.data)
    if encoding == b"binary/null":
        return None
    return {"encoding": encoding.decode(errors="replace"), "bytes": len(payload.data)}
