"""What became of each line since the last published run. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.measure import Line

#: A line that is this much worse than last time is a regression, whether its goal is met or not.
TOLERATED = 0.20


@dataclass(frozen=True, slots=True)
class Judged:
    """A line with what it was last time. `change` is positive for better, None when there is no last time."""

    line: Line
    last: float | None
    change: float | None

    @property
    def regressed(self) -> bool:
        return self.change is not None and self.change < -TOLERATED

    @property
    def verdict(self) -> str:
        goal = "met" if self.line.met else "**missed**"
        return f"{goal}, **regression of {-self.change:.0%}**" if self.change and self.regressed else goal


def judge(line: Line, before: Mapping[str, float]) -> Judged:
    """Compare a line with the figure it had before, by its key."""
    last = before.get(line.key)
    if not last:
        return Judged(line, None, None)
    change = line.reached / last - 1
    return Judged(line, last, change if line.better == "more" else -change)


def figures(published: Mapping[str, Any]) -> dict[str, float]:
    """What was reached by the lines of a `docs/benchmarks.json`; empty for a file of another form."""
    lines = published.get("lines")
    if not isinstance(lines, list):
        return {}
    return {one["key"]: float(one["reached"]) for one in lines}
