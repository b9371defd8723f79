"""A reader says no by the link in a message."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx

from channels.contract import Kind
from dispatcher.faces.api.app import create_app
from dispatcher.incidents.desk import Order, Say
from dispatcher.ledger import optouts, queue, recipients
from dispatcher.model.recipient import Recipient
from dispatcher.wiring import Installation, install
from tests.migrated import make_ready

BOTH = {Kind.SMS: "+14155550123", Kind.EMAIL: "ann@customer.example"}


def sent_mail(home: Path) -> tuple[Installation, str]:
    """An installation that is sending somebody a mail, and the token of that attempt."""
    here = install(
        {
            "DISPATCHER_HOME": str(home),
            "DISPATCHER_API_KEY": "test:key",
            "DISPATCHER_BROKER_URL": "redis://127.0.0.1:1/0",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_FROM": "us@northwind.example",
        }
    )
    make_ready(here.ledger)
    with here.ledger.write() as tx:
        recipients.upsert(tx, [Recipient("ann", addresses=BOTH)])
        told = here.desk.open(tx, Order("generic", "test"), Say("test", override="only mail is set up here"))
    here.planner.plan(told.broadcast.id)
    with here.ledger.write() as tx:
        [claimed] = queue.claim(tx, "smtp-main", owner="test", lease=timedelta(seconds=9), limit=9)
    return here, claimed.token


async def test_opening_the_link_asks_and_posting_to_it_is_kept(tmp_path: Path) -> None:
    here, token = sent_mail(tmp_path)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(create_app(here)), base_url="http://us") as client:
        asked = await client.get(f"/unsubscribe/{token}")
        with here.ledger.read() as tx:
            assert optouts.among(tx, list(BOTH.items())) == set(), "a mail scanner that opens links changes nothing"
        said = await client.post(f"/unsubscribe/{token}", data={"List-Unsubscribe": "One-Click"})
        again = await client.post(f"/unsubscribe/{token}")
        unknown = await client.post("/unsubscribe/nobody")
    assert (asked.status_code, said.status_code, again.status_code, unknown.status_code) == (200, 200, 200, 404)
    assert "ann@customer.example" not in asked.text + said.text, "addresses are masked"
    with here.ledger.read() as tx:
        assert optouts.among(tx, list(BOTH.items())) == {(Kind.EMAIL, "ann@customer.example")}
        [one] = recipients.classes(tx, here.config.audiences["everyone"])
    assert one.kinds == {Kind.SMS}
    here.ledger.close()
