"""Discord by apprise as the conformance kit tries it."""

from __future__ import annotations

from typing import Any

from channels.contract import Accepted
from channels.testkit.loopback import Reply, Request
from channels.testkit.samples import Http

DISCORD_CHANNEL = "discord:customers"
_TOKEN = "d1scordWebh00kSecretToken"


def discord_settings(base_url: str) -> dict[str, Any]:
    return {"service_url": f"discord://4242424242/{_TOKEN}", "channel": DISCORD_CHANNEL, "base_url": base_url}


def discord_accepts(_: Request) -> Reply:
    return Reply(204)


SAMPLES = Http(
    settings=discord_settings,
    address=lambda _: DISCORD_CHANNEL,
    accepts=discord_accepts,
    ref=lambda _: "",
    secrets=(_TOKEN,),
    oversize="x" * 2001,
    path=f"/api/webhooks/4242424242/{_TOKEN}",
    statuses={200: Accepted, 204: Accepted},
)
