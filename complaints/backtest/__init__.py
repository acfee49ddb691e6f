"""Back-test: what a draft of a policy would have made of the promises of a past case.

Each promise is timed anew by the draft: from its own start, by the draft's terms for what the case was at that time, on
the draft's calendars, with the holds that really were, as far as the draft lets their reasons hold that promise. What
people did stays when it was.

What this cannot know: people would have acted otherwise, had other times been due. Whoever was warned earlier might
have called earlier, and a customer told of a later time might have waited. An update that is due earlier is taken to be
sent by the system then, and to be under way as long as the real one was. Holds end no later than they did, level and
category are those that were given, and nobody is escalated to of what the draft alone would break.
"""

from collections.abc import Iterable
from datetime import datetime

from complaints import events as ev
from complaints.backtest.past import FOLLOW, Past
from complaints.backtest.timing import Draft
from complaints.backtest.verdicts import NotAJournal, Outcome, Verdict
from complaints.policy import Policy

__all__ = ["NEEDED", "BackTest", "NotAJournal", "Outcome", "Verdict"]

NEEDED = frozenset({"complaint_filed", *(kind.model_fields["type"].default for kind in FOLLOW)})
"""The types of the events that a back-test needs to know; of the others it is enough that they are there."""


class BackTest:
    """A draft that past cases are tried with, one after the other. Pure: a case leaves nothing behind."""

    def __init__(self, draft: Policy) -> None:
        self._draft = Draft(draft)

    def of(self, journal: Iterable[ev.Entry], at: datetime | None = None) -> tuple[Verdict, ...]:
        """What became of each promise of a case and what would have, as seen at an instant: by default its last entry.

        Raises NotAJournal for entries that do not follow on each other from the first.
        """
        past, last = None, at
        for number, entry in enumerate(journal, start=1):
            if entry.sequence != number:
                raise NotAJournal(f"entry {entry.sequence} stands where {number} belongs")
            for event in entry.events:
                past = past or self._filed(event)
                past.go_on(event, entry.at)
            last = entry.at if last is None else max(last, entry.at)
        if past is None or last is None:
            raise NotAJournal("there are no entries")
        return past.verdicts(last)

    def _filed(self, event: ev.Event) -> Past:
        if not isinstance(event, ev.ComplaintFiled):
            raise NotAJournal("the first event does not file the complaint")
        return Past(self._draft, event)
