"""`receipts` and `explain`."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import datetime
from typing import Annotated

import typer
from rich.markup import escape

from channels.contract import Kind
from dispatcher.faces.cli.errors import Stop
from dispatcher.faces.cli.reporting import archives, show_account
from dispatcher.faces.cli.sending import Incident, Json
from dispatcher.faces.cli.show import clock, grid, moment, out, print_json, route_table, status
from dispatcher.model.account import Account, total
from dispatcher.model.delivery import Status
from dispatcher.model.story import AttemptStory, DeliveryLine, Story


def add_to(app: typer.Typer) -> None:
    app.command()(receipts)
    app.command()(explain)


def receipts(
    incident: Incident,
    only: Annotated[list[Status] | None, typer.Option("--status", help="Only these; may be repeated.")] = None,
    kind: Annotated[Kind | None, typer.Option(help="Only by this kind.")] = None,
    route: Annotated[str | None, typer.Option(help="The name of a route.")] = None,
    tag: Annotated[str | None, typer.Option(help="Only people with this tag.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Rows of the table; JSON and CSV always hold all.")] = 30,
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """Who got it, by what, and who did not."""
    from dispatcher.faces.progress import of_incident
    from dispatcher.ledger import now, reports
    from dispatcher.ledger.reports import Filter
    from dispatcher.wiring import install

    if as_json and as_csv:
        raise typer.BadParameter("choose one of --json and --csv")
    here = install()
    which = Filter(incident_id=incident, status=frozenset(only or ()), kind=kind, route=route, tag=tag)
    with here.ledger.read() as tx:
        about = here.desk.find(tx, incident)
        if as_json:
            done = of_incident(here, tx, incident)
            _json_rows(total(one.account for one in done), reports.all_deliveries(tx, which))
            return
        if as_csv:
            _csv_rows(reports.all_deliveries(tx, which))
            return
        done = of_incident(here, tx, incident)
        lines = reports.deliveries(tx, which, limit=limit + 1)
        files = archives(tx, incident)
    out.print(f"[bold]{about.label}[/bold] {escape(about.title)} ({about.state.value}), as of {moment(now())}")
    for one in done:
        title = (
            f"\nBroadcast {one.broadcast.id} ({one.broadcast.status.value}), kept {moment(one.broadcast.created_at)}"
        )
        out.print(route_table(one.routes, title))
    table = grid("id", "update", "who", "kind", "route", "to", "status", "why", title="\nDeliveries")
    for line in lines[:limit]:
        table.add_row(
            str(line.id),
            str(line.update_number),
            escape(line.who),
            line.kind,
            line.route,
            escape(line.to),
            status(line.status),
            escape(line.reason),
        )
    out.print(table)
    if len(lines) > limit:
        out.print(f"[dim]more: --limit {limit * 10}, or --csv for all[/dim]")
    show_account(total(one.account for one in done))
    if files:
        out.print(f"the deliveries were archived; every row is in {files}", markup=False)


def _json_rows(account: Account, lines: Iterator[DeliveryLine]) -> None:
    """The incident's account and a list, written as it is read: a million rows need no more memory than one."""
    import json

    sys.stdout.write(f'{{"account": {json.dumps(asdict(account))},\n"deliveries": [')
    for number, line in enumerate(lines):
        sys.stdout.write(("," if number else "") + "\n  " + json.dumps(asdict(line), ensure_ascii=False, default=str))
    sys.stdout.write("\n]}\n")


