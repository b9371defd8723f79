"""What one destination may have within a claim: asks the ledger what is known of the destinations, decides by
`deliver.turnstile`, and writes what follows.

With a pace for one destination the route is held (`ledger.paces`), so nobody else claims for them meanwhile.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence

from dispatcher.deliver.turnstile import Passage, admit, hold_back, wait_out
from dispatcher.ledger import Tx, detours, now, paces, queue
from dispatcher.model.config import Severity
from dispatcher.model.destinations import Comer, Occupied
from dispatcher.model.pace import Pace, said_rate

#: So many are looked at behind those that were put off, to find who may go.
_LOOK = 500
_CHANCE = secrets.SystemRandom()


class Rested:
    """One transaction's, where destinations have no pace of ours and some rest because their provider wants it."""

    def __init__(self, tx: Tx, route: str, resting: Mapping[str, Occupied]) -> None:
        self._tx = tx
        self._route = route
        self._resting = resting
        #: How many wait for their destination that were due before.
        self.put_off = 0

    def admit(self, comers: Sequence[Comer]) -> frozenset[int]:
        """Who of them goes; the others are put off."""
        passage = wait_out(comers, self._resting, now())
        why = f"waits: the provider of {self._route} takes no more for this destination just now"
        detours.put_off(self._tx, passage.waits, why)
        self.put_off += len(passage.waits)
        return passage.go


class Admission:
    """One transaction's, with a pace for one destination.

    Args:
        tx: The claim's.
        route: Which one.
        pace: Of one destination.
        cost: What a message costs of it.
        severities: Of the broadcasts that want the route, where they are several.
    """

    def __init__(
        self, tx: Tx, route: str, pace: Pace, cost: Callable[[Comer], int], severities: Mapping[int, Severity]
    ) -> None:
        self._tx = tx
        self._route = route
        self._pace = pace
        self._cost = cost
        self._severities = severities
        #: How many wait for their destination that were due before.
        self.put_off = 0

    def admit(self, comers: Sequence[Comer]) -> frozenset[int]:
        """Who of them goes; the others are put off."""
        passage = admit(
            comers,
            paces.occupied(self._tx, self._route, {one.destination for one in comers}),
            self._pace,
            now(),
            cost=self._cost,
            severities=self._severities,
            draw=_CHANCE.random(),
        )
        self._write(passage)
        return passage.go

    def clear(self) -> None:
        """Some were put off: put off with them what else is due for a destination that is not free. Of a thousand for
        one domain, most would be in the way of all others otherwise."""
        if not self.put_off:
            return
        comers = queue.comers(self._tx, self._route, _LOOK)
        known = paces.occupied(self._tx, self._route, {one.destination for one in comers})
        self._write(hold_back(comers, known, self._pace, now(), cost=self._cost))

    def _write(self, passage: Passage) -> None:
        paces.occupy(self._tx, self._route, passage.known)
        why = f"waits for its turn: {self._route} sends one destination no more {self._said}"
        detours.put_off(self._tx, passage.waits, why)
        self.put_off += len(passage.waits)

    @property
    def _said(self) -> str:
        return f"{self._pace.unit} than {said_rate(self._pace.per_second or 0)}"
