"""The `dispatcher` command: one sub-command a task. Exit status 0 done, 1 refused or not all well, 2 wrong call."""

from __future__ import annotations

import logging
import os
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from dispatcher import __version__
from dispatcher.faces.cli import (
    archiving,
    break_glass,
    checking,
    demo,
    explaining,
    looking,
    people,
    preview,
    reaching,
    reporting,
    routes,
    running,
    sending,
    starting,
    stopping,
    vendors,
    watching,
)
from dispatcher.faces.cli.drill import command as drill


class _Plain(TyperGroup):
    """What is wrong with a call is said without the names that its checker has for it."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except typer.BadParameter as wrong:
            wrong.message = wrong.message.replace("Value error, ", "")
            raise


app = typer.Typer(
    name="dispatcher",
    cls=_Plain,
    help="Tells a company's customers about an outage by routes that still work.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for part in (
    starting,
    running,
    demo,
    drill,
    sending,
    stopping,
    break_glass,
    preview,
    looking,
    explaining,
    watching,
    reporting,
    checking,
    reaching,
):
    part.add_to(app)
break_glass.add_to_db(running.db)
archiving.add_to(running.db)
app.add_typer(people.app, name="recipients")
app.add_typer(routes.app, name="routes")
app.add_typer(vendors.app, name="vendors")
app.add_typer(running.db, name="db")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command; whatever is expected to go wrong ends in sentences, not in a traceback."""
    from dispatcher.faces.cli.errors import explain
    from dispatcher.faces.cli.show import errors
    from dispatcher.faces.log import set_up

    # Commands say themselves what people need to know; warnings are for processes that nobody watches.
    set_up(logging.ERROR)
    for number, given in enumerate(sys.argv[1:], 1):
        # A file may be called so all the same.
        if given != given.encode("utf-8", "replace").decode() and not os.path.exists(given):
            errors.print(f"dispatcher: argument {number} is not UTF-8; write it in that encoding", style="red")
            sys.exit(2)
    try:
        try:
            app()
        finally:
            # What is still held back here would fail when nobody can say so any more.
            sys.stdout.flush()
    except Exception as error:  # noqa: BLE001 - `explain` passes on what it does not know
        sys.exit(explain(error))


if __name__ == "__main__":
    main()
