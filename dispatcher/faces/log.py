"""Logs: one line of JSON (or of colour, on a terminal) each; no secret and no full address."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

#: As written, and as an address of the web carries them.
_ADDRESS = re.compile(r"(?i)(?:\+|%2B)\d{7,15}|[\w.+-]+(?:@|%40)[\w-]+\.[\w.-]+")
_CREDENTIAL = re.compile(
    r"(?i)(?<=://)[^/@\s]*:[^/@\s]+(?=@)|(?<=bearer )[^\s'\"]+|(?<=basic )[^\s'\"]+|xox[a-z]-[\w-]+"
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]*"  # signed tickets and cookies
)
_PLAIN = (bool, int, float, type(None))


def _redact(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The last line of defence: whatever reached the log, addresses and credentials leave it masked."""
    for name, value in event.items():
        # structlog's own, taken out again before the line is written.
        if name not in {"_record", "_from_structlog"}:
            event[name] = _masked(value)
    return event


def _masked(value: object) -> object:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, Mapping):
        return {str(_masked(str(name))): _masked(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_masked(inner) for inner in value]
    return redact(str(value))


def redact(text: str) -> str:
    """`ann@example.com` -> `a…@…`, `+15551234567` -> `+1…67`."""
    return _CREDENTIAL.sub("…", _ADDRESS.sub(_short, text))


def _short(match: re.Match[str]) -> str:
    found = match[0]
    if "@" in found or "%40" in found:
        return f"{found[0]}…@…"
    digits = found.lstrip("+").removeprefix("%2B").removeprefix("%2b")
    return f"+{digits[0]}…{digits[-2:]}"


def set_up(level: int = logging.INFO) -> None:
    """Send everything, the libraries' own lines included, through one redacting formatter to standard error."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    last = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for logger in logging.root.manager.loggerDict.values():
        # What somebody gave handlers of its own, as uvicorn does, would go past the redaction.
        if isinstance(logger, logging.Logger) and logger.handlers:
            logger.handlers.clear()
            logger.propagate = True
    # These print headers, texts and tokens below WARNING.
    for noisy in (
        "tweepy",
        "twilio",
        "slack_sdk",
        "aiosmtplib",
        "mail.log",
        "aiohttp.access",
        "httpx",
        "alembic",
        "celery.worker.strategy",
        "celery.app.trace",
    ):
        logging.getLogger(noisy).setLevel(logging.WARNING)
