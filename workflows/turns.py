"""In which order a case learns of what came together: what happened first, then what people ask.

A worker that has lost a case (killed, restarted, short of memory) may be handed a result, or the case's very start,
together with a command, while a replay of the same history hands them over one after the other. Left alone, the library
lets the command go first where they come together. The same history could then lead to effects in two orders, and the
case would stop for good, clocks and all: https://github.com/temporalio/sdk-python/issues/1591.
"""

from collections.abc import Sequence
from typing import Any

from temporalio import workflow
from temporalio.bridge.proto.workflow_activation import WorkflowActivation, WorkflowActivationJob
from temporalio.bridge.proto.workflow_commands import WorkflowCommand
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner

ASKED = ("do_update", "signal_workflow")
ENDINGS = ("complete_workflow_execution", "continue_as_new_workflow_execution", "fail_workflow_execution")


class InOrder(WorkflowRunner):
    """A runner whose workflows take what happened before what is asked. To be given to every worker and replayer."""

    def __init__(self, runner: WorkflowRunner) -> None:
        self._runner = runner

    def prepare_workflow(self, defn: workflow._Definition) -> None:
        self._runner.prepare_workflow(defn)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        return _InOrder(self._runner.create_instance(det))

    def set_worker_level_failure_exception_types(self, types: Sequence[type[BaseException]]) -> None:
        self._runner.set_worker_level_failure_exception_types(types)


class _InOrder(WorkflowInstance):
    def __init__(self, instance: WorkflowInstance) -> None:
        self._instance = instance

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        asked = [job for job in act.jobs if _is_one_of(job, ASKED)]
        happened = [job for job in act.jobs if not _is_one_of(job, ASKED)]
        if not asked or not happened:
            return self._instance.activate(act)
        first = _only(act, happened)
        # A run that handed the case over now would lose what is about to be asked of it.
        first.continue_as_new_suggested = False
        before = self._instance.activate(first)
        if before.HasField("failed"):
            return before
        after = self._instance.activate(_only(act, asked))
        if after.HasField("failed"):
            return after
        commands = [*before.successful.commands, *after.successful.commands]
        commands.sort(key=_ends_the_run)
        del after.successful.commands[:]
        after.successful.commands.extend(commands)
        after.successful.used_internal_flags.extend(before.successful.used_internal_flags)
        return after

    def get_serialization_context(self, command_info: Any) -> Any:
        return self._instance.get_serialization_context(command_info)

    def get_external_store_context(self, command_info: Any) -> Any:
        return self._instance.get_external_store_context(command_info)

    def get_info(self) -> Any:
        return self._instance.get_info()

    def get_thread_id(self) -> int | None:
        return self._instance.get_thread_id()


def _is_one_of(job: WorkflowActivationJob, kinds: Sequence[str]) -> bool:
    return job.WhichOneof("variant") in kinds


def _ends_the_run(command: WorkflowCommand) -> bool:
    return command.WhichOneof("variant") in ENDINGS


def _only(act: WorkflowActivation, jobs: Sequence[WorkflowActivationJob]) -> WorkflowActivation:
    part = WorkflowActivation()
    part.CopyFrom(act)
    del part.jobs[:]
    part.jobs.extend(jobs)
    return part
