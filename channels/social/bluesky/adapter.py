"""AT Protocol on the shared session.

The `atproto` SDK brings httpx with connections of its own, renews sessions behind the caller's back, so that one call
may be two requests, and loads models of the whole network. Four documented calls are all that is needed.

A post is put under a record key that is made of the delivery's key, and only where nothing is yet: a repeat finds its
predecessor and changes nothing.
"""

from __future__ import annotations

import time

import aiohttp

from channels.contract import Accepted, Blame, Deferred, Envelope, Fault, Measure, Outcome, Probed, Rejected, Words
from channels.social.answers import failure, no_reference, unsendable
from channels.social.bluesky import wire
from channels.social.bluesky.codes import EXPIRED, KEY_TAKEN, UNKNOWN_SESSION, refusal
from channels.social.bluesky.session import Session, Tokens
from channels.social.bluesky.settings import CAPABILITIES, BlueskySettings
from channels.transport.asking import ask
from channels.transport.http import Exchange, SharedSession, exchange

#: What signing in leaves of a send's time is for the post, and at least this much.
LEAST = 0.1


class BlueskyChannel:
    """One account. It posts as that account, whatever address the envelope names."""

    capabilities = CAPABILITIES

    def __init__(self, settings: BlueskySettings, session: aiohttp.ClientSession) -> None:
        self._language = settings.language
        self._calls = f"{settings.base_url}/xrpc/com.atproto.repo."
        self._http = SharedSession(session)
        self._session = Session(settings, self._http)

    def measure(self, words: Words) -> Measure:
        return wire.measure(words)

    async def send(self, envelope: Envelope, *, timeout: float) -> Outcome:
        if (unfit := unsendable(envelope.words, wire.measure(envelope.words))) is not None:
            return unfit
        end = time.monotonic() + timeout
        tokens = await self._session.tokens(timeout=timeout)
        if not isinstance(tokens, Tokens):
            return tokens
        with exchange(max(end - time.monotonic(), LEAST)) as talk:
            body = wire.post(envelope, tokens.did, self._language)
            error = await ask(self._http, "POST", f"{self._calls}putRecord", bearer=tokens.access, body=body)
            ref = wire.posted(talk.json()) if talk.status == 200 else None
            if ref is not None:
                return Accepted(ref)
            if talk.status == 400 and wire.error_of(talk.json()) == KEY_TAKEN:
                return Accepted(wire.reference(tokens.did, envelope.key), duplicate=True)
            return self._failure(talk, error, tokens)

    async def retract(self, ref: str, envelope: Envelope, *, timeout: float) -> Outcome:
        parts = wire.parts(ref)
        if parts is None:
            return no_reference("Bluesky")
        end = time.monotonic() + timeout
        tokens = await self._session.tokens(timeout=timeout)
        if not isinstance(tokens, Tokens):
            return tokens
        did, key = parts
        if did != tokens.did:
            detail = "The post belongs to another account than the one that the route has now."
            return Rejected(Fault(Blame.ACCOUNT, "another-account", detail))
        with exchange(max(end - time.monotonic(), LEAST)) as talk:
            body = {"repo": did, "collection": wire.COLLECTION, "rkey": key}
            error = await ask(self._http, "POST", f"{self._calls}deleteRecord", bearer=tokens.access, body=body)
            if error is None and talk.status == 200 and _is_object(talk):
                # The server tells of a change only when there was something to delete.
                return Accepted(ref, duplicate="commit" not in talk.json())
            return self._failure(talk, error, tokens)

    async def probe(self, *, timeout: float) -> Probed | Fault:
        """Signs in, of which Bluesky allows only so many a day, or finds that it is signed in already."""
        tokens = await self._session.tokens(timeout=timeout)
        return Probed(tokens.did) if isinstance(tokens, Tokens) else tokens.fault

    async def aclose(self) -> None:
        """Nothing is held open: the connections are the host's, and the session ends by itself."""

    def _failure(self, talk: Exchange, error: Exception | None, tokens: Tokens) -> Outcome:
        name = wire.error_of(talk.json())
        if talk.status in (400, 401) and name == EXPIRED:
            self._session.expired(tokens)
            return _again("The session had ended; it is renewed before the next try.", name)
        if talk.status == 401 or (talk.status == 400 and name in UNKNOWN_SESSION):
            self._session.unknown(tokens)
            if name in UNKNOWN_SESSION:
                return _again("Bluesky did not know the session; a new one is opened before the next try.", name)
        return failure(talk, error, refusal=refusal, wait=wire.wait)


def _again(detail: str, name: str) -> Deferred:
    return Deferred(Fault(Blame.ACCOUNT, "session-ended", detail, name), wait=0.0)


def _is_object(talk: Exchange) -> bool:
    return (talk.body or b"").lstrip().startswith(b"{")
