"""A route that was taken out of the configuration, or switched off: what waits on it goes on to the next one."""

from __future__ import annotations

import secrets
from datetime import timedelta

from channels.contract import Blame, CannotTell, Fault, Rejected
from dispatcher.deliver.line import Rules
from dispatcher.deliver.settle import settle
from dispatcher.ledger import Ledger, breakers, now, outcomes, queue
from dispatcher.model.delivery import Status

_BATCH = 200
_LEASE = timedelta(seconds=30)


def abandon(ledger: Ledger, rules: Rules, why: str) -> set[str]:
    """Send everything that is due on a route on its way; answers the routes that have something to do because of it.

    Nothing is sent by the route. What a provider may have is not sent again elsewhere unless policy says so.
    """
    owner, woken = secrets.token_hex(8), set[str]()
    fault = Fault(Blame.ACCOUNT, "route-gone", why)
    while True:
        with ledger.write() as tx:
            held = queue.claim(tx, rules.route, owner=owner, lease=_LEASE, limit=_BATCH)
            superseded = queue.superseded_among(tx, {one.broadcast_id for one in held})
            results = [
                (
                    one,
                    *settle(
                        one,
                        CannotTell(fault) if one.status is Status.ASKING else Rejected(fault),
                        rules,
                        now(),
                        superseded=one.broadcast_id in superseded,
                    ),
                )
                for one in held
            ]
            if results:
                outcomes.record(tx, owner, results)
        woken |= {standing.route for _, _, standing in results if standing.failed_over}
        if len(held) < _BATCH:
            with ledger.write() as tx:
                breakers.forget(tx, rules.route)
            return woken - {rules.route}
