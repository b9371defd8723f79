"""Small pages for people who have no key: rendered here, with nothing fetched from elsewhere."""

from __future__ import annotations

import secrets
from functools import cache
from pathlib import Path

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dispatcher.wiring import Installation


@cache
def _environment(folder: Path) -> Environment:
    return Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined)


def render(here: Installation, name: str, status: int = 200, **values: object) -> HTMLResponse:
    """A page of `templates/pages`. It may load nothing and run nothing; its one style sheet is named by a nonce."""
    nonce = secrets.token_urlsafe(12)
    html = _environment(here.settings.templates_dir / "pages").get_template(name).render(nonce=nonce, **values)
    return HTMLResponse(
        html,
        status,
        headers={
            "Content-Security-Policy": f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; "
            "frame-ancestors 'none'; base-uri 'none'",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )
