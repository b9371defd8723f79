"""An account on Mastodon as the conformance kit tries it."""

from __future__ import annotations

import json
from typing import Any

from channels.testkit.loopback import Reply, Request
from channels.testkit.samples import Http

MASTODON_TOKEN = "mastodon-access-token-7Qd"


def mastodon_settings(base_url: str) -> dict[str, Any]:
    return {"access_token": MASTODON_TOKEN, "base_url": base_url}


def mastodon_accepts(request: Request) -> Reply:
    key = request.headers["idempotency-key"]
    return Reply(200, json.dumps({"id": f"id {key}", "content": "<p>…</p>", "visibility": "public"}).encode())


SAMPLES = Http(
    settings=mastodon_settings,
    address=lambda number: f"@example_status_{number}@mastodon.example",
    accepts=mastodon_accepts,
    ref=lambda sent: f"id {sent.key}",
    secrets=(MASTODON_TOKEN,),
    oversize="x" * 501,
    path="/api/v1/statuses",
)
