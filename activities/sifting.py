"""What waited for its reader, looked through once more before it is told."""

from collections.abc import Callable

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.names import SIFT, Gathered
from complaints.moot import still_to_be_told
from records.errors import RecordsError
from records.queries import Queries

SIFT_FAILED = "sift_failed"
"""The type of a failure that may pass."""

_AT_A_TIME = 100

log = structlog.get_logger(__name__)


class Sifting:
    """The activity that looks up, in the records, which of the messages that have waited must still be told."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries

    def all(self) -> list[Callable[[Gathered], tuple[str, ...]]]:
        """The activities to register with a worker; they block, and want a thread pool."""
        return [self.sift]

    @activity.defn(name=SIFT)
    def sift(self, gathered: Gathered) -> tuple[str, ...]:
        """The keys of the messages that must still be told; the records may lag a little behind the cases.

        Raises ApplicationError, of type `sift_failed`, whose words hold nothing personal.
        """
        references = sorted({message.reference for message in gathered.messages})
        parts = [references[first : first + _AT_A_TIME] for first in range(0, len(references), _AT_A_TIME)]
        try:
            cases = {case.reference: case for part in parts for case in self._queries.cases(part)}
        # None of these is chained: Temporal stores a failure with its causes, in clear.
        except RecordsError as failure:
            log.warning("sift_failed", why=failure.en)
            raise ApplicationError(str(failure), type=SIFT_FAILED) from None
        except Exception as failure:
            why = type(failure).__name__
            log.error("sift_failed", why=why)
            raise ApplicationError(f"无法读取记录。 / Could not read. ({why})", type=SIFT_FAILED) from None
        told = tuple(message.key for message in still_to_be_told(gathered.messages, cases))
        if len(told) < len(gathered.messages):
            log.info("messages_left_out", left_out=len(gathered.messages) - len(told), told=len(told))
        return told
