"""The console: pages for those who tell customers and those who look after the telling.

An application that includes `router` sets `app.state.installation` and `app.state.bells`. Pages work without script;
with it, what is live refreshes itself. Errors become pages here, so the application needs no handlers for them.
"""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response

from dispatcher.faces.console import entrance, following, opening, overview, saying, stopping
from dispatcher.faces.console.session import LoggedIn
from dispatcher.faces.console.trouble import console_router

__all__ = ["router"]

_nowhere = console_router()


@_nowhere.get("/{rest:path}")
def nowhere(request: Request, rest: str, session: LoggedIn) -> Response:
    raise HTTPException(404, f"there is no page {request.url.path}")


router = APIRouter()
for part in (entrance, overview, opening, saying, stopping, following):
    router.include_router(part.router)
router.include_router(_nowhere)
