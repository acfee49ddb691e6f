"""Importing a file: rows, keys, rejects, and a server that is not always there."""

import csv
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from deploy.cli import app
from deploy.cli.importing.mapping import FIELDS, Mapping
from deploy.cli.importing.rejects import Rejects
from deploy.cli.importing.table import CsvTable, Row
from deploy.refusal import Refusal
from tests.support.counter import Counter


@pytest.fixture
def counter() -> Iterator[Counter]:
    counter = Counter()
    yield counter
    counter.close()


@pytest.fixture(autouse=True)
def reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDRESS_LANG", "en")
    monkeypatch.setenv("REDRESS_KEY", "a-key-that-nobody-checks")


def write(folder: Path, rows: list[list[str]], name: str = "file.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def run(path: Path, counter: Counter, *options: str) -> Result:
    return CliRunner().invoke(app, ["import", str(path), "--map", "text=detail", "--url", counter.url, *options])


def mapping(*maps: str, sets: tuple[str, ...] = (), key: str | None = None, columns: str = "id text who") -> Mapping:
    return Mapping.of(list(maps), list(sets), key, tuple(columns.split()))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encoding_of_a_file_is_recognised(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, [["编号", "内容"], ["1", "灯坏了，𠮷"]], encoding=encoding)
    table = CsvTable.open(path)
    assert table.columns == ("编号", "内容")
    assert [row.cells for row in table.rows()] == [{"编号": "1", "内容": "灯坏了，𠮷"}]


def test_cells_may_hold_lines_and_quotes_and_blank_lines_are_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text('id;text\n1;"two\nlines, ""quoted"""\n\n;\n2;b\n', "utf-8")
    assert [(row.line, row.values) for row in CsvTable.open(path).rows()] == [
        (3, ["1", 'two\nlines, "quoted"']),
        (6, ["2", "b"]),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no header"),
        (b"a,a\n1,2\n", "two columns"),
        (b"\xff\x80\x00\xff\x81\n", "neither UTF-8"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_one_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        CsvTable.open(path)
    assert said in refused.value.en
    assert refused.value.exit_code == 1


def test_a_quote_that_is_never_closed_is_found_before_anything_is_filed(tmp_path: Path, counter: Counter) -> None:
    path = tmp_path / "file.csv"
    path.write_text('text\nfirst\n"never closed\nthird\n', "utf-8")
    result = run(path, counter)
    assert result.exit_code == 1
    assert "line 4" in result.stderr
    assert not counter.asked


@pytest.mark.parametrize(
    ("maps", "sets", "key", "said"),
    [
        (["text"], [], None, "COLUMN=FIELD"),
        (["text=detail", "nowhere=subject"], [], None, "no column nowhere"),
        (["text=detail", "who=name"], [], None, "no field name"),
        (["text=detail", "who=detail"], [], None, "given twice"),
        (["text=detail"], ["detail=x"], None, "given twice"),
        (["text=detail"], ["level"], None, "FIELD=VALUE"),
        (["who=customer.name"], [], None, "=detail"),
        (["text=detail"], [], "nowhere", "no column nowhere"),
    ],
)
def test_what_is_wrong_in_the_options_is_said(maps: list[str], sets: list[str], key: str | None, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        Mapping.of(maps, sets, key, ("id", "text", "who"))
    assert said in refused.value.en
    assert refused.value.exit_code == 2


def test_a_row_becomes_a_complaint_with_sensible_defaults() -> None:
    cells = {"id": "7", "text": "it leaks", "who": " "}
    plain = mapping("text=detail", "who=customer.name")
    assert plain.body(cells) == {
        "channel": "web",
        "customer": {"language": "zh", "name": "客户"},
        "detail": "it leaks",
    }
    english = mapping("text=detail", "id=external_id", sets=("customer.language=en", "level=1", "complex=yes"))
    assert english.body(cells) == {
        "channel": "web",
        "customer": {"language": "en", "name": "Customer"},
        "detail": "it leaks",
        "external_id": "7",
        "level": 1,
        "complex": True,
    }


def test_every_field_of_a_filing_can_be_mapped() -> None:
    from api.asking import ComplaintBody
    from complaints.parties import Customer

    nested = {f"customer.{name}" for name in Customer.model_fields}
    assert set(FIELDS) == (ComplaintBody.model_fields.keys() - {"customer"}) | nested


def test_the_key_of_a_row_follows_from_the_row_alone() -> None:
    plain, other = mapping("text=detail"), mapping("text=detail", "who=customer.name")
    cells = {"id": "1", "text": "a", "who": "x"}
    turned_round = dict(reversed(cells.items()))
    from_rejects = {"redress_row": "4", "redress_reason": "why", **cells}
    assert plain.key(cells) == other.key(turned_round) == plain.key(from_rejects)
    assert plain.key(cells) != plain.key({**cells, "text": "b"})
    by_id = mapping("text=detail", key="id")
    assert by_id.key(cells) == by_id.key({**cells, "text": "b"})
    assert by_id.key(cells) != plain.key(cells)
    with pytest.raises(Refusal):
        by_id.key({**cells, "id": " "})


def test_rejects_never_touch_a_file_that_is_there(tmp_path: Path) -> None:
    table = CsvTable.open(write(tmp_path, [["id", "text"], ["1", "a"]]))
    corrected = tmp_path / "file.rejects.csv"
    corrected.write_text("somebody's work", "utf-8")
    with Rejects(table) as rejects:
        rejects.add(Row(2, ["1", "a"], {"id": "1", "text": "a"}), "because")
        assert rejects.path == tmp_path / "file.rejects-2.csv"
        assert rows_of(rejects.path) == [{"redress_row": "2", "redress_reason": "because", "id": "1", "text": "a"}]
    assert corrected.read_text("utf-8") == "somebody's work"


def test_importing_twice_files_once_and_says_so(tmp_path: Path, counter: Counter) -> None:
    path = write(tmp_path, [["text"], *([f"complaint {number}"] for number in range(20)), ["complaint 3"]])
    first, second = run(path, counter), run(path, counter)
    assert "21 rows: 20 filed, 0 already there, 1 repeated in the file, 0 rejected" in first.stdout
    assert "21 rows: 0 filed, 20 already there, 1 repeated in the file, 0 rejected" in second.stdout
    assert first.exit_code == second.exit_code == 0
    assert len(counter.filed) == 20


@pytest.mark.parametrize(("options", "said"), [((), "true"), (("--recent",), None)])
def test_what_is_imported_does_not_count_as_recent_unless_it_is_said_to(
    tmp_path: Path, counter: Counter, options: tuple[str, ...], said: str | None
) -> None:
    run(write(tmp_path, [["text"], ["a"], ["b"]]), counter, *options)
    assert [headers.get("redress-imported") for headers in counter.headers] == [said, said]


def test_what_is_refused_goes_to_a_file_with_the_reason_and_can_be_imported_from_there(
    tmp_path: Path, counter: Counter
) -> None:
    def refuse_long(key: str, body: dict[str, Any]) -> tuple[int, dict[str, str], dict[str, Any]]:
        if len(body["detail"]) <= 10:
            return counter.accept(key, body)
        errors = [{"where": "body.detail", "what": "太长", "what_zh": "太长", "what_en": "is too long"}]
        return 422, {}, {"type": "/problems/malformed_request", "detail": "…", "errors": errors}

    counter.answer = refuse_long
    path = write(tmp_path, [["id", "text"], ["1", "short"], ["2", "far too long"], ["3"]])
    result = run(path, counter)
    assert result.exit_code == 1
    assert "1 filed" in result.stdout
    assert "2 rejected" in result.stdout
    rejects = tmp_path / "file.rejects.csv"
    assert {row["redress_row"]: row["redress_reason"] for row in rows_of(rejects)} == {
        "3": "detail: is too long",
        "4": "the row has another number of columns than the header",
    }
    corrected = write(tmp_path, [["redress_row", "redress_reason", "id", "text"], ["3", "…", "2", "better"]], "r.csv")
    assert "1 filed" in run(corrected, counter).stdout


def test_two_rows_with_one_key_and_different_content_are_not_silently_one(tmp_path: Path, counter: Counter) -> None:
    path = write(tmp_path, [["id", "text"], ["1", "a"], ["1", "b"]])
    result = run(path, counter, "--key-column", "id")
    assert "1 filed" in result.stdout
    assert "1 rejected" in result.stdout


def test_while_redress_is_away_the_same_key_is_sent_again_until_it_is_back(tmp_path: Path, counter: Counter) -> None:
    turned_away: dict[str, int] = {}

    def away_at_first(key: str, body: dict[str, Any]) -> tuple[int, dict[str, str], dict[str, Any]]:
        turned_away[key] = turned_away.get(key, 0) + 1
        if turned_away[key] < 3:
            status = 503 if turned_away[key] == 1 else 429
            return status, {"Retry-After": "0.1"}, {"type": "/problems/engine_away"}
        return counter.accept(key, body)

    counter.answer = away_at_first
    path = write(tmp_path, [["text"], *([str(number)] for number in range(5))])
    result = run(path, counter)
    assert "5 filed" in result.stdout
    assert len(counter.asked) == 15
    assert len(counter.filed) == 5


def test_patience_ends_with_a_sentence(tmp_path: Path, counter: Counter) -> None:
    counter.answer = lambda key, body: (503, {"Retry-After": "1"}, {})
    path = write(tmp_path, [["text"], ["a"]])
    result = run(path, counter, "--patience", "0")
    assert result.exit_code == 1
    assert "did not answer in time" in result.stderr
    assert "Traceback" not in result.output


def test_a_key_that_may_not_file_ends_the_import_at_once(tmp_path: Path, counter: Counter) -> None:
    counter.answer = lambda key, body: (403, {}, {"type": "/problems/not_permitted", "detail_en": "Not you."})
    path = write(tmp_path, [["text"], *([str(number)] for number in range(50))])
    result = run(path, counter, "--parallel", "2")
    assert result.exit_code == 1
    assert "Not you." in result.stderr
    assert len(counter.asked) <= 4


def test_ctrl_c_stops_cleanly_and_repeating_goes_on_where_it_was(tmp_path: Path, counter: Counter) -> None:
    def interrupt_at_seven(key: str, body: dict[str, Any]) -> tuple[int, dict[str, str], dict[str, Any]]:
        if len(counter.filed) == 7:
            os.kill(os.getpid(), signal.SIGINT)
        return counter.accept(key, body)

    counter.answer = interrupt_at_seven
    path = write(tmp_path, [["text"], *([str(number)] for number in range(60))])
    stopped = run(path, counter, "--parallel", "2")
    assert stopped.exit_code == 130
    assert "Stopped with" in stopped.stdout
    filed = len(counter.filed)
    assert 7 < filed < 60
    counter.answer = counter.accept
    finished = run(path, counter)
    assert f"60 rows: {60 - filed} filed, {filed} already there" in finished.stdout
    assert len(counter.filed) == 60
