"""Telnyx's messages of the API version 2: send and retrieve, with idempotency keys.

Not modelled: media, scheduling, number pools, encodings, and the carriers' own filters.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import secrets
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from channels.simulator import gate
from channels.simulator.faults import Provider
from channels.simulator.gate import Core, Reply
from channels.simulator.journey import Journey, Sms
from channels.simulator.segments import segments
from channels.simulator.telnyx_wire import resource

_FAILURES = {
    400: ("10015", "Bad Request"),
    401: ("10009", "Authentication failed"),
    403: ("10010", "Authorization failed"),
    404: ("10005", "Resource not found"),
    408: ("10008", "Request timeout"),
    422: ("10015", "Bad Request"),
    429: ("10011", "Too many requests"),
}
_PHONE = re.compile(r"\+[1-9]\d{6,14}")
_KEY = re.compile(r"[A-Za-z0-9_:-]{1,255}")
MOST_PARTS = 10

#: Numbers that are always refused in the same way. Telnyx has none; they are this simulator's own.
MAGIC_TO = {
    "+15005550001": ("40310", "Invalid 'to' address"),
    "+15005550003": ("40309", "Invalid destination region"),
    "+15005550004": ("40300", "Blocked due to STOP message"),
    "+15005550009": ("40301", "Unsupported message type for the 'to' address"),
}


def error(status: int, code: str, title: str, detail: str = "", headers: dict[str, str] | None = None) -> Reply:
    failure = {"code": code, "title": title, "detail": detail or title}
    return Reply(status, {"errors": [failure]}, refused=f"{status}/{code}", headers=headers)


@dataclass(frozen=True, slots=True)
class _Record:
    """A request that went well under a key: what it was, and what it was answered."""

    body: str
    payload: Any


class Telnyx:
    provider: Provider = "telnyx"

    def __init__(self, core: Core, journey: Journey) -> None:
        self._core = core
        self._journey = journey
        self._login = f"Bearer {core.accounts.telnyx_api_key}"
        self._records: dict[str, _Record] = {}

    def forget(self) -> None:
        """No key was ever used."""
        self._records.clear()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/telnyx/v2/messages", self.create),
            web.get("/telnyx/v2/messages/{id}", self.fetch, allow_head=False),
            web.route("*", "/telnyx/{rest:.*}", self.unknown),
        ]

    def failure(self, status: int, code: int | str | None, retry_after: int | None) -> Reply:
        usual, title = _FAILURES.get(status, ("10007", "Unexpected error"))
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        return error(status, usual if code is None else str(code), title, headers=headers)

    async def create(self, request: web.Request) -> web.Response:
        body = await request.read()
        try:
            message = json.loads(body)
        except ValueError:
            message = None
        known = message if isinstance(message, dict) else {}
        return await gate.serve(
            self._core,
            self,
            request,
            lambda number: self._guarded(request) or self._once(request, body, known, number),
            to=str(known.get("to", "")),
            sending=True,
        )

    async def fetch(self, request: web.Request) -> web.Response:
        sms = self._core.store.find("telnyx", request.match_info["id"])
        return await gate.serve(
            self._core,
            self,
            request,
            lambda _: self._guarded(request) or self._fetch(sms),
            to=sms.to if sms is not None else "",
            sending=False,
        )

    async def unknown(self, request: web.Request) -> web.Response:
        missing = error(404, "10005", "Resource not found")
        return await gate.serve(
            self._core, self, request, lambda _: self._guarded(request) or missing, to="", sending=False
        )

    def _guarded(self, request: web.Request) -> Reply | None:
        if request.headers.get("Authorization", "") == self._login:
            return None
        return error(401, "10009", "Authentication failed")

    def _once(self, request: web.Request, body: bytes, message: dict[str, Any], number: int) -> Reply:
        """With the same key: the same answer to the same body, for every other body a refusal."""
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return self._create(message, number)
        if not _KEY.fullmatch(key):
            return error(400, "10015", "Bad Request", "The Idempotency-Key is not of the allowed form")
        digest = hashlib.sha256(body).hexdigest()
        if (record := self._records.get(key)) is not None:
            if record.body == digest:
                return Reply(200, record.payload)
            return error(422, "10015", "Unprocessable", "The Idempotency-Key was used with another request body")
        reply = self._create(message, number)
        if reply.status == 200:
            self._records[key] = _Record(digest, reply.payload)
        return reply

    def _create(self, message: dict[str, Any], number: int) -> Reply:
        if (refusal := self._check(message)) is not None:
            return refusal
        core = self._core
        now = core.now()
        sms = Sms(
            provider="telnyx",
            kind="sms",
            to=message["to"],
            body=message["text"],
            ref=secrets.token_hex(16),
            at=now,
            status="queued",
            request=number,
            sender=str(message.get("from") or core.accounts.telnyx_from),
            service=str(message.get("messaging_profile_id") or core.accounts.telnyx_messaging_profile_id),
            callback=str(message.get("webhook_url") or ""),
            segments=segments(message["text"]),
            validity=math.inf,
            updated=now,
        )
        sms.metadata = {"from": sms.sender, "messaging_profile_id": sms.service, "webhook_url": sms.callback}
        core.store.hold(sms)
        self._journey.begin(sms)
        return Reply(200, {"data": resource(sms, sms.status)})

    def _check(self, message: dict[str, Any]) -> Reply | None:
        """The first thing that Telnyx would refuse, or None."""
        to, text = message.get("to"), message.get("text")
        sender, profile = message.get("from"), message.get("messaging_profile_id")
        wrong: tuple[str, str] | None = None
        if not to or not isinstance(to, str):
            wrong = "10004", "Missing required parameter"
        elif not sender and not profile:
            wrong = "40305", "Invalid 'from' address"
        elif to in MAGIC_TO:
            wrong = MAGIC_TO[to]
        elif not _PHONE.fullmatch(to):
            wrong = "40310", "Invalid 'to' address"
        elif not isinstance(text, str) or not text.strip():
            wrong = "40316", "No content provided"
        elif segments(text) > MOST_PARTS:
            wrong = "40302", "Message too large"
        elif ("telnyx", to) in self._core.stopped:
            wrong = "40300", "Blocked due to STOP message"
        return error(400, *wrong) if wrong is not None else None

    def _fetch(self, sms: object) -> Reply:
        if not isinstance(sms, Sms):
            return error(404, "10005", "Resource not found")
        return Reply(200, {"data": resource(sms, sms.status)})