def _csv_rows(lines: Iterator[DeliveryLine]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(field.name for field in fields(DeliveryLine))
    for line in lines:
        writer.writerow(_harmless(value) for value in asdict(line).values())


def _harmless(value: object) -> object:
    """A spreadsheet takes a text that begins so for a formula."""
    text = value.isoformat() if hasattr(value, "isoformat") else value
    return f"'{text}" if isinstance(text, str) and text.startswith(("=", "+", "-", "@", "\t")) else text


def _delivery(given: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,17}", given.strip()):
        hint = " INC-7 is an incident:" if given.strip().upper().startswith("INC-") else ""
        raise typer.BadParameter(
            f"{given!r} is not a delivery;{hint} `dispatcher receipts INC-7` lists its deliveries, each with its id"
        )
    return int(given)


def explain(
    delivery: Annotated[
        int, typer.Argument(parser=_delivery, metavar="DELIVERY", help="The id of a delivery, as `receipts` lists it.")
    ],
    as_json: Json = False,
) -> None:
    """The whole story of one delivery: why it went the way it went."""
    from dispatcher.ledger import reports
    from dispatcher.wiring import install

    here = install()
    with here.ledger.read() as tx:
        found = reports.story(tx, delivery)
        gone = "" if found else reports.archived_in(tx, delivery)
    if found is None:
        raise Stop(f"there is no delivery {delivery} in the ledger{gone and f'; {gone}'}")
    if as_json:
        print_json(found)
    else:
        _tell(found)


def _tell(story: Story) -> None:
    line = story.line
    out.print(f"[bold]Delivery {line.id}[/bold] of INC-{line.incident_id}, update {line.update_number}")
    told = f"{story.incident_title}\nfor {line.who} ({story.locale}), leg {line.leg!r}, audience {story.audience!r}"
    out.print(told, markup=False)
    if story.consent is not None:
        out.print(f"agreed by {story.consent.source!r}, {moment(story.consent.at)}", markup=False)
    # "delivered, the provider says" begins with its status already.
    begun = line.reason.startswith(line.status.value)
    why = line.reason.removeprefix(line.status.value) if begun else f", {line.reason}"
    out.print("now: ", status(line.status), why, sep="", markup=False)
    out.print(f"kept {moment(story.created_at)}, useful until {moment(story.deadline)}")
    if story.next_attempt_at is not None:
        out.print(f"next try {moment(story.next_attempt_at)}")
    out.print("\n[bold]The chain, as planned[/bold]")
    for number, hop in enumerate(story.chain.hops, 1):
        out.print(f"  {number}. {hop.route} ({hop.kind.value}): {hop.reason}", markup=False)
    for hop in story.chain.left_out:
        out.print(f"  -  {hop.route} ({hop.kind.value}): {hop.reason}", markup=False, style="dim")
    out.print("\n[bold]What happened[/bold]")
    for at, what in sorted(_events(story), key=lambda event: event[0]):
        out.print(f"  {clock(at)}  {what}", markup=False)
    if not story.attempts:
        out.print("  nothing was tried")
    if story.words:
        out.print(f"\n[bold]The words[/bold] ({story.used_locale})\n")
        out.print(story.words, markup=False)


def attempt_ended(attempt: AttemptStory) -> str:
    """The answer to an attempt and what was decided; a decision that only repeats the answer is left out."""
    code = f" [{attempt.provider_code}]" if attempt.provider_code else ""
    said = f": {attempt.detail}{code}" if attempt.detail else ""
    lookup = f"; looked up: {attempt.lookup}" if attempt.lookup else ""
    repeated = attempt.decision == f"{attempt.route} {attempt.outcome}: {attempt.detail}"
    so = f"; so: {attempt.decision}" if attempt.decision and not repeated else ""
    return f"{attempt.route}: {attempt.outcome or 'under way'}{said}{lookup}{so}"


def _events(story: Story) -> Iterator[tuple[datetime, str]]:
    """Everything that happened, with when."""
    for attempt in story.attempts:
        yield attempt.started_at, f"{attempt.route}: tried"
        if attempt.finished_at is not None:
            yield attempt.finished_at, attempt_ended(attempt)
        for one in attempt.receipts:
            yield one.received_at, f"{attempt.route}: receipt {one.word!r}: {one.effect or 'not folded yet'}"
