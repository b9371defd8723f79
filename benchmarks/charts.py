"""The pictures of `docs/benchmarks.md`, all in one style."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import altair as alt

from benchmarks.measure import Line

_WIDTH = 560
_INK, _QUIET, _GRID = "#1f2933", "#52606d", "#e4e7eb"
GOOD, BAD, PLAIN = "#2f6f5e", "#b3412f", "#8a99a8"


def _theme() -> alt.theme.ThemeConfig:
    return alt.theme.ThemeConfig(
        config={
            "font": "Helvetica, Arial, sans-serif",
            "background": "white",
            "padding": 12,
            "title": {"anchor": "start", "color": _INK, "fontSize": 14, "fontWeight": 600, "offset": 12},
            "axis": {
                "labelColor": _QUIET,
                "titleColor": _QUIET,
                "titleFontWeight": 400,
                "gridColor": _GRID,
                "domain": False,
                "ticks": False,
                "labelLimit": 300,
                "labelPadding": 6,
            },
            "view": {"stroke": None},
            "bar": {"height": 13, "color": PLAIN},
            "legend": {"labelColor": _QUIET, "titleColor": _QUIET},
        }
    )


def draw(lines: Sequence[Line], asides: Mapping[str, Mapping[str, float]], folder: Path) -> dict[str, str]:
    """Write every picture for which there are figures; answers their file names by what they show."""
    alt.theme.register("outage-dispatcher", enable=True)(_theme)
    folder.mkdir(parents=True, exist_ok=True)
    by_key = {line.key: line for line in lines}
    wanted = {
        "goals": _goals(lines),
        "rates": _rates(by_key),
        "first": _first(by_key.get("first_message.p50")),
        "profile": _profile(asides.get("profile.packages", {})),
    }
    made = {}
    for name, chart in wanted.items():
        if chart is not None:
            path = folder / f"bench-{name}.svg"
            chart.save(str(path))
            path.write_text(path.read_text(encoding="utf-8").rstrip() + "\n", encoding="utf-8")
            made[name] = path.name
    return made


def _goals(lines: Sequence[Line]) -> alt.LayerChart | None:
    """How far each line is beyond its goal, as a factor; 1 is just met."""
    rows = [
        {"line": line.key, "factor": _factor(line), "state": "met" if line.met else "missed"}
        for line in lines
        if line.goal and line.reached
    ]
    if not rows:
        return None
    bars = (
        _chart(rows, "What was reached, as a multiple of the goal")
        .mark_bar()
        .encode(
            x=alt.X("factor:Q", title="1 = the goal", scale=alt.Scale(type="log")),
            x2=alt.datum(1),
            y=alt.Y("line:N", title=None, sort=None),
            color=alt.Color("state:N", title=None, scale=alt.Scale(domain=["met", "missed"], range=[GOOD, BAD])),
        )
    )
    rule = alt.Chart(alt.Data(values=[{"at": 1}])).mark_rule(color=_INK).encode(x="at:Q")
    return bars + rule


def _factor(line: Line) -> float:
    return line.reached / line.goal if line.better == "more" else line.goal / line.reached


def _rates(lines: Mapping[str, Line]) -> alt.LayerChart | None:
    """Messages per second of everything that was measured on the same provider."""
    rows = []
    for key, figure, name in (
        ("end_to_end.sqlite.tuned", "bare, whole", "bare loops, tuned, no ledger"),
        ("end_to_end.sqlite", "bare, whole", "bare loops, no ledger"),
        ("end_to_end.sqlite", "engine, whole", "Outage Dispatcher, SQLite"),
        ("end_to_end.postgresql", "engine, whole", "Outage Dispatcher, PostgreSQL"),
        ("celery.threads", "threads", "Celery, task per message, threads 64"),
        ("celery.gevent", "gevent", "Celery, task per message, gevent 200"),
        ("apprise", "apprise", "Apprise async_notify"),
        ("celery.prefork", "prefork", "Celery, task per message, prefork 2"),
    ):
        if key in lines:
            taken = sorted(lines[key].runs[figure])
            rows.append({"who": name, "rate": taken[len(taken) // 2], "ours": name.startswith("Outage")})
    if not rows:
        return None
    base = _chart(rows, "SMS per second, provider latency 150 ms").encode(
        x=alt.X("rate:Q", title="messages per second"), y=alt.Y("who:N", title=None, sort=None)
    )
    bars = base.mark_bar().encode(color=alt.condition("datum.ours", alt.value(GOOD), alt.value(PLAIN)))
    labels = base.mark_text(align="left", dx=5, color=_QUIET).encode(text=alt.Text("rate:Q", format=",.0f"))
    return bars + labels


def _first(line: Line | None) -> alt.Chart | None:
    """Which share of incidents had its first message at the provider after how long."""
    if line is None or "ms" not in line.runs:
        return None
    waits = sorted(line.runs["ms"])
    rows = [{"ms": wait, "share": number / len(waits)} for number, wait in enumerate(waits, 1)]
    return (
        _chart(rows, "From the API's 201 to the first message at the provider")
        .mark_line(color=GOOD, interpolate="step-after")
        .encode(
            x=alt.X("ms:Q", title="milliseconds", scale=alt.Scale(zero=True)),
            y=alt.Y("share:Q", title="share of incidents", axis=alt.Axis(format="%")),
        )
        .properties(height=160)
    )


def _profile(packages: Mapping[str, float]) -> alt.Chart | None:
    """Where a sender's processor time goes."""
    rows = [{"package": name, "share": share} for name, share in packages.items()]
    if not rows:
        return None
    return (
        _chart(rows, "Processor time of a sender, by package")
        .mark_bar(color=GOOD)
        .encode(
            x=alt.X("share:Q", title=None, axis=alt.Axis(format="%")),
            y=alt.Y("package:N", title=None, sort=None),
        )
    )


def _chart(rows: Sequence[Mapping[str, Any]], title: str) -> alt.Chart:
    return alt.Chart(alt.Data(values=list(rows)), title=title).properties(width=_WIDTH)
