"""What is old goes into a file, complete, before it leaves the ledger; what is not, stays."""

from __future__ import annotations

import errno
import gzip
import json
import os
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from channels.contract import Accepted, Blame, Fault, Kind, Receipt, Rejected, Word
from dispatcher.deliver.sweep import close_passed
from dispatcher.incidents.desk import Told
from dispatcher.ledger import (
    account,
    archive,
    broadcasts,
    inbox,
    incidents,
    listing,
    now,
    receipts,
    reports,
    tables,
    totals,
)
from dispatcher.ledger.archive import CannotArchive, Chosen, choose, sizes
from dispatcher.ledger.inbox import NewNote
from dispatcher.ledger.listing import Filter
from dispatcher.ledger.receipts import Arrived
from dispatcher.model.delivery import Status
from tests.unit.ledger.world import World

HEARING = {"sms-a"}
AT_ONCE = timedelta(0)
OLD = now() - timedelta(days=100)
CUT = now() - timedelta(days=90)
TABLES = (tables.plan_class, tables.delivery, tables.attempt, tables.receipt)


def told(world: World, people: int = 5) -> Told:
    """An incident that is over: one was told and heard of, one failed everywhere, the rest were told."""
    world.people(people)
    sent = world.send()
    for number, one in enumerate(world.claim()):
        world.record(one, Rejected(Fault(Blame.RECIPIENT, "bad", "no such number")) if number == 1 else Accepted("ref"))
        if number == 0:
            world.hear(one, Word.DELIVERED)
    for route in ("sms-b", "mail"):
        for one in world.claim(route):
            world.record(one, Rejected(Fault(Blame.RECIPIENT, "bad", "not there")))
    world.folder.fold_some()
    with world.ledger.write() as tx:
        incidents.close_silently(tx, sent.incident.id)
    return sent


def age(world: World, sent: Told) -> None:
    """As if it had been over for long."""
    with world.ledger.write() as tx:
        tx.execute(update(tables.incident).where(tables.incident.c.id == sent.incident.id).values(resolved_at=OLD))
        tx.execute(update(tables.broadcast).where(tables.broadcast.c.id == sent.broadcast.id).values(valid_until=OLD))
    close_passed(world.ledger)


def old_and_new(world: World) -> tuple[Told, Told]:
    old = told(world)
    age(world, old)
    new = world.send()
    for one in world.claim():
        world.record(one, Accepted("ref"))
    return old, new


def chosen(world: World) -> Chosen:
    with world.ledger.read() as tx:
        return choose(tx, CUT)


def put_away(world: World, to: Path, quiet: timedelta = AT_ONCE) -> dict[str, int]:
    return archive.archive(world.ledger, chosen(world), to, hearing=HEARING, quiet=quiet)


def read(file: Path) -> list[tuple[str, dict[str, Any]]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [(line["table"], line["row"]) for line in map(json.loads, lines)]


def seen(world: World, broadcast_id: int) -> list[object]:
    """All that pages show of a broadcast."""
    with world.ledger.read() as tx:
        return [
            sorted(reports.counts(tx, broadcast_id), key=str),
            reports.by_route(tx, broadcast_id, HEARING),
            reports.under_way(tx, broadcast_id),
            reports.span(tx, broadcast_id),
            reports.reasons(tx, broadcast_id, {Status.FAILED, Status.ACCEPTED}),
            reports.account(tx, broadcast_id),
        ]


def test_complete_rows_go_into_the_file_and_only_then_out_of_the_ledger(world: World, tmp_path: Path) -> None:
    old, new = old_and_new(world)
    before = {table.name: world.rows(table) for table in TABLES}
    with world.ledger.read() as tx:
        expected = sizes(tx, choose(tx, CUT))
    written = put_away(world, tmp_path / "old.jsonl.gz")
    assert written == expected
    assert written == {"plan_class": 1, "delivery": 5, "attempt": 7, "receipt": 1}
    lines = read(tmp_path / "old.jsonl.gz")
    assert Counter(name for name, _ in lines) == written
    mine = [row for row in before["delivery"] if row.broadcast_id == old.broadcast.id]
    kept = [row for name, row in lines if name == "delivery"]
    assert [set(row) for row in kept] == [set(tables.delivery.c.keys())] * 5
    assert [(row["id"], row["to_sms"], row["status"]) for row in kept] == [(r.id, r.to_sms, r.status) for r in mine]
    assert datetime.fromisoformat(kept[0]["created_at"]) == mine[0].created_at
    assert (tmp_path / "old.jsonl.gz").stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.glob("*.part")) == []
    assert {row.broadcast_id for row in world.deliveries()} == {new.broadcast.id}
    assert len(world.attempts()) == 5
    assert world.rows(tables.receipt) == []
    assert [row.broadcast_id for row in world.rows(tables.plan_class)] == [new.broadcast.id]


