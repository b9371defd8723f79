"""What goes wrong becomes a page with clear words, here and not in the application's own handlers."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from dispatcher.faces.console.pages import guard, page
from dispatcher.faces.console.session import LoginNeeded
from dispatcher.faces.console.typed import Foreign, Typed
from dispatcher.incidents.desk import NotFound, Refused
from dispatcher.incidents.states import WrongState
from dispatcher.ledger import LedgerAway

log = structlog.get_logger(__name__)

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
#: What a form may end in without being done; the form is shown again with the sentences.
UNDONE = (Refused, NotFound, WrongState, LedgerAway)


class ConsoleRoute(APIRoute):
    """Answers with a page whatever happens, and guards every answer with the console's headers."""

    def get_route_handler(self) -> Handler:
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return guard(await inner(request))
            except LoginNeeded:
                return guard(_ask_to_log_in(request))
            except Exception as error:  # noqa: BLE001 - whoever tells customers in an outage gets a page, not a trace
                return guard(_explain(request, error))

        return handle


def console_router() -> APIRouter:
    """A router for some pages of the console."""
    return APIRouter(prefix="/console", route_class=ConsoleRoute, include_in_schema=False)


def sentences(error: Exception) -> tuple[int, tuple[str, ...]]:
    """The status and the words for something in `UNDONE`."""
    if isinstance(error, Refused):
        return 422, error.problems
    if isinstance(error, NotFound):
        return 404, (str(error),)
    if isinstance(error, WrongState):
        return 409, (str(error),)
    return 503, (str(error),)


def _explain(request: Request, error: Exception) -> Response:
    title = "That did not work"
    status = 500
    said: tuple[str, ...] = ("Something is wrong on our side. It is in the log of this server.",)
    if isinstance(error, UNDONE):
        status, said = sentences(error)
        title = {404: "Not here", 503: "The ledger cannot be reached"}.get(status, title)
    elif isinstance(error, Foreign):
        status, title = 403, "Not from this console"
        said = ("Another site sent this form, so nothing was done. Open the console itself and start there.",)
    elif isinstance(error, RequestValidationError):
        status, title, said = 404, "Not here", (f"there is no page {request.url.path}",)
    elif isinstance(error, HTTPException):
        status, said = error.status_code, (str(error.detail),)
        title = "Not here" if status == 404 else title
    else:
        log.error("console page failed", path=request.url.path, exc_info=error)
    typed = getattr(request.state, "typed", Typed())
    return page(request, "error.html", status=status, title=title, problems=said, typed=tuple(typed.kept()))


def _ask_to_log_in(request: Request) -> Response:
    if request.url.path.endswith("/live") or request.headers.get("x-fragment"):
        return Response("your session has ended", 401, media_type="text/plain")
    if request.method == "GET":
        if request.headers.get("sec-fetch-site") == "cross-site":
            # A strict cookie does not come along from another site. Coming from our own page, it does.
            return page(request, "bounce.html")
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/console/login?next={quote(target, safe='')}", 303)
    typed = getattr(request.state, "typed", Typed())
    return page(request, "again.html", status=401, typed=tuple(typed.kept()))
