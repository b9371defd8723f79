"""Where providers call back. Verified by their signature, stored raw, answered at once, folded later."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import structlog
from fastapi import APIRouter, Request, Response
from prometheus_client import Counter

from channels.contract import Callback, Forged, Heard, HearsReceipts, Kind, Receipt, Said, Unreadable
from channels.registry import Resources
from channels.transport.http import open_session
from channels.transport.masking import masked
from dispatcher.deliver.inbox import LedgerInbox
from dispatcher.faces.api.problems import Problem, can_be
from dispatcher.faces.worker.bells import Bells
from dispatcher.intake.keepable import without_unkeepable
from dispatcher.ledger import now, optouts, receipts
from dispatcher.ledger.grouping import Grouping
from dispatcher.ledger.optouts import Spoken
from dispatcher.ledger.receipts import Arrived
from dispatcher.settings import MissingSecret, WrongSetting
from dispatcher.wiring import Installation

log = structlog.get_logger(__name__)
router = APIRouter(prefix="/receipts", tags=["receipts"])

heard_total = Counter("dispatcher_receipts_total", "Calls from providers", ["route", "result"])
said_total = Counter("dispatcher_said_total", "What people said about being told", ["kind", "wish", "result"])

#: A press of a button in Slack repeats the message: 16,000 letters of up to nine bytes each.
_LARGEST = 256 * 1024
#: A mail that came back may hold the whole mail that was sent, and the headers of all that it passed.
_LARGEST_MAIL = 1024 * 1024
_RING_AFTER = 0.1
#: What a token of ours is made of.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Ear:
    """Hears for every route of this process. Belongs to the web process' event loop."""

    def __init__(self, here: Installation, bells: Bells) -> None:
        self._here = here
        self._bells = bells
        self.resources = Resources(http=open_session(), inbox=LedgerInbox(here.ledger))
        self._channels: dict[str, HearsReceipts] = {}
        self._group: Grouping[Sequence[Arrived], None] = Grouping(self._store)
        self._ringing: asyncio.Task[None] | None = None

    async def hear(self, route: str, callback: Callback) -> Heard:
        """Verify, keep; answers what it told.

        Raises:
            Forged, Unreadable: as the channel says.
            Problem: no such route, or it cannot hear.
            LedgerAway: they could not be kept.
        """
        heard = self._channel(route).hear(callback)
        received_at = datetime.fromtimestamp(callback.received_at, UTC)
        if heard.receipts:
            await self._group.put([Arrived(route, _keepable(one), received_at) for one in heard.receipts])
            self.ring_soon()
        if heard.said:
            kind = self._here.capabilities(route).kind
            spoken = [_spoken(route, kind, one) for one in heard.said]
            await asyncio.to_thread(self._keep_said, spoken)
        return heard

    async def keep(self, route: str, told: Sequence[Receipt]) -> None:
        """Keep receipts that our own face heard."""
        await self._group.put([Arrived(route, one, now()) for one in told])
        self.ring_soon()

    def ring_soon(self) -> None:
        """Ring for folding once for everything that comes within a moment."""
        if self._ringing is None or self._ringing.done():
            self._ringing = asyncio.create_task(self._ring())

    async def _ring(self) -> None:
        await asyncio.sleep(_RING_AFTER)
        await asyncio.to_thread(self._bells.fold)

    async def close(self) -> None:
        if self._ringing is not None:
            await self._ringing
        await self.resources.http.close()

    def _channel(self, route: str) -> HearsReceipts:
        if route in self._channels:
            return self._channels[route]
        if route not in self._here.config.routes:
            raise Problem(404, f"there is no route {route!r}")
        can = self._here.capabilities(route)
        if not (can.hears_receipts or can.hears_failures):
            # Anybody may call here, so none is built in vain: some take long, and would be built for each call.
            raise Problem(404, f"the provider of route {route!r} sends no receipts")
        try:
            channel = self._here.channel(route, self.resources)
        except (MissingSecret, WrongSetting) as problem:
            # Anybody may call here; what we lack is told to our own people.
            log.error("receipts cannot be heard: the route is not set up", route=route, why=str(problem))
            raise Problem(503, f"receipts of route {route!r} cannot be heard now; try again later") from None
        if not isinstance(channel, HearsReceipts):
            raise Problem(404, f"the provider of route {route!r} sends no receipts")
        self._channels[route] = channel
        return channel

    def _keep_said(self, spoken: Sequence[Spoken]) -> None:
        with self._here.ledger.write() as tx:
            new = [optouts.hear(tx, one) for one in spoken]
        for one, is_new in zip(spoken, new, strict=True):
            said_total.labels(one.kind, one.wish, "new" if is_new else "copy").inc()

    def _store(self, group: Sequence[Sequence[Arrived]]) -> Sequence[None]:
        with self._here.ledger.write() as tx:
            receipts.store(tx, [one for told in group for one in told])
        return [None] * len(group)


