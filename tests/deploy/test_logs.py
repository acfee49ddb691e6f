"""The log lines: one per event, with the case's reference, and nobody's personal data."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from deploy import logs


@pytest.fixture(autouse=True)
def as_they_were() -> Iterator[None]:
    """What these tests configure is the whole process's; the next file wants it as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


@pytest.fixture
def lines() -> io.StringIO:
    return io.StringIO()


def the_only(lines: io.StringIO) -> dict[str, object]:
    (line,) = lines.getvalue().splitlines()
    parsed: dict[str, object] = json.loads(line)
    return parsed


def test_a_line_carries_the_reference_that_is_bound_and_an_instant_in_utc(lines: io.StringIO) -> None:
    logs.configure("info", "json", lines)
    with structlog.contextvars.bound_contextvars(reference="C-20261121-7F3K9QX2M4"):
        structlog.get_logger("redress").info("saved", version=3)
    line = the_only(lines)
    assert line["event"] == "saved"
    assert line["reference"] == "C-20261121-7F3K9QX2M4"
    assert str(line["timestamp"]).endswith("Z")


def test_the_libraries_lines_come_out_the_same_way(lines: io.StringIO) -> None:
    logs.configure("info", "json", lines)
    with structlog.contextvars.bound_contextvars(reference="C-20261121-7F3K9QX2M4"):
        logging.getLogger("temporalio.worker").warning("poll failed: %s", "unavailable")
    line = the_only(lines)
    assert line["event"] == "poll failed: unavailable"
    assert line["logger"] == "temporalio.worker"
    assert line["reference"] == "C-20261121-7F3K9QX2M4"


def test_an_exception_is_one_line_of_json(lines: io.StringIO) -> None:
    logs.configure("info", "json", lines)
    try:
        raise ValueError("no such thing")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("failed")
    assert "ValueError: no such thing" in str(the_only(lines)["exception"])


def test_lines_below_the_level_and_the_access_log_stay_out(lines: io.StringIO) -> None:
    logs.configure("info", "json", lines)
    logging.getLogger("anything").debug("too fine")
    logging.getLogger("uvicorn.access").info("GET /v1/portal/%s", "the-token")
    assert lines.getvalue() == ""


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("550 no mailbox wang.wei@example.com here", "550 no mailbox *** here"),
        ("calling 13800138000 failed", "calling *** failed"),
        ("calling +86 138 0013 8000 failed", "calling *** failed"),
        ("id 11010519491231002X refused", "id *** refused"),
        ("saved C-20261121-7F3K9QX2M4", "saved C-20261121-7F3K9QX2M4"),
        ("took 12345678901 ns", "took 12345678901 ns"),
        ("run 13800138-0001-4000-8000-138001380001", "run 13800138-0001-4000-8000-138001380001"),
    ],
)
@pytest.mark.parametrize("format", ["console", "json"])
def test_what_a_library_says_about_a_person_is_masked(lines: io.StringIO, format: str, said: str, printed: str) -> None:
    logs.configure("info", format, lines)
    logging.getLogger("aiosmtplib").warning("%s", said)
    assert printed in lines.getvalue()
