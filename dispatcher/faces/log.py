"""Logs: one line of JSON (or of colour, on a terminal) each; no secret and no full address."""

from __future__ import annotations

import logging
import re
import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_ADDRESS = re.compile(r"\+\d{7,15}|[\w.+-]+@[\w-]+\.[\w.-]+")
_CREDENTIAL = re.compile(r"(?i)(?<=://)[^/@\s]*:[^/@\s]+(?=@)|(?<=bearer )\S+|(?<=basic )\S+|xox[a-z]-[\w-]+")


def _redact(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The last line of defence: whatever reached the log, addresses and credentials leave it masked."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = redact(value)
    return event


def redact(text: str) -> str:
    """`ann@example.com` -> `a…@…`, `+15551234567` -> `+1…67`."""
    return _CREDENTIAL.sub("…", _ADDRESS.sub(_short, text))


def _short(match: re.Match[str]) -> str:
    found = match[0]
    return f"{found[0]}…@…" if "@" in found else f"{found[:2]}…{found[-2:]}"


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
