"""Snapshots of the people, and the files made from them."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from channels.contract import Kind
from dispatcher.ledger import Ledger, LedgerAway, breakglass, now, optouts, recipients, snapshot, tables
from dispatcher.ledger.breakglass import Role, Unfit
from dispatcher.model.recipient import Consent, Recipient
from tests.unit.ledger.world import World


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "break-glass.sqlite3"


def content(path: Path) -> World:
    return World(snapshot.ledger_of(path))


def test_everybody_is_in_it_with_the_same_ids_tags_and_opt_outs(world: World, path: Path) -> None:
    world.people(3, tags=frozenset({"gold", "eu"}))
    world.people(2500, start=10)
    agreed = Recipient("ada", addresses={Kind.SMS: "+15559990001"}, consent=Consent("a form"))
    with world.ledger.write() as tx:
        recipients.upsert(tx, [agreed])
    with world.ledger.write() as tx:
        optouts.note(tx, Kind.SMS, "+15550000001", source="a link")
    world.send()
    taken = snapshot.write(world.ledger, path)
    assert (taken.people, taken.opt_outs) == (2504, 1)
    inside = content(path)
    for table in (tables.recipient, tables.recipient_tag, tables.opt_out, tables.consent):
        assert inside.rows(table) == world.rows(table)
    assert inside.rows(tables.broadcast) == inside.deliveries() == []
    inside.ledger.close()


def test_only_its_owner_reads_it_and_it_is_one_file(world: World, path: Path) -> None:
    before = os.umask(0)
    try:
        snapshot.write(world.ledger, path)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    ours = [one.name for one in path.parent.iterdir() if "break-glass" in one.name]
    assert ours == [path.name]


def test_a_newer_one_takes_the_place_of_an_older_one_and_a_failed_one_does_not(
    world: World, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot.write(world.ledger, path)
    first = snapshot.mark_of_snapshot(path)
    world.people(4)
    snapshot.write(world.ledger, path)
    second = snapshot.mark_of_snapshot(path)
    assert first is not None
    assert second is not None
    assert second.taken_at > first.taken_at
    assert second.uid != first.uid
    assert now() - second.taken_at < timedelta(minutes=1)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(Unfit, match="No space left"):
            snapshot.write(world.ledger, path)
    assert snapshot.mark_of_snapshot(path) == second
    assert [one.name for one in path.parent.iterdir() if "break-glass" in one.name] == [path.name]


def test_nothing_else_is_overwritten(sqlite_ledger: Ledger, world: World, tmp_path: Path) -> None:
    note = tmp_path / "notes.txt"
    note.write_text("precious", encoding="utf-8")
    snapshot.write(world.ledger, tmp_path / "snapshot.sqlite3")
    file = tmp_path / "file.sqlite3"
    snapshot.begin_from(tmp_path / "snapshot.sqlite3", file)
    for taken in (note, file, Path(str(sqlite_ledger.url.database))):
        before = taken.read_bytes()
        with pytest.raises(Unfit, match="name another file"):
            snapshot.write(world.ledger, taken)
        assert taken.read_bytes() == before


def test_an_older_ledger_and_a_missing_folder_are_told(world: World, path: Path) -> None:
    with pytest.raises(Unfit, match="name a file in a folder"):
        snapshot.write(world.ledger, path.parent / "nowhere" / "file.sqlite3")
    with world.ledger.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(LedgerAway, match="dispatcher db upgrade"):
        snapshot.write(world.ledger, path)
    assert not path.exists()


def test_a_file_is_a_copy_and_the_snapshot_stays_as_it_is(world: World, path: Path) -> None:
    world.people(3)
    snapshot.write(world.ledger, path)
    before = path.read_bytes()
    marks = [snapshot.begin_from(path, path.with_name(f"file-{n}.sqlite3")) for n in (1, 2)]
    assert marks[0].uid != marks[1].uid
    said = snapshot.mark_of_snapshot(path)
    assert said is not None
    assert {one.taken_at for one in marks} == {said.taken_at}
    with pytest.raises(FileExistsError):
        snapshot.begin_from(path, path.with_name("file-1.sqlite3"))
    inside = content(path.with_name("file-1.sqlite3"))
    inside.send()
    assert len(inside.deliveries()) == 3
    with inside.ledger.read() as tx:
        mark = breakglass.read_mark(tx)
    assert mark is not None
    assert (mark.role, mark.uid, mark.source) == (Role.FILE, marks[0].uid, said.source)
    inside.ledger.close()
    assert path.read_bytes() == before


def test_what_is_no_snapshot_says_so(path: Path, world: World) -> None:
    assert snapshot.mark_of_snapshot(path) is None
    with pytest.raises(Unfit, match=r"--people FILE\.csv"):
        snapshot.begin_from(path, path.with_name("file.sqlite3"))
    path.write_bytes(b"no database")
    with pytest.raises(Unfit, match="dispatcher db snapshot"):
        snapshot.begin_from(path, path.with_name("file.sqlite3"))
    assert not path.with_name("file.sqlite3").exists()
    with world.ledger.read() as tx:
        assert breakglass.read_mark(tx) is None


def test_a_lock_ends_with_its_holder(path: Path) -> None:
    with breakglass.hold(path), pytest.raises(Unfit, match=f"process {os.getpid()} works on"), breakglass.hold(path):
        pass
    with breakglass.hold(path):
        pass
