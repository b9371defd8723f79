"""The Slack SDK's webhook client on the shared session."""

from __future__ import annotations

import logging
from typing import cast

import aiohttp
from slack_sdk.webhook.async_client import AsyncWebhookClient

from channels.chat import mrkdwn
from channels.chat.refusals import unsendable
from channels.chat.slack_webhook import wire
from channels.chat.slack_webhook.codes import CODES
from channels.chat.slack_webhook.settings import CAPABILITIES, SlackWebhookSettings
from channels.contract import Accepted, Envelope, Measure, Outcome, Words
from channels.transport.http import SharedSession, exchange
from channels.transport.webhook import called, elsewhere


class SlackWebhook:
    """One incoming webhook."""

    capabilities = CAPABILITIES

    def __init__(self, settings: SlackWebhookSettings, session: aiohttp.ClientSession) -> None:
        # The SDK writes the address, which is the secret, to its logger at DEBUG and when its level is not set.
        quiet = logging.getLogger(f"{__name__}.sdk")
        quiet.setLevel(logging.WARNING)
        self._client = AsyncWebhookClient(
            str(called(settings.webhook_url.get_secret_value(), settings.base_url)),
            # The SDK uses of a session only what SharedSession has.
            session=cast("aiohttp.ClientSession", SharedSession(session)),
            # By default it posts a second time when a connection breaks after the first.
            retry_handlers=[],
            logger=quiet,
        )
        self._channel = settings.channel

    def measure(self, words: Words) -> Measure:
        return mrkdwn.measure(words)

    async def send(self, envelope: Envelope, *, timeout: float) -> Outcome:
        words = envelope.words
        refusal = unsendable(words, mrkdwn.measure(words)) or elsewhere(envelope.to, self._channel)
        if refusal is not None:
            return refusal
        with exchange(timeout) as talk:
            try:
                await self._client.send(**wire.message(envelope))
            except Exception as error:  # noqa: BLE001 - whatever the SDK makes of it, the wire decides
                return talk.outcome(error)
            if talk.status == 200 and talk.body == wire.POSTED:
                return Accepted("")
            word = wire.said(talk.body)
            if talk.status is not None and 400 <= talk.status < 500 and talk.status != 429 and word in CODES:
                return CODES[word]
            return talk.outcome(provider_code=word)

    async def aclose(self) -> None:
        """Nothing is held open: the session is the host's."""
