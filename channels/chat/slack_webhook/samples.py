"""An incoming webhook of Slack as the conformance kit tries it."""

from __future__ import annotations

from typing import Any

from channels.testkit.loopback import Reply, Request
from channels.testkit.samples import Http

WEBHOOK_CHANNEL = "C0STATUS"
_SECRET = "B0HOOK/wh0okS3cretS3cret"


def webhook_settings(base_url: str) -> dict[str, Any]:
    address = f"https://hooks.slack.com/services/T0TEAM/{_SECRET}"
    return {"webhook_url": address, "channel": WEBHOOK_CHANNEL, "base_url": base_url}


def webhook_accepts(_: Request) -> Reply:
    return Reply(200, b"ok", {"Content-Type": "text/html"})


SAMPLES = Http(
    settings=webhook_settings,
    address=lambda _: WEBHOOK_CHANNEL,
    accepts=webhook_accepts,
    ref=lambda _: "",
    secrets=(_SECRET,),
    oversize="x" * 12_001,
    path=f"/services/T0TEAM/{_SECRET}",
)
