"""The histories of every released version can still be replayed: no running case is broken by new code."""

from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner
from temporalio.workflow import NondeterminismError

from complaints.steps import Alert
from workflows import lanes
from workflows.complaint import ComplaintWorkflow
from workflows.converter import data_converter
from workflows.digest import DigestWorkflow
from workflows.turns import InOrder

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*/*.json"))


def history(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(f"complaint-{path.stem}", path.read_text(encoding="utf-8"))


def replayer() -> Replayer:
    """Replays as the product runs, but in the sandbox: a call that is not repeatable fails there."""
    runner = InOrder(SandboxedWorkflowRunner())
    return Replayer(
        workflows=[ComplaintWorkflow, DigestWorkflow], data_converter=data_converter, workflow_runner=runner
    )


def test_there_are_histories_to_replay() -> None:
    assert len(HISTORIES) >= 7


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: f"{path.parent.name}-{path.stem}")
async def test_a_recorded_life_is_lived_again_just_as_it_was(path: Path) -> None:
    await replayer().replay_workflow(history(path))


async def test_an_incompatible_change_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(lanes.ACTIVITY, Alert, "shout")
    result = await replayer().replay_workflow(history(HISTORIES[0]), raise_on_replay_failure=False)
    assert isinstance(result.replay_failure, NondeterminismError)
