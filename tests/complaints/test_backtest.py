"""A draft is tried on journals of the past."""

from typing import Any

import pytest
from hypothesis import given

from complaints import commands as cmd
from complaints.backtest import BackTest, NotAJournal, Outcome, Verdict
from complaints.policy import Policy
from complaints.vocabulary import HoldReason, Level
from tests.complaints.strategies import COSTLY, LIVES
from tests.complaints.support import Life, policy, policy_content, promised
from tests.complaints.test_laws import play


def tried(life: Life, draft: Policy) -> dict[str, Verdict]:
    return {verdict.promise: verdict for verdict in BackTest(draft).of(life.journal, life.at)}


def before_and_after(life: Life, draft: Policy, promise: str) -> tuple[Outcome, Outcome]:
    verdict = tried(life, draft)[promise]
    return verdict.before, verdict.after


def longer(**minutes: int) -> Policy:
    return policy(promises=promised(**{kind: {"minutes": each, "by_category": {}} for kind, each in minutes.items()}))


def test_its_own_policy_changes_nothing() -> None:
    life = Life()
    life.wait(31)
    life.contact()
    life.task(minutes=33)
    life.ask(cmd.PutOnHold, reason=HoldReason.AWAITING_THIRD_PARTY)
    life.wait(200)
    life.ask(cmd.EndHold, hold="H1")
    life.propose()
    life.ask(cmd.RequestRevision, reason="想要换货")
    life.wait(500)
    verdicts = tried(life, life.case.policy).values()
    assert {verdict.before for verdict in verdicts} >= {Outcome.KEPT, Outcome.BROKEN}
    assert [verdict for verdict in verdicts if verdict.changed] == []


def test_more_time_would_have_kept_what_was_broken() -> None:
    life = Life()
    life.wait(40)
    life.contact()
    assert before_and_after(life, longer(first_contact=41), "first_contact-1") == (Outcome.BROKEN, Outcome.KEPT)
    assert before_and_after(life, longer(first_contact=39), "first_contact-1") == (Outcome.BROKEN, Outcome.BROKEN)


def test_less_time_would_have_broken_what_was_kept() -> None:
    life = Life()
    life.wait(20)
    life.contact()
    assert before_and_after(life, longer(first_contact=20), "first_contact-1") == (Outcome.KEPT, Outcome.KEPT)
    assert before_and_after(life, longer(first_contact=19), "first_contact-1") == (Outcome.KEPT, Outcome.BROKEN)


def test_nobody_would_have_been_escalated_to_for_what_would_have_been_kept() -> None:
    life = Life()
    life.wait(40)
    life.contact()
    assert tried(life, longer(first_contact=60))["escalation_ack-1"].after is Outcome.NOT_MADE


def test_the_terms_are_those_of_what_the_case_was_at_the_time() -> None:
    rules = [{"id": "urgent", "when": {"level": 1}, "minutes": 10}]
    draft = policy(promises=promised(first_contact={"rules": rules, "by_category": {}}))
    life = Life()
    life.wait(12)
    life.ask(cmd.Classify, level=Level.URGENT, reason="有人受伤")
    life.contact()
    assert before_and_after(life, draft, "first_contact-1") == (Outcome.KEPT, Outcome.BROKEN)
    spared = Life()
    spared.wait(12)
    spared.contact()
    spared.ask(cmd.Classify, level=Level.URGENT, reason="有人受伤")
    assert before_and_after(spared, draft, "first_contact-1") == (Outcome.KEPT, Outcome.KEPT)


def test_a_hold_counts_only_where_the_draft_allows_it() -> None:
    life = Life()
    life.contact()
    life.ask(cmd.PutOnHold, reason=HoldReason.AWAITING_THIRD_PARTY)
    life.wait(600)
    life.ask(cmd.EndHold, hold="H1")
    life.propose()
    holds = policy_content()["holds"]
    without = policy(holds={reason: terms for reason, terms in holds.items() if reason != "awaiting_third_party"})
    shorter = policy(holds=holds | {"awaiting_third_party": {"promises": ["resolution"], "longest_minutes": 300}})
    assert before_and_after(life, life.case.policy, "resolution-1") == (Outcome.KEPT, Outcome.KEPT)
    assert before_and_after(life, without, "resolution-1") == (Outcome.KEPT, Outcome.BROKEN)
    assert before_and_after(life, shorter, "resolution-1") == (Outcome.KEPT, Outcome.BROKEN)


