"""What Slack calls when somebody presses a button: verified, then read. Pure.

Slack calls the app's one interactivity URL for everything that can be pressed in its messages, with a form whose field
`payload` is JSON (docs.slack.dev: interaction payloads, verifying requests from Slack). It wants 200 within 3 seconds.
The SDK's verifier is not used: it raises ValueError at a timestamp that is no number.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from channels.chat.slack import wire
from channels.contract import Answer, Callback, Forged, Heard, Receipt, Unreadable, Word
from channels.transport.bodies import form, json_object
from channels.transport.masking import masked_address

#: A press repeats the whole message that was pressed on.
LARGEST_BODY = 256 * 1024
#: Seconds between Slack's clock and ours beyond which a call counts as replayed: five minutes in Slack's documentation.
TOLERANCE = 300
TIMESTAMP_HEADER = "x-slack-request-timestamp"
SIGNATURE_HEADER = "x-slack-signature"

#: An empty body leaves the message as it is.
_HEARD = Answer(b"", "text/plain")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SECONDS = re.compile(r"[0-9]{1,12}")
_MOMENT = re.compile(r"[0-9]{1,12}\.[0-9]{1,9}")


class Callbacks:
    """Reads the calls of one app.

    Args:
        secrets: Any of them may have signed; several while one is being replaced. Without any nothing is genuine.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        self._secrets = [secret.encode() for secret in secrets]

    def read(self, callback: Callback) -> Heard:
        """One receipt for each press of our button in the call, and the answer that Slack wants.

        Raises:
            Forged: not signed, not by our secrets, or too long ago.
            Unreadable: too large, or no call of a button.
        """
        self._verify(callback)
        fields = form(callback.body, largest=LARGEST_BODY)
        if "ssl_check" in fields:
            return Heard(answer=_HEARD)
        return Heard(list(_receipts(_payload(fields))), answer=_HEARD)

    def _verify(self, callback: Callback) -> None:
        if len(callback.body) > LARGEST_BODY:
            raise Unreadable(f"the call has more than {LARGEST_BODY} bytes")
        if not self._secrets:
            raise Forged("this route has no signing_secret, so nothing it is told can be checked")
        stamp = callback.headers.get(TIMESTAMP_HEADER, "")
        given = callback.headers.get(SIGNATURE_HEADER, "").encode("utf-8", "replace")
        if not stamp or not given:
            raise Forged("no Slack signature or timestamp header")
        if not _SECONDS.fullmatch(stamp) or abs(callback.received_at - int(stamp)) > TOLERANCE:
            raise Forged(f"the timestamp is not within {TOLERANCE} seconds of ours")
        signed = b"v0:" + stamp.encode() + b":" + callback.body
        made = [b"v0=" + hmac.new(one, signed, hashlib.sha256).hexdigest().encode() for one in self._secrets]
        # All are compared, so that the time taken does not tell which secret came close.
        genuine = [hmac.compare_digest(one, given) for one in made]
        if not any(genuine):
            raise Forged("the signature is not of this app")


def _payload(fields: Mapping[str, str]) -> Mapping[str, Any]:
    if "payload" not in fields:
        raise Unreadable("the call has no payload; only what is pressed is wanted, and none of Slack's events")
    payload = json_object(fields["payload"].encode(), largest=LARGEST_BODY)
    if payload.get("type") != "block_actions":
        raise Unreadable("the payload is not that of a button (block_actions)")
    return payload


def _receipts(payload: Mapping[str, Any]) -> Iterator[Receipt]:
    """Presses of our buttons. Others of the same app are somebody else's matter."""
    match payload:
        case {"user": {"id": str(user)}, "actions": list(actions)}:
            for action in actions:
                match action:
                    case {"action_id": str(pressed), "value": str(token), "action_ts": str(at)} if (
                        pressed.startswith(wire.OURS) and _TOKEN.fullmatch(token) and _MOMENT.fullmatch(at)
                    ):
                        yield _receipt(pressed, token, user, at, _pressed_on(payload))
        case _:
            raise Unreadable("the payload names no user or no actions")


def _pressed_on(payload: Mapping[str, Any]) -> str:
    match payload:
        case {"container": {"channel_id": str(channel), "message_ts": str(ts)}}:
            return wire.reference(channel, ts)
    return ""


def _receipt(pressed: str, token: str, user: str, at: str, ref: str) -> Receipt:
    """In a shared channel the first press makes the message read; each further person's is a receipt of its own.

    Slack calls again when our answer was late, with the same user, moment and button.
    """
    one = hashlib.sha256(f"{user} {at} {pressed}".encode("utf-8", "replace")).hexdigest()
    return Receipt(
        # A button that this version does not know is one of a later version's.
        word=Word.READ if pressed == wire.ACKNOWLEDGE else Word.UNKNOWN,
        event=one[:32],
        token=token,
        ref=ref,
        # Kept for ever, so without the whole id of the person.
        raw={"type": "block_actions", "action": pressed, "user": masked_address(user), "at": at},
        at=float(at),
    )
