"""`init`: a copy of the configuration and the texts, to make one's own."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from dispatcher.faces.cli.errors import Stop
from dispatcher.faces.cli.show import out


def add_to(app: typer.Typer) -> None:
    app.command()(init)


def init(
    folder: Annotated[Path, typer.Argument(file_okay=False, help="Where to put it; made if it is not there.")],
) -> None:
    """Copy the shipped configuration and texts into a folder of your own. Nothing that is there is overwritten."""
    from dispatcher.settings import shipped

    parts = ("config", "templates")
    there = [str(folder / part) for part in parts if (folder / part).exists()]
    if there:
        raise Stop(f"{' and '.join(there)} exist already; choose another folder")
    try:
        for part in parts:
            shutil.copytree(shipped(part), folder / part)
    except OSError as error:
        raise Stop(f"cannot write to {folder}: {error.strerror}") from None
    out.print(f"Yours now: {folder / 'config'} and {folder / 'templates'}. Every key has a comment. To use them:")
    out.print(f"  export DISPATCHER_CONFIG={(folder / 'config').absolute()}", soft_wrap=True, markup=False)
    out.print(f"  export DISPATCHER_TEMPLATES={(folder / 'templates').absolute()}", soft_wrap=True, markup=False)
