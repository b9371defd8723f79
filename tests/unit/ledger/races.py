"""What may come between two words to the same person, made up by chance: episodes, and the fates of requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hypothesis import strategies as st

#: The routes of a chain, in its order.
FIRST, OTHERS = "sms-a", ("sms-b", "mail")
#: The workers, by one another.
OTHER_THAN = {"one": "two", "two": "one"}


class Fate(StrEnum):
    """What becomes of a request."""

    TAKEN = "taken, and said so"
    TAKEN_UNSEEN = "taken, and nobody saw the answer"
    BUSY = "not taken: later"
    REFUSED = "not taken: never"
    LOST = "lost on its way, and nobody knows"


TAKEN, NOT_TAKEN = {Fate.TAKEN, Fate.TAKEN_UNSEEN}, {Fate.BUSY, Fate.REFUSED}
FATES = st.lists(st.sampled_from([Fate.TAKEN, *Fate]), min_size=1, max_size=8)


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What happens while somebody is half-way. `steps` is how far a call goes at first; None to its end."""

    what: str
    times: int
    steps: int | None


@dataclass(frozen=True, slots=True)
class Episode:
    """The form of every race: one goes some of the way, others go theirs, and the one goes on."""

    who: str
    route: str
    steps: int | None
    meanwhile: Sequence[Meanwhile]
    after: int


_STEPS = st.one_of(st.none(), st.none(), st.integers(0, 9))
_WORK = st.builds(Meanwhile, st.just("work"), st.integers(2, 4), st.none())
_WORD = st.builds(Meanwhile, st.sampled_from(["say", "say", "stop", "retract"]), st.integers(1, 2), _STEPS)
_RARER = ["sweep", "freeze", "freeze", "late", "return", "detour", "bounce", "bounce"]
_ANYTHING = st.one_of(
    _WORD,
    st.builds(Meanwhile, st.just("work"), st.integers(1, 3), _STEPS),
    st.builds(Meanwhile, st.sampled_from(_RARER), st.just(1), _STEPS),
)
#: Often a new word first, and somebody who works on it at the end: there the laws are broken, if anywhere.
_MEANWHILE = st.tuples(
    st.one_of(_WORD.map(lambda one: [one]), st.just([])),
    st.lists(_ANYTHING, max_size=3),
    st.one_of(_WORK.map(lambda one: [one]), st.just([])),
).map(lambda parts: [*parts[0], *parts[1], *parts[2]])
EPISODES = st.lists(
    st.builds(
        Episode,
        st.sampled_from(sorted(OTHER_THAN)),
        st.sampled_from([FIRST, FIRST, FIRST, *OTHERS]),
        _STEPS,
        _MEANWHILE,
        st.integers(1, 3),
    ),
    min_size=4,
    max_size=8,
)
