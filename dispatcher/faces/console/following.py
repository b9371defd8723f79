"""Following one incident: how far its messages are, what was said, and who got what."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from markupsafe import Markup

from channels.contract import Kind, Words
from dispatcher.faces.accounting import account_lines
from dispatcher.faces.console.here import installation, remembered
from dispatcher.faces.console.pages import fragment, mark_of, page, text_of
from dispatcher.faces.console.plain import NEED_A_LOOK
from dispatcher.faces.console.progress import PARTS, Progress, progress
from dispatcher.faces.console.saying import Number
from dispatcher.faces.console.session import LoggedIn
from dispatcher.faces.console.showing import NAME, SaidBy, said
from dispatcher.faces.console.trouble import console_router
from dispatcher.faces.console.watch import Watch
from dispatcher.incidents.desk import NotFound
from dispatcher.ledger import Tx, broadcasts, incidents, listing, now, reports, totals
from dispatcher.ledger.listing import Filter
from dispatcher.model.account import Account, total
from dispatcher.model.delivery import Status
from dispatcher.model.incident import Broadcast, Incident, State, Update
from dispatcher.model.story import DeliveryLine, Story
from dispatcher.render import fill
from dispatcher.wiring import Installation

router = console_router()

_ROWS = 50
_TROUBLE = "trouble"
#: What became of a form, told on the page it led to. Serious ones stand out.
NOTES = {
    "sent": "It is kept and on its way. This page shows how far it is.",
    "kept": "Kept; the broker cannot be reached, the workers will pick it up as soon as it is back.",
    "again": "This form was sent before. Nothing was sent twice; this is what it led to.",
    "changed": (
        "This form had been sent before, so what you changed on it since was not sent. "
        "Say it with an update if customers should hear it."
    ),
    "draft": "Kept as a draft. Nobody has been told yet.",
    "stopped": "Stopped. Nothing more of it is begun; what was under way is being settled. The incident is still open.",
    "dismissed": "Closed. Nobody had been told of it, and nobody is told now.",
    "open": "Good to know. The offer is gone; it comes back when the alerts fire and end once more.",
}
_SERIOUS = frozenset({"kept", "changed"})


@dataclass(frozen=True, slots=True)
class Told:
    """One update of the timeline."""

    update: Update
    broadcast: Broadcast | None
    words: tuple[SaidBy, ...]
    #: When the next word came that this update promised; None while it has not.
    followed_at: datetime | None

    def kept(self) -> bool | None:
        """Whether the promised next word came in time; None when nothing was promised or it is still awaited."""
        due = self.update.next_update_at
        return None if due is None or self.followed_at is None else self.followed_at <= due


@dataclass(frozen=True, slots=True)
class Snapshot:
    at: datetime
    incident: Incident
    told: tuple[Told, ...]
    progress: Progress | None
    account: Account
    #: The files that deliveries of it have gone into.
    archives: tuple[str, ...]

    @property
    def overdue(self) -> bool:
        due = self.told[-1].update.next_update_at if self.told else None
        return due is not None and self.incident.state is not State.RESOLVED and due <= self.at


@dataclass(frozen=True, slots=True)
class Asked:
    """Which deliveries to list, as in the page's address."""

    status: str = ""
    kind: str = ""
    route: str = ""
    update: str = ""
    id: str = ""
    after: int = 0

    @classmethod
    def of(cls, request: Request) -> Asked:
        given = request.query_params
        after = given.get("after", "")
        return cls(
            **{name: given.get(name, "").strip()[:80] for name in ("status", "kind", "route", "update", "id")},
            after=int(after) if re.fullmatch(r"[0-9]{1,18}", after) else 0,
        )

    @property
    def any(self) -> bool:
        return bool(self.status or self.kind or self.route or self.update or self.id)

    def query(self, after: int | None = None) -> str:
        """The same as an address, paged on."""
        names = ("status", "kind", "route", "update", "id")
        pairs = [(name, getattr(self, name)) for name in names if getattr(self, name)]
        page_on = self.after if after is None else after
        return urlencode([*pairs, *([("after", str(page_on))] if page_on else [])])


@router.get("/incidents/{incident_id}")
def incident(request: Request, incident_id: Number, session: LoggedIn, note: str = "") -> Response:
    snapshot = _look(request, incident_id, anew=True)
    live = _live(request, snapshot)
    asked = Asked.of(request)
    rows = _rows(request, snapshot, asked)
    return page(
        request,
        "incident.html",
        at=snapshot.at,
        incident=snapshot.incident,
        told=bool(snapshot.told),
        note=NOTES.get(note, ""),
        serious=note in _SERIOUS,
        live=Markup(live),  # noqa: S704 - rendered with escaping
        tag=mark_of(live),
        rows=Markup(rows),  # noqa: S704 - rendered with escaping
        rows_tag=mark_of(rows),
        asked=asked,
        kinds=[kind.value for kind in Kind],
        routes=list(installation(request).config.routes),
        updates=[one.update.number for one in snapshot.told],
    )


