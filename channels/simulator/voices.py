"""How Twilio and Telnyx tell what became of an SMS, and what somebody texted back."""

from __future__ import annotations

import secrets
import time
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from channels.simulator.accounts import Accounts
from channels.simulator.callbacks import Call, prepare, prepare_telnyx
from channels.simulator.journey import Sms
from channels.simulator.telnyx_wire import moment, resource

API_VERSION = "2010-04-01"
_TELNYX_EVENTS = {"sent": "message.sent"}
_STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(32))


class TwilioVoice:
    undelivered = 30003

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def tell(self, sms: Sms, status: str, code: str, *, forged: bool) -> Call | None:
        return prepare(self._secret(forged), sms.callback, self._params(sms, status, code))

    def text(self, url: str, sender: str, body: str, *, keyword: str, forged: bool) -> Call:
        """Somebody texts to our number; `keyword` is what Advanced Opt-Out took it for, "" without."""
        accounts, sid = self._accounts, "SM" + secrets.token_hex(16)
        params = {
            "ToCountry": "US",
            "SmsMessageSid": sid,
            "NumMedia": "0",
            "SmsSid": sid,
            "SmsStatus": "received",
            "Body": body,
            "MessagingServiceSid": accounts.twilio_messaging_service_sid,
            "NumSegments": "1",
            "MessageSid": sid,
            "AccountSid": accounts.twilio_account_sid,
            "From": sender,
            "To": accounts.twilio_from,
            "ApiVersion": API_VERSION,
        }
        if keyword:
            params["OptOutType"] = keyword
        return prepare(self._secret(forged), url, params)

    def _secret(self, forged: bool) -> str:
        token = self._accounts.twilio_auth_token
        return token[::-1] if forged else token

    def _params(self, sms: Sms, status: str, code: str) -> dict[str, str]:
        params = {
            "SmsSid": sms.ref,
            "SmsStatus": status,
            "MessageStatus": status,
            "To": sms.to,
            "MessageSid": sms.ref,
            "AccountSid": self._accounts.twilio_account_sid,
            "From": sms.sender,
            "ApiVersion": API_VERSION,
        }
        if sms.service:
            params["MessagingServiceSid"] = sms.service
        if code:
            params["ErrorCode"] = code
        if status in {"delivered", "undelivered"}:
            params["RawDlrDoneDate"] = time.strftime("%y%m%d%H%M", time.gmtime(sms.updated))
        return params


class TelnyxVoice:
    undelivered = 40008

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._signer = accounts.telnyx_signer

    def tell(self, sms: Sms, status: str, code: str, *, forged: bool) -> Call | None:
        if status == "queued":
            return None
        payload = resource(sms, status)
        payload["errors"] = [{"code": code, "title": "Undeliverable", "detail": "simulated"}] if code else []
        return self._call(_TELNYX_EVENTS.get(status, "message.finalized"), payload, sms.callback, forged)

    def text(self, url: str, sender: str, body: str, *, keyword: str, forged: bool) -> Call:
        """Somebody texts to our number; `keyword` is what the messaging profile took it for and answered."""
        accounts = self._accounts
        payload = {
            "record_type": "message",
            "direction": "inbound",
            "id": secrets.token_hex(16),
            "type": "SMS",
            "messaging_profile_id": accounts.telnyx_messaging_profile_id,
            "from": {"phone_number": sender, "carrier": "SIM", "line_type": "Wireless"},
            "to": [{"phone_number": accounts.telnyx_from, "status": "webhook_delivered"}],
            "text": body,
            "autoresponse_type": keyword or None,
            "webhook_url": url,
            "errors": [],
        }
        return self._call("message.received", payload, url, forged)

    def _call(self, kind: str, payload: dict[str, Any], url: str, forged: bool) -> Call:
        now = time.time()
        event = {
            "data": {
                "record_type": "event",
                "event_type": kind,
                "id": secrets.token_hex(16),
                "occurred_at": moment(now),
                "payload": payload,
            },
            "meta": {"attempt": 1, "delivered_to": url},
        }
        return prepare_telnyx(_STRANGER if forged else self._signer, url, event, now)
