"""A provider that dies in the middle of a broadcast and stays dead."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, func, select

from dispatcher.faces.routes import close_by_hand
from dispatcher.ledger import breakers, now, tables
from dispatcher.model.circuit import Circuit
from tests.chaos.chaos_rig import QUIET, Chaos

#: How a provider dies, as the simulator plays it. None of these keeps the message.
DEATHS: dict[str, dict[str, Any]] = {
    "hangs": {"what": "hang", "seconds": 300},
    "answers 500": {"what": "status", "status": 500},
    "breaks off": {"what": "reset_before"},
}


def die(rig: Chaos, death: str, seed: int) -> None:
    """The first provider of texts dies and stays dead: the second tells everybody, and the first is only probed."""
    route, here = "twilio-main", rig.system.here

    def requests() -> int:
        return int(rig.sim("summary")["providers"]["twilio"]["requests"])

    def circuit() -> Circuit:
        with here.ledger.read() as tx:
            return breakers.of(tx, route)

    before = rig.taken()
    told = rig.tell(seed)
    rig.until(lambda: rig.taken() - before > 0.1 * len(rig.people), why="the broadcast is under way")
    try:
        rig.faults({"provider": "twilio", "do": DEATHS[death]}, *QUIET)
        died = now()
        rig.until(lambda: not circuit().is_closed, within=20, why="the breaker opens")
        rig.watch(1.0)  # a worker may go on for half a second before it looks
        known, at = requests(), circuit()
        told.attacks.append(f"Twilio {death}")
        rig.settle([told])
        rig.judge(told)
        probed = requests() - known
        later = circuit()
        windows = later.times - at.times + 1
        # A question whose kept connection broke is asked once more by the HTTP client; no message is.
        most = windows * (2 if death == "breaks off" else 1)
        assert probed <= most, f"{probed} requests in {windows} windows"
        row, tried = tables.delivery, tables.attempt
        with here.ledger.read() as tx:
            left = select(
                row.c.id,
                row.c.accepted_at,
                func.min(case((tried.c.outcome != "skipped", tried.c.started_at))).label("begun"),
                func.max(tried.c.finished_at).label("left"),
            ).where(row.c.incident_id == told.incident, row.c.route == "telnyx-backup", tried.c.route == route)
            moments = tx.execute(left.join(tried, tried.c.delivery_id == row.c.id).group_by(row.c.id)).all()
        assert len(moments) > len(rig.people) / 2, "most of them were affected"
        assert all(one.accepted_at for one in moments)
        # How long they then wait in the queue of the next route is that one's own rate.
        # A worker that is woken while the others hang sends one window more, and each of these has its own time-out.
        turned = sorted((one.left - max(died, one.begun or died)).total_seconds() for one in moments)
        in_time = turned[int(0.99 * len(turned))]
        assert in_time < here.config.routes[route].timeout + 5, f"the last was turned round after {turned[-1]:.1f} s"
        last = max((one.accepted_at - died).total_seconds() for one in moments)
        print(
            f"{death}: {len(moments)} affected; 99 % turned by {in_time:.1f} s, told by {last:.1f} s, {probed} probes"
        )
    finally:
        rig.faults(*QUIET)
        close_by_hand(here, route)
