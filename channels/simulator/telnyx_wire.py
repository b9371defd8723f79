"""How Telnyx writes a message down."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from channels.simulator.journey import Sms

#: The simulator's words for a message's stages -> Telnyx's.
_STATUSES = {"undelivered": "delivery_failed", "failed": "sending_failed"}


def moment(seconds: float) -> str:
    """As Telnyx writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def resource(sms: Sms, status: str) -> dict[str, Any]:
    """A message at one of its stages."""
    return {
        "record_type": "message",
        "direction": "outbound",
        "id": sms.ref,
        "type": "SMS",
        "messaging_profile_id": sms.service,
        "from": {"phone_number": sms.sender, "carrier": "TELNYX LLC", "line_type": "VoIP"},
        "to": [
            {
                "phone_number": sms.to,
                "status": _STATUSES.get(status, status),
                "carrier": "SIM",
                "line_type": "Wireless",
            }
        ],
        "text": sms.body,
        "parts": sms.segments,
        "webhook_url": sms.callback or None,
        "received_at": moment(sms.at),
        "sent_at": moment(sms.sent_at) if sms.sent_at is not None else None,
        "errors": [],
    }
