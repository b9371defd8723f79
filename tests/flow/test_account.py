"""The account of an incident and the archive, at the command line, on a ledger with a story in it."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from channels.contract import Accepted, Blame, Fault, Repeat, Uncertain
from dispatcher.deliver.sweep import close_passed
from dispatcher.ledger import Ledger, incidents, now, tables
from dispatcher.model.config import WhenUncertain
from tests.flow.test_command_line import run
from tests.unit.ledger.world import HASTY, World


@pytest.fixture
def home(tmp_path: Path, sqlite_ledger: Ledger) -> Path:
    """INC-1: three people told, one of them possibly twice; INC-2 is newer."""
    world = World(sqlite_ledger, repeat={"sms-a": Repeat.BLIND})
    world.policy = HASTY.model_copy(update={"when_uncertain": WhenUncertain.FAILOVER})
    world.people(3)
    old = world.send()
    one, *others = world.claim()
    world.record(one, Uncertain(Fault(Blame.PATH, "timeout", "no answer")))
    for other in [*others, *world.claim("sms-b")]:
        world.record(other, Accepted("ref"))
    world.send()
    world.claim()
    ago = now() - timedelta(days=100)
    with world.ledger.write() as tx:
        incidents.close_silently(tx, old.incident.id)
        tx.execute(update(tables.incident).where(tables.incident.c.id == 1).values(resolved_at=ago))
        tx.execute(update(tables.broadcast).where(tables.broadcast.c.id == 1).values(valid_until=ago))
        tx.execute(update(tables.delivery).where(tables.delivery.c.broadcast_id == 1).values(updated_at=ago))
    close_passed(world.ledger)
    sqlite_ledger.close()
    assert sqlite_ledger.url.database
    shutil.copy(sqlite_ledger.url.database, tmp_path / "ledger.db")
    return tmp_path


def test_the_report_names_who_may_have_been_told_twice_and_says_when_something_is_lost(home: Path) -> None:
    ledger = {"DISPATCHER_LEDGER_URL": f"sqlite:///{home / 'ledger.db'}"}
    told = run(home, "report", "INC-1", **ledger)
    assert told.returncode == 0, told.stderr
    assert "3 promised" in told.stdout
    assert "2  told once" in told.stdout
    assert "1  told, possibly twice: 1" in told.stdout
    assert "0  lost" in told.stdout
    with Ledger(ledger["DISPATCHER_LEDGER_URL"]).write() as tx:
        tx.execute(delete(tables.attempt).where(tables.attempt.c.delivery_id == 3))
        tx.execute(delete(tables.delivery).where(tables.delivery.c.id == 3))
    damaged = run(home, "report", "1", "--json", **ledger)
    assert damaged.returncode == 1
    said = json.loads(damaged.stdout)["account"]
    assert (said["planned"], said["once"], said["possibly_twice"], said["lost"]) == (3, 1, 1, 1)
    assert said["named"]["possibly_twice"] == [1]
    assert run(home, "report", "9", **ledger).returncode == 1


def test_archiving_leaves_the_report_as_it_was_and_says_where_the_rest_is(home: Path) -> None:
    ledger = {"DISPATCHER_LEDGER_URL": f"sqlite:///{home / 'ledger.db'}"}
    before = json.loads(run(home, "report", "1", "--json", **ledger).stdout)
    file = home / "old.jsonl.gz"
    arguments = ("db", "archive", "--older-than", "90d", "--to", str(file))
    shown = run(home, *arguments, "--dry-run", **ledger)
    assert "3 deliveries, 4 attempts" in shown.stdout
    assert not file.exists()
    done = run(home, *arguments, **ledger)
    assert done.returncode == 0, done.stderr
    assert "full addresses" in done.stdout
    after = json.loads(run(home, "report", "1", "--json", **ledger).stdout)
    assert after["archived_in"] == "old.jsonl.gz"
    assert (after["account"], after["updates"]) == (before["account"], before["updates"])
    listed = run(home, "receipts", "1", **ledger)
    assert "every row is in old.jsonl.gz" in listed.stdout
    assert json.loads(run(home, "receipts", "1", "--json", **ledger).stdout) == {
        "account": before["account"],
        "standing": {},
        "deliveries": [],
    }
    gone = run(home, "explain", "2", **ledger)
    assert gone.returncode == 1
    assert "INC-1 are in old.jsonl.gz" in gone.stderr
    again = run(home, "db", "archive", "--older-than", "90d", "--to", str(file), **ledger)
    assert (again.returncode, "no file was written" in again.stdout) == (0, True)


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        (("--older-than", "3 months"), 2, "write for example 90d"),
        (("--to", "/nowhere/at/all.gz"), 1, "nothing was removed. Choose a place"),
    ],
)
def test_what_is_wrong_with_an_archive_is_told(home: Path, changed: tuple[str, str], status: int, said: str) -> None:
    given = {"--older-than": "90d", "--to": str(home / "a.gz")} | {changed[0]: changed[1]}
    arguments = [word for pair in given.items() for word in pair]
    done = run(home, "db", "archive", *arguments, DISPATCHER_LEDGER_URL=f"sqlite:///{home / 'ledger.db'}")
    assert done.returncode == status
    assert said in " ".join(done.stderr.replace("│", " ").split())
