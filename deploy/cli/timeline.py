"""A case's history as a readable timeline."""

from collections.abc import Iterable
from typing import Any

from rich.table import Table
from rich.text import Text

from deploy.cli.language import Tongue
from deploy.cli.render import table
from deploy.cli.sentences import STYLES, Teller
from deploy.cli.words import label_of, local

Json = dict[str, Any]


def timeline(entries: Iterable[Json], language: Tongue) -> Table:
    """The journal: when, who, and a sentence for each event."""
    listed = table(language, "journal", "version", "time", "who", "event")
    teller = Teller(language)
    for entry in entries:
        for number, event in enumerate(entry["events"]):
            first = number == 0
            listed.add_row(
                str(entry["sequence"]) if first else "",
                local(entry["at"]) if first else "",
                _who(entry["by"], language) if first else "",
                Text(teller.tell(event), STYLES.get(event["type"], "")),
            )
    return listed


def _who(actor: Json, language: Tongue) -> str:
    role = label_of("Role", actor["role"], language)
    name = actor.get("department") or actor["name"]
    return role if name == actor["role"] else f"{role} {name}"


def engine_history(events: Iterable[Json], language: Tongue) -> Table:
    """What Temporal itself recorded, each event with what it means."""
    listed = table(language, "engine_history", "number", "time", "event", "meaning")
    for event in events:
        listed.add_row(str(event["id"]), local(event["time"]), event["type"], event["meaning"][language])
    return listed