def test_everything_that_is_shown_of_it_stays_as_it_was(world: World, tmp_path: Path) -> None:
    old, _ = old_and_new(world)
    before = seen(world, old.broadcast.id)
    ids = [row.id for row in world.deliveries() if row.broadcast_id == old.broadcast.id]
    put_away(world, tmp_path / "old.jsonl.gz")
    assert seen(world, old.broadcast.id) == before
    with world.ledger.read() as tx:
        about = broadcasts.find(tx, old.broadcast.id)
        kept = totals.of(tx, old.broadcast.id)
        assert about is not None
        assert about.archived_at is not None
        assert kept is not None
        assert (kept.files, kept.ids) == (("old.jsonl.gz",), (ids[0], ids[-1]))
        assert reports.story(tx, ids[0]) is None
        assert "INC-1 are in old.jsonl.gz" in reports.archived_in(tx, ids[0])
        assert reports.archived_in(tx, ids[-1] + 1000) == ""
        assert listing.page(tx, Filter(incident_id=old.incident.id)) == []
        assert [row.number for row in incidents.updates(tx, old.incident.id)] == [1]
        assert broadcasts.wording(tx, old.broadcast.id)


def test_nothing_new_or_open_or_under_way_is_chosen(world: World) -> None:
    world.people(3)
    open_one = world.send()
    age(world, open_one)
    assert chosen(world).broadcasts == ()
    resolved = told(world)
    assert chosen(world).broadcasts == ()
    age(world, resolved)
    told(world)
    assert chosen(world).broadcasts == (resolved.broadcast.id,)
    with world.ledger.write() as tx:
        of_it = tables.delivery.c.broadcast_id == resolved.broadcast.id
        tx.execute(update(tables.delivery).where(of_it).values(status="uncertain", next_attempt_at=now()))
    assert chosen(world).broadcasts == ()


