"""Departments: they see and complete their own tasks, and never learn of anybody else's."""

from collections.abc import Callable

import httpx
import pytest

from tests.api.stack import Stack, eventually

SAME_ID = {"X-Request-Id": "compared"}


@pytest.fixture(scope="module")
def task(stack: Stack) -> str:
    """A task of the logistics department."""
    reference = stack.contacted()
    path, body = f"/v1/complaints/{reference}/tasks", {"department": "logistics", "what": "查快递"}
    receipt = stack.do("agent", path, body, 201)
    made: str = receipt["made"][0]
    stack.case(reference, receipt["version"])
    return made


def as_finance(stack: Stack, ask: Callable[[httpx.Client], httpx.Response]) -> httpx.Response:
    with stack.client("department:finance", **SAME_ID) as client:
        return ask(client)


@pytest.mark.parametrize("action", ["feedback", "completion", "decline"])
def test_anothers_task_is_answered_byte_for_byte_like_one_that_does_not_exist(
    stack: Stack, task: str, action: str
) -> None:
    body = {"feedback": {"text": "x"}, "completion": {"outcome": "x"}, "decline": {"reason": "x"}}[action]
    answers = [
        as_finance(stack, lambda client, name=name: client.post(f"/v1/tasks/{name}/{action}", json=body))
        for name in (task, f"{task[:-1]}999", "T-0000000000-1", "nonsense")
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert len({answer.content for answer in answers}) == 1


def test_anothers_task_cannot_be_read_and_is_not_listed(stack: Stack, task: str) -> None:
    answers = [
        as_finance(stack, lambda client, name=name: client.get(f"/v1/tasks/{name}"))
        for name in (task, "T-0000000000-1")
    ]
    assert answers[0].status_code == 404
    assert answers[0].content == answers[1].content
    listed = stack.get("department:finance", "/v1/tasks").json()["items"]
    assert not [item for item in listed if item["department"] != "finance"]
    assert stack.get("department:finance", "/v1/tasks", department="logistics").status_code == 403
    assert task in {item["id"] for item in stack.get("department:logistics", "/v1/tasks").json()["items"]}


def test_a_case_is_unknown_to_a_department_without_a_task_in_it(stack: Stack, task: str) -> None:
    reference = stack.get("agent", f"/v1/tasks/{task}").json()["reference"]
    assert stack.case(reference, role="department:logistics")["tasks"][0]["id"] == task
    paths = [f"/v1/complaints/{reference}", "/v1/complaints/C-20260101-0000000000"]
    hidden, unknown = (as_finance(stack, lambda client, path=path: client.get(path)) for path in paths)
    assert hidden.status_code == 404
    assert hidden.content == unknown.content
    assert stack.get("department:finance", "/v1/complaints", text=reference).json()["items"] == []
    assert "portal" not in stack.case(reference, role="department:logistics") or (
        stack.case(reference, role="department:logistics")["portal"] is None
    )


def test_a_department_sees_only_its_own_tasks_in_a_shared_case(stack: Stack) -> None:
    reference = stack.contacted()
    for department in ("logistics", "finance"):
        receipt = stack.do("agent", f"/v1/complaints/{reference}/tasks", {"department": department, "what": "查"}, 201)
    case = stack.case(reference, receipt["version"], role="department:finance")
    assert [task["department"] for task in case["tasks"]] == ["finance"]
    own = case["tasks"][0]["id"]
    assert {promise["task"] for promise in case["promises"]} == {None, own}


def test_anothers_task_stays_unknown_when_its_case_is_over(stack: Stack) -> None:
    reference = stack.contacted()
    receipt = stack.do("agent", f"/v1/complaints/{reference}/tasks", {"department": "logistics", "what": "查"}, 201)
    task = receipt["made"][0]
    stack.do("agent", f"/v1/complaints/{reference}/withdrawal", {"reason": "撤诉"})
    eventually(lambda: stack.case(reference)["finished_at"])
    body = {"outcome": "x"}
    hidden, unknown = (
        as_finance(stack, lambda client, name=name: client.post(f"/v1/tasks/{name}/completion", json=body))
        for name in (task, "T-0000000000-1")
    )
    assert hidden.content == unknown.content
    own = stack.post("department:logistics", f"/v1/tasks/{task}/completion", body)
    assert (own.status_code, own.json()["type"]) == (409, "/problems/case_finished")


def test_a_department_gives_its_opinion_and_completes_its_task_once(stack: Stack, task: str) -> None:
    first = stack.do(
        "department:logistics", f"/v1/tasks/{task}/feedback", {"text": "在查"}, 200, **{"Idempotency-Key": "f"}
    )
    again = stack.do(
        "department:logistics", f"/v1/tasks/{task}/feedback", {"text": "在查"}, 200, **{"Idempotency-Key": "f"}
    )
    assert first == again
    second = stack.post("department:logistics", f"/v1/tasks/{task}/feedback", {"text": "又查"})
    assert (second.status_code, second.json()["type"]) == (409, "/problems/feedback_given")
    receipt = stack.do("department:logistics", f"/v1/tasks/{task}/completion", {"outcome": "已找到"})
    reference = stack.get("agent", f"/v1/tasks/{task}").json()["reference"]
    done = stack.case(reference, receipt["version"])["tasks"][0]
    assert (done["state"], done["outcome"]) == ("completed", "已找到")


def test_what_was_raised_above_a_department_is_not_its_own_to_acknowledge(stack: Stack) -> None:
    reference = stack.contacted()
    receipt = stack.do("agent", f"/v1/complaints/{reference}/tasks", {"department": "logistics", "what": "查"}, 201)
    declined = stack.do("department:logistics", f"/v1/tasks/{receipt['made'][0]}/decline", {"reason": "不归我们"})
    stack.case(reference, declined["version"])
    path = f"/v1/escalations/{declined['made'][0]}/acknowledgement"
    for department in ("department:logistics", "department:finance"):
        hidden = stack.post(department, path)
        assert (hidden.status_code, hidden.json()["type"]) == (404, "/problems/escalation_unknown")
    stack.do("supervisor", path)
