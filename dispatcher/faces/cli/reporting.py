"""`report`: the account of an incident, for whoever has to answer for it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import typer
from rich.markup import escape

from dispatcher.faces.accounting import account_lines
from dispatcher.faces.cli.sending import Incident, Json
from dispatcher.faces.cli.show import moment, out, print_json, route_table
from dispatcher.model.account import Account, total
from dispatcher.model.incident import Update

if TYPE_CHECKING:
    from dispatcher.faces.progress import Progress
    from dispatcher.ledger import Tx

_NAMED = 50


def add_to(app: typer.Typer) -> None:
    app.command()(report)


def report(incident: Incident, as_json: Json = False) -> None:
    """Account for an incident: what was said, by what, to how many, who twice. Exit status 1 if anything was lost."""
    from dispatcher.faces.progress import of_incident
    from dispatcher.ledger import incidents, now
    from dispatcher.wiring import install

    here = install()
    with here.ledger.read() as tx:
        about = here.desk.find(tx, incident)
        said = {one.id: one for one in incidents.updates(tx, incident)}
        done = of_incident(here, tx, incident)
        files = archives(tx, incident)
    account = total(one.account for one in done)
    if as_json:
        told = [_as_json(one, said[one.broadcast.update_id]) for one in done]
        print_json({"as_of": now(), "incident": about, "account": account, "updates": told, "archived_in": files})
    else:
        out.print(f"[bold]{about.label}[/bold] {escape(about.title)} ({about.state.value}, {about.severity.value})")
        out.print(f"opened {moment(about.created_at)}, over {moment(about.resolved_at)}, as of {moment(now())}")
        for one in done:
            _show(one, said[one.broadcast.update_id])
        show_account(account)
        if files:
            out.print(f"the deliveries were archived; every row is in {files}", markup=False)
    if account.lost:
        raise typer.Exit(1)


def _show(one: Progress, update: Update) -> None:
    author = escape(update.author)
    told = f"\nUpdate {update.number} ({update.reason.value}) by {author}, kept {moment(update.created_at)}"
    out.print(route_table(one.routes, told))
    out.print(f"first message taken {moment(one.span.first)}, last {moment(one.span.last)}")
    for line in one.routes:
        if line.late:
            out.print(f"{line.late} confirmed late by {line.route}, after its receipt was given up on", markup=False)
    if one.broadcast.stopped_at is not None:
        halted = (
            f"stopped {moment(one.broadcast.stopped_at)} by {one.broadcast.stopped_by}: {one.broadcast.stopped_why}"
        )
        out.print(f"{halted}; by then a provider had taken {sum(line.accepted for line in one.routes)}", markup=False)
    if one.broadcast.override:
        out.print(f"sent past a check: {one.broadcast.override}", markup=False)


def _as_json(one: Progress, update: Update) -> dict[str, Any]:
    return {
        "number": update.number,
        "reason": update.reason,
        "author": update.author,
        "kept_at": update.created_at,
        "override": one.broadcast.override,
        "stopped_at": one.broadcast.stopped_at,
        "stopped_by": one.broadcast.stopped_by,
        "stopped_why": one.broadcast.stopped_why,
        "first_accepted_at": one.span.first,
        "last_accepted_at": one.span.last,
        "routes": [asdict(line) for line in one.routes],
        "account": one.account,
    }


def show_account(account: Account) -> None:
    """What became of everything that was promised, with the deliveries that have to be named."""
    out.print(f"\n[bold]The account[/bold]: {account.planned} promised")
    for line in account_lines(account):
        more = " ..." if len(line.ids) > _NAMED else ""
        ids = f": {', '.join(map(str, line.ids[:_NAMED]))}{more}" if line.ids else ""
        style = {"lost": "red", "once": "green"}.get(line.name, "yellow") if line.number else ""
        out.print(f"{line.number:>9}  {line.words}{ids}", style=style, markup=False)


def archives(tx: Tx, incident_id: int) -> str:
    """The files that deliveries of an incident have gone into, in words."""
    from dispatcher.ledger import totals

    return " and ".join(dict.fromkeys(file for _, kept in totals.archived(tx, incident_id) for file in kept.files))
