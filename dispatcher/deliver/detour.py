"""What waits on a route that is left alone goes on to the next one, or waits until the route is tried again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dispatcher.deliver.line import Rules, has_next, situation
from dispatcher.deliver.standing import follow
from dispatcher.ledger import Tx, detours, now
from dispatcher.model.circuit import Circuit
from dispatcher.model.config import WhenUncertain
from dispatcher.model.decision import FailOver
from dispatcher.model.delivery import Claimed

_A_BIT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Detoured:
    """How many deliveries were looked at, how many of them went on, and the routes they went to."""

    seen: int = 0
    moved: int = 0
    woken: frozenset[str] = frozenset()


def around(claimed: Claimed, rules: Rules, circuit: Circuit, moment: datetime, *, doubtful: bool) -> FailOver | None:
    """Whether a delivery goes round its route; None when it waits. Pure.

    Args:
        claimed: The delivery as it stands.
        rules: Its route's.
        circuit: The route's breaker.
        moment: Now.
        doubtful: Whether the provider may have it. Such a one waits for the probe: only when that has failed as well,
            the provider cannot be asked, and policy decides.
    """
    here = situation(claimed, rules, moment)
    if not here.has_next or here.remaining <= 0:
        return None
    if not doubtful:
        return FailOver(f"skipped before trying: {circuit.why}", blamed=True)
    if circuit.times > 1 and rules.policy_for(claimed.severity).in_doubt(rules.repeat) is WhenUncertain.FAILOVER:
        told = f"may have been sent, and cannot be looked up: {circuit.why}; told by the next route, by policy"
        return FailOver(told, maybe_twice=True, blamed=True)
    return None


def detour(tx: Tx, rules: Rules, circuit: Circuit, limit: int) -> Detoured:
    """Move on some of what would be tried before the route's next probe. When as many as `limit` were seen, there may
    be more.

    Every route of a chain has one turn: when all are left alone, it waits on the last one.
    """
    if circuit.probe_at is None:
        return Detoured()
    moment = now()
    found = [
        (one, around(one, rules, circuit, moment, doubtful=doubtful))
        for one, doubtful in detours.before(tx, rules.route, circuit.probe_at - _A_BIT, limit)
    ]
    return _write(tx, rules, found, circuit.probe_at, circuit.why, moment)


def detour_capped(tx: Tx, rules: Rules, until: datetime, limit: int) -> Detoured:
    """The cap of the day is spent until then: what would be too late by then, and has another way, goes on; all else
    waits. As many at a time as `detour`."""
    moment, why = now(), f"its daily cap is spent until {until:%Y-%m-%d %H:%M} UTC"
    found = [
        (one, capped(one, until, why, doubtful=doubtful))
        for one, doubtful in detours.before(tx, rules.route, until - _A_BIT, limit, asked_too=False)
    ]
    return _write(tx, rules, found, until, why, moment)


def capped(one: Claimed, until: datetime, why: str, *, doubtful: bool) -> FailOver | None:
    """Whether a delivery goes round a route whose cap is spent until then; None when it waits. Pure."""
    too_late = one.deadline <= until
    return FailOver(f"skipped before trying: daily cap: {why}") if too_late and has_next(one) and not doubtful else None


def _write(
    tx: Tx,
    rules: Rules,
    found: Sequence[tuple[Claimed, FailOver | None]],
    until: datetime,
    why: str,
    moment: datetime,
) -> Detoured:
    moved = [(one, follow(one, goes, moment, superseded=False)) for one, goes in found if goes is not None]
    detours.move(tx, moved)
    waits = dict.fromkeys((one.delivery_id for one, goes in found if goes is None), until)
    detours.put_off(tx, waits, f"waits for {rules.route}: {why}")
    return Detoured(len(found), len(moved), frozenset(standing.route for _, standing in moved))
