"""Handling a case over HTTP: the whole life, conflicts, repeats, and reading one's own writes."""

import pytest

from tests.api.stack import Stack, a_solution, eventually


def test_a_complaint_is_led_through_its_whole_life(stack: Stack) -> None:
    reference = stack.file(category="product_quality")["reference"]
    case = f"/v1/complaints/{reference}"
    agent = {"name": "林晓", "email": "lin@example.com"}
    contact = {"channel": "phone", "reached": True, "agent": agent, "update_every_minutes": 60}
    assert stack.do("agent", f"{case}/contacts", contact)["stage"] == "contacted"
    stack.do("agent", f"{case}/updates", {"text": "正在核实", "told_on": "phone"})
    evidence = stack.do("agent", f"{case}/evidence", {"description": "照片", "source": "客户"})
    assert (evidence["stage"], evidence["made"]) == ("investigating", ["V1"])
    hold = stack.do("agent", f"{case}/holds", {"reason": "awaiting_customer", "question": "哪天方便？"})
    stack.do("agent", f"{case}/holds/{hold['made'][0]}/end")
    stack.do("agent", f"{case}/extensions", {"reason": "需要检测", "message": "我们需要更多时间"})
    stack.do("agent", f"{case}/classification", {"reason": "加急", "level": 1})
    incomplete = stack.post("agent", f"{case}/solutions", a_solution())
    assert (incomplete.status_code, incomplete.json()["type"]) == (422, "/problems/solution_incomplete")
    parts = {"return_procedure": "上门取件", "compensation": "50 元", "improvement": "更换包装"}
    stack.do("agent", f"{case}/solutions", a_solution(told_on="phone", **parts))
    stack.do("agent", f"{case}/solutions/decision", {"accept": False, "reason": "想换货"})
    stack.do("agent", f"{case}/solutions", a_solution(**parts))
    assert stack.do("agent", f"{case}/solutions/decision", {"accept": True})["stage"] == "agreed"
    assert stack.do("agent", f"{case}/remedy", {"done": False, "note": "已下单"})["stage"] == "remedying"
    assert stack.do("agent", f"{case}/remedy")["stage"] == "resolved"
    stack.do("agent", f"{case}/callbacks", {"reached": False})
    stack.do("agent", f"{case}/callbacks", {"reached": True, "satisfied": True, "answers": ["是"]})
    closed = eventually(lambda: (found := stack.case(reference))["stage"] == "closed" and found)
    assert closed["satisfied"] is True
    assert len(closed["solutions"]) == 2
    assert closed["solutions"][0]["revision_reason"] == "想换货"
    assert closed["agent"] == {**agent, "phone": None}
    assert {promise["state"] for promise in closed["promises"]} <= {"kept", "waived", "open"}
    assert stack.do("agent", f"{case}/reopening", {"reason": "又坏了"})["stage"] == "investigating"


def test_a_conflict_names_the_stage_and_what_to_do(stack: Stack) -> None:
    reference = stack.file()["reference"]
    stack.case(reference)
    answer = stack.post("agent", f"/v1/complaints/{reference}/solutions", a_solution(), **{"Accept-Language": "en"})
    assert answer.status_code == 409
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (problem["type"], problem["stage"]) == ("/problems/not_contacted", "received")
    assert problem["detail"] == problem["detail_en"] != problem["detail_zh"]


def test_a_repeated_command_has_its_first_receipt_and_happens_once(stack: Stack) -> None:
    reference = stack.contacted()
    path, key = f"/v1/complaints/{reference}/evidence", {"Idempotency-Key": "evidence-1"}
    first = stack.do("agent", path, {"description": "照片"}, **key)
    stack.do("agent", path, {"description": "录音"})
    assert stack.do("agent", path, {"description": "照片"}, **key) == first
    other = stack.post("agent", path, {"description": "别的"}, **key)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key_reused")
    shown = stack.case(reference, first["version"] + 1)["evidence"]
    assert [evidence["description"] for evidence in shown] == ["照片", "录音"]


def test_a_repeat_is_answered_even_when_the_case_is_over(stack: Stack) -> None:
    reference = stack.contacted()
    path, key = f"/v1/complaints/{reference}/withdrawal", {"Idempotency-Key": "w"}
    first = stack.do("agent", path, {"reason": "撤诉"}, **key)
    eventually(lambda: stack.case(reference)["finished_at"])
    assert stack.do("agent", path, {"reason": "撤诉"}, **key) == first
    assert stack.post("agent", path, {"reason": "别的"}, **key).json()["type"] == "/problems/key_reused"
    over = stack.post("agent", f"/v1/complaints/{reference}/evidence", {"description": "迟到"})
    assert (over.status_code, over.json()["type"]) == (409, "/problems/case_finished")
    assert over.json()["stage"] == "withdrawn"


