"""What is down shapes the plan of a real broadcast, on both databases."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from channels.contract import Kind
from dispatcher.incidents.desk import Order, Say
from dispatcher.ledger import breakers, mailboxes, now, recipients, tables, vendors
from dispatcher.ledger.held import chain_from_json
from dispatcher.model.circuit import Breaker, Circuit
from dispatcher.model.config import Audience, Destination, Leg, Playbook, Route, Vendor
from dispatcher.model.delivery import Because
from dispatcher.model.recipient import Recipient
from dispatcher.model.vendors import VendorState
from dispatcher.plan.chains import Way
from dispatcher.plan.health import look
from tests.unit.ledger.world import World

#: Mail comes first everywhere, and so does Teams in the shared place: only what is down can put them last.
WAYS = (
    Way("mail-365", Kind.EMAIL, ("microsoft-365", "entra")),
    Way("mail-own", Kind.EMAIL, ("own-host",)),
    Way("teams", Kind.CHAT, ("microsoft-365", "entra"), one_place=True),
    Way("slack", Kind.CHAT, ("slack",)),
    Way("sms", Kind.SMS, ("twilio",)),
    Way("app", Kind.INAPP, ("own-host",)),
)
ORDER = (Kind.EMAIL, Kind.CHAT, Kind.SMS, Kind.INAPP)
FORMS = {Kind.CHAT: "U{:08d}", Kind.SMS: "+1555{:07d}", Kind.INAPP: "app-{}"}
DOMAINS = ("outlook.example", "gmail.example", "acme.example")


def _mixed(world: World) -> World:
    config = world.config.model_copy(
        update={
            "vendors": {name: Vendor(title=name) for way in WAYS for name in way.depends_on}
            | {"microsoft-365": Vendor(title="M", rides_on=("entra",)), "google": Vendor(title="G")},
            "audiences": {"everyone": Audience(title="All", destinations=("shared",))},
            "destinations": {"shared": Destination(kind=Kind.CHAT, to="C0STATUS")},
            "playbooks": {
                "outage": Playbook(title="Down", audience="everyone", legs=(Leg(name="reach", kinds=ORDER),)),
                "several": Playbook(
                    title="Down",
                    audience="everyone",
                    legs=(Leg(name="write", kinds=(Kind.EMAIL, Kind.INAPP)), Leg(name="ring", kinds=(Kind.SMS,))),
                ),
            },
        }
    )
    made = replace(world, config=config, ways=WAYS)
    others = [some for size in (1, 2, 3) for some in itertools.combinations(FORMS, size)]
    people = []
    for number, (domain, kinds) in enumerate(itertools.product((*DOMAINS, None), others)):
        addresses = {kind: FORMS[kind].format(number) for kind in kinds}
        if domain:
            addresses[Kind.EMAIL] = f"p{number}@{domain}"
        people.append(Recipient(f"p{number}", addresses=addresses))
    with made.ledger.write() as tx:
        mailboxes.set_listed(tx, {"outlook.example": "microsoft-365", "gmail.example": "google"})
        recipients.upsert(tx, people)
    return made


def _tell(world: World, playbook: str = "outage", vendors: tuple[str, ...] = ()) -> None:
    with world.ledger.write() as tx:
        told = world.desk.open(tx, Order(playbook, "Ada", vendors=vendors), Say("Ada"))
    world.planner.plan(told.broadcast.id)


def test_invariant_2_microsoft_365_down_nobody_is_tried_by_what_rides_on_it_first(world: World) -> None:
    """Neither by mail through it, nor by mail to a mailbox there through our own server, nor in Teams."""
    mixed = _mixed(world)
    _tell(mixed, vendors=("microsoft-365",))
    rows = mixed.deliveries()
    assert len(rows) == 4 * 7 + 1
    assert "mail-365" not in {row.route for row in rows}
    assert "teams" not in {row.route for row in rows}
    there = [row for row in rows if (row.to_email or "").endswith("@outlook.example")]
    assert len(there) == 7
    assert "email" not in {row.kind for row in there}
    # Mailboxes elsewhere are reached by our own server: the playbook wants mail first.
    elsewhere = [row for row in rows if row.to_email and row not in there]
    assert {row.route for row in elsewhere} == {"mail-own"}
    chains = {row.id: chain_from_json(row.chain) for row in mixed.rows(tables.plan_class)}
    for row in rows:
        hops = chains[row.class_id].hops
        down = [hop.because is Because.DOWN for hop in hops]
        assert down == sorted(down)
        assert all(
            "microsoft-365" in hop.vendors and "this incident names" in hop.reason for hop in hops[down.count(False) :]
        )
    assert mixed.attempts() == [], "the reasons stand there before the first attempt"


def test_invariant_2_the_loss_of_what_it_rides_on_is_its_loss(world: World) -> None:
    mixed = _mixed(world)
    _tell(mixed, vendors=("entra",))
    rows = mixed.deliveries()
    assert not {"mail-365", "teams"} & {row.route for row in rows}
    assert not [row for row in rows if row.kind == "email" and row.to_email.endswith("@outlook.example")]


def test_invariant_2_what_an_operator_or_another_incident_says_counts_too(world: World) -> None:
    mixed = _mixed(world)
    with mixed.ledger.write() as tx:
        vendors.say(tx, "microsoft-365", VendorState.DOWN, author="cli ada", why="our mail hangs")
    _tell(mixed)
    reasons = {row.reason for row in mixed.deliveries()}
    assert not {"mail-365", "teams"} & {row.route for row in mixed.deliveries()}
    assert reasons == {f"choice {place} of the playbook, depends on nothing that is down" for place in (1, 2, 3, 4)}
    [one, *_] = [
        hop
        for row in mixed.rows(tables.plan_class)
        for hop in chain_from_json(row.chain).hops
        if hop.route == "mail-365"
    ]
    assert "depends on microsoft-365, down since " in one.reason
    assert one.reason.endswith("cli ada says so: our mail hangs")


def test_words_of_operators_end_are_taken_back_and_are_kept(world: World) -> None:
    def said() -> dict[str, str]:
        with world.ledger.read() as tx:
            return {one.vendor: f"{one.state} {one.why}" for one in vendors.by_operators(tx)}

    with world.ledger.write() as tx:
        vendors.say(tx, "slack", VendorState.DOWN, author="a", why="x", until=now() + timedelta(hours=1))
        vendors.say(tx, "carrier", VendorState.DOWN, author="a", why="x", until=now() - timedelta(seconds=1))
        vendors.say(tx, "own-host", VendorState.DOWN, author="a", why="x")
        vendors.say(tx, "own-host", VendorState.DEGRADED, author="b", why="y")
    assert said() == {"slack": "down a says so: x", "own-host": "degraded b says so: y"}
    with world.ledger.write() as tx:
        vendors.say(tx, "own-host", None, author="b", why="")
    assert said() == {"slack": "down a says so: x"}
    assert len(world.rows(tables.vendor_word)) == 5


def test_open_incidents_name_vendors_and_drafts_are_a_suspicion(world: World) -> None:
    told = world.tell()
    with world.ledger.write() as tx:
        draft = world.desk.draft(tx, Order("two-legs", "Ada", vendors=("slack",)))
        assert {one.vendor: one.state for one in vendors.by_incidents(tx)} == {
            "microsoft-365": VendorState.DOWN,
            "slack": VendorState.DEGRADED,
        }
        assert [one.vendor for one in vendors.by_incidents(tx, but=told.incident.id)] == ["slack"]
        world.desk.dismiss(tx, draft)
        assert [one.why for one in vendors.by_incidents(tx)] == [f"INC-{told.incident.id} names it"]


def test_several_legs_tell_nobody_twice_and_promise_nothing_that_is_told(world: World) -> None:
    mixed = _mixed(world)
    changed = mixed.config.playbooks["several"].model_copy(
        update={"legs": (Leg(name="ring", kinds=(Kind.SMS, Kind.EMAIL)), Leg(name="also", kinds=(Kind.SMS,)))}
    )
    mixed = replace(mixed, config=mixed.config.model_copy(update={"playbooks": {"several": changed}}))
    _tell(mixed, "several")
    rows = [row for row in mixed.deliveries() if row.recipient_id]
    told = Counter((row.subject, row.kind) for row in rows if row.route)
    assert set(told.values()) == {1}
    # Whoever has a phone hears the first leg by it, and the second promises them nothing.
    phones = {row.subject for row in rows if row.to_sms}
    assert {row.subject for row in rows if row.leg == "also"} == {row.subject for row in rows} - phones
    promised = sum(row.people for row in mixed.rows(tables.plan_class))
    assert promised == len(mixed.deliveries()), "the account misses nobody"


def test_invariant_2_a_route_whose_breaker_is_open_is_behind_and_its_vendor_is_down(world: World) -> None:
    mixed = _mixed(world)
    routes = {way.route: Route(channel="x/y", depends_on=way.depends_on[:1]) for way in WAYS}
    mixed = replace(mixed, config=mixed.config.model_copy(update={"routes": routes}))
    opened = Circuit(Breaker.OPEN, "5 of 6 answers were errors", now(), now() + timedelta(minutes=1), 1)
    with mixed.ledger.write() as tx:
        assert breakers.step(tx, "mail-own", Circuit(), opened)
        seen = look(tx, mixed.config, WAYS)
    # The app rides on our host too and works, so that is not down as a whole.
    assert seen.health["own-host"].state is VendorState.DEGRADED
    with mixed.ledger.write() as tx:
        assert breakers.step(tx, "slack", Circuit(), opened)
    _tell(mixed)
    chains = [chain_from_json(row.chain) for row in mixed.rows(tables.plan_class) if row.leg == "reach"]
    whole, *_ = (made.hops for made in chains if len(made.hops) == 5)
    assert [(hop.route, hop.because.value) for hop in whole] == [
        ("mail-365", "choice"),
        ("sms", "choice"),
        ("app", "degraded"),
        ("mail-own", "breaker open"),
        ("slack", "down"),
    ]
    assert "5 of 6 answers were errors" in whole[3].reason
    assert "our own breaker of slack (5 of 6 answers were errors)" in whole[4].reason
