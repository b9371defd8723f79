"""Earlier drills, kept as files, and what has become better or worse since. They lie in the home folder and not in the
ledger: a drill writes nothing there, whatever comes of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dispatcher.faces.cli.supervise import write_private

#: So many drills of one vendor, audience and playbook are kept.
KEPT = 20
#: Two runs of the same thing differ by this much in time.
_NOISE, _NOISE_SHARE = 2.0, 0.2
#: What is compared: its name in a round -> whether more of it is better. Numbers of people are compared as shares.
_SHARES = {"told": True, "mail_alone": False, "not_told": False, "could_not": False, "twice": False, "two_ways": False}
_TIMES = ("first", "median", "p99", "last")


@dataclass(frozen=True, slots=True)
class Change:
    """What has changed for one fault. `better` is None where it differs by no more than runs always do."""

    fault: str
    what: str
    before: float | None
    now: float | None
    better: bool | None


def keep(folder: Path, record: Mapping[str, Any]) -> Path:
    """Write a drill down, whole or not at all, and forget the oldest of its like."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stem = _stem(record)
    moment = datetime.fromisoformat(record["at"]).strftime("%Y%m%dT%H%M%S.%f")
    path = folder / f"{stem}{moment}.json"
    write_private(path, json.dumps(record, ensure_ascii=False, indent=1))
    for old in _files(folder, stem)[:-KEPT]:
        old.unlink(missing_ok=True)
    return path


def previous(folder: Path, record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Earlier drills of the same vendor, audience and playbook, newest first. What cannot be read is passed over."""
    return list(_read(reversed(_files(folder, _stem(record)))))


def _stem(record: Mapping[str, Any]) -> str:
    # None of the names holds a comma.
    return f"DRILL-{record['vendor']},{record['audience']},{record['playbook']},"


def _files(folder: Path, stem: str) -> list[Path]:
    wanted = re.compile(re.escape(stem) + r"\d{8}T\d{6}\.\d{6}\.json")
    return sorted(path for path in folder.glob("DRILL-*.json") if wanted.fullmatch(path.name))


def _read(paths: Iterator[Path]) -> Iterator[dict[str, Any]]:
    for path in paths:
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            _ = [_numbers(one) for one in found["rounds"]], found["at"]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
        yield found


def compare(earlier: list[dict[str, Any]], record: Mapping[str, Any]) -> list[Change]:
    """Each fault with the newest earlier drill that played it: what differs."""
    changes: list[Change] = []
    for one in record["rounds"]:
        before = next(
            (old for drill in earlier for old in drill["rounds"] if old["fault"] == one["fault"] and _counts(old)), None
        )
        if before is not None and _counts(one):
            changes += _changes(one["fault"], _numbers(before), _numbers(one))
    return changes


def _counts(played: Mapping[str, Any]) -> bool:
    return not played["pointless"] and bool(played["people"])


def _numbers(played: Mapping[str, Any]) -> dict[str, float | None]:
    people = max(1, int(played["people"]))
    shares: dict[str, float | None] = {name: int(played[name]) / people for name in _SHARES}
    return shares | {name: played["times"][name] for name in _TIMES}


def _changes(fault: str, before: Mapping[str, float | None], now: Mapping[str, float | None]) -> Iterator[Change]:
    for name, more_is_better in _SHARES.items():
        old, new = before[name], now[name]
        if old is not None and new is not None and round(old, 4) != round(new, 4):
            yield Change(fault, name, round(old, 4), round(new, 4), (new > old) is more_is_better)
    for name in _TIMES:
        old, new = before[name], now[name]
        # Where more were told, the last was told later: that is no loss.
        if old is None or new is None or old == new or before["told"] != now["told"]:
            continue
        noise = abs(new - old) <= max(_NOISE, _NOISE_SHARE * old)
        yield Change(fault, name, old, new, None if noise else new < old)
