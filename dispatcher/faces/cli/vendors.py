"""`vendors`: how everybody is on whom a route depends, and what an operator says about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from dispatcher.faces.cli.sending import Json, author, length
from dispatcher.faces.cli.show import grid, moment, out, print_json
from dispatcher.model.vendors import VendorState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatcher.faces.vendors import VendorLook

app = typer.Typer(help="The parties whose failure can silence a route.", invoke_without_command=True)

_COLOUR = {VendorState.OK: "green", VendorState.DEGRADED: "yellow", VendorState.DOWN: "red"}

Named = Annotated[str, typer.Argument(metavar="VENDOR", help="Its name in config/vendors.yaml.")]


@app.callback()
def vendors(context: typer.Context, as_json: Json = False) -> None:
    """List the vendors: state, who says so, how old that is, what they ride on, and the routes that depend on them."""
    if context.invoked_subcommand is not None:
        return
    from dispatcher.faces.vendors import looks
    from dispatcher.wiring import install

    here = install()
    found = looks(here)
    if as_json:
        print_json(found)
    else:
        _show(found)
        if not here.feeds:
            out.print("note: status feeds are not read here; set DISPATCHER_FEEDS=on", style="dim")


@app.command("set")
def set_(
    vendor: Named,
    state: Annotated[VendorState, typer.Argument(help="ok, degraded or down.")],
    why: Annotated[str, typer.Option(help="By what you know it. It is recorded.")],
    lasts: Annotated[
        str | None, typer.Option("--for", help="How long it holds, e.g. 2h. Without it: until cleared.")
    ] = None,
) -> None:
    """Say how a vendor is. It counts more than what incidents, our own breakers and status pages say.

    What is down is not tried before other routes; what is degraded stands behind what is well. An incident that names
    the vendor counts more for its own messages.
    """
    if state is VendorState.UNKNOWN:
        raise typer.BadParameter("say ok, degraded or down; to take back what was said: dispatcher vendors clear")
    _say(vendor, state, why, length(lasts))
    out.print(f"{vendor} is {state.value}" + (f" for {lasts}" if lasts else " until you clear it"), markup=False)


@app.command()
def clear(
    vendor: Named,
    why: Annotated[str, typer.Option(help="Why, if you like. It is recorded.")] = "",
) -> None:
    """Take back what an operator said about a vendor: what others say holds again."""
    _say(vendor, None, why, None)
    out.print(f"nothing is said about {vendor} by an operator any more", markup=False)


def _say(vendor: str, state: VendorState | None, why: str, lasts: float | None) -> None:
    from dispatcher.faces.vendors import WrongWord, say
    from dispatcher.wiring import install

    try:
        say(install(), vendor, state, author=author(), why=why, lasts=lasts)
    except WrongWord as wrong:
        raise typer.BadParameter(str(wrong)) from None


def _show(found: Sequence[VendorLook]) -> None:
    from dispatcher.faces.times import span

    table = grid("vendor", "state", "said by", "since", "seen", "rides on", "routes")
    for one in found:
        colour = _COLOUR.get(one.state, "dim")
        seen = "-" if one.age_seconds is None or one.state is VendorState.UNKNOWN else f"{span(one.age_seconds)} ago"
        table.add_row(
            one.name,
            f"[{colour}]{one.state.value}[/]",
            (one.beneath and f"through {one.beneath}") or one.source.value,
            moment(one.since),
            seen,
            ", ".join(one.rides_on) or "-",
            ", ".join(one.routes) or "-",
        )
    out.print(table)
    for one in found:
        if one.state is not VendorState.UNKNOWN:
            until = f" (until {moment(one.until)})" if one.until else ""
            out.print(f"{one.name}: {escape(one.why)}{until}")
