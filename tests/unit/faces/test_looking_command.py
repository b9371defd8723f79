"""`dispatcher incidents` and `receipts` on a ledger of their own."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from channels.contract import Kind
from dispatcher.faces.cli.main import app
from dispatcher.incidents.desk import Order, Say
from dispatcher.ledger import recipients
from dispatcher.model.incident import State
from dispatcher.model.recipient import Recipient
from dispatcher.wiring import Installation, install
from tests.migrated import make_ready


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Installation]:
    """Two people, an incident that they were told of, one that is over, and a draft."""
    monkeypatch.setenv("DISPATCHER_HOME", str(tmp_path))
    for name in ("DISPATCHER_CONFIG", "DISPATCHER_LEDGER_URL"):
        monkeypatch.delenv(name, raising=False)
    made = install()
    make_ready(made.ledger)
    say = Say("Ada", override="a test")
    with made.ledger.write() as tx:
        people = [Recipient(f"c-{one}", "A Person", "en", {Kind.INAPP: f"person-{one}"}) for one in (1, 2)]
        recipients.upsert(tx, people)
        told = made.desk.open(tx, Order("generic", "Ada", title="Orders [are] slow"), say)
        over = made.desk.open(tx, Order("generic", "Ada"), say)
        made.desk.tell(tx, over.incident, Say("Ada", state=State.RESOLVED, override="a test"))
        made.desk.draft(tx, Order("slack", "Ada"))
    made.planner.plan(told.broadcast.id)
    yield made
    made.ledger.close()


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, arguments)
    return done.exit_code, done.output


def test_incidents_are_listed_newest_first_with_what_is_promised(here: Installation) -> None:
    status, said = run("incidents")
    assert status == 0
    lines = [line for line in said.splitlines() if line.startswith("INC-")]
    assert [line.split()[0] for line in lines] == ["INC-3", "INC-2", "INC-1"]
    assert "a draft: nobody was told" in lines[0]
    assert "over since" in lines[1]
    assert "Orders [are] slow" in lines[2]
    _, said = run("incidents", "--open", "--json")
    assert [(one["label"], one["updates"]) for one in json.loads(said)] == [("INC-3", 0), ("INC-1", 1)]


def test_receipts_say_how_far_it_is_and_count_what_fits(here: Installation) -> None:
    status, said = run("receipts", "INC-1", "--recipient", "c-2")
    assert status == 0
    assert "(under way, 2 to go)" in said
    assert "1 in all: 1 pending" in said
    assert "person-2" not in said
    _, said = run("receipts", "1", "--limit", "1", "--kind", "inapp")
    assert "more: --after 1" in said
    _, rest = run("receipts", "1", "--after", "1", "--kind", "inapp")
    assert "more:" not in rest
    _, said = run("receipts", "1", "--address", "pe****-2", "--json")
    found = json.loads(said)
    assert [one["who"] for one in found["deliveries"]] == ["recipient 2"]
    assert found["standing"] == {"pending": 1}
    _, said = run("receipts", "1", "--csv", "--until", "1d")
    assert list(csv.DictReader(io.StringIO(said))) == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("--route", "inap"), "did you mean 'inapp'?"),
        (("--tag", "gold"), "unknown tag 'gold'; there are: none"),
        (("--update", "2"), "INC-1 has no update 2; there are: 1"),
        (("--recipient", "c-9"), "nobody has the ref 'c-9'"),
        (("--status", "gone"), "'gone' is not one of 'pending'"),
    ],
)
def test_what_is_unknown_is_a_wrong_call(here: Installation, given: tuple[str, str], says: str) -> None:
    status, said = run("receipts", "1", *given)
    assert status == 2
    assert says in said
    assert "Value error" not in said
