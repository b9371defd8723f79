"""Vendors × kinds × health: the order of the routes and the reason of each, by table and by every combination."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest

from channels.contract import Kind
from dispatcher.model.config import Leg
from dispatcher.model.delivery import Because, Chain
from dispatcher.model.vendors import Health, Source, VendorState
from dispatcher.plan.chains import Way, chain

AT = datetime(2026, 11, 29, 12, 4, tzinfo=UTC)
LATER = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
WAYS = (
    Way("sms-1", Kind.SMS, ("twilio", "aws")),
    Way("sms-2", Kind.SMS, ("telnyx",)),
    Way("chat", Kind.CHAT, ("slack", "aws")),
    Way("app", Kind.INAPP, ("own-host",)),
    Way("mail", Kind.EMAIL, ("own-host",)),
    Way("mail-365", Kind.EMAIL, ("m365", "entra")),
)
ORDER = (Kind.EMAIL, Kind.SMS, Kind.CHAT, Kind.INAPP)
EVERYTHING = frozenset(ORDER)


def health(**states: str) -> dict[str, Health]:
    """`twilio="down operator"`; with a third word, the vendor beneath."""
    made = {}
    for vendor, said in states.items():
        state, source, *beneath = said.split()
        name = vendor.replace("_", "-")
        made[name] = Health(
            name, VendorState(state), Source(source), AT, AT, f"why of {name}", beneath=beneath[0] if beneath else ""
        )
    return made


TABLE = [
    # health, whose mailbox rides on, the order, what the reasons of the moved say
    ({}, (), "mail mail-365 sms-1 sms-2 chat app", {}),
    ({"m365": "ok feed"}, ("m365",), "mail mail-365 sms-1 sms-2 chat app", {}),
    ({"m365": "unknown nobody"}, (), "mail mail-365 sms-1 sms-2 chat app", {}),
    (
        {"m365": "down incident"},
        (),
        "mail sms-1 sms-2 chat app mail-365",
        {"mail-365": "behind the others: depends on m365, down since 12:04 UTC, why of m365"},
    ),
    # The mailbox is at Microsoft: mail by our own server goes behind too, in the order it had.
    (
        {"m365": "down incident"},
        ("entra", "m365"),
        "sms-1 sms-2 chat app mail mail-365",
        {"mail": "behind the others: depends on m365, down since 12:04 UTC, why of m365"},
    ),
    (
        {"twilio": "degraded feed"},
        (),
        "mail mail-365 sms-2 chat app sms-1",
        {"sms-1": "behind what is well: depends on twilio, degraded since 12:04 UTC, why of twilio"},
    ),
    # What is degraded stands before what is down.
    ({"twilio": "down operator", "slack": "degraded feed"}, (), "mail mail-365 sms-2 app chat sms-1", {}),
    # One vendor beneath two routes: named once, by the one that is really down.
    (
        {"aws": "down operator", "twilio": "down operator aws", "slack": "down operator aws"},
        (),
        "mail mail-365 sms-2 app sms-1 chat",
        {"chat": "behind the others: depends on aws, down since 12:04 UTC, why of aws"},
    ),
    # Everything is down: the order of the playbook, and nobody is given up.
    (
        dict.fromkeys(("own_host", "entra", "aws", "telnyx"), "down operator"),
        (),
        "mail mail-365 sms-1 sms-2 chat app",
        {},
    ),
]


@pytest.mark.parametrize(("states", "mailbox", "order", "said"), TABLE, ids=[str(n) for n in range(len(TABLE))])
def test_invariant_2_the_order_and_its_reasons(
    states: dict[str, str], mailbox: tuple[str, ...], order: str, said: dict[str, str]
) -> None:
    made = chain(ORDER, WAYS, has=EVERYTHING, health=health(**states), mail_rides_on=mailbox)
    assert [hop.route for hop in made.hops] == order.split()
    reasons = {hop.route: hop.reason for hop in made.hops}
    assert {route: reasons[route] for route in said} == said


def test_invariant_2_by_every_state_of_three_vendors_and_every_kind_of_person() -> None:
    """Each route's rank is worked out for itself, and must rise along the chain; its word must say why."""
    word = {0: Because.CHOICE, 1: Because.DEGRADED, 2: Because.DOWN}
    badness = {"ok": 0, "unknown": 0, "degraded": 1, "down": 2}
    vendors = ("own-host", "m365", "aws")
    kinds = [frozenset(some) for size in range(5) for some in itertools.combinations(ORDER, size)]
    seen = 0
    for states in itertools.product(badness, repeat=3):
        now = {
            name: Health(name, VendorState(state), Source.OPERATOR) for name, state in zip(vendors, states, strict=True)
        }
        for has, mailbox in itertools.product(kinds, ((), ("m365",))):
            made = chain(ORDER, WAYS, has=has, health=now, mail_rides_on=mailbox)
            ranks = []
            for hop in made.hops:
                [way] = [way for way in WAYS if way.route == hop.route]
                uses = {*way.depends_on, *(mailbox if way.kind is Kind.EMAIL else ())}
                rank = max(badness[now[name].state] if name in now else 0 for name in uses)
                assert hop.because is word[rank], (states, hop)
                assert set(hop.vendors) == uses
                ranks.append(rank)
            assert ranks == sorted(ranks)
            assert {hop.kind for hop in made.hops} == set(has)
            assert {hop.because for hop in made.left_out} <= {Because.NO_ADDRESS}
            seen += 1
    assert seen == 64 * 32


