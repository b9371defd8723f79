"""Whether the demo went as promised, judged from the providers' side, and what there is to see."""

from __future__ import annotations

import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.markup import escape

from dispatcher.faces.cli.demo_story import Ended
from dispatcher.faces.cli.show import grid, out, route_table
from dispatcher.ledger import broadcasts, listing, reports
from dispatcher.ledger.listing import Filter
from dispatcher.model.delivery import CLOSED, REACHED, Status
from dispatcher.model.story import RouteLine
from dispatcher.wiring import Installation

_TITLES = ("Opened", "Update", "Resolved")
#: Route -> the provider that the simulator plays for it.
_PROVIDERS = {
    "twilio-main": "twilio",
    "telnyx-backup": "telnyx",
    "slack-main": "slack",
    "x-main": "x",
    "smtp-main": "smtp",
}


def show_verdict(here: Installation, ended: Ended, home: Path) -> bool:
    """Print what happened; answers whether all of it is as it should be."""
    for title, one in zip(_TITLES, ended.broadcasts, strict=False):
        out.print()
        out.print(route_table([RouteLine(**line) for line in one["routes"]], title=title))
        created = datetime.fromisoformat(one["broadcast"]["created_at"])
        out.print(
            f"[dim]first message after {_after(created, one['first_accepted_at'])}, "
            f"last after {_after(created, one['last_accepted_at'])}[/dim]"
        )
    _show_unreached(here, ended)
    checks = [*_ledger_checks(here, ended), *_provider_checks(ended)]
    out.print("\n[bold]Checked[/bold] (from the providers' side where it matters)")
    for well, sentence in checks:
        out.print(f"  {'[green]ok[/green]  ' if well else '[red]NOT[/red] '} {sentence}")
    _show_where_next(here, ended, home)
    return all(well for well, _ in checks)


def _after(created: datetime, moment: str | None) -> str:
    return "-" if moment is None else f"{(datetime.fromisoformat(moment) - created).total_seconds():.2f} s"


def _show_unreached(here: Installation, ended: Ended) -> None:
    with here.ledger.read() as tx:
        first = broadcasts.of_incident(tx, ended.incident_id)[0]
        counts = reports.counts(tx, first.id)
        why = reports.reasons(tx, first.id, [*CLOSED, Status.UNCERTAIN])
    reached = sum(one.deliveries for one in counts if one.status in REACHED)
    everybody = sum(one.deliveries for one in counts)
    out.print(f"\n[bold]Of the first message {reached} of {everybody} were reached[/bold]")
    if why:
        table = grid("not reached", "how", "why")
        for status, reason, number in why:
            table.add_row(str(number), status.value, escape(reason))
        out.print(table)


def _ledger_checks(here: Installation, ended: Ended) -> list[tuple[bool, str]]:
    waiting = sum(one["under_way"] for one in ended.broadcasts)
    promised = [sum(line["planned"] for line in one["routes"]) for one in ended.broadcasts]
    with here.ledger.read() as tx:
        settled = [
            sum(one.deliveries for one in reports.counts(tx, broadcast.id) if one.status in REACHED | CLOSED)
            for broadcast in broadcasts.of_incident(tx, ended.incident_id)
        ]
        doubtful = reports.maybe_twice(tx, ended.incident_id)
    return [
        (len(ended.broadcasts) == len(_TITLES), f"{len(ended.broadcasts)} messages were sent"),
        (
            settled == promised and not waiting,
            f"everybody is accounted for: {settled} of {promised}, {waiting} under way",
        ),
        (not doubtful, f"{len(doubtful)} deliveries that a route may have been given twice, by the ledger"),
    ]


def _provider_checks(ended: Ended) -> list[tuple[bool, str]]:
    twice = ended.summary["twice_total"]
    twice_inapp = sum(1 for inbox in ended.inboxes.values() for times in inbox.values() if times > 1)
    posts = sum(len(messages) for messages in ended.recipients.get("x", {}).values())
    missed = sum(
        1
        for user, seen in ended.streamed.items()
        if len(seen) != len(set(seen)) or len(seen) != ended.inboxes[user].total()
    )
    silent = [fault for fault in ended.faults if not fault["fired"]]
    checks = [
        (twice + twice_inapp == 0, f"{twice + twice_inapp} people got the same message twice"),
        (posts == len(_TITLES), f"X holds {posts} posts, although it answered 500 to one that it had posted"),
        (missed == 0, f"{len(ended.streamed)} live in-app streams, {missed} of them with a message lost or twice"),
        (not silent, f"{len(ended.faults) - len(silent)} of {len(ended.faults)} faults really happened"),
    ]
    for route, provider in _PROVIDERS.items():
        ours = sum(line["accepted"] for one in ended.broadcasts for line in one["routes"] if line["route"] == route)
        theirs = _stored(ended.summary, provider)
        checks.append((ours == theirs, f"{provider} has taken {theirs} messages, our ledger says {ours}"))
    return checks


def _stored(summary: dict[str, Any], provider: str) -> int:
    return int(summary["providers"].get(provider, {}).get("stored", 0))


def _show_where_next(here: Installation, ended: Ended, home: Path) -> None:
    found = listing.pages(here.ledger, Filter(incident_id=ended.incident_id))
    example = next((line.id for page in found for line in page if line.failovers), 1)
    program = "dispatcher" if shutil.which("dispatcher") else sys.argv[0]
    home_and_program = f"DISPATCHER_HOME={home} {program}"
    out.print("\n[bold]Look further[/bold]")
    for command, what in (
        (f"receipts {ended.incident_id}", "who got it, by what"),
        (f"explain {example}", "why one message went another way"),
        (f"report {ended.incident_id}", "what became of all that was promised"),
    ):
        out.print(f"  {home_and_program} {command:<13} {what}", markup=False, soft_wrap=True)
    out.print("  make up    the same system, with its console, until you stop it; then `check` says who would be lost")