@router.get("/incidents/{incident_id}/live")
def incident_live(request: Request, incident_id: Number, session: LoggedIn) -> Response:
    snapshot = _look(request, incident_id, anew=False)
    return fragment(request, _live(request, snapshot), snapshot.at)


@router.get("/incidents/{incident_id}/receipts/live")
def receipts_live(request: Request, incident_id: Number, session: LoggedIn) -> Response:
    snapshot = _look(request, incident_id, anew=False)
    at = now()
    return fragment(request, _rows(request, snapshot, Asked.of(request)), at)


@router.get("/deliveries/{delivery_id}")
def delivery(request: Request, delivery_id: Number, session: LoggedIn) -> Response:
    at, story = _story(request, delivery_id)
    live = _story_text(request, at, story)
    return page(
        request,
        "delivery.html",
        at=at,
        story=story,
        live=Markup(live),  # noqa: S704 - rendered with escaping
        tag=mark_of(live),
    )


@router.get("/deliveries/{delivery_id}/live")
def delivery_live(request: Request, delivery_id: Number, session: LoggedIn) -> Response:
    at, story = _story(request, delivery_id)
    return fragment(request, _story_text(request, at, story), at)


def _story(request: Request, delivery_id: int) -> tuple[datetime, Story]:
    with installation(request).ledger.read() as tx:
        at = now()
        story = reports.story(tx, delivery_id)
        gone = "" if story else reports.archived_in(tx, delivery_id)
    if story is None:
        raise NotFound(f"there is no delivery {delivery_id} in the ledger{gone and f'; {gone}'}")
    return at, story


def _story_text(request: Request, at: datetime, story: Story) -> str:
    words = fill(Words(story.words), name=NAME).text
    return text_of(request, "_delivery.html", at=at, story=story, words=words)


def _look(request: Request, incident_id: int, *, anew: bool) -> Snapshot:
    here = installation(request)
    watch = remembered(request, "watch", Watch)
    return watch.look(("incident", incident_id), lambda: _read(here, incident_id), anew=anew)


def _read(here: Installation, incident_id: int) -> Snapshot:
    with here.ledger.read() as tx:
        at = now()
        about = here.desk.find(tx, incident_id)
        updates = incidents.updates(tx, incident_id)
        sent = {one.update_id: one for one in broadcasts.of_incident(tx, incident_id)}
        told = tuple(
            _told(tx, update, sent.get(update.id), later.created_at if later else None)
            for update, later in zip(updates, [*updates[1:], None], strict=True)
        )
        newest = told[-1].broadcast if told else None
        far = progress(tx, newest, here.hearing) if newest is not None else None
        account = total(reports.account(tx, one.id) for one in sent.values())
        files = dict.fromkeys(file for _, kept in totals.archived(tx, incident_id) for file in kept.files)
    return Snapshot(at, about, told, far, account, tuple(files))


def _told(tx: Tx, update: Update, sent: Broadcast | None, followed_at: datetime | None) -> Told:
    words = said(tuple(broadcasts.wording(tx, sent.id))) if sent is not None else ()
    return Told(update, sent, words, followed_at)


def _live(request: Request, snapshot: Snapshot) -> str:
    return text_of(
        request,
        "_incident.html",
        at=snapshot.at,
        now=snapshot,
        incident=snapshot.incident,
        config=installation(request).config,
        parts=PARTS,
        account=account_lines(snapshot.account),
    )


def _rows(request: Request, snapshot: Snapshot, asked: Asked) -> str:
    with installation(request).ledger.read() as tx:
        found = _deliveries(tx, snapshot, asked)
    values: dict[str, Any] = {
        "rows": found[:_ROWS],
        "more": len(found) > _ROWS,
        "asked": asked,
        "incident": snapshot.incident,
    }
    return text_of(request, "_receipts.html", **values)


def _deliveries(tx: Tx, snapshot: Snapshot, asked: Asked) -> list[DeliveryLine]:
    by_number = {str(one.update.number): one.broadcast.id for one in snapshot.told if one.broadcast is not None}
    which = Filter(
        incident_id=snapshot.incident.id,
        broadcast_id=by_number.get(asked.update),
        status=_statuses(asked.status),
        kind=asked.kind or None,
        route=asked.route or None,
    )
    if not asked.id:
        return listing.page(tx, which, after=asked.after, limit=_ROWS + 1)
    match = re.fullmatch(r"(?:(delivery|d|recipient|r)\s*)?#?([0-9]{1,18})", asked.id.lower())
    if match is None:
        return []
    number = int(match[2])
    found = []
    if (match[1] or "d").startswith("d"):
        found = [one for one in listing.page(tx, which, after=number - 1, limit=1) if one.id == number]
    if (match[1] or "r").startswith("r"):
        of_person = replace(which, recipient_id=number)
        found += [one for one in listing.page(tx, of_person, after=asked.after, limit=_ROWS + 1) if one not in found]
    return found


def _statuses(asked: str) -> frozenset[Status]:
    if asked == _TROUBLE:
        return NEED_A_LOOK
    return frozenset({Status(asked)}) if asked in set(Status) else frozenset()
