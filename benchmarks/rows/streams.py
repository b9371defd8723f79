"""Very many people with the app open on one web process, and one update for all of them."""

from __future__ import annotations

import asyncio
import resource
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.ground import Ground
from benchmarks.measure import Line, percentile
from benchmarks.reading import Readers
from benchmarks.site import Shape, Site, running
from channels.contract import Kind
from dispatcher.faces.api.inapp.tickets import TicketFor, make_ticket
from dispatcher.model.recipient import Recipient

STREAMS = 5_000
#: Streams that are opened before memory is looked at: what a web process needs for the first ones is not theirs.
_FIRST = 50
_WITHIN = 30.0
#: Files that a process needs besides its streams.
_SPARE = 500


@dataclass(frozen=True, slots=True)
class _Found:
    """Seconds until the messages came, by round; how many did not come; bytes of the web process for each stream."""

    waits: Sequence[Sequence[float]]
    lost: int
    memory: float


def run(ground: Ground) -> Iterator[Line]:
    """All streams stay open while update after update is told; each update is an incident of its own."""
    count = ground.size(STREAMS, least=100)
    _allow_files(count + _SPARE)
    who = [Recipient(f"a{number}", addresses={Kind.INAPP: f"user-{number}"}) for number in range(count)]
    with running(Shape("http://127.0.0.1:1"), who) as site:
        found = asyncio.run(_measure(site, count, ground.rounds()))
    slowest = [percentile(waits, 0.99) for waits in found.waits]
    yield Line(
        key="streams.p99",
        what=f"in-app: {count:,} open streams on one web process, one update, p99 of the time until it is there",
        baseline="",
        reached=statistics.median(slowest),
        goal=2.0,
        better="less",
        unit=" s",
        runs={"p99": slowest, "p50": [percentile(waits, 0.5) for waits in found.waits]},
        note="from the API's 201 to the event at the reader; what lies between is planning, delivering, looking",
    )
    yield Line(
        key="streams.lost",
        what=f"in-app: messages that did not come within {_WITHIN:.0f} s, of {count * len(found.waits):,}",
        baseline="",
        reached=found.lost,
        goal=0,
        better="less",
    )
    yield Line(
        key="streams.memory",
        what=f"in-app: memory of the web process for each of {count:,} streams, after {len(found.waits)} updates",
        baseline="",
        reached=found.memory / 1000,
        goal=60.0,
        better="less",
        unit=" kB",
    )


async def _measure(site: Site, count: int, rounds: int) -> _Found:
    web = site.process("create_app")
    tickets = [make_ticket(TicketFor(user=f"user-{number}"), site.system.here).ticket for number in range(count)]
    waits, lost = [], 0
    async with Readers(site.system.port, tickets[:_FIRST]):
        before = web.memory_info().rss
    async with Readers(site.system.port, tickets) as readers:
        for number in range(1, rounds + 1):
            readers.forget()
            incident, answered = await asyncio.to_thread(site.tell)
            await readers.until_all(_WITHIN)
            waits.append([moment - answered for moment in readers.came.values()])
            lost += count - len(readers.came)
            print(f"  round {number} of {rounds}: p99 {percentile(waits[-1], 0.99):.2f} s", flush=True)
            await asyncio.to_thread(site.until_recorded, incident, within=60)
        after = web.memory_info().rss
        if readers.cut:
            raise RuntimeError(f"{readers.cut} streams were ended by the server")
    return _Found(waits, lost, (after - before) / (count - _FIRST))


def _allow_files(count: int) -> None:
    """Let this process, and those it starts, open so many files, as far as the machine allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= hard < count:
        raise SystemExit(f"this row opens {count} files, and the limit is {hard}; raise it (ulimit -Hn), or set SCALE")
    if 0 <= soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))
