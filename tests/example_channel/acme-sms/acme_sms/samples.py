"""An account with Acme as the conformance kit tries it."""

import json

from acme_sms.receipts import FRESH_FOR, signature
from channels.contract import Callback, Word
from channels.testkit.loopback import Reply, Request
from channels.testkit.samples import Callbacks, Example, Http

TOKEN, SECRET, NEXT_SECRET = "acme-token-1", "acme-secret-1", "acme-secret-2"


def settings(url: str) -> dict[str, str]:
    return {"api_token": TOKEN, "signing_secret": SECRET, "next_signing_secret": NEXT_SECRET, "base_url": url}


def accepts(request: Request) -> Reply:
    return Reply(201, json.dumps({"id": "m" + json.loads(request.body)["to"]}).encode())


def signs(callback: Callback, secret: str) -> dict[str, str]:
    stamp = str(int(callback.received_at))
    return {"acme-timestamp": stamp, "acme-signature": signature(secret, stamp, callback.body)}


def status(status: str, word: Word) -> Example:
    said = {"event": f"e-{status}", "id": "m1", "status": status, "reason": ""}
    return Example(json.dumps(said).encode(), (word,))


SAMPLES = Http(
    settings=settings,
    address=lambda number: f"+1555{number:07}",
    accepts=accepts,
    ref=lambda sent: "m" + sent.to,
    secrets=(TOKEN, SECRET, NEXT_SECRET),
    oversize="x" * 481,
    path="/v1/messages",
    callbacks=Callbacks(
        sign=signs,
        secrets=(SECRET, NEXT_SECRET),
        stranger="acme-secret-3",
        fresh_for=FRESH_FOR,
        examples={
            "delivered": status("delivered", Word.DELIVERED),
            "failed": status("failed", Word.UNDELIVERED),
        },
        unknown=status("teleported", Word.UNKNOWN),
    ),
)
