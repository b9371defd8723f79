"""What Twilio calls back with: verified, then read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

# The SDK ships no types.
from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

from channels.contract import Callback, Forged, Heard, Unreadable
from channels.sms.twilio import inbound
from channels.sms.twilio.settings import TwilioSettings
from channels.sms.twilio.wire import receipt
from channels.transport.masking import masked_address

LARGEST_BODY = 64 * 1024
MOST_FIELDS = 128
_ADDRESSES = ("To", "From")
_READ = ("MessageSid", "SmsSid", "MessageStatus", "SmsStatus", "ErrorCode", "From", "Body", "OptOutType")


class _Form(dict[str, list[str]]):
    """Form fields in the shape in which the validator asks for repeated ones."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


class Callbacks:
    """Reads the callbacks of one account.

    Args:
        secrets: Any of them may have signed; several while one is being replaced.
        settings: What people are answered who text to us.
    """

    def __init__(self, secrets: Sequence[str], settings: TwilioSettings) -> None:
        self._settings = settings
        self._validators: list[Any] = [RequestValidator(secret) for secret in secrets]

    def read(self, callback: Callback) -> Heard:
        """The one receipt of a callback; or, when the route's own address was called, what somebody texted to us.

        Raises:
            Forged: no signature, or none of our secrets made it.
            Unreadable: not a form, too large, or without a message and its status or sender.
        """
        form = _form(callback.body)
        self._verify(callback, form)
        if any(len(form.get(name, ())) > 1 for name in _READ):
            raise Unreadable("the callback names a field more than once")
        fields = {name: values[-1] for name, values in form.items()}
        if not callback.token and inbound.is_inbound(fields):
            return inbound.hear(fields, self._settings)
        sid = fields.get("MessageSid") or fields.get("SmsSid", "")
        status = fields.get("MessageStatus") or fields.get("SmsStatus", "")
        if not sid or not status:
            raise Unreadable("the callback names no message or no status")
        # A receipt's raw form is kept for ever; the delivery knows the addresses for as long as they may be known.
        raw = {name: masked_address(value) if name in _ADDRESSES else value for name, value in fields.items()}
        return Heard([receipt(status.lower(), fields.get("ErrorCode", ""), sid=sid, token=callback.token, raw=raw)])

    def _verify(self, callback: Callback, form: _Form) -> None:
        signature = callback.headers.get(SIGNATURE_HEADER.lower(), "")
        if not signature:
            raise Forged(f"no {SIGNATURE_HEADER} header")
        algorithm = get_signature_algorithm(callback.headers.get(SIGNATURE_SETTINGS_HEADER.lower()))
        if algorithm.upper() not in (HMAC_SHA1, HMAC_SHA256):
            raise Forged("the signature is of an unknown algorithm")
        for validator in self._validators:
            try:
                if validator.validate(callback.url, form, signature, algorithm):
                    return
            except (TypeError, ValueError) as error:  # what the validator makes of an odd URL or odd fields
                raise Forged(f"the signature cannot be checked ({type(error).__name__})") from None
        raise Forged("the signature is not of this account")


def _form(body: bytes) -> _Form:
    if len(body) > LARGEST_BODY:
        raise Unreadable(f"the callback has more than {LARGEST_BODY} bytes")
    form = _Form()
    try:
        # Blank fields are part of what is signed.
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise Unreadable(f"the callback is not a form ({type(error).__name__})") from None
    for name, value in pairs:
        form.setdefault(name, []).append(value)
    return form
