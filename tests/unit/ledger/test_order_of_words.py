"""No interleaving sends an older update after a newer one to the same person and leg."""

from __future__ import annotations

import shutil
import threading
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from channels.contract import Accepted, Blame, Deferred, Fault
from dispatcher.deliver.sweep import sweep
from dispatcher.ledger import Ledger, now, queue, tables
from dispatcher.model.delivery import Claimed, Status
from tests.unit.ledger.world import World

_OWNERS = ("one", "two")
_BUSY = Deferred(Fault(Blame.PROVIDER, "busy", "busy"), wait=0.001)
#: A worker's next step, mostly: so that claims, new words and requests come to lie between one another.
_STEPS = st.one_of(
    st.tuples(st.just("work"), st.sampled_from(_OWNERS)),
    st.tuples(st.just("work"), st.sampled_from(_OWNERS)),
    st.sampled_from([("say", ""), ("sweep", "")]),
    st.tuples(st.sampled_from(["defer", "return", "freeze"]), st.sampled_from(_OWNERS)),
)


class Workers:
    """Two workers on one ledger. What is begun is on the wire, in this order."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.people(1)
        self.about = world.send().incident
        self.ready: dict[str, list[Claimed]] = defaultdict(list)
        self.flying: dict[str, list[Claimed]] = defaultdict(list)
        self.wire: dict[str, list[int]] = defaultdict(list)

    def do(self, step: str, owner: str) -> None:
        ready, flying = self.ready[owner], self.flying[owner]
        match step:
            case "say":
                self.world.send(about=self.about)
            case "sweep":
                sweep(self.world.ledger, self.world.rules)
            case "work" | "defer" if flying:
                self.world.record(flying.pop(0), Accepted("ref") if step == "work" else _BUSY, owner=owner)
            case "work" if ready:
                flying.append(ready.pop(0))
                self.wire[flying[-1].subject].append(flying[-1].broadcast_id)
            case "work":
                self._make_due()
                ready += [one for one in self.world.claim(owner=owner, limit=1) if one.status is Status.SENDING]
            case "return":
                with self.world.ledger.write() as tx:
                    queue.give_back(tx, owner, ready, at=now())
                ready.clear()
            case "freeze":
                # It begins nothing once its leases are in doubt, and they end later than that.
                ready.clear()
                flying.clear()
                with self.world.ledger.write() as tx:
                    mine = tables.delivery.c.lease_owner == owner
                    tx.execute(update(tables.delivery).where(mine).values(lease_until=now() - timedelta(seconds=1)))
            case _:
                pass

    def _make_due(self) -> None:
        with self.world.ledger.write() as tx:
            waits = tables.delivery.c.next_attempt_at.is_not(None)
            tx.execute(update(tables.delivery).where(waits).values(next_attempt_at=now()))


#: The older word is claimed and not begun; the newer one is claimed by the other worker and begun.
_OVERTAKING = [("work", "one"), ("say", ""), ("work", "two"), ("work", "two"), ("work", "one")]


@settings(max_examples=25, deadline=None)
@example(steps=_OVERTAKING)
@example(steps=[*_OVERTAKING[:2], ("freeze", "one"), *_OVERTAKING[2:4], ("sweep", ""), *_OVERTAKING[2:4]])
@given(steps=st.lists(_STEPS, min_size=10, max_size=30))
def test_invariant_6_no_interleaving_sends_an_older_word_after_a_newer_one(
    sqlite_template: Path, steps: Sequence[tuple[str, str]]
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        shutil.copy(sqlite_template, path)
        ledger = Ledger(f"sqlite:///{path}")
        workers = Workers(World(ledger))
        for step, owner in steps:
            workers.do(step, owner)
            for heard in workers.wire.values():
                assert heard == sorted(heard)
        ledger.close()


def test_a_newer_word_waits_while_an_older_one_may_still_leave(world: World) -> None:
    world.people(2)
    told = world.send()
    [held] = world.claim(owner="slow", limit=1)
    world.send(about=told.incident)
    other, *_ = world.claim(owner="quick")
    assert other.subject != held.subject
    assert world.claim(owner="quick") == []
    world.record(held, Accepted("ref"), owner="slow")
    world.change(next_attempt_at=now())
    assert held.subject in {one.subject for one in world.claim(owner="quick")}


def test_nothing_is_said_anew_between_looking_at_a_broadcast_and_claiming_of_it(world: World) -> None:
    """Or somebody could claim of an update that another has just superseded."""
    world.people(1)
    told = world.send()
    newer = threading.Thread(target=world.send, kwargs={"about": told.incident})
    with world.ledger.write() as tx:
        [held] = queue.claim(tx, "sms-a", owner="slow", lease=timedelta(seconds=15), limit=10)
        newer.start()
        newer.join(0.3)
        assert newer.is_alive()
    newer.join()
    assert world.claim(owner="quick") == []
    assert held.broadcast_id == told.broadcast.id


def test_after_a_backlog_a_person_hears_the_newest_word_only(world: World) -> None:
    world.people(3)
    told = world.send()
    for _ in range(3):
        last = world.send(about=told.incident)
    taken = world.claim()
    assert [one.broadcast_id for one in taken] == [last.broadcast.id] * 3
    for one in taken:
        world.record(one, Accepted("ref"))
    sweep(world.ledger, world.rules)
    assert world.claim() == []
    assert [row.status for row in world.deliveries()] == [Status.SUPERSEDED] * 9 + [Status.ACCEPTED] * 3
