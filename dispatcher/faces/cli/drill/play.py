"""Plays one kind of trouble: a whole system of its own, a broadcast through it, and then what everybody holds."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from channels.simulator import Accounts
from dispatcher.faces.cli import simulated
from dispatcher.faces.cli.drill import dress
from dispatcher.faces.cli.drill.dress import MARK, Cut
from dispatcher.faces.cli.drill.faults import pointless
from dispatcher.faces.cli.drill.judge import INBOX, Held, Played, judge
from dispatcher.faces.cli.drill.people import Extra
from dispatcher.faces.cli.drill.providers import Providers
from dispatcher.faces.cli.drill.trouble import DOING, Trouble
from dispatcher.faces.cli.errors import Stop
from dispatcher.faces.cli.system import Plan, Prepared, System
from dispatcher.ledger import breakers, broadcasts, drills, recipients, reports
from dispatcher.wiring import Installation

#: Whoever is not told by then counts as not told.
AT_MOST = 60.0
_LOOK_EVERY = 0.1
#: Receipts may still turn something round.
_SETTLED_AFTER = 1.0
_API = urllib.request.build_opener(urllib.request.ProxyHandler({}))
#: Told in the middle: after this part of the people.
_MIDDLE = 5
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_SENDER = "sender-1"


@dataclass(frozen=True, slots=True)
class Script:
    """What is played.

    Attributes:
        here: The real installation: its configuration is taken, nothing else.
        cut: What the vendor's failure cuts off.
        cast: Who takes part.
        request: What is asked of the API, as `POST /api/v1/incidents` takes it.
    """

    here: Installation
    cut: Cut
    cast: Sequence[Extra]
    request: dict[str, Any]


def play(script: Script, trouble: Trouble, tell: Callable[[str], None]) -> Played:
    """Play it and judge it. Nothing is left of it afterwards, whatever happens.

    Raises:
        Stop: something did not start, or was refused.
    """
    if why := pointless(trouble, script.cut.providers):
        return Played(trouble.value, pointless=why)
    accounts = Accounts.generate()
    with (
        tempfile.TemporaryDirectory(prefix="dispatcher-drill-", ignore_cleanup_errors=True) as folder,
        Providers(accounts, trouble, script.cut.providers) as providers,
    ):
        home = Path(folder)
        system = System(_plan(script, trouble, accounts, providers, home), os.environ)
        try:
            dress.prove(system.here)
            system.start(lambda _: None)
            with system.here.ledger.write() as tx:
                recipients.upsert(tx, [extra.person for extra in script.cast])
            return _perform(script, trouble, system, providers, tell)
        finally:
            with _undisturbed():
                providers.release()
                system.stop()


def stop_in_order() -> None:
    """Told to go, or left without a terminal, a drill goes as on Ctrl-C: it stops what it started. Once is enough: what
    comes after the first time is not heard any more.
    """

    def go(_number: int, _frame: FrameType | None) -> None:
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in _SIGNALS:
        # Whoever shall outlive its terminal ignores that it is gone.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, go)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """What was started is stopped, whatever somebody presses meanwhile."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _plan(script: Script, trouble: Trouble, accounts: Accounts, providers: Providers, home: Path) -> Plan:
    routes = dress.dressed_routes(
        script.here.config, script.cut, well=providers.well, cut_off=providers.cut_off, dead=DOING[trouble].dead
    )
    environment = {
        **simulated.credentials(accounts),
        **dress.write(home, script.here, routes),
        "DISPATCHER_LEDGER_URL": f"sqlite:///{home / f'{MARK}-ledger.sqlite3'}",
        "DISPATCHER_API_KEY": f"{MARK}:{secrets.token_urlsafe(24)}",
    }
    forget = tuple(sorted({*dress.variables(script.here.config)} - environment.keys()))
    return Plan(home, port=0, simulate=True, set_aside=True, prepared=Prepared(environment, forget))


def _perform(
    script: Script, trouble: Trouble, system: System, providers: Providers, tell: Callable[[str], None]
) -> Played:
    doing = DOING[trouble]
    providers.fail()
    began, since = time.time(), time.monotonic()
    broadcast_id = int(_ask(system, script.request)["broadcast"]["id"])
    kill_at = max(1, len(script.cast) // _MIDDLE) if doing.kills else None
    quiet_since: float | None = None
    settled = False
    last = since
    while time.monotonic() - since < AT_MOST:
        system.look()
        if kill_at is not None and providers.under_way() >= kill_at:
            kill_at = None
            system.kill(_SENDER)
            tell("the worker that sends was killed")
        with system.here.ledger.read() as tx:
            one = broadcasts.find(tx, broadcast_id)
            busy = one is None or one.planned_at is None or reports.under_way(tx, broadcast_id) > 0
        moment = time.monotonic()
        if busy:
            quiet_since, last = None, moment
        else:
            quiet_since = quiet_since or moment
        if quiet_since is not None and moment - quiet_since >= _SETTLED_AFTER:
            settled = True
            break
        time.sleep(_LOOK_EVERY)
    with system.here.ledger.read() as tx:
        promises = drills.promises(tx, broadcast_id)
        inbox = drills.inbox_lines(tx)
        opened = {route: one.cause for route, one in breakers.every(tx).items() if one.since is not None}
    held = [Held(one["provider"], one["to"], one["body"], one["at"] - began) for one in providers.received()]
    held += [Held(INBOX, user, text, at.timestamp() - began) for user, text, at in inbox]
    dead = script.cut.vendors if doing.dead else ()
    took = round(last - since, 2)
    return judge(trouble.value, script.cast, held, promises, opened, dead=dead, took=took, settled=settled)


def _ask(system: System, request: dict[str, Any]) -> dict[str, Any]:
    """Open the incident as any integrator does."""
    headers = {"Authorization": f"Bearer {system.key}", "Content-Type": "application/json"}
    asked = urllib.request.Request(f"{system.url}/api/v1/incidents", json.dumps(request).encode(), headers)  # noqa: S310 - our own loopback address
    try:
        with _API.open(asked, timeout=30) as answer:
            found: dict[str, Any] = json.load(answer)
            return found
    except urllib.error.HTTPError as error:
        with error:
            said = json.loads(error.read() or b"{}")
        raise Stop(f"the drill was refused: {said.get('detail') or said.get('title') or error.code}") from None
