"""Making the deliveries of very many people, against a plain copy of as many rows."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import MetaData, Table, func, insert, select

from benchmarks.ground import FEW, Ground
from benchmarks.many import fill
from benchmarks.measure import Line, in_turn, ratio
from benchmarks.site import AUDIENCE, Shape, describe, environment, folder
from dispatcher.faces.cli.supervise import module
from dispatcher.incidents.desk import Order, Say
from dispatcher.ledger.tables import delivery
from dispatcher.wiring import Installation, install

RECIPIENTS = 1_000_000
#: The same columns, defaults, constraints and indexes; only the references to other tables are not checked.
_PLAIN = "CREATE TABLE plain (LIKE delivery INCLUDING ALL)"
_plain = delivery.to_metadata(MetaData(), name="plain")


@dataclass
class Planning:
    """Plans for everybody again and again; between two runs the deliveries are thrown away.

    Attributes:
        memory: The most that the planning process had, in bytes, of every run.
    """

    here: Installation
    ground: Ground
    count: int
    memory: list[float] = field(default_factory=list)

    def plan(self) -> float:
        """Deliveries per second of the planner."""
        self._clear(delivery)
        with self.here.ledger.write() as tx:
            order = Order("generic", "bench", audience=AUDIENCE)
            told = self.here.desk.open(tx, order, Say("bench"))
            assert told.broadcast is not None
        self.ground.database.execute("CHECKPOINT")
        done = subprocess.run(
            module("benchmarks.planning", str(told.broadcast.id)),
            check=True,
            capture_output=True,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        took, memory = json.loads(done.stdout)
        self._require(self.count, delivery)
        self.memory.append(memory)
        return self.count / float(took)

    def copy(self) -> float:
        """Rows per second of a plain copy of what was planned."""
        self._clear(_plain)
        names = [column.name for column in delivery.columns if column.name != "id"]
        rows = select(*(delivery.c[name] for name in names))
        self.ground.database.execute("CHECKPOINT")
        began = time.monotonic()
        with self.here.ledger.write() as tx:
            tx.execute(insert(_plain).from_select(names, rows))
        took = time.monotonic() - began
        self._require(self.count, _plain)
        return self.count / took

    def _clear(self, table: Table) -> None:
        with self.here.ledger.write() as tx:
            tx.exec_driver_sql(f"TRUNCATE {table.name} CASCADE")

    def _require(self, count: int, table: Table) -> None:
        with self.here.ledger.read() as tx:
            found = tx.execute(select(func.count()).select_from(table)).scalar_one()
        if found != count:
            raise RuntimeError(f"the table {table.name} holds {found:,} rows; it should hold {count:,}")


def run(ground: Ground) -> Iterator[Line]:
    """On PostgreSQL; the planner in a process of its own, so that its memory can be told."""
    count = ground.size(RECIPIENTS, least=1000)
    with folder() as home, ground.database.new() as url:
        fill(url, count)
        with environment(describe(home, Shape("http://127.0.0.1:1", ledger_url=url))):
            here = install(os.environ)
            with here.ledger.write() as tx:
                tx.exec_driver_sql(_PLAIN)
            planning = Planning(here, ground, count)
            taken = in_turn(ground.rounds(FEW), plan=planning.plan, copy=planning.copy)
            here.ledger.close()
    yield Line(
        key="plan.rate",
        what=f"plan {count:,} recipients into deliveries, PostgreSQL",
        baseline="a plain INSERT … SELECT of as many rows into a table of the same form",
        reached=ratio(taken, "plan", "copy"),
        goal=0.5,
        runs=taken,
        note="rows/s; the plain table has the same columns, defaults and indexes, and checks no foreign key",
    )
    yield Line(
        key="plan.memory",
        what=f"peak memory of the process that plans {count:,} recipients",
        baseline="",
        reached=statistics.median(planning.memory) / 1e6,
        goal=300.0,
        better="less",
        unit=" MB",
        runs={"bytes": planning.memory},
    )
