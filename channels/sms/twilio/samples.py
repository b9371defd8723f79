"""An account with Twilio as the conformance kit tries it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

from channels.testkit.loopback import Reply, Request
from channels.testkit.samples import Http

TWILIO_ACCOUNT = "AC" + "0" * 32
TWILIO_TOKEN = "twilio-auth-token-1"


def twilio_settings(base_url: str) -> dict[str, Any]:
    return {
        "account_sid": TWILIO_ACCOUNT,
        "auth_token": TWILIO_TOKEN,
        "second_auth_token": "twilio-auth-token-2",
        "messaging_service_sid": "MG" + "0" * 32,
        "base_url": base_url,
    }


def twilio_accepts(request: Request) -> Reply:
    form = parse_qs(request.body.decode())
    body = {"sid": "SM" + form["To"][0].removeprefix("+"), "status": "accepted", "num_segments": "0"}
    return Reply(201, json.dumps(body).encode())


SAMPLES = Http(
    settings=twilio_settings,
    address=lambda number: f"+1555{number:07}",
    accepts=twilio_accepts,
    ref=lambda sent: "SM" + sent.to.removeprefix("+"),
    secrets=(TWILIO_TOKEN, "twilio-auth-token-2"),
    oversize="x" * 613,
    path=f"/2010-04-01/Accounts/{TWILIO_ACCOUNT}/Messages.json",
)
