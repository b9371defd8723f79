"""`preview`: a playbook's words as every route would send them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dispatcher.faces.cli.errors import Stop
from dispatcher.faces.cli.sending import Fact, Json, facts_given
from dispatcher.faces.cli.show import grid, out, print_json
from dispatcher.model.incident import Reason
from dispatcher.plan.costs import money

if TYPE_CHECKING:
    from rich.table import Table

    from channels.contract import Measure
    from dispatcher.faces.words import Fit, Look
    from dispatcher.model.incident import Telling

_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
#: Texts stand side by side where there is so much room for each.
_COLUMN = 38
_UNITS = {"weighted characters": "weighted"}


def add_to(app: typer.Typer) -> None:
    app.command()(preview)


def preview(
    playbook: Annotated[str, typer.Argument(help="The name of a playbook, e.g. microsoft-365.")],
    locale: Annotated[
        list[str] | None, typer.Option(help="A language such as de or pt-BR; may be repeated. Default: the playbook's.")
    ] = None,
    reason: Annotated[Reason, typer.Option(help="Which message.")] = Reason.OPENED,
    fact: Fact = [],  # noqa: B006 - typer makes a new list for each call
    as_json: Json = False,
) -> None:
    """Show the words of every kind as each route would send them: length, SMS segments, estimated cost.

    Nothing is kept or sent, and nothing needs to run. Where a fact is not known yet, an example stands in. Exit status
    1 when something would not fit.
    """
    from dispatcher.config_checks import suggest
    from dispatcher.faces import words
    from dispatcher.ledger import now
    from dispatcher.render import check_facts
    from dispatcher.wiring import install

    for one in locale or ():
        if not _LOCALE.fullmatch(one):
            raise typer.BadParameter(f"{one!r} is not a language; write one such as de, or with a country: pt-BR")
    here = install()
    known = here.config.playbooks.get(playbook)
    if known is None:
        raise Stop(f"unknown playbook {playbook!r}. {suggest(playbook, here.config.playbooks)}")
    facts = facts_given(fact)
    if problems := check_facts(known, facts):
        raise Stop("; ".join(problems))
    told, examples = words.telling(playbook, known, reason, facts, now())
    looks = words.look(here, told, known, tuple(dict.fromkeys(locale or known.locales)))
    if as_json:
        print_json({"playbook": playbook, "reason": reason, "examples": examples, "words": [_plain(x) for x in looks]})
    else:
        _show(told, examples, looks)
    if any(one.wrong for one in looks):
        raise typer.Exit(1)


def _plain(one: Look) -> dict[str, Any]:
    made, said = one.composed, one.words
    return {
        "kind": one.kind,
        "locale": one.locale,
        "used_locale": made.used_locale if made else None,
        "template": made.template if made else None,
        "borrowed_facts": made.borrowed if made else (),
        "subject": said.subject if said else "",
        "text": said.text if said else "",
        "routes": [
            {
                "route": fit.route,
                "channel": fit.channel,
                **asdict(fit.size),
                "over": fit.size.over,
                "cost": None if fit.cost is None else str(fit.cost),
                "currency": fit.currency or None,
                "problem": fit.problem,
            }
            for fit in one.fits
        ],
        "problems": one.wrong,
    }


def _show(told: Telling, examples: Sequence[str], looks: Sequence[Look]) -> None:
    out.print(f"{told.title}  ({told.playbook}, {told.reason.value})", style="bold", markup=False)
    if examples:
        out.print(f"Not known yet, so an example stands in: {', '.join(examples)}", style="yellow", markup=False)
    for locale in dict.fromkeys(one.locale for one in looks):
        here = [one for one in looks if one.locale == locale]
        out.rule(f"[bold]{locale}[/bold]", align="left", style="dim")
        out.print(_texts(here))
        out.print(_sizes(here))
        for note in _notes(here):
            out.print(f"note: {note}", style="yellow", markup=False)
        for one in here:
            for wrong in one.wrong:
                out.print(f"does not fit: {one.kind.value}, {wrong}", style="red", markup=False)
    bad = sum(1 for one in looks if one.wrong)
    if bad:
        out.print(
            f"{bad} of {len(looks)} texts cannot be sent. Shorten the fact (--fact name=text tries another), the "
            "playbook's fact, or the template.",
            style="bold red",
        )
    else:
        out.print("Everything fits.", style="bold green")
    if any(fit.cost is not None for one in looks for fit in one.fits):
        out.print("Costs are estimates for one message, by `price` in config/routes.yaml.", style="dim", markup=False)


def _texts(looks: Iterable[Look]) -> Table:
    """The texts side by side, as many in a row as there is room for."""
    from rich.panel import Panel
    from rich.table import Table
    from rich.text import Text

    beside = max(1, min(3, out.width // (_COLUMN + 1)))
    table = Table.grid(expand=True, padding=(0, 1, 0, 0))
    for _ in range(beside):
        table.add_column(ratio=1)
    cells: list[Any] = []
    for one in looks:
        body = Text(overflow="fold")
        if one.words is None:
            body.append("no words: see below", style="red")
        else:
            if one.words.subject:
                body.append(one.words.subject + "\n\n", style="bold")
            body.append(one.words.text)
        cells.append(Panel(body, title=one.kind.value, title_align="left", border_style="red" if one.wrong else "dim"))
    for at in range(0, len(cells), beside):
        table.add_row(*cells[at : at + beside])
    return table


def _sizes(looks: Iterable[Look]) -> Table:
    table = grid()
    table.add_column("kind", no_wrap=True)
    table.add_column("route", overflow="fold")
    table.add_column("size", no_wrap=True)
    table.add_column("costs", no_wrap=True)
    table.add_column("", overflow="fold")
    for one in looks:
        for fit in one.fits:
            fits = f"[red]{_over(fit)}[/red]" if fit.problem else "[green]fits[/green]"
            table.add_row(one.kind.value, fit.route, _size(fit.size), _cost(fit), fits)
    return table


def _over(fit: Fit) -> str:
    return f"{fit.size.over} over" if fit.size.over else "refused"


def _size(size: Measure) -> str:
    counted = f"{size.length} of {size.limit} {_UNITS.get(size.unit, size.unit)}"
    return counted if size.unit == "segments" or size.parts == 1 else f"{counted}, {size.parts} parts"


def _cost(fit: Fit) -> str:
    return "-" if fit.cost is None else money(fit.cost, fit.currency)


def _notes(looks: Sequence[Look]) -> Iterable[str]:
    instead: dict[str, list[str]] = {}
    for one in looks:
        if one.instead:
            instead.setdefault(one.instead, []).append(one.kind.value)
    yield from (f"{', '.join(kinds)}: {sentence}" for sentence, kinds in instead.items())
    for one in looks:
        for fit in one.fits:
            if fit.size.note and not fit.problem:
                yield f"{one.kind.value} by {fit.route}: {fit.size.note}"
