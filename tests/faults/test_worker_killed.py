"""The worker killed: in the middle of saving, just when it has saved, and around the moment a mail is accepted."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from complaints.quiet import told_at
from complaints.vocabulary import PromiseKind, PromiseState
from tests.faults.conftest import NewSite
from tests.faults.invariants import assert_all
from tests.faults.post import Mail, Post, Victim
from tests.faults.processes import Site, locked, to_the_top, wait_for

ONE_IS_DUE = "minute_seconds: 0.2\npromises: {first_contact: {minutes: 60, warn_at: []}}"
"""The first contact is due after 12 s; its escalations follow 3 s apart."""

NOTHING_ELSE_STIRS = """minute_seconds: 1
promises:
  first_contact: {minutes: 40, warn_at: []}
  escalation_ack: {minutes: 3, warn_at: []}
"""
"""One promise falls due after 40 s; until then there are no messages but those that a test causes."""

TOLD_TOGETHER = """minute_seconds: 0.1
promises:
  first_contact: {minutes: 1200, by_category: {}, warn_at: [0.005]}
  progress_update: {minutes: 5000, warn_at: []}
  resolution: {minutes: 5000, complex_minutes: 6000, warn_at: []}
people:
  desk: {name: 客服台, email: desk@redress.example, digest_minutes: 200}
