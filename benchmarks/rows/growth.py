"""What a message costs when there are ten and a hundred times as many people."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from benchmarks.ground import FEW, Ground
from benchmarks.many import fill
from benchmarks.measure import Line
from benchmarks.site import PHONES, Shape, running

SIZES = (10_000, 100_000, 1_000_000)
#: Sending all of a million would take longer than everything else together, so the first are sent and timed.
FIRST = 8_000
_WITHIN = 300.0


def run(ground: Ground) -> Iterator[Line]:
    """Microseconds per message: planning, by person, and sending, by each of the first messages.

    Planning is the time from the API's answer to the first request at the provider, over the number of people. Sending
    is the time between the first request and the last of the first 8,000, over their number. Every run has a fresh
    copy of its database.
    """
    sizes = [ground.size(size, least=300) for size in SIZES]
    first = min(FIRST, round(sizes[0] * 0.8))
    rounds = ground.rounds(FEW)
    planned: dict[int, list[float]] = {size: [] for size in sizes}
    sent: dict[int, list[float]] = {size: [] for size in sizes}
    with ground.database.filled(fill, sizes) as filled:
        for number in range(1, rounds + 1):
            for size in sizes:
                plan, send = _once(ground, filled[size], size, first)
                planned[size].append(plan)
                sent[size].append(send)
                told = f"{size:,} people: {plan:.0f} µs to plan, {send:.0f} µs to send"
                print(f"  round {number} of {rounds}: {told}", flush=True)
    whole = {size: [one + other for one, other in zip(planned[size], sent[size], strict=True)] for size in sizes}
    for size in sizes[1:]:
        yield Line(
            key=f"growth.{size}",
            what=f"time per message with {size:,} recipients, PostgreSQL",
            baseline=f"with {sizes[0]:,} recipients",
            reached=statistics.median(one / other for one, other in zip(whole[size], whole[sizes[0]], strict=True)),
            goal=1.2,
            better="less",
            runs={
                f"{part}, µs, {people:,}": taken[people]
                for part, taken in (("plan", planned), ("send", sent))
                for people in (sizes[0], size)
            },
            note=f"µs to plan, by person, and to send, by each of the first {first:,}; "
            f"medians {statistics.median(planned[size]):.0f} + {statistics.median(sent[size]):.0f}",
        )


def _once(ground: Ground, template: str, size: int, first: int) -> tuple[float, float]:
    with (
        ground.database.new(template) as url,
        running(Shape(ground.provider.url, ledger_url=url), []) as site,
    ):
        # What every process does once, it has done after this.
        ground.provider.reset()
        site.tell(PHONES)
        ground.provider.until(1, within=60, look=site.system.look)
        ground.provider.reset()
        _, answered = site.tell()
        ground.provider.until(first, within=_WITHIN, look=site.system.look)
        seen = ground.provider.seen(first)
        assert seen.first is not None
        return (seen.first - answered) / size * 1e6, 1e6 / seen.rate
