"""The Temporal server killed with timers pending, and brought back when they should long have rung."""

from datetime import timedelta

from complaints.vocabulary import PromiseKind, PromiseState
from tests.faults.conftest import NewSite
from tests.faults.invariants import assert_all
from tests.faults.post import Post
from tests.faults.processes import a_complaint, to_the_top, wait_for
from tests.support.temporal import TemporalServer

POLICY = "minute_seconds: 0.2\npromises: {first_contact: {minutes: 60, warn_at: []}, escalation_ack: {minutes: 20}}"
"""The first contact is due after 12 s, and each escalation is to be acknowledged within 4 s."""

BEYOND = timedelta(seconds=3)
"""How long after the last due time the server comes back."""


def test_promises_that_fell_due_while_the_engine_was_dead_are_broken_and_escalated_when_it_is_back(
    engine: TemporalServer, new_site: NewSite, post: Post
) -> None:
    site = new_site(POLICY, post.port)
    site.start()
    late, in_time = [site.file() for _ in range(3)], site.file()
    site.do("agent", f"/v1/complaints/{in_time}/contacts", {"channel": "phone", "reached": True})
    site.until(lambda: site.idle(*late, in_time), 20, "nothing is under way but the clocks")
    promises = [next(site.case(each).open_promises(PromiseKind.FIRST_CONTACT)) for each in late]
    engine.stop()

    asked = site.post("channel", "/v1/complaints", a_complaint(), "filed-while-it-is-dead")
    assert asked.status_code == 503
    assert int(asked.headers["Retry-After"]) > 0
    assert asked.headers["Content-Type"] == "application/problem+json"
    due = max(promise.due for promise in promises if promise.due)
    assert site.now() < due, "the timers must be pending when the server is killed"
    wait_for(due + BEYOND)

    engine.start()
    site.wait_for_web()
    back = site.now()
    again = [site.post("channel", "/v1/complaints", a_complaint(), "filed-while-it-is-dead") for _ in range(2)]
    assert [answer.status_code for answer in again] == [201, 201]
    assert again[0].content == again[1].content
    site.until(lambda: all(site.case(each).broken() for each in late), 20, "they are broken")
    for reference in late:
        broken = next(each for each in site.case(reference).broken() if each.kind is PromiseKind.FIRST_CONTACT)
        assert broken.settled_at
        assert broken.settled_at < back + timedelta(seconds=15)
    site.until(lambda: all(to_the_top(site.case(each)) for each in late), 60, "nobody acknowledges: up to the top")
    kept = next(each for each in site.case(in_time).promises if each.kind is PromiseKind.FIRST_CONTACT)
    assert kept.state is PromiseState.KEPT
    site.until(lambda: site.count_workflows() == 5, 10, "each was filed once")
    assert_all(site.observe(post))
