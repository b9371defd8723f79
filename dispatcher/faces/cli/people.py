"""`recipients`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dispatcher.faces.cli.errors import Stop
from dispatcher.faces.cli.sending import Json
from dispatcher.faces.cli.show import errors, grid, out, print_json

if TYPE_CHECKING:
    from dispatcher.intake.recipients_csv import BadLine, Parsed

app = typer.Typer(help="The people who are told.", no_args_is_help=True)

_SHOWN = 50


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="A CSV file.")],
    strict: Annotated[bool, typer.Option("--strict", help="Take none when any line is bad.")] = False,
    as_json: Json = False,
) -> None:
    """Read people from CSV: name, phone, email, slack, app user, locale, tags, and optionally ref.

    Good lines are kept and bad ones named. Of a person who is there already (the same ref) only what
    the file has a column for is changed. Exit status 1 when
    there was a bad line.
    """
    from dispatcher.ledger import optouts, recipients
    from dispatcher.model.recipient import without
    from dispatcher.wiring import install

    here = install()
    found = read(file, here.config.company.phone_region)
    taken = () if strict and found.bad else found.people
    refused = set()
    if taken:
        with here.ledger.write() as tx:
            refused = optouts.among(tx, [one for person in taken for one in person.addresses.items()])
            recipients.upsert(tx, [without(person, refused) for person in taken], change=found.changes)
    if as_json:
        print_json(
            {
                "kept": len(taken),
                "opted_out": len(refused),
                "bad": [{"line": bad.line, "reason": bad.reason} for bad in found.bad],
            }
        )
    else:
        show_bad(found.bad)
        out.print(f"{len(taken)} people kept, {len(found.bad)} lines not taken")
        if refused:
            out.print(f"{len(refused)} addresses were left out: their owners said that they want no messages there")
    if found.bad:
        raise typer.Exit(1)


def read(file: Path, region: str) -> Parsed:
    """People from a CSV file, with the lines that could not be taken.

    Raises:
        Stop, NotATable: the file as a whole cannot be read.
    """
    from dispatcher.intake.recipients_csv import parse

    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Stop(f"{file} is not UTF-8 (byte {error.start}); save it as CSV UTF-8 and try again") from None
    return parse(text, region=region)


def show_bad(lines: Sequence[BadLine]) -> None:
    """Name lines that were not taken, and why."""
    for bad in lines[:_SHOWN]:
        errors.print(f"line {bad.line}: {bad.reason}", markup=False, style="red")
    if len(lines) > _SHOWN:
        errors.print(f"... and {len(lines) - _SHOWN} more")


@app.command("list")
def list_(as_json: Json = False) -> None:
    """How many people there are in each audience, by language and kinds of address."""
    from dispatcher.ledger import recipients
    from dispatcher.wiring import install

    here = install()
    rows = []
    with here.ledger.read() as tx:
        for name, audience in here.config.audiences.items():
            rows += [
                (name, one.locale, sorted(kind.value for kind in one.kinds), one.people)
                for one in recipients.classes(tx, audience)
            ]
    if as_json:
        print_json([dict(zip(("audience", "locale", "kinds", "people"), row, strict=True)) for row in rows])
        return
    table = grid("audience", "locale", "kinds of address", "people")
    for named, locale, kinds, people in rows:
        table.add_row(named, locale, ", ".join(kinds), str(people))
    out.print(table)
