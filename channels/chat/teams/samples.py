"""A workflow of Microsoft Teams as the conformance kit tries it."""

from __future__ import annotations

from typing import Any

from channels.contract import Accepted
from channels.testkit.loopback import Reply, Request
from channels.testkit.samples import Http

TEAMS_CHANNEL = "teams:customers"
_SIGNATURE = "s1gnatureSecretSecretSecret"
_PATH = "/workflows/0a1b/triggers/manual/paths/invoke"


def teams_settings(base_url: str) -> dict[str, Any]:
    address = f"https://default.api.powerplatform.com{_PATH}?api-version=1&sp=%2Ftriggers&sig={_SIGNATURE}"
    return {"webhook_url": address, "channel": TEAMS_CHANNEL, "base_url": base_url}


def teams_accepts(_: Request) -> Reply:
    return Reply(202, b"")


SAMPLES = Http(
    settings=teams_settings,
    address=lambda _: TEAMS_CHANNEL,
    accepts=teams_accepts,
    ref=lambda _: "",
    secrets=(_SIGNATURE,),
    oversize="x" * 23_917,
    path=_PATH,
    statuses={202: Accepted},
)
