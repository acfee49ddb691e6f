"""Made-up facts for every kind of message: all of them, and no more than there must be."""

from typing import Any

from complaints.messages import Message, Recipient
from complaints.parties import Route
from complaints.vocabulary import Channel, Language, MessageKind

REFERENCE = "C-20261121-7F3K9QX2M4"
AT = "2026-11-21T08:30:00Z"
LATER = "2026-11-21T12:30:00Z"
LOGISTICS = {"zh": "物流部", "en": "Logistics"}
QUALITY = {"zh": "产品质量", "en": "product quality"}
AGENT = {"name": "李敏", "phone": "+86 10 5555 0101", "email": "li.min@example.com"}
NAMED_ONLY = {"name": "李敏", "phone": None, "email": None}
REMEDIES = [
    {"kind": "refund", "detail": "全额退还货款 1,299 元\n三个工作日内到账"},
    {"kind": "apology", "detail": "由门店经理致电道歉"},
]
PORTAL = {"portal_generation": 1}

FULL: dict[MessageKind, dict[str, Any]] = {
    MessageKind.ACKNOWLEDGEMENT: {"contact_due": AT, **PORTAL},
    MessageKind.SUGGESTION_THANKS: {**PORTAL},
    MessageKind.FIRST_CONTACT_SCRIPT: {
        "customer": "王芳",
        "contacts": [
            {"channel": "phone", "address": "+86 138 0000 0000"},
            {"channel": "email", "address": "wang.fang@example.com"},
        ],
        "preferred_channel": "phone",
        "subject": "电水壶漏水",
        "detail": "用了两天就开始漏水。\n客服电话一直打不通。",
        "level": 2,
        "category": QUALITY,
        "category_code": "product_quality",
        "due": AT,
        "reasons": [{"zh": "提到监管部门", "en": "Mentions a regulator"}, QUALITY],
    },
    MessageKind.QUESTION: {"question": "请问您的订单号是多少？\n方便发一张照片吗？", **PORTAL},
    MessageKind.PROGRESS: {
        "stage": "investigating",
        "note": "仓库正在核对批次。",
        "departments": [LOGISTICS, QUALITY],
        "next_update_due": AT,
        "solution_due": LATER,
        **PORTAL,
    },
    MessageKind.EXTENSION_NOTICE: {"message": "检测机构需要多几个小时。", "due": LATER, **PORTAL},
    MessageKind.PROMISE_MOVED: {
        "why": "policy_changed",
        "promises": [
            {"promise": "resolution", "before": AT, "after": LATER},
            {"promise": "progress_update", "before": AT, "after": None},
        ],
        **PORTAL,
    },
    MessageKind.SOLUTION: {
        "round": 2,
        "remedies": REMEDIES,
        "measure": "退款到账，客户签收新壶",
        "owner": "售后部",
        "relevance": "漏水属于质量问题，应当退款并道歉",
        "complete_by": LATER,
        "return_procedure": "快递上门取件，运费我们承担",
        "compensation": "50 元优惠券",
        "improvement": "更换该批次的密封圈",
        **PORTAL,
    },
    MessageKind.SOLUTION_FOLLOW_UP: {"round": 2, "remedies": REMEDIES, "agent": AGENT, **PORTAL},
    MessageKind.LAST_NOTICE: {"round": 2, "remedies": REMEDIES, "agent": AGENT, "until": LATER, **PORTAL},
    MessageKind.SILENT_ACCEPTANCE: {"round": 2, "remedies": REMEDIES, "agent": AGENT, "complete_by": LATER, **PORTAL},
    MessageKind.CONFIRMATION_LETTER: {
        "remedies": REMEDIES,
        "measure": "退款已到账",
        "agent": AGENT,
        "resolved_at": AT,
        **PORTAL,
    },
    MessageKind.SURVEY_INVITATION: {
        "questions": [
            {"zh": "您对结果满意吗？为什么？", "en": "Are you satisfied with the result, and why?"},
            {"zh": "我们还能改进什么？", "en": "What could we do better?"},
        ],
        "callback_due": LATER,
        "agent": AGENT,
        **PORTAL,
    },
    MessageKind.WITHDRAWAL_CONFIRMATION: {"agent": AGENT, **PORTAL},
    MessageKind.MERGE_NOTICE: {"into": "C-20261120-0000000001", **PORTAL},
    MessageKind.TASK_ASSIGNMENT: {
        "task": "T-7F3K9QX2M4-1",
        "what": "请核对该批次的出库记录。\n如有破损请拍照。",
        "category": QUALITY,
        "level": 1,
        "feedback_due": AT,
        "completion_due": LATER,
        "why": "reopened",
        "reason": "还是想换货",
        "former": LOGISTICS,
        "compensates": "T-7F3K9QX2M4-2",
        "outcome": "已安排退款",
    },
    MessageKind.TASK_CANCELLATION: {
        "task": "T-7F3K9QX2M4-1",
        "what": "请核对该批次的出库记录。\n如有破损请拍照。",
        "why": "handed_on",
        "reason": "由质检负责",
        "passed_on": {"zh": "<质检部 & 实验室>", "en": "<Quality & lab>"},
    },
    MessageKind.REMINDER: {
        "promise": "task_feedback",
        "due": AT,
        "fraction": 0.8,
        "task": "T-7F3K9QX2M4-1",
        "stage": "investigating",
        "hold_over": "awaiting_customer",
        "answer": "订单号在短信里。\n照片稍后发来。",
        "answered_on": "email",
        "remedies": REMEDIES,
        "complete_by": LATER,
        "said": "想换货，\n不要退款",
    },
    MessageKind.ESCALATION_ALERT: {
        "escalation": "E-7F3K9QX2M4-1",
        "level": 1,
        "title": {"zh": "班组长", "en": "Team lead"},
        "cause": "promise_broken",
        "promise": "first_contact",
        "due": AT,
        "task": "T-7F3K9QX2M4-1",
        "reason": "承诺未按时兑现",
        "ack_due": LATER,
        "origin": None,
        "said_first": "客户很着急",
        "undelivered": None,
        "department": {"zh": "<物流部 & 仓储>", "en": "<Logistics & stores>"},
        "what": "请核对该批次的出库记录。",
        "subject": "电水壶漏水",
        "urgency": 2,
        "category": QUALITY,
        "reasons": [{"zh": "提到监管部门", "en": "Mentions a regulator"}],
        "goes_on": True,
    },
    MessageKind.ESCALATION_SETTLED: {
        "escalation": "E-7F3K9QX2M4-1",
        "taken_over_by": AGENT,
        "stepped_down_to": 1,
        "reason": "由组长继续跟进",
    },
    MessageKind.RED_ALERT: {
        "escalation": "E-7F3K9QX2M4-1",
        "level": 2,
        "title": {"zh": "值班经理", "en": "Duty manager"},
        "category": QUALITY,
        "subject": "电水壶漏电",
        "ack_due": LATER,
        "reasons": [{"zh": "提到监管部门", "en": "Mentions a regulator"}],
    },
}

