"""What the terms of the vocabulary are called in front of people, in both languages. Pure data."""

from collections.abc import Mapping
from enum import Enum

from complaints.parties import Bilingual
from complaints.vocabulary import (
    BreachCause,
    Category,
    Channel,
    EscalationCause,
    EscalationLevel,
    HoldReason,
    Language,
    Level,
    MessageKind,
    PromiseKind,
    PromiseState,
    RemedyKind,
    Role,
    Stage,
    TaskState,
)


def label(term: Enum, language: Language) -> str:
    """What a term is called in a language, e.g. `label(Stage.AGREED, Language.CHINESE)` is 已达成一致.

    Raises KeyError for a term that is not of the vocabulary.
    """
    return LABELS[type(term)][term].in_(language)


def _called(zh: str, en: str) -> Bilingual:
    return Bilingual(zh=zh, en=en)


# By type first: terms of different sets may be equal as strings or numbers (`other`, `suggestion`, 1).
LABELS: Mapping[type[Enum], Mapping[Enum, Bilingual]] = {
    Stage: {
        Stage.RECEIVED: _called("已受理", "received"),
        Stage.CONTACTED: _called("已联系客户", "customer contacted"),
        Stage.INVESTIGATING: _called("调查处理中", "under investigation"),
        Stage.PROPOSED: _called("方案待确认", "solution proposed"),
        Stage.AGREED: _called("已达成一致", "solution agreed"),
        Stage.REMEDYING: _called("方案执行中", "solution being carried out"),
        Stage.RESOLVED: _called("已解决", "resolved"),
        Stage.CLOSED: _called("已结案", "closed"),
        Stage.WITHDRAWN: _called("已撤诉", "withdrawn"),
        Stage.MERGED: _called("已并案", "merged into another case"),
        Stage.SUGGESTION: _called("已作为建议收录", "noted as a suggestion"),
    },
    Level: {
        Level.URGENT: _called("一级（紧急）", "urgent (level 1)"),
        Level.GENERAL: _called("二级（一般）", "general (level 2)"),
        Level.SUGGESTION: _called("三级（建议）", "suggestion (level 3)"),
    },
    Category: {
        Category.PRODUCT_QUALITY: _called("产品质量", "product quality"),
        Category.SERVICE_ATTITUDE: _called("服务态度", "service attitude"),
        Category.LOGISTICS: _called("物流配送", "delivery and logistics"),
        Category.PRICE: _called("价格", "price"),
        Category.BILLING: _called("账单与扣费", "billing"),
        Category.ACCOUNT_SECURITY: _called("账户安全", "account security"),
        Category.PROCESS: _called("办理流程", "process"),
        Category.OTHER: _called("其他", "other"),
    },
    Channel: {
        Channel.PHONE: _called("电话", "phone"),
        Channel.WEB: _called("网页表单", "web form"),
        Channel.APP: _called("应用内", "in-app"),
        Channel.EMAIL: _called("电子邮件", "e-mail"),
        Channel.SMS: _called("短信", "SMS"),
        Channel.SOCIAL: _called("社交媒体", "social media"),
        Channel.WALK_IN: _called("到店", "walk-in"),
        Channel.PARTNER: _called("合作方接口", "partner API"),
    },
    Language: {
        Language.CHINESE: _called("中文", "Chinese"),
        Language.ENGLISH: _called("英文", "English"),
    },
    PromiseKind: {
        PromiseKind.FIRST_CONTACT: _called("首次联系", "first contact"),
        PromiseKind.PROGRESS_UPDATE: _called("进展通报", "progress update"),
        PromiseKind.RESOLUTION: _called("解决方案", "solution"),
        PromiseKind.TASK_FEEDBACK: _called("协作任务反馈", "task feedback"),
        PromiseKind.TASK_COMPLETION: _called("协作任务完成", "task completion"),
        PromiseKind.CONFIRMATION_LETTER: _called("确认函", "confirmation letter"),
        PromiseKind.CALLBACK: _called("回访", "callback"),
        PromiseKind.ESCALATION_ACK: _called("升级签收", "acknowledgement of an escalation"),
    },
    PromiseState: {
        PromiseState.OPEN: _called("计时中", "open"),
        PromiseState.KEPT: _called("已兑现", "kept"),
        PromiseState.BROKEN: _called("已失约", "broken"),
        PromiseState.WAIVED: _called("已豁免", "waived"),
    },
    BreachCause: {
        BreachCause.OVERDUE: _called("超过时限", "overdue"),
        BreachCause.UNDELIVERABLE: _called("消息无法送达", "message undeliverable"),
    },
    HoldReason: {
        HoldReason.CUSTOMER_CONSIDERING: _called("客户考虑方案中", "customer considering the solution"),
        HoldReason.AWAITING_CUSTOMER: _called("等待客户答复", "awaiting the customer's answer"),
        HoldReason.AWAITING_THIRD_PARTY: _called("等待第三方", "awaiting a third party"),
        HoldReason.FORCE_MAJEURE: _called("不可抗力", "force majeure"),
    },
    TaskState: {
        TaskState.OPEN: _called("办理中", "open"),
        TaskState.COMPLETED: _called("已完成", "completed"),
        TaskState.DECLINED: _called("已退回", "declined"),
        TaskState.CANCELLED: _called("已取消", "cancelled"),
    },
    RemedyKind: {
        RemedyKind.REFUND: _called("退款", "refund"),
        RemedyKind.EXCHANGE: _called("换货", "exchange"),
        RemedyKind.REPAIR: _called("维修", "repair"),
        RemedyKind.COMPENSATION: _called("补偿", "compensation"),
        RemedyKind.APOLOGY: _called("致歉", "apology"),
        RemedyKind.PROCESS_CHANGE: _called("流程改进", "process change"),
    },
    EscalationLevel: {
        EscalationLevel.TASK_SUPERVISOR: _called("部门主管", "department supervisor"),
        EscalationLevel.TEAM_LEAD: _called("一级（班组长）", "level 1 (team lead)"),
        EscalationLevel.DUTY_MANAGER: _called("二级（值班经理）", "level 2 (duty manager)"),
        EscalationLevel.DIRECTOR: _called("三级（总监）", "level 3 (director)"),
    },
    EscalationCause: {
        EscalationCause.PROMISE_BROKEN: _called("承诺未按时兑现", "a promise was broken"),
        EscalationCause.NOT_ACKNOWLEDGED: _called("上一级未按时签收", "the level before did not acknowledge in time"),
        EscalationCause.TASK_DECLINED: _called("部门退回了协作任务", "a department declined its task"),
        EscalationCause.RAISED_BY_HAND: _called("人工升级", "raised by a person"),
        EscalationCause.RED_ALERT: _called("一级紧急投诉", "an urgent complaint"),
        EscalationCause.UNDELIVERED: _called("消息无法送达", "a message could not be delivered"),
        EscalationCause.DUE_SOON: _called("承诺即将到期", "a promise will be due soon"),
        EscalationCause.STILL_OUTSTANDING: _called("逾期后仍未完成", "still not done after its due time"),
        EscalationCause.STEPPED_DOWN: _called("由上级退回", "stepped down from a higher level"),
        EscalationCause.NOBODY_THERE: _called("上一级无人在岗", "nobody was there on the level before"),
    },
    Role: {
        Role.CHANNEL: _called("渠道", "channel"),
        Role.AGENT: _called("客服", "agent"),
        Role.DEPARTMENT: _called("部门", "department"),
        Role.SUPERVISOR: _called("主管", "supervisor"),
        Role.AUDITOR: _called("审计", "auditor"),
        Role.ADMINISTRATOR: _called("管理员", "administrator"),
        Role.CUSTOMER: _called("客户", "customer"),
        Role.SYSTEM: _called("系统", "system"),
    },
    MessageKind: {
        MessageKind.ACKNOWLEDGEMENT: _called("受理通知", "acknowledgement"),
        MessageKind.SUGGESTION_THANKS: _called("建议致谢", "thanks for a suggestion"),
        MessageKind.FIRST_CONTACT_SCRIPT: _called("首次联系话术", "first-contact script"),
        MessageKind.QUESTION: _called("向客户提问", "question to the customer"),
        MessageKind.PROGRESS: _called("进展通报", "progress update"),
        MessageKind.EXTENSION_NOTICE: _called("延期告知", "extension notice"),
        MessageKind.SOLUTION: _called("解决方案", "solution"),
        MessageKind.SOLUTION_FOLLOW_UP: _called("方案跟进", "follow-up on a solution"),
        MessageKind.LAST_NOTICE: _called("最后通知", "last notice"),
        MessageKind.SILENT_ACCEPTANCE: _called("默认接受告知", "acceptance by silence"),
        MessageKind.PROMISE_MOVED: _called("时限变更告知", "changed due time"),
        MessageKind.CONFIRMATION_LETTER: _called("确认函", "confirmation letter"),
        MessageKind.SURVEY_INVITATION: _called("回访邀请", "survey invitation"),
        MessageKind.WITHDRAWAL_CONFIRMATION: _called("撤诉确认", "withdrawal confirmation"),
        MessageKind.MERGE_NOTICE: _called("并案告知", "merge notice"),
        MessageKind.TASK_ASSIGNMENT: _called("任务派发", "task assignment"),
        MessageKind.TASK_CANCELLATION: _called("任务取消", "task cancellation"),
        MessageKind.REMINDER: _called("到期提醒", "reminder"),
        MessageKind.DIGEST: _called("提醒汇总", "digest"),
        MessageKind.ESCALATION_ALERT: _called("升级告警", "escalation alert"),
        MessageKind.ESCALATION_SETTLED: _called("升级已由他人负责", "escalation in other hands"),
        MessageKind.RED_ALERT: _called("红色预警", "red alert"),
    },
}
