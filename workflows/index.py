"""What of a case can be searched for in Temporal itself. Nothing personal: search attributes are stored in clear."""

from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey

with workflow.unsafe.imports_passed_through():
    from complaints.case import Case

STAGE = SearchAttributeKey.for_keyword("RedressStage")
LEVEL = SearchAttributeKey.for_int("RedressLevel")
CATEGORY = SearchAttributeKey.for_keyword("RedressCategory")
DEPARTMENT = SearchAttributeKey.for_keyword_list("RedressDepartment")
BROKEN = SearchAttributeKey.for_keyword_list("RedressBroken")
NEXT_DUE = SearchAttributeKey.for_datetime("RedressNextDue")

KEYS: tuple[SearchAttributeKey[Any], ...] = (STAGE, LEVEL, CATEGORY, DEPARTMENT, BROKEN, NEXT_DUE)


class Index:
    """Keeps the search attributes as the case is, writing only what has changed, once per turn of the workflow."""

    def __init__(self) -> None:
        self._written: dict[SearchAttributeKey[Any], Any] = {}

    def is_stale(self, case: Case) -> bool:
        return _values(case) != self._written

    def write(self, case: Case) -> None:
        values = _values(case)
        changed = [key for key in KEYS if values.get(key) != self._written.get(key)]
        workflow.upsert_search_attributes(
            [key.value_set(values[key]) if key in values else key.value_unset() for key in changed]
        )
        self._written = values


def _values(case: Case) -> dict[SearchAttributeKey[Any], Any]:
    values: dict[SearchAttributeKey[Any], Any] = {
        STAGE: case.stage.value,
        LEVEL: int(case.level),
        CATEGORY: case.category,
    }
    if departments := sorted({task.department for task in case.open_tasks()}):
        values[DEPARTMENT] = departments
    if broken := sorted({promise.kind.value for promise in case.broken()}):
        values[BROKEN] = broken
    due: datetime | None = case.next_due()
    if due is not None:
        values[NEXT_DUE] = due
    return values
