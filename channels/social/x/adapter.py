"""tweepy on the shared session."""

from __future__ import annotations

import logging
from typing import Any

import aiohttp

# tweepy ships no types; the project's mypy settings know.
from tweepy.asynchronous import AsyncClient

from channels.contract import Accepted, Blame, Envelope, Fault, Measure, Outcome, Probed, Rejected, Words
from channels.social.answers import document, failure, no_reference, unsendable
from channels.social.x import wire
from channels.social.x.codes import DUPLICATE, refusal
from channels.social.x.settings import CAPABILITIES, XSettings
from channels.transport.http import Exchange, SharedSession, exchange
from channels.transport.masking import masked

#: tweepy knows no other.
_HOST = "https://api.twitter.com"
#: At DEBUG these write credentials and signatures, so they never log below INFO.
_TALKATIVE = ("tweepy", "tweepy.asynchronous.client", "oauthlib", "oauthlib.oauth1.rfc5849")


class XChannel:
    """One account on X."""

    capabilities = CAPABILITIES

    def __init__(self, settings: XSettings, session: aiohttp.ClientSession) -> None:
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.INFO)
        self._allow_urls = settings.allow_urls
        self._client: Any = AsyncClient(
            consumer_key=settings.consumer_key.get_secret_value(),
            consumer_secret=settings.consumer_secret.get_secret_value(),
            access_token=settings.access_token.get_secret_value(),
            access_token_secret=settings.access_token_secret.get_secret_value(),
            return_type=dict,
            wait_on_rate_limit=False,
        )
        # tweepy forgets to await an error's body when it is empty; what is in it, `_failure` reads from the exchange.
        self._client.session = SharedSession(session, instead_of=_HOST, base_url=settings.base_url, only_successes=True)

    def measure(self, words: Words) -> Measure:
        return wire.measure(words, allow_urls=self._allow_urls)

    async def send(self, envelope: Envelope, *, timeout: float) -> Outcome:
        text = envelope.words.text
        size = self.measure(envelope.words)
        if (unfit := unsendable(envelope.words, size)) is not None:
            return unfit
        if size.refusal:
            return Rejected(Fault(Blame.MESSAGE, "contains-url", f"This cannot be posted: {size.refusal}."))
        with exchange(timeout) as talk:
            try:
                await self._client.create_tweet(text=text, user_auth=True)
            except Exception as error:  # noqa: BLE001 - tweepy raises anything at a garbled answer; the wire decides
                return _failure(talk, error)
            ref = wire.posted(talk.json())
            return Accepted(ref) if ref is not None else talk.outcome()

    async def retract(self, ref: str, envelope: Envelope, *, timeout: float) -> Outcome:
        if not (ref.isascii() and ref.isdigit()):
            return no_reference("X")  # what X only calls a duplicate comes without its id
        with exchange(timeout, posts=0) as talk:
            try:
                await self._client.delete_tweet(ref, user_auth=True)
            except Exception as error:  # noqa: BLE001 - as for sending
                return Accepted(ref, duplicate=True) if talk.status == 404 and talk.json() else _failure(talk, error)
            gone = wire.deleted(talk.json())
            return Accepted(ref, duplicate=not gone) if gone is not None else talk.outcome()

    async def probe(self, *, timeout: float) -> Probed | Fault:
        """Reads our own profile; X charges a fraction of a cent for it."""
        with exchange(timeout, posts=0) as talk:
            try:
                await self._client.get_me(user_auth=True)
            except Exception as error:  # noqa: BLE001 - as in send
                failure = _failure(talk, error)
                return talk.outcome(error).fault if isinstance(failure, Accepted) else failure.fault
            match talk.json():
                case {"data": {"username": str(name)}}:
                    return Probed(f"@{masked(name)}")
            return talk.outcome().fault

    async def aclose(self) -> None:
        """Nothing is held open: the session is the host's."""


def _failure(talk: Exchange, error: Exception) -> Outcome:
    if talk.status == 403 and DUPLICATE in document(talk):
        # The text is unique to this update, so the post that is there already is this very one.
        return Accepted("", duplicate=True)
    return failure(talk, error, refusal=refusal, wait=wire.wait)
