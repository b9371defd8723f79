"""Whether the system lives, and whether it can do its work."""

from __future__ import annotations

import math
from typing import Literal

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from pydantic import BaseModel

from dispatcher.deliver.health import Health, examine
from dispatcher.faces.api.access import Here
from dispatcher.faces.api.problems import Problem, can_be
from dispatcher.faces.vendors import looks
from dispatcher.faces.worker.making import queues_of
from dispatcher.ledger import LedgerAway, breakers, receipts
from dispatcher.ledger.migrate import require_current
from dispatcher.model.circuit import Breaker, Circuit
from dispatcher.model.vendors import VendorState
from dispatcher.wiring import Installation

router = APIRouter(tags=["health"])

oldest_due = Gauge("dispatcher_oldest_due_seconds", "Age of the oldest delivery that should have been tried")
sweep_age = Gauge("dispatcher_sweep_age_seconds", "Time since the last sweep")
worker_age = Gauge("dispatcher_worker_age_seconds", "Time since a worker last took work", ["worker"])
complaints = Gauge("dispatcher_complaints", "What is wrong, counted; /readyz says it in words")
vendor_state = Gauge("dispatcher_vendor_state", "0 ok, 1 degraded, 2 down, -1 unknown", ["vendor", "source"])
unknown_receipts = Gauge("dispatcher_unknown_receipts", "Receipts kept for attempts that nobody knows")

_STATES = {VendorState.OK: 0, VendorState.DEGRADED: 1, VendorState.DOWN: 2, VendorState.UNKNOWN: -1}
breaker_open = Gauge(
    "dispatcher_breaker_open", "Whether a route is left alone: 0 closed, 0.5 half-open, 1 open", ["route"]
)

_OPEN = {Breaker.CLOSED: 0.0, Breaker.HALF_OPEN: 0.5, Breaker.OPEN: 1.0}
_RETRY = {"Retry-After": "5"}


@router.get("/healthz")
def alive() -> dict[str, str]:
    """The web process answers."""
    return {"status": "ok"}


class Ready(BaseModel):
    """All is well. Ages are in seconds."""

    status: Literal["ready"] = "ready"
    oldest_due_seconds: float
    sweep_age_seconds: float | None
    workers: dict[str, float]
    #: Routes whose breaker is open. They are cared for; it is no complaint.
    left_alone: list[str]


@router.get("/readyz", responses=can_be(503))
def ready(here: Here) -> Ready:
    """The ledger is there and in the right form, somebody sweeps, and every queue has a worker that takes its work."""
    try:
        require_current(here.ledger)
        found = _examine(here)
        with here.ledger.read() as tx:
            left_alone = sorted(route for route, one in breakers.every(tx).items() if not one.is_closed)
    except LedgerAway as away:
        raise Problem(503, f"not ready: {away}", headers=_RETRY) from None
    if found.complaints:
        raise Problem(503, f"not ready: {'; '.join(found.complaints)}", headers=_RETRY, problems=found.complaints)
    return Ready(
        oldest_due_seconds=found.oldest_due,
        sweep_age_seconds=found.swept,
        workers={name: round(age, 1) for name, age in found.workers.items()},
        left_alone=left_alone,
    )


def _examine(here: Installation) -> Health:
    return examine(here.ledger, queues_of(here.ways))


@router.get("/metrics", response_class=PlainTextResponse)
def metrics(here: Here) -> Response:
    """For Prometheus. What only the ledger knows is NaN while it is away."""
    found, unknown = Health((), False, math.nan, math.nan, {}), math.nan
    wrong = math.nan
    vendor_state.clear()  # what is not known is not there
    circuits: dict[str, Circuit] | None = None
    try:
        found = _examine(here)
        wrong = len(found.complaints)
        with here.ledger.read() as tx:
            unknown = receipts.unknown(tx)
            circuits = breakers.every(tx)
        for one in looks(here):
            vendor_state.labels(one.name, one.source.value).set(_STATES[one.state])
    except LedgerAway:
        pass
    oldest_due.set(found.oldest_due)
    sweep_age.set(math.nan if found.swept is None else found.swept)
    worker_age.clear()
    for name, age in found.workers.items():
        worker_age.labels(name).set(age)
    for name in here.config.routes:
        state = math.nan if circuits is None else _OPEN[circuits.get(name, Circuit()).state]
        breaker_open.labels(name).set(state)
    complaints.set(wrong)
    unknown_receipts.set(unknown)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
