"""Pages from templates, the two files they need, and the headers every answer carries."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dispatcher.faces import times
from dispatcher.faces.console import plain
from dispatcher.faces.console.here import clock, installation
from dispatcher.ledger import now
from dispatcher.plan.costs import money
from dispatcher.plan.forecast import lasting

#: What may be fetched, and as what.
STATIC = {
    "console.css": "text/css; charset=utf-8",
    "console.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # "no-referrer" would make browsers send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def guard(response: Response) -> Response:
    """Put the headers of the console on an answer."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


class Shelf:
    """The templates and static files of one installation."""

    def __init__(self, templates_dir: Path) -> None:
        root = templates_dir / "console"
        self.env = Environment(
            loader=FileSystemLoader(root),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.env.globals.update(
            KINDS=plain.KINDS,
            BY=plain.BY,
            STATUSES=plain.STATUSES,
            TONES=plain.TONES,
            SEVERITIES=plain.SEVERITIES,
            REASONS=plain.REASONS,
            asset=self.asset,
            many=plain.many,
            lasting=lasting,
            money=money,
        )
        self.env.filters.update(number=plain.number, language=plain.language, state_sentence=plain.state_sentence)
        self.files = {name: (root / "static" / name).read_bytes() for name in STATIC}
        self.marks = {name: sha256(content).hexdigest()[:16] for name, content in self.files.items()}

    def asset(self, name: str) -> str:
        """The address of a static file; it changes with the content."""
        return f"/console/static/{name}?v={self.marks[name]}"


@lru_cache(maxsize=8)
def _shelf(templates_dir: Path) -> Shelf:
    return Shelf(templates_dir)


def shelf(request: Request) -> Shelf:
    return _shelf(installation(request).settings.templates_dir)


def text_of(request: Request, template: str, *, at: datetime | None = None, **values: Any) -> str:
    """A rendered template. `at` is the moment the shown data is from."""
    here = installation(request)
    on = clock(request)
    moment = at or now()
    return (
        shelf(request)
        .env.get_template(template)
        .render(
            session=getattr(request.state, "session", None),
            company=here.config.company,
            simulated=bool(here.settings.environ.get("DISPATCHER_SIMULATED")),
            at=moment,
            clock=lambda one: on.short(one, moment),
            clock_seconds=on.seconds,
            clock_full=on.full,
            ago=lambda one: times.ago(one, moment),
            left=lambda one: times.left(one, moment),
            span=times.span,
            here=request.url.path,
            **values,
        )
    )


def page(
    request: Request, template: str, *, status: int = 200, at: datetime | None = None, **values: Any
) -> HTMLResponse:
    """A whole page."""
    return HTMLResponse(text_of(request, template, at=at, **values), status)


def mark_of(text: str) -> str:
    """The entity tag of a fragment."""
    return f'"{sha256(text.encode()).hexdigest()[:20]}"'


def fragment(request: Request, text: str, at: datetime) -> Response:
    """A live region. When the browser has just this one, only the moment it is from is told."""
    tag = mark_of(text)
    headers = {"ETag": tag, "X-As-Of": at.isoformat(), "X-Now": now().isoformat()}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return HTMLResponse(text, headers=headers)
