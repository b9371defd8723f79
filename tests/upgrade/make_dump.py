"""Writes down a ledger as this release leaves it in the middle of its work, for the tests of the next release.

Run in a checkout of the release that goes, with its own environment:

    python -m tests.upgrade.make_dump FOLDER

It starts the whole system with simulated providers, once on SQLite and once on PostgreSQL, lets a first broadcast end
and a second one stop half-way, accepts a third that nobody plans, kills everything, and writes what is left as SQL to
`<revision>.sqlite.sql` and `<revision>.postgresql.sql`.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from channels.contract import Kind
from dispatcher.faces.cli.system import Plan, System
from dispatcher.ledger import migrate, recipients
from dispatcher.model.recipient import Recipient
from tests.unit.ledger.postgres import Postgres

#: Those of the first and third broadcast, and those of the second. Nobody is in both: a text that is looked up is found
#: by its words, and the words are the same.
EU, ENTERPRISE = 20, 80


def someone(number: int) -> Recipient:
    """Everybody has a phone; some have more."""
    addresses = {Kind.SMS: f"+141555501{number:02d}"}
    if number % 4 == 0:
        addresses[Kind.INAPP] = f"user-{number}"
    if number % 5 == 0:
        addresses[Kind.EMAIL] = f"person-{number}@customer.example"
    tag = "eu" if number < EU else "enterprise"
    return Recipient(f"c-{number}", f"Person {number}", "en", addresses, frozenset({tag}))


class Scene:
    """A running system of this release that is brought into the state to keep."""

    def __init__(self, home: Path, environ: dict[str, str], *, set_aside: bool) -> None:
        self.system = System(Plan(home, port=0, simulate=True, speed=4.0, set_aside=set_aside), environ)

    def play(self) -> None:
        self.system.start(print)
        with self.system.here.ledger.write() as tx:
            recipients.upsert(tx, [someone(number) for number in range(EU + ENTERPRISE)])
        first = self._open("eu")
        self._until(lambda: not self._last(first)["under_way"] and self._last(first)["broadcast"]["planned_at"])
        self._until(lambda: sum(line["delivered"] for line in self._last(first)["routes"]) == EU)
        # Nearly all hang, and at most 64 are in flight: the sender dies with most under way, some waiting.
        self._sim("faults", [{"provider": "twilio", "match": {"share": 0.93}, "do": {"what": "hang", "seconds": 60}}])
        second = self._open("enterprise")
        self._until(lambda: sum(line["accepted"] for line in self._last(second)["routes"]) >= 2)
        time.sleep(1.0)
        for part in ("beat", "control@%h", "sender-1@%h", "broker.conf"):
            self._kill(part)
        self._open("eu")  # accepted and kept; nobody is left who could plan it
        self._kill("uvicorn")

    def stop(self) -> None:
        self.system.stop()

    def _open(self, audience: str) -> int:
        told = self._call(
            f"{self.system.url}/api/v1/incidents",
            {"playbook": "generic", "audience": audience, "title": f"For {audience}"},
            {"Authorization": f"Bearer {self.system.key}"},
        )
        return int(told["incident"]["id"])

    def _last(self, incident_id: int) -> dict[str, Any]:
        found = self._call(
            f"{self.system.url}/api/v1/incidents/{incident_id}",
            None,
            {"Authorization": f"Bearer {self.system.key}"},
        )
        last: dict[str, Any] = found["broadcasts"][-1]
        return last

    def _sim(self, path: str, body: object) -> None:
        assert self.system.simulator is not None
        self._call(f"{self.system.simulator.control}/{path}", body, {})

    @staticmethod
    def _call(url: str, body: object, headers: dict[str, str]) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, {"Content-Type": "application/json", **headers})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    @staticmethod
    def _until(what: Callable[[], object]) -> None:
        end = time.monotonic() + 60
        while not what():
            assert time.monotonic() < end, "the scene cannot be set"
            time.sleep(0.1)

    @staticmethod
    def _kill(part: str) -> None:
        for child in psutil.Process().children():
            with contextlib.suppress(psutil.NoSuchProcess):
                if any(word.endswith(part) for word in child.cmdline()[1:]):
                    os.kill(child.pid, signal.SIGKILL)
                    child.wait(10)


@contextlib.contextmanager
def left_behind(environ: dict[str, str], *, set_aside: bool) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(Path(folder) / "home", environ, set_aside=set_aside)
        try:
            scene.play()
        finally:
            scene.stop()
        yield Path(folder) / "home"


def main(to: Path) -> None:
    to.mkdir(parents=True, exist_ok=True)
    revision = migrate.head()
    with left_behind(dict(os.environ), set_aside=True) as home:
        connection = sqlite3.connect(home / "ledger.sqlite3")
        lines = list(connection.iterdump())
        connection.close()
    _write(to / f"{revision}.sqlite.sql", lines)
    server = Postgres()
    try:
        server.execute("CREATE DATABASE outage")
        os.environ["DISPATCHER_LEDGER_URL"] = server.url("outage")
        with left_behind(dict(os.environ), set_aside=False):
            plain = ("--inserts", "--rows-per-insert=500", "--no-owner", "--no-privileges", "--no-comments")
            dumped = subprocess.run(
                [str(server._programs / "pg_dump"), *plain, "-h", str(server._folder), "-U", "postgres", "outage"],
                check=True,
                capture_output=True,
                text=True,
            )
        # What begins with a backslash is for `psql` alone.
        kept = [line for line in dumped.stdout.splitlines() if line and not line.startswith(("--", "\\"))]
        _write(to / f"{revision}.postgresql.sql", kept)
    finally:
        server.stop()


def _write(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join([f"-- left at {datetime.now(UTC):%Y-%m-%d %H:%M:%S}", *lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
