"""From what happened on the wire to an `Outcome`, for everything that does not depend on the provider. Pure.

The question is always whether the request may have been read. It certainly was not when no connection was made, and it
certainly was not acted upon when the answer says so (429, most 4xx). In every other case it may have been.

A connection that breaks on a reused socket counts as "may have been read": the peer may have closed it before our bytes
came or after acting on them, and the two look the same from here. aiohttp repeats such a request by itself only for
methods that are idempotent by definition, never for the POSTs by which messages are sent.
"""

from __future__ import annotations

import math
import ssl
import time
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

import aiohttp

from channels.contract import Blame, Deferred, Fault, Rejected, Uncertain

LONGEST_WAIT = 3600.0

Failure = Rejected | Deferred | Uncertain

#: Raised by aiohttp only before a request's first byte is written.
_NEVER_LEFT: tuple[tuple[type[BaseException], str, str], ...] = (
    (aiohttp.ClientConnectorDNSError, "dns", "The provider's name could not be resolved."),
    (aiohttp.ClientSSLError, "tls", "No trusted TLS connection to the provider could be made."),
    (aiohttp.ServerFingerprintMismatch, "tls", "The provider's certificate is not the expected one."),
    (aiohttp.ConnectionTimeoutError, "connect-timeout", "No connection to the provider in time."),
    (aiohttp.ClientConnectorError, "no-connection", "The provider refused the connection or is not reachable."),
    (aiohttp.ClientHttpProxyError, "no-connection", "The proxy did not connect to the provider."),
)


def retry_after(headers: Mapping[str, str], *, now: float | None = None, longest: float = LONGEST_WAIT) -> float | None:
    """How many seconds the provider asks to wait: from seconds or an HTTP date, between 0 and `longest`.

    None when it does not say, or says nothing that can be understood.
    """
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "").strip()
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            stamp = parsedate_to_datetime(value)
            if stamp.tzinfo is None:  # HTTP dates are GMT by definition, said or not
                stamp = stamp.replace(tzinfo=UTC)
            seconds = stamp.timestamp() - (time.time() if now is None else now)
        except (ValueError, TypeError, OverflowError):
            return None
    return bounded_wait(seconds, longest=longest)


def bounded_wait(seconds: float, *, longest: float = LONGEST_WAIT) -> float | None:
    """`seconds` within 0 and `longest`; None for what is no number of seconds."""
    return min(max(0.0, seconds), longest) if math.isfinite(seconds) else None


def of_status(
    status: int, headers: Mapping[str, str], *, provider_code: str = "", said: str = "", now: float | None = None
) -> Failure:
    """What an HTTP status means when the provider's own code, if any, is not known better.

    Args:
        status: The status, 2xx included: an adapter asks only when it could not read the answer.
        headers: The answer's headers.
        provider_code: The provider's own code.
        said: What the provider said, masked.
        now: Unix seconds, for a `Retry-After` that is a date.
    """

    def fault(blame: Blame, code: str, detail: str) -> Fault:
        return Fault(blame, code, f"{detail} {said}".strip(), provider_code or str(status))

    match status:
        case 429:
            limited = fault(Blame.PROVIDER, "rate-limited", "The provider asks for less.")
            return Deferred(limited, wait=retry_after(headers, now=now), route_wide=True)
        case 401 | 402 | 403 | 407:
            return Rejected(fault(Blame.ACCOUNT, "not-allowed", f"The provider refused our account ({status})."))
        case 404 | 405 | 410:
            return Rejected(fault(Blame.ACCOUNT, "no-such-service", f"The provider has no such service ({status})."))
        case 307 | 308:
            return Deferred(fault(Blame.ACCOUNT, "moved", "The provider's API has moved; see the route's base_url."))
        case 421 | 425:
            return Deferred(fault(Blame.PROVIDER, "not-now", f"The provider did not take the request ({status})."))
        case 408 | 409:
            return Uncertain(fault(Blame.PROVIDER, "unexplained", f"The provider answered {status}."))
        case _ if 400 <= status < 500:
            return Rejected(fault(Blame.MESSAGE, "refused", f"The provider refused the message ({status})."))
        case _ if 200 <= status < 300:
            return Uncertain(fault(Blame.PROVIDER, "garbled", f"The provider's {status} answer cannot be read."))
        case _ if status >= 500:
            return Uncertain(fault(Blame.PROVIDER, "provider-error", f"The provider failed ({status})."))
        case _:
            return Uncertain(fault(Blame.PROVIDER, "unexplained", f"The provider answered {status}."))


def of_network(error: BaseException) -> Failure | None:
    """What a failure of the network means, or None when `error` is none."""
    for kind, code, detail in _NEVER_LEFT:
        if isinstance(error, kind):
            return Deferred(Fault(Blame.PATH, code, detail))
    if isinstance(error, aiohttp.InvalidURL | aiohttp.NonHttpUrlClientError):
        return Deferred(Fault(Blame.ACCOUNT, "bad-base-url", "The provider's address in the settings is unusable."))
    if isinstance(error, TimeoutError):
        return Uncertain(Fault(Blame.PATH, "timeout", "The provider did not answer in time."))
    if isinstance(error, aiohttp.ClientPayloadError):
        return Uncertain(Fault(Blame.PATH, "truncated", "The provider's answer broke off."))
    if isinstance(error, aiohttp.ClientConnectionError | ConnectionError | ssl.SSLError):
        return Uncertain(Fault(Blame.PATH, "disconnected", "The connection broke before the provider answered."))
    return None
