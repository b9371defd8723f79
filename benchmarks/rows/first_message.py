"""How long an idle system takes from the API's answer until the provider has the first message."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

from benchmarks.ground import Ground
from benchmarks.measure import Line, percentile
from benchmarks.site import Shape, people, running

INCIDENTS = 100
_WARM_UP = 3


def run(ground: Ground) -> Iterator[Line]:
    """One incident after another, each when nothing else is to be done, to one person."""
    count = ground.size(INCIDENTS, least=10)
    waits = []
    with running(Shape(ground.provider.url), people(1)) as site:
        for number in range(_WARM_UP + count):
            # Not in step with anything that happens every so many seconds.
            time.sleep(random.uniform(0.1, 0.5))
            ground.provider.reset()
            _, answered = site.tell()
            seen = ground.provider.until(1, within=30, look=site.system.look)
            assert seen.first is not None
            if number >= _WARM_UP:
                waits.append((seen.first - answered) * 1000)
    for name, share, goal in (("p50", 0.5, 60.0), ("p99", 0.99, 300.0)):
        yield Line(
            key=f"first_message.{name}",
            what=f"first message after the API's 201, idle system, {name} of {count} incidents",
            baseline="",
            reached=percentile(waits, share),
            goal=goal,
            better="less",
            unit=" ms",
            runs={"ms": waits} if name == "p50" else {},
            note="web and worker processes as `dispatcher up` starts them, SQLite",
        )
