"""The Celery application and its queues.

Run as `celery -A dispatcher.faces.worker.app worker --pool threads --queues sms,control,…`. Tasks carry ids and route
names, nothing else: whatever is lost with the broker, the sweep finds again in the ledger.
"""

from __future__ import annotations

from celery import Celery
from celery.signals import setup_logging, worker_process_shutdown, worker_shutting_down
from kombu import Queue

from channels.contract import Kind
from dispatcher.faces.log import set_up
from dispatcher.settings import load

CONTROL = "control"
RECEIPTS = "receipts"
QUEUES = (*(kind.value for kind in Kind), CONTROL, RECEIPTS)

#: Seconds between two sweeps: the longest that a lost bell can hold anything up.
SWEEP_EVERY = 5.0


def make_app(broker_url: str | None) -> Celery:
    """A Celery application on this broker; without one it can only be looked at."""
    app = Celery("dispatcher", broker=broker_url or "redis://127.0.0.1:1/0", include=["dispatcher.faces.worker.tasks"])
    app.conf.update(
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
        broker_transport_options={
            "socket_connect_timeout": 5,
            "socket_timeout": 30,
            "socket_keepalive": True,
            "health_check_interval": 10,
            "retry_on_timeout": True,
        },
        # A publisher finds out soon that the broker is away; what it wanted to ring for is in the ledger.
        task_publish_retry=True,
        task_publish_retry_policy={"max_retries": 1, "interval_start": 0.1, "interval_max": 0.2},
        beat_schedule={
            "sweep": {
                "task": "dispatcher.sweep",
                "schedule": SWEEP_EVERY,
                # A sweep that nobody took before the next one is not worth doing twice.
                "options": {"queue": CONTROL, "expires": SWEEP_EVERY},
            }
        },
        timezone="UTC",
    )
    return app


app = make_app(load().broker_url)


@setup_logging.connect
def _logging(**_: object) -> None:
    set_up()


@worker_shutting_down.connect
@worker_process_shutdown.connect
def _stop(**_: object) -> None:
    # Imported late: it makes the installation, which a process that only rings bells does not need.
    from dispatcher.faces.worker.runtime import stop_runtime

    stop_runtime()
