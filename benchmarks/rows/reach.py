"""The proof of reach of very many people: any one vendor lost, and any two."""

from __future__ import annotations

import json
import statistics
import subprocess
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import yaml

from benchmarks.ground import FEW, Ground
from benchmarks.many import mix
from benchmarks.measure import Line
from benchmarks.site import AUDIENCE, Shape, describe, environment, folder
from dispatcher.faces.cli.supervise import module
from dispatcher.settings import shipped

RECIPIENTS = 1_000_000
VENDORS = 40
#: What reaches people; each stands there so many times.
_ROUTES = ("twilio-main", "telnyx-backup", "slack-main", "inapp", "push", "smtp-main")
_TIMES = 4


def run(ground: Ground) -> Iterator[Line]:
    """On PostgreSQL; the proof in a process of its own, so that its memory can be told."""
    count = ground.size(RECIPIENTS, least=10_000)
    vendors = [f"vendor-{number:02}" for number in range(VENDORS)]
    with folder() as home, ground.database.new() as url:
        mix(url, count, vendors)
        values = describe(home, Shape("http://127.0.0.1:1", ledger_url=url))
        _furnish(home / "config", vendors)
        found: list[list[float]] = []
        # So that every route is usable; nothing is sent.
        values |= {"SMTP_HOST": "127.0.0.1", "SMTP_FROM": "bench@example.com", "PUSH_OPEN_URL": "https://example.com"}
        with environment(values):
            for number in range(ground.rounds(FEW)):
                done = subprocess.run(
                    module("benchmarks.proving", AUDIENCE, "generic"),
                    check=True,
                    stdout=subprocess.PIPE,
                    text=True,
                    cwd=Path(__file__).parents[2],
                )
                found.append(json.loads(done.stdout))
                print(f"  round {number + 1}: {found[-1]}", flush=True)
    ones, twos, memory, people, classes, pairs = (list(figures) for figures in zip(*found, strict=True))
    if people[0] != count or pairs[0] != VENDORS * (VENDORS - 1) / 2:
        raise RuntimeError(
            f"{people[0]} people and {pairs[0]} pairs were looked at; wanted {count} and {VENDORS} over two"
        )
    of = f"{count:,} recipients, {VENDORS} vendors, PostgreSQL"
    note = f"{int(classes[0]):,} classes by language, kinds of address and mailbox; {len(_ROUTES) * _TIMES} routes"
    yield _line("reach.one", f"the loss of any one vendor, {of}", ones, 5.0, " s", f"{note}; with the ledger's query")
    yield _line("reach.two", f"the loss of any two vendors, {of}", twos, 30.0, " s", f"{int(pairs[0])} pairs")
    used = [figure / 1e6 for figure in memory]
    yield _line("reach.memory", "peak memory of the process that proves both", used, 500.0, " MB", "")


def _line(key: str, what: str, figures: list[float], goal: float, unit: str, note: str) -> Line:
    reached = statistics.median(figures)
    return Line(key, what, "", reached, goal, better="less", unit=unit, runs={"figures": figures}, note=note)


def _furnish(config: Path, vendors: list[str]) -> None:
    """Vendors of which half ride on others, and routes that each depend on three of them; always the same ones."""
    chance = Random(40)
    under = vendors[: len(vendors) // 2]
    told: dict[str, Any] = {
        name: {"title": name, "rides_on": [] if name in under else chance.sample(under, 2)} for name in vendors
    }
    _write(config / "vendors.yaml", told)
    usual = yaml.safe_load(shipped("config").joinpath("routes.yaml").read_text(encoding="utf-8"))
    routes = {
        # Each a copy: one value in two places would be written as an alias.
        f"{name}-{number}": deepcopy(usual[name]) | {"depends_on": chance.sample(vendors, 3)}
        for name in _ROUTES
        for number in range(_TIMES)
    }
    _write(config / "routes.yaml", routes)
    for playbook in (config / "playbooks").iterdir():
        if playbook.stem != "generic":
            playbook.unlink()
            continue
        said = yaml.safe_load(playbook.read_text(encoding="utf-8"))
        legs = [{"name": "reach", "kinds": ["sms", "chat", "inapp", "push", "email"]}]
        _write(playbook, said | {"legs": legs, "vendors": []})


def _write(path: Path, content: object) -> None:
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
