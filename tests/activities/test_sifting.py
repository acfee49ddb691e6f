"""What has waited is looked up in the records before it is told."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from temporalio import activity
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.names import SIFT, Gathered
from activities.sifting import SIFT_FAILED, Sifting
from complaints import commands as cmd
from complaints.messages import Message
from complaints.vocabulary import EscalationLevel, MessageKind
from records import migrate
from records.engine import connect
from records.queries import Queries
from records.store import Store
from tests.complaints.support import Life, policy


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'records.db'}"
    migrate(url)
    engine = connect(url, patience=timedelta(milliseconds=200))
    yield engine
    engine.dispose()


def escalated() -> tuple[Life, tuple[Message, ...]]:
    """A case with two escalations, one of them acknowledged, and what their person was to be told of them."""
    life = Life(policy())
    life.contact()
    for reason in ("客户情绪激动", "客户又来电"):
        life.ask(cmd.Escalate, level=EscalationLevel.TEAM_LEAD, reason=reason)
    life.ask(cmd.Acknowledge, escalation=life.case.escalations[0].id)
    return life, tuple(message.without_routes() for message in life.told(MessageKind.ESCALATION_ALERT))


def sift(engine: Engine, *messages: Message) -> tuple[str, ...]:
    return ActivityEnvironment().run(Sifting(Queries(engine)).sift, Gathered(messages=messages))


def test_the_activity_has_the_name_that_the_workflow_calls(engine: Engine) -> None:
    names = [activity._Definition.must_from_callable(each).name for each in Sifting(Queries(engine)).all()]
    assert names == [SIFT]


def test_what_the_records_say_is_over_is_left_out(engine: Engine) -> None:
    life, (over, open_) = escalated()
    assert sift(engine, over, open_) == (over.key, open_.key)
    Store(engine).save(life.case.reference, life.journal)
    assert sift(engine, over, open_) == (open_.key,)


def test_messages_of_more_cases_than_are_read_at_a_time_are_all_looked_up(engine: Engine) -> None:
    life, (over, open_) = escalated()
    Store(engine).save(life.case.reference, life.journal)
    unknown = [open_.model_copy(update={"reference": f"C-20261120-{number:010d}"}) for number in range(150)]
    assert sift(engine, over, *unknown, open_) == tuple(each.key for each in (*unknown, open_))


def test_records_that_cannot_be_read_are_an_error_that_tells_nothing(engine: Engine) -> None:
    life, messages = escalated()
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE journal"))
        connection.execute(text("ALTER TABLE cases RENAME TO elsewhere"))
    with pytest.raises(ApplicationError) as failed:
        sift(engine, *messages)
    assert failed.value.type == SIFT_FAILED
    assert failed.value.__cause__ is None
    assert not failed.value.non_retryable
    for private in (life.case.complaint.customer.name, "客户", "SELECT"):
        assert private not in str(failed.value)
