"""How sending without the system looks on a terminal: progress as it goes, a summary, and what to do next."""

from __future__ import annotations

import contextlib
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from dispatcher.faces.break_glass import OLD, Kept
from dispatcher.faces.cli.sending import by_kind
from dispatcher.faces.cli.show import clock, errors, grid, out, print_json, route_table
from dispatcher.faces.progress import progress
from dispatcher.faces.solo import Solo
from dispatcher.faces.times import span
from dispatcher.ledger import breakglass, broadcasts, now, reports
from dispatcher.ledger.breakglass import Mark
from dispatcher.model.delivery import CLOSED, REACHED, Status
from dispatcher.model.incident import BroadcastStatus

_LOOK_EVERY = 1.0
_SAY_EVERY = 5.0


def say_people(mark: Mark, people: int, opt_outs: int) -> None:
    """Whom it is about, and how old that knowledge is."""
    seconds = (now() - mark.taken_at).total_seconds()
    said = f"{people} people as of {span(seconds)} ago, from {mark.source}; {opt_outs} addresses that said no are known"
    out.print(said, markup=False, style="yellow" if seconds > OLD else "dim")


def carry_out(kept: Kept, *, as_json: bool, left_out: int = 0) -> None:
    """Send what is open in a file until nothing is or Ctrl-C, show how it goes, and end with the exit status.

    Args:
        kept: What is sent, and the file, which is held.
        as_json: Print the summary as JSON and nothing else.
        left_out: Lines of a file of people that could not be taken.
    """
    solo = Solo(kept.here, lambda trouble: _say(f"dispatcher: {trouble}", "red"))

    def stop(number: int, _: FrameType | None) -> None:
        # The second time it ends at once: what is in flight then is looked up when somebody goes on.
        signal.signal(number, signal.SIG_DFL)
        solo.stop()
        _say("Stopping: what is in flight is finished first. Ctrl-C again ends at once.", "yellow")

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    # A connection to this machine that breaks is no reason to leave people untold.
    before[signal.SIGHUP] = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with _Shown(kept, quiet=as_json) as shown:
            solo.run(shown.look)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    summary = _summary(kept, left_out)
    if as_json:
        print_json(summary)
    else:
        _show(summary, kept.path)
    if not summary["all_reached"]:
        raise typer.Exit(1)


def _say(trouble: str, style: str) -> None:
    # Nobody may be there to read it. The sending goes on.
    with contextlib.suppress(OSError, SystemExit):
        errors.print(trouble, markup=False, style=style, soft_wrap=True)


class _Shown:
    """Bars on a terminal, a line now and then elsewhere."""

    def __init__(self, kept: Kept, *, quiet: bool) -> None:
        self._kept = kept
        bars = sys.stdout.isatty() and not quiet
        self._lines = not bars and not quiet
        columns = (TextColumn("{task.description:<8}"), BarColumn(), MofNCompleteColumn())
        self._progress = Progress(*columns, console=out, disable=not bars)
        self._tasks: dict[str, Any] = {}
        self._looked = 0.0
        self._said = time.monotonic()
        self._gone = False

    def __enter__(self) -> _Shown:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def look(self) -> None:
        """Show how far it is, at most once a second."""
        if time.monotonic() - self._looked < _LOOK_EVERY:
            return
        self._looked = time.monotonic()
        counted = by_kind(_progress(self._kept).routes)
        if not self._gone:
            try:
                self._show(counted)
            except (OSError, SystemExit):
                # Whoever looked has gone: a closed pipe, a terminal that is not there any more. The sending goes on.
                self._gone = True

    def _show(self, counted: dict[str, tuple[int, int]]) -> None:
        for kind, (finished, total) in counted.items():
            if kind not in self._tasks:
                self._tasks[kind] = self._progress.add_task(kind, total=total)
            self._progress.update(self._tasks[kind], completed=finished, total=max(total, 1))
        if self._lines and time.monotonic() - self._said >= _SAY_EVERY:
            self._said = time.monotonic()
            said = ", ".join(f"{kind} {finished} of {total}" for kind, (finished, total) in counted.items())
            out.print(f"{clock(now())}  {said or 'planning'}", markup=False, style="dim")


def _progress(kept: Kept) -> Any:
    with kept.here.ledger.read() as tx:
        one = broadcasts.find(tx, kept.broadcast_id)
        if one is None:
            raise RuntimeError("the broadcast is not in its file any more")
        return progress(kept.here, tx, one)


def _summary(kept: Kept, left_out: int) -> dict[str, Any]:
    found = _progress(kept)
    with kept.here.ledger.read() as tx:
        about = kept.here.desk.find(tx, kept.incident_id)
        counts = reports.counts(tx, kept.broadcast_id)
        held = {Status.UNCERTAIN, Status.ASKING, Status.SENDING}
        why = reports.reasons(tx, kept.broadcast_id, {*CLOSED, *held})
        doubtful = reports.maybe_twice(tx, kept.incident_id)
        left = breakglass.open_deliveries(tx)
    of = sum(one.deliveries for one in counts)
    reached = sum(one.deliveries for one in counts if one.status in REACHED)
    planned = found.broadcast.status is not BroadcastStatus.ACCEPTED
    return {
        "file": str(kept.path),
        "incident": about.label,
        "title": about.title,
        "broadcast": kept.broadcast_id,
        "continued": not kept.new,
        "reached": reached,
        "of": of,
        "not_sent_yet": left,
        "lines_not_taken": left_out,
        "all_reached": planned and reached == of and not left and not left_out,
        "routes": found.routes,
        "not_reached": [{"status": status, "why": reason, "deliveries": number} for status, reason, number in why],
        "maybe_twice": doubtful,
    }


def _show(summary: dict[str, Any], path: Path) -> None:
    label = summary["incident"]
    out.print(
        route_table(
            summary["routes"], f"\n{label} {escape(summary['title'])}: {summary['reached']} of {summary['of']} reached"
        )
    )
    if summary["not_reached"]:
        table = grid("not reached", "how", "why")
        for one in summary["not_reached"]:
            table.add_row(str(one["deliveries"]), one["status"].value, escape(one["why"]))
        out.print(table)
    if summary["maybe_twice"]:
        listed = ", ".join(map(str, summary["maybe_twice"]))
        out.print(f"a route may have been given these twice: {listed}", style="yellow")
    if summary["lines_not_taken"]:
        out.print(f"{summary['lines_not_taken']} lines of the file of people were not taken; see above", style="yellow")
    out.print(f"\nKept in {path}", markup=False, soft_wrap=True)
    if summary["not_sent_yet"]:
        out.print(f"{summary['not_sent_yet']} are not settled yet.", style="bold yellow")
    for what, call in _next_steps(label, path, going_on=bool(summary["not_sent_yet"])):
        out.print(f"  {what:<24} dispatcher {call}", markup=False, soft_wrap=True)


def _next_steps(label: str, path: Path, *, going_on: bool) -> list[tuple[str, str]]:
    steps = [
        ("to say more", f"update {label} --break-glass"),
        ("to say that it is over", f"resolve {label} --break-glass"),
        ("when the ledger is back", f"db merge {path}"),
    ]
    return [("to go on", f"break-glass {path}"), *steps] if going_on else steps
