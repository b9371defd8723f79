"""Cost caps: kinds × prices × caps × severity, laws over all chains, and the plan of a real broadcast."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import Accepted, Kind, Measure, Words
from dispatcher.ledger import listing, tables
from dispatcher.ledger.held import chain_from_json, chain_to_json
from dispatcher.ledger.listing import Filter
from dispatcher.model.config import CostCap, Leg, Playbook, Price, Severity
from dispatcher.model.delivery import Because, Chain, Hop
from dispatcher.model.recipient import PeopleClass
from dispatcher.plan.capping import weigh
from dispatcher.plan.chains import Way, chain
from dispatcher.plan.costs import Costs, Estimate, estimate, money, nothing_dear, too_dear, unpriced
from dispatcher.plan.planner import PUBLIC, Branch
from dispatcher.plan.reach import cut_off, reach
from tests.unit.ledger.world import CONFIG, World

WAYS = (
    Way("sms-dear", Kind.SMS, ("twilio",)),
    Way("sms-cheap", Kind.SMS, ("telnyx",)),
    Way("app", Kind.INAPP, ("own-host",)),
    Way("mail", Kind.EMAIL, ("m365",)),
)
ORDER = (Kind.SMS, Kind.INAPP, Kind.EMAIL)
WORDS = Words("It is down.")


def costs(prices: Mapping[str, str], *, double: str = "") -> Costs:
    """What a message costs by each route; twice as much for readers of one language."""

    def estimating(route: str, words: Words) -> Estimate:
        price = Price(each=Decimal(prices[route])) if route in prices else None
        return estimate(price, Measure(1, 9, "segments", parts=2 if words.subject else 1))

    return Costs(lambda _kind, locale: replace(WORDS, subject="x" if locale == double else ""), estimating)


def cap(message: str | None = None, broadcast: str | None = None) -> CostCap:
    return CostCap.model_validate({"message": message, "broadcast": broadcast})


def routes_for(one: CostCap | None, prices: Mapping[str, str], *has: Kind, locale: str = "en") -> tuple[str, str]:
    """The chain and what the cap leaves out of it."""
    dear = too_dear(one, WAYS, costs(prices, double="de"))
    made = chain(ORDER, WAYS, has=has or ORDER, health={}, too_dear=dear(locale))
    out = [hop.route for hop in made.left_out if hop.because is Because.COST_CAP]
    return " ".join(hop.route for hop in made.hops), " ".join(out)


PRICED = {"sms-dear": "0.08", "sms-cheap": "0.02"}
TABLE = [
    # prices, cap on a message, the chain of a reader of English, what is left out of it, the chain of one of German
    (PRICED, None, "sms-dear sms-cheap app mail", "", "sms-dear sms-cheap app mail"),
    (PRICED, "0.16", "sms-dear sms-cheap app mail", "", "sms-dear sms-cheap app mail"),
    # German takes two segments: the same cap bites there first.
    (PRICED, "0.08", "sms-dear sms-cheap app mail", "", "sms-cheap app mail"),
    (PRICED, "0.0799", "sms-cheap app mail", "sms-dear", "sms-cheap app mail"),
    (PRICED, "0.02", "sms-cheap app mail", "sms-dear", "app mail"),
    (PRICED, "0.01", "app mail", "sms-dear sms-cheap", "app mail"),
    # Nothing that has a price but 0. What has none is never too dear.
    (PRICED | {"app": "0"}, "0", "app mail", "sms-dear sms-cheap", "app mail"),
    ({"mail": "0.001"}, "0", "sms-dear sms-cheap app", "mail", "sms-dear sms-cheap app"),
    ({}, "0", "sms-dear sms-cheap app mail", "", "sms-dear sms-cheap app mail"),
    (dict.fromkeys(("sms-dear", "sms-cheap", "app", "mail"), "1"), "0.5", "", "sms-dear sms-cheap app mail", ""),
]


@pytest.mark.parametrize(("prices", "most", "left", "out", "german"), TABLE, ids=[str(n) for n in range(len(TABLE))])
def test_what_costs_more_than_it_may_is_left_out(
    prices: Mapping[str, str], most: str | None, left: str, out: str, german: str
) -> None:
    one = None if most is None else cap(most)
    assert routes_for(one, prices) == (left, out)
    assert routes_for(one, prices, locale="de")[0] == german
    # Whoever has fewer addresses has what of this is left to them.
    for has in itertools.chain.from_iterable(itertools.combinations(ORDER, size) for size in (1, 2)):
        mine = [way.route for way in WAYS if way.kind in has]
        assert routes_for(one, prices, *has)[0].split() == [route for route in left.split() if route in mine]


@pytest.mark.parametrize("severity", Severity)
def test_a_critical_incident_is_told_whatever_it_costs(severity: Severity) -> None:
    book = Playbook(title="x", audience="all", legs=(Leg(name="reach", kinds=ORDER),), cost_cap=cap("0.01"))
    held = book.cap_at(severity)
    assert held == (None if severity is Severity.CRITICAL else book.cost_cap)
    assert routes_for(held, PRICED)[1] == ("" if severity is Severity.CRITICAL else "sms-dear sms-cheap")


def test_the_reason_says_both_amounts_and_a_broadcast_cap_alone_leaves_nothing_out() -> None:
    dear = too_dear(cap("0.05"), WAYS, costs(PRICED, double="de"))
    assert dear("de") == {"sms-dear": "a message costs USD 0.16, above the cost cap of USD 0.05"}
    assert too_dear(cap(None, "1"), WAYS, costs(PRICED)) is nothing_dear
    assert money(Decimal("1234.50"), "EUR") == "EUR 1,234.50"
    assert money(Decimal("800.00"), "USD") == "USD 800"
    assert money(Decimal(0), "USD") == "USD 0"


def test_another_reason_goes_before_and_who_sleeps_is_not_woken_by_the_dear_one() -> None:
    dear = {"sms-dear": "too dear"}
    none = chain(ORDER, WAYS, has={Kind.EMAIL}, health={}, too_dear=dear)
    assert {hop.because for hop in none.left_out} == {Because.NO_ADDRESS}
    told = chain(ORDER, WAYS, has=ORDER, health={}, too_dear=dear, told={Kind.SMS: "first"})
    assert [hop.because for hop in told.left_out] == [Because.ALREADY_TOLD] * 2
    asleep = chain(ORDER, WAYS, has=ORDER, health={}, too_dear=dear, quiet=True)
    assert [(hop.route, hop.because) for hop in asleep.left_out] == [
        ("sms-dear", Because.COST_CAP),
        ("sms-cheap", Because.QUIET_HOURS),
    ]


amounts = st.decimals(min_value=0, max_value=2, places=3)
prices = st.dictionaries(st.sampled_from([way.route for way in WAYS]), amounts.map(str))
people = st.frozensets(st.sampled_from(ORDER))


@given(prices, amounts, people, st.booleans())
def test_no_chain_holds_a_route_that_is_dearer_than_the_cap(
    priced: dict[str, str], most: Decimal, has: frozenset[Kind], quiet: bool
) -> None:
    dear = too_dear(CostCap(message=most), WAYS, costs(priced))
    made = chain(ORDER, WAYS, has=has, health={}, too_dear=dear("en"), quiet=quiet)
    assert all(Decimal(priced.get(hop.route, 0)) <= most for hop in made.hops)
    for hop in made.left_out:
        if hop.because is Because.COST_CAP:
            assert Decimal(priced[hop.route]) > most
    # Nothing is left out twice, or lost.
    assert sorted(hop.route for hop in (*made.hops, *made.left_out)) == sorted(way.route for way in WAYS)
    # Who is told that the cap leaves them with mail alone, or with nothing, is whom it does so to.
    [one] = [PeopleClass("en", has, 7)]
    before, after = (reach([one], WAYS, ORDER, dear=lookup).whole for lookup in (nothing_dear, dear))
    worse = (after.unreachable, after.mail_alone) != (before.unreachable, before.mail_alone)
    assert cut_off([one], WAYS, ORDER, dear) == (7 if worse else 0)


@given(prices, people, st.booleans(), st.sampled_from([None, "10"]))
def test_nobodys_chain_changes_without_a_cap_or_below_it(
    priced: dict[str, str], has: frozenset[Kind], quiet: bool, most: str | None
) -> None:
    dear = too_dear(None if most is None else cap(most), WAYS, costs(priced))
    plain = chain(ORDER, WAYS, has=has, health={}, quiet=quiet)
    assert chain(ORDER, WAYS, has=has, health={}, quiet=quiet, too_dear=dear("en")) == plain


def _plan(*groups: tuple[int, str, tuple[Kind, ...]], one: CostCap, prices: Mapping[str, str]) -> Any:
    lookup = costs(prices, double="de")
    dear = too_dear(one, WAYS, lookup)
    planned = [
        Branch("reach", who, chain(ORDER, WAYS, has=has, health={}, too_dear=dear(locale)))
        for number, locale, has in groups
        for who in [PeopleClass(locale, frozenset(has), number)]
    ]
    place = PeopleClass("en", frozenset({Kind.SMS}), 1)
    planned.append(
        Branch(PUBLIC, place, chain([Kind.SMS], WAYS, has={Kind.SMS}, health={}, of_a_place=True), "a place")
    )
    return weigh(one, planned, WAYS, ORDER, lookup)


def test_a_broadcast_is_weighed_by_what_leaves_first_and_by_the_worst() -> None:
    groups = ((100, "en", ORDER), (10, "de", (Kind.SMS, Kind.EMAIL)), (5, "en", (Kind.EMAIL,)))
    found = _plan(*groups, one=cap("0.10", "9"), prices=PRICED | {"app": "0.09"})
    # 100 by sms-dear at 0.08; 10 Germans by sms-cheap in two segments at 0.04, for sms-dear would cost 0.16; the place.
    assert (found.cost, found.at_worst) == (Decimal("8.48"), Decimal("9.48"))
    assert (found.people, found.cut_off, found.is_over) == (115, 0, False)
    assert found.left_out == {"sms-dear": 10}
    assert list(found.problems("outage")) == []
    assert str(found) == (
        "cost cap USD 0.10 a message and USD 9 a broadcast: the first messages cost USD 8.48, USD 9.48 if all go by "
        "their dearest route; left out as too dear: sms-dear for 10"
    )


def test_texts_without_a_price_are_named_and_are_not_in_the_sums() -> None:
    groups = ((100, "en", ORDER), (10, "de", (Kind.SMS, Kind.EMAIL)), (5, "en", (Kind.INAPP,)))
    found = _plan(*groups, one=cap("0.10", "9"), prices={"sms-dear": "0.08"})
    # The Germans' text would cost 0.16, so that they hear it by the route of which nobody knows what it costs.
    assert (found.cost, found.unpriced) == (Decimal("8.08"), {"sms-cheap": 10})
    assert str(found).endswith("too dear: sms-dear for 10; without a price, and not counted: sms-cheap for 10")


def test_invariant_1_whom_the_cap_leaves_with_mail_alone_is_counted_and_what_is_too_dear_is_refused() -> None:
    groups = ((100, "en", (Kind.SMS, Kind.EMAIL)), (10, "en", (Kind.SMS,)), (5, "en", (Kind.EMAIL,)))
    found = _plan(*groups, one=cap("0.01"), prices=PRICED)
    assert (found.cut_off, found.is_over) == (110, False)
    [sentence] = found.problems("outage")
    assert sentence.startswith(
        "110 of 115 people would hear of it by mail alone, or not at all, because of the cost cap"
    )
    assert "raise `message` of cost_cap in config/playbooks/outage.yaml" in sentence
    # Exactly as much as it may is not too much.
    exact = _plan((100, "en", ORDER), one=cap(None, "8.08"), prices=PRICED)
    assert (exact.cost, exact.is_over) == (Decimal("8.08"), False)
    over = _plan((100, "en", ORDER), one=cap(None, "8.0799"), prices=PRICED)
    [sentence] = over.problems("outage")
    assert sentence.startswith(
        "its first messages cost USD 8.08 together, above the cost cap of USD 8.0799 a broadcast;"
    )


def _capped(world: World, message: str) -> tuple[World, list[str]]:
    """The world with a cap and two prices, and the routes of which a price was asked, as they are asked."""
    book = world.config.playbooks["outage"].model_copy(update={"cost_cap": cap(message)})
    config = CONFIG.model_copy(update={"playbooks": world.config.playbooks | {"outage": book}})
    each = {"sms-a": Price(each=Decimal("0.08")), "sms-b": Price(each=Decimal("0.02"))}
    asked: list[str] = []

    def estimating(route: str, _words: Words) -> Estimate:
        asked.append(route)
        return estimate(each.get(route), Measure(1, 9, "segments"))

    return replace(world, config=config, estimating=estimating), asked


def test_what_is_planned_obeys_the_cap_and_says_so_for_good(world: World) -> None:
    capped, asked = _capped(world, "0.05")
    capped.people(3, Kind.SMS, Kind.INAPP, Kind.EMAIL)
    capped.people(2, Kind.SMS, start=10)
    capped.send()
    assert {row.route for row in capped.deliveries()} == {"sms-b"}
    for row in capped.rows(tables.plan_class):
        kept = chain_from_json(row.chain)
        assert "sms-a" not in {hop.route for hop in kept.hops}
        [out] = [hop for hop in kept.left_out if hop.because is Because.COST_CAP]
        assert (out.route, out.reason) == ("sms-a", "a message costs USD 0.08, above the cost cap of USD 0.05")
    # By route and language, not by person or class.
    assert sorted(asked) == sorted({way.route for way in capped.ways})


def test_whom_the_cap_has_changed_something_for_is_listed_by_its_name(world: World) -> None:
    capped, _ = _capped(world, "0.05")
    capped.people(2, Kind.SMS, Kind.EMAIL)
    capped.people(1, Kind.EMAIL, start=10)
    first = capped.send()
    replace(capped, config=CONFIG).send()
    with world.ledger.read() as tx:
        listed = listing.page(tx, Filter(reason="cost cap"))
        mine = listing.page(tx, Filter(incident_id=first.incident.id, reason="cost cap"))
    assert [(one.incident_id, one.who, one.route) for one in listed] == [
        (1, "recipient 1", "sms-b"),
        (1, "recipient 2", "sms-b"),
    ]
    assert mine == listed


def test_who_has_no_way_left_is_unreachable_and_the_reason_names_the_cap(world: World) -> None:
    capped, _ = _capped(world, "0.01")
    capped.people(1, Kind.SMS)
    capped.people(1, start=10)
    capped.send()
    assert sorted((row.status, row.route) for row in capped.deliveries()) == [("pending", "mail"), ("unreachable", "")]
    [silent] = [row for row in capped.deliveries() if not row.route]
    assert silent.reason == "cost cap: every route that could tell them costs more than the playbook allows"


def test_a_critical_incident_and_a_retraction_are_not_capped(world: World) -> None:
    capped, _ = _capped(world, "0.05")
    capped.people(1)
    told = capped.send(severity=Severity.CRITICAL)
    assert [row.route for row in capped.deliveries()] == ["sms-a"]
    [claimed] = capped.claim("sms-a")
    capped.record(claimed, Accepted("ref"))
    capped.take_back(told.incident)
    assert [row.route for row in capped.deliveries()] == ["sms-a", "sms-a"]


def test_a_word_of_a_later_release_is_read_as_none() -> None:
    kept = chain_to_json(Chain((), (Hop("a", Kind.SMS, "why", Because.COST_CAP, ("v",)),)))
    assert chain_from_json(kept).left_out[0].because is Because.COST_CAP
    kept["more"]["left_out"][0][0] = "of a later release"
    assert chain_from_json(kept).left_out == (Hop("a", Kind.SMS, "why", Because.UNSAID, ("v",)),)


def test_nothing_has_a_price_where_nobody_says_one() -> None:
    assert unpriced("any", WORDS) == Estimate(1, None, "")
    assert costs({}).of("sms-dear", Kind.SMS, "en") == Estimate(1, None, "")
    assert Costs(lambda _kind, _locale: None, unpriced).of("sms-dear", Kind.SMS, "en") is None
