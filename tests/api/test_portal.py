"""The customer's link: it opens one case, and nobody can tell a wrong one from an expired one."""

import re

import pytest

from complaints.portal import portal_token
from tests.api.stack import SECRET, Stack, a_solution, eventually

SAME_ID = {"X-Request-Id": "compared"}


def portal(stack: Stack, filed: dict[str, str]) -> str:
    return f"/v1/portal/{stack.token(filed)}"


def to_proposal(stack: Stack, reference: str) -> None:
    stack.do("agent", f"/v1/complaints/{reference}/contacts", {"channel": "phone", "reached": True})
    receipt = stack.do("agent", f"/v1/complaints/{reference}/solutions", a_solution())
    stack.case(reference, receipt["version"])


def test_the_customer_follows_decides_and_answers_by_the_link(stack: Stack) -> None:
    filed = stack.file()
    link, reference = portal(stack, filed), filed["reference"]
    seen = stack.get(None, link).json()
    assert (seen["reference"], seen["stage"], seen["next_steps"]) == (reference, "received", [])
    assert seen["stage_name"] == {"zh": "已受理", "en": "received"}
    assert {promise["kind"] for promise in seen["promises"]} == {"first_contact", "progress_update", "resolution"}
    to_proposal(stack, reference)
    seen = stack.get(None, link).json()
    assert seen["next_steps"] == ["decision"]
    assert seen["solution"]["measure"] == "退款到账"
    unreasoned = stack.post(None, f"{link}/decision", {"accept": False})
    assert (unreasoned.status_code, unreasoned.json()["errors"][0]["where"]) == (422, "body.reason")
    key = {"Idempotency-Key": "pressed-twice"}
    receipts = [stack.post(None, f"{link}/decision", {"accept": True}, **key).json() for _ in range(2)]
    assert receipts[0] == receipts[1]
    assert receipts[0]["stage"] == "agreed"
    done = stack.do("agent", f"/v1/complaints/{reference}/remedy")
    stack.case(reference, done["version"])
    seen = stack.get(None, link).json()
    assert seen["next_steps"] == ["survey"]
    assert len(seen["questions"]) == 3
    receipt = stack.post(None, f"{link}/survey", {"satisfied": False, "answers": ["没有解决"]})
    assert receipt.json()["stage"] == "investigating"
    journal = stack.get("auditor", f"/v1/audit/complaints/{reference}/journal").json()["items"]
    assert {entry["by"]["name"] for entry in journal if entry["by"]["role"] == "customer"} == {"portal"}


def test_every_link_that_opens_nothing_is_answered_alike(stack: Stack) -> None:
    filed, revoked, over = stack.file(), stack.file(), stack.file()
    receipt = stack.do("agent", f"/v1/complaints/{revoked['reference']}/portal/revocation", {"reason": "外泄"})
    stack.case(revoked["reference"], receipt["version"])
    stack.do("agent", f"/v1/complaints/{over['reference']}/withdrawal", {"reason": "撤诉"})
    eventually(lambda: stack.case(over["reference"])["finished_at"])
    good = stack.token(filed)
    flipped = good[:-1] + ("a" if good[-1] != "a" else "b")
    never_filed = portal_token(b"x" * 32, "0000000000", 1)
    tokens = [flipped, stack.token(revoked), stack.token(over), never_filed, "x", good.upper(), good + "a", "%00", "…"]
    for method, suffix, body in (("GET", "", None), ("POST", "/decision", {"accept": True})):
        answers = []
        for token in tokens:
            with stack.client(None, **SAME_ID) as client:
                answers.append(client.request(method, f"/v1/portal/{token}{suffix}", json=body))
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
    new = stack.case(revoked["reference"])["portal"]
    assert new != revoked["portal"]
    assert stack.get(None, f"/v1/portal/{new.rsplit('/', 1)[1]}").status_code == 200


