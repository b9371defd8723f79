"""An account on X as the conformance kit tries it."""

from __future__ import annotations

import json
from typing import Any

from channels.testkit.loopback import Reply, Request
from channels.testkit.samples import Http

X_SECRETS = ("x-consumer-key", "x-consumer-secret", "123-x-access-token", "x-access-token-secret")


def x_settings(base_url: str) -> dict[str, Any]:
    names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
    return {**dict(zip(names, X_SECRETS, strict=True)), "base_url": base_url}


def x_accepts(request: Request) -> Reply:
    text = json.loads(request.body)["text"]
    return Reply(201, json.dumps({"data": {"id": f"id {text}", "text": text}}).encode())


SAMPLES = Http(
    settings=x_settings,
    address=lambda number: f"@example_status_{number}",
    accepts=x_accepts,
    ref=lambda sent: f"id {sent.words.text}",
    secrets=X_SECRETS,
    oversize="x" * 281,
    path="/2/tweets",
)
