"""A Slack app as the conformance kit tries it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from channels.contract import Callback, Envelope, Word
from channels.testkit.loopback import Reply, Request
from channels.testkit.samples import TOKEN, Callbacks, Change, Example, Http

SLACK_TOKEN = "xoxb-1234-secretsecret"
SLACK_SECRET = "slack-signing-secret-1"
SLACK_SECOND_SECRET = "slack-signing-secret-2"


def slack_settings(base_url: str) -> dict[str, Any]:
    return {
        "bot_token": SLACK_TOKEN,
        "signing_secret": SLACK_SECRET,
        "second_signing_secret": SLACK_SECOND_SECRET,
        "base_url": f"{base_url}/api",
    }


def slack_accepts(request: Request) -> Reply:
    sent = json.loads(request.body)
    body = {"ok": True, "channel": sent["channel"], "ts": f"1.{sent['metadata']['event_payload']['key']}"}
    return Reply(200, json.dumps(body).encode())


def slack_holds(_: Request, sent: Envelope | None) -> Reply:
    """A channel's history, with at most this message in it."""
    messages: list[dict[str, Any]] = [{"ts": "1", "text": "hello"}]
    if sent is not None:
        metadata = {"event_type": "outage_update", "event_payload": {"key": sent.key}}
        messages.append({"ts": f"1.{sent.key}", "metadata": metadata})
    return Reply(200, json.dumps({"ok": True, "messages": messages, "has_more": False}).encode())


def slack_changes(_: Request) -> Reply:
    return Reply(200, b'{"ok": true, "channel": "C000000001", "ts": "1.key-1"}')


def slack_misses(_: Request) -> Reply:
    return Reply(200, b'{"ok": false, "error": "message_not_found"}')


def slack_signs(callback: Callback, secret: str) -> Mapping[str, str]:
    stamp = str(int(callback.received_at))
    signed = b"v0:" + stamp.encode() + b":" + callback.body
    made = "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": stamp, "x-slack-signature": made}


def _press(word: Word, action: str = "outage_acknowledge", user: str = "U024BE7LH") -> Example:
    payload = {
        "type": "block_actions",
        "user": {"id": user, "username": "ann"},
        "container": {"type": "message", "message_ts": "1770000000.000100", "channel_id": "C012AB3CD"},
        "actions": [{"type": "button", "action_id": action, "value": TOKEN, "action_ts": "1770000090.840180"}],
    }
    return Example(urlencode({"payload": json.dumps(payload)}).encode(), (word,), by_route=True)


CALLBACKS = Callbacks(
    sign=slack_signs,
    secrets=(SLACK_SECRET, SLACK_SECOND_SECRET),
    stranger="slack-signing-secret-3",
    examples={
        "pressed": _press(Word.READ),
        "pressed by another person": _press(Word.READ, user="U0OTHER99"),
        "somebody else's button": Example(_press(Word.READ, "approve").body, (), by_route=True),
    },
    unknown=_press(Word.UNKNOWN, "outage_later"),
    fresh_for=300.0,
)


SAMPLES = Http(
    settings=slack_settings,
    address=lambda number: f"C0{number:08}",
    accepts=slack_accepts,
    ref=lambda sent: f"{sent.to}:1.{sent.key}",
    secrets=(SLACK_TOKEN, SLACK_SECRET, SLACK_SECOND_SECRET),
    oversize="x" * 12_001,
    path="/api/chat.postMessage",
    holds=slack_holds,
    amended=Change(done=slack_changes, gone=slack_misses),
    retracted=Change(done=slack_changes, gone=slack_misses),
    callbacks=CALLBACKS,
)