def _spoken(route: str, kind: Kind, said: Said) -> Spoken:
    """What a person said, as the ledger keeps it: with where it was heard, and no address in that."""
    words = masked(said.words)
    source = f"{route}: “{words}”" if words else f"{route}: {said.wish.value}"
    return Spoken(kind, said.address, said.wish, source[:200], said.words, f"{route}:{said.event}")


def _keepable(one: Receipt) -> Receipt:
    """A genuine receipt is kept whatever it holds."""
    raw = {without_unkeepable(name): without_unkeepable(value) for name, value in one.raw.items()}
    fault = None
    if one.fault is not None:
        code, detail = without_unkeepable(one.fault.provider_code), without_unkeepable(one.fault.detail)
        fault = replace(one.fault, provider_code=code, detail=detail)
    return replace(one, raw=raw, ref=without_unkeepable(one.ref), event=without_unkeepable(one.event), fault=fault)


@router.post("/{route}", status_code=204, responses=can_be(400, 403, 404, 413, 422, 503))
async def hear_route(route: str, request: Request) -> Response:
    """One call of one provider that is not about one attempt by its address, as what people write or press."""
    return await _heard(route, "", request)


@router.post("/{route}/{token}", status_code=204, responses=can_be(400, 403, 404, 413, 422, 503))
async def hear(route: str, token: str, request: Request) -> Response:
    """One call of one provider about one attempt."""
    if not _TOKEN.fullmatch(token):
        raise Problem(404, "no receipt is expected at this address")
    return await _heard(route, token, request)


async def _heard(route: str, token: str, request: Request) -> Response:
    ear: Ear = request.app.state.ear
    here: Installation = request.app.state.installation
    body = await _body(request)
    query = request.scope["query_string"].decode("latin-1")
    callback = Callback(
        # As the provider called it: our configured public address, and the path and query as they came.
        url=here.settings.public_url + request.scope["raw_path"].decode("latin-1") + (f"?{query}" if query else ""),
        token=token,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=body,
        received_at=time.time(),
    )
    try:
        heard = await ear.hear(route, callback)
    except Forged as forged:
        heard_total.labels(route, "forged").inc()
        log.warning("forged receipt refused", route=route, why=str(forged))
        raise Problem(403, f"not accepted: {forged}") from None
    except Unreadable as unreadable:
        heard_total.labels(route, "unreadable").inc()
        raise Problem(400, f"not understood: {unreadable}") from None
    heard_total.labels(route, "kept").inc()
    if heard.answer is None:
        return Response(status_code=204)
    return Response(heard.answer.body, heard.answer.status, media_type=heard.answer.content_type)


async def _body(request: Request) -> bytes:
    is_mail = request.headers.get("content-type", "").partition(";")[0].strip().lower() == "message/rfc822"
    largest = _LARGEST_MAIL if is_mail else _LARGEST
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise Problem(413, f"a receipt holds at most {largest} bytes")
    return bytes(body)
