"""What will fire if nobody acts, of one case and hour by hour."""

from typing import Any

from tests.api.stack import Stack


def seen(stack: Stack, role: str, reference: str, **asked: Any) -> list[Any]:
    answer = stack.get(role, f"/v1/complaints/{reference}/outlook", **asked)
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json()["items"]
    return items


def test_a_case_shows_what_breaks_when_and_who_hears_of_it(stack: Stack) -> None:
    filed = stack.file()
    told = stack.case(filed["reference"], 2)  # the acknowledgement has arrived
    items = seen(stack, "agent", filed["reference"], hours=1)
    contact = next(each for each in filed["promises"] if each["kind"] == "first_contact")
    breach = next(each for each in items if each["what"] == "breach")
    assert (breach["promise"], breach["at"]) == (contact["id"], contact["due"])
    escalation = next(each for each in items if each["what"] == "escalation")
    assert (escalation["level"], escalation["kind"], escalation["to"]) == (1, "first_contact", "值班组长")
    assert [each["at"] for each in items] == sorted(each["at"] for each in items)
    assert stack.case(filed["reference"])["version"] == told["version"], "to look ahead changes nothing"


def test_a_department_sees_what_concerns_its_own_tasks(stack: Stack) -> None:
    reference = stack.contacted()
    for department in ("logistics", "finance"):
        body = {"department": department, "what": "请核实"}
        receipt = stack.do("agent", f"/v1/complaints/{reference}/tasks", body, 201)
    stack.case(reference, receipt["version"])
    items = seen(stack, "department:logistics", reference)
    assert items
    assert {each["department"] for each in items} == {"logistics"}
    unknown = stack.file()["reference"]
    answer = stack.get("department:logistics", f"/v1/complaints/{unknown}/outlook")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/reference_unknown")


def test_the_hours_count_every_open_case_with_its_reference(stack: Stack) -> None:
    reference = stack.file()["reference"]
    stack.case(reference)
    answer = stack.get("supervisor", "/v1/outlook", hours=2).json()
    assert len(answer["hours"]) == 3
    assert all(sum(hour["counts"].values()) == hour["total"] for hour in answer["hours"])
    assert any(reference in hour["references"] for hour in answer["hours"])
    assert answer["cases"] >= 1
    assert answer["left_out"] == 0


def test_the_hours_of_a_department_are_those_of_its_tasks(stack: Stack) -> None:
    reference = stack.contacted()
    receipt = stack.do("agent", f"/v1/complaints/{reference}/tasks", {"department": "finance", "what": "请核实"}, 201)
    stack.case(reference, receipt["version"])
    own = stack.get("department:finance", "/v1/outlook", hours=4).json()
    assert own["hours"] == stack.get("agent", "/v1/outlook", hours=4, department="finance").json()["hours"]
    assert any(reference in hour["references"] for hour in own["hours"])
    for asked in ({"department": "logistics"}, {"team": "anybody"}):
        assert stack.get("department:finance", "/v1/outlook", **asked).status_code == 403


def test_a_department_or_a_team_that_nobody_knows_is_no_empty_table(stack: Stack) -> None:
    for asked in ({"department": "nobody"}, {"team": "nobody"}):
        answer = stack.get("agent", "/v1/outlook", **asked)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/outlook_of_whom")
    assert stack.get("agent", "/v1/outlook", hours=0).status_code == 422
