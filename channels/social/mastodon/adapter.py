"""Mastodon's own API on the shared session.

Mastodon.py, the library for it, works on `requests`: it blocks, has no cancellation, and opens connections of its own,
so that neither the host's timeout nor its one-request rule would hold. Two documented calls are all that is needed.

A repeated status is recognised by its `Idempotency-Key`, which a server keeps for an hour. An attempt that is repeated
later than that, after a long standstill of ours, may be posted again.
"""

from __future__ import annotations

from urllib.parse import quote

import aiohttp

from channels.contract import Accepted, Envelope, Fault, Measure, Outcome, Probed, Words
from channels.social.answers import failure, no_reference, unsendable
from channels.social.mastodon import wire
from channels.social.mastodon.codes import NO_RECORD, OUT_OF_SCOPE, refusal
from channels.social.mastodon.settings import CAPABILITIES, MastodonSettings
from channels.transport.asking import ask
from channels.transport.http import Exchange, SharedSession, exchange
from channels.transport.masking import masked


class MastodonChannel:
    """One account on one Mastodon server. It posts as that account, whatever address the envelope names."""

    capabilities = CAPABILITIES

    def __init__(self, settings: MastodonSettings, session: aiohttp.ClientSession) -> None:
        self._settings = settings
        self._session = SharedSession(session)
        self._statuses = f"{settings.base_url}/api/v1/statuses"

    def measure(self, words: Words) -> Measure:
        return wire.measure(words, self._settings.max_characters)

    async def send(self, envelope: Envelope, *, timeout: float) -> Outcome:
        if (unfit := unsendable(envelope.words, self.measure(envelope.words))) is not None:
            return unfit
        with exchange(timeout) as talk:
            error = await ask(
                self._session,
                "POST",
                self._statuses,
                bearer=self._settings.access_token.get_secret_value(),
                headers={"Idempotency-Key": envelope.key},
                body=wire.status(envelope.words, self._settings),
            )
            ref = wire.posted(talk.json()) if talk.status == 200 else None
            if ref is not None:
                return Accepted(ref)
            if _not_there(talk):
                # Nothing is looked for when a status is posted, but for the one that our key once made.
                return Accepted("", duplicate=True)
            return failure(talk, error, refusal=refusal, wait=wire.wait)

    async def retract(self, ref: str, envelope: Envelope, *, timeout: float) -> Outcome:
        if not ref:
            return no_reference("Mastodon")
        with exchange(timeout, posts=0) as talk:
            error = await ask(
                self._session,
                "DELETE",
                f"{self._statuses}/{quote(ref, safe='')}",
                bearer=self._settings.access_token.get_secret_value(),
            )
            if _not_there(talk):
                return Accepted(ref, duplicate=True)
            if error is None and talk.status == 200 and wire.posted(talk.json()) is not None:
                return Accepted(ref)
            return failure(talk, error, refusal=refusal, wait=wire.wait)

    async def probe(self, *, timeout: float) -> Probed | Fault:
        """Asks whose token this is. One that may post and not read is good too, but cannot say whose it is."""
        with exchange(timeout, posts=0) as talk:
            error = await ask(
                self._session,
                "GET",
                f"{self._settings.base_url}/api/v1/accounts/verify_credentials",
                bearer=self._settings.access_token.get_secret_value(),
            )
            match talk.status, talk.json():
                case 200, {"acct": str(name)} if error is None:
                    return Probed(masked(f"@{name}"))
                case 403, {"error": str(said)} if OUT_OF_SCOPE in said.lower():
                    return Probed("a token that may post, and may not read whose it is")
            return failure(talk, error, refusal=refusal, wait=wire.wait).fault

    async def aclose(self) -> None:
        """Nothing is held open: the session is the host's."""


def _not_there(talk: Exchange) -> bool:
    said = talk.json().get("error")
    return talk.status == 404 and isinstance(said, str) and NO_RECORD in said.lower()
