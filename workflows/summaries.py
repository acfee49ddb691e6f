"""What Temporal's own pages say of a case: timers, activities and the whole, in both languages, nothing personal."""

from datetime import datetime
from zoneinfo import ZoneInfo

from complaints import Ring
from complaints.case import Case
from complaints.clocks import LAPSE, REOPENING, RUNG, SILENCE, WARNING
from complaints.events import Entry
from complaints.labels import label
from complaints.messages import Message
from complaints.vocabulary import Channel, Language

ZH, EN = Language.CHINESE, Language.ENGLISH
SIFTING = "核对仍需告知的消息 · looking up what must still be told"
SAVING_AGAIN = "再次保存流水 · saving the journal again"


def of_start(reference: str) -> str:
    return f"投诉 {reference} · complaint"


def of_ring(case: Case, ring: Ring) -> str:
    """E.g. `首次联系 10:30 到期 · first contact due 10:30`, in the policy's time zone."""
    at = _clock_time(case, ring.at)
    if ring.id == REOPENING:
        return f"可重新打开至 {at} · may be reopened until {at}"
    if ring.id == SILENCE:
        if ring.what == LAPSE:
            return f"客户未答复，{at} 视为接受 · silence counts as acceptance {at}"
        return f"客户未答复，{at} 跟进 · no answer, asked again {at}"
    hold = next((hold for hold in case.open_holds() if hold.id == ring.id), None)
    if hold is not None:
        return f"挂起（{label(hold.reason, ZH)}）至 {at} · {label(hold.reason, EN)} on hold until {at}"
    kind = case.promise(ring.id).kind
    if ring.what == WARNING:
        return f"{label(kind, ZH)} {at} 提醒 · {label(kind, EN)} warns {at}"
    if ring.what == RUNG:
        return f"{label(kind, ZH)} {at} 升级 · {label(kind, EN)} escalates {at}"
    return f"{label(kind, ZH)} {at} 到期 · {label(kind, EN)} due {at}"


def of_save(entries: tuple[Entry, ...]) -> str:
    first, last = entries[0].sequence, entries[-1].sequence
    numbers = f"{first}" if first == last else f"{first}–{last}"
    return f"保存流水 {numbers} · save journal {numbers}"


def of_delivery(message: Message, channel: Channel) -> str:
    zh, en = label(message.kind, ZH), label(message.kind, EN)
    return f"{zh} → {label(channel, ZH)} · {en} by {label(channel, EN)}"


def of_collecting(message: Message) -> str:
    zh, en = label(message.kind, ZH), label(message.kind, EN)
    return f"汇总{zh} · gather {en}"


def of_digest(due: datetime) -> str:
    return f"汇总于 {due:%m-%d %H:%M:%S} UTC 发出 · gathered until {due:%m-%d %H:%M:%S} UTC"


def of_case(case: Case) -> str:
    """The state of the case in Markdown: its stage and its open promises."""
    lines = [f"**{label(case.stage, ZH)} · {label(case.stage, EN)}**", ""]
    for promise in case.open_promises():
        due = _clock_time(case, promise.due) if promise.due else "挂起 on hold"
        lines.append(f"- {label(promise.kind, ZH)} · {label(promise.kind, EN)}: {due}")
    for promise in case.broken():
        lines.append(f"- ✗ {label(promise.kind, ZH)} · {label(promise.kind, EN)}")
    return "\n".join(lines)


def _clock_time(case: Case, at: datetime) -> str:
    local = at.astimezone(ZoneInfo(case.policy.timezone))
    return f"{local:%H:%M:%S}" if case.policy.minute_seconds < 60 else f"{local:%m-%d %H:%M}"
