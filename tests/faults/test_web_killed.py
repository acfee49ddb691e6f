"""The web server killed between the moment at which the engine has accepted something and its answer."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.faults.conftest import NewSite
from tests.faults.invariants import assert_all
from tests.faults.post import Post
from tests.faults.processes import Site, a_complaint, to_the_top
from tests.faults.wire import Wire, wire_to
from tests.support.temporal import TemporalServer
from workflows.ids import intake_key, reference_for

POLICY = "minute_seconds: 0.3"
"""The first contact is due after 9 s."""


@pytest.fixture(scope="module")
def wire(engine: TemporalServer) -> Iterator[Wire]:
    with wire_to(engine.port) as wire:
        yield wire


@pytest.fixture(scope="module")
def site(new_site: NewSite, post: Post, wire: Wire) -> Site:
    site = new_site(POLICY, post.port, web_engine=wire.address)
    site.start()
    return site


def unanswered(site: Site, wire: Wire, ask: Callable[[], Any], accepted: Callable[[], object]) -> None:
    """Ask for something; the web server is killed when the engine has accepted it and before it can know."""
    wire.mute.set()
    with ThreadPoolExecutor(1) as caller:
        asked = caller.submit(ask)
        site.until(accepted, 4, "the engine accepts it")
        assert not asked.done()
        site.web.end()
        with pytest.raises(httpx.TransportError):
            asked.result()
    wire.mute.clear()
    site.web.start()
    site.wait_for_web()


def test_a_filing_that_was_never_answered_is_one_case_however_often_it_is_repeated(
    site: Site, wire: Wire, post: Post
) -> None:
    key, before = "filed-once", site.count_workflows()
    reference = reference_for(intake_key("channel", key), site.now())

    def ask() -> httpx.Response:
        return site.post("channel", "/v1/complaints", a_complaint(), key)

    unanswered(site, wire, ask, lambda: site.exists(reference))
    answers = [ask() for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201] * 3
    assert [answer.content for answer in answers] == [answers[0].content] * 3
    assert answers[0].json()["reference"] == reference
    site.until(lambda: site.count_workflows() == before + 1, 10, "there is one workflow more")
    other = site.post("channel", "/v1/complaints", a_complaint(detail="另一件事。"), key)
    assert other.status_code == 422
    site.until(lambda: to_the_top(site.case(reference)), 60, "its first contact is escalated")
    assert site.count_workflows() == before + 1
    assert_all(site.observe(post))


def test_a_command_that_was_never_answered_is_done_once_however_often_it_is_repeated(
    site: Site, wire: Wire, post: Post
) -> None:
    reference, key = site.file(), "contacted-once"

    def ask() -> httpx.Response:
        said = {"channel": "phone", "reached": True}
        return site.post("agent", f"/v1/complaints/{reference}/contacts", said, key)

    unanswered(site, wire, ask, lambda: site.case(reference).contacts)
    answers = [ask() for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert [answer.content for answer in answers] == [answers[0].content] * 3
    assert len(site.case(reference).contacts) == 1
    assert_all(site.observe(post))


def test_what_was_answered_before_the_kill_is_answered_the_same_after_it(site: Site, post: Post) -> None:
    def ask() -> httpx.Response:
        return site.post("channel", "/v1/complaints", a_complaint(), "answered-before")

    first = ask()
    site.web.end()
    site.web.start()
    site.wait_for_web()
    assert ask().content == first.content
    assert_all(site.observe(post))
