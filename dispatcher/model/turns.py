"""Which route of a chain has its turn next. Pure.

Every route has one turn. After a fault of the provider or of the path to it, those that share a vendor with it wait
until the others have had theirs: what silenced one route will silence the next of the same vendor too. After a fault of
the person's address, of the message, or of our account (a revoked token: a second account at the same vendor is there
for that), the next one in order is as good as any.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from channels.contract import Blame
from dispatcher.model.delivery import Chain

#: Whose fault makes others of the same vendor wait.
OF_THE_VENDOR = frozenset({Blame.PROVIDER, Blame.PATH})


@dataclass(frozen=True, slots=True)
class Turns:
    """The places of a chain whose turn is over, and those among them that ended by a fault of the vendor's."""

    over: frozenset[int] = frozenset()
    blamed: frozenset[int] = frozenset()

    def leave(self, position: int, *, blamed: bool) -> Turns:
        """The turn at this place is over. What an older release left on its way here was in order, and not written."""
        over = (self.over or frozenset(range(position))) | {position}
        return Turns(over, self.blamed | {position} if blamed else self.blamed)

    def to_text(self) -> str:
        """As the ledger keeps it: places with commas between them, `!` behind those that are blamed."""
        return ",".join(f"{place}{'!' if place in self.blamed else ''}" for place in sorted(self.over))


@lru_cache(maxsize=1024)
def turns_from(text: str) -> Turns:
    """What `to_text` wrote."""
    if not text:
        return Turns()
    places = [(int(part.rstrip("!")), part.endswith("!")) for part in text.split(",")]
    return Turns(frozenset(place for place, _ in places), frozenset(place for place, blamed in places if blamed))


def next_turn(chain: Chain, turns: Turns) -> int | None:
    """Whose turn it is when those in `turns` have had theirs: the first that shares no vendor with a blamed one, else
    the first there is; None when all have had it."""
    left = [place for place in range(len(chain.hops)) if place not in turns.over]
    silent = {vendor for place in turns.blamed if place < len(chain.hops) for vendor in chain.hops[place].vendors}
    others = [place for place in left if silent.isdisjoint(chain.hops[place].vendors)]
    return next(iter(others or left), None)
