"""Measures the rows of the table as ratios against a baseline of the same run, and publishes what it found.

make bench                              everything; writes docs/benchmarks.json, docs/benchmarks.md and the charts
make bench ONLY=end_to_end,receipts     some rows; the others keep what they had
make bench SCALE=0.1                    a quick pass with small sizes; writes into build/bench, publishes nothing
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from benchmarks import report
from benchmarks.compare import Judged
from benchmarks.ground import Ground
from benchmarks.measure import Aside, Line
from benchmarks.rows import (
    bad_channel,
    end_to_end,
    exports,
    first_message,
    growth,
    hosts,
    others,
    plan,
    profile,
    reach,
    receipts,
    streams,
)

ROWS: Mapping[str, Callable[[Ground], Iterator[Line | Aside]]] = {
    "end_to_end": end_to_end.run,
    "others": others.run,
    "first_message": first_message.run,
    "bad_channel": bad_channel.run,
    "plan": plan.run,
    "reach": reach.run,
    "receipts": receipts.run,
    "streams": streams.run,
    "exports": exports.run,
    "growth": growth.run,
    "hosts": hosts.run,
    "profile": profile.run,
}
#: The first part of the keys of lines, in the order of the table.
ORDER = [
    "end_to_end",
    "celery",
    "apprise",
    "first_message",
    "bad_channel",
    "plan",
    "reach",
    "receipts",
    "streams",
    "exports",
    "growth",
    "hosts",
]
_QUICK = Path("build/bench")


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
    """Measure the chosen rows, and publish them."""
    reader = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0])
    reader.add_argument("--only", type=_chosen, default=list(ROWS), help="rows, separated by commas")
    reader.add_argument("--scale", type=_scale, default=1.0, help="of the sizes; below 1 nothing is published")
    wanted = reader.parse_args()
    # Told to go, it takes with it what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    target = report.ROOT if wanted.scale == 1 else report.ROOT / _QUICK
    began = time.monotonic()
    failed = []
    with Ground(wanted.scale) as ground:
        for name in wanted.only:
            print(f"{name} (after {time.monotonic() - began:.0f} s)", flush=True)
            try:
                found = list(ROWS[name](ground))
            except Exception as error:  # noqa: BLE001 - one row that cannot be measured shall not cost the others
                print(f"  not measured: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
                failed.append(name)
                continue
            # At once, so that a run that is stopped keeps what it has.
            known = report.merged(report.published(target), found, ORDER, wanted.scale)
            judged = report.publish(known, report.committed(), target)
            _tell(one for one in judged if one.line in found)
    print(f"{target / report.PAGE} (after {time.monotonic() - began:.0f} s)")
    if failed:
        sys.exit(f"not measured: {', '.join(failed)}; the reasons stand above")


def _tell(judged: Iterator[Judged]) -> None:
    for one in judged:
        goal = f"{'at least' if one.line.better == 'more' else 'at most'} {report.shown(one.line.goal)}"
        against = f" against {one.line.baseline}" if one.line.baseline else ""
        print(f"  {one.line.what}{against}: {report.shown(one.line.reached)}{one.line.unit} ({goal}: {one.verdict})")


if __name__ == "__main__":
    main()
