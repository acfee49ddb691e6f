"""Refusals: why a command cannot be done, by a stable name and in both languages."""

from enum import Enum, StrEnum

from complaints.labels import LABELS, label
from complaints.parties import Bilingual
from complaints.vocabulary import Language


class Ground(StrEnum):
    """What kind of no it is: the caller may not know the thing, may not do it, asks in conflict, or asks wrongly."""

    UNKNOWN = "unknown"
    FORBIDDEN = "forbidden"
    CONFLICT = "conflict"
    INVALID = "invalid"


class Refusal(Exception):
    """A command that the case's state or the policy does not allow. Nothing changed.

    `name` is stable and documented; `detail` says what to do instead, with terms of the vocabulary by their labels.
    """

    def __init__(self, name: str, **values: object) -> None:
        ground, text = REFUSALS[name]
        self.name = name
        self.ground = ground
        zh, en = (
            {key: _in_words(value, language) for key, value in values.items()}
            for language in (Language.CHINESE, Language.ENGLISH)
        )
        self.detail = Bilingual(zh=text.zh.format(**zh), en=text.en.format(**en))
        super().__init__(f"{name}: {self.detail.en}")


def _in_words(value: object, language: Language) -> str:
    return label(value, language) if isinstance(value, Enum) and type(value) in LABELS else str(value)


def _because(ground: Ground, zh: str, en: str) -> tuple[Ground, Bilingual]:
    return ground, Bilingual(zh=zh, en=en)


