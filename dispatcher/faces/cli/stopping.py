"""`stop`: halt what is being sent."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from dispatcher.faces.cli.sending import Incident, Json, author
from dispatcher.faces.cli.show import moment, out, print_json


def add_to(app: typer.Typer) -> None:
    app.command()(stop)


def stop(
    incident: Incident,
    why: Annotated[str, typer.Option(help="Why; it is recorded, and the report tells it.")],
    as_json: Json = False,
) -> None:
    """Halt what is being sent about an incident. It stays open; the next update goes out as usual."""
    from dispatcher.faces.progress import progress
    from dispatcher.wiring import install

    here = install()
    with here.ledger.write() as tx:
        done = here.desk.stop(tx, here.desk.find(tx, incident, lock=True), author=author(), why=why)
    with here.ledger.read() as tx:
        far = progress(here, tx, done.broadcast)
    told = sum(one.accepted for one in far.routes)
    one = done.broadcast
    if as_json:
        said: dict[str, Any] = {"incident": done.incident.id, "broadcast": one.id, "stopped_now": done.now}
        said |= {"stopped_at": one.stopped_at, "stopped_by": one.stopped_by, "why": one.stopped_why}
        print_json(said | {"taken": told, "under_way": far.under_way, "account": far.account})
        return
    if done.now:
        out.print(f"stopped: nothing more of broadcast {one.id} about {done.incident.label} is begun", markup=False)
    elif one.stopped_at is not None:
        out.print(
            f"it was stopped already, {moment(one.stopped_at)} by {one.stopped_by}: {one.stopped_why}", markup=False
        )
    out.print(f"{told} messages had been taken by a provider; {far.under_way} are being settled", markup=False)
    out.print(f"dispatcher receipts {done.incident.id}   lists who got it", style="dim")
