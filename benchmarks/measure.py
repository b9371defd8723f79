"""What a row of the table is made of, and how runs are taken: in turn, and the median of each."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table.

    Attributes:
        key: Names the line from one run of the suite to the next.
        what: What was measured.
        baseline: What it was compared with in the same run, "" for a figure that stands alone.
        reached: The ratio or figure that was reached.
        goal: What it has to reach.
        better: Whether more or less of it is better.
        unit: Of `reached` and `goal`; "" for a plain ratio.
        runs: Every single figure behind it, by name.
        note: What a reader must know to judge it.
    """

    key: str
    what: str
    baseline: str
    reached: float
    goal: float
    better: Literal["more", "less"] = "more"
    unit: str = ""
    runs: Mapping[str, Sequence[float]] = field(default_factory=dict)
    note: str = ""

    @property
    def met(self) -> bool:
        return self.reached >= self.goal if self.better == "more" else self.reached <= self.goal


@dataclass(frozen=True, slots=True)
class Aside:
    """What is told beside the table: figures by name."""

    key: str
    figures: Mapping[str, float]


def in_turn(rounds: int, **parts: Callable[[], float]) -> dict[str, list[float]]:
    """Take every part once a round (A B A B …), so that what else the machine does falls on all of them."""
    taken: dict[str, list[float]] = {name: [] for name in parts}
    for number in range(1, rounds + 1):
        for name, part in parts.items():
            taken[name].append(part())
        told = ", ".join(f"{name} {figures[-1]:,.3g}" for name, figures in taken.items())
        print(f"  round {number} of {rounds}: {told}", flush=True)
    return taken


def ratio(taken: Mapping[str, Sequence[float]], of: str, to: str) -> float:
    """The median of the ratios, each of two figures of the same round."""
    return statistics.median(one / other for one, other in zip(taken[of], taken[to], strict=True))


def percentile(figures: Sequence[float], share: float) -> float:
    """The smallest figure that this share of all figures does not exceed."""
    if not figures:
        raise ValueError("there is no percentile of nothing; was anything measured?")
    ordered = sorted(figures)
    return ordered[max(0, -(-len(ordered) * round(share * 1000) // 1000) - 1)]
