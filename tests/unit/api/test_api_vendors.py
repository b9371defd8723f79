"""`GET /api/v1/vendors`, and the same for Prometheus."""

from __future__ import annotations

from api_rig import Api

from dispatcher.faces.vendors import say
from dispatcher.model.vendors import VendorState


async def test_vendors_are_told_with_source_and_age(api: Api) -> None:
    say(api.here, "twilio", VendorState.DEGRADED, author="cli ada", why="slow since noon")
    assert (await api.bare.get("/api/v1/vendors")).status_code == 401
    answer = await api.client.get("/api/v1/vendors")
    assert answer.status_code == 200
    [twilio] = [one for one in answer.json() if one["name"] == "twilio"]
    assert (twilio["state"], twilio["source"], twilio["why"]) == (
        "degraded",
        "operator",
        "cli ada says so: slow since noon",
    )
    assert twilio["routes"] == ["twilio-main"]
    metrics = (await api.bare.get("/metrics")).text
    assert 'dispatcher_vendor_state{source="operator",vendor="twilio"} 1.0' in metrics
    assert 'dispatcher_vendor_state{source="nobody",vendor="telnyx"} -1.0' in metrics
