"""Apprise's requests on the shared session."""

from __future__ import annotations

import aiohttp
from requests import PreparedRequest

from channels.chat.apprise import wire
from channels.chat.apprise.library import Writer
from channels.chat.apprise.settings import CAPABILITIES, AppriseSettings
from channels.chat.refusals import unsendable
from channels.contract import Accepted, Blame, Envelope, Fault, Measure, Outcome, Rejected, Uncertain, Words
from channels.transport.http import SharedSession, exchange
from channels.transport.webhook import called, elsewhere

_NOT_SENDABLE = Rejected(Fault(Blame.MESSAGE, "not-sendable", "The message cannot be put into a request."))


class AppriseChannel:
    """One place of one service."""

    capabilities = CAPABILITIES

    def __init__(self, settings: AppriseSettings, session: aiohttp.ClientSession) -> None:
        self._settings = settings
        self._session = SharedSession(session)
        self._writer = Writer(settings.service_url.get_secret_value())

    def measure(self, words: Words) -> Measure:
        return wire.measure(words, self._settings)

    async def send(self, envelope: Envelope, *, timeout: float) -> Outcome:
        words = envelope.words
        refusal = unsendable(words, self.measure(words)) or elsewhere(envelope.to, self._settings.channel)
        if refusal is not None:
            return refusal
        text = wire.text(words)
        with exchange(timeout) as talk:
            try:
                request = self._writer.request_of(text)
            except Exception:  # noqa: BLE001 - a plugin may stumble over any text; nothing has left yet
                return _NOT_SENDABLE
            if request is None:
                return _NOT_SENDABLE
            try:
                async with self._session.request(
                    "POST",
                    called(request.url or "", self._settings.base_url),
                    data=request.body,
                    headers=_headers(request),
                ):
                    pass
            except Exception as error:  # noqa: BLE001 - whatever was raised, the exchange knows what happened
                return talk.outcome(error)
            if talk.status is None or not 200 <= talk.status < 300:
                return talk.outcome()
            try:
                taken = self._writer.accepted(text, status=talk.status, headers=talk.headers, body=talk.body or b"")
            except Exception:  # noqa: BLE001 - an answer that the plugin cannot read
                taken = False
            if taken:
                return Accepted("")
            detail = "The service's answer is not the one by which it says that it took the message."
            return Uncertain(Fault(Blame.PROVIDER, "garbled", detail, str(talk.status)))

    async def aclose(self) -> None:
        """Nothing is held open: the session is the host's."""


def _headers(request: PreparedRequest) -> dict[str, str]:
    """Without the length, which the session knows better."""
    return {name: _text(value) for name, value in request.headers.items() if name.lower() != "content-length"}


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
