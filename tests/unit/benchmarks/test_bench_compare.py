"""What the benchmarks make of their figures: medians, goals, and what became of a line since last time."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.compare import figures, judge
from benchmarks.measure import Aside, Line, in_turn, percentile, ratio
from benchmarks.report import merged, publish, published, shown

RATE = Line("row.rate", "a rate", "a baseline", reached=0.8, goal=0.75)
WAIT = Line("row.wait", "a wait", "", reached=50.0, goal=60.0, better="less", unit=" ms")
ORDER = ["first", "row"]


@pytest.mark.parametrize(
    ("line", "last", "verdict"),
    [
        (RATE, None, "met"),
        (RATE, 0.8, "met"),
        (RATE, 0.95, "met"),
        (RATE, 1.2, "met, **regression of 33%**"),
        (replace(RATE, reached=0.7), 0.7, "**missed**"),
        (replace(RATE, reached=0.5), 0.8, "**missed**, **regression of 38%**"),
        (replace(RATE, reached=0.65), 0.8, "**missed**"),
        (WAIT, 50.0, "met"),
        (WAIT, 45.0, "met"),
        (WAIT, 40.0, "met, **regression of 25%**"),
        (WAIT, 500.0, "met"),
        (replace(WAIT, reached=61.0), 61.0, "**missed**"),
    ],
)
def test_a_line_is_judged_by_its_goal_and_by_what_it_was(line: Line, last: float | None, verdict: str) -> None:
    before = {} if last is None else {line.key: last}
    assert judge(line, before).verdict == verdict


@pytest.mark.parametrize(
    ("line", "met"),
    [
        (replace(RATE, reached=0.75), True),
        (replace(RATE, reached=0.7499), False),
        (replace(WAIT, reached=60.0), True),
        (replace(WAIT, reached=60.1), False),
        (replace(WAIT, reached=0.0, goal=0.0), True),
    ],
)
def test_a_goal_is_met_when_it_is_just_reached(line: Line, met: bool) -> None:
    assert line.met is met


@pytest.mark.parametrize("other", [{}, {"messages": 4000, "median_ratio": 0.6}, {"lines": "none"}])
def test_figures_of_another_form_are_no_last_time(other: dict[str, Any]) -> None:
    assert figures(other) == {}


def test_figures_are_found_by_their_keys() -> None:
    assert figures({"lines": [{"key": "a", "reached": 1}, {"key": "b", "reached": 0.5}]}) == {"a": 1.0, "b": 0.5}


def test_parts_take_turns() -> None:
    calls: list[str] = []

    def part(name: str, figure: float) -> float:
        calls.append(name)
        return figure

    taken = in_turn(3, a=lambda: part("a", 2.0), b=lambda: part("b", 4.0))
    assert calls == ["a", "b"] * 3
    assert taken == {"a": [2.0] * 3, "b": [4.0] * 3}


def test_a_ratio_is_the_median_of_pairs_not_the_ratio_of_medians() -> None:
    taken = {"a": [1.0, 10.0, 3.0], "b": [1.0, 20.0, 4.0]}
    assert ratio(taken, "a", "b") == 0.75
    with pytest.raises(ValueError, match="shorter"):
        ratio({"a": [1.0, 2.0], "b": [1.0]}, "a", "b")


@pytest.mark.parametrize(
    ("share", "found"), [(0.5, 50.0), (0.99, 99.0), (1.0, 100.0), (0.0, 1.0), (0.001, 1.0), (0.011, 2.0)]
)
def test_percentiles_of_a_hundred(share: float, found: float) -> None:
    assert percentile([float(number) for number in range(100, 0, -1)], share) == found


def test_there_is_no_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="was anything measured"):
        percentile([], 0.5)


def test_a_part_of_the_table_leaves_the_rest_as_it_was() -> None:
    before = merged({}, [RATE, WAIT, Aside("costs", {"a": 1.0})], ORDER, 1.0)
    told = {
        "lines": [{"key": one.key, **_told(one)} for one in before.lines],
        "asides": before.asides,
    }
    first = replace(RATE, key="first")
    after = merged(told, [replace(WAIT, reached=9.0), first, Aside("profile", {"b": 2.0})], ORDER, 1.0)
    assert [line.key for line in after.lines] == ["first", "row.rate", "row.wait"]
    assert after.lines[1:] == (RATE, replace(WAIT, reached=9.0))
    assert after.asides == {"costs": {"a": 1.0}, "profile": {"b": 2.0}}


def _told(line: Line) -> dict[str, Any]:
    """As it stands in the file, with a figure that an older or newer form has besides."""
    names = ("what", "baseline", "reached", "goal", "better", "unit", "runs", "note")
    return {name: getattr(line, name) for name in names} | {"met": line.met}


@pytest.mark.parametrize(
    ("figure", "text"), [(0, "0"), (0.0, "0"), (0.6213, "0.621"), (12.94, "12.9"), (99.96, "100"), (4321.4, "4,321")]
)
def test_figures_are_shown_with_what_they_say(figure: float, text: str) -> None:
    assert shown(figure) == text


def test_what_was_not_measured_keeps_what_it_was_last_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs of a row each, before anything is committed: each line is compared with what was committed before it."""
    monkeypatch.setitem(sys.modules, "benchmarks.charts", SimpleNamespace(draw=lambda *_: {}))
    committed = {"lines": [{"key": RATE.key, "reached": 0.6}, {"key": WAIT.key, "reached": 70.0}]}

    def measure(*lines: Line) -> dict[str, float | None]:
        known = merged(published(tmp_path), lines, ORDER, 1.0)
        return {one.line.key: one.last for one in publish(known, committed, tmp_path)}

    assert measure(RATE, WAIT) == {RATE.key: 0.6, WAIT.key: 70.0}
    committed = {"lines": [{"key": RATE.key, "reached": 0.8}, {"key": WAIT.key, "reached": 50.0}]}
    assert measure(replace(RATE, reached=0.9)) == {RATE.key: 0.8, WAIT.key: 70.0}
    assert measure(replace(WAIT, reached=45.0)) == {RATE.key: 0.8, WAIT.key: 50.0}
    assert measure(Line("row.new", "new", "", reached=1.0, goal=1.0))["row.new"] is None
    assert "| 0.75 | 0.9 | 0.8 |" in (tmp_path / "docs/benchmarks.md").read_text(encoding="utf-8").replace("≥ ", "")
