"""`up`, `simulate` and `db`."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import signal
from pathlib import Path
from typing import Annotated

import typer

from dispatcher.faces.cli.errors import Stop
from dispatcher.faces.cli.show import out, print_json

db = typer.Typer(help="The ledger.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.command()(up)
    app.command()(simulate)


def up(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where the web listens; 0 chooses a free one.")] = 8080,
    senders: Annotated[int, typer.Option(min=1, max=64, help="How many worker processes send.")] = 1,
    simulated: Annotated[
        bool, typer.Option("--simulated", help="Speak to simulated providers only; nothing leaves this machine.")
    ] = False,
    sample: Annotated[
        bool, typer.Option("--sample", help="With --simulated: begin with 1,000 invented people if there are none.")
    ] = False,
) -> None:
    """Run the whole system on this machine until Ctrl-C."""
    from dispatcher.faces.cli.sample import people
    from dispatcher.faces.cli.system import Plan, System
    from dispatcher.ledger import recipients
    from dispatcher.settings import load

    if sample and not simulated:
        raise typer.BadParameter("--sample needs --simulated: invented people must not be sent real messages")
    base = load().home
    home = base / "simulated" if simulated else base
    plan = Plan(home, port=port, senders=senders, simulate=simulated, set_aside=simulated, as_configured=True)
    system = System(plan, os.environ)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: system.ask_to_stop())
    try:
        system.start(lambda part: out.print(f"  {part} ready", style="dim"))
        if sample:
            with system.here.ledger.write() as tx:
                if not recipients.count(tx):
                    recipients.upsert(tx, people(1000))
        for way in system.here.ways:
            if way.problem:
                out.print(f"note: {way.problem}", style="yellow", markup=False)
        for complaint in system.complaints:
            out.print(f"note: {complaint}", style="yellow", markup=False)
        out.print(f"\n[bold]Outage Dispatcher runs.[/bold]  {system.url}/console   key: {system.key}")
        out.print(f"API: {system.url}/docs   logs: {home / 'logs'}")
        if simulated:
            out.print(f"Everything is simulated. For commands in another shell: export DISPATCHER_HOME={home}")
            if system.simulator is not None:
                control = system.simulator.control
                out.print(
                    f"What the simulated providers got: {control}/recipients   faults and more: docs/simulator.md"
                )
        out.print("Ctrl-C stops it.")
        system.run()
    finally:
        out.print("Stopping: what is in flight is finished first.", style="dim")
        system.stop()


def simulate(
    http_port: Annotated[int, typer.Option(min=0, max=65535)] = 4010,
    smtp_port: Annotated[int, typer.Option(min=0, max=65535)] = 4025,
    speed: Annotated[float, typer.Option(min=0.01, help="How much faster than life SMS move.")] = 1.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same delays.")] = 0,
    faults: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A JSON list of faults to begin with.")
    ] = None,
) -> None:
    """Run simulated providers: Twilio, Telnyx, Slack, X, mail. Prints the environment that points routes at them.

    Ask GET /sim/recipients what each recipient got; set faults with POST /sim/faults.
    """
    from pydantic import ValidationError

    from channels.simulator import Addresses, Simulator, complaint, read_rules, serve
    from dispatcher.faces.cli.simulated import accounts_from, credentials, places

    try:
        rules = read_rules(json.loads(faults.read_text(encoding="utf-8"))) if faults else []
    except ValidationError as error:
        said = "; ".join(f"{one['where']}: {one['why']}" for one in complaint(error))
        raise Stop(f"{faults}: {said}") from None
    except ValueError as error:
        raise Stop(f"{faults} is not JSON: {error}") from None
    accounts = accounts_from(os.environ)
    simulator = Simulator(accounts, http_port=http_port, smtp_port=smtp_port, speed=speed, seed=seed)
    simulator.add_faults(rules)

    def ready(at: Addresses) -> None:
        for name, value in (credentials(accounts) | places(at)).items():
            typer.echo(f"export {name}={shlex.quote(value)}")
        typer.echo(f"# what was received: {at.control}/recipients")

    try:
        asyncio.run(serve(simulator, ready=ready))
    except OSError as error:
        raise Stop(f"cannot listen: {error}; choose other ports with --http-port and --smtp-port") from None


@db.command("upgrade")
def upgrade() -> None:
    """Bring the ledger to the form this version needs. Harmless when it is there already."""
    from dispatcher.ledger.migrate import upgrade as migrate
    from dispatcher.wiring import install

    here = install()
    revision = migrate(here.ledger)
    here.know_mailboxes()
    out.print(f"the ledger at {here.ledger.shown_url} is at revision {revision}", markup=False)


@db.command("show")
def show() -> None:
    """Which ledger is used, and its revision."""
    from dispatcher.ledger.migrate import current, head
    from dispatcher.wiring import install

    here = install()
    print_json({"ledger": here.ledger.shown_url, "revision": current(here.ledger), "needed": head()})
