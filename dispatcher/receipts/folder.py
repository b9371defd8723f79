"""Folds stored receipts in batches. What a negative one leads to is decided where every decision is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from channels.contract import Accepted, Blame, Fault, Outcome, Rejected, Word
from dispatcher.ledger import Ledger, Tx, now, optouts, outcomes, queue, receipts
from dispatcher.ledger.outcomes import Finding
from dispatcher.ledger.receipts import Folded, Heard, Tried
from dispatcher.model.decision import Standing
from dispatcher.model.delivery import AWAITING, CLOSED, Claimed, Status
from dispatcher.receipts.fold import MoveOn, Note, Rise, fold

#: Decides what follows for a delivery from an outcome: `deliver.settle` with the route's rules, given by the wiring. It
#: is told last whether a newer update took its place, and how many providers have the update by other legs.
Settle = Callable[[Claimed, Outcome, datetime, bool, int], tuple[Finding, Standing]]

#: Nothing more can come of an attempt of which this was said, or only better.
_FINAL = frozenset({Word.UNDELIVERED, Word.DELIVERED, Word.READ})
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
            negative = {heard.token for heard in batch if heard.word is Word.UNDELIVERED}
            moving = [about.claimed for token, about in known.items() if token in negative]
            sheet = _Sheet(superseded, outcomes.told_elsewhere(tx, moving))
            for heard in batch:
                about = known.get(heard.token)
                if about is None:
                    sheet.done.append(Folded(heard, None, "nobody knows this attempt; kept and counted"))
                    continue
                known[heard.token] = self._fold(heard, about, sheet)
                if heard.fault is not None and heard.fault.opt_out:
                    said = f"{about.claimed.route}: {heard.fault.detail}"[:200]
                    optouts.note(tx, about.claimed.kind, about.claimed.to, source=said)
            sheet.write(tx)
            came_to_nothing = sheet.came_to_nothing
            if came_to_nothing:
                # A good word about a route left before was only noted while this one was under way: it counts now.
                receipts.fold_left(tx, came_to_nothing)
            return len(batch), sheet.woken

    def _fold(self, heard: Heard, about: Tried, sheet: _Sheet) -> Tried:
        claimed, current = about.claimed, about.is_current
        if about.silent and _speaks(heard, about):
            sheet.spoken.add(claimed.delivery_id)
        effect = fold(heard=heard.word, known=about.receipt_word, status=claimed.status, is_current=current)
        sheet.done.append(Folded(heard, claimed.attempt_id, effect.effect, effect.word))
        status = claimed.status
        match effect:
            case Rise(_, status, why):
                sheet.move(about, self._risen(claimed, status, why))
                current = True
            case MoveOn():
                # This one is silent no more, and has told nobody.
                without = replace(claimed, silent=claimed.silent - about.silent)
                gone, elsewhere = claimed.broadcast_id in sheet.superseded, sheet.elsewhere.get(claimed.delivery_id, 0)
                said = Rejected(heard.fault or _NO_REASON)
                _, standing = self._settle(without, said, now(), gone, elsewhere)
                sheet.move(about, standing)
                status, current = standing.status, not standing.failed_over
                if standing.failed_over:
                    sheet.woken.add(standing.route)
            case Note(word=word):
                # "Queued" raises nothing that was taken as sent, but it proves it.
                if word is not None and about.is_current:
                    sheet.prove(about)
        return receipts.after(about, word=effect.word, status=status, is_current=current)

    def _risen(self, claimed: Claimed, status: Status, why: str) -> Standing:
        """Where it stands by the route that the receipt speaks of."""
        routes = [hop.route for hop in claimed.chain.hops]
        waits = status in AWAITING
        until = self._settle(claimed, Accepted(""), now(), False, 0)[1].confirm_by if waits else None
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
            confirm_by=until,
        )


def _speaks(heard: Heard, about: Tried) -> bool:
    """Whether this is the first final word about the attempt."""
    return heard.word in _FINAL and about.receipt_word not in _FINAL


@dataclass
class _Sheet:
    """What a batch comes to, written at its end in a few statements."""

    #: Broadcasts whose place a newer update has taken.
    superseded: set[int]
    #: How many providers have the update by other legs, by delivery.
    elsewhere: dict[int, int]
    done: list[Folded] = field(default_factory=list)
    #: By delivery: a later receipt of the batch has the last word.
    moved: dict[int, tuple[Claimed, Standing]] = field(default_factory=dict)
    proven: list[int] = field(default_factory=list)
    #: Deliveries of which an attempt spoke at last whose receipt had not come in time.
    spoken: set[int] = field(default_factory=set)
    woken: set[str] = field(default_factory=set)

    @property
    def came_to_nothing(self) -> list[int]:
        """Deliveries that stand by no route now: they go on, or have ended, be it as unknown."""
        over = {Status.PENDING, Status.UNCONFIRMED, *CLOSED}
        return [key for key, (_, standing) in self.moved.items() if standing.status in over]

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
        outcomes.count_silent(tx, list(self.spoken))
