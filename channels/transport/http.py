"""The one pooled HTTP session, and the face of it that a provider's SDK gets to see.

SDKs differ in what they do about timeouts, retries and redirects, and most do the wrong thing for a request that must
not be made twice. So an adapter opens an `exchange`, and inside it the SDK talks through a `SharedSession`:

    with exchange(timeout) as talk:
        try:
            answer = await sdk.send(...)
        except SomeSdkError as error:
            return talk.outcome(error)

The session then applies the exchange's timeout, follows no redirect, uses no proxy of its own accord, stops a second
delivering request, and writes down what really came back; whatever the SDK makes of the answer, the outcome is decided
by what happened on the wire.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import aiohttp
from yarl import URL

from channels.contract import Blame, Deferred, Fault, Rejected, Uncertain
from channels.transport.outcomes import Failure, of_network, of_status

#: A delivering request takes a connection for the provider's latency; this many are in flight at once at most.
CONNECTIONS = 512
#: Shorter than the idle time after which providers and load balancers close, so that few sends meet a dying socket.
KEEP_ALIVE = 15.0
DNS_CACHE = 30
#: The part of a timeout that may go into getting a connection. What is left is for the answer. It must be less than the
#: whole, for only then does a timeout say on which side of the request it fell.
CONNECT_SHARE = 0.5
LONGEST_ANSWER = 4 * 1024 * 1024

_Answering = AbstractAsyncContextManager[aiohttp.ClientResponse]


def open_session() -> aiohttp.ClientSession:
    """The session that all channels of a process share. Close it when they are closed."""
    connector = aiohttp.TCPConnector(
        limit=CONNECTIONS, limit_per_host=0, keepalive_timeout=KEEP_ALIVE, ttl_dns_cache=DNS_CACHE
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        raise_for_status=False,
        timeout=timeouts(30.0),
    )


@lru_cache
def timeouts(seconds: float) -> aiohttp.ClientTimeout:
    """Limits for one request: `seconds` for all of it, a part of them for getting a connection."""
    connect = seconds * CONNECT_SHARE
    return aiohttp.ClientTimeout(total=seconds, connect=connect, sock_connect=connect, sock_read=seconds)


class SecondRequest(RuntimeError):
    """An SDK was about to make a second delivering request on its own."""


class NoSuccess(RuntimeError):
    """An answer that is not 2xx. What it was, the exchange knows."""


class OversizedAnswer(RuntimeError):
    """An answer larger than any that a provider documents."""


@dataclass(slots=True)
class Exchange:
    """What happened on the wire during one send or look-up.

    Attributes:
        timeout: Seconds for each request.
        posts: How many delivering requests may be made.
        asked: How many requests were handed to the connection.
        status: The last answer's status, None while none has come.
        headers: The last answer's headers.
        body: The last answer's body, None while it has not come completely.
    """

    timeout: float
    posts: int = 1
    asked: int = 0
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None

    def json(self) -> Mapping[str, Any]:
        """The last answer as a JSON object; empty when it is none."""
        try:
            content = json.loads(self.body or b"")
        except (ValueError, RecursionError):
            return {}
        return content if isinstance(content, dict) else {}

    def outcome(self, error: BaseException | None = None, *, provider_code: str = "", said: str = "") -> Failure:
        """What it means for the message that this exchange did not end with a readable acceptance.

        Args:
            error: What the SDK raised, if it did. A failure of the network may stand behind it as its cause.
            provider_code: The provider's own code.
            said: What the provider said, masked.
        """
        if self.status is not None and (self.body is not None or self.status >= 300):
            return of_status(self.status, self.headers, provider_code=provider_code, said=said)
        seen = error
        while seen is not None:
            known = of_network(seen)
            if known is not None:
                return known
            seen = seen.__cause__
        if self.asked:
            return Uncertain(Fault(Blame.PATH, "unexplained", f"The exchange ended with {type(error).__name__}."))
        if isinstance(error, ValueError | TypeError):
            detail = f"The message cannot be put into a request ({type(error).__name__})."
            return Rejected(Fault(Blame.MESSAGE, "not-sendable", detail))
        return Deferred(Fault(Blame.PATH, "not-sent", f"No request was made ({type(error).__name__})."))


_current: ContextVar[Exchange] = ContextVar("exchange")


@contextmanager
def exchange(timeout: float, *, posts: int = 1) -> Iterator[Exchange]:
    """All requests of this task until the end of the block belong together."""
    talk = Exchange(timeout=timeout, posts=posts)
    token = _current.set(talk)
    try:
        yield talk
    finally:
        _current.reset(token)


class SharedSession:
    """Looks enough like `aiohttp.ClientSession` for the SDKs; lasts as long as the host's session.

    Args:
        session: The host's session.
        instead_of: What every URL of the SDK begins with, when the SDK leaves no choice.
        base_url: What to put in its place.
        only_successes: Raise `NoSuccess` for every answer that is not 2xx, for an SDK that is better kept from reading
            refusals. The exchange has the answer all the same.
    """

    #: An SDK that finds a closed session opens one of its own, without our limits. It shall meet the error instead.
    closed = False

    def __init__(
        self, session: aiohttp.ClientSession, *, instead_of: str = "", base_url: str = "", only_successes: bool = False
    ) -> None:
        self._session = session
        self._only_successes = only_successes
        self._instead_of = instead_of
        self._base_url = base_url

    def request(
        self, method: str, url: str | URL, **wishes: Any
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """As the session's, with our own limits put over the SDK's."""
        talk = _current.get()
        wishes.pop("proxy", None)
        wishes.update(
            timeout=timeouts(talk.timeout),
            allow_redirects=False,
            raise_for_status=_demand_success if self._only_successes else False,
            middlewares=(_watch,),
        )
        return self._session.request(method, self._place(url), **wishes)

    async def close(self) -> None:
        """Nothing: the session is the host's to close."""

    def _place(self, url: str | URL) -> URL:
        if not self._instead_of:
            return URL(url)
        # A signed URL is already percent-encoded, and must stay exactly so.
        text = str(url)
        if not text.startswith(self._instead_of):
            raise ValueError("the SDK asked for an address outside the provider's API")
        return URL(self._base_url + text.removeprefix(self._instead_of), encoded=True)


async def _demand_success(response: aiohttp.ClientResponse) -> None:
    if not 200 <= response.status < 300:
        raise NoSuccess


async def _watch(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Sees every request that really goes out, those that aiohttp repeats by itself included."""
    talk = _current.get()
    if request.method == "POST":
        if talk.posts <= 0:
            raise SecondRequest
        talk.posts -= 1
    talk.asked += 1
    talk.status, talk.headers, talk.body = None, {}, None
    response = await handler(request)
    talk.status, talk.headers = response.status, response.headers
    if (response.content_length or 0) > LONGEST_ANSWER:
        response.close()
        raise OversizedAnswer
    talk.body = await response.read()  # kept by the response, so the SDK reads it again without waiting
    return response