def test_time_is_counted_on_the_drafts_calendars() -> None:
    life = Life()
    life.wait(9 * 60)
    life.contact()
    hours = {"timezone": "Asia/Shanghai", "hours": {"mon": ["09:00-18:00"], "fri": ["09:00-09:45"]}}
    draft = policy(calendars={"office": hours}, promises=promised(first_contact={"calendar": "office"}))
    verdict = tried(life, draft)["first_contact-1"]
    # From half past nine on Friday in Shanghai: a quarter of an hour, and another one on Monday.
    assert verdict.due is not None
    assert verdict.due.isoformat() == "2026-11-23T01:15:00+00:00"
    assert (verdict.before, verdict.after) == (Outcome.BROKEN, Outcome.KEPT)


def test_an_update_due_earlier_is_sent_earlier_by_the_system() -> None:
    life = Life()
    life.contact()
    life.wait(121)
    assert before_and_after(life, longer(progress_update=60), "progress_update-1") == (Outcome.KEPT, Outcome.KEPT)


def test_what_could_not_be_delivered_stays_broken_however_long_there_had_been() -> None:
    life = Life(post_works=False)
    life.contact()
    life.wait(120)
    life.fail(life.case.pending[-1].id)
    assert before_and_after(life, longer(progress_update=600), "progress_update-1") == (
        Outcome.BROKEN,
        Outcome.BROKEN,
    )


def test_what_was_never_done_would_have_lapsed_with_the_case() -> None:
    life = Life()
    life.wait(40)
    life.ask(cmd.Withdraw, reason="不再追究")
    assert before_and_after(life, longer(first_contact=60), "first_contact-1") == (Outcome.BROKEN, Outcome.WAIVED)


def test_what_was_waived_might_have_been_broken_before() -> None:
    life = Life()
    life.wait(20)
    life.ask(cmd.Withdraw, reason="不再追究")
    assert before_and_after(life, longer(first_contact=10), "first_contact-1") == (Outcome.WAIVED, Outcome.BROKEN)


def test_minutes_that_somebody_gave_a_department_stay_and_the_usual_ones_are_the_drafts() -> None:
    draft = policy(promises=promised(task_feedback={"minutes": 5}, task_completion={"minutes": 5}))
    life = Life()
    life.contact()
    life.task()
    life.task(minutes=90)
    life.wait(30)
    for task in life.case.tasks:
        life.ask(cmd.CompleteTask, task=task.id, outcome="已核实")
    after = {name: verdict.after for name, verdict in tried(life, draft).items()}
    assert after["task_completion-1"] is Outcome.BROKEN
    assert after["task_completion-2"] is Outcome.KEPT


def test_a_task_never_goes_beyond_what_the_draft_gives_the_case() -> None:
    life = Life()
    life.contact()
    life.task(minutes=100)
    life.wait(50)
    life.ask(cmd.CompleteTask, task=life.case.tasks[0].id, outcome="已核实")
    assert before_and_after(life, longer(resolution=40), "task_completion-1") == (Outcome.KEPT, Outcome.BROKEN)


def test_an_open_promise_is_judged_by_now() -> None:
    life = Life()
    life.contact()
    life.wait(100)
    assert before_and_after(life, longer(resolution=90), "resolution-1") == (Outcome.OPEN, Outcome.BROKEN)
    assert before_and_after(life, longer(resolution=110), "resolution-1") == (Outcome.OPEN, Outcome.OPEN)


def test_a_journal_with_a_gap_is_none() -> None:
    life = Life()
    life.contact()
    with pytest.raises(NotAJournal):
        BackTest(life.case.policy).of([life.journal[0], *life.journal[2:]])
    with pytest.raises(NotAJournal):
        BackTest(life.case.policy).of([])


@COSTLY
@given(LIVES)
def test_in_every_life_its_own_policy_changes_nothing(drawn: Any) -> None:
    life = play(drawn)
    life.ring()
    verdicts = BackTest(life.case.policy).of(life.journal)
    assert {verdict.promise: verdict.before for verdict in verdicts} == {
        promise.id: promise.state for promise in life.case.promises
    }
    assert [verdict for verdict in verdicts if verdict.changed] == []
