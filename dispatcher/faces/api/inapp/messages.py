"""A page of messages, and what became of them: shown on a screen, acknowledged by the person."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from channels.contract import Kind, Receipt, Word
from dispatcher.faces.api.access import Here
from dispatcher.faces.api.inapp.tickets import Holder
from dispatcher.faces.api.problems import Problem, can_be
from dispatcher.faces.api.receipts import Ear
from dispatcher.ledger import inbox, now
from dispatcher.ledger.inbox import Note
from dispatcher.wiring import Installation

router = APIRouter(prefix="/inapp", tags=["in-app"])

#: Messages a reader asks the ledger for at once.
PAGE = 100

Seq = Annotated[int, Query(ge=0, le=2**63 - 1)]


class Message(BaseModel):
    seq: int
    thread: Annotated[str, Field(description="Messages with the same one follow one another: the newest holds.")]
    notable: Annotated[bool, Field(description="Whether it is worth an interruption.")]
    subject: str
    text: str
    created_at: datetime
    read: bool

    @classmethod
    def of(cls, note: Note) -> Message:
        return cls(
            seq=note.seq,
            thread=note.thread,
            notable=note.notable,
            subject=note.subject,
            text=note.text,
            created_at=note.created_at,
            read=note.read_at is not None,
        )


class Inbox(BaseModel):
    as_of: datetime
    messages: list[Message]


@router.get("/messages", responses=can_be(401, 422, 503))
def messages(who: Holder, here: Here, after: Seq = 0) -> Inbox:
    """The person's messages numbered above `after`, oldest first."""
    with here.ledger.read() as tx:
        found = inbox.after(tx, who.user, after, PAGE)
    return Inbox(as_of=now(), messages=[Message.of(note) for note in found])


@router.post("/messages/{seq}/shown", status_code=204, responses=can_be(401, 404, 422, 503))
async def shown(seq: int, who: Holder, here: Here, request: Request) -> Response:
    """It is on the person's screen: it arrived. Saying it twice changes nothing."""

    def find() -> str | None:
        with here.ledger.read() as tx:
            return inbox.token_of(tx, who.user, seq)

    return await _keep(Word.DELIVERED, "shown", seq, find, request)


@router.post("/messages/{seq}/read", status_code=204, responses=can_be(401, 404, 422, 503))
async def read(seq: int, who: Holder, here: Here, request: Request) -> Response:
    """The person has seen it. This is their receipt; saying it twice changes nothing."""

    def mark() -> str | None:
        with here.ledger.write() as tx:
            return inbox.mark_read(tx, who.user, seq)

    return await _keep(Word.READ, "read", seq, mark, request)


async def _keep(word: Word, said: str, seq: int, find: Callable[[], str | None], request: Request) -> Response:
    ear: Ear = request.app.state.ear
    here: Installation = request.app.state.installation
    if not 0 < seq < 2**63 or (token := await asyncio.to_thread(find)) is None:
        raise Problem(404, f"there is no message {seq} in this inbox")
    route = next((way.route for way in here.ways if way.kind is Kind.INAPP), Kind.INAPP.value)
    await ear.keep(route, [Receipt(word, f"{said}:{seq}", token=token, raw={"seq": str(seq)})])
    return Response(status_code=204)
