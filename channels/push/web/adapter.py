"""pywebpush on the shared session: it encrypts and signs, the request is ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp
from py_vapid import Vapid02
from pywebpush import webpush_async

from channels.contract import Accepted, Blame, Envelope, Fault, Measure, Outcome, Rejected, Unreadable, Words
from channels.push.web import wire
from channels.push.web.codes import REFUSALS, TAKEN
from channels.push.web.keys import private_key, public_key
from channels.push.web.settings import CAPABILITIES, WebPushSettings
from channels.transport.http import Exchange, SharedSession, exchange


class _Session:
    """What pywebpush uses of a session. In tests and simulated runs it leads all push services to one place."""

    def __init__(self, session: aiohttp.ClientSession, base_url: str | None) -> None:
        self._shared = SharedSession(session)
        self._base_url = base_url

    def post(self, endpoint: str, **wishes: Any) -> Any:
        url = wire.url_at(self._base_url, endpoint) if self._base_url else endpoint
        return self._shared.request("POST", url, **wishes)


class WebPushChannel:
    """All browsers' push services, by one pair of keys."""

    capabilities = CAPABILITIES

    def __init__(self, settings: WebPushSettings, session: aiohttp.ClientSession) -> None:
        key = settings.vapid_private_key.get_secret_value()
        self._settings = settings
        self._public_key = public_key(key)
        self._vapid = Vapid02(private_key(key))
        self._session = _Session(session, settings.base_url)

    def measure(self, words: Words) -> Measure:
        return wire.measure(words)

    def invitation(self) -> Mapping[str, str]:
        return {"key": self._public_key}

    def enrol(self, told: Mapping[str, Any]) -> str:
        try:
            return wire.subscription(told, extra_hosts=self._settings.extra_hosts).address
        except ValueError as error:
            raise Unreadable(str(error)) from None

    async def send(self, envelope: Envelope, *, timeout: float) -> Outcome:
        refused = self._unfit(envelope.words)
        if refused is not None:
            return Rejected(refused)
        try:
            to = wire.from_address(envelope.to, extra_hosts=self._settings.extra_hosts)
        except ValueError as error:
            return Rejected(Fault(Blame.RECIPIENT, "bad-address", f"The subscription cannot be used: {error}."))
        content = wire.payload(envelope, self._settings.open_url)
        if len(content) > wire.LARGEST_PAYLOAD:
            detail = f"The notification has {len(content)} bytes of at most {wire.LARGEST_PAYLOAD}."
            return Rejected(Fault(Blame.MESSAGE, "too-long", detail))
        with exchange(timeout) as talk:
            try:
                await webpush_async(
                    to.as_told(),
                    content,
                    vapid_private_key=self._vapid,
                    # The library writes into it for whom and until when it holds: a new one each time.
                    vapid_claims={"sub": self._settings.vapid_subject},
                    ttl=wire.ttl(envelope.useful_for),
                    headers={"Urgency": "high", "Topic": wire.topic(envelope.thread)},
                    timeout=timeout,
                    aiohttp_session=self._session,
                )
            except Exception as error:  # noqa: BLE001 - the library raises for every refusal; the wire decides
                return _outcome(talk, error)
            return _outcome(talk)

    async def aclose(self) -> None:
        """Nothing is held open: the session is the host's."""

    def _unfit(self, words: Words) -> Fault | None:
        if not words.text.strip():
            return Fault(Blame.MESSAGE, "empty", "The message has no text.")
        size = self.measure(words)
        if size.over:
            detail = f"Title and text have {size.length} characters of at most {size.limit}."
            return Fault(Blame.MESSAGE, "too-long", detail)
        return None


def _outcome(talk: Exchange, error: Exception | None = None) -> Outcome:
    if talk.status in TAKEN and talk.body is not None:
        # The message's own address at the push service, or nothing; what the body says is for people.
        return Accepted(next((value for name, value in talk.headers.items() if name.lower() == "location"), ""))
    known = REFUSALS.get(talk.status or 0)
    if known is not None:
        return Rejected(Fault(known.blame, known.code, known.reason, str(talk.status), opt_out=known.gone))
    return talk.outcome(error)
