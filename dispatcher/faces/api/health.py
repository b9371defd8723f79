"""Whether the system lives, and whether it can do its work."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from pydantic import BaseModel

from dispatcher.faces.api.access import Here
from dispatcher.faces.api.problems import Problem, can_be
from dispatcher.ledger import LedgerAway, now, queue, receipts
from dispatcher.ledger.migrate import require_current

router = APIRouter(tags=["health"])

oldest_due = Gauge("dispatcher_oldest_due_seconds", "Age of the oldest delivery that should have been tried")
unknown_receipts = Gauge("dispatcher_unknown_receipts", "Receipts kept for attempts that nobody knows")

#: A delivery that is due for so long means that nobody takes work.
_LATE = 30.0
_RETRY = {"Retry-After": "5"}


@router.get("/healthz")
def alive() -> dict[str, str]:
    """The web process answers."""
    return {"status": "ok"}


class Ready(BaseModel):
    status: Literal["ready"] = "ready"
    oldest_due_seconds: float


@router.get("/readyz", responses=can_be(503))
def ready(here: Here) -> Ready:
    """The ledger is there and in the right form, and somebody takes the work."""
    try:
        require_current(here.ledger)
        with here.ledger.read() as tx:
            due = queue.oldest_due(tx)
    except LedgerAway as away:
        raise Problem(503, f"not ready: {away}", headers=_RETRY) from None
    age = _age(due)
    if age > _LATE:
        raise Problem(503, f"not ready: work has been waiting for {age:.0f} s; do workers run?", headers=_RETRY)
    return Ready(oldest_due_seconds=age)


def _age(due: datetime | None) -> float:
    return 0.0 if due is None else max(0.0, (now() - due).total_seconds())


@router.get("/metrics", response_class=PlainTextResponse)
def metrics(here: Here) -> Response:
    """For Prometheus. What only the ledger knows is NaN while it is away."""
    age = unknown = math.nan
    try:
        with here.ledger.read() as tx:
            age, unknown = _age(queue.oldest_due(tx)), receipts.unknown(tx)
    except LedgerAway:
        pass
    oldest_due.set(age)
    unknown_receipts.set(unknown)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
