"""Two senders keep the pace of one mail domain together, judged by what the mail relay got when."""

from __future__ import annotations

import shutil
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from elsewhere_rig import RigElsewhere
from sqlalchemy import select

from channels.contract import Kind
from dispatcher.ledger import tables
from dispatcher.model.pace import LATE
from dispatcher.model.recipient import Recipient
from dispatcher.settings import shipped

RATE, CROWD, OTHERS = 5, 60, 20

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(params=["sqlite", "postgresql"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RigElsewhere]:
    config = tmp_path / "config"
    shutil.copytree(shipped("config"), config)
    routes = config / "routes.yaml"
    said = routes.read_text(encoding="utf-8")
    before = "  channel: email/smtp\n"
    assert said.count(before) == 1
    routes.write_text(said.replace(before, f"{before}  pace: {{per_destination: {RATE}/s}}\n"), encoding="utf-8")
    variables = {"DISPATCHER_CONFIG": str(config)}
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        server.execute("CREATE DATABASE paced_domains")
        variables["DISPATCHER_LEDGER_URL"] = server.url("paced_domains")
    running = RigElsewhere(tmp_path / "system", senders=2, **variables)
    try:
        running.start()
        yield running
    finally:
        running.stop()


def test_a_crowd_for_one_domain_arrives_at_its_pace_and_all_others_at_once(rig: RigElsewhere) -> None:
    rig.invite([Recipient(f"c-{n}", addresses={Kind.EMAIL: f"c{n}@Large.example"}) for n in range(CROWD)])
    rig.invite([Recipient(f"o-{n}", addresses={Kind.EMAIL: f"o{n}@d{n}.example"}) for n in range(OTHERS)])
    order = {"playbook": "generic", "audience": "everyone", "override": "the test wants mail alone"}
    begun = time.time()
    status, told = rig.api("/api/v1/incidents", order)
    assert status == 201, told
    rig.until(lambda: rig.done(told["incident"]["id"]), within=60, why="everything is sent")

    at: dict[str, list[float]] = defaultdict(list)
    for one in mails(rig):
        at[one["to"].rpartition("@")[2].lower()].append(one["at"])
    crowd = sorted(at.pop("large.example"))
    assert (len(crowd), len(at)) == (CROWD, OTHERS)
    assert max(times[0] for times in at.values()) - begun < (crowd[-1] - begun) / 2, "others did not stand behind it"
    assert crowd[-1] - crowd[0] > CROWD / RATE - 3, "they arrive as they are sent"
    assert crowd[-1] - crowd[0] < 1.5 * CROWD / RATE, "nor is the pace left unused"
    row, tried = tables.delivery, tables.attempt
    with rig.system.here.ledger.read() as tx:
        tries = tx.execute(
            select(row.c[tables.ADDRESS[Kind.EMAIL]], tried.c.started_at)
            .join(tried, tried.c.delivery_id == row.c.id)
            .where(tried.c.route == "smtp-main")
            .order_by(tried.c.started_at)
        ).all()
    assert len(tries) == CROWD + OTHERS, "waiting costs no attempt"
    # Some mails are longer on their way than others: what keeps the pace is when they were begun.
    begun_at = [moment for to, moment in tries if to.lower().endswith("@large.example")]
    for first, start in enumerate(begun_at):
        for sent, end in enumerate(begun_at[first:], 1):
            assert sent <= RATE * (end - start + LATE).total_seconds() + RATE


def mails(rig: RigElsewhere) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rig.sim("received?provider=smtp")
    return found
