"""Publishes what was found: figures as JSON, a page for people, pictures."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from benchmarks.compare import Judged, figures, judge
from benchmarks.measure import Aside, Line

ROOT = Path(__file__).parents[1]
FIGURES = Path("docs/benchmarks.json")
PAGE = Path("docs/benchmarks.md")
IMAGES = Path("docs/images")


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that is known: lines in the order of the table, and figures beside it.

    `measured` are the keys of the lines that are new; `lasts` says what the others were compared with when they were.
    """

    lines: tuple[Line, ...]
    asides: Mapping[str, Mapping[str, float]]
    about: Mapping[str, Any]
    measured: frozenset[str]
    lasts: Mapping[str, float]

    def before(self, committed: Mapping[str, float]) -> dict[str, float]:
        """What each line was last time: of a new one the committed figure; of others what it was when they were new."""
        return {key: figure for key, figure in committed.items() if key in self.measured} | dict(self.lasts)


def merged(before: Mapping[str, Any], found: Iterable[Line | Aside], order: list[str], scale: float) -> Found:
    """What was found now over what an earlier run had found; what was not measured now stays as it was."""
    taken = list(found)
    known = {one["key"]: _line(one) for one in before.get("lines", [])} if figures(before) else {}
    known |= {one.key: one for one in taken if isinstance(one, Line)}
    rank = {name: at for at, name in enumerate(order)}
    lines = sorted(known.values(), key=lambda line: rank.get(line.key.partition(".")[0], len(order)))
    asides = dict(before.get("asides", {})) | {one.key: dict(one.figures) for one in taken if isinstance(one, Aside)}
    measured = frozenset(one.key for one in taken if isinstance(one, Line))
    lasts = {
        one["key"]: float(one["last"])
        for one in (before.get("lines", []) if figures(before) else [])
        if one["key"] not in measured and one.get("last")
    }
    return Found(tuple(lines), asides, _about(scale), measured, lasts)


def committed() -> dict[str, Any]:
    """The published figures as they were last committed; empty when there are none, or no git."""
    done = subprocess.run(
        ["git", "show", f"HEAD:{FIGURES.as_posix()}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return _object(done.stdout) if done.returncode == 0 else {}


def published(root: Path) -> dict[str, Any]:
    """The figures as they stand in the folder."""
    path = root / FIGURES
    return _object(path.read_text(encoding="utf-8")) if path.exists() else {}


def publish(found: Found, last: Mapping[str, Any], root: Path) -> list[Judged]:
    """Write figures, page and pictures below `root`; answers every line with its verdict."""
    judged = [judge(line, found.before(figures(last))) for line in found.lines]
    (root / FIGURES).parent.mkdir(parents=True, exist_ok=True)
    told = {"about": found.about, "lines": [_dict(one) for one in judged], "asides": _rounded(found.asides)}
    (root / FIGURES).write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    from benchmarks import charts  # drawing needs parts that judging does not

    pictures = charts.draw(found.lines, found.asides, root / IMAGES)
    page = (
        _templates()
        .get_template("page.md.j2")
        .render(judged=judged, asides=found.asides, about=found.about, pictures=pictures)
    )
    (root / PAGE).write_text(page.rstrip() + "\n", encoding="utf-8")
    return judged


def shown(figure: float) -> str:
    """A figure as people read it: three digits that say something."""
    if figure == 0:
        return "0"
    return f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3g}"


def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=False,  # noqa: S701 - the page is Markdown, and no stranger's words are in it
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["shown"] = shown
    return made


def _about(scale: float) -> dict[str, Any]:
    return {
        "taken": datetime.now(UTC).date().isoformat(),
        "scale": scale,
        "processors": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def _line(told: Mapping[str, Any]) -> Line:
    names = {field.name for field in fields(Line)}
    return Line(**{name: value for name, value in told.items() if name in names})


def _dict(one: Judged) -> dict[str, Any]:
    rounded: dict[str, Any] = _rounded(asdict(one.line))
    return rounded | {"met": one.line.met, "last": one.last}


def _rounded(value: Any) -> Any:
    """Every number to four digits that say something: more would only change from run to run."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, Mapping):
        return {key: _rounded(one) for key, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list | tuple) else value


def _object(text: str) -> dict[str, Any]:
    found = json.loads(text)
    return found if isinstance(found, dict) else {}
