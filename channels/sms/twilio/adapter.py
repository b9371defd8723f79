"""The Twilio SDK on the shared session."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import aiohttp

# The SDK ships no types.
from twilio.base.exceptions import (
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from channels.contract import (
    Accepted,
    Blame,
    Callback,
    CannotTell,
    Deferred,
    Envelope,
    Fault,
    Heard,
    LookUp,
    Measure,
    Outcome,
    Probed,
    Rejected,
    Words,
)
from channels.sms.twilio import wire
from channels.sms.twilio.codes import CODES
from channels.sms.twilio.receipts import Callbacks
from channels.sms.twilio.settings import CAPABILITIES, TwilioSettings
from channels.transport.clocks import begun
from channels.transport.http import Exchange, SharedSession, exchange
from channels.transport.masking import masked
from channels.transport.outcomes import Failure, retry_after

#: How many of the newest messages to one number are looked at.
LISTED = 100
#: The SDK takes region and edge from the process' environment when it is given none; ours is what the settings say.
_NO_ENVIRONMENT = {"TWILIO_REGION": "", "TWILIO_EDGE": ""}


# Any, because the SDK ships no types.
class _PooledHttpClient(AsyncHttpClient):  # type: ignore[misc]  # the SDK ships no types
    """Puts the SDK's requests on our session.

    The SDK's own client ignores its timeout and hands answers over in an attribute that concurrent requests share.
    """

    def __init__(self, session: SharedSession) -> None:
        super().__init__(logging.getLogger(__name__), True)
        self._session = session

    async def request(
        self,
        method: str,
        uri: str,
        *,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        sent = dict(headers or {})
        if auth is not None:
            sent["Authorization"] = aiohttp.encode_basic_auth(*auth)
        body = urlencode(data, doseq=True).encode() if data else None
        async with self._session.request(method, uri, params=params, data=body, headers=sent) as answer:
            return Response(answer.status, await answer.text(errors="replace"), answer.headers)


class TwilioChannel:
    """One Twilio account."""

    capabilities = CAPABILITIES

    def __init__(self, settings: TwilioSettings, session: aiohttp.ClientSession) -> None:
        self._settings = settings
        token = settings.auth_token.get_secret_value()
        client = Client(
            settings.account_sid,
            token,
            http_client=_PooledHttpClient(SharedSession(session)),
            environment=_NO_ENVIRONMENT,
        )
        client.api.base_url = settings.base_url
        self._messages: Any = client.messages
        self._account: Any = client.api.accounts(settings.account_sid)
        second = settings.second_auth_token
        self._secrets = [token] if second is None else [token, second.get_secret_value()]
        self._callbacks = Callbacks(self._secrets, settings)

    def measure(self, words: Words) -> Measure:
        return wire.measure(words, self._settings)

    async def send(self, envelope: Envelope, *, timeout: float) -> Outcome:
        if not envelope.words.text.strip():
            return Rejected(CODES[21602].fault(""))
        size = self.measure(envelope.words)
        if size.over:
            detail = f"The text takes {size.length} {size.unit} of at most {size.limit}. {size.note}".strip()
            return Rejected(Fault(Blame.MESSAGE, "too-long", detail))
        with exchange(timeout) as talk:
            try:
                message = await self._messages.create_async(**wire.create_arguments(envelope, self._settings))
            except (TwilioRestException, TwilioServiceException) as error:
                return self._refusal(error, talk, envelope.to)
            except Exception as error:  # noqa: BLE001 - the SDK raises anything at a garbled answer; the wire decides
                return talk.outcome(error)
            return Accepted(message.sid) if message.sid and isinstance(message.sid, str) else talk.outcome()

    async def look_up(self, envelope: Envelope, *, timeout: float) -> LookUp:
        with exchange(timeout, posts=0) as talk:
            try:
                messages = await self._messages.list_async(to=envelope.to, limit=LISTED, page_size=LISTED)
                listed = [_listed(message) for message in messages]
            except TwilioException:
                return CannotTell(talk.outcome().fault)
            except Exception as error:  # noqa: BLE001 - as in send
                return CannotTell(talk.outcome(error).fault)
            since = begun(envelope.started_at, talk.headers)
        return wire.pick(envelope, listed, since=since)

    def hear(self, callback: Callback) -> Heard:
        return self._callbacks.read(callback)

    async def probe(self, *, timeout: float) -> Probed | Fault:
        """Reads the account, which costs nothing."""
        with exchange(timeout, posts=0) as talk:
            try:
                account = await self._account.fetch_async()
            except (TwilioRestException, TwilioServiceException) as error:
                return self._refusal(error, talk, "").fault
            except Exception as error:  # noqa: BLE001 - as in send
                return talk.outcome(error).fault
        name, status = masked(str(account.friendly_name)), masked(str(account.status))
        if status != "active":
            return Fault(Blame.ACCOUNT, "not-active", f"The account {name} is {status}.", status)
        return Probed(f"account {name}")

    def _refusal(self, error: Any, talk: Exchange, to: str) -> Failure:
        """What a non-2xx answer means: the status where it decides, else the code, else the status again."""
        code = error.code if isinstance(error.code, int) else None
        known = CODES.get(code) if code is not None else None
        status = talk.status or 0
        if status == 429:
            # Twilio promises that a request answered with 429 was never processed, whatever code is in it.
            fault = (known or CODES[20429]).fault(code or status)
            return Deferred(fault, wait=retry_after(talk.headers), route_wide=True)
        if known is None or not 400 <= status < 500:
            words = str(getattr(error, "msg", None) or getattr(error, "detail", None) or "")
            said = masked(words, addresses=[to], secrets=self._secrets)
            return talk.outcome(error, provider_code=str(code or status), said=said)
        return known.outcome(code or status, wait=retry_after(talk.headers))

    async def aclose(self) -> None:
        """Nothing is held open: the session is the host's."""


def _listed(message: Any) -> wire.Listed:
    return wire.Listed(
        sid=str(message.sid),
        body=message.body or "",
        direction=str(message.direction),
        status=str(message.status),
        error_code=str(message.error_code or ""),
        created=message.date_created.timestamp(),
    )
