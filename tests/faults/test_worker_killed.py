"""The worker killed: in the middle of saving, just when it has saved, and while a command waits for it."""

from concurrent.futures import ThreadPoolExecutor

from tests.faults.conftest import NewSite
from tests.faults.invariants import assert_all
from tests.faults.post import Post
from tests.faults.processes import NOTHING_ELSE_STIRS, escalated, locked

ONE_IS_DUE = "minute_seconds: 0.2\npromises: {first_contact: {minutes: 60, warn_at: []}}"
"""The first contact is due after 12 s; its escalations follow 3 s apart."""


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
