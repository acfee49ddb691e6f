"""The pure domain of Redress: no I/O, no clock, no Temporal, no SQL.

`decide(case, command, at)` says what follows from a command, `evolve(case, entry)` folds the journal, `check` raises
the named refusal of what may not be asked. Everything else here is what these three speak of.
"""

from complaints.clocks import Ring, rings
from complaints.deciding import check, decide, open_case
from complaints.drafting import Decision
from complaints.evolving import OutOfSequence, evolve
from complaints.refusals import Ground, Refusal

__all__ = [
    "Decision",
    "Ground",
    "OutOfSequence",
    "Refusal",
    "Ring",
    "check",
    "decide",
    "evolve",
    "open_case",
    "rings",
]
