"""The journal told to people: one sentence for each kind of event, in both languages."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter

from deploy.cli.language import Tongue
from deploy.cli.triaged import triage_words
from deploy.cli.words import cause_of, label_of, local, passed_over, reason_of, span

SENTENCES: dict[str, tuple[str, str]] = {
    "complaint_filed": ("客户通过{channel}投诉：{subject}", "The customer complained ({channel}): {subject}"),
    "complaint_triaged": (
        "分诊：{level}（{level_by}）、{category}（{category_by}）{because}",
        "Triaged: {level} ({level_by}), {category} ({category_by}){because}",
    ),
    "stage_entered": ("进入阶段：{stage}", "Now: {stage}"),
    "promise_made": ("承诺开始计时：{promise}，{budget}", "A promise began: {promise}, {budget}"),
    "promise_warned": (
        "承诺即将到期：{promise}（已用 {fraction}）",
        "Soon due: {promise} ({fraction} used)",
    ),
    "promise_kept": ("承诺已兑现：{promise}", "Promise kept: {promise}"),
    "promise_broken": ("承诺失约：{promise}（{cause}）", "Promise BROKEN: {promise} ({cause})"),
    "promise_met": ("失约后已补做：{promise}", "Done after all, late: {promise}"),
    "promise_waived": ("承诺已豁免：{promise}（{reason}）", "Promise waived: {promise} ({reason})"),
    "promise_answered": ("消息 {message} 送达后即兑现：{promise}", "Kept once {message} is delivered: {promise}"),
    "promise_rebudgeted": ("时限更正：{promise}，{budget}", "Time corrected: {promise}, {budget}"),
    "resolution_extended": (
        "解决时限延长至{budget}：{reason}",
        "The solution was given {budget} instead: {reason}",
    ),
    "hold_started": ("挂起 {hold}：{reason}", "Hold {hold} began: {reason}"),
    "hold_ended": ("挂起 {hold} 结束（{why}）{since}", "Hold {hold} ended ({why}){since}"),
    "customer_contacted": (
        "联系客户（{channel}）：{reached}{note}",
        "Customer contacted ({channel}): {reached}{note}",
    ),
    "agent_took_case": ("{agent} 接手", "{agent} took the case"),
    "update_interval_agreed": ("约定每 {minutes} 分钟通报一次", "Updates agreed every {minutes} minutes"),
    "customer_updated": ("向客户通报：{text}", "The customer was told: {text}"),
    "message_asked": ("发送消息 {message}：{message_kind}", "A message was asked for, {message}: {message_kind}"),
    "message_delivered": ("消息 {message} 已送达（{channel}）", "{message} was delivered ({channel})"),
    "message_failed": ("消息 {message} 无法送达", "{message} could not be delivered"),
    "solution_proposed": (
        "第 {round} 轮提出方案：{remedies}",
        "Solution proposed, round {round}: {remedies}",
    ),
    "customer_answered": (
        "客户答复（{channel}，{arrived_at}）：{text}",
        "The customer answered ({channel}, {arrived_at}): {text}",
    ),
    "solution_accepted": (
        "客户接受第 {round} 轮方案{by_silence}",
        "The customer accepted the solution of round {round}{by_silence}",
    ),
    "silent_acceptance_undone": (
        "客户在期限之前已有答复，第 {round} 轮的默认接受不再作数",
        "An answer had come in time: the acceptance of round {round} by silence counts no longer",
    ),
    "silence_followed_up": (
        "客户未答复第 {round} 轮方案，{last}（{message}）",
        "No answer to the solution of round {round}: {last} ({message})",
    ),
    "revision_requested": ("客户要求修改：{reason}", "The customer asked for a revision: {reason}"),
    "remedy_started": ("开始执行方案{note}", "The remedy began{note}"),
    "remedy_completed": ("方案执行完毕{note}", "The remedy is done{note}"),
    "callback_attempted": ("回访（{channel}）：{reached}{note}", "Callback ({channel}): {reached}{note}"),
    "callback_given_up": ("{attempts} 次回访未联系上，不再回访", "Callback given up after {attempts} attempts"),
    "survey_answered": ("客户回访答复：{satisfied}", "The customer answered: {satisfied}"),
    "case_reopened": ("重新处理，第 {round} 轮：{reason}", "Taken up again, round {round}: {reason}"),
    "case_withdrawn": ("撤诉：{reason}", "Withdrawn: {reason}"),
    "case_absorbed": ("投诉 {reference} 并入本投诉", "Complaint {reference} goes on in this one"),
    "case_merged": ("并入 {into}：{reason}", "Merged into {into}: {reason}"),
    "case_finished": ("案件终结", "The case is finished"),
    "case_reclassified": ("更正为 {level}、{category}{tier}：{reason}", "Now {level}, {category}{tier}: {reason}"),
    "evidence_added": ("补充材料 {evidence}：{description}", "Evidence {evidence}: {description}"),
    "task_assigned": (
        "派发任务 {task} 给 {department}{compensates}：{what}",
        "Task {task} for {department}{compensates}: {what}",
    ),
    "task_feedback_given": ("任务 {task} 反馈：{text}", "First opinion on {task}: {text}"),
    "task_completed": ("任务 {task} 完成：{outcome}", "{task} is done: {outcome}"),
    "task_declined": ("任务 {task} 被退回：{reason}", "{task} was declined: {reason}"),
    "task_handed_on": (
        "任务 {task} 转交 {department}：{reason}",
        "{task} was handed on to {department}: {reason}",
    ),
    "task_reopened": ("任务 {task} 需重新办理：{reason}", "{task} is to be done again: {reason}"),
    "task_cancelled": ("任务 {task} 取消（{reason}）", "{task} was cancelled ({reason})"),
    "escalation_raised": (
        "升级 {escalation} → {escalation_level}（{to}）：{escalation_cause}{passed_over}",
        "Escalation {escalation} → {escalation_level} ({to}): {escalation_cause}{passed_over}",
    ),
    "escalation_acknowledged": ("{escalation} 已签收", "{escalation} was acknowledged"),
    "escalation_joined": (
        "{promise}并入升级 {escalation}，不再重复告警",
        "{promise} joined escalation {escalation}: no second alert",
    ),
    "escalation_taken_over": ("{escalation} 由{person}接手", "{escalation} was taken over by {person}"),
    "escalation_dropped": ("{escalation} 不再需要处理：{reason}", "{escalation} is over: {reason}"),
    "escalation_stepped_down": (
        "{escalation} 退回{escalation_level}：{reason}",
        "{escalation} was stepped down to {escalation_level}: {reason}",
    ),
    "rung_reached": ("{promise}到达升级阶梯第 {rung} 级", "{promise} reached rung {rung} of its ladder"),
    "policy_migrated": ("改用时限规则 {policy}：{reason}", "Kept under {policy} from now on: {reason}"),
    "portal_revoked": ("客户链接已作废：{reason}", "The customer's links were revoked: {reason}"),
}
"""By the event's type. What stands in braces is the event's own, in words."""

WORDS = {
    True: {"reached": ("联系上", "reached"), "satisfied": ("满意", "satisfied")},
    False: {"reached": ("未联系上", "not reached"), "satisfied": ("不满意", "not satisfied")},
}
STYLES = {
    "promise_broken": "bold red",
    "escalation_raised": "red",
    "message_failed": "red",
    "promise_kept": "green",
    "stage_entered": "bold",
    "promise_answered": "dim",
    "message_asked": "dim",
    "message_delivered": "dim",
}
"""Bright where a reader looks first, dim where last."""

_TERMS = {"stage": "Stage", "channel": "Channel", "level": "Level", "category": "Category", "cause": "BreachCause"}
_DURATION = TypeAdapter(timedelta)


class Teller:
    """Tells the events of one case, in order; remembers which promise is which."""

    def __init__(self, language: Tongue) -> None:
        self._language = language
        self._promises: dict[str, str] = {}

    def tell(self, event: Mapping[str, Any]) -> str:
        """One event in one sentence; its bare name where the catalogue does not know it yet."""
        if event["type"] == "promise_made":
            self._promises[event["promise"]] = event["kind"]
        sentence = SENTENCES.get(event["type"])
        if sentence is None:
            return str(event["type"])
        return sentence[0 if self._language == "zh" else 1].format_map(self._in_words(event))

    def _in_words(self, event: Mapping[str, Any]) -> dict[str, str]:
        words = {name: self._word(name, value) for name, value in event.items()}
        words["note"] = f" · {event['note']}" if event.get("note") else ""
        if event["type"] == "policy_migrated":
            words["policy"] = f"{event['policy']['name']} {event['policy']['version']}"
        if event["type"] == "complaint_filed":
            words["channel"] = label_of("Channel", event["complaint"]["channel"], self._language)
            words["subject"] = event["complaint"]["subject"]
        elif event["type"] == "complaint_triaged":
            words |= triage_words(event["triage"], self._language)
        elif event["type"] == "hold_ended":
            words["since"] = f" · {local(event['ended_at'])}" if event.get("ended_at") else ""
        elif event["type"] == "customer_answered":
            words["arrived_at"] = local(event["arrived_at"])
        elif event["type"] in ("solution_accepted", "silence_followed_up", "task_assigned"):
            words |= self._of_rounds(event)
        elif event["type"] == "case_reclassified":
            words["tier"] = f" · {event['tier']}" if event.get("tier") else ""
        elif event["type"] == "hold_started":
            words["reason"] = label_of("HoldReason", event["reason"], self._language)
        elif event["type"] == "solution_proposed":
            remedies = event["solution"]["remedies"]
            words["remedies"] = "；".join(
                f"{label_of('RemedyKind', remedy['kind'], self._language)} {remedy['detail']}" for remedy in remedies
            )
        elif event["type"] == "escalation_raised":
            words["escalation_level"] = label_of("EscalationLevel", event["level"], self._language)
            words["escalation_cause"] = cause_of(event, self._language)
            words["passed_over"] = passed_over(event, self._language)
        elif event["type"] == "escalation_stepped_down":
            words["escalation_level"] = label_of("EscalationLevel", event["level"], self._language)
        elif event["type"] == "message_asked":
            words["message_kind"] = label_of("MessageKind", event["kind"], self._language)
        return words

    def _of_rounds(self, event: Mapping[str, Any]) -> dict[str, str]:
        silent = ("（未答复最后通知，视为接受）", " by saying nothing after the last notice")
        asked = ("发出最后通知", "last notice") if event.get("last") else ("再次询问", "asked again")
        makes_good = (f"（弥补 {event.get('compensates')}）", f" to make good {event.get('compensates')}")
        which = 0 if self._language == "zh" else 1
        return {
            "by_silence": silent[which] if event.get("by_silence") else "",
            "last": asked[which],
            "compensates": makes_good[which] if event.get("compensates") else "",
        }

    def _word(self, name: str, value: Any) -> str:
        if name == "promise" and value is not None:
            kind = self._promises.get(value) or str(value).rsplit("-", 1)[0]
            return label_of("PromiseKind", kind, self._language)
        if name == "budget":
            return span(_DURATION.validate_python(value), self._language)
        if name == "fraction":
            return f"{value:.0%}"
        if name in ("agent", "to", "person"):
            return str(value["name"])
        if name in ("reached", "satisfied"):
            return WORDS[bool(value)][name][0 if self._language == "zh" else 1]
        if name in ("reason", "why"):
            return reason_of(str(value), self._language)
        return label_of(_TERMS[name], value, self._language) if name in _TERMS else str(value)
