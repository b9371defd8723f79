"""An account on X as the conformance kit tries it."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from channels.testkit.loopback import Reply, Request
from channels.testkit.samples import Change, Http

X_SECRETS = ("x-consumer-key", "x-consumer-secret", "123-x-access-token", "x-access-token-secret")


def x_settings(base_url: str) -> dict[str, Any]:
    names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
    return {**dict(zip(names, X_SECRETS, strict=True)), "base_url": base_url}


def x_id(text: str) -> str:
    """The number of the post with this text."""
    return str(int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:7]))


def x_accepts(request: Request) -> Reply:
    text = json.loads(request.body)["text"]
    return Reply(201, json.dumps({"data": {"id": x_id(text), "text": text}}).encode())


def x_deletes(_: Request) -> Reply:
    return Reply(200, b'{"data": {"deleted": true}}')


def x_has_none(_: Request) -> Reply:
    return Reply(404, b'{"title": "Not Found Error", "type": "https://api.twitter.com/2/problems/resource-not-found"}')


def x_steady(request: str) -> str:
    """OAuth 1 signs each request with a nonce and the time."""
    return re.sub(r'oauth_(nonce|timestamp|signature)="[^"]*"', r'oauth_\1="…"', request)


SAMPLES = Http(
    settings=x_settings,
    address=lambda number: f"@example_status_{number}",
    accepts=x_accepts,
    ref=lambda sent: x_id(sent.words.text),
    secrets=X_SECRETS,
    oversize="x" * 281,
    path="/2/tweets",
    retracted=Change(done=x_deletes, gone=x_has_none),
    steady=x_steady,
)
