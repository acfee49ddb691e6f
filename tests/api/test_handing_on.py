"""Tasks that go to another department, and what a revision makes of those that are done."""

from typing import Any

import httpx

from tests.api.stack import Stack, a_solution

LOGISTICS, FINANCE = "department:logistics", "department:finance"
SAME_ID = {"X-Request-Id": "compared"}
ONWARD = {"department": "finance", "reason": "费用由财务核对"}


def assigned(stack: Stack, reference: str, department: str = "logistics", **more: Any) -> str:
    body = {"department": department, "what": "查快递", **more}
    receipt = stack.do("agent", f"/v1/complaints/{reference}/tasks", body, 201)
    stack.case(reference, receipt["version"])
    task: str = receipt["made"][0]
    return task


def done(stack: Stack, reference: str, department: str = "logistics") -> str:
    task = assigned(stack, reference, department)
    stack.do(f"department:{department}", f"/v1/tasks/{task}/completion", {"outcome": "已核实"})
    return task


def handed_on(stack: Stack, role: str = LOGISTICS) -> tuple[str, str]:
    reference = stack.contacted()
    task = assigned(stack, reference)
    receipt = stack.do(role, f"/v1/tasks/{task}/handover", ONWARD)
    stack.case(reference, receipt["version"])
    return reference, task


def listed(stack: Stack, role: str) -> set[str]:
    return {item["id"] for item in stack.get(role, "/v1/tasks", limit=200).json()["items"]}


def test_the_other_department_has_the_task_and_the_former_one_knows_of_it_no_longer(stack: Stack) -> None:
    for role in (LOGISTICS, "agent", "supervisor"):
        reference, task = handed_on(stack, role)
        assert task in listed(stack, FINANCE)
        assert task not in listed(stack, LOGISTICS)
        assert stack.get(LOGISTICS, f"/v1/complaints/{reference}").status_code == 404
        seen = stack.case(reference, role=FINANCE)
        assert [(each["id"], each["department"]) for each in seen["tasks"]] == [(task, "finance")]
        assert [each["department"] for each in seen["tasks"][0]["handed_on"]] == ["logistics"]
        mine = [(each["kind"], each["state"]) for each in seen["promises"] if each["task"] == task]
        assert mine == [("task_feedback", "open"), ("task_completion", "open")]
        everything = [each["state"] for each in stack.case(reference)["promises"] if each["task"] == task]
        assert sorted(everything) == ["open", "open", "waived", "waived"]


def test_to_the_former_department_the_task_is_like_one_that_does_not_exist(stack: Stack) -> None:
    _, task = handed_on(stack)
    for action, body in (("completion", {"outcome": "x"}), ("handover", ONWARD), ("decline", {"reason": "x"})):
        answers: list[httpx.Response] = []
        for name in (task, "T-0000000000-1", "nonsense"):
            with stack.client(LOGISTICS, **SAME_ID) as client:
                answers.append(client.post(f"/v1/tasks/{name}/{action}", json=body))
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
    stack.do(FINANCE, f"/v1/tasks/{task}/completion", {"outcome": "已核对"})


def test_handing_on_needs_a_reason_another_department_and_a_role(stack: Stack) -> None:
    task = assigned(stack, stack.contacted())
    path = f"/v1/tasks/{task}/handover"
    for body, status, problem in (
        ({"department": "finance"}, 422, "malformed_request"),
        ({"department": "logistics", "reason": "x"}, 422, "same_department"),
        ({"department": "moon", "reason": "x"}, 422, "unknown_department"),
    ):
        answer = stack.post("agent", path, body)
        assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{problem}")
    assert stack.post("channel", path, ONWARD).status_code == 403
    first = stack.do("agent", path, ONWARD, **{"Idempotency-Key": "once"})
    assert stack.do("agent", path, ONWARD, **{"Idempotency-Key": "once"}) == first


def test_a_declined_task_shows_its_reason_and_who_heard_of_it(stack: Stack) -> None:
    reference = stack.contacted()
    task = assigned(stack, reference)
    assert stack.post(LOGISTICS, f"/v1/tasks/{task}/decline", {}).status_code == 422
    receipt = stack.do(LOGISTICS, f"/v1/tasks/{task}/decline", {"reason": "不归我们管"})
    case = stack.case(reference, receipt["version"])
    assert (case["tasks"][0]["state"], case["tasks"][0]["outcome"]) == ("declined", "不归我们管")
    (raised,) = case["escalations"]
    assert (raised["cause"], raised["reason"], raised["task"]) == ("task_declined", "不归我们管", task)


def test_a_customers_revision_reopens_what_led_to_the_plan(stack: Stack) -> None:
    filed = stack.file()
    reference = filed["reference"]
    stack.do("agent", f"/v1/complaints/{reference}/contacts", {"channel": "phone", "reached": True})
    task = done(stack, reference)
    proposed = stack.do("agent", f"/v1/complaints/{reference}/solutions", a_solution())
    stack.case(reference, proposed["version"])
    said = {"accept": False, "reason": "想换货"}
    receipt = stack.post(None, f"/v1/portal/{stack.token(filed)}/decision", said).json()
    (again,) = stack.case(reference, receipt["version"])["tasks"]
    assert (again["id"], again["state"], again["reopened"]) == (task, "open", 1)
    stack.do(LOGISTICS, f"/v1/tasks/{task}/completion", {"outcome": "可以换货"})


def test_an_agent_names_what_is_made_good_and_no_customer_can(stack: Stack) -> None:
    reference = stack.contacted()
    task = done(stack, reference)
    receipt = stack.do("agent", f"/v1/complaints/{reference}/solutions", a_solution())
    case = stack.case(reference, receipt["version"])
    path = f"/v1/complaints/{reference}/solutions/decision"
    revision = {"accept": False, "reason": "想换货"}
    for wrong, problem in (
        ({"compensate": ["T-0000000000-1"]}, "named_task_unknown"),
        ({"compensate": [task, task]}, "task_named_twice"),
        ({"accept": True, "reopen": [task]}, "malformed_request"),
    ):
        answer = stack.post("agent", path, revision | wrong)
        assert (answer.status_code, answer.json()["type"]) == (422, f"/problems/{problem}")
    with stack.client(None) as client:
        link = f"/v1/portal/{case['portal'].rsplit('/', 1)[1]}/decision"
        assert client.post(link, json=revision | {"reopen": [task]}).status_code == 422
    receipt = stack.do("agent", path, revision | {"compensate": [task]})
    case = stack.case(reference, receipt["version"])
    assert [(each["state"], each["compensates"]) for each in case["tasks"]] == [("completed", None), ("open", task)]
    assert receipt["made"] == [case["tasks"][1]["id"]]
