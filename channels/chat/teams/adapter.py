"""The webhook of a workflow on the shared session. There is no SDK for calling it."""

from __future__ import annotations

import aiohttp

from channels.chat.refusals import unsendable
from channels.chat.teams import wire
from channels.chat.teams.codes import CODES
from channels.chat.teams.settings import CAPABILITIES, TeamsSettings
from channels.contract import Accepted, Envelope, Measure, Outcome, Words
from channels.transport.http import SharedSession, exchange
from channels.transport.webhook import called, elsewhere

#: The workflow was started with the message. Whether it then posts it, nobody tells the caller.
STARTED = 202


class TeamsWorkflow:
    """One workflow, for one channel of Teams."""

    capabilities = CAPABILITIES

    def __init__(self, settings: TeamsSettings, session: aiohttp.ClientSession) -> None:
        self._session = SharedSession(session)
        # As it was given: its signature is over the address.
        self._url = called(settings.webhook_url.get_secret_value(), settings.base_url)
        self._channel = settings.channel

    def measure(self, words: Words) -> Measure:
        return wire.measure(words)

    async def send(self, envelope: Envelope, *, timeout: float) -> Outcome:
        words = envelope.words
        refusal = unsendable(words, wire.measure(words)) or elsewhere(envelope.to, self._channel)
        if refusal is not None:
            return refusal
        with exchange(timeout) as talk:
            try:
                async with self._session.request(
                    "POST",
                    self._url,
                    data=wire.body(envelope),
                    headers={"Content-Type": "application/json; charset=utf-8"},
                ):
                    pass
            except Exception as error:  # noqa: BLE001 - whatever was raised, the exchange knows what happened
                return talk.outcome(error)
            if talk.status == STARTED:
                return Accepted("")
            code = wire.error_code(talk.json())
            if talk.status is not None and 400 <= talk.status < 500 and talk.status != 429 and code in CODES:
                return CODES[code]
            return talk.outcome(provider_code=code)

    async def aclose(self) -> None:
        """Nothing is held open: the session is the host's."""
