"""The Celery application of this process.

Run as `celery -A dispatcher.faces.worker.app worker --pool threads --queues sms,control,…`.
"""

from __future__ import annotations

from typing import Any

from celery.signals import setup_logging, worker_process_shutdown, worker_ready, worker_shutting_down

from dispatcher.faces.log import set_up
from dispatcher.faces.worker.making import make_app
from dispatcher.settings import load

app = make_app(load().broker_url)


@setup_logging.connect
def _logging(**_: object) -> None:
    set_up()


@worker_ready.connect
def _watch(sender: Any, **_: object) -> None:
    from dispatcher.faces.worker.life import begin

    begin(sender.hostname, sender.app.amqp.queues.consume_from, sender.pool.limit)


@worker_shutting_down.connect
@worker_process_shutdown.connect
def _stop(**_: object) -> None:
    # Imported late: it makes the installation, which a process that only rings bells does not need.
    from dispatcher.faces.worker.life import end
    from dispatcher.faces.worker.runtime import stop_runtime

    end()
    stop_runtime()
