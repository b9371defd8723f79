"""Broadcasts to thousands while parts of the system are killed at random moments; the providers are the judge.

`make chaos SEEDS=50` plays fifty seeds, `make chaos SEEDS=1 FIRST=1234` that one, each with 5,000 people or as many as
`CHAOS_PEOPLE` says. Even seeds are played on SQLite, odd ones on PostgreSQL. The next seed is begun while the losses of
the last one are still being made good, so that attacks also fall into recoveries; every one is judged by its own words.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from functools import partial

import pytest

from tests.chaos.chaos_rig import Chaos, MortalPostgres, Told

PEOPLE = int(os.environ.get("CHAOS_PEOPLE", "5000"))
#: Left alone: a seed a database, in which senders die among others.
_FIRST, _NUMBER = int(os.environ.get("CHAOS_FIRST", "4")), int(os.environ.get("CHAOS_SEEDS", "2"))
_SEEDS = range(_FIRST, _FIRST + _NUMBER)
#: So many seeds share one run of the system.
_TOGETHER = 10
#: Senders are chosen more often than others: only they hold what may be told twice.
_PARTS = ("sender-1", "sender-2", "sender-1", "sender-2", "control", "web", "beat", "broker", "flush")
_DATABASE = ("database", "backend")
#: Attacks fall when between these shares of a broadcast are sent. What is still sent of the one before counts too.
_SHARES = (0.02, 0.6)


def groups(seeds: range) -> list[tuple[str, list[int]]]:
    found = []
    for name, rest in (("sqlite", 0), ("postgresql", 1)):
        mine = [seed for seed in seeds if seed % 2 == rest]
        found += [(name, mine[at : at + _TOGETHER]) for at in range(0, len(mine), _TOGETHER)]
    return found


@pytest.fixture
def rig(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chaos]:
    database = MortalPostgres() if request.param == "postgresql" else None
    running = Chaos(tmp_path_factory.mktemp("system"), PEOPLE, database)
    try:
        running.start()
        yield running
    finally:
        running.stop()
        if database is not None:
            database.stop()


def attack(rig: Chaos, what: str, chance: random.Random) -> bool:
    """Answers whether it hit anything: a part may still be down from the attack before."""
    if what == "flush":
        rig.flush()
        return True
    if what == "database":
        assert rig.database
        rig.database.kill()
        time.sleep(chance.uniform(0.0, 2.0))
        rig.database.start_again()
        return True
    if what == "backend":
        assert rig.database
        return rig.database.kill_backend(chance)
    return rig.kill(what)


def play(rig: Chaos, seed: int) -> Told:
    """One broadcast, and one to four attacks on it when so much of it is sent as the seed has chosen.

    An attack takes the first part of the seed's order that is there to be hit.
    """
    chance = random.Random(seed)
    parts = _PARTS + (_DATABASE if rig.database else ())
    plan = sorted((chance.uniform(*_SHARES), chance.sample(parts, len(parts))) for _ in range(chance.randint(1, 4)))
    before = rig.taken()
    told = rig.tell(seed)
    for share, order in plan:
        rig.until(partial(_is_sent, rig, before, share), within=120, why=f"{share:.0%} is sent after {told.attacks}")
        begun = rig.share(before)
        what = next(one for one in order if attack(rig, one, chance))
        told.attacks.append(f"{what} when {begun:.0%} was sent")
        # Seen after it: what the providers lack now was still to be done while it lasted.
        told.in_time += rig.share(before) < 1.0
    return told


def _is_sent(rig: Chaos, before: int, share: float) -> bool:
    return rig.share(before) >= share


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("rig", "seeds"), groups(_SEEDS), indirect=["rig"], ids=str)
def test_invariants_3_and_4_whatever_is_killed_everybody_is_told_once(rig: Chaos, seeds: list[int]) -> None:
    told = [play(rig, seed) for seed in seeds]
    # A machine may be quicker than one seed's only attack; not than half of all.
    hit = [one for one in told if one.in_time]
    assert 2 * len(hit) >= len(told), f"the attacks fell on idle systems: {[one.attacks for one in told]}"
    rig.settle(told)
    for one in told:
        rig.judge(one)
