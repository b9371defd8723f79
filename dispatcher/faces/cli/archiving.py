"""`db archive`."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from dispatcher.faces.cli.errors import Stop
from dispatcher.faces.cli.show import moment, out

_WHAT = {
    "delivery": "deliveries",
    "attempt": "attempts",
    "receipt": "receipts",
    "plan_class": "plan classes",
    "inbox": "in-app messages",
    "idempotency": "idempotency keys",
}


def add_to(db: typer.Typer) -> None:
    db.command("archive")(archive)


def _days(given: str) -> int:
    match = re.fullmatch(r"([1-9]\d{0,4})d", given.strip())
    if match is None:
        raise typer.BadParameter(f"{given!r} is not a number of days; write for example 90d")
    return int(match[1])


def archive(
    older_than: Annotated[
        int, typer.Option("--older-than", parser=_days, metavar="DAYS", help="Resolved so long ago, e.g. 90d.")
    ],
    to: Annotated[
        Path,
        typer.Option("--to", dir_okay=False, help="The file to write, e.g. outage-2026-q1.jsonl.gz. Keep it safe."),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go. Write and remove nothing.")] = False,
) -> None:
    """Move the deliveries of old incidents from the ledger into a file. Incidents, words and totals stay."""
    from dispatcher.ledger import now
    from dispatcher.ledger.archive import CannotArchive, choose, sizes
    from dispatcher.ledger.archive import archive as put_away
    from dispatcher.wiring import install

    here = install()
    before = now() - timedelta(days=older_than)
    with here.ledger.read() as tx:
        chosen = choose(tx, before)
        rows = sizes(tx, chosen)
    if chosen.staying:
        ids = ", ".join(map(str, chosen.staying))
        out.print(f"[dim]broadcast {ids} stays until there is a newer one: its numbers must not be given again[/dim]")
    if not rows:
        out.print(f"nothing in the ledger ended before {moment(before)}; no file was written")
        return
    if dry_run:
        out.print(f"{len(chosen.broadcasts)} broadcasts of incidents resolved before {moment(before)}: {_said(rows)}")
        out.print("Nothing was written or removed.")
        return
    try:
        written = put_away(here.ledger, chosen, to.absolute(), hearing=here.hearing)
    except CannotArchive as problem:
        raise Stop(str(problem)) from None
    with here.ledger.read() as tx:
        unfinished = [one for one in choose(tx, before).broadcasts if one in chosen.broadcasts]
    out.print(f"{to} holds {_said(written)}", markup=False, soft_wrap=True)
    out.print("It has full addresses; only you may read it.")
    if unfinished:
        out.print("Something was heard of it meanwhile; that stays in the ledger, and goes with the next run.")


def _said(rows: dict[str, int]) -> str:
    return ", ".join(f"{number} {_WHAT[name]}" for name, number in rows.items())
