"""`watch`: a broadcast as it goes, until nothing more of it is to be sent. What is shown says how old it is."""

from __future__ import annotations

import json
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Group
from rich.live import Live
from rich.text import Text

from dispatcher.faces.cli.errors import Stop
from dispatcher.faces.cli.sending import Incident
from dispatcher.faces.cli.show import clock, out, route_table
from dispatcher.faces.progress import Progress, of_incident
from dispatcher.ledger import LedgerAway, now, reports
from dispatcher.model.delivery import REACHED, Status
from dispatcher.model.story import Trouble
from dispatcher.render.clean import without_steering
from dispatcher.wiring import Installation, install

#: Reading takes at most one part in so many of the time.
_SHARE = 4
#: The rate is that of the last so many seconds.
_RATE_OVER = 10.0
#: Where nothing changes, a line says so after so many seconds all the same.
_SAY_AGAIN = 10.0


def add_to(app: typer.Typer) -> None:
    app.command()(watch)


@dataclass(frozen=True, slots=True)
class Look:
    """How the newest broadcast of an incident stands at a moment. `rate` is of those that a provider took, a second."""

    at: datetime
    title: str
    newest: Progress
    standing: dict[Status, int]
    trouble: Trouble | None
    rate: float

    @property
    def reached(self) -> int:
        return sum(number for status, number in self.standing.items() if status in REACHED)

    @property
    def line(self) -> str:
        counted = ", ".join(f"{number} {status.value}" for status, number in self.standing.items()) or "nothing yet"
        moved = sum(one.failed_over for one in self.newest.routes)
        return f"{self.newest.standing}: {counted}; {self.rate:.1f}/s; {moved} failed over"


class Watcher:
    """Looks at an incident; knows how fast it goes."""

    def __init__(self, here: Installation, incident: int) -> None:
        self._here = here
        self._incident = incident
        self._taken: deque[tuple[float, int]] = deque()

    def look(self) -> Look:
        """Read how it stands.

        Raises:
            Stop: nobody has been told anything.
            NotFound, LedgerAway: as they say.
        """
        with self._here.ledger.read() as tx:
            at = now()
            about = self._here.desk.find(tx, self._incident)
            done = of_incident(self._here, tx, self._incident)
            if not done:
                raise Stop(f"nobody has been told of {about.label} yet: it is a draft")
            newest = done[-1]
            counted = dict.fromkeys(Status, 0)
            for count in reports.counts(tx, newest.broadcast.id):
                counted[count.status] += count.deliveries
            standing = {status: number for status, number in counted.items() if number}
            trouble = reports.last_trouble(tx, newest.broadcast.id)
        reached = sum(number for status, number in standing.items() if status in REACHED)
        return Look(at, f"{about.label} {about.title}", newest, standing, trouble, self._rate(reached))

    def _rate(self, reached: int) -> float:
        moment = time.monotonic()
        self._taken.append((moment, reached))
        while len(self._taken) > 2 and moment - self._taken[0][0] > _RATE_OVER:
            self._taken.popleft()
        since, before = self._taken[0]
        return max(0, reached - before) / (moment - since) if moment > since else 0.0


def watch(
    incident: Incident,
    every: Annotated[float, typer.Option(min=0.2, max=60, help="Seconds between two looks.")] = 1.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print a line of JSON for each look.")] = False,
) -> None:
    """Watch an incident's newest broadcast until all of it is sent that will be; Ctrl-C leaves the sending alone."""
    here = install()
    live = sys.stdout.isatty() and not as_json
    shown = _OnTerminal() if live else _AsJson() if as_json else _InLines()
    try:
        with shown:
            follow(Watcher(here, incident).look, shown.show, every=every)
    except KeyboardInterrupt:
        if not as_json:
            out.print("\nNot watching any more; the sending goes on.")


Show = Callable[[Look, "LedgerAway | None"], None]


def follow(look: Callable[[], Look], show: Show, *, every: float, sleep: Callable[[float], None] = time.sleep) -> None:
    """Look and show until it is settled. While the ledger is away, what was last seen stays, with the reason.

    Raises:
        LedgerAway: it could not be read even once.
    """
    last: Look | None = None
    while True:
        began = time.monotonic()
        try:
            last, away = look(), None
        except LedgerAway as error:
            if last is None:
                raise
            away = error
        show(last, away)
        if away is None and last.newest.settled:
            return
        sleep(max(every, _SHARE * (time.monotonic() - began)))


def _age(look: Look) -> str:
    return f"{(now() - look.at).total_seconds():.0f} s"


class _OnTerminal:
    """A picture that changes in its place."""

    def __init__(self) -> None:
        self._live = Live(console=out, auto_refresh=False, transient=False)

    def __enter__(self) -> _OnTerminal:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def show(self, look: Look, away: LedgerAway | None) -> None:
        parts: list[Any] = [
            Text(without_steering(look.title), style="bold"),
            route_table(look.newest.routes),
            Text(look.line),
        ]
        if look.trouble is not None:
            parts.append(Text(without_steering(_said(look.trouble)), style="yellow"))
        age = Text(f"as of {clock(look.at)}", style="dim")
        if away is not None:
            age = Text(f"not refreshed since {clock(look.at)}, {_age(look)} ago: {away}", style="bold red")
        self._live.update(Group(*parts, age), refresh=True)


class _InLines:
    """A line when something has changed, and now and then."""

    def __init__(self) -> None:
        self._said, self._at = "", -_SAY_AGAIN

    def __enter__(self) -> _InLines:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def show(self, look: Look, away: LedgerAway | None) -> None:
        said = f"not refreshed since {clock(look.at)}: {away}" if away is not None else look.line
        if look.trouble is not None and away is None:
            said += f"; {_said(look.trouble)}"
        if said != self._said or time.monotonic() - self._at >= _SAY_AGAIN:
            self._said, self._at = said, time.monotonic()
            out.print(f"{clock(now())}  {said}", markup=False, soft_wrap=True)


class _AsJson:
    """A line of JSON for each look."""

    def __enter__(self) -> _AsJson:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def show(self, look: Look, away: LedgerAway | None) -> None:
        line = {
            "as_of": look.at,
            "problem": None if away is None else str(away),
            "broadcast": look.newest.broadcast.id,
            "settled": look.newest.settled,
            "standing": look.standing,
            "rate": round(look.rate, 1),
            "routes": [asdict(one) for one in look.newest.routes],
            "trouble": None if look.trouble is None else asdict(look.trouble),
        }
        sys.stdout.write(json.dumps(line, ensure_ascii=False, default=lambda moment: moment.isoformat()) + "\n")
        sys.stdout.flush()


def _said(trouble: Trouble) -> str:
    by = f" by {trouble.route}" if trouble.route else ""
    return f"last trouble {clock(trouble.at)}: delivery {trouble.delivery_id}{by}: {trouble.reason}"
