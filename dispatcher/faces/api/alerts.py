"""Where monitoring systems enqueue their alerts."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from dispatcher.faces.api.access import Here, Ring, caller
from dispatcher.faces.api.problems import can_be
from dispatcher.faces.api.shapes import ReactedOut
from dispatcher.faces.worker.bells import Bells
from dispatcher.incidents.react import Reacted, react
from dispatcher.intake import alertmanager, generic
from dispatcher.model.signal import Signal
from dispatcher.wiring import Installation

router = APIRouter(
    prefix="/api/v1/alerts",
    tags=["alerts"],
    dependencies=[Depends(caller)],
    responses=can_be(400, 401, 413, 415, 422, 503),
)


class AlertsOut(BaseModel):
    """What each alert led to. The same alert again is the same incident, so repeating a call is harmless."""

    alerts: list[ReactedOut]


@router.post("/alertmanager", status_code=202)
def from_alertmanager(body: alertmanager.Webhook, here: Here, ring: Ring) -> AlertsOut:
    """Prometheus Alertmanager's webhook, version 4. Set the key as its `http_config.authorization.credentials`."""
    return _take_in(here, ring, alertmanager.signals(body))


@router.post("/generic", status_code=202)
def from_anything(body: generic.GenericAlert, here: Here, ring: Ring) -> AlertsOut:
    """One alert in our own plain form, for any monitor that can post JSON."""
    return _take_in(here, ring, [generic.signal(body)])


def _take_in(here: Installation, ring: Bells, signals: Sequence[Signal]) -> AlertsOut:
    with here.ledger.write() as tx:
        reacted = [react(tx, one, here.config.rules, here.desk) for one in signals]
    for one in reacted:
        if one.told is not None:
            ring.plan(one.told.broadcast.id)
    return AlertsOut(alerts=[_out(one) for one in reacted])


def _out(one: Reacted) -> ReactedOut:
    return ReactedOut(
        key=one.key,
        lead=one.lead.value,
        rule=one.rule,
        incident_id=one.incident_id,
        broadcast_id=one.told.broadcast.id if one.told else None,
        why=one.why,
    )
