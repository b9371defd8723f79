"""Whether the system lives, and whether it can do its work."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest

from dispatcher.faces.api.access import Here
from dispatcher.ledger import LedgerAway, now, queue, receipts
from dispatcher.ledger.migrate import require_current

router = APIRouter(tags=["health"])

oldest_due = Gauge("dispatcher_oldest_due_seconds", "Age of the oldest delivery that should have been tried")
unknown_receipts = Gauge("dispatcher_unknown_receipts", "Receipts kept for attempts that nobody knows")

#: A delivery that is due for so long means that nobody takes work.
_LATE = 30.0


@router.get("/healthz")
def alive() -> dict[str, str]:
    """The web process answers."""
    return {"status": "ok"}


@router.get("/readyz")
def ready(here: Here) -> Response:
    """The ledger is there and in the right form, and somebody takes the work."""
    try:
        require_current(here.ledger)
        with here.ledger.read() as tx:
            due = queue.oldest_due(tx)
    except LedgerAway as away:
        return JSONResponse({"status": "not ready", "why": str(away)}, 503)
    age = 0.0 if due is None else max(0.0, (now() - due).total_seconds())
    if age > _LATE:
        return JSONResponse(
            {"status": "not ready", "why": f"work has been waiting for {age:.0f} s; do workers run?"}, 503
        )
    return JSONResponse({"status": "ready", "oldest_due_seconds": age})


@router.get("/metrics")
def metrics(here: Here) -> Response:
    """For Prometheus."""
    with here.ledger.read() as tx:
        due = queue.oldest_due(tx)
        unknown_receipts.set(receipts.unknown(tx))
    oldest_due.set(0 if due is None else max(0.0, (now() - due).total_seconds()))
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
