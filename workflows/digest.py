"""What waits for one person: told together, in one message, when they wish to hear of it."""

from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError

with workflow.unsafe.imports_passed_through():
    from pydantic import JsonValue

    from activities.names import ADD, ALERT, DIGEST, SIFT, Gathered, Waiting, records_queue
    from complaints.messages import Message
    from complaints.vocabulary import MessageKind
    from workflows.delivering import Outcome, deliver
    from workflows.ids import UNDELIVERED, Undelivered, workflow_id
    from workflows.retries import SIFT_ATTEMPT, SIFT_PATIENCE, SIFT_RETRIES
    from workflows.summaries import SIFTING, of_digest

MOST = 200
"""How many messages one digest stands for at the most; where there are more it comes in several parts."""


@workflow.defn(name=DIGEST)
class DigestWorkflow:
    """Keeps the messages for one person until a certain instant, and delivers each of them once.

    What was seen to meanwhile is left out, as far as the records tell; where nothing is left, nothing is sent. What
    arrives while it delivers goes out next. The keys of all that it took charge of are its result, by which whoever is
    late learns whether a message is among them.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, Waiting] = {}
        self._taken: dict[str, None] = {}
        self._sent = 0

    @workflow.run
    async def run(self, due: datetime) -> tuple[str, ...]:
        """Wait until `due`, and deliver what has come."""
        if (remaining := due - workflow.now()).total_seconds() > 0:
            await workflow.sleep(remaining, summary=of_digest(due))
        await workflow.wait_condition(lambda: bool(self._waiting))
        while self._waiting:
            part = list(self._waiting.values())[:MOST]
            told = await self._still_to_be_told(part)
            outcome = await self._deliver(told) if told else None
            for each in part:
                del self._waiting[each.message.key]
            if outcome is not None and outcome.channel is None:
                await self._report(told, outcome)
        return tuple(self._taken)

    @workflow.signal(name=ADD)
    def add(self, waiting: Waiting) -> None:
        """Take charge of a message, unless it came before."""
        key = waiting.message.key
        if key not in self._taken:
            self._taken[key] = None
            self._waiting[key] = waiting

    async def _still_to_be_told(self, part: list[Waiting]) -> list[Waiting]:
        """What of it must still be told: all, where the records cannot be asked."""
        try:
            keys = await workflow.execute_activity(
                SIFT,
                Gathered(messages=tuple(each.message.without_routes() for each in part)),
                result_type=tuple[str, ...],
                task_queue=records_queue(workflow.info().task_queue),
                start_to_close_timeout=SIFT_ATTEMPT,
                schedule_to_close_timeout=SIFT_PATIENCE,
                retry_policy=SIFT_RETRIES,
                summary=SIFTING,
            )
        except ActivityError:
            workflow.logger.warning("the records were not asked what must still be told")
            return part
        return [each for each in part if each.message.key in keys]

    async def _deliver(self, part: list[Waiting]) -> Outcome:
        """A single message goes out as it is."""
        patience = max(each.patience for each in part)
        if len(part) == 1:
            return await deliver(ALERT, part[0].message, patience)
        self._sent += 1
        first = part[0].message
        items: list[JsonValue] = [_item(each.message) for each in part]
        digest = Message(
            reference=workflow.info().workflow_id,
            id=f"{MessageKind.DIGEST}-{self._sent}",
            kind=MessageKind.DIGEST,
            to=first.to,
            timezone=first.timezone,
            facts={"items": items},
        )
        return await deliver(ALERT, digest, patience)

    async def _report(self, part: list[Waiting], outcome: Outcome) -> None:
        """Tell each case that its message reached nobody; one that is finished need not know."""
        for each in part:
            case = workflow.get_external_workflow_handle(workflow_id(each.message.reference))
            lost = Undelivered(message=each.message.id, tried=outcome.tried)
            try:
                await case.signal(UNDELIVERED, lost)
            except FailureError:
                workflow.logger.warning("an undelivered message of a finished case: %s", each.message.key)


def _item(message: Message) -> JsonValue:
    return {"reference": message.reference, "kind": message.kind.value, "facts": message.facts}