"""
"""The desk hears every 20 s of what can wait: that a first contact will be due, which comes up 0.6 s after filing."""

CUTS: dict[str, tuple[Callable[[Post, str, Victim], None], int]] = {
    "while it sends": (Post.kill_while_sending, 1),
    "before it hears that the mail is accepted": (Post.kill_before_answering, 2),
    "after it has heard so": (Post.kill_after_answering, 2),
}
"""How often the mail server accepts a mail whose sender was killed at that moment."""


def escalated(site: Site, references: list[str]) -> None:
    """Return when the first contact of each case is broken, and whoever is at the top of the chain was told."""
    site.until(lambda: all(to_the_top(site.case(each)) for each in references), 60, "all are escalated")


def test_a_save_that_its_worker_did_not_survive_is_made_up_for(new_site: NewSite, post: Post) -> None:
    site = new_site(ONE_IS_DUE, post.port)
    site.start()
    with locked(site.database):
        references = [site.file() for _ in range(3)]
        site.until(lambda: all(site.under_way(each) == {"save"} for each in references), 20, "only saves are left")
        site.worker.end()
    assert [site.queries.version(each) for each in references] == [None] * 3
    site.worker.start()
    site.until(lambda: all(map(site.queries.version, references)), 40, "the saves are made up for")
    escalated(site, references)
    assert_all(site.observe(post))


def test_a_worker_killed_just_when_it_has_saved_saves_nothing_twice(new_site: NewSite) -> None:
    # Without a mail server: what else was under way at that moment is no business of this test.
    site = new_site(ONE_IS_DUE, None)
    site.start()
    with ThreadPoolExecutor(4) as callers:
        filings = [callers.submit(site.file) for _ in range(12)]
        site.until(lambda: len(site.queries.search().items) >= 3, 20, "some are saved")
        site.worker.end()
        references = [filing.result() for filing in filings]
    site.worker.start()
    site.until(lambda: all(map(site.queries.version, references)), 40, "all are saved")
    escalated(site, references)
    assert_all(site.observe())


def test_a_case_whose_command_waited_for_a_worker_outlives_that_worker_too(new_site: NewSite) -> None:
    # Two results that ask for nothing, and then a command: the second worker, which never saw the case, may be handed
    # the last result and the command at once; the third one learns of them in turn, and must come to the same.
    site = new_site(NOTHING_ELSE_STIRS, None)
    site.start()
    references = [site.file() for _ in range(3)]

    def ask(reference: str) -> bool:
        said = {"channel": "phone", "reached": True}
        return site.post("agent", f"/v1/complaints/{reference}/contacts", said, "one-key").status_code == 200

    site.until(lambda: site.idle(*references), 20, "what filing causes is done")
    with locked(site.database):
        for each in references:
            site.do("supervisor", f"/v1/complaints/{each}/escalations", {"level": 1, "reason": "客户要求"})
        site.until(lambda: all(site.under_way(each) == {"save"} for each in references), 20, "first the alert is out")
    site.until(lambda: site.idle(*references), 20, "and then it is saved")
    site.worker.end()
    with ThreadPoolExecutor(len(references)) as callers:
        waiting = [callers.submit(ask, reference) for reference in references]
        site.until(lambda: all(map(site.waits, references)), 4, "the engine has the commands, and nobody to do them")
        site.worker.start()
        assert len([answer.result() for answer in waiting]) == len(references)
    site.until(lambda: all(map(ask, references)), 20, "they are done")
    site.until(lambda: site.idle(*references), 20, "and what they cause")
    site.worker.end()
    site.worker.start()
    assert_all(site.observe())


def test_a_worker_killed_before_a_digest_is_due_loses_nothing_of_it_and_sends_it_once(
    new_site: NewSite, post: Post
) -> None:
    site = new_site(TOLD_TOGETHER, post.port)
    site.start()
    wait_for(told_at(site.terms, site.terms.desk, site.now()))
    references = [site.file() for _ in range(3)]
    due = told_at(site.terms, site.terms.desk, site.now())
    site.until(lambda: all(any(p.warned for p in site.case(each).promises) for each in references), 15, "all warn")
    site.until(lambda: site.idle(*references), 15, "all have left their reminders")
    site.worker.end()
    wait_for(due)
    site.worker.start()

    def digests() -> list[Mail]:
        return [mail for mail in post.to("desk@redress.example") if mail.reference.startswith("digest-")]

    site.until(digests, 30, "the digest is sent")
    site.until(lambda: site.idle(*references), 20, "nothing more is under way")
    assert len(digests()) == 1
    to_the_desk = [mail for mail in post.to("desk@redress.example") if mail.reference in references]
    assert len(to_the_desk) == len(references), "nothing but the scripts, which never wait"
    assert_all(site.observe())


def test_a_mail_cut_short_is_sent_again_under_its_own_id(new_site: NewSite, post: Post) -> None:
    site = new_site(NOTHING_ELSE_STIRS, post.port)
    site.start()
    customers = {moment: f"{number}@customer.example" for number, moment in enumerate(CUTS)}
    references = {moment: site.file(email=customers[moment]) for moment in CUTS}
    site.until(lambda: site.idle(*references.values()), 20, "what filing causes is done")
    before = {moment: len(post.to(customers[moment])) for moment in CUTS}
    for moment, (plan, _) in CUTS.items():
        post.struck.clear()
        plan(post, customers[moment], site.worker)
        site.do("agent", f"/v1/complaints/{references[moment]}/updates", {"text": "已联系仓库。"})
        site.until(post.struck.is_set, 15, f"the worker is killed {moment}")
        site.worker.end()
        site.worker.start()
        site.until(partial(site.case, references[moment]), 20, "a worker is back")

    def sent(moment: str) -> list[str]:
        return [mail.id for mail in post.to(customers[moment])[before[moment] :]]

    expected = {moment: times for moment, (_, times) in CUTS.items()}
    site.until(lambda: {moment: len(sent(moment)) for moment in CUTS} == expected, 40, "they are sent again")
    site.until(lambda: site.idle(*references.values()), 20, "nothing more is sent")
    assert {moment: len(sent(moment)) for moment in CUTS} == expected
    assert {moment: len(set(sent(moment))) for moment in CUTS} == dict.fromkeys(CUTS, 1)
    escalated(site, list(references.values()))
    for reference in references.values():
        states = {promise.kind: promise.state for promise in site.case(reference).promises}
        assert states[PromiseKind.FIRST_CONTACT] is PromiseState.BROKEN
        assert states[PromiseKind.PROGRESS_UPDATE] is not PromiseState.BROKEN
    assert_all(site.observe(post))
