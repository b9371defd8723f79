"""Folds stored receipts in batches. What a negative one leads to is decided where every decision is made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from channels.contract import Blame, Fault, Outcome, Rejected, Word
from dispatcher.ledger import Ledger, Tx, now, optouts, queue, receipts
from dispatcher.ledger.queue import Finding
from dispatcher.ledger.receipts import Heard, Tried
from dispatcher.model.decision import Standing
from dispatcher.model.delivery import Claimed, Status
from dispatcher.receipts.fold import MoveOn, Note, Rise, fold

#: Decides what follows for a delivery from an outcome: `deliver.settle` with the route's rules, given by the wiring.
Settle = Callable[[Claimed, Outcome, datetime, bool], tuple[Finding, Standing]]

_ARRIVED = frozenset({Word.DELIVERED, Word.READ})
_NO_REASON = Fault(Blame.PROVIDER, "undelivered", "the provider says it was not delivered and gives no reason")


class Folder:
    """Folds receipts.

    Args:
        ledger: The record.
        settle: What an outcome leads to.
    """

    def __init__(self, ledger: Ledger, settle: Settle) -> None:
        self._ledger = ledger
        self._settle = settle

    def fold_some(self, limit: int = 500) -> tuple[int, set[str]]:
        """Fold a batch; answers how many receipts it was, and the routes that have something to do because of them."""
        with self._ledger.write() as tx:
            batch = receipts.unfolded(tx, limit)
            tokens = list({heard.token for heard in batch if heard.token})
            known = receipts.tried(tx, tokens) if tokens else {}
            superseded = queue.superseded_among(tx, {one.claimed.broadcast_id for one in known.values()})
            woken: set[str] = set()
            for heard in batch:
                about = known.get(heard.token)
                if about is None:
                    receipts.folded(tx, heard, attempt_id=None, effect="nobody knows this attempt; kept and counted")
                    continue
                known[heard.token] = self._fold(tx, heard, about, superseded, woken)
            return len(batch), woken

    def _fold(self, tx: Tx, heard: Heard, about: Tried, superseded: set[int], woken: set[str]) -> Tried:
        claimed = about.claimed
        # It came back undelivered, and before the next route was tried it arrived after all: that settles it.
        arrived = heard.word in _ARRIVED and about.is_latest and claimed.status is Status.PENDING
        current = about.is_current or arrived
        effect = fold(heard=heard.word, known=about.receipt_word, status=claimed.status, is_current=current)
        receipts.folded(tx, heard, attempt_id=claimed.attempt_id, effect=effect.effect)
        if effect.word is not None:
            receipts.set_attempt_word(tx, claimed.attempt_id, effect.word, heard)
        if heard.fault is not None and heard.fault.opt_out:
            optouts.note(tx, claimed.kind, claimed.to, source=f"{claimed.route}: {heard.fault.detail}"[:200])
        status = claimed.status
        match effect:
            case Rise(_, status, why):
                self._settle_doubt(tx, about)
                queue.restand(tx, claimed.delivery_id, claimed.attempt_id, _risen(claimed, status, why))
            case MoveOn():
                self._settle_doubt(tx, about)
                gone = claimed.broadcast_id in superseded
                _, standing = self._settle(claimed, Rejected(heard.fault or _NO_REASON), now(), gone)
                queue.restand(tx, claimed.delivery_id, claimed.attempt_id, standing)
                status, current = standing.status, not standing.failed_over
                if standing.failed_over:
                    woken.add(standing.route)
            case Note():
                pass
        return receipts.after(about, word=effect.word, status=status, is_current=current)

    @staticmethod
    def _settle_doubt(tx: Tx, about: Tried) -> None:
        """A receipt proves that the provider had it, whatever we saw of the request."""
        if about.outcome != "accepted":
            queue.note(tx, about.claimed.attempt_id, Finding(outcome="accepted"), "settled by a receipt")


def _risen(claimed: Claimed, status: Status, why: str) -> Standing:
    """Where it stands by the route that the receipt speaks of."""
    routes = [hop.route for hop in claimed.chain.hops]
    return Standing(
        status=status,
        position=routes.index(claimed.route) if claimed.route in routes else claimed.position,
        route=claimed.route,
        kind=claimed.kind,
        tries=claimed.tries,
        lookups=claimed.lookups,
        failed_over=False,
        on_route_since=claimed.on_route_since,
        next_attempt_at=None,
        reason=why,
    )
