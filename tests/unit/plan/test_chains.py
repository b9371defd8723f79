"""The order of routes and the reason for every place."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from channels.contract import Kind
from dispatcher.model.config import Leg
from dispatcher.model.recipient import PeopleClass
from dispatcher.model.vendors import Health, Source, VendorState
from dispatcher.plan.chains import Way, chain
from dispatcher.plan.planner import kinds_of
from dispatcher.plan.reach import reach

VENDORS = ("v1", "v2", "v3")
ways = st.lists(
    st.builds(
        Way,
        st.sampled_from([f"route-{number}" for number in range(8)]),
        st.sampled_from(Kind),
        st.lists(st.sampled_from(VENDORS), min_size=1, max_size=2, unique=True).map(tuple),
        st.sampled_from(["", "", "", "switched off in config/routes.yaml"]),
        st.booleans(),
    ),
    max_size=6,
    unique_by=lambda way: way.route,
)


def named_down(vendors: Iterable[str]) -> dict[str, Health]:
    """What an incident names."""
    return {name: Health(name, VendorState.DOWN, Source.THIS_INCIDENT) for name in vendors}


kinds = st.lists(st.sampled_from(Kind), unique=True)
down = st.lists(st.sampled_from(VENDORS), unique=True)


@given(kinds, ways, st.frozensets(st.sampled_from(Kind)), down)
def test_invariant_2_nothing_that_is_down_stands_before_anything_that_is_not(
    order: list[Kind], routes: list[Way], has: frozenset[Kind], named: list[str]
) -> None:
    made = chain(order, routes, has=has, health=named_down(named))
    by_name = {way.route: way for way in routes}
    affected = [bool(set(by_name[hop.route].depends_on) & set(named)) for hop in made.hops]
    assert affected == sorted(affected)
    for hop, is_affected in zip(made.hops, affected, strict=True):
        assert ("which this incident names" in hop.reason) == is_affected
        assert not is_affected or any(vendor in hop.reason for vendor in named)


@given(kinds, ways, st.frozensets(st.sampled_from(Kind)), down)
def test_invariant_7_every_route_of_the_leg_is_there_once_with_a_reason(
    order: list[Kind], routes: list[Way], has: frozenset[Kind], named: list[str]
) -> None:
    made = chain(order, routes, has=has, health=named_down(named))
    usable = {
        way.route for way in routes if way.kind in order and way.kind in has and not way.problem and not way.one_place
    }
    assert {hop.route for hop in made.hops} == usable
    assert sorted(hop.route for hop in made.hops + made.left_out) == sorted(
        way.route for way in routes if way.kind in order
    )
    assert all(hop.reason for hop in made.hops + made.left_out)


@given(kinds, ways, st.frozensets(st.sampled_from(Kind)), down)
def test_among_equals_the_order_of_the_playbook_and_then_of_the_routes_holds(
    order: list[Kind], routes: list[Way], has: frozenset[Kind], named: list[str]
) -> None:
    made = chain(order, routes, has=has, health=named_down(named))
    places = [way.route for way in routes]
    for is_affected in (False, True):
        mine = [hop for hop in made.hops if ("which this incident names" in hop.reason) == is_affected]
        positions = [(order.index(hop.kind), places.index(hop.route)) for hop in mine]
        assert positions == sorted(positions)


def test_a_chain_by_example() -> None:
    routes = [
        Way("mail-o365", Kind.EMAIL, ("microsoft-365",)),
        Way("sms-off", Kind.SMS, ("twilio",), "switched off in config/routes.yaml"),
        Way("sms", Kind.SMS, ("telnyx",)),
        Way("mail-own", Kind.EMAIL, ("own-host",)),
        Way("chat", Kind.CHAT, ("slack",)),
        Way("push", Kind.PUSH, ("apple",)),
    ]
    made = chain(
        [Kind.EMAIL, Kind.SMS, Kind.CHAT],
        routes,
        has={Kind.EMAIL, Kind.SMS, Kind.PUSH},
        health=named_down(["microsoft-365"]),
    )
    assert [hop.route for hop in made.hops] == ["mail-own", "sms", "mail-o365"]
    assert [(hop.route, hop.reason) for hop in made.left_out] == [
        ("sms-off", "switched off in config/routes.yaml"),
        ("chat", "they have no address for chat"),
    ]
    assert made.hops[0].reason == "choice 1 of the playbook, depends on nothing that is down"
    assert chain([Kind.SMS], [], has={Kind.SMS}, health=named_down([])).hops == ()


def test_invariant_1_a_webhook_is_no_way_to_a_person() -> None:
    """It writes to one channel: people with chat addresses hear nothing by it, whatever it depends on."""
    everyone = [PeopleClass("en", frozenset({Kind.CHAT}), 7)]
    bot = Way("slack", Kind.CHAT, ("slack",))
    webhook = Way("teams", Kind.CHAT, ("microsoft-365",), one_place=True)
    assert reach(everyone, [bot, webhook], [Kind.CHAT]).without == {"slack": 7}
    assert reach(everyone, [webhook], [Kind.CHAT]).unreachable == 7
    person = chain([Kind.CHAT], [bot, webhook], has={Kind.CHAT}, health=named_down(["slack"]))
    assert [hop.route for hop in person.hops] == ["slack"]
    assert [(hop.route, hop.reason) for hop in person.left_out] == [
        ("teams", "it writes to one shared place and reaches no person")
    ]
    place = chain([Kind.CHAT], [bot, webhook], has={Kind.CHAT}, health=named_down(["slack"]), of_a_place=True)
    assert [hop.route for hop in place.hops] == ["teams", "slack"]


def test_kinds_of_legs_are_named_once_in_their_order() -> None:
    for first, second in itertools.permutations([Kind.SMS, Kind.EMAIL]):
        legs = [Leg(name="a", kinds=(first, second)), Leg(name="b", kinds=(second, Kind.PUSH, first))]
        assert kinds_of(legs) == (first, second, Kind.PUSH)


def test_invariant_2_a_mailbox_at_what_is_down_puts_mail_last_by_whatever_route() -> None:
    routes = [Way("mail-own", Kind.EMAIL, ("own-host",)), Way("sms", Kind.SMS, ("telnyx",))]
    both, order = {Kind.EMAIL, Kind.SMS}, [Kind.EMAIL, Kind.SMS]
    elsewhere = chain(order, routes, has=both, health=named_down(["entra"]), mail_rides_on=["google"])
    assert [hop.route for hop in elsewhere.hops] == ["mail-own", "sms"]
    there = chain(order, routes, has=both, health=named_down(["entra"]), mail_rides_on=["microsoft-365", "entra"])
    assert [hop.route for hop in there.hops] == ["sms", "mail-own"]
    assert there.hops[1].vendors == ("own-host", "entra", "microsoft-365")
    assert there.hops[0].vendors == ("telnyx",), "only mail goes to a mailbox"
