"""A CSV file as rows, whatever wrote it."""

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from deploy.cli.client import failed

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = ",;\t"
_CHUNK = 1 << 20
_LONGEST_CELL = 10 * _CHUNK


@dataclass(frozen=True)
class Row:
    """A row: the number of the line on which it ends, and its cells by column; None for another number of cells."""

    line: int
    values: list[str]
    cells: dict[str, str] | None


@dataclass(frozen=True)
class CsvTable:
    """A CSV file that can be read any number of times."""

    path: Path
    encoding: str
    delimiter: str
    columns: tuple[str, ...]

    @classmethod
    def open(cls, path: Path, encoding: str | None = None, delimiter: str | None = None) -> "CsvTable":
        """Look at a file. Raises Refusal for one that cannot be read, has no header, or names a column twice."""
        csv.field_size_limit(_LONGEST_CELL)
        encoding = _checked(path, encoding) if encoding else _recognised(path)
        with _reading(path, encoding) as file:
            if delimiter is None:
                head = file.readline()
                delimiter = max(_DELIMITERS, key=head.count)
                file.seek(0)
            elif delimiter == "\\t":
                delimiter = "\t"
            if len(delimiter) != 1:
                raise failed("pair", exit_code=2, option="--delimiter", shape="1 个字符 / one character", example=";")
            header = next(iter(_parsed(path, file, delimiter)), None)
        columns = tuple(column.strip() for column in header[1]) if header else ()
        if not any(columns):
            raise failed("import_empty", file=path)
        for column in columns:
            if columns.count(column) > 1:
                raise failed("import_twice_header", file=path, column=column or "“”")
        return cls(path, encoding, delimiter, columns)

    def rows(self) -> Iterator[Row]:
        """The rows below the header; empty lines are none. Raises Refusal at a line that is not CSV."""
        with _reading(self.path, self.encoding) as file:
            lines = _parsed(self.path, file, self.delimiter)
            next(lines, None)
            for line, values in lines:
                if any(value.strip() for value in values):
                    whole = len(values) == len(self.columns)
                    yield Row(line, values, dict(zip(self.columns, values, strict=True)) if whole else None)


def _parsed(path: Path, file: IO[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    # Strict, for a quote that is never closed would otherwise swallow the rest of the file.
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    try:
        for values in reader:
            yield reader.line_num, values
    except csv.Error as error:
        raise failed("import_not_csv", file=path, line=reader.line_num, reason=error) from None


@contextmanager
def _reading(path: Path, encoding: str) -> Iterator[IO[str]]:
    try:
        with path.open(encoding=encoding, newline="") as file:
            yield file
    except OSError as error:
        raise failed("import_no_file", file=path, reason=error.strerror) from None
    except UnicodeError:
        raise failed("import_not_encoded", file=path, encoding=encoding) from None


def _checked(path: Path, encoding: str) -> str:
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise failed("import_unknown_encoding", exit_code=2, encoding=encoding) from None
    # A mark at the beginning is no part of the first column's name.
    return "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding


def _recognised(path: Path) -> str:
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise failed("import_no_file", file=path, reason=error.strerror) from None
    for bom, encoding in _BOMS:
        if start.startswith(bom):
            return encoding
    for encoding in ("utf-8", "gb18030"):
        if _decodes(path, encoding):
            return encoding
    raise failed("import_encoding", file=path)


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
