"""The in-app inbox over HTTP: a live stream, a page of messages, and "I have seen it".

The company's own server asks for a ticket for the person who is logged in there (`POST /api/v1/inapp/tickets`) and
hands it to the page; with it the page opens the stream. A stream that was cut goes on from the last number it saw.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import deque
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Annotated

import jwt
import structlog
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import BaseModel, Field
from sse_starlette import EventSourceResponse, ServerSentEvent

from channels.contract import Receipt, Word
from dispatcher.faces.api.access import Here, caller
from dispatcher.faces.api.problems import Problem, can_be
from dispatcher.faces.api.receipts import Ear
from dispatcher.faces.api.shapes import In
from dispatcher.ledger import LedgerAway, inbox, now
from dispatcher.ledger.inbox import Note
from dispatcher.wiring import Installation

log = structlog.get_logger(__name__)
router = APIRouter(tags=["in-app"])

_AUDIENCE = "inapp"
_TICKET_FOR = timedelta(hours=12)
_LOOK_EVERY = 0.25
_PING_EVERY = 15
#: Messages a reader asks the ledger for at once, and is kept at most.
_PAGE = 100
#: Messages for everybody that one look brings at most.
_LOOK_PAGE = 2_000
#: A ticket for the longest user there can be is shorter.
_LONGEST_TICKET = 6000
#: As many digits as the largest number of a message has.
_DIGITS = 19


class TicketFor(In):
    user: Annotated[str, Field(min_length=1, max_length=320, description="As in the `app user` of the recipients.")]


class Ticket(BaseModel):
    ticket: str
    expires_at: datetime


class Message(BaseModel):
    seq: int
    subject: str
    text: str
    created_at: datetime
    read: bool

    @classmethod
    def of(cls, note: Note) -> Message:
        return cls(
            seq=note.seq,
            subject=note.subject,
            text=note.text,
            created_at=note.created_at,
            read=note.read_at is not None,
        )


class Inbox(BaseModel):
    as_of: datetime
    messages: list[Message]


@router.post(
    "/api/v1/inapp/tickets",
    status_code=201,
    dependencies=[Depends(caller)],
    responses=can_be(400, 401, 413, 415, 422, 503),
)
def make_ticket(body: TicketFor, here: Here) -> Ticket:
    """A ticket with which one person's app can read that person's inbox and nothing else."""
    expires = now() + _TICKET_FOR
    claims = {"sub": body.user, "aud": _AUDIENCE, "exp": expires}
    return Ticket(ticket=jwt.encode(claims, here.settings.secret.get_secret_value(), "HS256"), expires_at=expires)


def holder(here: Here, ticket: Annotated[str, Query(max_length=_LONGEST_TICKET)]) -> str:
    """Whose inbox a ticket opens."""
    try:
        claims = jwt.decode(
            ticket,
            here.settings.secret.get_secret_value(),
            algorithms=["HS256"],
            audience=_AUDIENCE,
            options={"require": ["exp", "sub"]},
        )
    except jwt.InvalidTokenError:
        raise Problem(401, "the ticket is not valid or has expired; ask POST /api/v1/inapp/tickets for one") from None
    return str(claims["sub"])


Holder = Annotated[str, Depends(holder)]
Seq = Annotated[int, Query(ge=0, le=2**63 - 1)]


@router.get("/inapp/messages", responses=can_be(401, 422, 503))
def messages(user: Holder, here: Here, after: Seq = 0) -> Inbox:
    """The person's messages numbered above `after`, oldest first."""
    with here.ledger.read() as tx:
        found = inbox.after(tx, user, after, _PAGE)
    return Inbox(as_of=now(), messages=[Message.of(note) for note in found])


@router.post("/inapp/messages/{seq}/read", status_code=204, responses=can_be(401, 404, 422, 503))
async def read(seq: int, user: Holder, here: Here, request: Request) -> Response:
    """The person has seen it. This is their receipt; saying it twice changes nothing."""
    ear: Ear = request.app.state.ear
    if not 0 < seq < 2**63 or (token := await asyncio.to_thread(_mark, here, user, seq)) is None:
        raise Problem(404, f"there is no message {seq} in this inbox")
    route = next((way.route for way in here.ways if way.kind == "inapp"), "inapp")
    await ear.keep(route, [Receipt(Word.READ, f"read:{seq}", token=token, raw={"seq": str(seq)})])
    return Response(status_code=204)


def _mark(here: Installation, user: str, seq: int) -> str | None:
    with here.ledger.write() as tx:
        return inbox.mark_read(tx, user, seq)


class _Stream(EventSourceResponse):
    media_type = "text/event-stream"


