"""The command line with nothing beside it but the providers: no broker, and a ledger that cannot be reached."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from channels.simulator import Accounts, Addresses
from dispatcher.faces.cli import simulated
from dispatcher.faces.cli.broker import free_port
from dispatcher.faces.cli.supervise import Process
from dispatcher.ledger import Ledger, recipients, snapshot
from dispatcher.model.recipient import Recipient
from tests.migrated import make_ready
from tests.nursery import begin, dispatcher

#: Nobody listens on port 1.
AWAY = {
    "DISPATCHER_LEDGER_URL": "postgresql+psycopg://outage:s3cret@127.0.0.1:1/outage",
    "DISPATCHER_BROKER_URL": "redis://127.0.0.1:1/0",
    "DISPATCHER_PUBLIC_URL": "http://127.0.0.1:1",
}
#: To a few of the people, by one process.
SEND = ("send", "generic", "--audience", "enterprise", "--break-glass")
_COMMAND = (sys.executable, "-m", "dispatcher.faces.cli.main")
_CALL = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Providers:
    """A simulator in a process of its own."""

    def __init__(self, log: Path) -> None:
        accounts = Accounts.generate()
        self._at = Addresses.at("127.0.0.1", free_port(), free_port())
        self.environment = simulated.credentials(accounts) | simulated.places(self._at)
        ports = ("--http-port", self._at.http.rpartition(":")[2], "--smtp-port", str(self._at.smtp_port))
        self._process = begin([*_COMMAND, "simulate", *ports, "--speed", "4"], {**clean(), **self.environment}, log)
        until(self._lives, why="the simulator listens")

    def _lives(self) -> bool:
        assert self._process.poll() is None
        try:
            return bool(self.ask("health"))
        except OSError:
            return False

    def ask(self, path: str, body: object = None, method: str = "GET") -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._at.control}/{path}", data, {"Content-Type": "application/json"})
        request.method = method
        with _CALL.open(request, timeout=20) as answer:
            return json.loads(answer.read() or b"null")

    def got(self, provider: str = "twilio") -> Counter[str]:
        """How many messages each address was really given."""
        return Counter(one["to"] for one in self.ask(f"received?provider={provider}"))

    def reset(self) -> None:
        """Forget what was received, all faults and all slowness."""
        self.ask("received", method="DELETE")
        self.ask("faults", [], "PUT")
        self.slow()

    def slow(self, twilio: int = 0) -> None:
        """Milliseconds that a provider takes to answer."""
        self.ask("latency", {"twilio": twilio}, "PUT")

    def stop(self) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(20)


class Shell:
    """A shell of somebody who has the secrets of the routes and a home folder with a snapshot in it."""

    def __init__(self, home: Path, providers: Providers, **more: str) -> None:
        self.home = home
        self.environment = {**clean(), **providers.environment, "DISPATCHER_HOME": str(home), **AWAY, **more}

    def snapshot(self, who: list[Recipient]) -> None:
        """Made while the ledger, an empty one, was still there."""
        ledger = Ledger(f"sqlite:///{self.home / 'ledger.sqlite3'}")
        make_ready(ledger)
        with ledger.write() as tx:
            recipients.upsert(tx, who)
        snapshot.write(ledger, self.home / "break-glass.sqlite3")
        ledger.close()

    def run(self, *arguments: str, status: int | None = 0, **environment: str) -> subprocess.CompletedProcess[str]:
        done = dispatcher(*arguments, environment=self.environment | environment, timeout=90)
        assert "Traceback" not in done.stderr, done.stderr
        assert status is None or done.returncode == status, done.stdout + done.stderr
        return done

    def json(self, *arguments: str, status: int = 0, **environment: str) -> Any:
        return json.loads(self.run(*arguments, "--json", status=status, **environment).stdout)

    def begin(self, *arguments: str) -> Process:
        """A command that is broken off later."""
        return begin([*_COMMAND, *arguments], self.environment, self.home / "command.log")

    def begin_unread(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A command whose complaints nobody reads: the other end of its stderr is closed."""
        gone, end = os.pipe()
        os.close(gone)
        with (self.home / "command.log").open("ab") as sink, os.fdopen(end, "wb") as broken:
            return subprocess.Popen([*_COMMAND, *arguments], env=self.environment, cwd="/", stdout=sink, stderr=broken)

    def break_off(self, process: Process, how: signal.Signals) -> int:
        process.send_signal(how)
        return process.wait(60)

    def files(self) -> list[Path]:
        return sorted(self.home.glob("break-glass-*.sqlite3"))


def clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("DISPATCHER_")}


def until(what: Callable[[], Any], within: float = 30.0, why: str = "") -> Any:
    end = time.monotonic() + within
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {within} s: {why}")
