"""From a row of a file to a complaint, and to the key under which it is filed once."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from complaints.parties import Complaint, Customer
from deploy.cli.client import failed
from deploy.refusal import Refusal

FIELDS = (
    *(name for name in Complaint.model_fields if name not in ("customer", "imported")),
    *(f"customer.{name}" for name in Customer.model_fields),
)
"""Every field of a filing that a column or a constant may fill."""

ROW, REASON = "redress_row", "redress_reason"
"""The columns that a file of rejects has besides the rows' own; no part of a complaint."""

_DEFAULTS = {"channel": "web", "customer.language": "zh"}
_NAMES = {"zh": "客户", "en": "Customer"}
_TRUTHS = {"true": True, "1": True, "yes": True, "是": True, "false": False, "0": False, "no": False, "否": False}


@dataclass(frozen=True)
class Mapping:
    """Which column is which field, what is the same in every row, and what tells complaints apart."""

    columns: dict[str, str]
    constants: dict[str, str]
    key_column: str | None

    @classmethod
    def of(cls, maps: list[str], sets: list[str], key_column: str | None, columns: tuple[str, ...]) -> "Mapping":
        """From the options of the command line. Raises Refusal (exit code 2) saying what is wrong in them."""
        mapped: dict[str, str] = {}
        for given in maps:
            column, equals, field = (part.strip() for part in given.rpartition("="))
            if not equals or not column:
                raise failed("pair", exit_code=2, option="--map", shape="COLUMN=FIELD", example="--map text=detail")
            _check_field(field, mapped)
            _check_column(column, columns)
            mapped[field] = column
        constants: dict[str, str] = {}
        for given in sets:
            field, equals, value = (part.strip() for part in given.partition("="))
            if not equals or not value:
                raise failed("pair", exit_code=2, option="--set", shape="FIELD=VALUE", example="--set channel=web")
            _check_field(field, mapped | constants)
            constants[field] = value
        if key_column is not None:
            _check_column(key_column, columns)
        if "detail" not in mapped | constants:
            raise failed("import_no_detail", exit_code=2)
        return cls(mapped, constants, key_column)

    def body(self, cells: dict[str, str] | None) -> dict[str, Any]:
        """The complaint to file for a row. Raises Refusal for a row that is none."""
        if cells is None:
            raise failed("import_columns")
        values = _DEFAULTS | self.constants
        for field, column in self.columns.items():
            if cells[column].strip():
                values[field] = cells[column]
        values.setdefault("customer.name", _NAMES.get(values["customer.language"], _NAMES["en"]))
        body: dict[str, Any] = {"customer": {}}
        for field, value in values.items():
            part, _, inner = field.rpartition(".")
            (body[part] if part else body)[inner] = _typed(field, value)
        return body

    def key(self, cells: dict[str, str]) -> str:
        """The idempotency key of a row: it follows from the row alone, in whichever file it stands.

        Neither the mapping nor the order of the columns is part of it, so that the same row is never filed twice.
        Raises Refusal for a row whose key column is empty.
        """
        if self.key_column is None:
            told_apart = {name: value for name, value in cells.items() if name not in (ROW, REASON)}
        elif cells[self.key_column].strip():
            told_apart = {self.key_column: cells[self.key_column].strip()}
        else:
            raise failed("import_key_empty", column=self.key_column)
        content = json.dumps(told_apart, sort_keys=True, ensure_ascii=True)
        return f"import-{hashlib.sha256(content.encode()).hexdigest()[:40]}"


def _typed(field: str, value: str) -> object:
    """A cell as the interface's type of the field; as text where it is not one, for the server to refuse."""
    word = value.strip()
    if field == "level" and word.isdecimal() and len(word) < 4:
        return int(word)
    if field == "complex":
        return _TRUTHS.get(word.lower(), value)
    return word if field in ("channel", "customer.language", "customer.preferred_channel", "customer.tier") else value


def _check_field(field: str, taken: dict[str, str]) -> None:
    problem: Refusal | None = None
    if field not in FIELDS:
        problem = failed("import_unknown_field", exit_code=2, field=field, fields=", ".join(FIELDS))
    elif field in taken:
        problem = failed("import_twice_field", exit_code=2, field=field)
    if problem is not None:
        raise problem


def _check_column(column: str, columns: tuple[str, ...]) -> None:
    if column not in columns:
        raise failed("import_unknown_column", exit_code=2, column=column, columns=", ".join(columns))
