"""The worker killed with something to send: before a digest is due, and around the moment a mail is accepted."""

from collections.abc import Callable
from functools import partial

from complaints.quiet import told_at
from complaints.vocabulary import PromiseKind, PromiseState
from tests.faults.conftest import NewSite
from tests.faults.invariants import assert_all
from tests.faults.post import Mail, Post, Victim
from tests.faults.processes import NOTHING_ELSE_STIRS, escalated, wait_for

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
