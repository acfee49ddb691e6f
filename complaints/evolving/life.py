"""How a case changes as it is filed, classified, ended and begun again."""

from complaints import events as ev
from complaints.case import Case, Evidence
from complaints.evolving.folding import Changes, all_timed, changes, replaced
from complaints.vocabulary import RESTING_STAGES

TRANSFERRED = ("budget", "calendar", "rule", "matched", "warned", "rungs", "within")
"""What of an open promise another policy changes."""


@changes.register
def _(event: ev.StageEntered, case: Case, entry: ev.Entry) -> Changes:
    return {"stage": event.stage, "closed_at": entry.at if event.stage in RESTING_STAGES else None}


@changes.register
def _(event: ev.CaseReopened, case: Case, entry: ev.Entry) -> Changes:
    return {"round": event.round}


@changes.register
def _(event: ev.CaseMerged, case: Case, entry: ev.Entry) -> Changes:
    return {"merged_into": event.into}


@changes.register
def _(event: ev.CaseFinished, case: Case, entry: ev.Entry) -> Changes:
    escalations = tuple(
        escalation if escalation.is_over() else escalation.model_copy(update={"dropped_at": entry.at})
        for escalation in case.escalations
    )
    return {"finished_at": entry.at, "escalations": escalations}


@changes.register
def _(event: ev.CaseReclassified, case: Case, entry: ev.Entry) -> Changes:
    changed: Changes = {"level": event.level, "category": event.category}
    if event.tier is not None:
        changed["tier"] = event.tier
    return changed


@changes.register
def _(event: ev.ComplaintTriaged, case: Case, entry: ev.Entry) -> Changes:
    return {"triage": event.triage, "level": event.triage.level, "category": event.triage.category}


@changes.register
def _(event: ev.PolicyMigrated, case: Case, entry: ev.Entry) -> Changes:
    promises = case.promises
    for new in event.promises:
        terms = {name: getattr(new, name) for name in TRANSFERRED}
        promises = replaced(promises, "id", new.promise, **terms)
    return {"policy": event.policy, "promises": all_timed(promises, case.holds, event.policy)}


@changes.register
def _(event: ev.EvidenceAdded, case: Case, entry: ev.Entry) -> Changes:
    evidence = Evidence(id=event.evidence, at=entry.at, description=event.description, source=event.source)
    return {"evidence": (*case.evidence, evidence)}


@changes.register
def _(event: ev.CaseAbsorbed, case: Case, entry: ev.Entry) -> Changes:
    return {"absorbed": (*case.absorbed, event.reference)}


@changes.register
def _(event: ev.PortalRevoked, case: Case, entry: ev.Entry) -> Changes:
    return {"portal_generation": event.generation}
