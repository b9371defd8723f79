"""`routes`: what each route is, what it lacks, and whether its account is good; one test message by one of them."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from channels.contract import Accepted, Deferred, Fault, Outcome, Rejected, Repeat
from dispatcher.faces.cli.errors import Stop
from dispatcher.faces.cli.sending import Json
from dispatcher.faces.cli.show import clock, grid, out, print_json, shortly
from dispatcher.model.circuit import Breaker

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from dispatcher.faces.routes import RouteState
    from dispatcher.wiring import Installation

#: In the words of docs/channels/README.md.
_TWICE = {
    Repeat.LOOKUP: "can be asked",
    Repeat.KEYED: "knows its key",
    Repeat.NATURAL: "knows the words",
    Repeat.BLIND: "tells twice",
}

RouteName = Annotated[str, typer.Argument(help="The name of a route, as `dispatcher routes` lists it.")]
_LONGEST_REASON = 200

app = typer.Typer(help="The accounts by which messages leave.", invoke_without_command=True)


@app.callback()
def routes(
    context: typer.Context,
    probe: Annotated[
        bool,
        typer.Option("--probe", help="Try each account with a call that sends nothing. Exit status 1 when one fails."),
    ] = False,
    as_json: Json = False,
) -> None:
    """List the routes: kind, vendors, abilities, account, pace, breaker, and what they lack.

    It looks at this shell's environment, and asks nothing of workers or the broker.
    """
    if context.invoked_subcommand is not None:
        return
    from dispatcher.faces import routes as face
    from dispatcher.ledger import now
    from dispatcher.wiring import install

    here = install()
    known = face.standings(here)
    ready = [way.route for way in here.ways if not way.problem]
    probes = asyncio.run(face.probe_all(here, ready)) if probe else {}
    found = face.states(here, known, probes)
    if as_json:
        print_json([face.as_look(one, now()).model_dump() for one in found])
    else:
        _show(found, now())
        if known.away:
            out.print(
                f"note: which routes rest is not known, nor which are left alone: {known.away}",
                style="yellow",
                markup=False,
            )
    if any(isinstance(one.probe, Fault) for one in found):
        raise typer.Exit(1)


@app.command("close")
def close(route: RouteName) -> None:
    """Use a route again at once whose breaker is open. Exit status 1 when it was closed."""
    from dispatcher.faces import routes as face

    here = _here_with(route)
    if not face.close_by_hand(here, route):
        raise Stop(f"the breaker of {route} is closed already")
    out.print(f"{route} is used again; what waited for it is due now", markup=False)


@app.command("open")
def open_(
    route: RouteName,
    why: Annotated[str, typer.Option("--why", help="The reason, for everybody who wonders.")],
    duration: Annotated[str, typer.Option("--for", help="How long, such as 10m or 1h. Then a probe decides.")] = "10m",
) -> None:
    """Leave a route alone: what waits on it goes by the next routes, or waits."""
    from dispatcher.faces import routes as face
    from dispatcher.model.durations import parse_seconds

    try:
        seconds = parse_seconds(duration)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    said = " ".join(why.split())
    if not 1 <= len(said) <= _LONGEST_REASON or not said.isprintable():
        raise typer.BadParameter(f"--why takes 1 to {_LONGEST_REASON} characters that can be printed")
    opened = face.open_by_hand(_here_with(route), route, seconds, said)
    out.print(f"nothing is sent by {route} before {clock(opened.probe_at)}: {opened.cause}", markup=False)


def _here_with(route: str) -> Installation:
    from dispatcher.config_checks import suggest
    from dispatcher.wiring import install

    here = install()
    if route not in here.config.routes:
        raise typer.BadParameter(f"there is no route {route!r}. {suggest(route, here.config.routes)}")
    return here


@app.command("test")
def send_test(
    route: RouteName,
    address: Annotated[str, typer.Argument(help="Whom to send it to, in the form of the route's kind.")],
    as_json: Json = False,
) -> None:
    """Send ONE message marked as a test, by the route's real channel, and say what became of it.

    It belongs to no incident and is in no report. Exit status 0: the provider has it; 1: it has not, or nobody knows.
    """
    from dispatcher.faces import routes as face
    from dispatcher.model.masking import mask

    here = _here_with(route)
    kind = here.capabilities(route).kind
    try:
        to = face.address_for(kind, address, here.config.company.phone_region)
    except face.BadAddress as bad:
        raise typer.BadParameter(str(bad)) from None
    if face.said_no(here, kind, to):
        raise Stop(f"not sent: whoever has {mask(to)} said that they want no messages there")
    outcome, mark = asyncio.run(face.send_test(here, route, to))
    if as_json:
        fault = None if isinstance(outcome, Accepted) else asdict(outcome.fault)
        ref = outcome.ref if isinstance(outcome, Accepted) else None
        word = type(outcome).__name__.lower()
        print_json({"route": route, "to": mask(to), "outcome": word, "ref": ref, "mark": mark, "fault": fault})
    else:
        out.print(_told(outcome, route, mask(to), mark), markup=False)
    if not isinstance(outcome, Accepted):
        raise typer.Exit(1)


def _told(outcome: Outcome, route: str, to: str, mark: str) -> str:
    if isinstance(outcome, Accepted):
        ref = f" Its reference there is {outcome.ref}." if outcome.ref else ""
        return f"accepted: {route} has taken a message to {to}.{ref} Look for TEST and {mark} at the other end."
    fault = outcome.fault
    why = f"{fault.detail} (blame: {fault.blame.value}, {fault.code}" + (
        f", {fault.provider_code})" if fault.provider_code else ")"
    )
    match outcome:
        case Rejected():
            return f"rejected: {why} Sending the same again can only fail again."
        case Deferred(wait=wait):
            later = f"in {wait:.0f} s" if wait else "later"
            return f"deferred: certainly not sent; it may work {later}. {why}"
        case _:
            return (
                f"uncertain: it may have been sent. {why} Look for {mark} at the other end, or in the provider's own "
                "log, before you send another."
            )


def _state(one: RouteState) -> str:
    if one.problem:
        return "[yellow]not usable[/yellow]"
    if isinstance(one.probe, Fault):
        return "[red]refused[/red]"
    if not one.circuit.is_closed:
        return f"[red]{one.circuit.state.value}[/red]"
    if one.rests_until is not None:
        return f"[yellow]rests until {clock(one.rests_until)}[/yellow]"
    return "[green]usable[/green]"


def _breaker(one: RouteState, moment: datetime) -> str:
    """Since when the breaker is open, why, and what comes next, in a sentence."""
    circuit = one.circuit
    since = "" if circuit.since is None else f" for {shortly((moment - circuit.since).total_seconds())}"
    if circuit.probe_at is None:
        following = ""
    elif circuit.state is Breaker.HALF_OPEN:
        following = "; a probe is out"
    elif circuit.probe_at <= moment:
        following = "; the next probe is due"
    else:
        following = f"; the next probe leaves at {clock(circuit.probe_at)}"
    return f"{one.name}: the breaker is {circuit.state.value}{since}: {circuit.cause}{following}"


def _show(found: Sequence[RouteState], moment: datetime) -> None:
    table = grid("route", "kind", "depends on", "account", "pace", "state")
    for one in found:
        pace = f"{one.max_in_flight} × {one.timeout:g} s" + ("" if one.pace is None else f", {one.pace}")
        account = escape(one.account)  # by the name that the provider calls it
        table.add_row(one.name, one.kind.value, ", ".join(one.vendors), account, pace, _state(one))
    out.print(table)
    table = grid("route", "channel", "the same message twice", "and it", title="\nAbilities")
    for one in found:
        table.add_row(one.name, one.channel, _TWICE[Repeat(one.repeat)], ", ".join(one.abilities).replace("_", " "))
    out.print(table)
    out.print(
        "pace: requests at a time × how long an answer may take, and the most that we send by it",
        style="dim",
        markup=False,
    )
    for one in found:
        if not one.circuit.is_closed:
            out.print(_breaker(one, moment), style="red", markup=False)
        if one.problem:
            out.print(f"note: {one.problem}", style="yellow", markup=False)
        if isinstance(one.probe, Fault):
            out.print(f"{one.name}: {one.probe.detail}", style="red", markup=False)
