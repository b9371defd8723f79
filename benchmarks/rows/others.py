"""The engine against what one would otherwise do: Celery with a task for each message, and Apprise."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from redis import Redis

from benchmarks.bare import TEXT
from benchmarks.ground import FEW, Ground
from benchmarks.measure import Line, in_turn, ratio
from benchmarks.provider import Provider
from benchmarks.rows.end_to_end import MESSAGES, Engine
from benchmarks.site import Shape, Site, people, phone, running
from dispatcher.faces.cli.supervise import module

_ROOT = Path(__file__).parents[2]
_WITHIN = 120.0


@dataclass(frozen=True, slots=True)
class Pool:
    """One way to run Celery's worker, how many messages are enough to know its rate, and what is to be reached."""

    name: str
    size: int
    messages: int
    goal: float


POOLS = (Pool("prefork", 2, 100, 200.0), Pool("threads", 64, 1_500, 12.0), Pool("gevent", 200, 1_500, 12.0))
#: People whom Apprise tells; it takes seconds for as many.
TARGETS = 250


def run(ground: Ground) -> Iterator[Line]:
    """The engine sends all messages of the first row; the others as many as show their rate.

    The engine's time is that from the API's call to the last recorded outcome. Theirs is that between the first and the
    last request at the provider, with all tasks in the broker before the worker starts: what suits them best.
    """
    count = ground.size(MESSAGES, least=500)
    provider = ground.provider
    with running(Shape(provider.url), people(count)) as site:
        engine = Engine(site, provider, count)
        taken = in_turn(
            ground.rounds(FEW),
            engine=engine.run,
            prefork=lambda: _celery(site, provider, POOLS[0], ground),
            threads=lambda: _celery(site, provider, POOLS[1], ground),
            gevent=lambda: _celery(site, provider, POOLS[2], ground),
            apprise=lambda: _apprise(provider, ground.size(TARGETS, least=20)),
        )
    for pool in POOLS:
        yield Line(
            key=f"celery.{pool.name}",
            what=f"the same, {count:,} SMS, SQLite",
            baseline=f"Celery, one task per message, {pool.name} {pool.size} ({ground.size(pool.messages):,} SMS)",
            reached=ratio(taken, "engine", pool.name),
            goal=pool.goal,
            unit=" ×",
            runs={"engine": taken["engine"], pool.name: taken[pool.name]},
            note="messages/s; Twilio's SDK with pooled connections, no ledger",
        )
    yield Line(
        key="apprise",
        what=f"the same, {count:,} SMS, SQLite",
        baseline=f"Apprise async_notify, all recipients at once ({ground.size(TARGETS, least=20)} targets json://)",
        reached=ratio(taken, "engine", "apprise"),
        goal=50.0,
        unit=" ×",
        runs={"engine": taken["engine"], "apprise": taken["apprise"]},
        note="messages/s",
    )


def _celery(site: Site, provider: Provider, pool: Pool, ground: Ground) -> float:
    """Messages per second that the provider sees from one Celery worker."""
    count = ground.size(pool.messages, least=20)
    # Another database of the same broker.
    broker = site.environment["DISPATCHER_BROKER_URL"].removesuffix("/0") + "/1"
    provider.reset()
    with Redis.from_url(broker) as client:
        client.flushdb()
    from benchmarks.celery_app import app, send

    app.conf.broker_url = broker
    with app.connection_for_write(broker) as connection, app.amqp.Producer(connection) as producer:
        for number in range(count):
            send.apply_async((phone(number), TEXT), producer=producer)
    with _worker(broker, provider, pool) as worker:
        seen = provider.until(count, within=_WITHIN, look=lambda: _require_alive(worker))
    return seen.rate


@contextmanager
def _worker(broker: str, provider: Provider, pool: Pool) -> Iterator[subprocess.Popen[bytes]]:
    quiet = ("--loglevel", "ERROR", "--without-gossip", "--without-mingle", "--without-heartbeat")
    process = subprocess.Popen(
        module("celery", "-A", "benchmarks.celery_app", "worker", "-P", pool.name, "-c", str(pool.size), *quiet),
        env={**os.environ, "BENCH_BROKER": broker, "BENCH_PROVIDER": provider.url},
        cwd=_ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def _require_alive(worker: subprocess.Popen[bytes]) -> None:
    if worker.poll() is not None:
        raise RuntimeError(f"Celery's worker ended with status {worker.returncode}")


def _apprise(provider: Provider, count: int) -> float:
    provider.reset()
    subprocess.run(module("benchmarks.apprise_all", provider.url, str(count)), check=True, cwd=_ROOT)
    seen = provider.seen()
    if seen.count != count:
        raise RuntimeError(f"Apprise made {seen.count} of {count} requests")
    return seen.rate
