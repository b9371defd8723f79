"""How the Celery application is made: its queues, its patience, its one clock.

Tasks carry ids and route names, nothing else: whatever is lost with the broker, the sweep finds again in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable

from celery import Celery
from kombu import Queue

from channels.contract import Kind
from dispatcher.faces.worker.beat import Steady
from dispatcher.faces.worker.brokers import broker_settings
from dispatcher.plan.chains import Way

CONTROL = "control"
RECEIPTS = "receipts"
QUEUES = (*(kind.value for kind in Kind), CONTROL, RECEIPTS)

#: Seconds between two sweeps: the longest that a lost bell can hold anything up.
SWEEP_EVERY = 5.0


def queues_of(ways: Iterable[Way]) -> list[str]:
    """The queues that somebody must take from: control, receipts, and the kinds of the routes that can be used."""
    used = {way.kind.value for way in ways if not way.problem}
    return [name for name in QUEUES if name in used or name in {CONTROL, RECEIPTS}]


def make_app(broker_url: str | None) -> Celery:
    """A Celery application on this broker; without one it can only be looked at.

    Raises:
        SettingsError: the address cannot be used.
    """
    app = Celery("dispatcher", include=["dispatcher.faces.worker.tasks"])
    app.conf.update(
        **broker_settings(broker_url),
        task_queues=[Queue(name) for name in QUEUES],
        task_default_queue=CONTROL,
        task_create_missing_queues=False,
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
        task_serializer="json",
        accept_content=["json"],
        # A worker takes one bell at a time, so that a long one does not sit on others.
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        # A publisher finds out soon that the broker is away; what it wanted to ring for is in the ledger.
        task_publish_retry=True,
        task_publish_retry_policy={"max_retries": 1, "interval_start": 0.1, "interval_max": 0.2},
        beat_scheduler="dispatcher.faces.worker.beat:SteadyScheduler",
        # No expiry: it would be judged by another host's clock. A sweep too many is recognised by who takes it.
        beat_schedule={
            "sweep": {"task": "dispatcher.sweep", "schedule": Steady(SWEEP_EVERY), "options": {"queue": CONTROL}}
        },
        # Every worker has a queue of its own beside the others, for its canary (`watchdog`).
        worker_direct=True,
        timezone="UTC",
    )
    return app
