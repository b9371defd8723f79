"""For SDKs that talk through httpx: the same one session under them as under all others.

    sdk = TheirSdk(http_client=bridged(SharedSession(session)), max_retries=0)

Every request goes through `SharedSession`, so it belongs to the exchange around it: its timeout, its one delivering
request, its record of what came back. What the session raises passes through as it is; an SDK that wraps it must keep
it as the cause, as `raise ... from` does, and then `Exchange.outcome` finds it.

httpx itself is slow to import. Import this from an adapter, never from a package's `__init__`.
"""

from __future__ import annotations

import httpx
from yarl import URL

from channels.transport.http import SharedSession

#: What aiohttp works out by itself for the connection and the body it really sends.
_OURS_TO_SET = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})
#: No longer true of a body that was unpacked and read to its end; and no client of ours keeps cookies.
_NOT_TOLD = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie"})


def bridged(session: SharedSession) -> httpx.AsyncClient:
    """A client on the host's session: no redirects, no proxies of the environment, no cookies. Closing it is harmless.

    Its timeout is not used: the exchange's holds.
    """
    return httpx.AsyncClient(transport=SessionTransport(session), trust_env=False, follow_redirects=False)


class SessionTransport(httpx.AsyncBaseTransport):
    """Carries httpx requests over the host's session, whole bodies only: nothing is streamed.

    Args:
        session: The face of the host's session; its `instead_of` and `base_url` apply.
    """

    def __init__(self, session: SharedSession) -> None:
        self._session = session

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request, answered with its body read. Raises what `SharedSession.request` raises."""
        body = await request.aread()
        headers = [(name, value) for name, value in request.headers.multi_items() if name not in _OURS_TO_SET]
        # httpx has percent-encoded the address already.
        url = URL(str(request.url), encoded=True)
        async with self._session.request(request.method, url, data=body or None, headers=headers) as answer:
            content = await answer.read()
            kept = [(name, value) for name, value in answer.headers.items() if name.lower() not in _NOT_TOLD]
            return httpx.Response(answer.status, headers=kept, content=content, request=request)

    async def aclose(self) -> None:
        """Nothing: the session is the host's to close."""
