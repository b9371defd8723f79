"""How a drill looks on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.markup import escape

from dispatcher.faces.cli.drill.dress import MARK
from dispatcher.faces.cli.drill.history import Change
from dispatcher.faces.cli.drill.judge import Played
from dispatcher.faces.cli.drill.trouble import DOING, Trouble
from dispatcher.faces.cli.show import grid, out
from dispatcher.model.config import Config

_WORDS = {
    "told": "told",
    "mail_alone": "by mail alone",
    "not_told": "not told",
    "could_not": "could not be told",
    "twice": "told twice",
    "two_ways": "by two ways",
    "first": "first",
    "median": "median",
    "p99": "99 %",
    "last": "last",
}
_TIMES = frozenset({"first", "median", "p99", "last"})


def opening(record: Mapping[str, Any], config: Config) -> None:
    """What is about to be played."""
    vendor = record["vendor"]
    out.print(
        f"[bold reverse] {MARK} [/]  [bold]{escape(config.vendors[vendor].title)} fails.[/bold] "
        "Everything is simulated; nobody real is told anything.",
        soft_wrap=True,
    )
    if record["takes_with_it"]:
        out.print(f"It takes with it: {', '.join(record['takes_with_it'])}", markup=False)
    mailboxes = [f"{record['mailboxes']} mailboxes"] if record["mailboxes"] else []
    out.print(f"Cut off: {', '.join([*record['routes'], *mailboxes])}", markup=False)
    out.print(
        f"Playbook {record['playbook']}, audience {record['audience']}: {record['people']} invented people stand for "
        f"{record['stand_for']}, after {record['taken_from']}",
        markup=False,
    )
    for note in record["notes"]:
        out.print(f"note: {note}", markup=False, style="yellow")


def before(trouble: Trouble, vendor: str) -> None:
    """What comes next."""
    out.print(f"\n[bold]{trouble.value}[/bold]: {escape(vendor)} {DOING[trouble].says}", soft_wrap=True)


def meanwhile(said: str) -> None:
    """Something that was done to the system on purpose."""
    out.print(f"  {said}", markup=False, style="dim")


def after(played: Played) -> None:
    """What came of it."""
    if played.pointless:
        out.print(f"  not played: {played.pointless}", markup=False, style="dim")
        return
    routes = ", ".join(f"{route} {number}" for route, number in played.by_route.items())
    verdict = "[green]ok[/green] " if played.well else "[bold red]NOT[/bold red]"
    out.print(f"  {verdict} told {played.told} of {played.people}: {escape(routes) or 'nobody'}")
    if played.places:
        out.print(f"      shared places told: {played.places_told} of {played.places}", markup=False)
    for number, words, style in (
        (played.mail_alone, "told by mail alone", "yellow"),
        (played.could_not, "could not be told: nothing is left that works without it", "yellow"),
        (played.not_told, "not told, although a way was left", "red"),
        (played.twice, "got the same words twice", "red"),
        (played.unproven, "told by the ledger alone: no provider holds their message", "red"),
        (played.two_ways, "heard it by a second way as well", "yellow"),
    ):
        if number:
            out.print(f"      {number} {words}", markup=False, style=style)
    for one in played.whom:
        out.print(f"        {one}", markup=False, style="dim", soft_wrap=True)
    if played.times.first is not None:
        times = played.times
        out.print(
            f"      first after {times.first:.1f} s, half {times.median:.1f} s, 99 % {times.p99:.1f} s, "
            f"last {times.last:.1f} s" + ("" if played.settled else f"; not all was settled after {played.took:.0f} s"),
            markup=False,
        )
    for route, why in played.breakers.items():
        out.print(f"      the breaker of {route} opened: {why}", markup=False)
    for cause, number in played.failovers.items():
        out.print(f"      {number} left {cause}", markup=False)


def closing(record: Mapping[str, Any], changes: Sequence[Change], kept: Path) -> None:
    """Against the previous drill, and the verdict."""
    if record["previous"] is None:
        out.print("\nThis is the first drill of its kind; the next one is compared with it.", style="dim")
    else:
        out.print(f"\n[bold]Since the drill of {record['previous'][:16].replace('T', ' ')} UTC[/bold]")
        if all(one.better is None for one in changes):
            out.print("  everything is about the same")
        else:
            table = grid("fault", "what", "before", "now", "")
            for one in (one for one in changes if one.better is not None):
                mark = "better" if one.better else "WORSE"
                style = "green" if one.better else "red"
                table.add_row(
                    one.fault,
                    _WORDS[one.what],
                    _number(one.what, one.before),
                    _number(one.what, one.now),
                    mark,
                    style=style,
                )
            out.print(table)
    verdict = (
        "[bold green]Everybody who could be reached was reached, and nobody twice.[/]"
        if record["well"]
        else "[bold red]Not all is well; see NOT above.[/]"
    )
    out.print(f"\n[bold reverse] {MARK} [/]  {verdict}")
    out.print(f"Kept in {kept}", markup=False, style="dim", soft_wrap=True)


def _number(what: str, value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.1f} s" if what in _TIMES else f"{value:.1%}"
