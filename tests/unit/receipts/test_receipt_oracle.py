"""Hundreds of people, three routes, and receipts that say no, do not come, come late, and contradict each other: where
everybody stands in the end is what an oracle says that knows nothing of the code, only the rules of docs/ops.md.

The oracle's rules: what arrived somewhere has arrived, whatever else was said of it. A no leads on. Silence leads on
while fewer than `contacts` providers have it. A late yes is kept, and settles it when the route after comes to nothing.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from test_missing_receipts import time_passes

from channels.contract import Accepted, Kind, Word
from dispatcher.model.config import WhenUnconfirmed
from dispatcher.model.delivery import Claimed
from dispatcher.plan.chains import Way
from tests.unit.ledger.world import HASTY, World

_ROUTES = ("sms-a", "sms-b", "app")
_WAYS = (Way("sms-a", Kind.SMS, ("a",)), Way("sms-b", Kind.SMS, ("b",)), Way("app", Kind.INAPP, ("own-host",)))
_PEOPLE = 150

YES, NO, PASSED_ON, SEEN = Word.DELIVERED, Word.UNDELIVERED, Word.SENT, Word.READ


@dataclass(frozen=True)
class Fate:
    """What a provider says of one message: in time, and when the next route has taken it too."""

    in_time: tuple[Word, ...]
    late: tuple[Word, ...] = ()

    @property
    def arrived(self) -> bool:
        return bool({YES, SEEN} & set(self.in_time))

    @property
    def denied(self) -> bool:
        return NO in self.in_time and not self.arrived

    @property
    def silent(self) -> bool:
        return not self.arrived and not self.denied

    @property
    def arrived_late(self) -> bool:
        return self.silent and bool({YES, SEEN} & set(self.late))

    @property
    def denied_late(self) -> bool:
        return self.silent and NO in self.late and not self.arrived_late


def fate(chance: random.Random) -> Fate:
    """15 % negative, 10 % without a word in time (some of them late), 5 % contradicting, the rest good."""
    lot = chance.random()
    if lot < 0.15:
        return Fate(chance.choice([(NO,), (PASSED_ON, NO), (NO, NO)]))
    if lot < 0.25:
        said = chance.choice([(), (PASSED_ON,)])
        return Fate(said, chance.choice([(), (), (YES,), (NO,), (NO, YES), (YES, NO), (YES, SEEN)]))
    if lot < 0.30:
        return Fate(chance.choice([(YES, NO), (NO, YES), (YES, PASSED_ON), (NO, PASSED_ON, YES), (SEEN, NO)]))
    return Fate(chance.choice([(YES,), (PASSED_ON, YES), (YES, YES), (PASSED_ON, YES, SEEN)]))


End = tuple[str, str, int]


def foretold(fates: Sequence[Fate], contacts: int) -> list[End]:
    """The oracle: how it may end, by which route, and after how many routes. There are two ends where two routes have
    told them and one of the two has said no first: then it depends on which word is looked at first."""
    for at, here in enumerate(fates):
        before = fates[:at]
        late = next((place for place, one in enumerate(before) if one.arrived_late), None)
        # It comes to nothing here, at least for a moment, and one before has told them after all.
        after_all = [] if late is None else [(_good(fates[late].late), _ROUTES[late], at + 1)]
        if here.arrived:
            contradicts = after_all if here.in_time[0] is NO else []
            return [(_good(here.in_time), _ROUTES[at], at + 1), *contradicts]
        if after_all:
            return after_all
        have_it = sum(one.silent and not one.denied_late for one in before) + here.silent
        last = at + 1 == len(fates)
        if here.silent and (last or have_it >= contacts):
            if here.denied_late and not last:
                continue  # it does not have it, so one more may
            if here.arrived_late:
                return [(_good(here.late), _ROUTES[at], at + 1)]
            # A no after it was given up: who is left that may have told them?
            nobody = here.denied_late and have_it == 1
            return [("failed" if nobody else "unconfirmed", _ROUTES[at], at + 1)]
        if here.denied and last:
            return [("unconfirmed" if have_it else "failed", _ROUTES[at], at + 1)]
    raise AssertionError("the last route ends it")


def _good(words: Sequence[Word]) -> str:
    return "read" if SEEN in words else "delivered"


def hear_all(world: World, said: list[tuple[Claimed, tuple[Word, ...]]], chance: random.Random) -> None:
    """Store what is said, in an order in which only one provider's words about one message keep theirs; and fold it."""
    left = [(about, list(enumerate(words))) for about, words in said if words]
    while left:
        about, words = chance.choice(left)
        place, word = words.pop(0)
        world.hear(about, word, f"{about.token}-{place}-{word}-{chance.choice('xy')}")
        left = [one for one in left if one[1]]
    while world.folder.fold_some(chance.choice([7, 50, 500]))[0]:
        pass


def taken_by(world: World, route: str) -> list[Claimed]:
    held = world.claim(route, limit=_PEOPLE)
    for one in held:
        world.record(one, Accepted("ref"))
    return held


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("contacts", [2, 3])
def test_everybody_stands_where_an_independent_oracle_says(world: World, seed: int, contacts: int) -> None:
    chance = random.Random(seed * 10 + contacts)
    fates = {f"r{number + 1}": [fate(chance) for _ in _ROUTES] for number in range(_PEOPLE)}
    world.ways, world.hearing = _WAYS, frozenset(_ROUTES)
    update = {"confirm_within": 300.0, "when_unconfirmed": WhenUnconfirmed.FAILOVER, "contacts": contacts}
    world.policy = HASTY.model_copy(update=update)
    world.people(_PEOPLE, Kind.SMS, Kind.INAPP)
    world.send()
    before: list[Claimed] = []
    for at, route in enumerate(_ROUTES):
        held = taken_by(world, route)
        hear_all(world, [(one, fates[one.subject][at - 1].late) for one in before], chance)
        held += taken_by(world, route)
        hear_all(world, [(one, fates[one.subject][at].in_time) for one in held], chance)
        time_passes(world)
        while world.folder.fold_some()[0]:
            pass
        before = held
    hear_all(world, [(one, fates[one.subject][-1].late) for one in before], chance)
    tried = Counter(one.delivery_id for one in world.attempts())
    ends = {row.subject: (row.status, row.route, tried[row.id]) for row in world.deliveries()}
    wrong = {
        subject: (foretold(lots, contacts), ends[subject], lots)
        for subject, lots in fates.items()
        if ends[subject] not in foretold(lots, contacts)
    }
    assert not wrong, f"{len(wrong)} of {_PEOPLE}: {list(wrong.items())[:5]}"
