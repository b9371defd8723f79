"""The classes of people that a drill takes from the ledger: exact, and without an address."""

from __future__ import annotations

from dataclasses import replace

import pytest

from channels.contract import Kind
from dispatcher.ledger import Ledger, drills, mailboxes, recipients
from dispatcher.model.config import Audience
from dispatcher.model.drill import Sort
from dispatcher.model.recipient import Recipient

SMS, MAIL = {Kind.SMS: "+12015550100"}, {Kind.EMAIL: "ann@example.com"}


def sort(locale: str, kinds: set[Kind], tags: set[str], people: int) -> Sort:
    return Sort(locale, frozenset(kinds), frozenset(tags), people)


@pytest.fixture
def people(ledger: Ledger) -> Ledger:
    with ledger.write() as tx:
        mailboxes.set_listed(tx, {"hosted.example": "hoster"})
        recipients.upsert(
            tx,
            [
                Recipient("1", "", "en", SMS, frozenset({"eu", "gold", "unheard-of"})),
                Recipient("2", "", "en", SMS, frozenset({"gold", "eu"})),
                Recipient("3", "", "en", SMS, frozenset({"gold"})),
                Recipient("4", "", "de", SMS | MAIL),
                Recipient("6", "", "de", SMS | {Kind.EMAIL: "ann@hosted.example"}),
                Recipient("5", "", "de", {}),
            ],
        )
    return ledger


def test_people_by_language_addresses_and_tags(people: Ledger) -> None:
    with people.read() as tx:
        found = drills.sorts(tx, Audience(title="All"), ["gold", "eu", "nobody"])
        assert found == [
            sort("de", set(), set(), 1),
            sort("de", {Kind.SMS, Kind.EMAIL}, set(), 1),
            replace(sort("de", {Kind.SMS, Kind.EMAIL}, set(), 1), mailbox_at="hoster"),
            sort("en", {Kind.SMS}, {"gold"}, 1),
            sort("en", {Kind.SMS}, {"gold", "eu"}, 2),
        ]
        assert drills.sorts(tx, Audience(title="EU", people=("eu",)), ["gold"]) == [sort("en", {Kind.SMS}, {"gold"}, 2)]
        assert sum(one.people for one in drills.sorts(tx, Audience(title="All"), [])) == 6
        assert drills.sorts(tx, Audience(title="None", people="none"), ["gold"]) == []


def test_as_many_tags_as_a_number_has_bits(people: Ledger) -> None:
    tags = [f"tag-{number}" for number in range(drills.MOST_TAGS - 1)]
    with people.read() as tx:
        assert sort("en", {Kind.SMS}, {"eu"}, 2) in drills.sorts(tx, Audience(title="All"), [*tags, "eu"])
        with pytest.raises(ValueError, match="at most"):
            drills.sorts(tx, Audience(title="All"), [*tags, "eu", "gold"])
