"""Very many deliveries as a file: by the command line, and over HTTP, against a bare cursor."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from sqlalchemy import func, insert, literal, select

from benchmarks.ground import FEW, Ground
from benchmarks.many import tidy
from benchmarks.measure import Line, in_turn, ratio
from benchmarks.site import Shape, describe, environment, folder, people, until
from dispatcher.faces.cli.broker import free_port
from dispatcher.faces.cli.supervise import module
from dispatcher.incidents.desk import Order, Say
from dispatcher.ledger import recipients
from dispatcher.ledger.migrate import upgrade
from dispatcher.ledger.tables import delivery
from dispatcher.wiring import Installation, install

DELIVERIES = 1_000_000
_KEY = "a-key-for-the-benchmark-0123456789-abcdef"
_ROOT = Path(__file__).parents[2]
_LOOK_EVERY = 0.02


def run(ground: Ground) -> Iterator[Line]:
    """On PostgreSQL, as CSV. Each process is begun anew for each run, so that its memory can be told."""
    count = ground.size(DELIVERIES, least=2_000)
    with folder() as home, ground.database.new() as url:
        told = describe(home, Shape("http://127.0.0.1:1", ledger_url=url)) | {"DISPATCHER_API_KEY": f"bench:{_KEY}"}
        with environment(told):
            here = install()
            _fill(here, count)
            here.ledger.close()
            exports = _Exports(home / "out.csv", count)
            taken = in_turn(ground.rounds(FEW), cli=exports.cli, api=exports.api, bare=exports.bare)
    for part, what in (("cli", "`receipts --csv`"), ("api", "GET …/deliveries.csv")):
        yield Line(
            key=f"exports.{part}",
            what=f"{what} of {count:,} deliveries, PostgreSQL",
            baseline="a cursor of the server's, written by csv.writer",
            reached=ratio(taken, part, "bare"),
            goal=0.2,
            runs={name: taken[name] for name in (part, "bare")},
            note="rows/s with the start of the process, but for the web process; addresses masked, each page a "
            "transaction of its own",
        )
        yield Line(
            key=f"exports.{part}.memory",
            what=f"peak memory of the process that exports {count:,} deliveries: {what}",
            baseline="",
            reached=statistics.median(exports.memory[part]) / 1e6,
            goal=200.0,
            better="less",
            unit=" MB",
            runs={"bytes": exports.memory[part], "bytes of the bare one": exports.memory["bare"]},
        )


@dataclass
class _Exports:
    """Writes all into a file, and looks whether all is there.

    Attributes:
        memory: The most that the exporting process had, in bytes, of every run.
    """

    file: Path
    count: int
    memory: Mapping[str, list[float]] = field(default_factory=lambda: {"cli": [], "api": [], "bare": []})

    def cli(self) -> float:
        command = str(Path(sys.executable).with_name("dispatcher"))
        return self._timed("cli", (command, "receipts", "1", "--csv"), header=1)

    def bare(self) -> float:
        return self._timed("bare", module("benchmarks.bare_export", str(self.file)), header=0)

    def api(self) -> float:
        port = free_port()
        options = ("--factory", "dispatcher.faces.api.app:create_app", "--host", "127.0.0.1", "--port", str(port))
        web = subprocess.Popen(module("uvicorn", *options, "--log-level", "warning", "--no-access-log"), cwd=_ROOT)
        try:
            until(lambda: _answers(port), within=60, what="the web process to answer")
            asked = urllib.request.Request(
                f"http://127.0.0.1:{port}/api/v1/incidents/1/deliveries.csv",
                headers={"Authorization": f"Bearer {_KEY}"},
            )
            began = time.monotonic()
            with (
                _watching(web.pid, self.memory["api"]),
                urllib.request.urlopen(asked) as answer,
                self.file.open("wb") as out,
            ):
                shutil.copyfileobj(answer, out)
            took = time.monotonic() - began
        finally:
            web.terminate()
            web.wait()
        return self._rate(took, header=1)

    def _timed(self, part: str, command: tuple[str, ...], *, header: int) -> float:
        began = time.monotonic()
        with self.file.open("wb") as out:
            process = subprocess.Popen(command, cwd=_ROOT, stdout=out)
            with _watching(process.pid, self.memory[part]):
                process.wait()
        took = time.monotonic() - began
        if process.returncode:
            raise RuntimeError(f"{command[:3]} ended with {process.returncode}")
        return self._rate(took, header=header)

    def _rate(self, took: float, *, header: int) -> float:
        with self.file.open("rb") as file:
            found = sum(1 for _ in file) - header
        if found != self.count:
            raise RuntimeError(f"{found:,} of {self.count:,} deliveries are in the file")
        return self.count / took


@contextmanager
def _watching(pid: int, memory: list[float]) -> Iterator[None]:
    """Add the most memory, in bytes, that a process is seen to have meanwhile.

    What the system says of an ended process is at least what the one had that began it.
    """
    over = threading.Event()
    most = 0.0

    def look() -> None:
        nonlocal most
        process = psutil.Process(pid)
        with suppress(psutil.NoSuchProcess):
            while not over.wait(_LOOK_EVERY):
                most = max(most, float(process.memory_info().rss))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield
    finally:
        over.set()
        looking.join()
        memory.append(most)


def _fill(here: Installation, count: int) -> None:
    """One person is told; the others are copies of that delivery."""
    upgrade(here.ledger)
    with here.ledger.write() as tx:
        recipients.upsert(tx, people(1))
        told = here.desk.open(tx, Order("generic", "bench"), Say("bench", override="a benchmark"))
    here.planner.plan(told.broadcast.id)
    same = [column for column in delivery.columns if column.name not in {"id", "subject"}]
    number = func.generate_series(2, count).column_valued("number")
    copies = select(literal("r").concat(number), *same)
    with here.ledger.write() as tx:
        tx.execute(insert(delivery).from_select(["subject", *same], copies))
    tidy(here.ledger)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
            return True
    except OSError:
        return False
