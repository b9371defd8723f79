"""Measures the rows of the table as ratios against a baseline of the same run, and publishes what it found.

make bench                              everything; writes docs/benchmarks.json, docs/benchmarks.md and the charts
make bench ONLY=end_to_end,receipts     some rows; the others keep what they had
make bench SCALE=0.1                    a quick pass with small sizes; writes into build/bench, publishes nothing
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Mapping

from benchmarks.ground import Ground
from benchmarks.measure import Line
from benchmarks.rows import bad_channel, end_to_end, first_message, growth, hosts, others, plan, receipts, streams

ROWS: Mapping[str, Callable[[Ground], Iterator[Line]]] = {
    "end_to_end": end_to_end.run,
    "others": others.run,
    "first_message": first_message.run,
    "bad_channel": bad_channel.run,
    "plan": plan.run,
    "receipts": receipts.run,
    "streams": streams.run,
    "growth": growth.run,
    "hosts": hosts.run,
}


def _chosen(given: str) -> list[str]:
    names = [name.strip() for name in given.split(",") if name.strip()] or list(ROWS)
    if unknown := set(names) - set(ROWS):
        raise argparse.ArgumentTypeError(f"no row is called {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}")
    return names


def _scale(given: str) -> float:
    try:
        scale = float(given)
    except ValueError:
        scale = 0.0
    if not 0 < scale <= 1:
        raise argparse.ArgumentTypeError(f"{given!r} is no scale; give a number above 0 and up to 1, such as 0.1")
    return scale


def main() -> None:
    """Measure the chosen rows."""
    reader = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0])
    reader.add_argument("--only", type=_chosen, default=list(ROWS), help="rows, separated by commas")
    reader.add_argument("--scale", type=_scale, default=1.0, help="of the sizes; below 1 nothing is published")
    wanted = reader.parse_args()
    began = time.monotonic()
    with Ground(wanted.scale) as ground:
        for name in wanted.only:
            print(f"{name} ({time.monotonic() - began:.0f} s)", flush=True)
            for line in ROWS[name](ground):
                goal = f"{'at least' if line.better == 'more' else 'at most'} {line.goal:g}"
                print(f"  {line.what}: {line.reached:.3g}{line.unit} ({goal}: {'met' if line.met else 'missed'})")


if __name__ == "__main__":
    main()
