"""People, the in-app inbox and reports, on both databases."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from channels.contract import Accepted, Blame, Fault, Kind, Rejected, Repeat, Uncertain, Word
from dispatcher.ledger import Ledger, broadcasts, devices, inbox, listing, now, optouts, recipients, reports, tables
from dispatcher.ledger.inbox import NewNote
from dispatcher.ledger.listing import Filter
from dispatcher.ledger.reach import from_mask, to_mask
from dispatcher.model.config import Audience
from dispatcher.model.delivery import CLOSED, Status
from dispatcher.model.recipient import Consent, PeopleClass, Recipient
from tests.unit.ledger.world import World, everybody

FAULT = Fault(Blame.RECIPIENT, "unknown", "nobody is there")
ALL = Audience(title="All")


@given(st.frozensets(st.sampled_from(Kind)))
def test_kinds_as_a_number_and_back(kinds: frozenset[Kind]) -> None:
    assert from_mask(to_mask(kinds)) == kinds


def test_a_second_import_changes_people_and_adds_none(world: World) -> None:
    with world.ledger.write() as tx:
        recipients.upsert(tx, everybody(900, tags=frozenset({"gold", "eu"})))
        recipients.upsert(tx, [])
    before = world.rows(tables.recipient)
    with world.ledger.write() as tx:
        recipients.upsert(tx, [Recipient("p5", "Eve", "de", {Kind.INAPP: "eve"}, frozenset({"eu"}))])
    rows = world.rows(tables.recipient)
    assert len(rows) == 900
    [changed] = [row for row in rows if row.ref == "p5"]
    [original] = [row for row in before if row.ref == "p5"]
    assert (changed.id, changed.created_at) == (original.id, original.created_at)
    assert (changed.name, changed.locale, changed.to_sms, changed.to_inapp) == ("Eve", "de", None, "eve")
    with world.ledger.read() as tx:
        assert recipients.count(tx) == 900
        assert recipients.classes(tx, ALL) == [
            PeopleClass("de", frozenset({Kind.INAPP}), 1),
            PeopleClass("en", frozenset({Kind.SMS, Kind.EMAIL}), 899),
        ]
        gold = Audience(title="Gold", people=("gold",))
        assert sum(one.people for one in recipients.classes(tx, gold)) == 899
        both = Audience(title="Both", people=("gold", "eu"))
        assert sum(one.people for one in recipients.classes(tx, both)) == 900
        assert recipients.classes(tx, Audience(title="None", people="none")) == []
        assert recipients.with_only(tx, ALL, [Kind.INAPP], 10) == [(changed.id, "p5", "Eve")]


def test_how_they_agreed_stays_with_the_address(world: World) -> None:
    number, mail = (Kind.SMS, "+15550000001"), (Kind.EMAIL, "ann@example.com")
    agreed = Recipient("ann", addresses=dict([number, mail]), consent=Consent("a form", now()))
    twin = Recipient("ann-again", addresses=dict([number]), consent=Consent("a contract"))
    with world.ledger.write() as tx:
        recipients.upsert(tx, [agreed])
    with world.ledger.write() as tx:
        recipients.upsert(tx, [replace(agreed, consent=None)])
        assert recipients.consents(tx, [number, mail]) == {number: agreed.consent, mail: agreed.consent}
        recipients.upsert(tx, [agreed, twin])
        assert recipients.consents(tx, [number])[number].source == "a contract"
        # Another number of hers has its own story.
        other = (Kind.SMS, "+15550000002")
        recipients.upsert(tx, [replace(agreed, addresses=dict([other]), consent=None)])
        assert recipients.consents(tx, [other]) == recipients.consents(tx, []) == {}
        found = recipients.find(tx, "ann")
        assert found is not None
        assert found[1].addresses == dict([other])
        assert recipients.find(tx, "nobody") is None


def test_an_import_is_kept_whole_or_not_at_all(world: World) -> None:
    people = everybody(500)
    with pytest.raises(AttributeError), world.ledger.write() as tx:
        recipients.upsert(tx, [*people, None])  # type: ignore[list-item]
    assert world.rows(tables.recipient) == []


def note(key: str, user: str = "ann") -> NewNote:
    return NewNote(user, key, f"token-{key}", "Down", "It is down", now() + timedelta(hours=1))


def put(ledger: Ledger, *notes: NewNote) -> dict[str, int]:
    with ledger.write() as tx:
        return inbox.put(tx, notes)


def test_an_inbox_keeps_each_message_once_and_its_numbers_grow(ledger: Ledger) -> None:
    first = put(ledger, note("a"), note("b", "bob"))
    second = put(ledger, note("b", "bob"), note("c"))
    assert second["b"] == first["b"]
    assert first["a"] < first["b"] < second["c"]
    with ledger.write() as tx:
        assert [one.seq for one in inbox.after(tx, "ann", 0)] == [first["a"], second["c"]]
        assert [one.seq for one in inbox.after(tx, "ann", first["a"])] == [second["c"]]
        assert inbox.newest_seq(tx) == second["c"]
        later = [(note.user, note.seq) for note in inbox.after_all(tx, first["a"], 10)]
        assert {user for user, _ in later} == {"ann", "bob"}
        assert later[-1][1] == second["c"]
        assert [note.seq for note in inbox.after_all(tx, first["a"], 1)] == [later[0][1]], "the oldest first"
        assert inbox.after_all(tx, second["c"], 10) == []
        assert inbox.mark_read(tx, "bob", first["a"]) is None, "it is not his"
        assert inbox.mark_read(tx, "ann", first["a"]) == "token-a"
    with ledger.write() as tx:
        [read, unread] = inbox.after(tx, "ann", 0)
        assert (read.read_at is None, unread.read_at is None) == (False, True)
        inbox.mark_read(tx, "ann", first["a"])
        assert inbox.after(tx, "ann", 0)[0].read_at == read.read_at


def test_numbers_grow_even_when_the_last_message_was_removed(ledger: Ledger) -> None:
    last = put(ledger, note("a"))["a"]
    with ledger.write() as tx:
        assert inbox.last_given(tx) == last
        tx.execute(tables.inbox.delete())
        assert inbox.last_given(tx) == last, "a number that a client knows was ours, whatever was removed since"
    assert put(ledger, note("b"))["b"] > last


def test_a_message_keeps_its_thread_and_whether_it_is_notable(ledger: Ledger) -> None:
    put(ledger, replace(note("a"), thread="INC-1", notable=False), replace(note("b"), thread="x" * 300), note("c"))
    with ledger.write() as tx:
        tx.execute(tables.inbox.update().where(tables.inbox.c.key == "c").values(thread=None, notable=None))
        quiet, long, older = inbox.after(tx, "ann", 0)
        assert (quiet.thread, quiet.notable) == ("INC-1", False)
        assert long.thread.startswith("sha256:")
        assert (older.thread, older.notable) == ("", True), "as an older process writes it"
        assert inbox.token_of(tx, "ann", quiet.seq) == "token-a"
        assert inbox.token_of(tx, "bob", quiet.seq) is None


def test_a_device_belongs_to_one_person_and_a_person_has_one(world: World) -> None:
    people = [Recipient(name, name, "en", {Kind.INAPP: f"{name}-7"}) for name in ("ann", "bob")]
    with world.ledger.write() as tx:
        recipients.upsert(tx, people)
    long = "https://push.example/" + "x" * 1400
    for user, address in (("ann-7", "one"), ("ann-7", long), ("nobody", "two"), ("bob-7", long)):
        with world.ledger.write() as tx:
            agreed = Consent("the widget", now())
            assert devices.enrol(tx, user, Kind.PUSH, address, agreed=agreed) is (user != "nobody")
    with world.ledger.read() as tx:
        known = recipients.consents(tx, [(Kind.PUSH, long), (Kind.PUSH, "two")])
    assert {address: one.source for (_, address), one in known.items()} == {long: "the widget"}
    with world.ledger.read() as tx:
        found = {row.ref: (row.to_push, from_mask(row.reach)) for row in tx.execute(tables.recipient.select())}
    assert found == {
        "ann": (None, frozenset({Kind.INAPP})),
        "bob": (long, frozenset({Kind.INAPP, Kind.PUSH})),
    }
    with world.ledger.write() as tx:
        optouts.note(tx, Kind.PUSH, long, source="taken back")
    assert [row.to_push for row in world.rows(tables.recipient)] == [None, None]


def test_a_reader_that_remembers_the_last_number_misses_nothing(ledger: Ledger) -> None:
    """Writers come at once; the reader asks for what is above the highest number it has seen."""
    total, seen, last = 240, set(), 0

    def write(writer: int) -> None:
        for number in range(30):
            put(ledger, note(f"{writer}-{number}-a"), note(f"{writer}-{number}-b"))

    with ThreadPoolExecutor(4) as pool:
        writing = [pool.submit(write, writer) for writer in range(4)]
        while True:
            finished = all(one.done() for one in writing)
            with ledger.read() as tx:
                notes = inbox.after(tx, "ann", last)
            seen |= {one.seq for one in notes}
            last = max([last, *(one.seq for one in notes)])
            if finished and not notes:
                break
        for one in writing:
            one.result()
    assert len(seen) == total


def eventful(world: World) -> int:
    """A broadcast in which everything happens to somebody; answers its id."""
    world.repeat = {"sms-a": Repeat.BLIND}
    world.people(12)
    world.people(3, Kind.EMAIL, start=100)
    world.people(1, Kind.PUSH, start=200)
    told = world.send()
    claimed = world.claim(limit=11)
    for number, one in enumerate(claimed):
        answers = [Accepted("ref"), Rejected(FAULT), Uncertain(FAULT)]
        world.record(one, answers[number % 3])
        if number % 3 == 0:
            world.hear(one, [Word.DELIVERED, Word.READ, Word.SENT, Word.UNDELIVERED][number // 3 % 4], fault=FAULT)
    world.folder.fold_some()
    for number, one in enumerate(world.claim("sms-b")):
        world.record(one, Accepted("ref") if number % 2 else Rejected(FAULT))
    for one in world.claim("mail", limit=2):
        world.record(one, Rejected(FAULT))
    return told.broadcast.id


def test_the_table_by_route_agrees_with_counting_by_hand(world: World) -> None:
    broadcast_id = eventful(world)
    hearing = {"sms-a", "sms-b"}
    with world.ledger.read() as tx:
        lines = reports.by_route(tx, broadcast_id, hearing)
        counts = reports.counts(tx, broadcast_id)
        assert reports.under_way(tx, broadcast_id) == sum(
            row.status in {"pending", "sending", "asking"} or (row.status == "uncertain" and bool(row.next_attempt_at))
            for row in world.deliveries()
        )
    deliveries = {row.id: row for row in world.deliveries()}
    attempts = world.attempts()
    assert sum(one.deliveries for one in counts) == len(deliveries) == 16
    for line in lines:
        mine = [row for row in attempts if row.route == line.route]
        here = [row for row in deliveries.values() if row.route == line.route]
        assert line.accepted == len({row.delivery_id for row in mine if row.outcome == "accepted"})
        assert line.delivered == len({row.delivery_id for row in mine if row.receipt_word in {"delivered", "read"}})
        assert line.failed_over == len(
            {row.delivery_id for row in mine if deliveries[row.delivery_id].route != line.route}
        )
        assert line.failed == sum(row.status in CLOSED for row in here)
        assert line.waiting == sum(row.status in {"pending", "sending"} for row in here)
        assert line.unknown == sum(
            row.status == "uncertain" or (row.status in {"accepted", "sent"} and line.route in hearing) for row in here
        )
    planned = {line.route: line.planned for line in lines}
    assert {route: number for route, number in planned.items() if number} == {"": 1, "mail": 3, "sms-a": 12}
    assert {line.route for line in lines} >= {"sms-a", "sms-b", "mail"}


def test_invariant_5_silence_is_unknown_and_neither_delivered_nor_failed(world: World) -> None:
    world.people(1)
    told = world.send()
    [claimed] = world.claim()
    world.record(claimed, Accepted("ref"))
    with world.ledger.read() as tx:
        [line] = reports.by_route(tx, told.broadcast.id, {"sms-a"})
        assert (line.unknown, line.delivered, line.failed, line.accepted) == (1, 0, 0, 1)
        [line] = reports.by_route(tx, told.broadcast.id, set())
        assert (line.unknown, line.delivered, line.failed, line.accepted) == (0, 0, 0, 1)


def test_lists_are_filtered_and_paged(world: World) -> None:
    eventful(world)
    rows = world.deliveries()
    pages = list(listing.pages(world.ledger, Filter(), size=3))
    assert [one.id for page in pages for one in page] == [row.id for row in rows]
    assert {len(page) for page in pages[:-1]} == {3}
    with world.ledger.read() as tx:
        for status in Status:
            which = Filter(status=frozenset({status}))
            assert len(listing.page(tx, which)) == Counter(row.status for row in rows)[status]
            assert listing.standing(tx, which).get(status, 0) == Counter(row.status for row in rows)[status]
        assert len(listing.page(tx, Filter(route="mail", kind="email"))) == Counter(r.route for r in rows)["mail"]
        assert listing.page(tx, Filter(tag="gold")) == []
        assert len(listing.page(tx, Filter(recipient_id=rows[0].recipient_id))) == 1
        assert reports.story(tx, 10**9) is None
        why = reports.reasons(tx, rows[0].broadcast_id, [Status.UNREACHABLE])
        assert why == [(Status.UNREACHABLE, "no configured route can use any address they have", 1)]


def test_invariant_10_no_full_address_in_any_line_or_story(world: World) -> None:
    eventful(world)
    with world.ledger.read() as tx:
        shown = repr([reports.story(tx, row.id) for row in world.deliveries()])
    shown += repr(list(listing.pages(world.ledger, Filter())))
    for row in world.rows(tables.recipient):
        for address in (row.to_sms, row.to_email, row.to_push):
            assert address is None or address not in shown


def test_invariant_7_a_story_tells_chain_words_attempts_and_receipts(world: World) -> None:
    world.people(1)
    told = world.send()
    [first] = world.claim()
    world.record(first, Accepted("SM1"))
    world.hear(first, Word.UNDELIVERED, fault=FAULT)
    world.folder.fold_some()
    [second] = world.claim("sms-b")
    world.record(second, Accepted("SM2"))
    with world.ledger.read() as tx:
        story = reports.story(tx, first.delivery_id)
    assert story is not None
    assert (story.incident_title, story.audience, story.words) == ("It is down", "everyone", "It is down #1")
    assert [hop.route for hop in story.chain.hops] == ["sms-a", "sms-b", "mail"]
    assert [(one.route, one.outcome, one.ref) for one in story.attempts] == [
        ("sms-a", "accepted", "SM1"),
        ("sms-b", "accepted", "SM2"),
    ]
    assert [one.word for one in story.attempts[0].receipts] == ["undelivered"]
    assert all(one.decision for one in story.attempts)
    assert story.deadline == told.broadcast.valid_until


def test_invariant_7_a_story_shows_the_words_that_were_sent(world: World) -> None:
    """Somebody with a language that came after the words were frozen hears the next best; so does the story say."""
    told = world.tell()
    with world.ledger.write() as tx:
        recipients.upsert(tx, [Recipient("p1", "Ann", "de-AT", {Kind.SMS: "+15550000001"})])
        english = tx.execute(select(tables.words).where(tables.words.c.kind == "sms")).mappings().one()
        for locale in ("aa", "de"):
            copy = dict(english) | {"locale": locale, "used_locale": locale, "text": f"in {locale}"}
            del copy["id"]
            tx.execute(insert(tables.words), copy)
    world.planner.plan(told.broadcast.id)
    [claimed] = world.claim()
    with world.ledger.read() as tx:
        sent = broadcasts.frozen(tx, told.broadcast.id).words_for(claimed.kind, claimed.locale)
        story = reports.story(tx, claimed.delivery_id)
    assert story is not None
    assert (sent.text, story.words, story.used_locale) == ("in de", "in de", "de")
