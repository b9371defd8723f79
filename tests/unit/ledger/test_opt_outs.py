"""A no is kept once and for good, a START takes it back, and both are on record; on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from channels.contract import Kind, Wish
from dispatcher.ledger import now, optouts, recipients, tables
from dispatcher.ledger.optouts import Spoken
from dispatcher.model.config import Audience
from dispatcher.model.recipient import Recipient
from tests.unit.ledger.world import World

ANN, BOB = "+15550000001", "+15550000002"
ALL = Audience(title="All")
TALK = (Wish.STOP, Wish.START)


@pytest.fixture
def people(world: World) -> World:
    with world.ledger.write() as tx:
        recipients.upsert(
            tx,
            [
                Recipient("ann", "Ann", "en", {Kind.SMS: ANN, Kind.EMAIL: "ann@example.com"}),
                Recipient("ann-work", "Ann", "en", {Kind.SMS: ANN}),
                Recipient("bob", "Bob", "en", {Kind.SMS: BOB}),
            ],
        )
    return world


def hear(world: World, wish: Wish, event: str, address: str = ANN, words: str = "") -> bool:
    with world.ledger.write() as tx:
        return optouts.hear(tx, Spoken(Kind.SMS, address, wish, f"twilio-main: “{words or wish}”", words, event))


def numbers(world: World) -> dict[str, str | None]:
    return {row.ref: row.to_sms for row in world.rows(tables.recipient)}


def is_out(world: World, address: str = ANN) -> bool:
    with world.ledger.read() as tx:
        return bool(optouts.among(tx, [(Kind.SMS, address)]))


def history(world: World) -> list[tuple[str, str, bool]]:
    with world.ledger.read() as tx:
        return [(one.wish.value, one.effect, one.opted_out) for one in reversed(optouts.remarks(tx, TALK, 100))]


def test_a_stop_takes_the_address_everywhere_and_a_copy_changes_nothing(people: World) -> None:
    assert hear(people, Wish.STOP, "m1")
    assert is_out(people)
    assert numbers(people) == {"ann": None, "ann-work": None, "bob": BOB}
    with people.ledger.read() as tx:
        assert sum(one.people for one in recipients.classes(tx, ALL) if Kind.SMS in one.kinds) == 1
    before = people.rows(tables.said)
    for _ in range(3):
        assert not hear(people, Wish.STOP, "m1")
    assert people.rows(tables.said) == before
    [kept] = people.rows(tables.opt_out)
    assert kept.source == "twilio-main: “stop”"
    assert abs((kept.at - now()).total_seconds()) < 60


def test_a_start_gives_back_what_a_stop_took_and_both_stay_on_record(people: World) -> None:
    hear(people, Wish.STOP, "m1")
    assert hear(people, Wish.START, "m2")
    assert not is_out(people)
    assert numbers(people) == {"ann": ANN, "ann-work": ANN, "bob": BOB}
    with people.ledger.read() as tx:
        assert sum(one.people for one in recipients.classes(tx, ALL) if Kind.SMS in one.kinds) == 3
    # A late copy of the STOP does not undo the START.
    assert not hear(people, Wish.STOP, "m1")
    assert not is_out(people)
    assert history(people) == [
        ("stop", "nothing more is sent to this address", False),
        ("start", "the earlier no is taken back; they are told again", False),
    ]
    hear(people, Wish.STOP, "m3")
    assert is_out(people)
    assert [wish for wish, _, _ in history(people)] == ["stop", "start", "stop"]


def test_a_start_gives_nothing_to_whom_has_another_number_by_now(people: World) -> None:
    hear(people, Wish.STOP, "m1")
    with people.ledger.write() as tx:
        recipients.upsert(tx, [Recipient("ann", "Ann", "en", {Kind.SMS: "+15550000009"})])
    hear(people, Wish.START, "m2")
    assert numbers(people) == {"ann": "+15550000009", "ann-work": ANN, "bob": BOB}


def test_what_was_given_back_once_is_not_given_back_again(people: World) -> None:
    hear(people, Wish.STOP, "stop1")
    hear(people, Wish.START, "start1")
    with people.ledger.write() as tx:  # this entry has lost the number by an import since
        recipients.upsert(tx, [Recipient("ann-work", "Ann", "en", {Kind.EMAIL: "ann@work.example"})])
    hear(people, Wish.STOP, "stop2")
    hear(people, Wish.START, "start2")
    assert numbers(people) == {"ann": ANN, "ann-work": None, "bob": BOB}


def test_a_start_without_a_stop_is_kept_and_changes_nothing(people: World) -> None:
    hear(people, Wish.START, "m1")
    assert numbers(people)["ann"] == ANN
    assert history(people) == [("start", "there was no earlier no to take back", False)]


def test_a_second_no_is_kept_as_said_and_one_that_nobody_said_is_not(people: World) -> None:
    with people.ledger.write() as tx:
        optouts.note(tx, Kind.SMS, ANN, source="twilio-main: the person answered STOP")
        optouts.note(tx, Kind.SMS, ANN, source="twilio-main: the person answered STOP")
    hear(people, Wish.STOP, "m1")
    assert history(people) == [
        ("stop", "nothing more is sent to this address", True),
        ("stop", "they had said no before", True),
    ]
    assert people.rows(tables.opt_out)[0].source == "twilio-main: the person answered STOP"
    # What `note` took, a START gives back.
    hear(people, Wish.START, "m2")
    assert numbers(people)["ann"] == ANN


def test_help_and_the_rest_are_kept_to_read(people: World) -> None:
    hear(people, Wish.HELP, "m1", words="HELP")
    hear(people, Wish.OTHER, "m2", words="Is it \x00 fixed? \ud83d")
    assert not is_out(people)
    with people.ledger.read() as tx:
        kept = optouts.remarks(tx, (Wish.HELP, Wish.OTHER), 10)
    assert [(one.wish, one.words) for one in kept] == [(Wish.OTHER, "Is it  fixed? ?"), (Wish.HELP, "HELP")]


def test_a_no_that_an_older_release_kept_is_listed_too(people: World) -> None:
    with people.ledger.write() as tx:
        tx.execute(insert(tables.opt_out).values(kind="sms", address=BOB, at=now(), source="link in a message"))
    hear(people, Wish.STOP, "m1")
    with people.ledger.read() as tx:
        assert {(one.address, one.opted_out) for one in optouts.remarks(tx, TALK, 10)} == {(ANN, True), (BOB, True)}
    hear(people, Wish.START, "m2", address=BOB)
    assert not is_out(people, BOB)
    assert "import it again" in history(people)[-1][1]


def test_a_person_shows_what_was_said_by_addresses_that_were_taken(people: World) -> None:
    hear(people, Wish.STOP, "m1")
    [ann] = [row for row in people.rows(tables.recipient) if row.ref == "ann"]
    [bob] = [row for row in people.rows(tables.recipient) if row.ref == "bob"]
    with people.ledger.read() as tx:
        mine = [(Kind.EMAIL, "ann@example.com")]
        assert [one.address for one in optouts.of_person(tx, ann.id, mine)] == [ANN]
        assert optouts.of_person(tx, bob.id, [(Kind.SMS, BOB)]) == []
        assert optouts.of_person(tx, bob.id, []) == []


def test_a_mail_address_that_said_no_is_the_same_in_capitals(people: World) -> None:
    """No mail system tells them apart, and the next file of people may write it otherwise."""
    with people.ledger.write() as tx:
        optouts.note(tx, Kind.EMAIL, "ANN@example.com", source="link in a message")
    [ann] = [row for row in people.rows(tables.recipient) if row.ref == "ann"]
    assert ann.to_email is None
    asked = {(Kind.EMAIL, "ann@example.com"), (Kind.EMAIL, "Ann@Example.com"), (Kind.EMAIL, "bob@example.com")}
    with people.ledger.read() as tx:
        assert optouts.among(tx, asked) == {(Kind.EMAIL, "ann@example.com"), (Kind.EMAIL, "Ann@Example.com")}
        [line] = optouts.of_person(tx, ann.id, [])
        [told] = optouts.remarks(tx, TALK, 10)
    assert line.opted_out
    assert told.opted_out


def test_a_slack_id_and_an_app_user_are_their_letters(people: World) -> None:
    with people.ledger.write() as tx:
        optouts.note(tx, Kind.INAPP, "Ann", source="x")
    with people.ledger.read() as tx:
        assert not optouts.among(tx, [(Kind.INAPP, "ann")])


def test_a_no_of_an_older_release_still_holds(people: World) -> None:
    with people.ledger.write() as tx:
        tx.execute(insert(tables.opt_out).values(kind="email", address="Eve@example.com", at=now(), source="link"))
    with people.ledger.read() as tx:
        assert optouts.among(tx, [(Kind.EMAIL, "Eve@example.com")])
