"""The Telnyx SDK on the shared session."""

from __future__ import annotations

import logging

import aiohttp
from telnyx import AsyncTelnyx

from channels.contract import (
    Accepted,
    Blame,
    Callback,
    Deferred,
    Envelope,
    Fault,
    Heard,
    Measure,
    Outcome,
    Rejected,
    Uncertain,
    Words,
)
from channels.sms.telnyx import wire
from channels.sms.telnyx.codes import CODES, known
from channels.sms.telnyx.receipts import Webhooks
from channels.sms.telnyx.settings import CAPABILITIES, TelnyxSettings, decoded_key
from channels.transport.http import Exchange, SharedSession, exchange
from channels.transport.httpx_bridge import bridged
from channels.transport.masking import masked
from channels.transport.outcomes import retry_after

#: At DEBUG these write whole requests, so they never log below INFO.
_TALKATIVE = ("telnyx", "telnyx._base_client", "httpx")


class TelnyxChannel:
    """One Telnyx account."""

    capabilities = CAPABILITIES

    def __init__(self, settings: TelnyxSettings, session: aiohttp.ClientSession) -> None:
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.INFO)
        self._settings = settings
        self._secret = settings.api_key.get_secret_value()
        self._client = AsyncTelnyx(
            api_key=self._secret,
            public_key=settings.public_key.get_secret_value(),  # else the SDK would take one from the environment
            base_url=settings.base_url,
            # Its own would make three delivering requests of one.
            max_retries=0,
            http_client=bridged(SharedSession(session)),
        )
        keys = (settings.public_key, settings.second_public_key)
        self._webhooks = Webhooks([decoded_key(key) for key in keys if key is not None])

    def measure(self, words: Words) -> Measure:
        return wire.measure(words, self._settings)

    async def send(self, envelope: Envelope, *, timeout: float) -> Outcome:
        if not envelope.words.text.strip():
            return Rejected(CODES["40316"].fault(""))
        size = self.measure(envelope.words)
        if size.over:
            detail = f"The text takes {size.length} {size.unit} of at most {size.limit}. {size.note}".strip()
            return Rejected(Fault(Blame.MESSAGE, "too-long", detail))
        with exchange(timeout) as talk:
            try:
                await self._client.messages.send(**wire.send_arguments(envelope, self._settings), timeout=timeout)
            except Exception as error:  # noqa: BLE001 - the SDK raises anything at a garbled answer; the wire decides
                return self._refusal(error, talk, envelope)
            ref = wire.taken(talk.json())
            return Accepted(ref) if ref and talk.status == 200 else talk.outcome()

    def hear(self, callback: Callback) -> Heard:
        return self._webhooks.read(callback)

    def _refusal(self, error: Exception, talk: Exchange, envelope: Envelope) -> Outcome:
        """What anything but an acceptance means: the status where it decides, else the code, else the status again."""
        told = wire.errors(talk.json()) if talk.body is not None else []
        first = next((one for one in told if known(one.code, one.said)), told[0] if told else None)
        if first is None:
            return talk.outcome(error)
        found, status = known(first.code, first.said), talk.status or 0
        if status == 429:
            limited = (found or CODES["10011"]).fault(first.code)
            return Deferred(limited, wait=retry_after(talk.headers), route_wide=True)
        if status == 422 and any(wire.says_same_key(one) for one in told):
            return Accepted("", duplicate=True)
        if found is None or not 400 <= status < 500:
            said = masked(first.said, addresses=[envelope.to], secrets=[self._secret])
            if status == 422:
                # So are repeats answered whose first was taken; an error that nobody knows might be one.
                detail = f"Telnyx refused the request for a reason that is not known. {said}".strip()
                return Uncertain(Fault(Blame.PROVIDER, "unexplained", detail, first.code))
            return talk.outcome(error, provider_code=first.code, said=said)
        return found.outcome(first.code, wait=retry_after(talk.headers))

    async def aclose(self) -> None:
        """Nothing is held open: the session is the host's."""
