"""Notifications reach the browsers that asked for them; one that is gone is a no, and its person hears it otherwise.

The whole engine in this process, on a file, judged by what the simulated browsers read.
"""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from channels.contract import Kind
from channels.simulator import Accounts, Simulator, push_subscription
from dispatcher.faces.cli.simulated import credentials, places
from dispatcher.faces.solo import Solo
from dispatcher.incidents.desk import Order, Say
from dispatcher.ledger import inbox, listing, optouts, recipients
from dispatcher.ledger.tables import recipient
from dispatcher.model.recipient import Recipient
from dispatcher.settings import shipped
from dispatcher.wiring import Installation, install
from tests.migrated import make_ready


def device(name: str) -> str:
    told = push_subscription(name)
    return f"{told['endpoint']} {told['keys']['p256dh']} {told['keys']['auth']}"


def person(name: str) -> Recipient:
    return Recipient(name, name.title(), "en", {Kind.PUSH: device(name), Kind.INAPP: f"{name}-7"})


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    async with Simulator(Accounts.generate()) as running:
        yield running


@pytest.fixture
def here(tmp_path: Path, simulator: Simulator) -> Iterator[Installation]:
    config = tmp_path / "config"
    shutil.copytree(shipped("config"), config)
    generic = config / "playbooks" / "generic.yaml"
    generic.write_text(re.sub(r"kinds: \[.*\]", "kinds: [push, inapp]", generic.read_text()))
    environment = {"DISPATCHER_HOME": str(tmp_path), "DISPATCHER_CONFIG": str(config)}
    made = install(environment | credentials(simulator.accounts) | places(simulator.addresses))
    make_ready(made.ledger)
    with made.ledger.write() as tx:
        recipients.upsert(tx, [person("ann"), person("bob")])
    yield made
    made.ledger.close()


async def say(here: Installation, incident: int = 0, **what: Any) -> int:
    with here.ledger.write() as tx:
        if incident:
            told = here.desk.tell(tx, here.desk.find(tx, incident), Say("Ada", **what))
        else:
            told = here.desk.open(tx, Order("generic", "Ada"), Say("Ada", override="a test", **what))
    await asyncio.to_thread(Solo(here, pytest.fail).run, lambda: None)
    return told.incident.id


async def test_a_browser_that_is_gone_is_a_no_and_its_person_is_told_in_the_app(
    here: Installation, simulator: Simulator
) -> None:
    simulator.add_faults([{"provider": "push", "match": {"to": "bob"}, "do": {"what": "status", "status": 410}}])
    incident = await say(here)
    [got] = simulator.received(provider="push")
    assert (got["to"], got["status"]) == ("ann", "shown")
    assert "problem with" in got["subject"]
    assert 0 < got["metadata"]["ttl"] <= 3600, "as long as it is useful"
    with here.ledger.read() as tx:
        assert [note.subject for note in inbox.after(tx, "bob-7", 0)] != []
        assert inbox.after(tx, "ann-7", 0) == []
        assert optouts.among(tx, [(Kind.PUSH, device("ann")), (Kind.PUSH, device("bob"))]) == {
            (Kind.PUSH, device("bob"))
        }
        assert {row.ref: bool(row.to_push) for row in tx.execute(recipient.select())} == {"ann": True, "bob": False}
        told = listing.page(tx, listing.Filter())
    assert {(one.route, one.status.value) for one in told if one.kind in ("push", "inapp")} == {
        ("push", "accepted"),
        ("inapp", "accepted"),
    }
    assert device("ann") not in str(told)
    # The next word goes to the browser that is left, under the same topic.
    simulator.clear_faults()
    await say(here, incident, facts={"news": "The cause is found."})
    first, second = simulator.received(provider="push")
    assert (first["to"], second["to"]) == ("ann", "ann")
    assert first["metadata"]["topic"] == second["metadata"]["topic"] != ""


@pytest.mark.parametrize("fault", [{"what": "error_after", "status": 502}, {"what": "reset_after"}])
async def test_what_may_have_been_shown_is_not_shown_again(
    here: Installation, simulator: Simulator, fault: dict[str, Any]
) -> None:
    """A push service cannot be asked: the person hears it in the app as well, and the report names it."""
    simulator.add_faults([{"provider": "push", "match": {"to": "ann"}, "do": fault}])
    await say(here)
    assert sum(one["to"] == "ann" for one in simulator.received(provider="push")) == 1
    with here.ledger.read() as tx:
        [story] = [one for one in listing.page(tx, listing.Filter()) if one.kind == "inapp"]
        assert (story.status.value, story.maybe_twice) == ("accepted", True)
        assert [note.user for note in inbox.after_all(tx, 0, 10)] == ["ann-7"]
