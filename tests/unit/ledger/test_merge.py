"""A break-glass file folded into the shared ledger, on both databases."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text, update

from channels.contract import (
    Absent,
    Accepted,
    Blame,
    Deferred,
    Fault,
    Found,
    Kind,
    Receipt,
    Rejected,
    Repeat,
    Uncertain,
    Wish,
    Word,
)
from dispatcher.deliver.sweep import sweep
from dispatcher.ledger import (
    Ledger,
    account,
    breakglass,
    now,
    optouts,
    receipts,
    recipients,
    rests,
    snapshot,
    tables,
)
from dispatcher.ledger.breakglass import Unfit
from dispatcher.ledger.merge import Merged, merge
from dispatcher.ledger.receipts import Arrived
from dispatcher.ledger.refusals import Refused
from dispatcher.ledger.totals import Totals
from dispatcher.model.account import Account
from dispatcher.model.delivery import REACHED, Claimed, Status
from dispatcher.model.recipient import Recipient
from tests.migrated import make_ready, migrated_file
from tests.unit.ledger.world import HASTY, World

BUSY = Fault(Blame.PROVIDER, "busy", "the provider is busy")
#: Every route can be asked, and none is left because of the time.
ASKED = dict.fromkeys(("sms-a", "sms-b", "mail"), Repeat.LOOKUP)
PATIENT = HASTY.model_copy(update={"tries": 20, "lookups": 1})
STOP = Fault(Blame.RECIPIENT, "opted-out", "they answered STOP", "21610", opt_out=True)
LEDGERS = (tables.incident, tables.incident_update, tables.broadcast, tables.words, tables.plan_class, tables.delivery)
TABLES = (*LEDGERS, tables.attempt, tables.receipt, tables.opt_out, tables.recipient, tables.break_glass)


@dataclass
class Apart:
    """The shared world, and one that works on a file beside it."""

    shared: World
    file: World
    path: Path

    def merge(self) -> Merged:
        return merge(self.path, self.shared.ledger)

    def everything(self) -> dict[str, list[Any]]:
        return {table.name: self.shared.rows(table) for table in TABLES}


def broken_out(shared: World, folder: Path, name: str = "file") -> Apart:
    snapshot.write(shared.ledger, folder / "snapshot.sqlite3")
    path = folder / f"{name}.sqlite3"
    snapshot.begin_from(folder / "snapshot.sqlite3", path)
    return Apart(shared, World(snapshot.ledger_of(path)), path)


@pytest.fixture
def apart(world: World, tmp_path: Path) -> Iterator[Apart]:
    """Twelve people; the shared ledger has told them of something before, so that ids differ."""
    world.people(12)
    world.send()
    made = broken_out(world, tmp_path)
    yield made
    made.file.ledger.close()


def sent_in_part(apart: Apart) -> None:
    """Three taken, two refused, one in doubt, one held by a process that died, and five that wait."""
    apart.file.send()
    claimed = apart.file.claim(limit=6)
    answers = [Accepted("SM0"), Accepted("SM1"), Accepted("SM2"), *[Rejected(STOP)] * 2, Uncertain(STOP)]
    for one, answer in zip(claimed, answers, strict=True):
        apart.file.record(one, answer)
    apart.file.hear(claimed[0], Word.DELIVERED, ref="SM0")
    apart.file.folder.fold_some()
    apart.file.claim(limit=1, lease=-1)


def test_what_the_file_holds_is_there_afterwards_under_ids_of_the_shared_ledger(apart: Apart) -> None:
    sent_in_part(apart)
    theirs, words = apart.file.deliveries(), apart.file.rows(tables.words)
    done = apart.merge()
    assert (done.deliveries, done.strangers, done.waiting) == (12, 0, 9)
    [moved] = done.incidents
    assert (moved.was, moved.now, moved.new) == (1, 2, True)
    ours = [row for row in apart.shared.deliveries() if row.incident_id == moved.now]
    same = ("leg", "subject", "recipient_id", "status", "route", "tries", "failovers", "reason", "to_sms", "deadline")
    assert [[getattr(row, name) for name in same] for row in ours] == [
        [getattr(row, name) for name in same] for row in theirs
    ]
    tokens = {row.token: row for row in apart.file.attempts()}
    mine = {row.id: row for row in apart.shared.attempts() if row.token in tokens}
    assert len(mine) == len(tokens) == 7
    by_id = {row.id: row for row in ours}
    for row in mine.values():
        was = tokens[row.token]
        assert (row.outcome, row.decision, row.ref, row.started_at) == (
            was.outcome,
            was.decision,
            was.ref,
            was.started_at,
        )
        assert by_id[row.delivery_id].subject == next(one.subject for one in theirs if one.id == was.delivery_id)
    assert [mine[row.attempt_id].token for row in ours if row.attempt_id] == [
        next(token for token, was in tokens.items() if was.id == row.attempt_id) for row in theirs if row.attempt_id
    ]
    uids = [row.uid for row in apart.file.rows(tables.broadcast)]
    assert [row.uid for row in apart.shared.rows(tables.broadcast)[-1:]] == uids
    assert [row.text for row in apart.shared.rows(tables.words)[-len(words) :]] == [row.text for row in words]
    [heard] = apart.shared.rows(tables.receipt)
    assert mine[heard.attempt_id].ref == "SM0"


@pytest.mark.parametrize("died", ["never", "after the seal", "after the merge"])
def test_merging_again_changes_nothing_wherever_it_broke_off(
    apart: Apart, monkeypatch: pytest.MonkeyPatch, died: str
) -> None:
    sent_in_part(apart)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    if died != "never":
        with monkeypatch.context() as patched:
            patched.setattr(breakglass, "note_taken_in" if died == "after the seal" else "note_merged", die)
            with pytest.raises(KeyboardInterrupt):
                apart.merge()
        with apart.file.ledger.read() as tx:
            mark = breakglass.read_mark(tx)
        assert mark is not None
        assert (mark.sealed_at is None, mark.merged_at) == (False, None)
    first = apart.merge()
    assert first.incidents[0].new is (died != "after the merge")
    before = apart.everything()
    assert len(before["delivery"]) == 24
    for _ in range(2):
        again = apart.merge()
        assert (again.incidents[0].new, again.deliveries, again.receipts, again.opt_outs) == (False, 0, 0, 0)
        assert again.incidents[0].now == first.incidents[0].now
    assert apart.everything() == before


def test_invariants_3_and_4_the_shared_ledger_goes_on_with_what_is_open_and_with_nothing_else(apart: Apart) -> None:
    # Nothing in doubt is due for a look-up meanwhile, however slow this machine is.
    apart.file.policy = apart.shared.policy = HASTY.model_copy(update={"lookup_after": 600.0})
    sent_in_part(apart)
    told = {row.subject for row in apart.file.deliveries() if row.status in {"accepted", "delivered"}}
    pending = {row.subject for row in apart.file.deliveries() if row.status == "pending" and row.route == "sms-a"}
    shared = apart.shared
    merged = apart.merge().incidents[0].now
    shared.repeat = {"sms-a": Repeat.LOOKUP}
    found = sweep(shared.ledger, shared.rules)
    assert found.lost == 1, "what the dead process held is in doubt"
    claimed = [one for one in shared.claim() if one.broadcast_id == merged]
    assert {one.subject for one in claimed if one.status is Status.SENDING} == pending
    assert not told & {one.subject for one in claimed}
    for one in claimed:
        shared.record(one, Accepted("SM9"))
    stands = {row.status for row in shared.deliveries() if row.incident_id == merged}
    assert stands == {"accepted", "delivered", "pending", "uncertain"}


def test_what_is_not_planned_yet_is_for_the_people_of_the_file_and_stays_there(apart: Apart) -> None:
    told, before = apart.file.tell(), apart.everything()
    with pytest.raises(Unfit, match=f"go on with it first: dispatcher break-glass {apart.path}"):
        apart.merge()
    assert apart.everything() == before
    with apart.file.ledger.read() as tx:
        mark = breakglass.read_mark(tx)
    assert mark is not None
    assert mark.sealed_at is None, "nobody could go on with it"
    with apart.file.ledger.write() as tx:
        tx.execute(delete(tables.recipient).where(tables.recipient.c.ref != "p3"))
    apart.file.planner.plan(told.broadcast.id)
    assert apart.merge().deliveries == 1


def test_an_update_keeps_its_place_after_what_it_superseded(apart: Apart) -> None:
    first = apart.file.send()
    apart.file.send(about=first.incident)
    merged = apart.merge().incidents[0].now
    told = [row for row in apart.shared.rows(tables.broadcast) if row.incident_id == merged]
    assert [row.status for row in told] == ["superseded", "planned"]
    said = [row for row in apart.shared.rows(tables.incident_update) if row.incident_id == merged]
    assert [(row.number, row.id) for row in said] == [(1, told[0].update_id), (2, told[1].update_id)]
    about = next(row for row in apart.shared.rows(tables.incident) if row.id == merged)
    with apart.shared.ledger.read() as tx:
        kept = apart.shared.desk.find(tx, about.id)
    apart.shared.send(about=kept)
    assert apart.shared.rows(tables.incident_update)[-1].number == 3


def test_people_are_found_by_their_ref_and_strangers_keep_their_address(apart: Apart) -> None:
    shared = apart.shared
    with shared.ledger.write() as tx:
        tx.execute(update(tables.recipient).where(tables.recipient.c.ref == "p0").values(id=900))
        tx.execute(delete(tables.recipient).where(tables.recipient.c.ref == "p1"))
        recipients.upsert(tx, [Recipient("new", addresses={Kind.SMS: "+15559999999"})])
    apart.file.send()
    done = apart.merge()
    assert done.strangers == 1
    rows = {row.subject: row for row in shared.deliveries() if row.incident_id == done.incidents[0].now}
    assert rows["r1"].recipient_id == 900, "the same person under another id; the provider knows them as r1"
    assert (rows["r2"].recipient_id, rows["r2"].to_sms) == (None, "+15550000001")
    assert rows["r3"].recipient_id == 3
    assert {row.ref for row in shared.rows(tables.recipient)} == {*(f"p{n}" for n in range(12)), "new"} - {"p1"}


def test_a_no_that_only_the_file_heard_holds_from_now_on(apart: Apart) -> None:
    with apart.file.ledger.write() as tx:
        optouts.note(tx, Kind.SMS, "+15550000003", source="sms-a: STOP")
    [said] = apart.file.rows(tables.opt_out)
    with apart.shared.ledger.write() as tx:
        optouts.note(tx, Kind.SMS, "+15550000004", source="before")
    assert apart.merge().opt_outs == 1
    kept = {row.address: row for row in apart.shared.rows(tables.opt_out)}
    assert kept["+15550000003"] == said
    people = {row.ref: row for row in apart.shared.rows(tables.recipient)}
    assert (people["p3"].to_sms, people["p3"].reach, people["p5"].reach) == (None, 32, 33)


def test_a_no_of_the_file_does_not_undo_a_start_that_was_heard_since(apart: Apart) -> None:
    number = "+15550000003"
    with apart.file.ledger.write() as tx:
        optouts.note(tx, Kind.SMS, number, source="sms-a: STOP", at=now() - timedelta(hours=1))
    with apart.shared.ledger.write() as tx:
        optouts.hear(tx, optouts.Spoken(Kind.SMS, number, Wish.START, "sms-a: “START”", "START", "m1"))
    assert apart.merge().opt_outs == 0
    assert apart.shared.rows(tables.opt_out) == []


def test_what_is_open_is_not_sent_to_an_address_that_has_said_no_meanwhile(apart: Apart) -> None:
    apart.file.policy = apart.shared.policy = HASTY.model_copy(update={"lookup_after": 0.0})
    apart.file.send()
    taken, doubtful, dying = apart.file.claim(limit=3)
    apart.file.record(taken, Accepted("SM0"))
    apart.file.record(doubtful, Uncertain(STOP))
    with apart.file.ledger.write() as tx:
        tx.execute(update(tables.delivery).where(tables.delivery.c.id == dying.delivery_id).values(lease_until=now()))
    rows = {row.id: row for row in apart.file.deliveries()}
    moving, ending = [row for row in rows.values() if row.attempt_id is None][:2]
    with apart.shared.ledger.write() as tx:
        for one in (taken, doubtful, dying, moving, ending):
            row = rows[one.id if one in (moving, ending) else one.delivery_id]
            optouts.note(tx, Kind.SMS, row.to_sms, source="said here")
        optouts.note(tx, Kind.EMAIL, ending.to_email.upper(), source="said here")
    done = apart.merge()
    assert (done.refused, done.waiting) == (Refused(moved=1, failed=1, held=2), 8)
    shared = apart.shared
    now_there = {row.subject: row for row in shared.deliveries() if row.incident_id == done.incidents[0].now}
    stands = [
        (now_there[one.subject].status, now_there[one.subject].route)
        for one in (taken, doubtful, dying, moving, ending)
    ]
    assert stands == [
        ("accepted", "sms-a"),
        ("uncertain", "sms-a"),
        ("uncertain", "sms-a"),
        ("pending", "mail"),
        ("failed", "sms-a"),
    ]
    with shared.ledger.read() as tx:
        found = account.count(tx, now_there["r1"].broadcast_id)
    assert (found.planned, found.once, found.in_doubt, found.not_reached, found.under_way) == (12, 1, 2, 1, 8)
    assert found.lost == 0
    told: set[str] = set()
    for _ in range(3):
        for route in ("sms-a", "sms-b", "mail"):
            for one in shared.claim(route):
                if one.broadcast_id == now_there["r1"].broadcast_id:
                    told.add(one.to)
                shared.record(one, Rejected(BUSY) if route != "mail" else Accepted("M"))
        sweep(shared.ledger, shared.rules)
        with shared.ledger.write() as tx:
            due = tables.delivery.c.next_attempt_at
            tx.execute(update(tables.delivery).where(due.is_not(None)).values(next_attempt_at=now()))
    refused = {rows[one.delivery_id].to_sms for one in (taken, doubtful, dying)}
    refused |= {moving.to_sms, ending.to_sms, ending.to_email}
    assert moving.to_email in told
    assert not told & refused


def test_receipts_that_came_here_before_anybody_knew_the_attempt_are_folded_anew(apart: Apart) -> None:
    apart.file.send()
    claimed = apart.file.claim(limit=3)
    for one in claimed:
        apart.file.record(one, Accepted("SM1"))
    shared = apart.shared
    shared.hear(claimed[0], Word.DELIVERED)
    shared.hear(claimed[1], Word.UNDELIVERED)
    with shared.ledger.write() as tx:
        receipts.store(tx, [Arrived("sms-a", Receipt(Word.DELIVERED, "e", "nobody's"), now())])
    # The same event was heard by both.
    apart.file.hear(claimed[0], Word.DELIVERED)
    apart.file.folder.fold_some()
    assert shared.folder.fold_some()[0] == 3
    assert apart.merge().receipts == 2
    assert shared.folder.fold_some() == (2, {"sms-b"})
    stands = {row.subject: row.status for row in shared.deliveries() if row.incident_id == 2}
    assert [stands[one.subject] for one in claimed] == ["delivered", "pending", "accepted"]
    with shared.ledger.read() as tx:
        assert receipts.unknown(tx) == 1
    assert apart.merge().receipts == 0


def test_a_rest_that_a_provider_asked_for_holds_here_too(apart: Apart) -> None:
    until = now() + timedelta(minutes=5)
    with apart.file.ledger.write() as tx:
        rests.pause(tx, "sms-a", until, "busy")
    apart.merge()
    with apart.shared.ledger.read() as tx:
        assert rests.paused_until(tx, "sms-a") == until


def test_files_of_two_people_are_merged_one_after_the_other(apart: Apart, tmp_path: Path) -> None:
    other = broken_out(apart.shared, tmp_path, "other")
    apart.file.send()
    other.file.send("two-legs")
    done = [apart.merge(), other.merge()]
    assert [one.incidents[0].now for one in done] == [2, 3]
    assert [one.deliveries for one in done] == [12, 24]
    uids = [row.uid for row in apart.shared.rows(tables.break_glass)]
    assert len(set(uids)) == 2
    other.file.ledger.close()


def test_nothing_is_merged_while_somebody_holds_the_file(apart: Apart) -> None:
    apart.file.send()
    before = apart.everything()
    with breakglass.hold(apart.path), pytest.raises(Unfit, match="stop it with Ctrl-C"):
        apart.merge()
    apart.file.claim(limit=1, lease=60)
    with pytest.raises(Unfit, match="held by a sending process until"):
        apart.merge()
    with apart.file.ledger.read() as tx:
        mark = breakglass.read_mark(tx)
    assert mark is not None
    assert mark.sealed_at is None
    assert apart.everything() == before
    with apart.file.ledger.write() as tx:
        assert breakglass.end_leases(tx) == 1
    assert apart.merge().deliveries == 12


@pytest.mark.parametrize(("revision", "said"), [("0001", "dispatcher db upgrade"), ("9999", "a newer version")])
def test_a_file_of_another_form_is_not_merged(apart: Apart, revision: str, said: str) -> None:
    with apart.file.ledger.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": revision})
    with pytest.raises(Unfit, match=said):
        apart.merge()


def test_what_is_no_file_of_break_glass_is_not_merged(apart: Apart, tmp_path: Path) -> None:
    with pytest.raises(Unfit, match="there is no file"):
        merge(tmp_path / "nowhere.sqlite3", apart.shared.ledger)
    with pytest.raises(Unfit, match="not a file that break-glass has sent from"):
        merge(tmp_path / "snapshot.sqlite3", apart.shared.ledger)
    garbage = tmp_path / "garbage.sqlite3"
    garbage.write_bytes(b"no database at all, but long enough to be taken for one " * 99)
    with pytest.raises(Unfit, match="is not a SQLite database"):
        merge(garbage, apart.shared.ledger)
    assert garbage.read_bytes().startswith(b"no database")
    with pytest.raises(Unfit, match="is the ledger itself"):
        merge(apart.path, apart.file.ledger)


def test_what_is_still_open_is_sent_by_one_ledger_only(apart: Apart, tmp_path: Path) -> None:
    apart.file.send()
    apart.merge()
    other = Ledger(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    make_ready(other)
    with pytest.raises(Unfit, match="merge it into another one after"):
        merge(apart.path, other)
    apart.file.change(deadline=now() - timedelta(seconds=1))
    assert merge(apart.path, other).deliveries == 12
    other.close()


def test_the_same_ledger_under_another_address_is_the_same_ledger(apart: Apart) -> None:
    apart.file.send()
    apart.merge()
    with apart.file.ledger.write() as tx:
        tx.execute(update(tables.break_glass).values(merged_with="postgresql+psycopg://by-another-name/outage"))
    before = apart.everything()
    assert apart.merge().deliveries == 0
    assert apart.everything() == before


def test_what_is_being_archived_is_no_sign_of_a_second_copy(apart: Apart) -> None:
    sent_in_part(apart)
    merged = apart.merge().incidents[0].now
    kept = Totals((), (), Account(planned=12), None, None, (), None, ("a.gz",)).to_json()
    about = tables.broadcast.c.incident_id == merged
    with apart.shared.ledger.write() as tx:
        # As a run leaves it that was broken off: counted, and the first of it removed.
        tx.execute(update(tables.broadcast).where(about).values(totals=kept))
        tokens = [row.token for row in apart.file.attempts()]
        tx.execute(delete(tables.attempt).where(tables.attempt.c.token.in_(tokens)))
    assert apart.merge().deliveries == 0


def test_a_link_to_a_file_is_the_same_file(apart: Apart, tmp_path: Path) -> None:
    apart.file.send()
    link = tmp_path / "link.sqlite3"
    link.symlink_to(apart.path)
    with breakglass.hold(link), pytest.raises(Unfit, match="stop it with Ctrl-C"):
        apart.merge()
    assert not (tmp_path / "link.sqlite3.lock").exists()


def test_a_copy_from_which_somebody_went_on_is_named_and_changes_nothing(apart: Apart, tmp_path: Path) -> None:
    apart.file.send()
    copy = Apart(apart.shared, World(snapshot.ledger_of(tmp_path / "copy.sqlite3")), tmp_path / "copy.sqlite3")
    apart.file.ledger.close()
    shutil.copy(apart.path, copy.path)
    assert apart.merge().deliveries == 12
    before = apart.everything()
    for one in copy.file.claim(limit=2):
        copy.file.record(one, Accepted("SM1"))
    with pytest.raises(Unfit, match="2 attempts or updates"):
        copy.merge()
    assert apart.everything() == before
    copy.file.ledger.close()


def test_more_than_one_load_goes_over(world: World, tmp_path: Path) -> None:
    world.people(1300)
    apart = broken_out(world, tmp_path)
    apart.file.send()
    begun = {one.token: one.subject for one in apart.file.claim(limit=900, lease=-1)}
    assert apart.merge().deliveries == 1300
    shared = {row.id: row for row in world.deliveries()}
    assert len({row.recipient_id for row in shared.values()}) == 1300
    assert {row.token: shared[row.delivery_id].subject for row in world.attempts()} == begun
    assert len(begun) == 900
    apart.file.ledger.close()


def test_the_snapshot_holds_the_people_and_nothing_that_was_said(apart: Apart) -> None:
    assert apart.file.rows(tables.recipient) == apart.shared.rows(tables.recipient)
    assert apart.file.rows(tables.recipient_tag) == apart.shared.rows(tables.recipient_tag)
    assert not any(apart.file.rows(table) for table in (*LEDGERS, tables.attempt))


@dataclass
class Provider:
    """Takes what it is sent, can be asked, and counts; the script says what becomes of each answer."""

    script: list[str]
    has: Counter[str] = field(default_factory=Counter)

    def answer(self, one: Claimed) -> Any:
        """What the sender gets to see of it; None when it dies before it sees anything."""
        if one.status is Status.ASKING:
            return Found("SM1") if self.has[one.subject] else Absent()
        fate = self.script.pop() if self.script else "taken"
        if fate in {"taken", "doubtful and taken", "dead and taken"}:
            self.has[one.subject] += 1
        outcomes = {"taken": Accepted("SM1"), "refused": Rejected(BUSY), "later": Deferred(BUSY)}
        return None if fate.startswith("dead") else outcomes.get(fate, Uncertain(BUSY))


FATES = ("taken", "refused", "later", "doubtful", "doubtful and taken", "dead", "dead and taken")
ROUTES = ("sms-a", "sms-b", "mail")


def work(world: World, provider: Provider) -> None:
    """One round of a process that may die in the middle of it, and the sweep of the next."""
    for route in ROUTES:
        for one in world.claim(route, lease=-1):
            answer = provider.answer(one)
            if answer is not None:
                world.record(one, answer)
    world.change(next_attempt_at=now())
    sweep(world.ledger, world.rules)
    world.change(next_attempt_at=now())


@pytest.mark.timeout(300)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.lists(st.sampled_from(FATES), max_size=20),
    after=st.lists(st.sampled_from(FATES), max_size=10),
    rounds=st.integers(0, 3),
    merges=st.integers(1, 2),
)
def test_invariants_3_and_4_whenever_it_is_merged_everybody_is_told_once(
    before: list[str], after: list[str], rounds: int, merges: int
) -> None:
    """Whatever became of the requests in the file, and wherever between two of them it was merged."""
    with TemporaryDirectory() as folder:
        Path(folder, "shared.sqlite3").write_bytes(migrated_file())
        shared = World(snapshot.ledger_of(Path(folder, "shared.sqlite3")), policy=PATIENT, repeat=ASKED)
        shared.people(5)
        apart = broken_out(shared, Path(folder))
        apart.file.policy, apart.file.repeat = PATIENT, ASKED
        apart.file.send()
        provider = Provider(list(before))
        for _ in range(rounds):
            work(apart.file, provider)
        for _ in range(merges):
            apart.merge()
        provider.script = list(after)
        while not set(shared.statuses()) <= REACHED | {Status.FAILED}:
            work(shared, provider)
        told = {row.subject: row.status for row in shared.deliveries()}
        assert len(told) == 5
        for subject, status in told.items():
            assert provider.has[subject] == (status in REACHED), subject
        assert not any(row.maybe_twice for row in shared.deliveries())
        for world in (shared, apart.file):
            world.ledger.close()
