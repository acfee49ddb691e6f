"""Logs: one line per event through structlog, the libraries' own included; no personal data on any."""

import logging
import re
import sys
from collections.abc import Callable, MutableMapping
from typing import Any, TextIO

import structlog

_MASKED = "***"
_PERSONAL = re.compile(
    r"[\w.+%-]+@[\w-]+(\.[\w-]+)*"  # an e-mail address
    r"|(?<![\w.])\+\d[\d -]{6,16}\d"  # a phone number with its country
    r"|(?<![\w.-])1[3-9]\d{9}(?![\w-])"  # a Chinese mobile number
    r"|(?<![\w.-])\d{17}[\dXx](?![\w-])"  # a Chinese identity number
)
_QUIET = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "uvicorn.access": logging.WARNING,  # its lines hold the customers' links
    "sqlalchemy": logging.WARNING,
    "alembic": logging.WARNING,
    "temporalio.activity": logging.ERROR,  # the activities say themselves what failed, in one line
}


def configure(level: str = "info", format: str = "console", stream: TextIO | None = None) -> None:
    """Send every log line to `stream` (standard error) from `level` on, as console text or as JSON lines.

    Instants are UTC. What structlog's contextvars hold, such as the case's `reference`, stands on each line.
    Addresses and phone numbers that a library puts into a message are masked. Calling it again replaces what
    was set before.
    """
    stream = stream or sys.stderr
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        _with_reference,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_renderers(format, colours=stream.isatty()),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name, quiet in _QUIET.items():
        logging.getLogger(name).setLevel(max(quiet, root.level))


def masked(text: str) -> str:
    """The text with e-mail addresses, phone and identity numbers masked."""
    return _PERSONAL.sub(_MASKED, text)


def _renderers(format: str, colours: bool) -> list[structlog.types.Processor]:
    if format == "json":
        return [
            structlog.processors.format_exc_info,
            _masking(structlog.processors.JSONRenderer(ensure_ascii=False)),
        ]
    return [_masking(structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=structlog.dev.plain_traceback))]


def _masking(render: Callable[..., str | bytes]) -> structlog.types.Processor:
    def masking(logger: Any, method: str, event: MutableMapping[str, Any]) -> str:
        rendered = render(logger, method, event)
        return masked(rendered if isinstance(rendered, str) else rendered.decode())

    return masking


def _with_reference(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Lines of the Temporal SDK name the workflow: for us that is the case."""
    record = event.get("_record")
    for extra in ("temporal_workflow", "temporal_activity"):
        details = getattr(record, extra, None)
        if details and "reference" not in event and details.get("workflow_id"):
            event["reference"] = details["workflow_id"]
    return event
