"""Folds stored receipts in batches. What a negative one leads to is decided where every decision is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from channels.contract import Blame, Fault, Outcome, Rejected, Word
from dispatcher.ledger import Ledger, Tx, now, optouts, outcomes, queue, receipts
from dispatcher.ledger.outcomes import Finding
from dispatcher.ledger.receipts import Folded, Heard, Tried
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
            sheet = _Sheet()
            for heard in batch:
                about = known.get(heard.token)
                if about is None:
                    sheet.done.append(Folded(heard, None, "nobody knows this attempt; kept and counted"))
                    continue
                known[heard.token] = self._fold(heard, about, superseded, sheet)
                if heard.fault is not None and heard.fault.opt_out:
                    said = f"{about.claimed.route}: {heard.fault.detail}"[:200]
                    optouts.note(tx, about.claimed.kind, about.claimed.to, source=said)
            sheet.write(tx)
            return len(batch), sheet.woken

    def _fold(self, heard: Heard, about: Tried, superseded: set[int], sheet: _Sheet) -> Tried:
        claimed = about.claimed
        # It came back undelivered, and before the next route was tried it arrived after all: that settles it.
        arrived = heard.word in _ARRIVED and about.is_latest and claimed.status is Status.PENDING
        current = about.is_current or arrived
        effect = fold(heard=heard.word, known=about.receipt_word, status=claimed.status, is_current=current)
        sheet.done.append(Folded(heard, claimed.attempt_id, effect.effect, effect.word))
        status = claimed.status
        match effect:
            case Rise(_, status, why):
                sheet.move(about, _risen(claimed, status, why))
            case MoveOn():
                gone = claimed.broadcast_id in superseded
                _, standing = self._settle(claimed, Rejected(heard.fault or _NO_REASON), now(), gone)
                sheet.move(about, standing)
                status, current = standing.status, not standing.failed_over
                if standing.failed_over:
                    sheet.woken.add(standing.route)
            case Note(word=word):
                # "Queued" raises nothing that was taken as sent, but it proves it.
                if word is not None and about.is_current:
                    sheet.prove(about)
        return receipts.after(about, word=effect.word, status=status, is_current=current)


@dataclass
class _Sheet:
    """What a batch comes to, written at its end in a few statements."""

    done: list[Folded] = field(default_factory=list)
    #: By delivery: a later receipt of the batch has the last word.
    moved: dict[int, tuple[Claimed, Standing]] = field(default_factory=dict)
    proven: list[int] = field(default_factory=list)
    woken: set[str] = field(default_factory=set)

    def prove(self, about: Tried) -> None:
        """The provider had it, whatever we saw of the request."""
        if about.outcome != "accepted":
            self.proven.append(about.claimed.attempt_id)

    def move(self, about: Tried, standing: Standing) -> None:
        """The delivery stands here now."""
        self.prove(about)
        before = self.moved.get(about.claimed.delivery_id)
        if before is not None and before[1].failed_over:
            standing = replace(standing, failed_over=True)
        # A delivery is moved only while it stands by the attempt that is named here.
        self.moved[about.claimed.delivery_id] = (replace(about.claimed, attempt_id=about.holder), standing)

    def write(self, tx: Tx) -> None:
        receipts.folded(tx, self.done)
        outcomes.note(tx, [(one, Finding(outcome="accepted"), "settled by a receipt") for one in self.proven])
        outcomes.restand(tx, list(self.moved.values()))


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
        turns=claimed.turns,
    )
