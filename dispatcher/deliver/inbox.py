"""The in-app inbox as channels see it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from dispatcher.ledger import Ledger, inbox, now
from dispatcher.ledger.grouping import Grouping
from dispatcher.ledger.inbox import NewNote


class LedgerInbox:
    """Implements `channels.registry.Inbox` on the ledger. Belongs to one event loop."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._group = Grouping(self._store)

    async def put(
        self,
        *,
        user: str,
        key: str,
        token: str,
        subject: str,
        text: str,
        useful_for: float,
        thread: str,
        notable: bool,
    ) -> int:
        """Store once per `key`; answers its number.

        Raises:
            LedgerAway: it could not be stored.
        """
        until = now() + timedelta(seconds=useful_for)
        return await self._group.put(NewNote(user, key, token, subject, text, until, thread, notable))

    def _store(self, notes: Sequence[NewNote]) -> Sequence[int]:
        # A key may come twice in one group; the inbox keeps the first.
        once = {note.key: note for note in reversed(notes)}
        with self._ledger.write() as tx:
            numbers = inbox.put(tx, list(once.values()))
        return [numbers[note.key] for note in notes]
