"""What is going on now, and what was before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import Query, Request, Response
from markupsafe import Markup

from dispatcher.faces.console.here import installation, remembered
from dispatcher.faces.console.pages import fragment, mark_of, page, text_of
from dispatcher.faces.console.progress import Progress, progress
from dispatcher.faces.console.session import LoggedIn
from dispatcher.faces.console.trouble import console_router
from dispatcher.faces.console.watch import Watch
from dispatcher.ledger import Tx, broadcasts, incidents, now
from dispatcher.model.incident import Incident, State, Update
from dispatcher.wiring import Installation

router = console_router()

_OPEN = 50
_RECENT = 5
_PAGE = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """An incident with the last thing said about it and how far that is."""

    incident: Incident
    last: Update | None
    progress: Progress | None

    def overdue(self, at: datetime) -> bool:
        """Whether the promised next word is late."""
        due = self.last.next_update_at if self.last else None
        return due is not None and self.incident.state is not State.RESOLVED and due <= at


@dataclass(frozen=True, slots=True)
class Board:
    at: datetime
    open: tuple[Entry, ...]
    drafts: tuple[Incident, ...]
    offers: tuple[Entry, ...]
    resolved: tuple[Incident, ...]
    more_open: bool


@router.get("")
def overview(request: Request, session: LoggedIn) -> Response:
    board = _board(request, anew=True)
    text = _text(request, board)
    return page(request, "overview.html", at=board.at, live=Markup(text), tag=mark_of(text))  # noqa: S704 - rendered


@router.get("/live")
def overview_live(request: Request, session: LoggedIn) -> Response:
    board = _board(request, anew=False)
    return fragment(request, _text(request, board), board.at)


@router.get("/history")
def history(request: Request, session: LoggedIn, before: int | None = Query(None, ge=1, le=2**63 - 1)) -> Response:
    with installation(request).ledger.read() as tx:
        found = incidents.newest(tx, limit=_PAGE + 1, before=before)
    return page(request, "history.html", found=found[:_PAGE], more=len(found) > _PAGE, before=before)


def _text(request: Request, board: Board) -> str:
    return text_of(request, "_overview.html", at=board.at, board=board)


def _board(request: Request, *, anew: bool) -> Board:
    here = installation(request)
    return remembered(request, "watch", Watch).look("overview", lambda: _read(here), anew=anew)


def _read(here: Installation) -> Board:
    with here.ledger.read() as tx:
        at = now()
        found = incidents.newest(tx, only_open=True, limit=_OPEN + 1)
        entries = [_entry(tx, here, one) for one in found[:_OPEN]]
        recent = [one for one in incidents.newest(tx, limit=_OPEN) if one.state is State.RESOLVED][:_RECENT]
    told = [entry for entry in entries if entry.last is not None]
    told.sort(key=lambda entry: not entry.overdue(at))
    return Board(
        at=at,
        open=tuple(told),
        drafts=tuple(entry.incident for entry in entries if entry.last is None),
        offers=tuple(entry for entry in told if entry.incident.resolve_offered_at is not None),
        resolved=tuple(recent),
        more_open=len(found) > _OPEN,
    )


def _entry(tx: Tx, here: Installation, about: Incident) -> Entry:
    said = incidents.updates(tx, about.id)
    sent = broadcasts.of_incident(tx, about.id)
    return Entry(about, said[-1] if said else None, progress(tx, sent[-1], here.hearing) if sent else None)
