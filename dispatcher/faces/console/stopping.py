"""Halting what is being sent: a page that asks why, and then does it."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from dispatcher.faces.console.here import installation
from dispatcher.faces.console.pages import page
from dispatcher.faces.console.saying import Number
from dispatcher.faces.console.sending import STALE
from dispatcher.faces.console.session import LoggedIn
from dispatcher.faces.console.trouble import UNDONE, console_router, sentences
from dispatcher.faces.console.typed import Form, is_genuine
from dispatcher.faces.progress import of_incident

router = console_router()


@router.get("/incidents/{incident_id}/stop")
def begin_stop(request: Request, incident_id: Number, session: LoggedIn) -> Response:
    return _form(request, incident_id)


@router.post("/incidents/{incident_id}/stop")
def stop(request: Request, incident_id: Number, typed: Form, session: LoggedIn) -> Response:
    if not is_genuine(typed, session):
        return _form(request, incident_id, typed.line("why"), [STALE], 403)
    here = installation(request)
    try:
        with here.ledger.write() as tx:
            about = here.desk.find(tx, incident_id, lock=True)
            here.desk.stop(tx, about, author=session.name, why=typed.line("why"))
    except UNDONE as error:
        status, problems = sentences(error)
        return _form(request, incident_id, typed.line("why"), problems, status)
    return RedirectResponse(f"/console/incidents/{incident_id}?note=stopped", 303)


def _form(
    request: Request, incident_id: int, why: str = "", problems: Sequence[str] = (), status: int = 200
) -> Response:
    here = installation(request)
    with here.ledger.read() as tx:
        about = here.desk.find(tx, incident_id)
        far = of_incident(here, tx, incident_id)
    newest = far[-1] if far else None
    taken = sum(line.accepted for line in newest.routes) if newest else 0
    return page(
        request,
        "stop.html",
        status=status,
        incident=about,
        newest=newest,
        taken=taken,
        why=why,
        problems=tuple(problems),
    )
