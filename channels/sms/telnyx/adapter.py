"""The Telnyx SDK on the shared session."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import aiohttp

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
from channels.transport.masking import masked
from channels.transport.outcomes import retry_after

if TYPE_CHECKING:
    from telnyx import AsyncTelnyx

#: At DEBUG these write whole requests, so they never log below INFO.
_TALKATIVE = ("telnyx", "telnyx._base_client", "httpx")


#: Seconds a send waits for the SDK at most; no request is under way meanwhile.
_PATIENCE = 4.0
_NOT_READY = Fault(Blame.PATH, "not-ready", "Telnyx' library is still being loaded; nothing was sent")


class TelnyxChannel:
    """One Telnyx account.

    The SDK takes seconds to import, and 90 MB. It is loaded in a thread, by `warm` or with the first send; who only
    hears webhooks, as the web process does, goes without.
    """

    capabilities = CAPABILITIES

    def __init__(self, settings: TelnyxSettings, session: aiohttp.ClientSession) -> None:
        self._settings = settings
        self._session = SharedSession(session)
        self._secret = settings.api_key.get_secret_value()
        self._loading: asyncio.Future[AsyncTelnyx] | None = None
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
                client = await self._ready(min(timeout, _PATIENCE))
                if client is None:
                    return Deferred(_NOT_READY, wait=1.0, route_wide=True)
                await client.messages.send(**wire.send_arguments(envelope, self._settings), timeout=timeout)
            except Exception as error:  # noqa: BLE001 - the SDK raises anything at a garbled answer; the wire decides
                return self._refusal(error, talk, envelope)
            ref = wire.taken(talk.json())
            return Accepted(ref) if ref and talk.status == 200 else talk.outcome()

    async def warm(self) -> None:
        """Load the SDK."""
        await self._client()

    async def _ready(self, patience: float) -> AsyncTelnyx | None:
        """The client, None when it takes longer than that."""
        try:
            async with asyncio.timeout(patience) as limit:
                return await self._client()
        except TimeoutError:
            if limit.expired():
                return None
            raise

    async def _client(self) -> AsyncTelnyx:
        if self._loading is None:
            self._loading = asyncio.ensure_future(asyncio.to_thread(self._load))
        # A send that is cancelled does not take the others' SDK with it.
        return await asyncio.shield(self._loading)

    def _load(self) -> AsyncTelnyx:
        from telnyx import AsyncTelnyx

        from channels.transport.httpx_bridge import bridged

        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.INFO)
        client = AsyncTelnyx(
            api_key=self._secret,
            public_key=self._settings.public_key.get_secret_value(),  # else it would take one from the environment
            base_url=self._settings.base_url,
            # Its own would make three delivering requests of one.
            max_retries=0,
            http_client=bridged(self._session),
        )
        _ = client.messages  # imported with first use
        return client

    def hear(self, callback: Callback) -> Heard:
        return self._webhooks.read(callback)

    def _refusal(self, error: Exception, talk: Exchange, envelope: Envelope) -> Outcome:
        """What anything but an acceptance means: the status where it decides, else the code, else the status again."""
        told = wire.errors(talk.json()) if talk.body is not None else []
        first = next((one for one in told if known(one.code, one.said)), told[0] if told else None)
        status = talk.status or 0
        if first is None:
            about_key = status == 422 and b"idempoten" in (talk.body or b"").lower()
            return _unexplained("422", "") if about_key else talk.outcome(error)
        found = known(first.code, first.said)
        if status == 429:
            limited = (found or CODES["10011"]).fault(first.code)
            return Deferred(limited, wait=retry_after(talk.headers), route_wide=True)
        if status == 422 and any(wire.says_same_key(one) for one in told):
            return Accepted("", duplicate=True)
        said = masked(first.said, addresses=[envelope.to], secrets=[self._secret])
        if status == 422 and (found is None or any(wire.names_key(one) for one in told)):
            return _unexplained(first.code, said)
        if found is None or not 400 <= status < 500:
            return talk.outcome(error, provider_code=first.code, said=said)
        return found.outcome(first.code, wait=retry_after(talk.headers))

    async def aclose(self) -> None:
        """Nothing is held open: the session is the host's."""


def _unexplained(code: str, said: str) -> Uncertain:
    """So are repeats answered whose first was taken; a 422 that does not say why might be one."""
    detail = f"Telnyx refused the request for a reason that is not known. {said}".strip()
    return Uncertain(Fault(Blame.PROVIDER, "unexplained", detail, code))
