"""What stands in the ledger is shown as words, wherever it came from."""

from __future__ import annotations

import io

import pytest
from rich.markup import escape

from dispatcher.faces.cli import show

#: A colour, a title of the window in the old 8-bit form, a turned direction, a line that covers another.
HOSTILE = "a\x1b[31mred \x9b2J \u202eturned\rover"


@pytest.mark.parametrize("console", [show.out, show.errors], ids=["out", "errors"])
def test_nothing_that_is_shown_steers_a_terminal(console: show.Console, monkeypatch: pytest.MonkeyPatch) -> None:
    sink = io.StringIO()
    # Not `file`: that answers the standard output of the moment, which would be put back for good.
    monkeypatch.setattr(console, "_file", sink)
    table = show.grid(HOSTILE, "why", title=HOSTILE)
    table.add_row(HOSTILE, escape(HOSTILE))
    console.print(f"[bold]{escape(HOSTILE)}[/bold]")
    console.print(HOSTILE, markup=False, soft_wrap=True)
    console.print(table)
    said = sink.getvalue()
    assert said.count("a[31mred 2J turned") >= 5
    assert not {"\x1b", "\x9b", "\u202e", "\r"} & set(said)