def test_an_open_breaker_is_as_down_and_says_so() -> None:
    made = chain(
        ORDER,
        WAYS,
        has=EVERYTHING,
        health=health(slack="degraded feed"),
        opened={"mail": "its breaker is open since 12:01 UTC"},
    )
    assert [hop.route for hop in made.hops] == ["mail-365", "sms-1", "sms-2", "app", "chat", "mail"]
    assert made.hops[-1].because is Because.BREAKER_OPEN
    assert made.hops[-1].reason == "behind the others: its breaker is open since 12:01 UTC"


def test_what_was_seen_on_another_day_says_the_day() -> None:
    old = {"twilio": Health("twilio", VendorState.DOWN, Source.OPERATOR, AT, LATER, "Ada says so: their call")}
    made = chain([Kind.SMS], WAYS, has=[Kind.SMS], health=old)
    assert made.hops[-1].reason == (
        "behind the others: depends on twilio, down since 2026-11-29 12:04 UTC, Ada says so: their call"
    )


def legs_of(legs: list[Leg], has: frozenset[Kind], **states: str) -> list[Chain]:
    """The chains of one class of people, as the planner makes them."""
    told: dict[Kind, str] = {}
    made = []
    for leg in legs:
        made.append(chain(leg.kinds, WAYS, has=has, health=health(**states), told=told))
        told |= {hop.kind: leg.name for hop in made[-1].hops[:1]}
    return made


def test_a_later_leg_leaves_out_how_an_earlier_one_begins() -> None:
    legs = [
        Leg(name="phone", kinds=(Kind.SMS, Kind.INAPP)),
        Leg(name="paper", kinds=(Kind.EMAIL, Kind.SMS, Kind.INAPP)),
        Leg(name="again", kinds=(Kind.SMS,)),
    ]
    phone, paper, again = legs_of(legs, EVERYTHING)
    assert [hop.route for hop in phone.hops] == ["sms-1", "sms-2", "app"]
    assert [hop.route for hop in paper.hops] == ["mail", "mail-365", "app"], "app is a fallback only: it may be needed"
    assert [(hop.because, hop.reason) for hop in again.left_out] == [
        (Because.ALREADY_TOLD, "the leg phone tells them by sms already")
    ] * 2
    assert again.hops == ()
    # Where texts are down, the first leg begins in the app, and the last one has its texts again.
    phone, paper, again = legs_of(legs, EVERYTHING, twilio="down operator", telnyx="down operator")
    assert [hop.kind for hop in phone.hops][:1] == [Kind.INAPP]
    assert [hop.kind for hop in paper.hops][:1] == [Kind.EMAIL]
    assert Kind.INAPP not in {hop.kind for hop in paper.hops}
    assert [hop.kind for hop in again.hops] == [Kind.SMS, Kind.SMS]
