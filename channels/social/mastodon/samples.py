"""An account on Mastodon as the conformance kit tries it."""

from __future__ import annotations

import json
from typing import Any

from channels.testkit.loopback import Reply, Request
from channels.testkit.samples import Change, Http

MASTODON_TOKEN = "mastodon-access-token-7Qd"


def mastodon_settings(base_url: str) -> dict[str, Any]:
    return {"access_token": MASTODON_TOKEN, "base_url": base_url}


def mastodon_accepts(request: Request) -> Reply:
    key = request.headers["idempotency-key"]
    return Reply(200, json.dumps({"id": f"id {key}", "content": "<p>…</p>", "visibility": "public"}).encode())


def mastodon_deletes(request: Request) -> Reply:
    return Reply(200, json.dumps({"id": request.target.rpartition("/")[2], "text": "…"}).encode())


def mastodon_has_none(_: Request) -> Reply:
    return Reply(404, b'{"error": "Record not found"}')


SAMPLES = Http(
    settings=mastodon_settings,
    address=lambda number: f"@example_status_{number}@mastodon.example",
    accepts=mastodon_accepts,
    ref=lambda sent: f"id {sent.key}",
    secrets=(MASTODON_TOKEN,),
    oversize="x" * 501,
    path="/api/v1/statuses",
    retracted=Change(done=mastodon_deletes, gone=mastodon_has_none),
)
