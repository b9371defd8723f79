"""Deliveries as a list: every filter finds what it names and nothing else, and a page follows the other."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, func, insert, literal, select

from channels.contract import Accepted, Blame, Fault, Kind, Rejected
from channels.transport.masking import masked_address
from dispatcher.faces.tabling import as_csv, as_json_lines
from dispatcher.ledger import Ledger, listing, now
from dispatcher.ledger.listing import Filter
from dispatcher.ledger.tables import delivery
from dispatcher.model.delivery import Status
from dispatcher.model.masking import Shown, mask
from dispatcher.model.story import DeliveryLine
from tests.unit.ledger.world import World

Export = Callable[[Iterable[list[DeliveryLine]]], Iterator[str]]
_LETTERS = st.sampled_from("abcXYZ019+%_\\*.-@:/")


def eventful(world: World) -> None:
    """Three by text, of whom the first was refused and stands at a mail, one in the app, a place."""
    world.people(3, tags=frozenset({"gold"}))
    world.people(1, Kind.INAPP, start=50)
    world.send()
    refused, *taken = world.claim()
    world.record(refused, Rejected(Fault(Blame.RECIPIENT, "no-number", "No such number.", "21211")))
    for one in taken:
        world.record(one, Accepted(f"SM{one.delivery_id}"))


def found(world: World, which: Filter) -> list[int]:
    """Whose deliveries they are, by the number of the person."""
    with world.ledger.read() as tx:
        return sorted(int(one.who.removeprefix("recipient ")) for one in listing.page(tx, which))


@pytest.mark.parametrize(
    ("which", "people"),
    [
        (Filter(), [1, 2, 3, 4]),
        (Filter(incident_id=1, status=frozenset({Status.ACCEPTED})), [2, 3]),
        (Filter(incident_id=2), []),
        (Filter(route="sms-b"), [1]),
        (Filter(kind="inapp"), [4]),
        (Filter(tag="gold"), [1, 2, 3]),
        (Filter(recipient_id=2), [2]),
        (Filter(place="status-channel"), []),
        (Filter(reason="no such NUMBER"), [1]),
        (Filter(reason="21211"), [1]),
        (Filter(reason="no-number"), [1]),
        (Filter(reason="100%"), []),
        (Filter(reason="_"), []),
        # Why the plan has left a route out: the app for three of them, texts and mail for the last.
        (Filter(reason="no address"), [1, 2, 3, 4]),
        (Filter(reason="no address", kind="inapp", incident_id=1), [4]),
        (Filter(reason="cost cap"), []),
        # The number of the second person, as the list, a log and an owner show it.
        (Filter(address=Shown("+1********01")), [2]),
        (Filter(address=Shown("+…01")), [2]),
        (Filter(address=Shown("+1555•••01")), [2]),
        (Filter(address=Shown("+15550000001")), [2]),
        # It was planned for a mail last, and does not stand there.
        (Filter(address=Shown("p*******@customer.example")), []),
        (Filter(address=Shown("ap**********50")), []),
        (Filter(address=Shown("ap***********5")), []),
        (Filter(address=Shown(mask("app-user-000050"))), [4]),
        (Filter(status=frozenset({Status.PENDING}), kind="sms"), [1]),
    ],
)
def test_each_filter_finds_what_it_names(world: World, which: Filter, people: list[int]) -> None:
    eventful(world)
    assert found(world, which) == people
    with world.ledger.read() as tx:
        assert sum(listing.standing(tx, which).values()) == len(people)
        assert listing.is_known(tx, which) == bool(people)


def test_time_is_when_something_last_happened_to_it(world: World) -> None:
    eventful(world)
    before = now()
    [app] = world.claim("app")
    assert app.subject == "r4"
    assert found(world, Filter(since=before)) == [4]
    assert found(world, Filter(until=before)) == [1, 2, 3]
    assert found(world, Filter(since=now() + timedelta(seconds=1))) == []


def test_a_page_is_not_disturbed_by_what_happens_between_two(world: World) -> None:
    eventful(world)
    seen = []
    for page in listing.pages(world.ledger, Filter(), size=2):
        seen += [one.id for one in page]
        world.people(2, start=200 + len(seen))
        if len(seen) == 2:
            world.send()
    assert seen == sorted(set(seen))
    assert {1, 2, 3, 4} < set(seen)


_memory = create_engine("sqlite://")


@given(address=st.text(_LETTERS, min_size=1, max_size=70))
def test_law_an_address_is_found_by_whatever_is_shown_of_it(address: str) -> None:
    with _memory.connect() as connection:
        for shown in (mask(address), masked_address(address), address):
            fits = [
                connection.execute(
                    select(literal(address).ilike(form, escape="\\"), literal(len(address) > longer))
                ).one()
                for form, longer in Shown(shown).forms("\\")
            ]
            assert any(like and long for like, long in fits), (address, shown)


@pytest.mark.parametrize("export", [as_csv, as_json_lines])
def test_an_export_of_many_needs_no_more_room_than_one_of_few(sqlite_ledger: Ledger, export: Export) -> None:
    """Less than 20 bytes for each of 8,000 rows more; and no transaction is open between two pages."""
    world = World(sqlite_ledger)
    world.people(1)
    world.send()
    _export(sqlite_ledger, export, rows=600)  # what is needed once
    few = _export(sqlite_ledger, export, rows=1_000)
    assert _export(sqlite_ledger, export, rows=9_000) < few + 160_000


def _export(ledger: Ledger, export: Export, *, rows: int) -> int:
    """The most bytes that were needed at any moment."""
    with ledger.write() as tx:
        first = tx.execute(select(delivery).where(delivery.c.id == 1)).mappings().one()
        known = tx.execute(select(func.count()).select_from(delivery)).scalar_one()
        more = range(known + 1, rows + 1)
        tx.execute(insert(delivery), [dict(first, id=number, subject=f"r{number}") for number in more])
    gc.collect()
    tracemalloc.start()
    size = lines = 0
    for piece in export(listing.pages(ledger, Filter(), size=250)):
        size, lines = size + len(piece), lines + piece.count("\n")
        with ledger.write():
            pass  # whoever writes is not held up by who reads
        gc.collect(1)  # when what is in rings goes shall not be left to chance
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert lines == rows + (export is as_csv)
    assert size > 120 * rows
    return most
