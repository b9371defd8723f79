"""A correction goes to exactly those who heard what is taken back, or may have."""

from __future__ import annotations

from channels.contract import Accepted, Blame, Fault, Kind, Rejected, Uncertain, Word
from dispatcher.deliver.sweep import sweep
from dispatcher.ledger import account
from dispatcher.model.delivery import Chain, Hop
from dispatcher.plan.planner import corrections
from dispatcher.plan.retrace import retrace
from tests.unit.ledger.world import World

_NO = Rejected(Fault(Blame.PROVIDER, "no", "no"))
_LOST = Uncertain(Fault(Blame.PATH, "timeout", "no answer"))


def test_the_route_that_carried_it_comes_first_and_the_rest_as_it_was() -> None:
    a, b, c = (Hop(name, Kind.SMS, name) for name in "abc")
    made = retrace(Chain((a, b, c), (a,)), "b")
    assert [hop.route for hop in made.hops] == ["b", "a", "c"]
    assert made.hops[0].reason == "carried what is taken back"
    assert made.left_out == (a,)


def test_who_heard_or_may_have_is_told_by_what_told_them_and_who_heard_nothing_is_not(world: World) -> None:
    world.people(6)
    told = world.send()
    one, two, three, four, five = world.claim(limit=5)
    world.record(one, Accepted("ref"))
    world.record(two, _NO)
    world.record(three, _LOST)
    world.record(four, Accepted("ref"))
    world.hear(four, Word.UNDELIVERED)
    world.folder.fold_some()
    world.record(five, _NO)
    for held in world.claim("sms-b"):
        world.record(held, Accepted("ref") if held.subject == two.subject else _NO)
    back = world.take_back(told.incident)
    mine = {row.subject: row.route for row in world.deliveries() if row.broadcast_id == back.broadcast.id}
    # The third may have heard; of the fourth it is said that they did not; the sixth was never tried.
    assert mine == {one.subject: "sms-a", two.subject: "sms-b", three.subject: "sms-a"}
    with world.ledger.read() as tx:
        assert account.count(tx, back.broadcast.id).lost == 0


def test_who_is_being_told_this_moment_is_waited_for(world: World) -> None:
    world.people(2)
    told = world.send()
    first, second = world.claim()
    back = world.take_back(told.incident)
    assert {row.broadcast_id for row in world.deliveries()} == {told.broadcast.id}
    assert sweep(world.ledger, world.rules).broadcasts == (back.broadcast.id,)
    world.record(first, Accepted("ref"))
    world.record(second, _NO)
    assert world.planner.plan(back.broadcast.id) == {"sms-a"}
    assert [row.subject for row in world.deliveries() if row.broadcast_id == back.broadcast.id] == [first.subject]


def test_who_heard_an_earlier_update_only_is_told_too_once(world: World) -> None:
    world.people(2)
    told = world.send()
    for held in world.claim():
        world.record(held, Accepted("ref"))
    later = world.send(about=told.incident)
    [held] = world.claim(limit=1)
    world.record(held, Accepted("ref"))
    assert held.broadcast_id == later.broadcast.id
    back = world.take_back(told.incident)
    mine = [row.subject for row in world.deliveries() if row.broadcast_id == back.broadcast.id]
    assert sorted(mine) == ["r1", "r2"]


def test_a_preview_counts_those_who_would_be_corrected(world: World) -> None:
    world.people(3)
    told = world.send()
    for held in world.claim(limit=2):
        world.record(held, Accepted("ref"))
    back = world.take_back(told.incident)
    with world.ledger.read() as tx:
        [branch] = corrections(tx, back.broadcast)
    assert (branch.people, branch.who.locale, branch.chain.hops[0].route) == (2, "en", "sms-a")
