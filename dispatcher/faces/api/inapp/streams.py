"""Feeds the open streams of a web process: what is new, to whom it is for, as fast as they read."""

from __future__ import annotations

import asyncio
import contextlib

import structlog

from dispatcher.faces.api.inapp.messages import PAGE
from dispatcher.ledger import LedgerAway, inbox, now
from dispatcher.ledger.inbox import Note
from dispatcher.wiring import Installation

log = structlog.get_logger(__name__)

_LOOK_EVERY = 0.25
#: Messages for everybody that one look brings at most.
_LOOK_PAGE = 2_000


class Reader:
    """One open stream: what is new for it, until it has been read out. There are thousands, so it is kept small."""

    __slots__ = ("_waiting", "behind", "ended", "news", "overflowed")

    def __init__(self) -> None:
        self.news: list[Note] = []
        #: Whether the ledger must be asked: at the start, and when more came than a slow reader can be kept.
        self.behind = True
        #: Whether that was because more came than is kept.
        self.overflowed = False
        self.ended = False
        self._waiting: asyncio.Future[None] | None = None

    def give(self, note: Note) -> None:
        """Something new for this reader."""
        if len(self.news) >= PAGE:
            self.overflowed = True
            self.fall_behind()
        else:
            self.news.append(note)
            self._wake()

    def fall_behind(self) -> None:
        """It may have missed something, and looks for itself."""
        self.news.clear()
        self.behind = True
        self._wake()

    def end(self) -> None:
        """Its time is over."""
        self.ended = True
        self._wake()

    async def wait(self) -> None:
        """Until there is something to do."""
        if self.news or self.behind or self.ended:
            return
        self._waiting = asyncio.get_running_loop().create_future()
        try:
            await self._waiting
        finally:
            self._waiting = None

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


class Streams:
    """Feeds the open streams of this process. One look at the ledger serves them all. Belongs to one event loop."""

    def __init__(self, here: Installation) -> None:
        self._here = here
        self._readers: dict[str, list[Reader]] = {}
        self._watch: asyncio.Task[None] | None = None

    def join(self, user: str) -> Reader:
        """A reader of the user's inbox."""
        reader = Reader()
        self._readers.setdefault(user, []).append(reader)
        if self._watch is None or self._watch.done():
            self._watch = asyncio.create_task(self._look())
        return reader

    def leave(self, user: str, reader: Reader) -> None:
        """The stream has ended."""
        readers = self._readers.get(user, [])
        if reader in readers:
            readers.remove(reader)
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
