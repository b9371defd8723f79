"""Who hosts whose mailbox, on both databases: by import, by list, by an answer; and what planning makes of it."""

from __future__ import annotations

from datetime import timedelta

from channels.contract import Kind
from dispatcher.ledger import mailboxes, now, optouts, recipients
from dispatcher.ledger.mailboxes import MX, MailDomain
from dispatcher.model.config import Audience
from dispatcher.model.recipient import Recipient
from tests.unit.ledger.world import World

ALL = Audience(title="All")


def _mail(ref: str, address: str) -> Recipient:
    return Recipient(ref, addresses={Kind.EMAIL: address, Kind.SMS: f"+1555{ref}"})


def _at(world: World) -> dict[str, int]:
    with world.ledger.read() as tx:
        return dict(mailboxes.people_at(tx, ALL))


def test_the_lists_and_the_answers_tell_people_apart(world: World) -> None:
    with world.ledger.write() as tx:
        recipients.upsert(
            tx, [_mail("1", "a@Outlook.example"), _mail("2", "b@acme.example"), _mail("3", "c@x.example")]
        )
        assert mailboxes.set_listed(tx, {"outlook.example": "m365"})
    assert mailboxes.tell_apart(world.ledger) == 1
    assert _at(world) == {"": 2, "m365": 1}
    with world.ledger.write() as tx:
        assert not mailboxes.set_listed(tx, {"outlook.example": "m365"})
        assert mailboxes.unasked(tx, ALL, now()) == ["acme.example", "x.example"]
        mailboxes.keep(tx, [MailDomain("acme.example", "google", MX, ("aspmx.google.com",), now())])
        mailboxes.keep(tx, [MailDomain("x.example", "", MX, (), None, "no answer")])
        # A list of domains that is taken out, and one that moves.
        assert mailboxes.set_listed(tx, {"x.example": "icloud"})
    assert mailboxes.tell_apart(world.ledger) == 3
    assert mailboxes.tell_apart(world.ledger) == 0
    assert _at(world) == {"": 1, "google": 1, "icloud": 1}


def test_a_failure_takes_nothing_away_and_is_asked_again(world: World) -> None:
    with world.ledger.write() as tx:
        recipients.upsert(tx, [_mail("1", "a@acme.example")])
        mailboxes.keep(tx, [MailDomain("acme.example", "google", MX, ("mx.google.com",), now())])
        assert mailboxes.unasked(tx, ALL, now() - timedelta(days=30)) == []
        mailboxes.keep(tx, [MailDomain("acme.example", "", MX, (), None, "no answer")])
        [kept] = mailboxes.known(tx, ["acme.example"]).values()
        assert (kept.vendor, kept.hosts, kept.problem) == ("google", ("mx.google.com",), "no answer")
        assert mailboxes.unasked(tx, ALL, now() + timedelta(seconds=1)) == ["acme.example"]


def test_a_class_is_of_one_host_and_each_person_in_one_class(world: World) -> None:
    with world.ledger.write() as tx:
        mailboxes.set_listed(tx, {"outlook.example": "m365"})
        recipients.upsert(
            tx, [_mail("1", "a@outlook.example"), _mail("2", "b@acme.example"), _mail("3", "c@x.example")]
        )
        recipients.upsert(tx, [Recipient("4", addresses={Kind.SMS: "+15554"})])
        # Whose mail said no is not told apart by where it was.
        optouts.note(tx, Kind.EMAIL, "a@outlook.example", source="link")
    with world.ledger.read() as tx:
        found = recipients.classes(tx, ALL, lambda vendor: {vendor, "entra"} if vendor else ())
    assert {(one.kinds, one.mailbox_at, one.mail_rides_on, one.people) for one in found} == {
        (frozenset({Kind.SMS}), "", frozenset(), 2),
        (frozenset({Kind.SMS, Kind.EMAIL}), "", frozenset(), 2),
    }
    with world.ledger.write() as tx:
        recipients.upsert(tx, [_mail("5", "d@outlook.example")])
        found = recipients.classes(tx, ALL, lambda vendor: {vendor, "entra"} if vendor else ())
    assert ("m365", frozenset({"m365", "entra"}), 1) in {
        (one.mailbox_at, one.mail_rides_on, one.people) for one in found
    }
    world.send()
    assert len(world.deliveries()) == 5
