"""Looks through the ledger for what should be under way and is not. A lost bell costs one sweep, never a message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dispatcher.deliver.line import Rules
from dispatcher.deliver.settle import lost, settle
from dispatcher.ledger import Ledger, broadcasts, now, queue, receipts


@dataclass(frozen=True, slots=True)
class Swept:
    """What the sweep found.

    Attributes:
        routes: Routes with something to do now.
        broadcasts: Accepted broadcasts whose deliveries are not made yet.
        receipts: Whether some wait to be folded.
        lost: Deliveries whose worker was lost; each is uncertain now.
        expired: Deliveries whose time passed before they could be sent.
    """

    routes: tuple[str, ...]
    broadcasts: tuple[int, ...]
    receipts: bool
    lost: int
    expired: int


def sweep(ledger: Ledger, rules_of: Callable[[str], Rules]) -> Swept:
    """One pass. Cheap when all is well: every question is answered by a partial index."""
    with ledger.write() as tx:
        expired = queue.expire(tx)
        broadcasts.drop_superseded(tx)
        stale = queue.stale(tx)
        superseded = queue.superseded_among(tx, {one.broadcast_id for one in stale})
        for claimed in stale:
            gone = claimed.broadcast_id in superseded
            found, standing = settle(claimed, lost(claimed), rules_of(claimed.route), now(), superseded=gone)
            queue.note(tx, claimed.attempt_id, found, standing.reason)
            queue.restand(tx, claimed.delivery_id, claimed.attempt_id, standing)
        return Swept(
            routes=tuple(queue.due_routes(tx)),
            broadcasts=tuple(broadcasts.unplanned(tx)),
            receipts=bool(receipts.unfolded(tx, 1)),
            lost=len(stale),
            expired=expired,
        )
