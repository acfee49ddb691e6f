"""Everything that the interface says no with: each problem by its stable name, in both languages.

The domain's refusals are problems too, under their own names.
"""

from dataclasses import dataclass
from http import HTTPStatus

from complaints.parties import Bilingual
from complaints.refusals import REFUSALS, Ground

STATUS_OF: dict[Ground, HTTPStatus] = {
    Ground.UNKNOWN: HTTPStatus.NOT_FOUND,
    Ground.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Ground.CONFLICT: HTTPStatus.CONFLICT,
    Ground.INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
}


@dataclass(frozen=True)
class ProblemKind:
    """One kind of problem: its HTTP status and what it says."""

    status: HTTPStatus
    detail: Bilingual


TITLES: dict[HTTPStatus, Bilingual] = {
    HTTPStatus.BAD_REQUEST: Bilingual(zh="请求无法理解", en="The request cannot be understood"),
    HTTPStatus.UNAUTHORIZED: Bilingual(zh="需要有效的密钥", en="A valid key is needed"),
    HTTPStatus.FORBIDDEN: Bilingual(zh="没有权限", en="Not allowed"),
    HTTPStatus.NOT_FOUND: Bilingual(zh="不存在", en="Not found"),
    HTTPStatus.METHOD_NOT_ALLOWED: Bilingual(zh="不支持该方法", en="Method not allowed"),
    HTTPStatus.CONFLICT: Bilingual(zh="与投诉当前状态冲突", en="In conflict with the state of the case"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Bilingual(zh="请求过大", en="The request is too large"),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: Bilingual(zh="不支持的内容类型", en="Unsupported content type"),
    HTTPStatus.UNPROCESSABLE_ENTITY: Bilingual(zh="内容有误", en="The content is not acceptable"),
    HTTPStatus.INTERNAL_SERVER_ERROR: Bilingual(zh="内部错误", en="Internal error"),
    HTTPStatus.SERVICE_UNAVAILABLE: Bilingual(zh="暂时不可用", en="Unavailable for now"),
}
"""What a problem is called, by its status."""


def _kind(status: HTTPStatus, zh: str, en: str) -> ProblemKind:
    return ProblemKind(status, Bilingual(zh=zh, en=en))


OWN_KINDS: dict[str, ProblemKind] = {
    "unauthenticated": _kind(
        HTTPStatus.UNAUTHORIZED,
        "请在 Authorization 头中提供有效的密钥：Bearer 加密钥。",
        "Give a valid key in the Authorization header: Bearer and the key.",
    ),
    "not_permitted": _kind(HTTPStatus.FORBIDDEN, "您的角色不能使用该功能。", "Your role may not use this function."),
    "path_unknown": _kind(HTTPStatus.NOT_FOUND, "没有这个地址。", "There is nothing at this address."),
    "letter_unknown": _kind(HTTPStatus.NOT_FOUND, "发件箱中没有这封信。", "There is no such letter."),
    "link_unknown": _kind(
        HTTPStatus.NOT_FOUND,
        "该链接无效或已过期。请使用最近一条消息中的链接，或与我们联系。",
        "This link is not valid or no longer so. Use the one in the latest message, or contact us.",
    ),
    "history_gone": _kind(
        HTTPStatus.NOT_FOUND,
        "该投诉的执行历史已超过保留期。",
        "The history of this case has passed its retention.",
    ),
    "problem_unknown": _kind(HTTPStatus.NOT_FOUND, "没有这种问题。", "There is no such problem."),
    "method_not_allowed": _kind(
        HTTPStatus.METHOD_NOT_ALLOWED, "该地址不支持此方法。", "This address does not take this method."
    ),
    "body_too_large": _kind(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "请求内容超过 256 KiB。",
        "The body is larger than 256 KiB.",
    ),
    "unsupported_content": _kind(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "请以 application/json 发送内容。",
        "Send the body as application/json.",
    ),
    "malformed_json": _kind(
        HTTPStatus.BAD_REQUEST, "请求内容不是有效的 UTF-8 JSON。", "The body is not valid JSON in UTF-8."
    ),
    "duplicate_member": _kind(
        HTTPStatus.BAD_REQUEST, "JSON 对象中有重复的字段。", "A JSON object names a member twice."
    ),
    "not_a_json_number": _kind(
        HTTPStatus.BAD_REQUEST,
        "JSON 中不允许 NaN 或 Infinity，数字也不得超过 4300 位。",
        "JSON knows no NaN and no Infinity, and a number has 4300 digits at the most.",
    ),
    "too_deep": _kind(HTTPStatus.BAD_REQUEST, "JSON 嵌套超过 32 层。", "The JSON is nested more than 32 levels deep."),
    "forbidden_characters": _kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "文字中含有不允许的字符（NUL 或不成对的代理字符）。",
        "A text holds a character that is not allowed (NUL or a lone surrogate).",
    ),
    "bad_idempotency_key": _kind(
        HTTPStatus.BAD_REQUEST,
        "Idempotency-Key 必须是 1 到 255 个可见的 ASCII 字符。",
        "An Idempotency-Key has 1 to 255 visible ASCII characters.",
    ),
    "malformed_request": _kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "请求中有缺少、多余或不正确的内容，位置见 errors。",
        "Something in the request is missing, unknown or wrong; errors says where.",
    ),
    "master_unknown": _kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "没有可并入的这个投诉，请核对其编号。",
        "There is no such complaint to merge into; check its reference.",
    ),
    "master_over": _kind(
        HTTPStatus.CONFLICT,
        "要并入的投诉已经结束，请选择仍在处理的投诉。",
        "The complaint to merge into is finished; choose one that goes on.",
    ),
    "policy_version_unknown": _kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "没有发布过这个版本的时限规则；已发布的版本见 /v1/policies。",
        "No such version of the policy was published; /v1/policies lists those that were.",
    ),
    "outlook_of_whom": _kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "时限规则中没有这个部门或团队。",
        "The policy has no such department or team.",
    ),
    "bad_cursor": _kind(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "翻页游标无效，请从第一页重新开始。",
        "The cursor is not valid; start again from the first page.",
    ),
    "engine_away": _kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "暂时无法连接处理引擎，结果未知。请用相同的 Idempotency-Key 重试。",
        "The engine cannot be reached; the outcome is unknown. Repeat with the same Idempotency-Key.",
    ),
    "records_unavailable": _kind(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "暂时无法读取记录，请稍后重试。",
        "The records cannot be read for now; try again soon.",
    ),
    "not_ready": _kind(HTTPStatus.SERVICE_UNAVAILABLE, "服务尚未就绪。", "The service is not ready."),
    "internal_error": _kind(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "内部出错，我们已记录。请用相同的 Idempotency-Key 重试。",
        "Something went wrong on our side and was logged. Repeat with the same Idempotency-Key.",
    ),
    "http_error": _kind(HTTPStatus.BAD_REQUEST, "请求无法处理。", "The request cannot be handled."),
}
"""The problems of the interface itself."""

KINDS: dict[str, ProblemKind] = OWN_KINDS | {
    name: ProblemKind(STATUS_OF[ground], text) for name, (ground, text) in REFUSALS.items()
}
"""Every problem by its name. The text of a refusal may have places that its occasion fills in."""
