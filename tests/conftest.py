"""The order of the suite: the files that take longest come first, so that no worker is left alone with one at the end.

Those that wait alternate with those that compute. It takes effect with `--no-loadscope-reorder`, as in `make test`.
"""

import pytest

_FIRST = (
    "tests/faults/test_sender_killed.py",
    "tests/deploy/test_local.py",
    "tests/complaints/test_laws.py",
    "tests/faults/test_worker_killed.py",
    "tests/deploy/test_cli_stack.py",
    "tests/faults/test_collaborators_away.py",
    "tests/complaints/test_working_time.py",
    "tests/faults/test_temporal_killed.py",
    "tests/faults/test_web_killed.py",
    "tests/workflows/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(
        key=lambda item: next((at for at, path in enumerate(_FIRST) if item.nodeid.startswith(path)), len(_FIRST))
    )
