"""How things look on a terminal."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from channels.contract import Kind
from dispatcher.faces.forecasting import Forecast
from dispatcher.faces.preview import NAMED, Person, Preview, today
from dispatcher.model.delivery import Status
from dispatcher.model.story import RouteLine
from dispatcher.plan.costs import money
from dispatcher.plan.forecast import lasting
from dispatcher.render import fill
from dispatcher.render.clean import without_steering
from dispatcher.render.facts import FALLBACK


class _Plain(Console):
    """Shows words as words. Titles come from monitoring, answers from providers and strangers: nothing in them may
    steer the terminal of whoever reads them.
    """

    def render_str(self, text: str, **how: Any) -> Text:
        return super().render_str(without_steering(text), **how)


#: Tables need room; what is piped or captured is not cut to an imagined terminal.
out = _Plain(highlight=False, width=None if sys.stdout.isatty() else 140)


class _Errors(_Plain):
    def on_broken_pipe(self) -> None:
        """Nobody reads what goes wrong any more. What was asked for goes on all the same, and so does its output."""
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stderr.fileno())
        os.close(nowhere)


errors = _Errors(stderr=True, highlight=False)

_COLOUR = {
    Status.DELIVERED: "green",
    Status.READ: "green",
    Status.ACCEPTED: "cyan",
    Status.SENT: "cyan",
    Status.FAILED: "red",
    Status.UNREACHABLE: "red",
    Status.EXPIRED: "red",
    Status.UNCERTAIN: "yellow",
    Status.UNCONFIRMED: "yellow",
    Status.ASKING: "yellow",
}


def print_json(value: Any) -> None:
    """Plain JSON, safe to pipe."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))  # noqa: T201 - the output is the point


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def moment(value: datetime | None) -> str:
    """In the time zone of whoever looks."""
    return "-" if value is None else value.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def clock(value: datetime | None) -> str:
    """Time of day with tenths of seconds."""
    if value is None:
        return "-"
    local = value.astimezone()
    return f"{local:%H:%M:%S}.{local.microsecond // 100_000}"


def shortly(seconds: float) -> str:
    """A length of time in its largest unit."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"


def status(value: Status) -> Text:
    return Text(value.value, style=_COLOUR.get(value, ""))


def grid(*headers: str, title: str | None = None) -> Table:
    return Table(*headers, title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")


def route_table(lines: Iterable[RouteLine], title: str | None = None) -> Table:
    """What every route did."""
    shown = list(lines)
    names = ["planned", "accepted", "delivered", "failed_over", "unknown", "failed"]
    names += [
        name for name in ("waiting", "superseded", "silent", "late") if any(getattr(line, name) for line in shown)
    ]
    table = grid(title=title)
    table.add_column("kind", no_wrap=True)
    table.add_column("route", no_wrap=True)
    for name in names:
        table.add_column(name.replace("_", " "), justify="right", no_wrap=True)
    for line in shown:
        numbers = [str(getattr(line, name) or "·") for name in names]
        table.add_row(line.kind or "none", line.route or "(no route)", *numbers)
    return table


def show_forecast(found: Forecast) -> None:
    """How long it takes, what it costs, and who is told too late."""
    table = grid("kind", "route", title="\nForecast, if nothing fails over and nothing else is sent meanwhile")
    for name in ("messages", "segments", "cost", "first after", "last after", "in time"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("pace")
    for one in found.routes:
        cost = "-" if one.cost is None else money(one.cost, one.currency)
        first, last = ("never" if when is None else lasting(when) for when in (one.first, one.last))
        parts = str(one.parts) if one.kind is Kind.SMS else "-"
        late = one.in_time < one.messages
        in_time = f"[yellow]{one.in_time}[/yellow]" if late else str(one.in_time)
        numbers = (str(one.messages), parts, cost, first, last, in_time)
        table.add_row(one.kind.value, one.route, *numbers, one.pace)
    out.print(table)
    for one in found.routes:
        if one.warning:
            out.print(f"too slow: {one.warning}", markup=False, style="yellow")


def show_preview(found: Preview) -> None:
    """Who would hear what."""
    told = found.told
    out.print(f"[bold]{escape(told.incident.title)}[/bold]  ({told.update.reason.value}, {told.incident.audience})")
    table = grid("first by", "route", "people", title="\nWho gets it")
    for (kind, route), people in sorted(found.first_by_route.items()):
        table.add_row(kind or "nothing", route or "(no route)", str(people))
    out.print(table)
    show_forecast(found.forecast)
    if found.weighed is not None:
        out.print(f"\n{found.weighed}", markup=False)
    reasons = {(hop.route, hop.reason) for one in found.branches for hop in (*one.chain.hops, *one.chain.left_out)}
    table = grid("route", "place in the chains", title="\nWhy")
    for route, reason in sorted(reasons):
        table.add_row(route, escape(reason))
    out.print(table)
    for one in found.wording:
        fallback = "" if one.used_locale == one.locale else f", in {one.used_locale}: there is no text in {one.locale}"
        out.print(f"\n[bold]{one.kind.value}[/bold] ({one.locale}{fallback})")
        said = fill(one.words, name="[name]")
        if said.subject:
            out.print(said.subject, markup=False, style="italic")
        out.print(said.text, markup=False)
    read = {one.locale for one in found.wording} | {one.locale.partition("-")[0] for one in found.wording}
    for name, value in told.incident.facts.items():
        unread = [] if isinstance(value, str) else sorted(set(value) - read - {FALLBACK})
        if unread:
            out.print(f"\n[yellow]nobody who is told reads the fact {name!r} in {', '.join(unread)}[/yellow]")
    for problem in found.problems:
        out.print(f"\n{problem}", markup=False, style="yellow")
    _show_people("mail alone: ", found.mail_alone)
    for sentence, concerned in today(found):
        out.print(f"\n{sentence}", markup=False, style="yellow")
        _show_people("", concerned)


def _show_people(why: str, people: Sequence[Person]) -> None:
    for person in people:
        out.print(f"  {why}{person.ref} {person.name}", markup=False)
    if len(people) == NAMED:
        out.print("  ... `dispatcher reach` lists all of them", style="dim")
