"""The account of an incident over HTTP, also when its deliveries are in a file."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from api_rig import Api, problem
from sqlalchemy import delete, update

from channels.contract import Accepted
from dispatcher.deliver.settle import settle
from dispatcher.deliver.sweep import close_passed
from dispatcher.ledger import archive, incidents, now, outcomes, tables

INCIDENT = "/api/v1/incidents/1"


async def told(api: Api) -> None:
    kept = await api.open()
    held = api.claim(kept["broadcast"]["id"], "twilio-main")
    with api.here.ledger.write() as tx:
        rules = api.here.rules("twilio-main")
        done = [(one, *settle(one, Accepted("SM"), rules, now(), superseded=False)) for one in held]
        outcomes.record(tx, "a-test", done)


async def test_invariant_3_a_row_that_is_missing_counts_as_lost(api: Api) -> None:
    await told(api)
    account = (await api.client.get(INCIDENT)).json()["account"]
    assert account["once"] == 2
    assert account["lost"] == 0
    assert account["planned"] == sum(n for name, n in account.items() if name not in {"planned", "named"})
    with api.here.ledger.write() as tx:
        tx.execute(delete(tables.attempt).where(tables.attempt.c.delivery_id == 1))
        tx.execute(delete(tables.delivery).where(tables.delivery.c.id == 1))
    after = (await api.client.get(INCIDENT)).json()
    assert (after["account"]["planned"], after["account"]["lost"]) == (account["planned"], 1)
    assert after["broadcasts"][0]["account"] == after["account"]


async def test_an_archived_incident_is_answered_as_it_was(api: Api, tmp_path: Path) -> None:
    await told(api)
    ago = now() - timedelta(days=100)
    ledger = api.here.ledger
    with ledger.write() as tx:
        incidents.close_silently(tx, 1)
        tx.execute(update(tables.incident).values(resolved_at=ago))
        tx.execute(update(tables.broadcast).values(valid_until=ago))
    close_passed(ledger)
    before = (await api.client.get(INCIDENT)).json()
    await told(api)
    with ledger.read() as tx:
        chosen = archive.choose(tx, now() - timedelta(days=90))
    archive.archive(ledger, chosen, tmp_path / "old.gz", hearing=api.here.hearing, quiet=timedelta(0))
    after = (await api.client.get(INCIDENT)).json()
    assert after["account"] == before["account"]
    assert after["broadcasts"][0]["routes"] == before["broadcasts"][0]["routes"]
    assert before["broadcasts"][0]["broadcast"]["archived_at"] is None
    assert after["broadcasts"][0]["broadcast"]["archived_at"] is not None
    assert (await api.client.get("/api/v1/deliveries?incident=1")).json()["deliveries"] == []
    said = problem(await api.client.get("/api/v1/deliveries/1"), 404)
    assert "INC-1 are in old.gz" in said["detail"]
