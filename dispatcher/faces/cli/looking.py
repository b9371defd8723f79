"""`incidents` and `receipts`: what there is, who got it, and who did not."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Any

import typer
from rich.markup import escape

from channels.contract import Kind
from dispatcher.faces.cli.reporting import archives, show_account
from dispatcher.faces.cli.sending import Incident, Json
from dispatcher.faces.cli.show import grid, moment, out, print_json, route_table, status
from dispatcher.model.account import Account, total
from dispatcher.model.delivery import Status
from dispatcher.model.durations import parse_seconds
from dispatcher.model.incident import State
from dispatcher.model.story import DeliveryLine


def add_to(app: typer.Typer) -> None:
    app.command()(incidents)
    app.command()(receipts)


def _moment(given: str) -> datetime:
    from dispatcher.ledger import now

    text = given.strip()
    try:
        return now() - timedelta(seconds=parse_seconds(text.removesuffix("ago").strip()))
    except ValueError:
        pass
    try:
        # Without a zone it is meant in that of whoever asks.
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"{given!r} is not a moment; write for example 2026-11-29T14:05, or 30m for half an hour ago"
        ) from None


def incidents(
    only_open: Annotated[bool, typer.Option("--open", help="Only those that are not over.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, newest first.")] = 20,
    as_json: Json = False,
) -> None:
    """List incidents, newest first."""
    from dispatcher.ledger import incidents as ledger_of
    from dispatcher.ledger import now
    from dispatcher.wiring import install

    here = install()
    with here.ledger.read() as tx:
        found = ledger_of.newest(tx, only_open=only_open, limit=limit)
        said = {one.id: ledger_of.updates(tx, one.id) for one in found}
    at = now()
    if as_json:
        print_json([_incident(one, said[one.id]) for one in found])
        return
    if not found:
        out.print("No incident is open." if only_open else "There has been no incident.")
        return
    table = grid("incident", "title", "state", "severity", "opened", "updates", "next word")
    for one in found:
        promised = said[one.id][-1].next_update_at if said[one.id] else None
        if one.state is State.RESOLVED:
            next_word = f"over since {moment(one.resolved_at)}"
        elif not said[one.id]:
            next_word = "a draft: nobody was told"
        else:
            next_word = moment(promised) + (", overdue" if promised is not None and promised < at else "")
        table.add_row(
            one.label,
            escape(one.title),
            one.state.value,
            one.severity.value,
            moment(one.created_at),
            str(len(said[one.id])),
            next_word,
        )
    out.print(table)
    out.print(f"[dim]as of {moment(at)}[/dim]")


def _incident(one: Any, said: Any) -> dict[str, Any]:
    last = said[-1] if said else None
    return {
        **asdict(one),
        "label": one.label,
        "updates": len(said),
        "last_update_at": last and last.created_at,
        "next_update_at": last and last.next_update_at,
    }


def receipts(
    incident: Incident,
    only: Annotated[list[Status] | None, typer.Option("--status", help="Only these; may be repeated.")] = None,
    kind: Annotated[Kind | None, typer.Option(help="Only by this kind.")] = None,
    route: Annotated[str | None, typer.Option(help="The name of a route.")] = None,
    reason: Annotated[str | None, typer.Option(help="Words of the reason, a code, or cost cap and the like.")] = None,
    tag: Annotated[str | None, typer.Option(help="Only people with this tag.")] = None,
    update: Annotated[int | None, typer.Option(min=1, help="Only this update, by its number.")] = None,
    recipient: Annotated[
        str | None, typer.Option(help="A person's number or ref, or d:NAME for a destination.")
    ] = None,
    address: Annotated[
        str | None, typer.Option(help="As it is shown anywhere: +1********67, a**@example.com, or all of it.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(parser=_moment, metavar="WHEN", help="Changed since: 30m, 2026-11-29T14:05.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(parser=_moment, metavar="WHEN", help="Not changed since then.")
    ] = None,
    after: Annotated[int, typer.Option(min=0, help="Go on after this delivery.")] = 0,
    limit: Annotated[int, typer.Option(min=1, help="Rows of the table; JSON and CSV always hold all.")] = 30,
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Ask the providers now what became of what is unknown. Takes no filter.")
    ] = False,
) -> None:
    """Who got it, by what, and who did not. Everything given must hold.

    With --confirm the running system asks the providers about every message of which nobody knows whether it arrived,
    and what cannot be asked is listed with the reason. Exit status 1 if something stays unknown.
    """
    from dispatcher.faces.narrowing import Asked, UnknownValue, narrow
    from dispatcher.faces.progress import of_incident
    from dispatcher.faces.tabling import as_csv as csv_of
    from dispatcher.ledger import listing, now
    from dispatcher.wiring import install

    if as_json and as_csv:
        raise typer.BadParameter("choose one of --json and --csv")
    here = install()
    asked = Asked(
        incident=incident,
        update=update,
        status=only or (),
        kind=kind,
        route=route,
        tag=tag,
        recipient=recipient,
        address=address,
        reason=reason,
        since=since,
        until=until,
    )
    if confirm:
        from dispatcher.faces.cli.confirming import confirm as close_the_loop

        if as_csv or asked != Asked(incident=incident):
            raise typer.BadParameter("--confirm asks about the whole incident: leave out filters and --csv")
        close_the_loop(here, incident, as_json=as_json)
        return
    with here.ledger.read() as tx:
        about = here.desk.find(tx, incident)
        try:
            which = narrow(here, tx, asked)
        except UnknownValue as unknown:
            raise typer.BadParameter(str(unknown)) from None
        done = [] if as_csv else of_incident(here, tx, incident)
        counted = {} if as_csv else listing.standing(tx, which)
        lines = [] if as_csv or as_json else listing.page(tx, which, after=after, limit=limit + 1)
        files = archives(tx, incident)
    if as_csv:
        for text in csv_of(listing.pages(here.ledger, which)):
            sys.stdout.write(text)
        return
    if as_json:
        _json_rows(total(one.account for one in done), counted, listing.pages(here.ledger, which))
        return
    out.print(f"[bold]{about.label}[/bold] {escape(about.title)} ({about.state.value}), as of {moment(now())}")
    for one in done:
        title = f"\nBroadcast {one.broadcast.id} ({one.standing}), kept {moment(one.broadcast.created_at)}"
        out.print(route_table(one.routes, title))
    _show(lines[:limit], counted)
    if len(lines) > limit:
        out.print(f"[dim]more: --after {lines[limit - 1].id}, --limit {limit * 10}, or --csv for all[/dim]")
    show_account(total(one.account for one in done))
    if files:
        out.print(f"the deliveries were archived; every row is in {files}", markup=False)


def _show(lines: Iterable[DeliveryLine], counted: Mapping[Status, int]) -> None:
    table = grid("id", "update", "who", "kind", "route", "to", "status", "why", title="\nDeliveries")
    for line in lines:
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
    said = ", ".join(f"{number} {one.value}" for one, number in counted.items())
    out.print(f"{sum(counted.values())} in all: {said}" if counted else "none")


def _json_rows(account: Account, counted: Mapping[Status, int], pages: Iterable[list[DeliveryLine]]) -> None:
    """The incident's account, where the deliveries asked for stand, and these, written as they are read: a million rows
    need no more memory than one."""
    import json

    from dispatcher.faces.tabling import json_of

    sys.stdout.write(
        f'{{"account": {json.dumps(asdict(account))},\n"standing": {json.dumps(counted)},\n"deliveries": ['
    )
    comma = ""
    for page in pages:
        for line in page:
            sys.stdout.write(f"{comma}\n  {json_of(line)}")
            comma = ","
    sys.stdout.write("\n]}\n")
