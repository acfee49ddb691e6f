"""Filing a complaint: accepted once, answered the same for ever."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.client import Client

from api.asking import ComplaintBody
from complaints.commands import FileComplaint
from complaints.parties import Actor, Complaint
from complaints.vocabulary import Role
from tests.api.stack import Stack, a_complaint, eventually
from tests.support.temporal import TemporalServer
from workflows.converter import data_converter
from workflows.ids import WORKFLOW, Opening, intake_key, reference_for, workflow_id


def test_a_complaint_is_filed_with_its_promises_and_can_be_read_at_once(stack: Stack) -> None:
    answer = stack.post("channel", "/v1/complaints", a_complaint(category="logistics"))
    assert answer.status_code == 201
    filed = answer.json()
    assert answer.headers["location"] == f"/v1/complaints/{filed['reference']}"
    assert filed["stage"] == "received"
    assert filed["version"] == 1
    received = datetime.fromisoformat(filed["received_at"])
    due = {promise["kind"]: datetime.fromisoformat(promise["due"]) for promise in filed["promises"]}
    assert due["first_contact"] == received + timedelta(hours=2)
    assert due["resolution"] == received + timedelta(hours=4)
    case = stack.case(filed["reference"], at_least=1)
    assert case["subject"] == "快递三天没有更新。"
    assert case["received_at"] == filed["received_at"]
    assert [promise["due"] for promise in case["promises"][:3]] == [promise["due"] for promise in filed["promises"]]
    assert case["portal"] == filed["portal"]


def test_the_same_key_and_body_give_the_same_answer_before_and_after_it_is_recorded(stack: Stack) -> None:
    body, key = a_complaint(detail="重复提交"), {"Idempotency-Key": "the-same-key"}
    with ThreadPoolExecutor(4) as several:
        answers = list(several.map(lambda _: stack.post("channel", "/v1/complaints", body, **key), range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    reference = answers[0].json()["reference"]
    stack.case(reference)
    later = stack.post("channel", "/v1/complaints", body, **key)
    assert later.content == answers[0].content
    assert len(stack.get("agent", "/v1/complaints", text="重复提交").json()["items"]) == 1


def test_the_answer_to_a_filing_stays_the_same_when_the_case_is_long_over(stack: Stack) -> None:
    body, key = a_complaint(detail="后来撤诉"), {"Idempotency-Key": "withdrawn-later"}
    first = stack.post("channel", "/v1/complaints", body, **key)
    reference = first.json()["reference"]
    stack.do("agent", f"/v1/complaints/{reference}/withdrawal", {"reason": "客户撤诉"})
    eventually(lambda: stack.case(reference)["finished_at"])
    assert stack.post("channel", "/v1/complaints", body, **key).content == first.content


def test_another_body_under_the_same_key_is_refused(stack: Stack) -> None:
    key = {"Idempotency-Key": "two-bodies"}
    filed = stack.do("channel", "/v1/complaints", a_complaint(detail="第一个"), 201, **key)
    at_once = stack.post("channel", "/v1/complaints", a_complaint(detail="第二个"), **key)
    stack.case(filed["reference"])
    later = stack.post("channel", "/v1/complaints", a_complaint(detail="第三个"), **key)
    for answer in (at_once, later):
        assert answer.status_code == 422
        assert answer.json()["type"] == "/problems/key_reused"


def test_two_callers_may_use_the_same_key(stack: Stack) -> None:
    key, body = {"Idempotency-Key": "shared"}, a_complaint()
    one = stack.do("channel", "/v1/complaints", body, 201, **key)
    other = stack.do("agent", "/v1/complaints", body, 201, **key)
    assert one["reference"] != other["reference"]


def test_the_layout_of_a_body_does_not_matter_to_its_key(stack: Stack) -> None:
    with stack.client("channel", **{"Idempotency-Key": "layout", "Content-Type": "application/json"}) as client:
        one = client.post("/v1/complaints", content='{"channel":"web","detail":"x","customer":{"name":"a"}}')
        same = client.post("/v1/complaints", content='{ "detail": "x", "customer":\n{"name":"a"}, "channel":"web"}')
    assert one.status_code == 201
    assert one.content == same.content


@pytest.mark.parametrize("recorded", [True, False])
async def test_a_code_that_another_request_has_taken_is_passed_over(
    stack: Stack, temporal: TemporalServer, recorded: bool
) -> None:
    key = f"code-taken-{recorded}"
    taken = reference_for(intake_key("channel", key), datetime.now(UTC))
    client = await Client.connect(temporal.address, data_converter=data_converter)
    filing = FileComplaint(
        id="another:request",
        by=Actor(role=Role.CHANNEL, name="another"),
        reference=taken,
        complaint=Complaint.model_validate(a_complaint(subject="别人的")),
        policy=stack.policy,
    )
    opening, memo, queue = Opening(filing=filing), {"intake": "another's"}, stack.task_queue if recorded else "nobody"
    await client.start_workflow(WORKFLOW, opening, id=workflow_id(taken), task_queue=queue, memo=memo)
    if recorded:
        stack.case(taken)
    filed = stack.do("channel", "/v1/complaints", a_complaint(), 201, **{"Idempotency-Key": key})
    assert filed["reference"] != taken
    again = stack.do("channel", "/v1/complaints", a_complaint(), 201, **{"Idempotency-Key": key})
    assert again == filed


def test_without_a_key_the_same_complaint_is_filed_twice(stack: Stack) -> None:
    assert stack.file()["reference"] != stack.file()["reference"]


def test_an_unknown_category_is_refused_before_anything_starts(stack: Stack) -> None:
    body, key = a_complaint(category="weather"), {"Idempotency-Key": "never-started"}
    answer = stack.post("channel", "/v1/complaints", body, **key)
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/unknown_category"
    stack.do("channel", "/v1/complaints", a_complaint(), 201, **key)


def test_an_urgent_complaint_is_filed_with_its_escalation(stack: Stack) -> None:
    filed = stack.file(level=1)
    assert "escalation_ack" in {promise["kind"] for promise in filed["promises"]}


def test_a_long_text_without_a_subject_gets_its_beginning(stack: Stack) -> None:
    filed = stack.file(detail="很" * 300)
    assert stack.case(filed["reference"])["subject"] == "很" * 39 + "…"


@pytest.mark.parametrize(
    ("detail", "subject"),
    [("水壶\t漏水\n真的", "水壶 漏水"), ("\x01\n漏水", "漏水"), ("\x01", "…"), ("a  b\x7f", "a b")],
)
def test_what_cannot_be_printed_in_a_text_does_not_get_into_its_subject(detail: str, subject: str) -> None:
    body = ComplaintBody.model_validate(a_complaint(detail=detail))
    assert body.complaint().subject == subject
