"""What `--dry-run` shows."""

from __future__ import annotations

from dispatcher.faces.cli.show import out, print_json, show_preview
from dispatcher.faces.preview import Preview


def show_dry_run(found: Preview, *, as_json: bool) -> None:
    """Show a preview, and that it was one."""
    if as_json:
        from dispatcher.faces.api.ahead import PreviewOut

        print_json({"dry_run": True, **PreviewOut.of(found).model_dump(mode="json")})
        return
    show_preview(found)
    out.print("\nDry run: nothing was kept or sent.", style="bold")
