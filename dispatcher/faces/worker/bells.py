"""Rings for the workers. A bell carries no work: when it is lost, the sweep finds the work in the ledger."""

from __future__ import annotations

from collections.abc import Iterable

import structlog
from amqp.exceptions import AMQPError
from celery import Celery
from celery.utils.nodenames import worker_direct
from kombu import Queue
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

#: What any of the brokers can do to a bell. A caller that has kept its work in the ledger need not know.
_NOT_RUNG = (KombuError, RedisError, AMQPError, OSError, EOFError)


class Bells:
    """Rings by name, so that a face needs none of the worker's code.

    Args:
        app: The Celery application.
        queue_of: The queue of a route: its kind.
    """

    def __init__(self, app: Celery, queue_of: dict[str, str]) -> None:
        self._app = app
        self._queue_of = queue_of

    def plan(self, broadcast_id: int) -> bool:
        """There is a broadcast to plan. Answers whether the broker took the bell."""
        return self._ring("dispatcher.plan", "control", broadcast_id)

    def deliver(self, routes: Iterable[str]) -> bool:
        """These routes have something to do. Answers whether the broker took all the bells."""
        rung = [
            # A route that is not configured any more has no kind; whoever takes control work sends its messages on.
            self._ring("dispatcher.deliver", self._queue_of.get(name, "control"), name)
            for name in routes
        ]
        return all(rung)

    def confirm(self, routes: Iterable[str]) -> bool:
        """Somebody wants to know what became of messages by these routes. Answers whether the broker took the bells."""
        rung = [self._ring("dispatcher.confirm", self._queue_of.get(name, "control"), name) for name in routes]
        return all(rung)

    def fold(self) -> bool:
        """Receipts wait. Answers whether the broker took the bell."""
        return self._ring("dispatcher.fold", "receipts")

    def poll(self) -> bool:
        """Status feeds are due. Answers whether the broker took the bell."""
        return self._ring("dispatcher.poll", "control")

    def canary(self, node: str) -> bool:
        """For one worker, on its own queue. Answers whether the broker took the bell."""
        return self._ring("dispatcher.canary", worker_direct(node))

    def _ring(self, task: str, queue: str | Queue, *args: object) -> bool:
        try:
            # A queue that is in no list is handed over itself; the annotations know names only.
            self._app.send_task(task, args=args, queue=queue)  # type: ignore[arg-type]
        except _NOT_RUNG as error:
            log.warning("bell not rung; the sweep will find the work", task=task, error=type(error).__name__)
            return False
        return True
