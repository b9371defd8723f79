"""`receipts --confirm`: whose fate is unknown is asked at the providers now; the rest is listed with the reason."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict

import typer

from dispatcher.faces.cli.errors import Stop
from dispatcher.faces.cli.show import clock, grid, out, print_json
from dispatcher.faces.confirming import Closing, begin, look
from dispatcher.faces.worker.bells import Bells
from dispatcher.faces.worker.making import make_app
from dispatcher.ledger import now
from dispatcher.model.confirming import Confirmation
from dispatcher.wiring import Installation

_LOOK_EVERY = 0.5
#: A sweep finds what a lost bell did not tell; after some of them nobody is there.
_NOBODY_AFTER = 20.0


def confirm(here: Installation, incident: int, *, as_json: bool, sleep: Callable[[float], None] = time.sleep) -> None:
    """Ask, show how far it is, and end with status 0 when nothing is unknown, else 1.

    Raises:
        Stop: nobody asks.
    """
    bells = Bells(make_app(here.settings.broker_url), {way.route: way.kind.value for way in here.ways})
    with here.ledger.write() as tx:
        routes = begin(here, tx, incident)
    if here.settings.broker_url is not None:
        bells.confirm(routes)
        bells.deliver(routes)
    said: dict[tuple[int, str], str] = {}
    quiet_since, before = time.monotonic(), None
    while True:
        with here.ledger.read() as tx:
            found = look(here, tx, incident)
        if not as_json:
            _say(found, said)
        if not found.pending:
            break
        if found != before:
            quiet_since, before = time.monotonic(), found
        elif time.monotonic() - quiet_since > _NOBODY_AFTER:
            raise Stop(
                f"nobody has asked a provider for {_NOBODY_AFTER:.0f} s: the system does not run (dispatcher up), or "
                "its ledger is another one. What is wanted is kept, and asked as soon as it runs"
            )
        sleep(_LOOK_EVERY)
    if as_json:
        print_json({"as_of": now(), **asdict(found)})
    else:
        _show(found)
    if found.still_unknown:
        raise typer.Exit(1)


def _say(found: Closing, said: dict[tuple[int, str], str]) -> None:
    """A line for each route that has come further."""
    for one in found.confirmations:
        words = _words(one)
        if said.get((one.broadcast_id, one.route)) != words:
            said[one.broadcast_id, one.route] = words
            out.print(f"{clock(now())}  broadcast {one.broadcast_id}, {one.route}: {words}", markup=False, style="dim")


def _words(one: Confirmation) -> str:
    done = f"asked about {one.asked}, told what became of {one.told}"
    if one.finished_at is None:
        return done
    return f"{done}; ended early: {one.problem}" if one.problem else f"{done}; done"


def _show(found: Closing) -> None:
    if not found.unknown:
        out.print("Of every message it is known whether it arrived, or that it did not.", style="green")
        return
    table = grid("not known", "kind", "route", "why it stays so", title="\nOf these nobody knows whether they arrived")
    ended = {one.route: one.problem for one in found.confirmations if one.problem}
    for one in found.unknown:
        why = one.why_not or ended.get(one.route, "its provider was asked and says no more")
        table.add_row(str(one.deliveries), one.kind, one.route, why)
    out.print(table)
    if not found.still_unknown:
        out.print(
            "Where no receipt can come, being taken is all there is to know; nothing else is unknown.", style="green"
        )
