"""The session of one account: signed in once, renewed in time, shared by all posts of a process.

Signing in is limited to a few dozen times in five minutes and a hundred or so a day, for all processes together. So it
is done once, on first use; afterwards the session is renewed by its refresh token, which has no such limit. Nothing
here delivers anything: what fails here is never `Uncertain`.
"""

from __future__ import annotations

import asyncio
import base64
import json
import math
import time
from dataclasses import dataclass, replace
from typing import Any

from channels.contract import Blame, Deferred, Fault, Rejected, Uncertain
from channels.social.answers import failure
from channels.social.bluesky import wire
from channels.social.bluesky.codes import EXPIRED, UNKNOWN_SESSION, sign_in_refusal
from channels.social.bluesky.settings import BlueskySettings
from channels.transport.asking import ask
from channels.transport.http import Exchange, SharedSession, exchange

#: A session is renewed this many seconds before it ends, or a tenth of its life when that is less.
MARGIN = 60.0
#: After a failure nobody signs in again for so long: those who waited for it share the answer.
REST = 5.0


@dataclass(frozen=True, slots=True)
class Tokens:
    """Who we are and what proves it. `until` is on the monotonic clock."""

    did: str
    access: str
    refresh: str
    until: float

    def __repr__(self) -> str:
        return f"Tokens({self.did!r})"


class Session:
    """Keeps the tokens of one account. Belongs to one event loop."""

    def __init__(self, settings: BlueskySettings, session: SharedSession) -> None:
        self._settings = settings
        self._session = session
        self._tokens: Tokens | None = None
        self._turn = asyncio.Lock()
        self._failed: tuple[float, Rejected | Deferred] | None = None

    async def tokens(self, *, timeout: float) -> Tokens | Rejected | Deferred:
        """Tokens that hold for now, signing in or renewing when needed; else why there are none."""
        if (held := self._tokens) is not None and time.monotonic() < held.until:
            return held
        try:
            async with asyncio.timeout(timeout), self._turn:
                return await self._made(timeout)
        except TimeoutError:
            return Deferred(Fault(Blame.PATH, "timeout", "Signing in to Bluesky took too long; nothing was sent."))

    def expired(self, tokens: Tokens) -> None:
        """The server says that these are over."""
        if self._tokens == tokens:
            self._tokens = replace(tokens, until=-math.inf)

    def unknown(self, tokens: Tokens) -> None:
        """The server does not know these."""
        if self._tokens == tokens:
            self._tokens = None

    async def _made(self, timeout: float) -> Tokens | Rejected | Deferred:
        held, now = self._tokens, time.monotonic()
        if held is not None and now < held.until:
            return held  # somebody else was quicker
        if self._failed is not None and now < self._failed[0]:
            return self._failed[1]
        made: Tokens | Rejected | Deferred | None = None
        if held is not None:
            made = await self._renewed(held, timeout)
        if made is None:
            made = await self._signed_in(timeout)
        if isinstance(made, Tokens):
            self._tokens, self._failed = made, None
        else:
            self._failed = (time.monotonic() + REST, made)
        return made

    async def _renewed(self, held: Tokens, timeout: float) -> Tokens | Rejected | Deferred | None:
        """None when the refresh token is over as well."""
        with exchange(timeout) as talk:
            error = await ask(self._session, "POST", self._url("refreshSession"), bearer=held.refresh)
            if talk.status in (400, 401) and wire.error_of(talk.json()) in {EXPIRED, *UNKNOWN_SESSION}:
                return None
            return _tokens(talk) or _failure(talk, error)

    async def _signed_in(self, timeout: float) -> Tokens | Rejected | Deferred:
        with exchange(timeout) as talk:
            who = {
                "identifier": self._settings.identifier,
                "password": self._settings.app_password.get_secret_value(),
            }
            error = await ask(self._session, "POST", self._url("createSession"), body=who)
            return _tokens(talk) or _failure(talk, error)

    def _url(self, method: str) -> str:
        return f"{self._settings.base_url}/xrpc/com.atproto.server.{method}"


def _tokens(talk: Exchange) -> Tokens | None:
    if talk.status != 200:
        return None
    match talk.json():
        case {"did": str(did), "accessJwt": str(access), "refreshJwt": str(refresh)} if did.startswith("did:"):
            return Tokens(did, access, refresh, time.monotonic() + lifetime(access))
    return None


def lifetime(token: str) -> float:
    """Seconds for which a token may be used from when it was made, by its own `iat` and `exp`; no clock is compared.

    Infinite when it does not say; then the server does.
    """
    try:
        payload = token.split(".")[1]
        said: Any = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        life = float(said["exp"]) - float(said["iat"])
    except (ValueError, LookupError, TypeError, RecursionError, OverflowError):
        return math.inf
    return life - min(MARGIN, life / 10)


def _failure(talk: Exchange, error: Exception | None) -> Rejected | Deferred:
    outcome = failure(talk, error, refusal=sign_in_refusal, wait=wire.wait)
    fault = replace(outcome.fault, detail=f"While signing in: {outcome.fault.detail}")
    match outcome:
        case Rejected():
            return Rejected(replace(fault, blame=Blame.ACCOUNT))
        case Deferred():
            return replace(outcome, fault=fault)
        case Uncertain():
            return Deferred(fault)  # nothing was posted, whatever became of this
