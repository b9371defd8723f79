"""`receipts --confirm` with the real Twilio adapter and simulated providers whose callbacks do not reach us."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from test_routes_command import Far
from typer.testing import CliRunner

from channels.contract import Kind
from dispatcher.faces.cli.confirming import confirm
from dispatcher.faces.cli.main import app
from dispatcher.faces.engine import Engine
from dispatcher.incidents.desk import Order, Say
from dispatcher.ledger import recipients, tables
from dispatcher.model.recipient import Recipient
from dispatcher.wiring import Installation, install
from tests.migrated import make_ready


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[tuple[Installation, Engine]]:
    """Three people with telephones, one with mail too, told by providers whose callbacks go nowhere."""
    far = Far()
    monkeypatch.setenv("DISPATCHER_HOME", str(tmp_path))
    monkeypatch.setenv("DISPATCHER_PUBLIC_URL", "http://127.0.0.1:9")
    for name in ("DISPATCHER_CONFIG", "DISPATCHER_LEDGER_URL", "DISPATCHER_BROKER_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in far.environment.items():
        monkeypatch.setenv(name, value)
    made = install()
    make_ready(made.ledger)
    with made.ledger.write() as tx:
        people = [Recipient(f"c-{n}", "A Person", "en", {Kind.SMS: f"+1415555010{n}"}) for n in range(3)]
        mailed = Recipient("c-9", "A Reader", "en", {Kind.EMAIL: "reader@customer.example"})
        recipients.upsert(tx, [*people, mailed])
        told = made.desk.open(tx, Order("generic", "Ada", audience="everyone"), Say("Ada", override="a test"))
    made.planner.plan(told.broadcast.id)
    engine = Engine(made, ring=lambda _routes: None, heard=lambda: None)
    for route in ("twilio-main", "smtp-main"):
        engine.deliver(route)
    yield made, engine
    engine.stop()
    engine.close()
    made.ledger.close()
    far.stop()


def statuses(here: Installation, route: str) -> set[str]:
    with here.ledger.read() as tx:
        rows = tx.execute(tables.delivery.select().where(tables.delivery.c.route == route))
        return {row.status for row in rows}


def test_the_loop_is_closed_and_what_cannot_be_asked_is_named(
    here: tuple[Installation, Engine], capsys: pytest.CaptureFixture[str]
) -> None:
    made, engine = here
    assert statuses(made, "twilio-main") == {"accepted"}
    time.sleep(0.5)  # at the provider it goes on meanwhile

    def work(_: float) -> None:
        engine.confirm("twilio-main")
        while made.folder.fold_some()[0]:
            pass

    for _ in range(20):  # until the simulated network has delivered
        try:
            confirm(made, 1, as_json=False, sleep=work)
            break
        except typer.Exit:
            time.sleep(0.3)
    assert statuses(made, "twilio-main") == {"delivered"}
    said = " ".join(capsys.readouterr().out.split())
    assert "twilio-main: asked about 3" in said
    assert "smtp-main its provider tells nothing when a message arrives, only when one comes back" in said
    assert "being taken is all there is to know" in said


def test_what_nobody_asks_is_kept_and_said(here: tuple[Installation, Engine], monkeypatch: pytest.MonkeyPatch) -> None:
    made, engine = here
    monkeypatch.setattr("dispatcher.faces.cli.confirming._NOBODY_AFTER", 0.1)
    done = CliRunner().invoke(app, ["receipts", "1", "--confirm", "--json"])
    assert "nobody has asked a provider" in str(done.exception)
    assert not engine.confirm("twilio-main"), "all of it was asked when somebody came"
    while made.folder.fold_some()[0]:
        pass
    done = CliRunner().invoke(app, ["receipts", "1", "--confirm", "--route", "twilio-main"])
    assert done.exit_code == 2
    assert "leave out filters" in " ".join(done.output.replace("│", " ").split())
