"""Planning on a real ledger of both kinds."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, insert, select

from channels.contract import Kind
from dispatcher.ledger import broadcasts, now, recipients, tables
from dispatcher.ledger.held import chain_from_json
from dispatcher.ledger.reach import to_mask
from dispatcher.model.delivery import Status
from tests.unit.ledger.world import World


def test_everybody_gets_one_delivery_on_their_first_route(world: World) -> None:
    world.people(3)
    world.people(2, Kind.EMAIL, start=10)
    world.people(1, Kind.PUSH, start=20)
    told = world.tell()
    assert world.planner.plan(told.broadcast.id) == {"sms-a", "mail"}
    rows = world.deliveries()
    assert Counter((row.route, row.kind, row.status) for row in rows) == {
        ("sms-a", "sms", "pending"): 3,
        ("mail", "email", "pending"): 2,
        ("", "", "unreachable"): 1,
    }
    assert all(row.reason for row in rows)
    [first] = [row for row in rows if row.subject == "r1"]
    assert (first.to_sms, first.name, first.locale) == ("+15550000000", "Person 0", "en")
    assert {row.deadline for row in rows} == {told.broadcast.valid_until}


def test_invariant_2_the_chain_and_its_reasons_are_written_before_the_first_attempt(world: World) -> None:
    world.people(1, Kind.EMAIL, Kind.INAPP)
    world.send()
    [row] = world.rows(tables.plan_class)
    assert [hop[0] for hop in row.chain["hops"]] == ["app", "mail"]
    assert "microsoft-365" in row.chain["hops"][1][2]
    assert [hop[0] for hop in row.chain["left_out"]] == ["sms-a", "sms-b"]
    assert world.deliveries()[0].route == "app"
    assert world.attempts() == []


def test_invariant_8_planning_again_and_at_once_makes_one_delivery_each(world: World) -> None:
    world.people(300)
    told = world.tell("two-legs")
    with ThreadPoolExecutor(6) as pool:
        woken = list(pool.map(lambda _: world.planner.plan(told.broadcast.id), range(12)))
    assert sorted(woken, key=len)[-1] == {"sms-a", "mail"}
    assert sum(bool(routes) for routes in woken) == 1
    subjects = Counter((row.leg, row.subject) for row in world.deliveries())
    assert len(subjects) == 600
    assert set(subjects.values()) == {1}


def test_invariant_8_the_ledger_itself_refuses_a_second_delivery(world: World) -> None:
    world.people(5)
    told = world.send()
    with world.ledger.write() as tx:
        audience = world.config.audiences["everyone"]
        [row] = world.rows(tables.plan_class)
        for who in recipients.classes(tx, audience):
            broadcasts.add_people(
                tx,
                told.broadcast,
                audience=audience,
                leg="reach",
                who=who,
                class_id=row.id,
                chain=chain_from_json(row.chain),
            )
    assert len(world.deliveries()) == 5


def test_a_shared_place_gets_one_delivery(world: World) -> None:
    world.people(3, Kind.CHAT)
    told = world.send("public")
    [row] = world.deliveries()
    assert (row.subject, row.leg, row.recipient_id, row.route) == ("d:status-channel", "public", None, "chat-a")
    [claimed] = world.claim("chat-a")
    assert claimed.to == "C0STATUS"
    assert world.planner.plan(told.broadcast.id) == set()


def test_a_tagged_audience_is_those_with_any_of_its_tags_once(world: World) -> None:
    world.people(4, tags=frozenset({"gold", "eu"}))
    world.people(4, start=10)
    config = world.config.model_copy(
        update={
            "playbooks": {
                "outage": world.config.playbooks["outage"].model_copy(update={"audience": "gold"}),
            },
            "audiences": {
                "gold": world.config.audiences["gold"].model_copy(update={"people": ("gold", "eu")}),
            },
        }
    )
    World(world.ledger, config=config).send()
    assert len(world.deliveries()) == 4


def test_invariant_6_what_is_superseded_before_it_was_planned_is_never_planned(world: World) -> None:
    world.people(2)
    first = world.tell()
    world.tell(about=first.incident)
    assert world.planner.plan(first.broadcast.id) == set()
    assert world.deliveries() == []


def test_invariant_6_planning_and_superseding_at_once_leaves_nothing_of_the_old_to_send(world: World) -> None:
    world.people(50)
    first = world.tell()
    with ThreadPoolExecutor(2) as pool:
        planning = pool.submit(world.planner.plan, first.broadcast.id)
        newer = pool.submit(world.tell, about=first.incident)
        planning.result()
        newer.result()
    assert set(world.statuses()) <= {Status.SUPERSEDED}
    assert world.claim() == []


def test_twenty_thousand_people_are_planned_quickly(world: World) -> None:
    common = {"locale": "en", "created_at": now(), "updated_at": now()}
    people = [
        {"ref": f"p{one}", "to_sms": f"+1555{one:07}", "to_email": None, "reach": to_mask([Kind.SMS]), **common}
        if one % 2
        else {
            "ref": f"p{one}",
            "to_sms": None,
            "to_email": f"{one}@x.example",
            "reach": to_mask([Kind.EMAIL]),
            **common,
        }
        for one in range(20_000)
    ]
    with world.ledger.write() as tx:
        tx.execute(insert(tables.recipient), people)
    told = world.tell()
    started = time.monotonic()
    world.planner.plan(told.broadcast.id)
    assert time.monotonic() - started < 8
    with world.ledger.read() as tx:
        assert tx.execute(select(func.count()).select_from(tables.delivery)).scalar_one() == 20_000
    started = time.monotonic()
    assert len(world.claim(limit=200)) == 200
    assert time.monotonic() - started < 2
