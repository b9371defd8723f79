"""A sender that is told to go in the middle of a broadcast ends what is in flight and leaves nothing leased.

While providers are slow the database has little to do: that is played on one each.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from dispatcher.faces.cli.supervise import _GRACE
from dispatcher.ledger import tables
from tests.chaos.chaos_rig import QUIET, Chaos, MortalPostgres, Told

_PEOPLE = 1200
_words = iter(range(2_000_000, 3_000_000))

pytestmark = pytest.mark.timeout(180)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def rig(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chaos]:
    database = MortalPostgres() if request.param == "postgresql" else None
    running = Chaos(tmp_path_factory.mktemp("system"), _PEOPLE, database)
    try:
        running.start()
        yield running
    finally:
        running.stop()
        if database is not None:
            database.stop()


def held(rig: Chaos) -> dict[str, int]:
    """How many deliveries are under a lease, by route."""
    row = tables.delivery
    with rig.system.here.ledger.read() as tx:
        found = tx.execute(
            select(row.c.route, func.count()).where(row.c.lease_owner.is_not(None)).group_by(row.c.route)
        )
        return {row.route: row[1] for row in found}


def send_away(rig: Chaos, told: Told) -> float:
    """Tell both senders to go; answers the seconds until both have gone. Nobody starts them again meanwhile."""
    senders = [rig.part("sender-1"), rig.part("sender-2")]
    assert [process.poll() for process in senders] == [None, None]
    told.attacks.append("both senders were told to go")
    begun = time.monotonic()
    for process in senders:
        process.send_signal(signal.SIGTERM)
    for process in senders:
        assert process.wait(_GRACE) == 0, "it went by itself, in its time, and said that all is well"
    return time.monotonic() - begun


def unsettled(rig: Chaos, told: Told) -> list[Any]:
    """Attempts of this broadcast that nobody knows the end of."""
    row = tables.attempt
    with rig.system.here.ledger.read() as tx:
        return list(
            tx.execute(
                select(row.c.id)
                .join(tables.delivery, tables.delivery.c.id == row.c.delivery_id)
                .where(tables.delivery.c.incident_id == told.incident, row.c.finished_at.is_(None))
            ).scalars()
        )


def test_at_full_speed(rig: Chaos) -> None:
    before = rig.taken()
    told = rig.tell(next(_words))
    rig.until(lambda: rig.share(before) > 0.25, why="the broadcast is under way")
    assert held(rig)
    send_away(rig, told)
    assert held(rig) == {}
    assert unsettled(rig, told) == []
    rig.settle([told])  # they are started again
    rig.judge(told)


@pytest.mark.parametrize("rig", ["postgresql"], indirect=True)
def test_while_several_slow_providers_are_busy(rig: Chaos) -> None:
    """Each answer takes seconds, within the time-out of its route: all of them are waited for."""
    rig.sim("latency", {"twilio": 4000, "slack": 6000, "smtp": 5000}, method="PUT")
    told = rig.tell(next(_words))
    rig.until(lambda: len(held(rig)) >= 3, why="texts, Slack and mail are in flight at once")
    seconds = send_away(rig, told)
    assert seconds < 15.0, "no longer than the slowest answer and a little"
    assert held(rig) == {}
    assert unsettled(rig, told) == []
    rig.sim("latency", {"twilio": 100, "slack": 50, "smtp": 20}, method="PUT")
    rig.settle([told])
    rig.judge(told)


@pytest.mark.parametrize("rig", ["sqlite"], indirect=True)
def test_while_a_provider_says_nothing_at_all(rig: Chaos) -> None:
    """The requests end with the route's time-out; what they came to is asked later."""
    rig.faults({"provider": "twilio", "do": {"what": "hang", "seconds": 60, "stored": True}}, *QUIET)
    told = rig.tell(next(_words))
    rig.until(lambda: held(rig).get("twilio-main", 0) >= 64, why="requests hang")
    send_away(rig, told)
    assert held(rig) == {}
    assert unsettled(rig, told) == []
    rig.faults(*QUIET)
    rig.settle([told])
    rig.judge(told)