FULL[MessageKind.DIGEST] = {
    "items": [
        {"reference": "C-20261121-0000000002", "kind": "reminder", "facts": FULL[MessageKind.REMINDER]},
        {"reference": REFERENCE, "kind": "escalation_alert", "facts": FULL[MessageKind.ESCALATION_ALERT]},
    ]
}

_SPARSE: dict[MessageKind, dict[str, Any]] = {
    MessageKind.ACKNOWLEDGEMENT: {"contact_due": None},
    MessageKind.FIRST_CONTACT_SCRIPT: {"contacts": [], "preferred_channel": None, "due": None, "reasons": []},
    MessageKind.PROGRESS: {
        "note": None,
        "departments": [],
        "next_update_due": None,
        "solution_due": None,
    },
    MessageKind.EXTENSION_NOTICE: {"due": None},
    MessageKind.PROMISE_MOVED: {
        "why": "reclassified",
        "promises": [{"promise": "first_contact", "before": None, "after": LATER}],
    },
    MessageKind.SOLUTION: {"round": 1, "return_procedure": None, "compensation": None, "improvement": None},
    MessageKind.CONFIRMATION_LETTER: {"agent": NAMED_ONLY},
    MessageKind.SURVEY_INVITATION: {"agent": NAMED_ONLY, "callback_due": None, "portal_generation": None},
    MessageKind.WITHDRAWAL_CONFIRMATION: {"agent": NAMED_ONLY},
    MessageKind.SOLUTION_FOLLOW_UP: {"round": 1, "agent": NAMED_ONLY},
    MessageKind.LAST_NOTICE: {"round": 1, "agent": NAMED_ONLY},
    MessageKind.SILENT_ACCEPTANCE: {"round": 1, "agent": NAMED_ONLY, "complete_by": None},
    MessageKind.TASK_ASSIGNMENT: {
        "feedback_due": None,
        "completion_due": None,
        "why": None,
        "reason": None,
        "former": None,
        "compensates": None,
        "outcome": None,
    },
    MessageKind.TASK_CANCELLATION: {"why": "moonlight", "reason": None, "passed_on": None},
    MessageKind.REMINDER: {
        "task": None,
        "due": None,
        "hold_over": None,
        "answer": None,
        "answered_on": None,
        "remedies": [],
        "complete_by": None,
        "said": None,
    },
    MessageKind.ESCALATION_ALERT: {
        "cause": "stepped_down",
        "promise": None,
        "due": None,
        "task": None,
        "ack_due": None,
        "origin": "task_declined",
        "what": None,
        "reasons": [],
        "goes_on": False,
    },
    MessageKind.ESCALATION_SETTLED: {"taken_over_by": None, "stepped_down_to": None, "reason": None},
    MessageKind.DIGEST: {
        "items": [
            {
                "reference": REFERENCE,
                "kind": "reminder",
                "facts": {**FULL[MessageKind.REMINDER], "task": None, "due": None},
            }
        ]
    },
    MessageKind.RED_ALERT: {"ack_due": None, "reasons": []},
}
SPARSE: dict[MessageKind, dict[str, Any]] = {kind: {**facts, **_SPARSE.get(kind, {})} for kind, facts in FULL.items()}


def message(
    kind: MessageKind = MessageKind.PROGRESS,
    language: Language = Language.CHINESE,
    facts: dict[str, Any] | None = None,
    *,
    id: str | None = None,
    name: str = "王芳",
    timezone: str = "Asia/Shanghai",
) -> Message:
    """A message of the kind, with all its facts unless others are given."""
    return Message(
        reference=REFERENCE,
        id=id or f"{kind}-1",
        kind=kind,
        to=Recipient(name=name, language=language, routes=(route(),)),
        timezone=timezone,
        facts=FULL[kind] if facts is None else facts,
    )


def route(address: str = "wang.fang@example.com", channel: Channel = Channel.EMAIL) -> Route:
    return Route(channel=channel, address=address)
