"""Who got it, by what, and why: deliveries as a list, as a file, and as a story."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.responses import StreamingResponse
from pydantic import AwareDatetime, StringConstraints

from channels.contract import Kind
from dispatcher.faces.api.access import Here, caller
from dispatcher.faces.api.problems import Problem, can_be
from dispatcher.faces.api.shapes import DeliveryOut, DeliveryPage, StoryOut
from dispatcher.faces.narrowing import Asked, UnknownValue, narrow
from dispatcher.faces.tabling import as_csv, as_json_lines
from dispatcher.ledger import Tx, listing, now, reports
from dispatcher.ledger.listing import Filter
from dispatcher.model.config import Name, Tag
from dispatcher.model.delivery import Status
from dispatcher.model.hints import hint
from dispatcher.model.story import DeliveryLine
from dispatcher.wiring import Installation


def _known_only(request: Request) -> None:
    """Refuses a parameter that is not documented: a misspelt filter would answer with everybody."""
    known = _parameters(request.scope["route"].dependant)
    unknown = sorted(set(request.query_params) - known)
    problems = [f"query.{name}: there is no such parameter; {hint(name, known)}" for name in unknown]
    if problems:
        raise Problem(422, "the request is not of the documented form; see the problems and /docs", problems)


def _parameters(of: Dependant) -> set[str]:
    """The names of what an operation, and all that it depends on, takes from the query."""
    return {one.alias for one in of.query_params}.union(*map(_parameters, of.dependencies))


router = APIRouter(
    prefix="/api/v1",
    tags=["deliveries"],
    dependencies=[Depends(caller), Depends(_known_only)],
    responses=can_be(401, 422, 503),
)

_LARGEST = 2**63 - 1
Id = Annotated[int, Path(ge=1, le=_LARGEST)]
Number = Annotated[int | None, Query(ge=1, le=_LARGEST)]
After = Annotated[int, Query(ge=0, le=_LARGEST, description="The `next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=1000)]
Totals = Annotated[bool, Query(description="Count all that fit by their status, too; ask for it once, not per page.")]
#: Whatever can stand in the ledger.
_Text = StringConstraints(min_length=1, max_length=320, pattern=r"^[^\x00]*$")


def _asked(
    broadcast: Number = None,
    update: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="By its number within the incident.")] = None,
    status: Annotated[list[Status] | None, Query()] = None,
    kind: Kind | None = None,
    route: Name | None = None,
    tag: Tag | None = None,
    recipient: Annotated[
        Annotated[str, _Text] | None, Query(description="A person's number or ref, or `d:name` for a destination.")
    ] = None,
    address: Annotated[
        Annotated[str, _Text] | None,
        Query(description="As it is shown anywhere (`+1********67`, `…@example.com`), or all of it."),
    ] = None,
    reason: Annotated[
        Annotated[str, _Text] | None, Query(description="Words of the reason, or a code, ours or the provider's.")
    ] = None,
    since: Annotated[AwareDatetime | None, Query(description="Something happened to it then or later.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="The last thing happened to it before.")] = None,
) -> Asked:
    return Asked(
        broadcast=broadcast,
        update=update,
        status=status or (),
        kind=kind,
        route=route,
        tag=tag,
        recipient=recipient,
        address=address,
        reason=reason,
        since=since,
        until=until,
    )


Which = Annotated[Asked, Depends(_asked)]


def _of_all(which: Which, incident: Number = None) -> Asked:
    return which.about(incident)


def _of_one(which: Which, incident_id: Id) -> Asked:
    return which.about(incident_id)


OfAll = Annotated[Asked, Depends(_of_all)]
OfOne = Annotated[Asked, Depends(_of_one)]


@router.get("/deliveries", responses=can_be(404))
def list_deliveries(
    here: Here, which: OfAll, after: After = 0, limit: Limit = 100, totals: Totals = False
) -> DeliveryPage:
    """Deliveries in the order of their ids. Everything given must hold; `status` may be given more than once."""
    return _page(here, which, after, limit, totals=totals)


@router.get("/incidents/{incident_id}/deliveries", responses=can_be(404))
def list_deliveries_of_incident(
    here: Here, which: OfOne, after: After = 0, limit: Limit = 100, totals: Totals = False
) -> DeliveryPage:
    """The deliveries of one incident, as `GET /api/v1/deliveries`."""
    return _page(here, which, after, limit, totals=totals)


class _Csv(StreamingResponse):
    media_type = "text/csv"


class _JsonLines(StreamingResponse):
    media_type = "application/jsonl"


@router.get("/deliveries.csv", response_class=_Csv, responses=can_be(404))
def export_csv(here: Here, which: OfAll) -> StreamingResponse:
    """All that fit, as a table for a spreadsheet. Addresses are masked. It is read while it is sent."""
    return _csv(here, which)


@router.get("/incidents/{incident_id}/deliveries.csv", response_class=_Csv, responses=can_be(404))
def export_csv_of_incident(here: Here, which: OfOne) -> StreamingResponse:
    """The same of one incident."""
    return _csv(here, which)


@router.get("/deliveries.jsonl", response_class=_JsonLines, responses=can_be(404))
def export_json_lines(here: Here, which: OfAll) -> StreamingResponse:
    """All that fit, each as JSON on a line. Addresses are masked. It is read while it is sent."""
    return _json_lines(here, which)


@router.get("/incidents/{incident_id}/deliveries.jsonl", response_class=_JsonLines, responses=can_be(404))
def export_json_lines_of_incident(here: Here, which: OfOne) -> StreamingResponse:
    """The same of one incident."""
    return _json_lines(here, which)


@router.get("/deliveries/{delivery_id}", responses=can_be(404))
def show_delivery(delivery_id: Id, here: Here) -> StoryOut:
    """The whole story of one delivery: its chain with reasons, every attempt, look-up and receipt."""
    with here.ledger.read() as tx:
        found = reports.story(tx, delivery_id)
        gone = "" if found else reports.archived_in(tx, delivery_id)
    if found is None:
        raise Problem(404, f"there is no delivery {delivery_id} in the ledger{gone and f'; {gone}'}")
    return StoryOut.of(found, now())


def _page(here: Installation, asked: Asked, after: int, limit: int, *, totals: bool) -> DeliveryPage:
    with here.ledger.read() as tx:
        which = _narrowed(here, tx, asked)
        found = listing.page(tx, which, after=after, limit=limit)
        standing = listing.standing(tx, which) if totals else None
    following = found[-1].id if len(found) == limit else None
    return DeliveryPage(
        deliveries=[DeliveryOut.of(one) for one in found],
        next=following,
        standing=None if standing is None else {status.value: number for status, number in standing.items()},
        as_of=now(),
    )


def _csv(here: Installation, asked: Asked) -> StreamingResponse:
    return _Csv(as_csv(_pages(here, asked)), headers={"Content-Disposition": 'attachment; filename="deliveries.csv"'})


def _json_lines(here: Installation, asked: Asked) -> StreamingResponse:
    return _JsonLines(as_json_lines(_pages(here, asked)))


def _pages(here: Installation, asked: Asked) -> Iterator[list[DeliveryLine]]:
    """Refuses before anything is sent."""
    with here.ledger.read() as tx:
        which = _narrowed(here, tx, asked)
    return listing.pages(here.ledger, which)


def _narrowed(here: Installation, tx: Tx, asked: Asked) -> Filter:
    try:
        return narrow(here, tx, asked)
    except UnknownValue as unknown:
        raise Problem(422, str(unknown)) from None
