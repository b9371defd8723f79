"""`routes`: what each route is, what it lacks, and whether its account is good; one test message by one of them."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from channels.contract import Accepted, Deferred, Fault, Outcome, Probed, Rejected, Repeat
from dispatcher.faces.cli.errors import Stop
from dispatcher.faces.cli.sending import Json
from dispatcher.faces.cli.show import clock, grid, out, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatcher.faces.routes import RouteState

#: In the words of docs/channels/README.md.
_TWICE = {
    Repeat.LOOKUP: "can be asked",
    Repeat.KEYED: "knows its key",
    Repeat.NATURAL: "knows the words",
    Repeat.BLIND: "tells twice",
}

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
    """List the routes: kind, vendors, abilities, account, pace, and what they lack.

    It looks at this shell's environment, and asks nothing of workers or the broker.
    """
    if context.invoked_subcommand is not None:
        return
    from dispatcher.faces import routes as face
    from dispatcher.wiring import install

    here = install()
    rest, away = face.resting(here)
    ready = [way.route for way in here.ways if not way.problem]
    probes = asyncio.run(face.probe_all(here, ready)) if probe else {}
    found = face.states(here, rest, probes)
    if as_json:
        print_json([_plain(one, asked=probe) for one in found])
    else:
        _show(found, asked=probe)
        if away:
            out.print(f"note: which routes rest is not known: {away}", style="yellow", markup=False)
    if any(isinstance(one.probe, Fault) for one in found):
        raise typer.Exit(1)


@app.command("test")
def send_test(
    route: Annotated[str, typer.Argument(help="The name of a route, as `dispatcher routes` lists it.")],
    address: Annotated[str, typer.Argument(help="Whom to send it to, in the form of the route's kind.")],
    as_json: Json = False,
) -> None:
    """Send ONE message marked as a test, by the route's real channel, and say what became of it.

    It belongs to no incident and is in no report. Exit status 0: the provider has it; 1: it has not, or nobody knows.
    """
    from dispatcher.config_checks import suggest
    from dispatcher.faces import routes as face
    from dispatcher.model.masking import mask
    from dispatcher.wiring import install

    here = install()
    if route not in here.config.routes:
        raise typer.BadParameter(f"there is no route {route!r}. {suggest(route, here.config.routes)}")
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


def _plain(one: RouteState, *, asked: bool) -> dict[str, Any]:
    return {
        "route": one.name,
        "kind": one.kind,
        "channel": one.channel,
        "depends_on": one.vendors,
        "abilities": one.abilities,
        "repeat": one.repeat,
        "max_in_flight": one.max_in_flight,
        "timeout": one.timeout,
        "usable": one.usable,
        "problem": one.problem,
        "rests_until": one.rests_until,
        "account": _account(one, asked=asked),
        "fault": asdict(one.probe) if isinstance(one.probe, Fault) else None,
    }


def _account(one: RouteState, *, asked: bool) -> str:
    match one.probe:
        case Probed(account=account):
            return account
        case Fault(code=code):
            return f"failed: {code}"
        case _ if not one.can_probe:
            return "cannot be probed"
        case _:
            return "not set up" if asked and one.problem else "not probed"


def _state(one: RouteState) -> str:
    if one.problem:
        return "[yellow]not usable[/yellow]"
    if isinstance(one.probe, Fault):
        return "[red]refused[/red]"
    if one.rests_until is not None:
        return f"[yellow]rests until {clock(one.rests_until)}[/yellow]"
    return "[green]usable[/green]"


def _show(found: Sequence[RouteState], *, asked: bool) -> None:
    table = grid("route", "kind", "depends on", "account", "pace", "state")
    for one in found:
        pace = f"{one.max_in_flight} × {one.timeout:g} s"
        account = escape(_account(one, asked=asked))  # by the name that the provider calls it
        table.add_row(one.name, one.kind.value, ", ".join(one.vendors), account, pace, _state(one))
    out.print(table)
    table = grid("route", "channel", "the same message twice", "and it", title="\nAbilities")
    for one in found:
        table.add_row(one.name, one.channel, _TWICE[Repeat(one.repeat)], ", ".join(one.abilities).replace("_", " "))
    out.print(table)
    out.print("pace: requests at a time × how long an answer may take", style="dim", markup=False)
    for one in found:
        if one.problem:
            out.print(f"note: {one.problem}", style="yellow", markup=False)
        if isinstance(one.probe, Fault):
            out.print(f"{one.name}: {one.probe.detail}", style="red", markup=False)
