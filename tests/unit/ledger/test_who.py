"""The people of a class, by name."""

from __future__ import annotations

from channels.contract import Kind
from dispatcher.ledger import Ledger, recipients
from dispatcher.ledger.who import crowds, people_of
from dispatcher.model.config import Audience
from dispatcher.model.recipient import PeopleClass, Recipient


def test_people_of_some_classes_are_found_in_order_and_read_as_they_are_taken(ledger: Ledger) -> None:
    both, phone = {Kind.SMS: "+15550000001", Kind.EMAIL: "ann@example.com"}, {Kind.SMS: "+15550000001"}
    tag = frozenset({"eu"})
    some = [
        Recipient(f"p{n:04}", f"P{n}", "en", both if n % 2 else phone, tag if n < 10 else frozenset())
        for n in range(1200)
    ]
    with ledger.write() as tx:
        recipients.upsert(tx, some)
    everyone, eu = Audience(title="All"), Audience(title="EU", people=("eu",))
    of_phone = [PeopleClass("en", frozenset({Kind.SMS}), 600)]
    with ledger.read() as tx:
        assert [one.ref for one in people_of(tx, everyone, of_phone, None)] == [f"p{n:04}" for n in range(0, 1200, 2)]
        assert [one.ref for one in people_of(tx, eu, of_phone, 3)] == ["p0000", "p0002", "p0004"]
        either = [*of_phone, PeopleClass("en", frozenset({Kind.SMS, Kind.EMAIL}), 600)]
        first = next(people_of(tx, everyone, reversed(either), None))
        assert (first.name, first.addresses) == ("P0", phone)
        assert [one.addresses for one in people_of(tx, eu, either[1:], 1)] == [both]
        assert list(people_of(tx, everyone, [], None)) == []


def test_who_reads_another_language_is_of_another_class(ledger: Ledger) -> None:
    """A cost cap may leave a route out for readers of one language, so they alone may have no other way."""
    phone = {Kind.SMS: "+15550000001"}
    mail = phone | {Kind.EMAIL: "ann@example.com"}
    some = [
        Recipient(f"{locale}{n}", "P", locale, has) for locale in ("de", "en") for n, has in enumerate((phone, mail))
    ]
    with ledger.write() as tx:
        recipients.upsert(tx, some)
    everyone = Audience(title="All")
    with ledger.read() as tx:
        german = [one for one in recipients.classes(tx, everyone) if one.locale == "de"]
        assert [one.ref for one in people_of(tx, everyone, german, None)] == ["de0", "de1"]
        assert crowds(tx, everyone, german, Kind.SMS, 9) == [2]


def test_how_people_crowd_at_one_destination(ledger: Ledger) -> None:
    addresses = [
        {Kind.EMAIL: "a@Large.example", Kind.SMS: "+12025550101"},
        {Kind.EMAIL: "b@large.example", Kind.SMS: "+16135550102"},
        {Kind.EMAIL: "c@large.example", Kind.SMS: "+4915123456789"},
        {Kind.EMAIL: "d@small.example", Kind.SMS: "+491521234567"},
        {Kind.EMAIL: "e@other.example", Kind.SMS: "+12025550103"},
        {Kind.EMAIL: "f@large.example"},
    ]
    with ledger.write() as tx:
        recipients.upsert(tx, [Recipient(f"p{n}", "P", "en", one) for n, one in enumerate(addresses)])
    everyone, nobody = Audience(title="All"), Audience(title="None", people="none")
    both = [PeopleClass("en", frozenset({Kind.SMS, Kind.EMAIL}), 5)]
    with ledger.read() as tx:
        assert crowds(tx, everyone, both, Kind.EMAIL, 2) == [3, 1]
        assert crowds(tx, everyone, both, Kind.SMS, 9) == [3, 2]
        assert crowds(tx, everyone, [*both, PeopleClass("en", frozenset({Kind.EMAIL}), 1)], Kind.EMAIL, 1) == [4]
        assert crowds(tx, everyone, both, Kind.CHAT, 9) == crowds(tx, everyone, [], Kind.SMS, 9) == []
        assert crowds(tx, nobody, both, Kind.EMAIL, 9) == []
