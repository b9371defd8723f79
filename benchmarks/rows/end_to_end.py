"""From the API's acceptance to the last recorded outcome, against the same SDK calls with nothing around them."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from benchmarks.ground import FEW, Ground
from benchmarks.measure import Line, in_turn, ratio
from benchmarks.provider import Provider
from benchmarks.site import Shape, Site, people, running
from dispatcher.faces.cli.supervise import module

MESSAGES = 20_000
PROCESSES = 2
_WITHIN = 300.0
_ROOT = Path(__file__).parents[2]


@dataclass
class Engine:
    """Tells everybody of a running site, again and again.

    Attributes:
        whole: Messages per second from the API's call to the last recorded outcome, of every run.
        seen: Messages per second between the first and the last request that the provider saw, of every run.
    """

    site: Site
    provider: Provider
    count: int
    whole: list[float] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)

    def run(self) -> float:
        """One broadcast; answers the whole rate."""
        self.provider.reset()
        called = time.time()
        incident, _ = self.site.tell()
        seen = self.provider.until(self.count, within=_WITHIN, look=self.site.system.look)
        recorded = self.site.until_recorded(incident, within=_WITHIN)
        if (seen.count, seen.distinct) != (self.count, self.count):
            raise RuntimeError(f"{self.count} people were told by {seen.count} messages to {seen.distinct} numbers")
        self.whole.append(self.count / (recorded.timestamp() - called))
        self.seen.append(seen.rate)
        return self.whole[-1]


@dataclass
class Bare:
    """Sends as many messages by loops with nothing around them, again and again.

    Attributes:
        manner: `plain` or `tuned`, as `bare.py` says.
        whole: Messages per second from the first loop's start to the last answer, of every run.
        seen: As the engine's.
    """

    provider: Provider
    count: int
    manner: str
    processes: int = PROCESSES
    whole: list[float] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)

    def run(self) -> float:
        """All messages once; answers the whole rate."""
        self.provider.reset()
        bounds = [self.count * one // self.processes for one in range(self.processes + 1)]
        with ExitStack() as stack:
            loops = [stack.enter_context(self._loop(first, last)) for first, last in pairwise(bounds)]
            for loop in loops:
                _line(loop)
            for loop in loops:
                assert loop.stdin is not None
                loop.stdin.write("\n")
                loop.stdin.flush()
            moments = [json.loads(_line(loop)) for loop in loops]
        seen = self.provider.seen()
        if seen.distinct != self.count:
            raise RuntimeError(f"the bare loops sent {seen.count} messages to {seen.distinct} of {self.count} numbers")
        self.whole.append(self.count / (max(last for _, last in moments) - min(first for first, _ in moments)))
        self.seen.append(seen.rate)
        return self.whole[-1]

    def _loop(self, first: int, last: int) -> subprocess.Popen[str]:
        return subprocess.Popen(
            (*module("benchmarks.bare"), self.provider.url, str(first), str(last), self.manner),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
        )


def _line(loop: subprocess.Popen[str]) -> str:
    assert loop.stdout is not None
    found = loop.stdout.readline()
    if not found:
        raise RuntimeError("a bare loop ended early; its error stands above")
    return found


def run(ground: Ground) -> Iterator[Line]:
    """On SQLite, and on PostgreSQL."""
    count = ground.size(MESSAGES, least=500)
    yield from _compared(ground, count, "sqlite", "SQLite", None, ground.rounds())
    with ground.database.new() as url:
        yield from _compared(ground, count, "postgresql", "PostgreSQL", url, ground.rounds(FEW))


def _compared(ground: Ground, count: int, key: str, ledger: str, url: str | None, rounds: int) -> Iterator[Line]:
    shape = Shape(ground.provider.url, ledger_url=url, senders=PROCESSES)
    plain, tuned = (Bare(ground.provider, count, manner) for manner in ("plain", "tuned"))
    with running(shape, people(count)) as site:
        engine = Engine(site, ground.provider, count)
        in_turn(rounds, engine=engine.run, plain=plain.run, tuned=tuned.run)
    what = f"end to end, {count:,} SMS, {ledger} on disk, 150 ms latency, {PROCESSES} worker processes"
    loops = f"the same SDK calls in {PROCESSES} bare asyncio loops, no ledger"
    yield _line_of(f"end_to_end.{key}", what, loops, engine, plain)
    yield _line_of(
        f"end_to_end.{key}.tuned", what, f"{loops}, on uvloop and with a collector tuned alike", engine, tuned
    )


def _line_of(key: str, what: str, baseline: str, engine: Engine, bare: Bare) -> Line:
    taken = {
        "engine, whole": engine.whole,
        "bare, whole": bare.whole,
        "engine, seen by the provider": engine.seen,
        "bare, seen by the provider": bare.seen,
    }
    whole = ratio(taken, "engine, whole", "bare, whole")
    seen = ratio(taken, "engine, seen by the provider", "bare, seen by the provider")
    return Line(
        key=key,
        what=what,
        baseline=baseline,
        reached=min(whole, seen),
        goal=0.75,
        runs=taken,
        note=f"messages/s; from the call of the API to the last recorded outcome {whole:.2f}, "
        f"between the first and the last request {seen:.2f}; the lower one counts",
    )
