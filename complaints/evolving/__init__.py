"""Folding: how each event changes a case. `evolve` is the only way in which a case ever changes."""

from complaints import events as ev
from complaints.case import Case, Receipt
from complaints.evolving import life, promises, talking, work
from complaints.evolving.folding import Changes
from complaints.evolving.folding import changes as changes_by
from complaints.vocabulary import Stage

FOLDS = (life, promises, talking, work)
"""The modules that say what each event changes: imported, they have registered it."""


class OutOfSequence(ValueError):
    """An entry that does not follow on the case's version."""


def evolve(case: Case | None, entry: ev.Entry) -> Case:
    """The case after one more entry of its journal. Raises OutOfSequence unless it is the very next one."""
    version = case.version if case else 0
    if entry.sequence != version + 1:
        raise OutOfSequence(f"entry {entry.sequence} does not follow on version {version}")
    for event in entry.events:
        case = apply(case, event, entry)
    if case is None:
        raise OutOfSequence("an entry without events")
    return seal(case, entry)


def seal(case: Case, entry: ev.Entry) -> Case:
    """The case with all of an entry's events applied, once the entry is complete: at its version, its receipt kept."""
    changes: Changes = {"version": entry.sequence}
    if entry.command is not None:
        made = tuple(made for event in entry.events for made in made_by(event))
        receipt = Receipt(version=entry.sequence, stage=case.stage, made=made, fingerprint=entry.fingerprint)
        changes["handled"] = {**case.handled, entry.command: receipt}
    return case.model_copy(update=changes)


def apply(case: Case | None, event: ev.Event, entry: ev.Entry) -> Case:
    """The case after one event of an entry; its version is that of the last whole entry."""
    if isinstance(event, ev.ComplaintFiled):
        return _filed(event, entry)
    if case is None:
        raise OutOfSequence("the first event of a journal files the complaint")
    changes = changes_by(event, case, entry)
    return case.model_copy(update=changes) if changes else case


def made_by(event: ev.Event) -> tuple[str, ...]:
    """The ids that an event gave to new things which its asker may want to name."""
    match event:
        case ev.TaskAssigned(task=made) | ev.HoldStarted(hold=made) | ev.EscalationRaised(escalation=made):
            return (made,)
        case ev.EvidenceAdded(evidence=made):
            return (made,)
    return ()


def _filed(event: ev.ComplaintFiled, entry: ev.Entry) -> Case:
    return Case(
        reference=event.reference,
        policy=event.policy,
        complaint=event.complaint,
        received_at=entry.at,
        version=0,
        stage=Stage.RECEIVED,
        level=event.complaint.level,
        category=event.complaint.category,
        complex=event.complaint.complex,
        tier=event.complaint.customer.tier,
    )
