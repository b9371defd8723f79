"""How much of the bare speed of an adapter is left when every message is claimed, recorded and decided upon.

`make bench` sends the same number of SMS to the same simulated Twilio (150 ms latency, in a process of its own) in two
ways, in turn, several times: by the adapter in a bare loop with the same window, and by the engine on a ledger on disk.
Prints the ratio of every pair and writes `docs/benchmarks.json`.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from channels.contract import Envelope, Kind, Words
from channels.registry import Resources
from channels.simulator import Accounts, Addresses
from channels.transport.http import open_session
from dispatcher.deliver.inbox import LedgerInbox
from dispatcher.deliver.line import Line
from dispatcher.deliver.pump import Desk, Pump
from dispatcher.faces.cli.broker import free_port
from dispatcher.faces.cli.simulated import credentials, places
from dispatcher.faces.cli.supervise import module
from dispatcher.incidents.desk import Order, Say
from dispatcher.ledger import recipients
from dispatcher.ledger.migrate import upgrade
from dispatcher.model.recipient import Recipient
from dispatcher.render import fill
from dispatcher.wiring import Installation, install

MESSAGES = int(os.environ.get("BENCH_MESSAGES", "4000"))
RUNS = int(os.environ.get("BENCH_RUNS", "5"))
LATENCY_MS = 150
#: Wide enough that the window is not what limits either of them.
WINDOW = 512
ROUTE = "twilio-main"


def _phone(number: int) -> str:
    return f"+1415{5550000 + number:07d}"


def _new_installation(home: Path, environment: dict[str, str]) -> Installation:
    here = install({**os.environ, **environment, "DISPATCHER_HOME": str(home)})
    upgrade(here.ledger)
    with here.ledger.write() as tx:
        recipients.upsert(tx, [Recipient(f"b{n}", addresses={Kind.SMS: _phone(n)}) for n in range(MESSAGES)])
    return here


async def _bare(here: Installation) -> float:
    """Messages per second of the adapter alone, with the route's window."""
    async with open_session() as http:
        line = here.line(ROUTE, Resources(http=http, inbox=LedgerInbox(here.ledger)))
        gate = asyncio.Semaphore(WINDOW)

        async def one(number: int) -> None:
            async with gate:
                words = Words("Northwind: we are looking into it. Next update at 10:30.")
                await line.channel.send(
                    Envelope(f"k{number}", f"t{number}", _phone(number), words, "INC-1", 1, time.time(), 600.0),
                    timeout=line.rules.timeout,
                )

        began = time.perf_counter()
        await asyncio.gather(*(one(number) for number in range(MESSAGES)))
        return MESSAGES / (time.perf_counter() - began)


async def _engine(here: Installation) -> float:
    """Messages per second of the engine, from the claim of the first to the record of the last."""
    with here.ledger.write() as tx:
        told = here.desk.open(tx, Order("generic", "bench"), Say("bench", override="bench"))
    here.planner.plan(told.broadcast.id)
    async with open_session() as http:
        line: Line = here.line(ROUTE, Resources(http=http, inbox=LedgerInbox(here.ledger)))
        pump = Pump(
            replace(line, rules=replace(line.rules, max_in_flight=WINDOW)),
            Desk(
                ledger=here.ledger,
                fill=lambda words, name: fill(words, name=name),
                receipt_url=lambda route, token: None,
                unsubscribe_url=lambda token: "",
                ring=lambda routes: None,
                heard=lambda: None,
            ),
        )
        began = time.perf_counter()
        await pump.run(timedelta(minutes=5).total_seconds())
        return MESSAGES / (time.perf_counter() - began)


def main() -> None:
    """Run the pairs and print them."""
    at = Addresses.at("127.0.0.1", free_port(), free_port())
    environment = credentials(Accounts.generate()) | places(at)
    ports = ("--http-port", at.http.rpartition(":")[2], "--smtp-port", str(at.smtp_port))
    simulator = subprocess.Popen(
        module("dispatcher.faces.cli.main", "simulate", *ports),
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
    )
    try:
        _until_ready(at)
        pairs = []
        for number in range(RUNS):
            with tempfile.TemporaryDirectory() as folder:
                here = _new_installation(Path(folder), environment)
                pair = (asyncio.run(_engine(here)), asyncio.run(_bare(here)))
                here.ledger.close()
            pairs.append(pair)
            print(f"run {number + 1}: engine {pair[0]:,.0f}/s, bare {pair[1]:,.0f}/s, ratio {pair[0] / pair[1]:.2f}")
        ratio = statistics.median(engine / bare for engine, bare in pairs)
        print(f"median ratio {ratio:.2f} ({MESSAGES:,} SMS, {LATENCY_MS} ms, SQLite on disk, one process)")
        found = {
            "messages": MESSAGES,
            "latency_ms": LATENCY_MS,
            "window": WINDOW,
            "runs": pairs,
            "median_ratio": round(ratio, 3),
        }
        Path("docs/benchmarks.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    finally:
        simulator.terminate()
        simulator.wait(10)


def _until_ready(at: Addresses) -> None:
    for _ in range(200):
        try:
            body = json.dumps({"twilio": LATENCY_MS}).encode()
            request = urllib.request.Request(f"{at.control}/latency", body, method="PUT")
            with urllib.request.urlopen(request, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    sys.exit("the simulator did not start")


if __name__ == "__main__":
    main()