REFUSALS: dict[str, tuple[Ground, Bilingual]] = {
    "stage_forbids": _because(
        Ground.CONFLICT,
        "投诉当前处于“{stage}”阶段，不能执行该操作。",
        "The case is in the stage “{stage}”, which does not allow this.",
    ),
    "case_finished": _because(
        Ground.CONFLICT,
        "该投诉已经结束，不能再执行任何操作。",
        "The case is finished; nothing more can be asked of it.",
    ),
    "not_contacted": _because(
        Ground.CONFLICT,
        "尚未联系到客户，请先通过客户首选渠道联系。",
        "The customer has not been reached yet; reach them on their preferred channel first.",
    ),
    "extension_too_late": _because(
        Ground.CONFLICT,
        "解决时限已到，不能再延期。",
        "The resolution is already due; an extension must be granted before.",
    ),
    "already_extended": _because(
        Ground.CONFLICT,
        "解决时限已按复杂投诉计算，不能再次延期。",
        "The resolution already has the time of a complex case.",
    ),
    "not_extendable": _because(
        Ground.CONFLICT,
        "本轮的解决时限不能延期。",
        "The resolution of this round cannot be extended.",
    ),
    "extension_not_allowed": _because(
        Ground.FORBIDDEN,
        "按时限规则，您无权批准延期。",
        "The policy does not let you grant an extension.",
    ),
    "solution_incomplete": _because(
        Ground.INVALID,
        "产品质量投诉的解决方案还缺少：{missing}。",
        "The solution to a product-quality complaint lacks: {missing}.",
    ),
    "solution_in_the_past": _because(
        Ground.INVALID,
        "解决方案的完成时间必须在将来。",
        "The solution's date of completion must lie ahead.",
    ),
    "unknown_category": _because(
        Ground.INVALID,
        "时限规则中没有这个投诉类型。",
        "The policy has no such category.",
    ),
    "unknown_tier": _because(
        Ground.INVALID,
        "时限规则中没有这个客户等级。",
        "The policy has no such tier of customers.",
    ),
    "answer_too_early": _because(
        Ground.INVALID,
        "答复的到达时间不能早于第一次提问的时间（没有提过问题时，不能早于受理时间）。",
        "The answer cannot have arrived before the first question was asked, or before the complaint was filed.",
    ),
    "answer_in_the_future": _because(
        Ground.INVALID,
        "答复的到达时间不能晚于现在。",
        "The answer cannot arrive later than now.",
    ),
    "unknown_department": _because(
        Ground.INVALID,
        "时限规则中没有这个部门。",
        "The policy has no such department.",
    ),
    "hold_not_allowed": _because(
        Ground.INVALID,
        "按时限规则，该原因不能挂起这些承诺。",
        "The policy does not let this reason hold these promises.",
    ),
    "question_needed": _because(
        Ground.INVALID,
        "等待客户时必须写明向客户提出的问题。",
        "A hold that waits for the customer needs the question put to them.",
    ),
    "already_held": _because(
        Ground.CONFLICT,
        "已有同一原因的挂起尚未结束。",
        "A hold with this reason is already open.",
    ),
    "hold_unknown": _because(Ground.UNKNOWN, "没有这个挂起。", "There is no such hold."),
    "hold_over": _because(Ground.CONFLICT, "该挂起已经结束。", "This hold is already over."),
    "task_unknown": _because(Ground.UNKNOWN, "没有这个任务。", "There is no such task."),
    "task_over": _because(Ground.CONFLICT, "该任务已经结束。", "This task is already over."),
    "named_task_unknown": _because(
        Ground.INVALID,
        "该投诉没有所列的任务。",
        "The case has no task of that id.",
    ),
    "task_not_completed": _because(
        Ground.CONFLICT,
        "该任务尚未完成，不能要求重办或补救。",
        "This task is not completed, so there is nothing to do again or to make good.",
    ),
    "task_named_twice": _because(
        Ground.INVALID,
        "同一个任务不能既重办又补救，也不能重复列出。",
        "A task is either done again or made good, and named once.",
    ),
    "compensation_open": _because(
        Ground.CONFLICT,
        "弥补任务 {task} 尚未完成；请先由部门完成或退回，再记录方案已执行。",
        "The task {task}, which makes good what was done, is still open; it must be completed or declined first.",
    ),
    "same_department": _because(
        Ground.INVALID,
        "该任务已经在这个部门。",
        "This department has the task already.",
    ),
    "feedback_given": _because(
        Ground.CONFLICT, "该任务已有首次反馈。", "The first opinion on this task has already been given."
    ),
    "escalation_unknown": _because(Ground.UNKNOWN, "没有这个升级。", "There is no such escalation."),
    "already_acknowledged": _because(
        Ground.CONFLICT, "该升级已被确认。", "This escalation has already been acknowledged."
    ),
    "escalation_over": _because(
        Ground.CONFLICT, "该升级已经退回或失效。", "This escalation was stepped down, or is over with its case."
    ),
    "not_a_lower_level": _because(
        Ground.INVALID,
        "只能退回到更低的一级。",
        "An escalation can only be stepped down to a lower level.",
    ),
    "no_escalation_level": _because(
        Ground.INVALID,
        "时限规则中没有这一级升级。",
        "The policy's chain has no such level.",
    ),
    "callback_settled": _because(
        Ground.CONFLICT, "本轮回访已经完成。", "The callback of this round is already settled."
    ),
    "satisfaction_needed": _because(
        Ground.INVALID,
        "已联系到客户时，必须记录客户是否满意。",
        "A callback that reached the customer must say whether they are satisfied.",
    ),
    "nothing_to_change": _because(
        Ground.INVALID,
        "没有任何要更正的内容。",
        "The correction changes nothing.",
    ),
    "policy_unfit": _because(
        Ground.CONFLICT,
        "时限规则 {version} 不适用于该投诉，其中缺少：{missing}。",
        "The policy {version} does not fit this case; it lacks: {missing}.",
    ),
    "merge_into_itself": _because(Ground.INVALID, "投诉不能并入自身。", "A case cannot be merged into itself."),
    "merge_circle": _because(
        Ground.CONFLICT,
        "那件投诉已并入本投诉，两者不能互相并入。",
        "That complaint has been merged into this one; they cannot be merged into each other.",
    ),
    "key_reused": _because(
        Ground.INVALID,
        "同一个 Idempotency-Key 已用于另一个请求。",
        "This Idempotency-Key was already used for another request.",
    ),
    "reference_unknown": _because(Ground.UNKNOWN, "没有这个投诉。", "There is no such complaint."),
}
"""Every refusal by its name: its ground and its text, with the names of what is filled in."""
