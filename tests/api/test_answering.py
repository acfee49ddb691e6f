"""What customers answer to a question, over HTTP: recorded by agents and channels, or written on their page."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.api.stack import Stack, eventually


def asked(stack: Stack, **changes: Any) -> tuple[str, Any]:
    """A case whose customer was asked something, and what its filing answered."""
    filed = stack.file(**changes)
    reference = filed["reference"]
    stack.do("agent", f"/v1/complaints/{reference}/contacts", {"channel": "phone", "reached": True})
    question = {"reason": "awaiting_customer", "question": "请问您的订单号是？"}
    receipt = stack.do("agent", f"/v1/complaints/{reference}/holds", question)
    stack.case(reference, receipt["version"])
    return reference, filed


def due(case: Any, kind: str = "resolution") -> Any:
    return next(promise["due"] for promise in case["promises"] if promise["kind"] == kind)


@pytest.mark.parametrize("role", ["agent", "channel"])
def test_an_answer_ends_the_hold_at_the_moment_it_arrived(stack: Stack, role: str) -> None:
    reference, _ = asked(stack)
    held = stack.case(reference)
    assert due(held) is None
    arrived = held["holds"][0]["started_at"]
    said = {"text": "A-100", "channel": "email", "arrived_at": arrived}
    receipt = stack.do(role, f"/v1/complaints/{reference}/answers", said)
    case = stack.case(reference, receipt["version"])
    assert case["holds"][0]["ended_at"] == arrived
    assert case["replies"] == [{"at": arrived, "text": "A-100", "channel": "email"}]
    assert datetime.fromisoformat(due(case)) == datetime.fromisoformat(case["received_at"]) + timedelta(hours=4)
    reminders = eventually(
        lambda: [
            letter
            for letter in stack.get("agent", "/v1/outbox", reference=reference).json()["items"]
            if letter["kind"] == "reminder"
        ]
    )
    assert "A-100" in reminders[0]["text"]


def test_an_answer_from_before_its_question_or_from_the_future_is_refused_by_name(stack: Stack) -> None:
    reference, _ = asked(stack)
    now = datetime.now(UTC)
    for arrived, problem in (
        (now - timedelta(hours=1), "answer_too_early"),
        (now + timedelta(hours=1), "answer_in_the_future"),
    ):
        said = {"text": "A-100", "channel": "email", "arrived_at": arrived.isoformat()}
        refused = stack.post("agent", f"/v1/complaints/{reference}/answers", said)
        assert (refused.status_code, refused.json()["type"]) == (422, f"/problems/{problem}")
    assert stack.case(reference)["holds"][0]["ended_at"] is None


def test_the_level_may_change_in_the_middle_of_the_hold(stack: Stack) -> None:
    reference, _ = asked(stack)
    receipt = stack.do("agent", f"/v1/complaints/{reference}/classification", {"level": 1, "reason": "更正"})
    case = stack.case(reference, receipt["version"])
    assert (case["level"], due(case), case["holds"][0]["ended_at"]) == (1, None, None)
    receipt = stack.do("agent", f"/v1/complaints/{reference}/answers", {"text": "A-100", "channel": "sms"})
    case = stack.case(reference, receipt["version"])
    hold = case["holds"][0]
    waited = datetime.fromisoformat(hold["ended_at"]) - datetime.fromisoformat(hold["started_at"])
    received = datetime.fromisoformat(case["received_at"])
    assert datetime.fromisoformat(due(case)) == received + timedelta(hours=4) + waited


def test_an_answer_to_no_question_is_kept(stack: Stack) -> None:
    reference = stack.contacted()
    receipt = stack.do("channel", f"/v1/complaints/{reference}/answers", {"text": "还没有收到", "channel": "app"})
    assert [reply["text"] for reply in stack.case(reference, receipt["version"])["replies"]] == ["还没有收到"]


def test_the_customer_answers_by_the_link(stack: Stack) -> None:
    reference, filed = asked(stack)
    link = f"/v1/portal/{stack.token(filed)}"
    seen = stack.get(None, link).json()
    assert (seen["question"], seen["next_steps"]) == ("请问您的订单号是？", ["answer"])
    key = {"Idempotency-Key": "answered-twice"}
    receipts = [stack.post(None, f"{link}/answers", {"text": "A-100"}, **key).json() for _ in range(2)]
    assert receipts[0] == receipts[1]
    case = stack.case(reference, receipts[0]["version"])
    assert [(reply["text"], reply["channel"]) for reply in case["replies"]] == [("A-100", "web")]
    seen = stack.get(None, link).json()
    assert (seen["question"], seen["next_steps"]) == (None, [])
    assert stack.post(None, f"{link}/answers", {"text": " "}).status_code == 422
    assert stack.post(None, f"{link}/answers", {"text": "x", "arrived_at": "2026-01-01T00:00:00Z"}).status_code == 422


def test_the_customer_answers_on_the_page(stack: Stack) -> None:
    reference, filed = asked(stack)
    page = f"/portal/{stack.token(filed)}"
    with stack.client(None) as client:
        shown = client.get(page).text
        assert "请问您的订单号是？" in shown
        (key,) = set(re.findall(r'name="key" value="([0-9a-f]+)"', shown))
        answers = [client.post(f"{page}/answers", data={"key": key, "text": "A-100\n谢谢"}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [303, 303]
        empty = client.post(f"{page}/answers", data={"key": "other", "text": "  "})
        assert empty.status_code == 422
    eventually(lambda: stack.case(reference)["replies"])
    assert [reply["text"] for reply in stack.case(reference)["replies"]] == ["A-100\n谢谢"]
