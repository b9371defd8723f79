"""The forms of Slack: ids, signatures, what a message may contain. Pure."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from channels.simulator.accounts import Accounts
from channels.simulator.gate import Reply
from channels.simulator.store import Held

MAX_POST = 40_000
MAX_UPDATE = 4_000
MAX_BLOCKS = 50
CHANNEL = re.compile(r"[CGD][A-Z0-9]+")
PERSON = re.compile(r"[UW][A-Z0-9]+")

Args = dict[str, Any]


def conversation(target: str) -> str:
    """Where a message to this id ends up: people are written to in the conversation with them."""
    return "D" + target if PERSON.fullmatch(target) else target


def addressee(channel: str) -> str:
    """Under which id a message in this conversation is recorded: the inverse of `conversation`."""
    return channel[1:] if channel.startswith(("DU", "DW")) else channel


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """X-Slack-Signature of a request: v0, HMAC-SHA256 over version, timestamp and raw body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def interaction(
    accounts: Accounts, payload: Mapping[str, Any], *, at: float | None = None
) -> tuple[dict[str, str], bytes]:
    """Headers and body of an interactivity request as Slack sends it when somebody presses a button."""
    body = urlencode({"payload": json.dumps(payload)}).encode()
    stamp = str(int(time.time() if at is None else at))
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature(accounts.slack_signing_secret, stamp, body),
    }
    return headers, body


@dataclass(slots=True, kw_only=True)
class Post(Held):
    """A held message as it reads now, with its place in the conversation."""

    channel: str
    now: Args
    thread: str = ""
    shown: bool = True
    meta: Args | None = field(default=None)
    deleted: bool = False


def refuse(error: str) -> Reply:
    return Reply(200, {"ok": False, "error": error}, refused=error)


def _listed(value: Any) -> Any:
    """Forms carry lists and objects as JSON text."""
    return json.loads(value) if isinstance(value, str) and value else value


def yes(value: Any) -> bool:
    return str(value).lower() in {"true", "1"}


def micros(text: Any, otherwise: int) -> int:
    """A Slack timestamp as microseconds, exactly."""
    if text in (None, ""):
        return otherwise
    seconds, _, rest = str(text).partition(".")
    return int(seconds) * 1_000_000 + int((rest + "000000")[:6])


def words_of(args: Args) -> tuple[Args, Reply | None]:
    """The content of a message, or why Slack would not have it."""
    text = str(args.get("text") or args.get("markdown_text") or "")
    try:
        blocks, attachments = _listed(args.get("blocks")), _listed(args.get("attachments"))
    except ValueError:
        return {}, refuse("invalid_blocks_format")
    if not text and not blocks and not attachments:
        return {}, refuse("no_text")
    if blocks and (not isinstance(blocks, list) or len(blocks) > MAX_BLOCKS):
        return {}, refuse("invalid_blocks")
    words: Args = {"text": text}
    if blocks:
        words["blocks"] = blocks
    if attachments:
        words["attachments"] = attachments
    return words, None


def metadata_of(args: Args) -> tuple[Args | None, Reply | None]:
    try:
        meta = _listed(args.get("metadata"))
    except ValueError:
        return None, refuse("invalid_metadata_format")
    if meta in (None, ""):
        return None, None
    fits = isinstance(meta, dict) and isinstance(meta.get("event_type"), str)
    if not fits or not isinstance(meta.get("event_payload"), dict):
        return None, refuse("invalid_metadata_format")
    return meta, None
