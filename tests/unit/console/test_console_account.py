"""The incident's page adds up what was promised, and goes on doing so when the deliveries are in a file."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from console_rig import Console
from sqlalchemy import update
from test_console_following import deliver, send

from dispatcher.deliver.sweep import close_passed
from dispatcher.ledger import archive, incidents, now, tables


def end(console: Console) -> None:
    """The incident was over long ago, and what was not sent by then has ended."""
    ago = now() - timedelta(days=100)
    with console.here.ledger.write() as tx:
        incidents.close_silently(tx, 1)
        tx.execute(update(tables.incident).where(tables.incident.c.id == 1).values(resolved_at=ago))
        tx.execute(update(tables.broadcast).where(tables.broadcast.c.id == 1).values(valid_until=ago))
        tx.execute(update(tables.delivery).where(tables.delivery.c.broadcast_id == 1).values(deadline=ago))
    close_passed(console.here.ledger)


def put_away(console: Console, to: Path) -> None:
    ledger = console.here.ledger
    with ledger.read() as tx:
        chosen = archive.choose(tx, now() - timedelta(days=90))
    assert chosen.broadcasts == (1,)
    archive.archive(ledger, chosen, to, hearing=console.here.hearing, quiet=timedelta(0))


async def test_the_page_adds_up_what_was_promised(inside: Console) -> None:
    send(inside)
    deliver(inside)
    page = (await inside.get("/console/incidents/1")).text
    assert "<strong>1</strong> told once" in page
    assert "still under way" in page
    assert "<strong>0</strong> lost" in page


async def test_what_is_possibly_twice_or_lost_stands_out_with_its_number(inside: Console) -> None:
    send(inside)
    deliver(inside)
    with inside.here.ledger.write() as tx:
        reached = tables.delivery.c.status == "delivered"
        twice = update(tables.delivery).where(reached).values(maybe_twice=True).returning(tables.delivery.c.id)
        [number] = tx.execute(twice).scalars()
        tx.execute(update(tables.delivery).where(~reached, tables.delivery.c.route != "").values(next_attempt_at=None))
    page = (await inside.get("/console/incidents/1")).text
    assert f'<strong>1</strong> told, possibly twice: <a href="/console/deliveries/{number}">{number}</a>' in page
    assert '<strong class="overdue">' in page
    assert " lost</strong>" in page


async def test_every_page_of_an_archived_incident_works(inside: Console, tmp_path: Path) -> None:
    send(inside)
    deliver(inside)
    end(inside)
    before = (await inside.get("/console/incidents/1/live")).text
    send(inside)
    deliver(inside)
    put_away(inside, tmp_path / "old.jsonl.gz")
    page = (await inside.get("/console/incidents/1")).text
    assert "every row is in old.jsonl.gz" in page
    for shown in ("<strong>1</strong> told once", "not reached", "<code>", "its time passed before it could be sent"):
        assert (shown in page) == (shown in before), shown
    assert "told once" in before
    for path in ("/console", "/console/incidents/1?status=trouble", "/console/incidents/1/receipts/live"):
        assert (await inside.get(path)).status_code == 200
    gone = await inside.get("/console/deliveries/1")
    assert gone.status_code == 404
    assert "INC-1 are in old.jsonl.gz" in gone.text
