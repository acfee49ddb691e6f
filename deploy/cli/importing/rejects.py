"""The rows that could not be filed, kept beside the file with the reasons, to be corrected and imported again."""

import csv
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from deploy.cli.importing.mapping import REASON, ROW
from deploy.cli.importing.table import CsvTable, Row


class Rejects:
    """A CSV file of rejected rows, made at the first of them; a file that is there already is never touched."""

    def __init__(self, table: CsvTable) -> None:
        self._table = table
        self._file: IO[str] | None = None
        self._writer: Any = None
        self.path: Path | None = None
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, row: Row, reason: str) -> None:
        """Keep a row; it is in the file when this returns. Raises OSError where it cannot be."""
        if self._file is None:
            self._file = self._made()
            self._writer = csv.writer(self._file)
            self._writer.writerow((ROW, REASON, *(name for name in self._table.columns if name not in (ROW, REASON))))
        kept = [
            value for name, value in zip(self._table.columns, row.values, strict=False) if name not in (ROW, REASON)
        ] + row.values[len(self._table.columns) :]
        self._writer.writerow((row.line, reason, *kept))
        self._file.flush()
        self.count += 1

    def _made(self) -> IO[str]:
        number = 1
        while True:
            ending = ".rejects.csv" if number == 1 else f".rejects-{number}.csv"
            self.path = self._table.path.with_name(self._table.path.stem + ending)
            try:
                # With a mark at the beginning, a spreadsheet shows Chinese as Chinese.
                return self.path.open("x", encoding="utf-8-sig", newline="")
            except FileExistsError:
                number += 1
