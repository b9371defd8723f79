"""Closing the loop: whose fate is unknown is asked at the providers now; why the others cannot be asked, in words."""

from __future__ import annotations

from dataclasses import dataclass

from channels.contract import Repeat
from dispatcher.faces.progress import of_incident
from dispatcher.ledger import Tx, confirming, receipts
from dispatcher.model.confirming import Confirmation, Unknown
from dispatcher.wiring import Installation


@dataclass(frozen=True, slots=True)
class Closing:
    """How far the loop is closed.

    Attributes:
        confirmations: How far each route has been asked.
        unknown: What nobody knows the fate of, by route, with why its provider is not asked.
        still_unknown: How many of them the report counts as unknown; where no receipt ever comes, being taken is all
            there is to know.
        pending: Whether providers are still being asked, or answers wait to be folded.
    """

    confirmations: tuple[Confirmation, ...]
    unknown: tuple[Unknown, ...]
    still_unknown: int
    pending: bool


def begin(here: Installation, tx: Tx, incident_id: int) -> list[str]:
    """Have everything asked that can be; answers the routes to ring for.

    Raises:
        NotFound: there is no such incident.
    """
    here.desk.find(tx, incident_id)
    of_it = confirming.of_incident(tx, incident_id)
    routes = [one.route for one in _unknown(here, tx, of_it) if not one.why_not]
    confirming.request(tx, of_it, routes)
    return routes


def look(here: Installation, tx: Tx, incident_id: int) -> Closing:
    """How far it is."""
    here.desk.find(tx, incident_id)
    of_it = confirming.of_incident(tx, incident_id)
    done = tuple(confirming.of(tx, of_it))
    busy = any(one.finished_at is None for one in done) or bool(confirming.being_asked(tx, of_it))
    return Closing(
        confirmations=done,
        unknown=tuple(_unknown(here, tx, of_it)),
        still_unknown=sum(line.unknown for one in of_incident(here, tx, incident_id) for line in one.routes),
        pending=busy or bool(receipts.unfolded(tx, 1)),
    )


def _unknown(here: Installation, tx: Tx, broadcast_ids: list[int]) -> list[Unknown]:
    return [
        Unknown(kind, route, number, why_not(here, route))
        for kind, route, number in confirming.unknown(tx, broadcast_ids)
    ]


def why_not(here: Installation, route: str) -> str:
    """Why a route's provider cannot be asked about a message, "" when it can be."""
    if route not in here.config.routes:
        return "the route was taken out of the configuration"
    can = here.capabilities(route)
    if can.repeat is Repeat.LOOKUP:
        return ""
    if can.hears_failures:
        return "its provider tells nothing when a message arrives, only when one comes back"
    if route in here.hearing:
        return "its provider sends receipts by itself and cannot be asked"
    return "its provider tells nothing about a message that it took"
