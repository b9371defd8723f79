"""An account with Telnyx as the conformance kit tries it."""

from __future__ import annotations

import base64
import json
from typing import Any

import telnyx.resources.messages  # noqa: F401 - it takes seconds, once, and the kit measures how long a send takes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from channels.testkit.loopback import Reply, Request
from channels.testkit.samples import Http

TELNYX_KEY = "KEY0123456789ABCDEF_telnyx-api-key-1"
#: Whose public halves the account shows: these sign the webhooks.
SIGNERS = tuple(Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2))
PUBLIC_KEYS = tuple(base64.b64encode(one.public_key().public_bytes_raw()).decode() for one in SIGNERS)


def telnyx_settings(base_url: str) -> dict[str, Any]:
    return {
        "api_key": TELNYX_KEY,
        "public_key": PUBLIC_KEYS[0],
        "second_public_key": PUBLIC_KEYS[1],
        "messaging_profile_id": "400174af-0a13-4e28-b4f5-000000000000",
        "base_url": base_url,
    }


def telnyx_accepts(request: Request) -> Reply:
    to = json.loads(request.body)["to"]
    message = {"id": "T" + to.removeprefix("+"), "to": [{"phone_number": to, "status": "queued"}]}
    return Reply(200, json.dumps({"data": message}).encode())


SAMPLES = Http(
    settings=telnyx_settings,
    address=lambda number: f"+1555{number:07}",
    accepts=telnyx_accepts,
    ref=lambda sent: "T" + sent.to.removeprefix("+"),
    secrets=(TELNYX_KEY, *PUBLIC_KEYS),
    oversize="x" * 613,
    path="/messages",
)
