"""The life of one complaint, kept by one workflow from the moment it is filed until nobody can ask anything of it."""

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from complaints import Decision, Refusal, check, decide, open_case, rings
    from complaints.case import Case, Receipt
    from complaints.commands import BaseCommand, CheckClocks, Escalate, RecordDelivery
    from complaints.parties import CLOCK, MESSENGER, Actor
    from complaints.vocabulary import Role, Stage
    from workflows.ids import (
        ACT,
        CASE,
        ESCALATE,
        UNDELIVERED,
        WORKFLOW,
        EscalationSignal,
        Opening,
        Request,
        Undelivered,
    )
    from workflows.index import Index
    from workflows.lanes import Lanes
    from workflows.summaries import of_case, of_ring
    from workflows.timers import Timers


@workflow.defn(name=WORKFLOW)
class ComplaintWorkflow:
    """Keeps the promises of one complaint.

    Whatever is asked, by a person or by time, goes through `decide`; the workflow adopts the decision and lets its
    lanes and timers perform it. No handler ever waits.
    """

    @workflow.init
    def __init__(self, opening: Opening) -> None:
        received = workflow.info().workflow_start_time
        first = open_case(opening.filing, received) if opening.filing else Decision((), opening.carried(), ())
        self._case = first.case
        self._signals = 0
        self._bug: Exception | None = None
        self._index = Index()
        self._lanes = Lanes(self._case.policy, self._report)
        self._timers = Timers(self._let_time_pass, lambda ring: of_ring(self._case, ring))
        self._adopt(first)

    @workflow.run
    async def run(self, opening: Opening) -> Stage:
        """Wait until the case is finished; its stage then is the result."""
        while not self._is_over():
            self._index.write(self._case)
            await workflow.wait_condition(lambda: self._is_over() or self._index.is_stale(self._case))
        if self._bug is not None:
            raise self._bug
        if not self._case.is_finished:
            workflow.continue_as_new(Opening(case=self._case))
        return self._case.stage

    @workflow.update(name=ACT)
    def act(self, request: Request) -> Receipt:
        """Do what a command asks, and say which version of the case it led to, without what the asker knows."""
        decision = self._decided(request.command)
        self._adopt(decision)
        if decision.receipt is None:
            raise ApplicationError("a command without a receipt", type="internal_error", non_retryable=True)
        return decision.receipt.for_asker()

    @act.validator
    def _may_act(self, request: Request) -> None:
        """Refuse, before anything is written to history, what the case does not allow."""
        if request.subject.startswith("C-") and request.subject != self._case.reference:
            raise _refused(Refusal("reference_unknown"))
        try:
            check(self._case, request.command, workflow.now())
        except Refusal as refusal:
            raise _refused(refusal) from None

    @workflow.query(name=CASE)
    def case(self) -> Case:
        """The case as it is now."""
        return self._case

    @workflow.signal(name=ESCALATE)
    def escalate(self, signal: EscalationSignal) -> None:
        """Raise an escalation from Temporal's own tools, where there is nobody to answer a refusal to."""
        self._signals += 1
        command = Escalate(
            id=f"signal/{workflow.info().run_id}/{self._signals}",
            by=Actor(role=Role.SUPERVISOR, name=signal.by),
            level=signal.level,
            reason=signal.reason,
        )
        try:
            self._adopt(decide(self._case, command, workflow.now()))
        except Refusal as refusal:
            workflow.logger.warning("an escalation by signal was refused: %s", refusal.name)

    @workflow.signal(name=UNDELIVERED)
    def undelivered(self, signal: Undelivered) -> None:
        """Note that a message which waited with others reached its reader on no channel."""
        name = f"delivery/{signal.message}"
        self._report(RecordDelivery(id=name, by=MESSENGER, message=signal.message, tried=signal.tried))

    def _decided(self, command: BaseCommand) -> Decision:
        """A decision, or a failure of this one command: an error of ours must never freeze the case and its clocks."""
        try:
            return decide(self._case, command, workflow.now())
        except Refusal as refusal:
            raise _refused(refusal) from None
        except Exception as bug:
            workflow.logger.exception("a command could not be decided")
            raise ApplicationError("a command could not be decided", type="internal_error", non_retryable=True) from bug

    def _let_time_pass(self) -> None:
        self._take(CheckClocks(id="clock", by=CLOCK))

    def _report(self, command: RecordDelivery) -> None:
        self._take(command)

    def _take(self, command: BaseCommand) -> None:
        """Adopt what our own clocks and lanes report; an error of ours fails the workflow task until it is mended."""
        try:
            self._adopt(decide(self._case, command, workflow.now()))
        except Exception as bug:
            self._bug = bug

    def _adopt(self, decision: Decision) -> None:
        """Make a decision's case the case, and let everything that it asks for be performed."""
        self._case = decision.case
        self._lanes.save(self._case.reference, decision.entries)
        for step in decision.steps:
            self._lanes.perform(step)
        self._timers.set(rings(self._case, workflow.now()))
        workflow.set_current_details(of_case(self._case))

    def _is_over(self) -> bool:
        """Whether this run may end: finished, or long enough to be carried on by a new one, and nothing under way."""
        if self._bug is not None:
            return True
        ready = self._case.is_finished or workflow.info().is_continue_as_new_suggested()
        return ready and self._lanes.is_idle() and workflow.all_handlers_finished()


def _refused(refusal: Refusal) -> ApplicationError:
    details = (refusal.ground.value, refusal.detail.zh, refusal.detail.en)
    return ApplicationError(refusal.name, *details, type=refusal.name, non_retryable=True)