def test_a_run_that_is_broken_off_is_finished_by_the_next_one(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, _ = old_and_new(world)
    before, rows = seen(world, old.broadcast.id), len(world.deliveries())
    real = archive._remove_some

    def dies(*arguments: Any) -> int:
        real(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(archive, "_PAGE", 2)
    with monkeypatch.context() as patch:
        patch.setattr(archive, "_remove_some", dies)
        with pytest.raises(KeyboardInterrupt):
            put_away(world, tmp_path / "first.gz")
    assert len(world.deliveries()) == rows - 2
    assert seen(world, old.broadcast.id) == before
    assert put_away(world, tmp_path / "second.gz")["delivery"] == 3
    assert seen(world, old.broadcast.id) == before
    ids = Counter(row["id"] for name, row in read(tmp_path / "first.gz") if name == "delivery")
    assert set(ids) >= {row["id"] for name, row in read(tmp_path / "second.gz") if name == "delivery"}
    with world.ledger.read() as tx:
        kept = totals.of(tx, old.broadcast.id)
        assert kept is not None
        assert kept.files == ("first.gz", "second.gz")
    assert chosen(world).broadcasts == ()


def test_what_is_heard_while_the_file_is_written_stays_for_the_next_one(world: World, tmp_path: Path) -> None:
    old, _ = old_and_new(world)
    choice = chosen(world)
    token = world.attempts()[2].token
    with world.ledger.write() as tx:
        receipts.store(tx, [Arrived("sms-a", Receipt(Word.READ, "late", token), now() + timedelta(seconds=5))])
    world.folder.fold_some()
    archive.archive(world.ledger, choice, tmp_path / "a.gz", hearing=HEARING, quiet=-timedelta(seconds=2))
    [left] = [row for row in world.deliveries() if row.broadcast_id == old.broadcast.id]
    assert left.status == "read"
    with world.ledger.read() as tx:
        about = broadcasts.find(tx, old.broadcast.id)
        assert about is not None
        assert about.archived_at is None
    archive.archive(world.ledger, chosen(world), tmp_path / "b.gz", hearing=HEARING, quiet=-timedelta(seconds=60))
    assert [name for name, _ in read(tmp_path / "b.gz")] == ["plan_class", "delivery", "attempt", "receipt"]
    assert {row.broadcast_id for row in world.deliveries()} != {old.broadcast.id}


def test_what_changed_a_moment_ago_stays(world: World, tmp_path: Path) -> None:
    old_and_new(world)
    put_away(world, tmp_path / "a.gz", timedelta(minutes=1))
    assert len(world.deliveries()) == 10


def test_keys_notes_and_unknown_receipts_of_old_go_too(world: World, tmp_path: Path) -> None:
    with world.ledger.write() as tx:
        notes = [NewNote("ann", f"k{n}", "t", "", "text", at) for n, at in enumerate((OLD, now()))]
        inbox.put(tx, notes)
        for number, at in enumerate((OLD, now())):
            receipts.store(tx, [Arrived("sms-a", Receipt(Word.SENT, f"e{number}", "nobody"), at)])
            key = {"scope": "s", "key": str(number), "request_hash": "", "status": 201, "response": {}}
            tx.execute(insert(tables.idempotency).values(**key, created_at=at))
    world.folder.fold_some()
    assert put_away(world, tmp_path / "a.gz") == {"idempotency": 1, "inbox": 1, "receipt": 1}
    assert [row.key for row in world.rows(tables.inbox)] == ["k1"]
    assert [row.event for row in world.rows(tables.receipt)] == ["sms-a:e1"]
    assert [row.key for row in world.rows(tables.idempotency)] == ["1"]


def test_a_file_that_is_there_is_not_touched_and_nothing_is_removed(world: World, tmp_path: Path) -> None:
    old_and_new(world)
    there = tmp_path / "a.gz"
    there.write_text("precious")
    with pytest.raises(CannotArchive, match=r"there already; nothing was removed\. Choose another name"):
        put_away(world, there)
    with pytest.raises(CannotArchive, match="cannot be written"):
        put_away(world, tmp_path / "no-folder" / "a.gz")
    assert there.read_text() == "precious"
    assert len(world.deliveries()) == 10


@pytest.mark.parametrize("other", ["dies in the middle", "finishes"])
def test_two_runs_into_one_name_never_take_the_draft_of_the_other(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    old_and_new(world)
    to, real, runs = tmp_path / "a.gz", archive._everything, [1, 2]

    def everything(*arguments: Any) -> Iterator[tuple[str, Any]]:
        run = runs.pop(0)
        for number, row in enumerate(real(*arguments)):
            yield row
            if number == 0 and run == 1:
                in_between()
            elif number == 3 and run == 2 and other == "dies in the middle":
                raise KeyboardInterrupt

    def in_between() -> None:
        if other == "finishes":
            put_away(world, to)
        else:
            with pytest.raises(KeyboardInterrupt):
                put_away(world, to)

    monkeypatch.setattr(archive, "_everything", everything)
    if other == "finishes":
        with pytest.raises(CannotArchive, match="Choose another name with --to"):
            put_away(world, to)
    else:
        put_away(world, to)
    assert runs == []
    assert Counter(name for name, _ in read(to)) == {"plan_class": 1, "delivery": 5, "attempt": 7, "receipt": 1}
    assert list(tmp_path.glob("a.gz*")) == [to], "no draft is left"
    assert len(world.deliveries()) == 5


def test_a_file_system_without_links_is_good_enough(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    old_and_new(world)
    monkeypatch.setattr(os, "link", no_links)
    taken, draft = tmp_path / "taken.gz", tmp_path / "draft"
    taken.write_text("precious")
    draft.write_text("new")
    with pytest.raises(FileExistsError):
        archive._give_name(draft, taken)
    assert taken.read_text() == "precious"
    assert put_away(world, tmp_path / "a.gz")["delivery"] == 5
    assert sum(name == "delivery" for name, _ in read(tmp_path / "a.gz")) == 5
    assert (tmp_path / "a.gz").stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.glob("a.gz*")) == [tmp_path / "a.gz"]


def test_no_number_is_given_twice(world: World, tmp_path: Path) -> None:
    """SQLite would give the highest number again; so what holds it stays."""
    only = told(world)
    age(world, only)
    highest = max(row.id for row in world.deliveries()), max(row.id for row in world.attempts())
    found = chosen(world)
    assert (found.staying == (only.broadcast.id,)) == world.ledger.sqlite
    put_away(world, tmp_path / "a.gz")
    world.people(1, Kind.SMS, start=50)
    world.send()
    world.claim()
    assert min(row.id for row in world.deliveries() if row.broadcast_id != only.broadcast.id) > highest[0]
    assert max(row.id for row in world.attempts()) > highest[1]


def test_the_account_of_what_is_archived_is_kept(world: World, tmp_path: Path) -> None:
    old, _ = old_and_new(world)
    put_away(world, tmp_path / "a.gz")
    with world.ledger.read() as tx:
        kept = reports.account(tx, old.broadcast.id)
        assert (kept.planned, kept.once, kept.not_reached, kept.lost) == (5, 4, 1, 0)
        assert account.count(tx, old.broadcast.id).planned == 0
