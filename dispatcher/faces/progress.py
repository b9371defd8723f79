"""How far an incident's broadcasts are, for every face alike."""

from __future__ import annotations

from dataclasses import dataclass

from dispatcher.ledger import Tx, broadcasts, reports
from dispatcher.model.account import Account
from dispatcher.model.incident import Broadcast, BroadcastStatus
from dispatcher.model.story import RouteLine, Span
from dispatcher.wiring import Installation


@dataclass(frozen=True, slots=True)
class Progress:
    """`under_way` counts deliveries that something will still happen to by itself, receipts apart."""

    broadcast: Broadcast
    routes: tuple[RouteLine, ...]
    under_way: int
    span: Span
    account: Account

    @property
    def standing(self) -> str:
        """Where the broadcast stands, in words for people: being planned, on its way, replaced, or settled."""
        match self.broadcast.status:
            case BroadcastStatus.ACCEPTED:
                return "not planned yet"
            case BroadcastStatus.SUPERSEDED if self.broadcast.stopped_at:
                return "stopped"
            case BroadcastStatus.SUPERSEDED:
                return "replaced by a newer update"
            case _:
                return f"under way, {self.under_way} to go" if self.under_way else "all sent that will be"

    @property
    def settled(self) -> bool:
        """Whether nothing more will happen to it by itself, receipts apart."""
        return self.broadcast.status is not BroadcastStatus.ACCEPTED and not self.under_way


def progress(here: Installation, tx: Tx, one: Broadcast) -> Progress:
    """How far one broadcast is."""
    span = reports.span(tx, one.id)
    return Progress(
        broadcast=one,
        routes=tuple(reports.by_route(tx, one.id, here.hearing)),
        under_way=reports.under_way(tx, one.id),
        span=span or Span(one.created_at, None, None),
        account=reports.account(tx, one.id),
    )


def of_incident(here: Installation, tx: Tx, incident_id: int) -> list[Progress]:
    """Every broadcast of an incident, first to last."""
    return [progress(here, tx, one) for one in broadcasts.of_incident(tx, incident_id)]
