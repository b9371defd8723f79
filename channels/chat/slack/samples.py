"""A Slack app as the conformance kit tries it."""

from __future__ import annotations

import json
from typing import Any

from channels.contract import Envelope
from channels.testkit.loopback import Reply, Request
from channels.testkit.samples import Http

SLACK_TOKEN = "xoxb-1234-secretsecret"


def slack_settings(base_url: str) -> dict[str, Any]:
    return {"bot_token": SLACK_TOKEN, "base_url": f"{base_url}/api"}


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


SAMPLES = Http(
    settings=slack_settings,
    address=lambda number: f"C0{number:08}",
    accepts=slack_accepts,
    ref=lambda sent: f"{sent.to}:1.{sent.key}",
    secrets=(SLACK_TOKEN,),
    oversize="x" * 12_001,
    path="/api/chat.postMessage",
    holds=slack_holds,
)