def test_a_link_works_the_moment_the_complaint_is_filed(stack: Stack) -> None:
    for _ in range(5):
        assert stack.get(None, portal(stack, stack.file())).status_code == 200


def test_a_link_of_another_secret_is_unknown(stack: Stack) -> None:
    filed = stack.file()
    code = filed["reference"][-10:]
    stack.case(filed["reference"])
    assert stack.token(filed) == portal_token(SECRET, code, 1)
    assert stack.get(None, f"/v1/portal/{portal_token(b'y' * 32, code, 1)}").status_code == 404


def page(stack: Stack, path: str) -> str:
    with stack.client(None, Accept="text/html,*/*;q=0.8") as client:
        answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "script" not in answer.headers["content-security-policy"]
    return answer.text


def submit(stack: Stack, html: str, button: tuple[str, str], **fields: str) -> str:
    """Press a button of the page's form, and read the page that follows."""
    action = re.search(r'action="([^"]+)"', html)
    key = re.search(r'name="key" value="([^"]+)"', html)
    assert action
    assert key
    with stack.client(None) as client:
        answer = client.post(action[1], data={"key": key[1], button[0]: button[1], **fields}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_a_customer_without_scripts_decides_and_answers_on_the_page(stack: Stack) -> None:
    filed = stack.file(detail="<b>粗体</b>", subject="<script>x</script>")
    link, reference = portal(stack, filed), filed["reference"]
    html = page(stack, link)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    to_proposal(stack, reference)
    assert submit(stack, page(stack, link), ("accept", "no"), reason="想换货") == f"/portal/{stack.token(filed)}"
    eventually(lambda: stack.case(reference)["stage"] == "investigating")
    receipt = stack.do("agent", f"/v1/complaints/{reference}/solutions", a_solution())
    stack.case(reference, receipt["version"])
    html = page(stack, link)
    for _ in range(2):
        submit(stack, html, ("accept", "yes"))
    receipt = stack.do("agent", f"/v1/complaints/{reference}/remedy")
    stack.case(reference, receipt["version"])
    submit(stack, page(stack, link), ("satisfied", "yes"), answer="解决了")
    eventually(lambda: stack.case(reference)["satisfied"] is True)


def test_the_page_is_in_the_customers_language_first(stack: Stack) -> None:
    english = stack.file(customer={"name": "Ann", "email": "ann@example.com", "language": "en"})
    assert '<html lang="en">' in page(stack, portal(stack, english))
    assert '<html lang="zh">' in page(stack, portal(stack, stack.file()))


def test_a_page_that_cannot_be_shown_says_why_in_both_languages(stack: Stack) -> None:
    filed = stack.file()
    stack.case(filed["reference"])
    with stack.client(None) as client:
        unknown = client.get("/portal/nonsense")
        early = client.post(f"/portal/{stack.token(filed)}/decision", data={"accept": "yes"})
        unreasoned = client.post(f"/portal/{stack.token(filed)}/decision", data={"accept": "no"})
    assert (unknown.status_code, early.status_code, unreasoned.status_code) == (404, 409, 422)
    for answer in (unknown, early, unreasoned):
        assert answer.headers["content-type"].startswith("text/html")
        assert 'lang="zh"' in answer.text
        assert 'lang="en"' in answer.text


def test_the_customers_token_is_never_logged(stack: Stack, capfd: pytest.CaptureFixture[str]) -> None:
    filed = stack.file()
    token = stack.token(filed)
    stack.get(None, f"/v1/portal/{token}")
    stack.get(None, f"/portal/{token}")
    stack.get(None, f"/portal/{token}/nowhere")
    stack.post(None, f"/v1/portal/{token}/survey", {"satisfied": True})
    written = eventually(lambda: (said := capfd.readouterr()).out + said.err)
    assert token not in written
    assert "/v1/portal/{token}" in written or "answered" not in written
    metrics = stack.get(None, "/metrics").text
    assert token not in metrics
    assert filed["reference"] not in metrics