class Reader:
    """One open stream: what is new for it, until it has been read out."""

    def __init__(self) -> None:
        self.news: deque[Note] = deque()
        #: Whether the ledger must be asked: at the start, and when more came than a slow reader can be kept.
        self.behind = True
        self.woken = asyncio.Event()

    def give(self, note: Note) -> None:
        """Something new for this reader."""
        if len(self.news) >= _PAGE:
            self.fall_behind()
        else:
            self.news.append(note)
            self.woken.set()

    def fall_behind(self) -> None:
        """It may have missed something, and looks for itself."""
        self.news.clear()
        self.behind = True
        self.woken.set()


class Streams:
    """Feeds the open streams of this process. One look at the ledger serves them all. Belongs to one event loop."""

    def __init__(self, here: Installation) -> None:
        self._here = here
        self._readers: dict[str, set[Reader]] = {}
        self._watch: asyncio.Task[None] | None = None

    def join(self, user: str) -> Reader:
        """A reader of the user's inbox."""
        reader = Reader()
        self._readers.setdefault(user, set()).add(reader)
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._look())
        return reader

    def leave(self, user: str, reader: Reader) -> None:
        """The stream has ended."""
        readers = self._readers.get(user, set())
        readers.discard(reader)
        if not readers:
            self._readers.pop(user, None)

    async def close(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch

    async def _look(self) -> None:
        seen = await self._first_look()
        while self._readers:
            try:
                notes = await asyncio.to_thread(self._after, seen)
            except LedgerAway as away:
                log.warning("ledger away", why=str(away))
                notes = []
            except Exception:
                # Whatever it was, the streams of this process must not go deaf.
                log.exception("looking for new messages failed")
                notes = []
            moment = now()
            for note in notes:
                seen = note.seq
                if note.useful_until > moment:
                    for reader in self._readers.get(note.user, ()):
                        reader.give(note)
            if len(notes) < _LOOK_PAGE:
                await asyncio.sleep(_LOOK_EVERY)

    async def _first_look(self) -> int:
        """Where to begin. Whoever joined before may have missed something: everybody looks once."""
        while True:
            try:
                seen = await asyncio.to_thread(self._newest)
            except LedgerAway as away:
                log.warning("ledger away", why=str(away))
                await asyncio.sleep(_LOOK_EVERY)
                continue
            except Exception:
                log.exception("looking for new messages failed")
                await asyncio.sleep(_LOOK_EVERY)
                continue
            for readers in self._readers.values():
                for reader in readers:
                    reader.fall_behind()
            return seen

    def _newest(self) -> int:
        with self._here.ledger.read() as tx:
            return inbox.newest_seq(tx)

    def _after(self, seen: int) -> list[Note]:
        with self._here.ledger.read() as tx:
            return inbox.after_all(tx, seen, _LOOK_PAGE)


@router.get("/inapp/stream", response_class=_Stream, responses=can_be(401, 422))
async def stream(
    user: Holder,
    request: Request,
    last_event_id: Annotated[str, Header(alias="Last-Event-ID")] = "",
    after: Seq = 0,
) -> EventSourceResponse:
    """A live stream of the person's messages (server-sent events `message`), from the last number seen."""
    known = last_event_id.isdecimal() and len(last_event_id) <= _DIGITS and int(last_event_id) < 2**63
    start = int(last_event_id) if known else after
    return _Stream(
        _events(request.app.state.streams, request.app.state.installation, user, start),
        ping=_PING_EVERY,
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _events(streams: Streams, here: Installation, user: str, seq: int) -> AsyncIterator[ServerSentEvent]:
    reader = streams.join(user)
    try:
        # Clients that lost us come back at different moments.
        yield ServerSentEvent(comment="open", retry=random.randint(2000, 6000))  # noqa: S311 - jitter, not a secret
        while True:
            reader.woken.clear()
            if reader.behind:
                reader.behind = False
                try:
                    news = await asyncio.to_thread(_after, here, user, seq)
                except LedgerAway as away:
                    # The client comes back by itself, with the last number it saw.
                    log.warning("stream ended", why=str(away))
                    return
                # A full page: there is more where it came from.
                reader.behind = reader.behind or len(news) == _PAGE
            else:
                news = []
                while reader.news:
                    news.append(reader.news.popleft())
            for note in news:
                # What the first look found may come a second time by the common one.
                if note.seq > seq:
                    seq = note.seq
                    yield ServerSentEvent(id=str(seq), event="message", data=Message.of(note).model_dump_json())
            if not reader.behind and not reader.news:
                await reader.woken.wait()
    finally:
        streams.leave(user, reader)


def _after(here: Installation, user: str, seq: int) -> list[Note]:
    with here.ledger.read() as tx:
        return inbox.after(tx, user, seq, _PAGE)
