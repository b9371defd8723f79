"""An account on Bluesky as the conformance kit tries it."""

from __future__ import annotations

import base64
import json
import re
import time
from typing import Any

from channels.social.bluesky.wire import record_key
from channels.testkit.loopback import Reply, Request
from channels.testkit.samples import Change, Http

BLUESKY_DID = "did:plc:simulatedstatusaccount00"
BLUESKY_PASSWORD = "abcd-efgh-ijkl-mnop"


def bluesky_token(what: str, seconds: float = 7200) -> str:
    """In the form of a JSON Web Token, with a signature that nobody checks."""
    now = int(time.time())
    claims = {"scope": f"com.atproto.{what}", "sub": BLUESKY_DID, "iat": now, "exp": now + seconds}
    parts = (json.dumps({"typ": "at+jwt", "alg": "HS256"}).encode(), json.dumps(claims).encode(), b"signature")
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


ACCESS, REFRESH = bluesky_token("appPass"), bluesky_token("refresh", 7_776_000)


def bluesky_settings(base_url: str) -> dict[str, Any]:
    return {"identifier": "status.northwind.example", "app_password": BLUESKY_PASSWORD, "base_url": base_url}


def bluesky_signs_in(request: Request) -> Reply | None:
    """The answer to a call about the session, None for any other."""
    if "/com.atproto.server." not in request.target:
        return None
    body = {"did": BLUESKY_DID, "handle": "status.northwind.example", "accessJwt": ACCESS, "refreshJwt": REFRESH}
    return Reply(200, json.dumps(body).encode())


def bluesky_accepts(request: Request) -> Reply:
    sent = json.loads(request.body)
    uri = f"at://{sent['repo']}/{sent['collection']}/{sent['rkey']}"
    return Reply(200, json.dumps({"uri": uri, "cid": "bafyreidsimulated", "validationStatus": "valid"}).encode())


def bluesky_deletes(_: Request) -> Reply:
    return Reply(200, b'{"commit": {"cid": "bafyreidsimulated", "rev": "3kax7gsrre65h"}}')


def bluesky_steady(request: str) -> str:
    """Tokens hold the time at which they were made."""
    return re.sub(r"(?m)^authorization: Bearer .*$", "authorization: Bearer …", request)


SAMPLES = Http(
    settings=bluesky_settings,
    address=lambda number: f"@status{number}.northwind.example",
    accepts=bluesky_accepts,
    ref=lambda sent: f"at://{BLUESKY_DID}/app.bsky.feed.post/{record_key(sent.key)}",
    secrets=(BLUESKY_PASSWORD, ACCESS, REFRESH),
    oversize="x" * 301,
    path="/xrpc/com.atproto.repo.putRecord",
    beside=bluesky_signs_in,
    # Of what is not there it says nothing, and that it went well.
    retracted=Change(done=bluesky_deletes, gone=lambda _: Reply(200, b"{}")),
    steady=bluesky_steady,
)
