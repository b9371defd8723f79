"""An account with Twilio as the conformance kit tries it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

from channels.contract import Callback, Envelope, Wish, Word
from channels.testkit.loopback import Reply, Request
from channels.testkit.samples import Callbacks, Example, Http

TWILIO_ACCOUNT = "AC" + "0" * 32
TWILIO_TOKEN = "twilio-auth-token-1"
TWILIO_SECOND_TOKEN = "twilio-auth-token-2"


def twilio_settings(base_url: str) -> dict[str, Any]:
    return {
        "account_sid": TWILIO_ACCOUNT,
        "auth_token": TWILIO_TOKEN,
        "second_auth_token": TWILIO_SECOND_TOKEN,
        "messaging_service_sid": "MG" + "0" * 32,
        "base_url": base_url,
    }


def twilio_accepts(request: Request) -> Reply:
    form = parse_qs(request.body.decode())
    body = {"sid": "SM" + form["To"][0].removeprefix("+"), "status": "accepted", "num_segments": "0"}
    return Reply(201, json.dumps(body).encode())


def twilio_holds(_: Request, sent: Envelope | None) -> Reply:
    """The list of messages to one number, with at most this one in it."""
    messages = []
    if sent is not None:
        message = {
            "sid": "SM" + sent.to.removeprefix("+"),
            "body": sent.words.text,
            "direction": "outbound-api",
            "status": "delivered",
            "error_code": None,
            "date_created": format_datetime(datetime.fromtimestamp(sent.started_at + 1, UTC)),
        }
        messages = [message]
    page = {"messages": messages, "page": 0, "page_size": 100, "next_page_uri": None, "uri": "/x"}
    return Reply(200, json.dumps(page).encode())


class _Fields(dict[str, list[str]]):
    """Form fields as the SDK's validator takes repeated ones."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


def twilio_signs(callback: Callback, token: str) -> Mapping[str, str]:
    from twilio.request_validator import RequestValidator

    fields = _Fields(parse_qs(callback.body.decode("latin-1"), keep_blank_values=True))
    return {"x-twilio-signature": RequestValidator(token).compute_signature(callback.url, fields)}


def _status(status: str, word: Word, **more: str) -> Example:
    fields = {"MessageSid": "SM1", "MessageStatus": status, "To": "+15550000001", "AccountSid": TWILIO_ACCOUNT, **more}
    return Example(urlencode(fields).encode(), (word,))


def _text(sid: str, body: str, wish: Wish, **more: str) -> Example:
    fields = {"MessageSid": sid, "SmsStatus": "received", "From": "+15550000001", "To": "+15005550006", "Body": body}
    return Example(urlencode({**fields, **more}).encode(), wishes=(wish,), by_route=True)


CALLBACKS = Callbacks(
    sign=twilio_signs,
    secrets=(TWILIO_TOKEN, TWILIO_SECOND_TOKEN),
    stranger="twilio-auth-token-3",
    examples={
        "queued": _status("queued", Word.QUEUED),
        "sent": _status("sent", Word.SENT),
        "delivered": _status("delivered", Word.DELIVERED),
        "read": _status("read", Word.READ),
        "undelivered": _status("undelivered", Word.UNDELIVERED, ErrorCode="30005"),
        "a stop": _text("SM2", "STOP", Wish.STOP, OptOutType="STOP"),
        "a no in other words": _text("SM3", "please stop texting me", Wish.STOP),
        "a start": _text("SM4", "Start", Wish.START),
        "a call for help": _text("SM5", "HELP", Wish.HELP),
        "a question": _text("SM6", "When will it stop?", Wish.OTHER),
    },
    unknown=_status("teleported", Word.UNKNOWN),
)


SAMPLES = Http(
    settings=twilio_settings,
    address=lambda number: f"+1555{number:07}",
    accepts=twilio_accepts,
    ref=lambda sent: "SM" + sent.to.removeprefix("+"),
    secrets=(TWILIO_TOKEN, TWILIO_SECOND_TOKEN),
    oversize="x" * 613,
    path=f"/2010-04-01/Accounts/{TWILIO_ACCOUNT}/Messages.json",
    holds=twilio_holds,
    callbacks=CALLBACKS,
    steady=lambda request: re.sub(r"(x-twilio-client: python-)\S+", r"\1…", request),  # the SDK's version
)
