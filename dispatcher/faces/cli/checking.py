"""`check`: what would go wrong on the day, found today."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dispatcher.faces.cli import reaching
from dispatcher.faces.cli.sending import Json
from dispatcher.faces.cli.show import grid, out, print_json
from dispatcher.plan.reach import Plight
from dispatcher.settings import MissingSecret, WrongSetting, resolve_route_settings

if TYPE_CHECKING:
    from dispatcher.faces.reaching import Proof
    from dispatcher.wiring import Installation


def add_to(app: typer.Typer) -> None:
    app.command()(check)


@dataclass
class _Report:
    """What was found; `wrong` makes the exit status 1, `notes` do not."""

    audiences: list[dict[str, Any]] = field(default_factory=list)
    routes: list[dict[str, Any]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def check(
    as_json: Json = False,
    named: Annotated[int, typer.Option(min=0, help="How many people to name for each problem.")] = 10,
    pairs: Annotated[bool, typer.Option("--pairs", help="Show the loss of any two vendors in full.")] = False,
    svg: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Draw audiences and vendors as a picture into this file.")
    ] = None,
) -> None:
    """Prove that everybody can be reached: nobody by mail alone, nobody lost with any one vendor.

    Also shows which two vendors together would silence people, and checks that every route is set up and that every
    playbook's words fit. Exit status 1 when something is wrong; two vendors at once are no reason for it.
    """
    from dispatcher.faces.cli.reach_picture import draw
    from dispatcher.wiring import install

    here = install()
    report = _Report()
    for way in here.ways:
        report.routes.append({"route": way.route, "kind": way.kind, "vendors": way.depends_on, "problem": way.problem})
        if way.problem:
            (report.wrong if _set_wrongly(here, way.route) else report.notes).append(way.problem)
    _check_words(here, report)
    report.notes += reaching.without_price(here)
    found = _check_people(here, report, named, all_pairs=pairs)
    _check_break_glass(here, report)
    if svg is not None:
        draw(found, svg)
    if as_json:
        print_json(report)
    else:
        _show(report, found, all_pairs=pairs)
    if report.wrong:
        raise typer.Exit(1)


def _set_wrongly(here: Installation, route: str) -> bool:
    """Whether somebody meant to set it up and made a mistake, unlike a route of which nothing is there."""
    try:
        resolve_route_settings(route, here.config.routes[route], here.settings.environ)
    except WrongSetting:
        return True
    except MissingSecret:
        return False
    return False


def _check_words(here: Any, report: _Report) -> None:
    """Every playbook, as it stands, for each reason."""
    from datetime import timedelta

    from dispatcher.ledger import now
    from dispatcher.model.incident import Reason, State, Telling
    from dispatcher.plan.planner import kinds_of
    from dispatcher.render import UnfitWords

    moment = now()
    for name, playbook in here.config.playbooks.items():
        for number, reason in enumerate(Reason, 1):
            telling = Telling(
                playbook=name,
                messages=playbook.messages,
                title=playbook.title,
                reason=reason,
                state=State.RESOLVED if reason in (Reason.RESOLVED, Reason.RETRACTED) else State.INVESTIGATING,
                number=number,
                facts=playbook.facts,
                next_update_at=moment + timedelta(seconds=playbook.next_update_in),
                now=moment,
            )
            kinds = {here.capabilities(route).kind for route in here.config.routes}
            wanted = [kind for kind in (*kinds_of(playbook.legs), *kinds) if kind in kinds]
            try:
                here.composer.compose(telling, wanted, playbook.locales, here.measure)
            except UnfitWords as unfit:
                report.wrong += [f"playbook {name}, {reason.value}: {problem}" for problem in unfit.problems]


def _check_people(here: Any, report: _Report, named: int, *, all_pairs: bool) -> list[Proof]:
    from dispatcher.faces import reaching as proven
    from dispatcher.ledger import recipients
    from dispatcher.ledger.migrate import current, head

    at = current(here.ledger)
    if at is None:
        report.notes.append("the ledger is empty: run `dispatcher up`, or `dispatcher db upgrade`, then import people")
        return []
    if at != head():
        report.wrong.append(f"the ledger is at revision {at}, this version needs {head()}: run `dispatcher db upgrade`")
        return []
    with here.ledger.read() as tx:
        if not recipients.count(tx):
            report.notes.append("there are no people yet: run `dispatcher recipients import FILE.csv`")
            return []
        proofs = proven.proofs(here, tx, pairs=True)
        by_names = {(name, proof.audience): proof for proof in proofs for name in proof.playbooks}
        for name, audience in product(here.config.playbooks, here.config.audiences):
            proof = by_names[name, audience]
            found = proof.reach
            some = proven.named(here, tx, proof, (), Plight.MAIL_ALONE, named) if named and found.mail_alone else ()
            whom = [f"{one.ref} {one.name}".strip() for one in some]
            report.audiences.append(
                {
                    "playbook": name,
                    "audience": audience,
                    "people": found.people,
                    "mail_alone": found.mail_alone,
                    "mail_alone_named": whom,
                    "unreachable": found.unreachable,
                    "lost_without": found.without,
                    "proven": found.is_proven,
                    **reaching.losses(proof, all_pairs=all_pairs),
                }
            )
            report.wrong += _sentences(name, audience, found, whom)
            report.wrong += reaching.because_of_cost(here, name, proof)
    return proofs


def _check_break_glass(here: Any, report: _Report) -> None:
    """Whether there is something to send from on the day when the ledger is away, and how old it is."""
    from dispatcher.faces.break_glass import OLD, place_of_snapshot
    from dispatcher.faces.times import span
    from dispatcher.ledger import now
    from dispatcher.ledger.breakglass import Unfit
    from dispatcher.ledger.snapshot import mark_of_snapshot

    try:
        mark = mark_of_snapshot(place_of_snapshot(here.settings))
    except Unfit as unfit:
        report.notes.append(str(unfit))
        return
    seconds = 0.0 if mark is None else (now() - mark.taken_at).total_seconds()
    if mark is None:
        report.notes.append("nothing could be sent while the ledger is away: run `dispatcher db snapshot` every day")
    elif seconds > OLD:
        report.notes.append(f"the snapshot for break-glass is of {span(seconds)} ago: run `dispatcher db snapshot`")


def _sentences(playbook: str, audience: str, found: Any, whom: list[str]) -> list[str]:
    about = f"playbook {playbook}, audience {audience}:"
    said = []
    if found.mail_alone:
        listed = ", ".join(whom) + (", ..." if found.mail_alone > len(whom) else "")
        said.append(f"{about} {found.mail_alone} of {found.people} have mail alone: {listed}")
    if found.unreachable:
        said.append(f"{about} {found.unreachable} of {found.people} cannot be reached by any route that is set up")
    said += [
        f"{about} without {vendor}, {people} of {found.people} cannot be reached"
        for vendor, people in found.without.items()
    ]
    return said


def _state(problem: str) -> str:
    """A word; the sentence stands once, below."""
    return "[yellow]not usable[/yellow]" if problem else "[green]usable[/green]"


def _show(report: _Report, proofs: list[Proof], *, all_pairs: bool) -> None:
    table = grid("route", "kind", "depends on", "state", title="Routes")
    for one in report.routes:
        table.add_row(one["route"], one["kind"].value, ", ".join(one["vendors"]), _state(one["problem"]))
    out.print(table)
    if report.audiences:
        table = grid(
            "playbook", "audience", "people", "mail alone", "unreachable", "lost if one vendor dies", title="\nReach"
        )
        for one in report.audiences:
            lost = ", ".join(f"{vendor}: {people}" for vendor, people in one["lost_without"].items())
            numbers = (str(one[name]) for name in ("people", "mail_alone", "unreachable"))
            table.add_row(one["playbook"], one["audience"], *numbers, lost or "nobody")
        out.print(table)
        reaching.show(proofs, all_pairs=all_pairs)
    for note in report.notes:
        out.print(f"note: {note}", markup=False, style="yellow")
    for problem in report.wrong:
        out.print(f"wrong: {problem}", markup=False, style="red")
    if report.wrong:
        out.print("[bold red]Not all is well.[/]")
    else:
        out.print("Nothing is wrong; see the notes." if report.notes else "[bold green]All is well.[/]")
