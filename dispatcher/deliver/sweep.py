"""Looks through the ledger for what should be under way and is not. A lost bell costs one sweep, never a message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from dispatcher.deliver.books import LEASE
from dispatcher.deliver.clock import Clock
from dispatcher.deliver.line import Rules
from dispatcher.deliver.settle import lost, settle, unheard
from dispatcher.ledger import Ledger, breakers, broadcasts, confirming, guard, now, outcomes, paces, queue, receipts

log = structlog.get_logger(__name__)

_BATCH = 5_000  # deliveries closed in one transaction: others get their turn in between
_AT_MOST = 100_000  # and in one pass: what else the sweep finds must not wait for a million of them
_STALE = 500
#: A jump of the clock that is worth doing something about; leases are longer.
_JUMP = 5.0


@dataclass(frozen=True, slots=True)
class Swept:
    """What the sweep found.

    Attributes:
        routes: Routes with something to do now, be it a probe.
        broadcasts: Accepted broadcasts whose deliveries are not made yet.
        receipts: Whether some wait to be folded.
        confirmations: Routes whose providers somebody waits to have asked, and nobody is asking.
        lost: Deliveries whose worker was lost; each is uncertain now.
        expired: Deliveries whose time passed, or that a newer update replaced, before they could be sent.
        unheard: Deliveries whose receipt did not come in time.
    """

    routes: tuple[str, ...]
    broadcasts: tuple[int, ...]
    receipts: bool
    confirmations: tuple[str, ...]
    lost: int
    expired: int
    unheard: int = 0


def sweep(ledger: Ledger, rules_of: Callable[[str], Rules], clock: Clock | None = None) -> Swept:
    """One pass, in short transactions. Cheap when all is well (`ledger.guard`).

    With a `clock`, a time of day that was put back makes nothing wait, and one that was put forward takes nothing from
    workers that live: they renew their leases before the next pass.
    """
    jump = clock.jumped() if clock else 0.0
    if abs(jump) > _JUMP:
        log.warning("the clock was put forward or back", seconds=round(jump, 1))
    if jump < -_JUMP:
        with ledger.write() as tx:
            guard.set_clock_back(tx, timedelta(seconds=LEASE))
    if jump > _JUMP:
        with ledger.write() as tx:
            guard.wait_longer(tx, jump)
    if clock:
        clock.settle()
    dropped = close_passed(ledger)
    found = 0 if jump > _JUMP else _take_from_the_dead(ledger, rules_of)
    silent = _go_on_without_word(ledger, rules_of)
    with ledger.write() as tx:
        guard.beat(tx, guard.SWEEP)
        paces.forget(tx, _AT_MOST)
        return Swept(
            # A route that nobody needs now is probed as well: it shall be known to be well before it is needed.
            routes=tuple(dict.fromkeys([*guard.due_since(tx), *breakers.ripe(tx)])),
            broadcasts=tuple(broadcasts.unplanned(tx)),
            receipts=bool(receipts.unfolded(tx, 1)),
            confirmations=tuple(confirming.open_routes(tx)),
            lost=found,
            expired=dropped,
            unheard=silent,
        )


def close_passed(ledger: Ledger) -> int:
    """Close what is superseded or past its time, in batches; answers how many deliveries that ended. The next pass goes
    on where this one stopped."""
    with ledger.read() as tx:
        over = guard.passed(tx)
    dropped = 0
    for one in over:
        batch = _BATCH
        while batch == _BATCH and dropped < _AT_MOST:
            with ledger.write() as tx:
                batch = guard.drop(tx, one, _BATCH)
                dropped += batch
                if batch < _BATCH:
                    guard.close_if_settled(tx, one.broadcast_id)
    return dropped


def _take_from_the_dead(ledger: Ledger, rules_of: Callable[[str], Rules]) -> int:
    """What a dead worker held may have been sent: it is in doubt now, and that is looked into."""
    total, batch = 0, _STALE
    while batch == _STALE:
        with ledger.write() as tx:
            stale = guard.stale(tx, _STALE)
            superseded = queue.superseded_among(tx, {one.broadcast_id for one in stale})
            settled = [
                (one, *settle(one, lost(one), rules_of(one.route), now(), superseded=one.broadcast_id in superseded))
                for one in stale
            ]
            outcomes.restand(tx, [(one, standing) for one, _, standing in settled])
            outcomes.note(tx, [(one.attempt_id, found, standing.reason) for one, found, standing in settled])
            # What a route left before said while these were held was only noted.
            if moved_on := [one.delivery_id for one in stale if one.turns]:
                receipts.fold_left(tx, moved_on)
        batch = len(stale)
        total += batch
    return total


def _go_on_without_word(ledger: Ledger, rules_of: Callable[[str], Rules]) -> int:
    """A receipt that does not come in time leads on, or leaves it at unknown, as policy says."""
    total, batch = 0, _STALE
    while batch == _STALE:
        with ledger.write() as tx:
            due = guard.unheard(tx, _STALE)
            # The word may have come and only wait to be folded: the next pass looks again.
            come = receipts.waiting_for(tx, [one.token for one in due])
            silent = [one for one in due if one.token not in come]
            superseded = queue.superseded_among(tx, {one.broadcast_id for one in silent})
            elsewhere = outcomes.told_elsewhere(tx, silent)
            arrived = receipts.arrived(tx, [one.delivery_id for one in silent])
            moved = [
                (
                    one,
                    unheard(
                        one,
                        rules_of(one.route),
                        now(),
                        superseded=one.broadcast_id in superseded,
                        elsewhere=elsewhere.get(one.delivery_id, 0),
                        arrived=one.delivery_id in arrived,
                    ),
                )
                for one in silent
            ]
            outcomes.restand(tx, moved)
            outcomes.note_silence(tx, moved)
            if arrived:
                receipts.fold_left(tx, arrived)
        batch = len(silent)
        total += batch
    return total
