"""Incidents."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response

from dispatcher.faces import confirming
from dispatcher.faces.api.access import Caller, Here, Ring, caller
from dispatcher.faces.api.once import IdempotencyKey
from dispatcher.faces.api.problems import can_be
from dispatcher.faces.api.shapes import (
    AccountOut,
    BroadcastOut,
    ClosingOut,
    IncidentOut,
    IncidentPage,
    IncidentStory,
    NewIncident,
    NewUpdate,
    ProgressOut,
    RouteOut,
    Stop,
    ToldOut,
    UpdateOut,
)
from dispatcher.faces.once import once
from dispatcher.faces.progress import Progress, of_incident
from dispatcher.incidents.desk import Say
from dispatcher.ledger import Tx, incidents, now, reports
from dispatcher.model.account import total

router = APIRouter(
    prefix="/api/v1", tags=["incidents"], dependencies=[Depends(caller)], responses=can_be(401, 422, 503)
)

_STARTING = can_be(400, 409, 413, 415) | {200: {"model": ToldOut, "description": "Done before by the same key."}}

#: Ids are 64-bit numbers; a larger one is no id.
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
After = Annotated[int, Query(ge=0, le=2**63 - 1, description="The `next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=1000)]


@router.post("/incidents", status_code=201, responses=_STARTING)
def open_incident(
    body: NewIncident, here: Here, ring: Ring, author: Caller, response: Response, key: IdempotencyKey = None
) -> ToldOut:
    """Open an incident and tell its audience."""
    order = body.order(author)

    def do(tx: Tx) -> dict[str, Any]:
        if body.draft:
            return ToldOut(incident=IncidentOut.of(here.desk.draft(tx, order))).model_dump(mode="json")
        say = Say(author=author, next_update_in=body.next_update_in, override=body.override)
        return ToldOut.of(here.desk.open(tx, order, say)).model_dump(mode="json")

    done, fresh = once(
        here.ledger, scope=f"{author} POST incidents", key=key, request=body.model_dump(mode="json"), do=do
    )
    return _answer(done, ring, response, fresh=fresh)


@router.post("/incidents/{incident_id}/updates", status_code=201, responses=_STARTING | can_be(404))
def post_update(
    incident_id: Id,
    body: NewUpdate,
    here: Here,
    ring: Ring,
    author: Caller,
    response: Response,
    key: IdempotencyKey = None,
) -> ToldOut:
    """Say the next thing about an incident; `state: resolved` says that it is over.

    `retracts: true` says that there was none, and takes back what was posted.
    """
    say = Say(
        author=author,
        state=body.state,
        facts=body.facts,
        next_update_in=body.next_update_in,
        override=body.override,
        retracts=body.retracts,
    )

    def do(tx: Tx) -> dict[str, Any]:
        told = here.desk.tell(tx, here.desk.find(tx, incident_id, lock=True), say)
        return ToldOut.of(told).model_dump(mode="json")

    scope = f"{author} POST incidents/{incident_id}/updates"
    done, fresh = once(here.ledger, scope=scope, key=key, request=body.model_dump(mode="json"), do=do)
    return _answer(done, ring, response, fresh=fresh)


@router.post("/incidents/{incident_id}/stop", responses=can_be(400, 404, 409, 413, 415))
def stop_sending(incident_id: Id, body: Stop, here: Here, author: Caller) -> BroadcastOut:
    """Halt what is being sent about an incident: nothing more of it is begun, what is under way is settled.

    The incident stays open, and the next update goes out as usual. Doing it again changes nothing.
    """
    with here.ledger.write() as tx:
        done = here.desk.stop(tx, here.desk.find(tx, incident_id, lock=True), author=author, why=body.why)
    return BroadcastOut.of(done.broadcast)


@router.post("/incidents/{incident_id}/dismiss", responses=can_be(404, 409))
def dismiss_draft(incident_id: Id, here: Here) -> IncidentOut:
    """Close a draft of which nobody was told, without telling anybody."""
    with here.ledger.write() as tx:
        return IncidentOut.of(here.desk.dismiss(tx, here.desk.find(tx, incident_id, lock=True)))


def _answer(done: dict[str, Any], ring: Ring, response: Response, *, fresh: bool) -> ToldOut:
    told = ToldOut.model_validate(done)
    if not fresh:
        response.status_code = 200
        response.headers["Idempotent-Replay"] = "true"
    # Rung for a repeat too: the caller may repeat because the first answer, or the first bell, was lost.
    if told.broadcast is not None:
        told.rung = ring.plan(told.broadcast.id)
    return told


@router.get("/incidents")
def list_incidents(here: Here, only_open: bool = False, after: After = 0, limit: Limit = 50) -> IncidentPage:
    """Incidents, newest first."""
    with here.ledger.read() as tx:
        found = incidents.newest(tx, only_open=only_open, limit=limit, before=after or None)
    following = found[-1].id if len(found) == limit else None
    return IncidentPage(incidents=[IncidentOut.of(one) for one in found], next=following, as_of=now())


@router.get("/incidents/{incident_id}", responses=can_be(404))
def show_incident(incident_id: Id, here: Here) -> IncidentStory:
    """An incident, what was said about it, and how far each broadcast is."""
    with here.ledger.read() as tx:
        found = here.desk.find(tx, incident_id)
        done = of_incident(here, tx, incident_id)
        return IncidentStory(
            incident=IncidentOut.of(found),
            updates=[UpdateOut.of(one) for one in incidents.updates(tx, incident_id)],
            broadcasts=[_progress(one) for one in done],
            account=AccountOut.of(total(one.account for one in done)),
            maybe_twice=reports.maybe_twice(tx, incident_id),
        )


@router.post("/incidents/{incident_id}/confirm", status_code=202, responses=can_be(404))
def confirm_receipts(incident_id: Id, here: Here, ring: Ring) -> ClosingOut:
    """Ask the providers now about every message of which nobody knows whether it arrived.

    202 means kept: they are asked whatever dies now. `GET` the same address to see how far it is.
    """
    with here.ledger.write() as tx:
        routes = confirming.begin(here, tx, incident_id)
    # The engine looks up what is in doubt, the other task asks about what was taken.
    rung = ring.confirm(routes) and ring.deliver(routes)
    with here.ledger.read() as tx:
        shown = ClosingOut.of(confirming.look(here, tx, incident_id), now())
    shown.rung = rung
    return shown


@router.get("/incidents/{incident_id}/confirm", responses=can_be(404))
def show_confirmation(incident_id: Id, here: Here) -> ClosingOut:
    """How far providers have been asked, and whose fate is unknown, with why their providers cannot be asked."""
    with here.ledger.read() as tx:
        return ClosingOut.of(confirming.look(here, tx, incident_id), now())


def _progress(one: Progress) -> ProgressOut:
    return ProgressOut(
        broadcast=BroadcastOut.of(one.broadcast),
        as_of=now(),
        under_way=one.under_way,
        first_accepted_at=one.span.first,
        last_accepted_at=one.span.last,
        routes=[RouteOut.of(line) for line in one.routes],
        account=AccountOut.of(one.account),
    )
