"""The records locked by somebody else, and a mail server that is away, hangs, or refuses for good."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest

from complaints.case import Case
from complaints.promises import Promise
from complaints.vocabulary import BreachCause, Channel, PromiseKind
from notifications.outbox import Sent
from tests.faults.conftest import NewSite
from tests.faults.invariants import assert_all, deadline_of
from tests.faults.post import Post, running_post
from tests.faults.processes import Site, locked, to_the_top, wait_for
from tests.notifications.mail_server import nobody

POLICY = "minute_seconds: 0.2"
"""First contact is due after 6 s, progress after 24 s; an escalation is to be acknowledged within 3 s."""

WITH_PHONES = f"""{POLICY}
chain:
  1: {{person: {{phone: "+86 139 0000 0001"}}}}
  2: {{person: {{phone: "+86 139 0000 0002"}}}}
  3: {{person: {{phone: "+86 139 0000 0003"}}}}
"""

CHAIN = ("team.lead@redress.example", "duty.manager@redress.example", "director@redress.example")
LOCKED = timedelta(seconds=30)
PROMPT = timedelta(seconds=3)
"""How late a timer may ring on a busy machine."""

PATIENCE = 110.0
"""A channel is given up after a minute, and a message is tried on the next one then; in seconds, with some to spare."""

TROUBLES = ("away", "hanging", "refusing")


@dataclass(frozen=True)
class Trouble:
    """A site whose mail server is no help: a case whose customer has a phone, too, and one whose customer has not."""

    site: Site
    with_phone: str
    only_mail: str


@pytest.fixture(scope="module")
def away() -> Iterator[ExitStack]:
    """What keeps the port of the absent mail server free of anybody; closing it lets the server come back."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture(scope="module")
def troubles(new_site: NewSite, away: ExitStack) -> Iterator[dict[str, Trouble]]:
    """All of them at once, for it takes a minute until a channel is given up."""
    with socket.create_server(("127.0.0.1", 0), backlog=1000) as silent, running_post() as refusing:
        refusing.refuses = "550 5.1.1 No such user"
        ports = {
            "away": away.enter_context(nobody()),
            "hanging": silent.getsockname()[1],
            "refusing": refusing.port,
        }
        sites = {name: new_site(WITH_PHONES, port) for name, port in ports.items()}
        for site in sites.values():
            site.worker.start()
            site.web.start()
        for site in sites.values():
            site.wait_for_web()
        yield {name: Trouble(site, site.file(phone="+86 138 0000 0000"), site.file()) for name, site in sites.items()}


@pytest.fixture(params=TROUBLES)
def trouble(request: pytest.FixtureRequest, troubles: dict[str, Trouble]) -> Trouble:
    return troubles[request.param]


@pytest.mark.usefixtures("troubles")  # they run on meanwhile
def test_a_locked_database_holds_up_nothing_but_the_journal(new_site: NewSite, post: Post) -> None:
    site = new_site(POLICY, post.port)
    site.start()
    with locked(site.database):
        over = site.now() + LOCKED
        late = [site.file(email=f"late{number}@customer.example") for number in range(4)]
        in_time = site.file(email="in.time@customer.example")
        site.do("agent", f"/v1/complaints/{in_time}/contacts", {"channel": "phone", "reached": True})
        site.until(lambda: all(to_the_top(site.case(each)) for each in late), 20, "they are escalated meanwhile")
        assert all(lateness(site.case(each), PromiseKind.FIRST_CONTACT) < PROMPT for each in late)
        for told in ("late0@customer.example", "in.time@customer.example", "desk@redress.example"):
            site.until(partial(post.to, told), 10, f"{told} has mail meanwhile")
        site.until(lambda: all(told_of(post, each) == set(late) for each in CHAIN), 10, "the chain hears of each")
        wait_for(over)
        assert site.queries.search().items == (), "nothing can have been saved"
    site.until(lambda: all(map(site.queries.version, [*late, in_time])), 30, "the journal is made up for")
    assert_all(site.observe(post))


def test_clocks_keep_time_whatever_the_mail_server_does(trouble: Trouble) -> None:
    site = trouble.site
    references = (trouble.with_phone, trouble.only_mail)
    site.until(lambda: all(to_the_top(site.case(each)) for each in references), 30, "they go up to the top")
    for reference in references:
        assert lateness(site.case(reference), PromiseKind.FIRST_CONTACT) < PROMPT
        assert lateness(site.case(reference), PromiseKind.ESCALATION_ACK) < PROMPT


def test_the_next_channel_carries_what_the_mail_server_does_not(trouble: Trouble) -> None:
    site, reference = trouble.site, trouble.with_phone
    site.until(lambda: by_sms(site, reference, "acknowledgement"), PATIENCE, "the customer is told")
    site.until(lambda: len(by_sms(site, reference, "escalation_alert")) >= 3, PATIENCE, "the whole chain is told")
    customer, *_ = by_sms(site, reference, "acknowledgement")
    assert customer.address == "+86 138 0000 0000"
    assert {letter.address[-1] for letter in by_sms(site, reference, "escalation_alert")} >= {"1", "2", "3"}


def test_a_promise_that_no_channel_can_keep_is_broken_and_escalated(
    trouble: Trouble, request: pytest.FixtureRequest
) -> None:
    site = trouble.site
    site.until(lambda: broken(site.case(trouble.only_mail), PromiseKind.PROGRESS_UPDATE), 60, "it is broken")
    promise = broken(site.case(trouble.only_mail), PromiseKind.PROGRESS_UPDATE)[0]
    at_once = request.node.callspec.params["trouble"] == "refusing"
    assert promise.cause is (BreachCause.UNDELIVERABLE if at_once else BreachCause.OVERDUE)
    assert promise.id in {each.promise for each in site.case(trouble.only_mail).escalations}
    assert_all(site.observe())


def test_mail_goes_out_again_once_the_server_is_back(troubles: dict[str, Trouble], away: ExitStack) -> None:
    site, back = troubles["away"].site, Post()
    waiting = site.file(email="waiting@customer.example")
    site.until(lambda: tried_in_vain(site, waiting), 20, "its mail has been tried in vain")
    assert site.mail_port
    back.port = site.mail_port
    away.close()
    with running_post(back):
        site.until(lambda: back.to("waiting@customer.example"), 40, "the customer has mail")
        site.until(lambda: to_the_top(site.case(waiting)), 30, "its first contact is escalated")
        observed = site.observe(back)
    acknowledgements = [mail for mail in back.mails if observed.key_of(mail) == f"{waiting}/acknowledgement-1"]
    assert len(acknowledgements) == 1
    assert_all(observed)


def tried_in_vain(site: Site, reference: str) -> bool:
    return any("message_not_delivered" in line and reference in line for line in site.worker.said().splitlines())


def told_of(post: Post, address: str) -> set[str]:
    return {mail.reference for mail in post.to(address)}


def broken(case: Case, kind: PromiseKind) -> list[Promise]:
    return [promise for promise in case.broken() if promise.kind is kind]


def lateness(case: Case, kind: PromiseKind) -> timedelta:
    """How long after its time the first promise of a kind was found to be broken."""
    promise = broken(case, kind)[0]
    deadline = deadline_of(case, promise)
    assert deadline
    assert promise.settled_at
    return promise.settled_at - deadline


def by_sms(site: Site, reference: str, kind: str) -> list[Sent]:
    """The messages of a kind about a case that went out by SMS."""
    letters = site.outbox.list(reference, limit=500).letters
    return [letter for letter in letters if letter.kind == kind and letter.channel is Channel.SMS]
