"""A customer who says nothing, on a real server whose clock the test turns."""

from complaints import commands as cmd
from complaints.vocabulary import Channel, MessageKind, Stage
from tests.complaints.support import policy
from tests.workflows.harness import CUSTOMER, Centre, Life, Mailbox, solution

TERMS = {"follow_up_minutes": [60], "last_notice_minutes": 180, "accept_minutes": 300}


async def unanswered(centre: Centre) -> Life:
    life = await centre.file(policy(silence=TERMS))
    await life.do(cmd.RecordContact, channel=Channel.PHONE, reached=True)
    await life.do(cmd.ProposeSolution, solution=solution())
    await life.until(lambda case: case.rounds[-1].reached_at)
    return life


async def test_silence_is_followed_up_announced_and_then_counts_as_acceptance(centre: Centre, email: Mailbox) -> None:
    life = await unanswered(centre)
    await life.pass_time(61)
    await life.until(lambda case: case.rounds[-1].follow_ups == 1)
    await life.pass_time(120)
    case = await life.until(lambda case: case.rounds[-1].noticed_at)
    assert case.stage is Stage.PROPOSED
    await life.pass_time(121)
    case = await life.until(lambda case: case.stage is Stage.AGREED and not case.pending)
    assert case.rounds[-1].accepted_by_silence
    assert not case.open_holds()
    assert await life.saved() == case
    to_customer = [letter.kind for letter, route in email.letters if route.address == "xiaoyu@customer.example"]
    assert to_customer == [
        MessageKind.ACKNOWLEDGEMENT,
        MessageKind.SOLUTION,
        MessageKind.SOLUTION_FOLLOW_UP,
        MessageKind.LAST_NOTICE,
        MessageKind.SILENT_ACCEPTANCE,
    ]


async def test_an_answer_before_the_end_keeps_the_silence_from_counting(centre: Centre) -> None:
    life = await unanswered(centre)
    await life.pass_time(181)
    await life.until(lambda case: case.rounds[-1].noticed_at)
    await life.do(cmd.RequestRevision, by=CUSTOMER, reason="想换货")
    await life.pass_time(60)
    case = await life.case()
    assert (case.stage, case.round) == (Stage.INVESTIGATING, 2)
