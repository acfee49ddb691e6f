"""Writing the records: in one transaction, entries join the journal, and the case and its views follow."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Engine, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlmodel import col

from complaints.case import Case
from complaints.events import Entry
from complaints.evolving import evolve
from records.engine import for_writing
from records.errors import JournalConflict, JournalGap, unavailable_on_failure
from records.tables import CaseRow, JournalRow, TraceRow, entry_of
from records.traces import traces_of
from records.views import Dependent, Row, case_row, dependent_rows


class Store:
    """The only writer of the records."""

    def __init__(self, engine: Engine) -> None:
        self._engine = for_writing(engine)

    def save(self, reference: str, entries: Iterable[Entry]) -> int:
        """Add entries to a case's journal, fold them into the case, and return its version: all or nothing.

        What is stored already is left out, so that a repeat changes nothing. Raises JournalConflict for an
        entry that differs from the stored one of its sequence, JournalGap where earlier entries are missing,
        and RecordsUnavailable where the database cannot be used now.
        """
        ordered = sorted(entries, key=lambda entry: entry.sequence)
        with unavailable_on_failure():
            try:
                return self._save(reference, ordered)
            except IntegrityError:
                # Another opened this case between our look and our insert; now there is a row to wait for.
                try:
                    return self._save(reference, ordered)
                except IntegrityError:
                    raise JournalConflict(reference, ordered[0].sequence) from None

    def _save(self, reference: str, entries: Sequence[Entry]) -> int:
        with self._engine.begin() as connection:
            before = connection.scalar(
                select(col(CaseRow.snapshot)).where(col(CaseRow.reference) == reference).with_for_update()
            )
            version = before.version if before else 0
            _refuse_differences(connection, reference, [entry for entry in entries if entry.sequence <= version])
            case = before
            new: list[Entry] = []
            for entry in entries:
                if new and entry.sequence == new[-1].sequence:
                    if entry != new[-1]:
                        raise JournalConflict(reference, entry.sequence)
                elif entry.sequence > version + len(new):
                    case = _folded(reference, case, entry)
                    new.append(entry)
            if case is not None and new:
                _write(connection, before, case, new)
            return version + len(new)


def _folded(reference: str, case: Case | None, entry: Entry) -> Case:
    version = case.version if case else 0
    if entry.sequence != version + 1:
        raise JournalGap(reference, entry.sequence, version)
    folded = evolve(case, entry)
    if folded.reference != reference:
        raise JournalConflict(reference, entry.sequence)
    return folded


def _refuse_differences(connection: Connection, reference: str, known: Sequence[Entry]) -> None:
    if not known:
        return
    rows = Session(connection).scalars(
        select(JournalRow).where(
            col(JournalRow.reference) == reference,
            col(JournalRow.sequence).between(known[0].sequence, known[-1].sequence),
        )
    )
    stored = {row.sequence: entry_of(row) for row in rows}
    for entry in known:
        if stored.get(entry.sequence) != entry:
            raise JournalConflict(reference, entry.sequence)


def _write(connection: Connection, before: Case | None, case: Case, entries: Sequence[Entry]) -> None:
    row = case_row(case)
    if before is None:
        connection.execute(insert(CaseRow), row)
        if traces := _trace_rows(case):
            connection.execute(insert(TraceRow), traces)
    else:
        was = case_row(before)
        changes = {name: value for name, value in row.items() if was[name] != value}
        connection.execute(update(CaseRow).where(col(CaseRow.reference) == case.reference).values(**changes))
    connection.execute(insert(JournalRow), [_journal_row(case.reference, entry) for entry in entries])
    known = dependent_rows(before) if before else {}
    added: dict[Dependent, list[Row]] = defaultdict(list)
    changed: dict[Dependent, list[Row]] = defaultdict(list)
    for (table, key), dependent in dependent_rows(case).items():
        if (table, key) not in known:
            added[table].append(dependent)
        elif dependent != known[table, key]:
            dependent["of_reference"], dependent["of_id"] = dependent.pop("reference"), dependent.pop("id")
            changed[table].append(dependent)
    for table, rows in added.items():
        connection.execute(insert(table), rows)
    for table, rows in changed.items():
        connection.execute(
            update(table).where(col(table.reference) == bindparam("of_reference"), col(table.id) == bindparam("of_id")),
            rows,
        )


def _trace_rows(case: Case) -> list[Row]:
    digests = sorted(traces_of(case.complaint))
    return [{"digest": each, "reference": case.reference, "filed_at": case.received_at} for each in digests]


def _journal_row(reference: str, entry: Entry) -> Row:
    return {
        "reference": reference,
        "sequence": entry.sequence,
        "at": entry.at,
        "role": entry.by.role.value,
        "name": entry.by.name,
        "department": entry.by.department,
        "command": entry.command,
        "fingerprint": entry.fingerprint,
        "types": [event.type for event in entry.events],
        "events": entry.events,
    }
