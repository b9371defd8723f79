"""`break-glass`, `db snapshot`, `db merge`, and what `--break-glass` does where something is said."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from dispatcher.faces.cli.sending import Json
from dispatcher.faces.cli.show import errors, out, print_json

if TYPE_CHECKING:
    from dispatcher.faces.break_glass import Kept, People
    from dispatcher.incidents.desk import Order, Say
    from dispatcher.settings import Settings


def add_to(app: typer.Typer) -> None:
    app.command("break-glass")(go_on)


def add_to_db(db: typer.Typer) -> None:
    db.command("snapshot")(snapshot)
    db.command("merge")(merge)


def go_on(
    file: Annotated[
        Path | None, typer.Argument(dir_okay=False, help="The file. Default: the newest from which something is open.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Go on with what a `send --break-glass` has left open in its file. Nobody is told twice."""
    from dispatcher.faces.break_glass import gone_on, unfinished
    from dispatcher.faces.cli.apart import carry_out
    from dispatcher.settings import load

    settings = load()
    if file is None:
        _note_garbage(settings)
    with gone_on(settings, file or unfinished(settings)) as kept:
        carry_out(kept, as_json=as_json)


def snapshot(
    file: Annotated[
        Path | None, typer.Argument(dir_okay=False, help="Where to. Default: break-glass.sqlite3 in the home folder.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write everybody with tags and opt-outs into a file, from which `send --break-glass` can tell them."""
    from dispatcher.faces.break_glass import place_of_snapshot
    from dispatcher.ledger import snapshot as files
    from dispatcher.wiring import install

    here = install()
    path = (file or place_of_snapshot(here.settings)).absolute()
    taken = files.write(here.ledger, path)
    if as_json:
        print_json({"file": str(path), "people": taken.people, "opt_outs": taken.opt_outs, "taken_at": taken.at})
    else:
        out.print(f"{taken.people} people and {taken.opt_outs} opt-outs are in {path}", markup=False, soft_wrap=True)
        out.print("It holds their addresses: keep it as you keep the ledger.", style="dim")


def merge(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="The file that break-glass has sent from.")],
    as_json: Json = False,
) -> None:
    """Fold what break-glass has sent into the ledger. Merging twice changes nothing more.

    From then on nothing is sent from the file any more: what is still open is sent by the running system.
    """
    from dataclasses import asdict

    from dispatcher.ledger.merge import merge as fold
    from dispatcher.wiring import install

    here = install()
    done = fold(file, here.ledger)
    if as_json:
        print_json({"file": str(file), "ledger": here.ledger.shown_url, **asdict(done)})
        return
    out.print(f"Into the ledger at {here.ledger.shown_url}:", markup=False, soft_wrap=True)
    for one in done.incidents:
        was = "" if one.new else ", merged before"
        out.print(f"  INC-{one.was} is INC-{one.now} there: {one.title}{was}", markup=False)
    out.print(
        f"  {done.deliveries} deliveries, {done.opt_outs} opt-outs taken in; {done.receipts} receipts folded anew"
    )
    if any(asdict(done.refused).values()):
        no = done.refused
        out.print(
            f"  {no.moved + no.failed + no.held} were open at an address that has said no meanwhile: {no.moved} go by "
            f"another route, {no.failed} failed, {no.held} may have been told and are held"
        )
    if done.strangers:
        out.print(f"  {done.strangers} are for people whom this ledger does not know; they keep the address they had")
    if done.waiting:
        out.print(f"{done.waiting} are still open: the system sends them when it runs, or within seconds if it does.")


def send_apart(
    order: Order,
    say: Say,
    *,
    request: Mapping[str, object],
    key: str | None,
    source: Path | None,
    csv: Path | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Open an incident and tell its audience from a file of its own, with neither broker nor shared ledger."""
    from dispatcher.faces.break_glass import opened, place_of_snapshot
    from dispatcher.faces.cli.apart import carry_out
    from dispatcher.settings import load

    settings = load()
    people, bad = (None, 0) if csv is None else _people(settings, csv)
    snapshot = place_of_snapshot(settings) if source is None else source
    if dry_run:
        _dry_run(settings, order, say, snapshot, people, as_json=as_json)
        return
    _note_garbage(settings)
    asked = {**request, "people": csv and str(csv.absolute())}
    with opened(settings, order, say, request=asked, key=key, source=snapshot, people=people) as kept:
        _begin(kept, quiet=as_json)
        carry_out(kept, as_json=as_json, left_out=bad)


def tell_apart(
    incident: int, say: Say, *, request: Mapping[str, object], key: str | None, dry_run: bool, as_json: bool
) -> None:
    """Say the next thing about an incident that break-glass has opened."""
    from dispatcher.faces.break_glass import next_previewed, said_next
    from dispatcher.faces.cli.apart import carry_out
    from dispatcher.faces.cli.dry_run import show_dry_run
    from dispatcher.settings import load

    settings = load()
    if dry_run:
        show_dry_run(next_previewed(settings, incident, say), as_json=as_json)
        return
    with said_next(settings, incident, say, request=request, key=key) as kept:
        _begin(kept, quiet=as_json)
        carry_out(kept, as_json=as_json)


def _begin(kept: Kept, *, quiet: bool) -> None:
    from dispatcher.faces.cli.apart import say_people
    from dispatcher.ledger import breakglass, recipients
    from dispatcher.ledger import snapshot as files

    if quiet:
        return
    with kept.here.ledger.read() as tx:
        mark, people, refused = breakglass.read_mark(tx), recipients.count(tx), files.count_opt_outs(tx)
    if mark is not None:
        say_people(mark, people, refused)
    begun = "kept" if kept.new else "the same was asked before; going on, and nobody is told twice:"
    out.print(f"[bold]INC-{kept.incident_id}[/bold]: {begun} {kept.path}", soft_wrap=True)
    for way in kept.here.ways:
        if way.problem:
            out.print(f"note: {way.route}: {way.problem}", markup=False, style="yellow")


def _note_garbage(settings: Settings) -> None:
    from dispatcher.faces.break_glass import no_files

    for path in no_files(settings):
        errors.print(
            f"note: {path} is not a SQLite database and is left out; move it elsewhere",
            markup=False,
            style="yellow",
            soft_wrap=True,
        )


def _people(settings: Settings, csv: Path) -> tuple[People, int]:
    from dispatcher.faces.break_glass import People
    from dispatcher.faces.cli.errors import Stop
    from dispatcher.faces.cli.people import read, show_bad
    from dispatcher.settings import read_config

    found = read(csv, read_config(settings.config_dir).company.phone_region)
    show_bad(found.bad)
    if not found.people:
        raise Stop(f"there is nobody in {csv} who could be told; see above, or leave --people out")
    return People(f"the file {csv.absolute()}", found.people), len(found.bad)


def _dry_run(settings: Settings, order: Order, say: Say, source: Path, people: People | None, *, as_json: bool) -> None:
    from dispatcher.faces.break_glass import previewed
    from dispatcher.faces.cli.dry_run import show_dry_run

    with TemporaryDirectory(prefix="dispatcher-") as folder:
        show_dry_run(previewed(settings, order, say, Path(folder), source, people), as_json=as_json)