@pytest.mark.parametrize(
    "reference", ["C-20260101-0000000000", "nonsense", "C-20260101-UUUUUUUUUU", "T-0000000000-1", "%00", "C-1-2-3"]
)
def test_an_unknown_reference_is_not_found(stack: Stack, reference: str) -> None:
    write = stack.post("agent", f"/v1/complaints/{reference}/evidence", {"description": "x"})
    read = stack.get("agent", f"/v1/complaints/{reference}")
    for answer in (write, read):
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/reference_unknown")


def test_the_date_of_a_reference_must_be_right_and_a_task_is_no_case(stack: Stack) -> None:
    reference = stack.contacted()
    receipt = stack.do("agent", f"/v1/complaints/{reference}/tasks", {"department": "logistics", "what": "查"}, 201)
    for wrong in (f"C-19990101-{reference[-10:]}", receipt["made"][0]):
        answer = stack.post("agent", f"/v1/complaints/{wrong}/evidence", {"description": "x"})
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/reference_unknown")


def test_a_supervisor_escalates_and_the_escalation_is_listed_and_acknowledged(stack: Stack) -> None:
    reference = stack.contacted()
    body = {"level": 3, "reason": "媒体关注"}
    raised = stack.do("supervisor", f"/v1/complaints/{reference}/escalations", body, 201)
    stack.case(reference, raised["version"])
    listed = stack.get("supervisor", "/v1/escalations", state="open", level=3).json()["items"]
    assert raised["made"][0] in {escalation["id"] for escalation in listed}
    path = f"/v1/escalations/{raised['made'][0]}/acknowledgement"
    receipt = stack.do("supervisor", path)
    assert stack.case(reference, receipt["version"])["escalations"][0]["acknowledged_by"]["name"] == "supervisor"
    assert stack.post("supervisor", path).json()["type"] == "/problems/already_acknowledged"


def test_a_supervisor_takes_an_escalation_over_or_steps_it_down(stack: Stack) -> None:
    reference = stack.contacted()
    case = f"/v1/complaints/{reference}/escalations"
    high, taken = (stack.do("supervisor", case, {"level": 3, "reason": "媒体关注"}, 201)["made"][0] for _ in range(2))
    step_down = f"/v1/escalations/{high}/step-down"
    upwards = stack.post("supervisor", step_down, {"level": 3, "reason": "?"})
    assert (upwards.status_code, upwards.json()["type"]) == (422, "/problems/not_a_lower_level")
    (lower,) = stack.do("supervisor", step_down, {"level": 1, "reason": "先由组长跟进"})["made"]
    again = stack.post("supervisor", step_down, {"level": 1, "reason": "?"})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/escalation_over")
    person = {"name": "林晓", "email": "lin@example.com"}
    receipt = stack.do("supervisor", f"/v1/escalations/{taken}/takeover", {"person": person})
    shown = {each["id"]: each for each in stack.case(reference, receipt["version"])["escalations"]}
    assert (shown[high]["stepped_down_to"], shown[high]["stepped_down_reason"]) == (1, "先由组长跟进")
    assert (shown[lower]["cause"], shown[lower]["passed_over"], shown[lower]["joined"]) == ("stepped_down", [], [])
    assert shown[taken]["taken_over_by"]["name"] == "林晓"
    open_ones = {each["id"] for each in stack.get("supervisor", "/v1/escalations", state="open").json()["items"]}
    assert open_ones & {high, lower, taken} == {lower}
    assert shown[lower]["origin"] == {"cause": "raised_by_hand", "reason": "媒体关注", "message": None}


def test_a_supervisor_takes_over_or_steps_down_what_was_acknowledged(stack: Stack) -> None:
    reference = stack.contacted()
    body = {"level": 3, "reason": "媒体关注"}
    raised = stack.do("supervisor", f"/v1/complaints/{reference}/escalations", body, 201)["made"][0]
    path = f"/v1/escalations/{raised}"
    stack.do("supervisor", f"{path}/acknowledgement")
    stack.do("supervisor", f"{path}/takeover", {"person": {"name": "林晓", "email": "lin@example.com"}})
    receipt = stack.do("supervisor", f"{path}/step-down", {"level": 1, "reason": "请组长跟进"})
    former, lower = stack.case(reference, receipt["version"])["escalations"]
    assert (former["taken_over_by"]["name"], former["stepped_down_to"]) == ("林晓", 1)
    assert (lower["id"], lower["level"]) == (receipt["made"][0], 1)


