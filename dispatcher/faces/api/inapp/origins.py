"""Lets the pages of the company's other sites read a person's inbox. The ticket is the proof; no cookie is involved."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_INSIDE = "/inapp/"
_REMEMBERED = 600


class Origins:
    """Tells browsers that these origins may call what lies under `/inapp/`, and nothing else.

    Args:
        app: Everything behind it.
        origins: Scheme, host and port each, as browsers send them.
    """

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self._app = app
        self._open = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=("GET", "POST", "DELETE"),
            allow_headers=("Content-Type", "Last-Event-ID"),
            max_age=_REMEMBERED,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        inside = scope["type"] == "http" and scope["path"].startswith(_INSIDE)
        await (self._open if inside else self._app)(scope, receive, send)
