"""What staff and customers read of a silence: what follows next, until when, and how to object afterwards."""

import html
from datetime import timedelta

from api.pages import portal_page
from api.views import CaseView, PortalView
from complaints.silence import Asking
from complaints.vocabulary import Language
from tests.complaints.support import CUSTOMER, START, Life, policy

TERMS = {"follow_up_minutes": [60], "last_notice_minutes": 180, "accept_minutes": 300}


def proposed() -> Life:
    english = CUSTOMER.model_copy(update={"language": Language.ENGLISH})
    life = Life(policy(silence=TERMS), customer=english)
    life.contact()
    life.propose()
    return life


def seen(life: Life) -> CaseView:
    return CaseView.of(life.case, life.at, portal=None, department=None)


def page(life: Life) -> str:
    return html.unescape(bytes(portal_page(life.case, "/portal/x", "key").body).decode())


def test_staff_sees_what_the_silence_leads_to_next() -> None:
    life = proposed()
    steps = []
    for minutes in (0, 60, 120):
        life.wait(minutes)
        silence = seen(life).silence
        assert silence is not None
        steps.append((silence.what, (silence.at - START) / timedelta(minutes=1)))
    assert steps == [(Asking.FOLLOW_UP, 60), (Asking.LAST_NOTICE, 180), (Asking.ACCEPTANCE, 300)]
    life.wait(120)
    assert seen(life).silence is None
    assert seen(life).solutions[0].accepted_by_silence


def test_the_customer_reads_until_when_they_may_answer_once_they_were_told() -> None:
    life = proposed()
    life.wait(179)
    assert PortalView.of(life.case).accepted_at is None
    assert "we take it that you accept" not in page(life)
    life.wait(1)
    assert PortalView.of(life.case).accepted_at == START + timedelta(minutes=300)
    assert "If we hear nothing from you by 2026-11-20 14:30, we take it that you accept." in page(life)
    assert "如果在 2026-11-20 14:30 之前没有收到您的答复" in page(life)


def test_a_notice_that_has_not_arrived_binds_nobody() -> None:
    life = proposed()
    life.post_works = False
    life.wait(200)
    assert PortalView.of(life.case).accepted_at is None
    silence = seen(life).silence
    assert silence is None


def test_a_customer_who_was_taken_to_accept_can_object_on_their_page() -> None:
    life = proposed()
    life.wait(300)
    view = PortalView.of(life.case)
    assert (view.accepted_by_silence, view.next_steps) == (True, ("objection",))
    assert 'name="accept" value="no"' in page(life)
    assert 'name="accept" value="yes"' not in page(life)
