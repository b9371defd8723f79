"""What more workers add on one ledger, and what a message costs each part: from that follows what more hosts add.

Workers on one small machine fight for its processors, so that starting more of them shows nothing. Here each may have
only so many requests under way that the provider's latency, and not the processor, bounds it: then the rates add up
exactly as far as the ledger lets them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import psutil

from benchmarks.ground import Ground
from benchmarks.measure import Aside, Line
from benchmarks.provider import LATENCY_MS
from benchmarks.rows.end_to_end import MESSAGES, Engine
from benchmarks.site import Shape, Site, people, running

WORKERS = (1, 2, 4)
#: Requests under way at once in each worker, and so at most 160 messages a second.
WINDOW = 24
_SECONDS = 8


def run(ground: Ground) -> Iterator[Line | Aside]:
    """The rate of more workers over as many times the rate of one; and the costs."""
    each = ground.size(_SECONDS * WINDOW * 1000 // LATENCY_MS, least=100)
    rates: dict[int, float] = {}
    for workers in WORKERS:
        count = each * workers
        with ground.database.new() as url:
            shape = Shape(ground.provider.url, ledger_url=url, senders=workers, window=WINDOW)
            rates[workers] = _rate(ground, shape, count)
        print(f"  {workers} workers: {rates[workers]:,.0f} messages/s", flush=True)
    most = WORKERS[-1]
    yield Line(
        key="hosts.efficiency",
        what=f"{most} workers on one PostgreSQL, each bounded by its window of {WINDOW} requests",
        baseline=f"{most} times the rate of one such worker",
        reached=rates[most] / (most * rates[1]),
        goal=0.9,
        runs={f"{workers} workers": [rate] for workers, rate in rates.items()},
        note="messages/s seen by the provider, one run each; the goal is our own",
    )
    yield _costs(ground)


def _rate(ground: Ground, shape: Shape, count: int) -> float:
    with running(shape, people(count)) as site:
        engine = Engine(site, ground.provider, count)
        engine.run()
        engine.run()
        return engine.seen[-1]


def _costs(ground: Ground) -> Aside:
    """Microseconds of processor time per message of each part, while two senders work as fast as they can."""
    count = ground.size(MESSAGES, least=500)
    with (
        ground.database.new() as url,
        running(Shape(ground.provider.url, ledger_url=url), people(count)) as site,
    ):
        engine = Engine(site, ground.provider, count)
        engine.run()
        before = _used(ground, site)
        engine.run()
        after = _used(ground, site)
    return Aside("costs", {part: (after[part] - before[part]) / count * 1e6 for part in before})


def _used(ground: Ground, site: Site) -> Mapping[str, float]:
    """Seconds of processor time so far of the senders, of PostgreSQL, and of everything else of the system."""
    senders = [site.process(f"sender-{number}") for number in (1, 2)]
    others = [one for one in site.processes() if one not in senders]
    server = psutil.Process(ground.database.pid)
    return {
        "senders": sum(map(_seconds, senders)),
        "ledger": sum(map(_seconds, [server, *server.children()])),
        "others": sum(map(_seconds, others)),
    }


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
