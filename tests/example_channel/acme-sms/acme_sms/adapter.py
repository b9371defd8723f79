"""Acme's gateway on the host's HTTP session."""

import json

import aiohttp

from acme_sms import receipts, wire
from acme_sms.settings import CAPABILITIES, AcmeSettings
from channels.contract import Accepted, Blame, Callback, Envelope, Fault, Heard, Measure, Outcome, Rejected, Words
from channels.transport.http import SharedSession, exchange
from channels.transport.masking import masked


class AcmeChannel:
    """One Acme account."""

    capabilities = CAPABILITIES

    def __init__(self, settings: AcmeSettings, session: aiohttp.ClientSession) -> None:
        self._settings = settings
        self._session = SharedSession(session)
        both = (settings.signing_secret, settings.next_signing_secret)
        self._signing_secrets = [secret.get_secret_value() for secret in both if secret is not None]

    def measure(self, words: Words) -> Measure:
        return wire.measure(words)

    async def send(self, envelope: Envelope, *, timeout: float) -> Outcome:
        size = self.measure(envelope.words)
        if size.over:
            detail = f"The text has {size.length} characters of at most {size.limit}."
            return Rejected(Fault(Blame.MESSAGE, "too-long", detail))
        token = self._settings.api_token.get_secret_value()
        with exchange(timeout) as talk:
            try:
                async with self._session.request(
                    "POST",
                    f"{self._settings.base_url}/v1/messages",
                    data=json.dumps(wire.message(envelope, self._settings.sender)).encode(),
                    headers={
                        "Authorization": f"Bearer {token}",
                        "Content-Type": "application/json",
                        "Idempotency-Key": envelope.key,
                    },
                ):
                    pass
            except Exception as error:  # whatever was raised, the exchange knows what happened on the wire
                return talk.outcome(error)
            answer = talk.json()
            ref = wire.taken(answer) if talk.status in (200, 201) else None
            if ref is not None:
                return Accepted(ref, duplicate=talk.status == 200)
            code = masked(str(answer.get("code", ""))[:60], addresses=[envelope.to], secrets=[token])
            fault = wire.refused(code) if talk.status == 422 else None
            return talk.outcome(provider_code=code) if fault is None else Rejected(fault)

    def hear(self, callback: Callback) -> Heard:
        return receipts.heard(callback, self._signing_secrets)

    async def aclose(self) -> None:
        """Nothing is held open: the session is the host's."""
