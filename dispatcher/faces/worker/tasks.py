"""The tasks: each loads by id, calls one stage, and rings the next bell."""

from __future__ import annotations

from typing import Any

import structlog
from pydantic import ValidationError

from dispatcher.deliver.sweep import sweep
from dispatcher.faces.worker.app import app
from dispatcher.faces.worker.life import life
from dispatcher.faces.worker.runtime import runtime
from dispatcher.incidents.react import react
from dispatcher.intake.generic import GenericAlert, signal
from dispatcher.ledger import LedgerAway, feeds, now

log = structlog.get_logger(__name__)

_FOLD = 500


@app.task(name="dispatcher.plan")
def plan(broadcast_id: int) -> None:
    """Make the deliveries of an accepted broadcast."""
    here = runtime()
    here.bells.deliver(here.installation.planner.plan(broadcast_id))


@app.task(name="dispatcher.deliver")
def deliver(route: str) -> None:
    """Send what is due on a route."""
    here = runtime()
    due = here.deliver(route)
    if due is not None and due <= now():
        here.bells.deliver([route])


@app.task(name="dispatcher.confirm")
def confirm(route: str) -> None:
    """Ask a provider what became of messages of which nothing is known."""
    here = runtime()
    if here.confirm(route):
        here.bells.confirm([route])


@app.task(name="dispatcher.fold")
def fold() -> None:
    """Fold the receipts that wait."""
    here = runtime()
    while True:
        folded, woken = here.installation.folder.fold_some(_FOLD)
        here.bells.deliver(woken)
        if folded < _FOLD:
            return


@app.task(name="dispatcher.sweep")
def sweep_task() -> None:
    """Ring for everything in the ledger that should be under way and is not."""
    here = runtime()
    if not here.sweeps.is_time():
        return
    found = sweep(here.installation.ledger, here.installation.rules, here.clock)
    for broadcast_id in found.broadcasts:
        here.bells.plan(broadcast_id)
    here.bells.deliver(found.routes)
    here.bells.confirm(found.confirmations)
    if found.receipts:
        here.bells.fold()
    if here.installation.feeds:
        with here.installation.ledger.read() as tx:
            due = feeds.are_due(tx, here.installation.feeds)
        if due:
            here.bells.poll()
    if found.lost or found.expired:
        log.warning("sweep", lost=found.lost, expired=found.expired)
    if (mine := life()) is not None:
        mine.call()


@app.task(name="dispatcher.poll")
def poll() -> None:
    """Read the vendors' status feeds that are due."""
    runtime().poll_feeds()


@app.task(name="dispatcher.canary")
def canary() -> None:
    """Say that this worker takes work. Having begun is the sign that the watchdog waits for."""
    if (mine := life()) is not None:
        mine.tell()


@app.task(
    name="dispatcher.alert",
    acks_late=True,
    reject_on_worker_lost=True,
    autoretry_for=(LedgerAway,),
    retry_backoff=True,
    retry_backoff_max=60,
    max_retries=None,
)
def alert(payload: dict[str, Any]) -> None:
    """Take in one alert from another Celery application; `payload` is the generic form as JSON.

    It is acknowledged when the ledger has it. A payload that is not of the form is refused with an error in the log.
    """
    here = runtime()
    try:
        taken = signal(GenericAlert.model_validate(payload))
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_input=False)]
        log.error("alert refused: not of the documented form", problems=wrong)
        return
    with here.installation.ledger.write() as tx:
        reacted = react(tx, taken, here.installation.config.rules, here.installation.desk)
    if reacted.told is not None:
        here.bells.plan(reacted.told.broadcast.id)
    log.info("alert", key=reacted.key, lead=reacted.lead, incident=reacted.incident_id, why=reacted.why)
