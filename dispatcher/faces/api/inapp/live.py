"""The live stream of one person's inbox, as server-sent events."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from typing import Annotated

import structlog
from fastapi import APIRouter, Header, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent
from sse_starlette.sse import SendTimeoutError
from starlette.types import Receive, Scope, Send

from dispatcher.faces.api.inapp.messages import PAGE, Message, Seq
from dispatcher.faces.api.inapp.streams import Streams
from dispatcher.faces.api.inapp.tickets import Holder
from dispatcher.faces.api.problems import can_be
from dispatcher.ledger import LedgerAway, inbox, now
from dispatcher.ledger.inbox import Note
from dispatcher.wiring import Installation

log = structlog.get_logger(__name__)
router = APIRouter(prefix="/inapp", tags=["in-app"])

#: Seconds between two signs of life. They are events, so that a page notices when they stop: of a connection that is
#: half open, EventSource itself hears nothing.
_HEARTBEAT = 15
#: Every stream gets the same bytes.
_SIGN_OF_LIFE = b"event: heartbeat\r\ndata: {}\r\n\r\n"
#: Seconds after which a stream ends by itself, at random between these: streams spread anew over the web processes.
_SHORTEST, _LONGEST = 300.0, 900.0
#: Seconds for which somebody who takes nothing holds up a stream; then it ends.
_STUCK = 10.0
#: As many digits as the largest number of a message has.
_DIGITS = 19

_Given = Annotated[str, Query(alias="last_event_id", max_length=100)]


class _Stream(EventSourceResponse):
    media_type = "text/event-stream"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Who reads nothing is let go, and comes back with the last number it saw.
        with contextlib.suppress(SendTimeoutError):
            await super().__call__(scope, receive, send)


@router.get("/stream", response_class=_Stream, responses=can_be(401, 422))
async def stream(
    who: Holder,
    request: Request,
    last_event_id: Annotated[str, Header(alias="Last-Event-ID")] = "",
    first_load: _Given = "",
    after: Seq = 0,
) -> EventSourceResponse:
    """A live stream of the person's messages (server-sent events), from the last number seen.

    Where to go on is taken from the header `Last-Event-ID`, which browsers send when they reconnect, else from
    `last_event_id` or `after`. Events: `message`; `ready` once, when everything missed has been sent; `heartbeat` every
    15 seconds; `resync` when the reader must know that it lost its place: what follows is read anew.
    """
    start = next((int(one) for one in (last_event_id, first_load) if _is_number(one)), after)
    lasting = min(random.uniform(_SHORTEST, _LONGEST), (who.until - now()).total_seconds())  # noqa: S311 - spreads load
    return _Stream(
        events(request.app.state.streams, request.app.state.installation, who.user, start, lasting),
        ping=_HEARTBEAT,
        ping_message_factory=_sign_of_life,
        send_timeout=_STUCK,
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _sign_of_life() -> ServerSentEvent:
    return _SIGN_OF_LIFE  # type: ignore[return-value]  # bytes are sent as they are


def _is_number(given: str) -> bool:
    return given.isdecimal() and len(given) <= _DIGITS and int(given) < 2**63


async def events(
    streams: Streams, here: Installation, user: str, seq: int, lasting: float
) -> AsyncIterator[ServerSentEvent]:
    """What one stream tells, from the message after `seq` on, for `lasting` seconds."""
    reader = streams.join(user)
    ending = asyncio.get_running_loop().call_later(max(0.0, lasting), reader.end)
    ready = False
    try:
        # Clients that lost us come back at different moments, and know their place from the first.
        retry = random.randint(2000, 6000)  # noqa: S311 - jitter, not a secret
        yield ServerSentEvent(comment="open", id=str(seq), retry=retry)
        while not reader.ended:
            if reader.behind:
                if reader.overflowed:
                    reader.overflowed = False
                    yield _resync(seq)
                reader.behind = False
                try:
                    news, elsewhere = await asyncio.to_thread(_after, here, user, seq)
                except LedgerAway as away:
                    # The client comes back by itself, with the last number it saw.
                    log.warning("stream ended", why=str(away))
                    return
                if elsewhere:
                    seq = 0
                    yield _resync(seq)
                # A full page: there is more where it came from.
                reader.behind = reader.behind or len(news) == PAGE
            else:
                news, reader.news = reader.news, []
            for note in news:
                # What the first look found may come a second time by the common one.
                if note.seq > seq:
                    seq = note.seq
                    yield ServerSentEvent(id=str(seq), event="message", data=Message.of(note).model_dump_json())
            if not ready and not reader.behind:
                ready = True
                yield ServerSentEvent(event="ready", data="{}")
            await reader.wait()
    finally:
        ending.cancel()
        streams.leave(user, reader)


def _resync(after: int) -> ServerSentEvent:
    """More came than is kept for a slow reader, or its number is not of this ledger: all after this is read anew."""
    return ServerSentEvent(event="resync", id=str(after), data=f'{{"after":{after}}}')


def _after(here: Installation, user: str, seq: int) -> tuple[list[Note], bool]:
    """What comes next, and whether `seq` was given by some other ledger, so that everything comes."""
    with here.ledger.read() as tx:
        found = inbox.after(tx, user, seq, PAGE)
        if found or not seq or seq <= inbox.last_given(tx):
            return found, False
        return inbox.after(tx, user, 0, PAGE), True
