"""A public post leaves once: by X; where X does not take it, by Mastodon, else by Bluesky. It is taken back there, too.

The whole engine in this process, on a file, with the shipped configuration, judged by what the simulated networks hold.
"""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from channels.simulator import Accounts, Simulator
from channels.testkit.loopback import closed_port
from dispatcher.faces.cli.simulated import credentials, places
from dispatcher.faces.solo import Solo
from dispatcher.incidents.desk import Order, Say
from dispatcher.ledger import listing
from dispatcher.settings import shipped
from dispatcher.wiring import Installation, install
from tests.migrated import make_ready

PUBLIC = """
audiences:
  public: {title: In public, people: none, destinations: [company-posts]}
destinations:
  company-posts: {kind: social, to: northwind}
"""


@dataclass
class Office:
    """Somebody who tells the public, and nobody else."""

    here: Installation
    simulator: Simulator
    incident: int = 0

    async def say(self, **what: Any) -> str:
        """Tell it, work until nothing is left to do, and answer by which route it left."""
        with self.here.ledger.write() as tx:
            if self.incident:
                about = self.here.desk.find(tx, self.incident)
                told = self.here.desk.tell(tx, about, Say("Ada", **what))
            else:
                told = self.here.desk.open(tx, Order("generic", "Ada", audience="public"), Say("Ada", **what))
        self.incident = told.incident.id
        await asyncio.to_thread(Solo(self.here, pytest.fail).run, lambda: None)
        with self.here.ledger.read() as tx:
            newest = max(listing.page(tx, listing.Filter()), key=lambda one: one.id)
        return f"{newest.route} {newest.status}"

    def posts(self) -> dict[str, list[str]]:
        """What can be read in public, by network."""
        found: dict[str, list[str]] = {}
        for one in self.simulator.received():
            if one["kind"] == "post" and one["status"] == "posted":
                found.setdefault(one["provider"], []).append(one["body"])
        return found


def install_at(home: Path, simulator: Simulator, **environment: str) -> Installation:
    config = home / "config"
    shutil.copytree(shipped("config"), config)
    (config / "audiences.yaml").write_text(PUBLIC)
    for path in config.glob("playbooks/*.yaml"):
        path.write_text(re.sub(r"(?m)^audience: .*", "audience: public", path.read_text()))
    policies = config / "policies.yaml"
    policies.write_text(re.sub(r"tries: 6\s+first_wait: 5s", "tries: 2\n    first_wait: 1s", policies.read_text()))
    here = install(
        {
            "DISPATCHER_HOME": str(home),
            "DISPATCHER_CONFIG": str(config),
            **credentials(simulator.accounts),
            **places(simulator.addresses),
            **environment,
        }
    )
    make_ready(here.ledger)
    return here


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    async with Simulator(Accounts.generate()) as running:
        yield running


@pytest.fixture
def office(tmp_path: Path, simulator: Simulator) -> Any:
    made: list[Installation] = []

    def opened(**environment: str) -> Office:
        made.append(install_at(tmp_path, simulator, **environment))
        return Office(made[-1], simulator)

    yield opened
    for here in made:
        here.ledger.close()


def nowhere() -> str:
    return f"http://127.0.0.1:{closed_port()}"


async def test_all_is_well_and_only_x_has_it(office: Any) -> None:
    public = office()
    assert await public.say() == "x-main accepted"
    assert set(public.posts()) == {"x"}


async def test_x_is_down_and_the_post_is_on_mastodon_once_until_it_is_taken_back(office: Any) -> None:
    public = office(X_BASE_URL=nowhere())
    assert await public.say() == "mastodon-main accepted"
    assert await public.say(facts={"news": "The cause is found."}) == "mastodon-main accepted"
    assert {network: len(posts) for network, posts in public.posts().items()} == {"mastodon": 2}
    assert len(set(public.posts()["mastodon"])) == 2
    assert await public.say(retracts=True) == "mastodon-main accepted"
    (left,) = public.posts()["mastodon"]
    assert "Correction 3" in left


async def test_x_suspends_the_account_and_the_post_is_on_mastodon_at_once(office: Any, simulator: Simulator) -> None:
    simulator.add_faults([{"provider": "x", "do": {"what": "status", "status": 403, "code": "suspended"}}])
    public = office()
    assert await public.say() == "mastodon-main accepted"
    assert set(public.posts()) == {"mastodon"}
    assert simulator.summary()["providers"]["x"]["sends"] == 1


async def test_two_are_down_and_bluesky_has_it(office: Any, simulator: Simulator) -> None:
    public = office(X_BASE_URL=nowhere(), MASTODON_BASE_URL=nowhere())
    assert await public.say() == "bluesky-main accepted"
    assert await public.say(retracts=True) == "bluesky-main accepted"
    (left,) = public.posts()["bluesky"]
    assert "Correction 2" in left
    tally = simulator.summary()["providers"]["bluesky"]
    # Each call of `say` is a process of its own, which signs in once: posting twice, deleting once.
    assert (tally["requests"], tally["sends"]) == (5, 2)


async def test_x_posts_and_does_not_say_so_and_it_is_nowhere_else(office: Any, simulator: Simulator) -> None:
    simulator.add_faults([{"provider": "x", "do": {"what": "error_after", "status": 503}, "times": 1}])
    public = office()
    assert await public.say() == "x-main accepted"
    assert {network: len(posts) for network, posts in public.posts().items()} == {"x": 1}


async def test_x_never_answers_and_the_public_is_told_elsewhere(office: Any, simulator: Simulator) -> None:
    simulator.add_faults([{"provider": "x", "do": {"what": "status", "status": 503}}])
    public = office()
    assert await public.say() == "mastodon-main accepted"
    assert set(public.posts()) == {"mastodon"}


async def test_a_network_that_is_not_set_up_is_passed_over(office: Any) -> None:
    public = office(X_CONSUMER_KEY="", MASTODON_ACCESS_TOKEN="")
    assert await public.say() == "bluesky-main accepted"
    assert set(public.posts()) == {"bluesky"}
