"""The journal kept: what was decided goes into the records."""

from collections.abc import Callable

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError, CancelledError

from activities.names import SAVE, Unsaved
from records.errors import JournalConflict, RecordsError
from records.store import Store

JOURNAL_CONFLICT = "journal_conflict"
"""The type of the one failure that no further attempt will mend: the records hold another entry."""

SAVE_FAILED = "save_failed"
"""The type of a failure that may pass."""

log = structlog.get_logger(__name__)


class Journal:
    """The activity that saves entries.

    It may run more than once for the same entries; the records know which they have.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[Callable[[Unsaved], int]]:
        """The activities to register with a worker; they block, and want a thread pool."""
        return [self.save]

    @activity.defn(name=SAVE)
    def save(self, unsaved: Unsaved) -> int:
        """Put entries into the records, and return the version that the case has there.

        Raises ApplicationError, of type `journal_conflict` (never retried) or `save_failed`, whose words hold
        nothing personal.
        """
        line = log.bind(reference=unsaved.reference, attempt=activity.info().attempt)
        try:
            version = self._store.save(unsaved.reference, unsaved.entries)
        # None of these is chained: Temporal stores a failure with its causes, in clear.
        except JournalConflict as conflict:
            line.error("journal_conflict", sequence=conflict.sequence)
            raise ApplicationError(str(conflict), type=JOURNAL_CONFLICT, non_retryable=True) from None
        except RecordsError as failure:
            line.warning("save_failed", why=failure.en)
            raise ApplicationError(str(failure), type=SAVE_FAILED) from None
        except CancelledError:
            # The worker is being stopped; another one saves.
            raise
        except Exception as failure:
            # Its text may quote the complaint; its kind cannot.
            why = type(failure).__name__
            line.error("save_failed", why=why)
            raise ApplicationError(f"无法保存。 / Could not save. ({why})", type=SAVE_FAILED) from None
        line.info("saved", version=version)
        return version
