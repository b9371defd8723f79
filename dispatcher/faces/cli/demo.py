"""`demo`: the main job, for real, on embedded parts and simulated providers that misbehave."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import time
from typing import Annotated

import typer

from dispatcher.faces.cli.show import out


def add_to(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    people: Annotated[int, typer.Option(min=20, max=1000, help="How many invented people.")] = 1000,
) -> None:
    """Show the product do its job: Microsoft 365 is down, 1,000 people are told, providers misbehave.

    Nothing leaves this machine. Exit status 0 only if everybody is accounted for, and nobody was told the same twice as
    the simulated providers count it.
    """
    from dispatcher.faces.cli.demo_checks import show_verdict
    from dispatcher.faces.cli.demo_story import tell_story
    from dispatcher.faces.cli.sample import people as invented
    from dispatcher.faces.cli.system import Plan, System
    from dispatcher.ledger import recipients
    from dispatcher.settings import load

    # Told to go, it goes like on Ctrl-C: through the `finally` that stops what it started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    began = time.monotonic()
    home = load().home / "demo"
    shutil.rmtree(home, ignore_errors=True)
    system = System(Plan(home, port=0, simulate=True, speed=2.0, set_aside=True), os.environ)
    try:
        out.print("[bold]Starting[/bold] a broker, a ledger, simulated providers, the web and the workers ...")
        system.start(lambda part: out.print(f"  {part} ready", style="dim"))
        with system.here.ledger.write() as tx:
            recipients.upsert(tx, invented(people))
        ended = asyncio.run(tell_story(system, people))
        out.print(f"[dim]took {time.monotonic() - began:.0f} s[/dim]")
        well = show_verdict(system.here, ended, home)
    finally:
        system.stop()
    if not well:
        raise typer.Exit(1)