def test_a_case_is_merged_only_into_one_that_exists_and_goes_on(stack: Stack) -> None:
    master, copy, over = (stack.contacted() for _ in range(3))
    stack.do("agent", f"/v1/complaints/{over}/withdrawal", {"reason": "撤诉"})
    eventually(lambda: stack.case(over)["finished_at"])
    path = f"/v1/complaints/{copy}/merge"
    refused = [
        stack.post("agent", path, {"into": into, "reason": "重复"})
        for into in ("C-20260101-0000000000", "nonsense", over, copy)
    ]
    names = ["master_unknown", "master_unknown", "master_over", "merge_into_itself"]
    assert [answer.json()["type"] for answer in refused] == [f"/problems/{name}" for name in names]
    stack.case(master, 2)
    key = {"Idempotency-Key": "m"}
    first = stack.do("agent", path, {"into": master, "reason": "重复"}, **key)
    assert first["stage"] == "merged"
    stack.do("agent", f"/v1/complaints/{master}/withdrawal", {"reason": "撤诉"})
    eventually(lambda: stack.case(master)["finished_at"])
    assert stack.do("agent", path, {"into": master, "reason": "重复"}, **key) == first
    assert stack.case(copy, first["version"])["merged_into"] == master


def test_a_case_is_found_by_its_stage_its_text_and_its_due_time(stack: Stack) -> None:
    reference = stack.contacted(detail="独一无二的字样", level=1, category="billing")
    found = eventually(
        lambda: stack.get("supervisor", "/v1/complaints", text="独一无二", stage="contacted").json()["items"]
    )
    assert [case["reference"] for case in found] == [reference]
    filters = {"level": 1, "category": "billing", "due_before": "2099-01-01T00:00:00Z", "broken": "false", "limit": 1}
    page = stack.get("supervisor", "/v1/complaints", **filters).json()
    assert page["items"][0]["reference"] == reference
    for broken in ("true", "resolution"):
        assert stack.get("supervisor", "/v1/complaints", text="独一无二", broken=broken).json()["items"] == []


def test_pages_follow_on_one_another(stack: Stack) -> None:
    for _ in range(3):
        stack.case(stack.file(detail="翻页测试")["reference"])
    seen, cursor = [], None
    while True:
        page = stack.get(
            "agent", "/v1/complaints", text="翻页测试", limit=2, **({"cursor": cursor} if cursor else {})
        ).json()
        seen += [case["reference"] for case in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 3


def test_a_bad_cursor_is_refused_on_every_list(stack: Stack) -> None:
    lists = ("/v1/complaints", "/v1/tasks", "/v1/escalations", "/v1/outbox")
    for path in lists:
        answer = stack.get("supervisor", path, cursor="nonsense")
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/bad_cursor")


def test_the_letters_of_a_case_can_be_read(stack: Stack) -> None:
    reference = stack.file()["reference"]
    letters = eventually(lambda: stack.get("agent", "/v1/outbox", reference=reference).json()["items"])
    letter = stack.get("agent", f"/v1/outbox/{letters[0]['key']}").json()
    assert letter["reference"] == reference
    assert letter["html"]
    assert stack.get("agent", "/v1/outbox/../../etc/passwd").status_code == 404
    assert stack.get("agent", "/v1/outbox/no/such").json()["type"] == "/problems/letter_unknown"


def test_the_auditor_reads_the_journal_and_the_history_of_the_engine(stack: Stack) -> None:
    reference = stack.contacted()
    version = stack.do("agent", f"/v1/complaints/{reference}/evidence", {"description": "照片"})["version"]
    stack.case(reference, version)
    journal = stack.get("auditor", f"/v1/audit/complaints/{reference}/journal", limit=2).json()
    assert [entry["sequence"] for entry in journal["items"]] == [1, 2]
    rest = stack.get("auditor", f"/v1/audit/complaints/{reference}/journal", after=journal["next"]).json()
    assert rest["items"][0]["sequence"] == 3
    path, events, cursor = f"/v1/audit/complaints/{reference}/history", [], {}
    while True:
        page = stack.get("auditor", path, limit=5, **cursor).json()
        events += page["items"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    assert events[0]["type"] == "workflow_execution_started"
    assert events[0]["attributes"]["input"]["payloads"][0]["filing"]["reference"] == reference
    assert all(event["meaning"]["zh"] and event["meaning"]["en"] for event in events)
    assert "workflow_execution_update_accepted" in {event["type"] for event in events}
    for nonsense in ("!!!", "bm9uc2Vuc2U="):
        bad = stack.get("auditor", path, cursor=nonsense)
        assert (bad.status_code, bad.json()["type"]) == (422, "/problems/bad_cursor")
    gone = stack.get("auditor", path, run="00000000-0000-0000-0000-000000000000")
    assert (gone.status_code, gone.json()["type"]) == (404, "/problems/history_gone")


def test_two_complaints_never_vanish_into_each_other(stack: Stack) -> None:
    first, second = stack.contacted(), stack.contacted()
    stack.do("agent", f"/v1/complaints/{first}/merge", {"into": second, "reason": "同一订单"})
    back = stack.post("agent", f"/v1/complaints/{second}/merge", {"into": first, "reason": "同一订单"})
    assert back.status_code == 409
    assert back.json()["type"] in {"/problems/merge_circle", "/problems/master_over"}
    eventually(lambda: stack.case(second)["absorbed"] == [first])
    assert stack.case(second)["stage"] == "contacted"
