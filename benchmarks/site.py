"""An installation to measure: its own configuration, its people, its processes, and the few questions a row asks."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
import yaml
from redis import Redis

from channels.contract import Kind
from channels.simulator import Accounts
from dispatcher.faces.cli.simulated import credentials
from dispatcher.faces.cli.system import Plan, System
from dispatcher.ledger import Ledger, recipients
from dispatcher.ledger.migrate import upgrade
from dispatcher.model.recipient import Recipient
from dispatcher.settings import shipped

#: Requests under way at once, in each process, for the engine and for what it is compared with: wide enough not to be
#: what limits either of them.
WINDOW = 512
ROUTE = "twilio-main"
AUDIENCE = "everybody"
#: Who has a phone number, where a row has others too.
PHONES = "phones"
#: Variables of whoever calls that must not leak into what is measured.
_OURS = ("DISPATCHER_", "TWILIO_", "TELNYX_", "SLACK_", "X_", "SMTP_")


@dataclass(frozen=True, slots=True)
class Shape:
    """What an installation is made of.

    Attributes:
        provider: The address at which Twilio is reached.
        ledger_url: None for SQLite in a file of the home.
        senders: Worker processes that send.
        window: Requests under way at once on a route, in each process.
        slack: The address at which Slack is reached; None leaves it out.
    """

    provider: str
    ledger_url: str | None = None
    senders: int = 2
    window: int = WINDOW
    slack: str | None = None


class Site:
    """A running system with people in its ledger."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.ledger: Ledger = system.here.ledger
        self.environment = system.environment

    def tell(self, audience: str = AUDIENCE) -> tuple[int, float]:
        """Open an incident by the API; answers its id, and the moment of the answer (monotonic clock)."""
        _, made = self._api("/api/v1/incidents", {"playbook": "generic", "audience": audience})
        return int(made["incident"]["id"]), time.monotonic()

    def progress(self, incident_id: int) -> dict[str, Any]:
        """How far the incident's only broadcast is, as the API says."""
        found: dict[str, Any] = self._api(f"/api/v1/incidents/{incident_id}")[1]["broadcasts"][-1]
        return found

    def until_recorded(self, incident_id: int, *, within: float) -> datetime:
        """Wait until nothing of an incident is under way; answers when the last outcome was recorded.

        Raises:
            TimeoutError: something still is, after so many seconds; says how much.
        """
        end = time.monotonic() + within
        while True:
            found = self.progress(incident_id)
            if found["broadcast"]["planned_at"] and not found["under_way"] and found["last_accepted_at"]:
                return datetime.fromisoformat(found["last_accepted_at"])
            if time.monotonic() > end:
                raise TimeoutError(f"{found['under_way']} messages are under way after {within:.0f} s")
            self.system.look()
            time.sleep(0.2)

    def until_workers(self, count: int) -> None:
        """Wait until so many workers wait for work."""
        with Redis.from_url(self.environment["DISPATCHER_BROKER_URL"]) as client:
            until(
                lambda: sum(one["cmd"] == "brpop" for one in client.client_list()) >= count,
                within=30,
                what=f"{count} workers to take work",
            )

    def processes(self) -> list[psutil.Process]:
        """All processes of the system."""
        ours = str(self.system.here.settings.home)
        return [one for one in psutil.Process().children() if one.environ().get("DISPATCHER_HOME") == ours]

    def process(self, mark: str) -> psutil.Process:
        """The process of the system whose command line holds this word."""
        found = [one for one in self.processes() if any(mark in word for word in one.cmdline())]
        if len(found) != 1:
            raise LookupError(f"{len(found)} processes of the system have {mark!r} in their command line")
        return found[0]

    def _api(self, path: str, body: object = None) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.system.key}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.system.url + path, data, headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.loads(answer.read())


def until(true: Callable[[], bool], *, within: float, what: str) -> None:
    """Look again and again until it is true.

    Raises:
        TimeoutError: it is not within so many seconds; says what was waited for.
    """
    end = time.monotonic() + within
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {within:.0f} s for {what}; see the output above")
        time.sleep(0.05)


def phone(number: int) -> str:
    """A number of a block that is reserved for invented people."""
    return f"+1415{5_550_000 + number:07d}"


def people(count: int) -> list[Recipient]:
    """So many people who have a phone number, and nothing else."""
    return [
        Recipient(f"b{number}", addresses={Kind.SMS: phone(number)}, tags=frozenset({PHONES}))
        for number in range(count)
    ]


@contextmanager
def folder() -> Iterator[Path]:
    """A folder on disk that is gone after the block."""
    made = Path(tempfile.mkdtemp(prefix="od-bench-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """This process, and those it starts, see these values and nothing else of an installation."""
    before = dict(os.environ)
    for name in before:
        if name.startswith(_OURS):
            del os.environ[name]
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def describe(home: Path, shape: Shape) -> dict[str, str]:
    """Write the configuration into the home; answers the environment of the installation."""
    config = home / "config"
    shutil.copytree(shipped("config"), config)
    _write(config / "routes.yaml", _routes(shape))
    _write(
        config / "audiences.yaml",
        {
            "audiences": {
                AUDIENCE: {"title": "Everybody", "people": "all", "destinations": []},
                PHONES: {"title": "Who has a phone", "people": [PHONES], "destinations": []},
            },
            "destinations": {},
        },
    )
    _write(config / "rules.yaml", {"rules": []})
    for playbook in (config / "playbooks").iterdir():
        told = yaml.safe_load(playbook.read_text(encoding="utf-8"))
        _write(playbook, told | {"audience": AUDIENCE})
    return {
        "DISPATCHER_HOME": str(home),
        "DISPATCHER_CONFIG": str(config),
        "DISPATCHER_LEDGER_URL": shape.ledger_url or f"sqlite:///{home / 'ledger.sqlite3'}",
        **credentials(Accounts.generate()),
        "TWILIO_BASE_URL": shape.provider,
        **({} if shape.slack is None else {"SLACK_BASE_URL": shape.slack}),
    }


@contextmanager
def running(shape: Shape, who: Sequence[Recipient]) -> Iterator[Site]:
    """A system with these people, besides those its ledger has, as real processes, until the end of the block."""
    with folder() as home, environment(describe(home, shape)):
        system = System(Plan(home, port=0, senders=shape.senders), os.environ)
        upgrade(system.here.ledger)
        with system.here.ledger.write() as tx:
            recipients.upsert(tx, who)
        try:
            system.start(lambda _: None)
            yield Site(system)
        finally:
            system.stop()


def _routes(shape: Shape) -> dict[str, Any]:
    routes = yaml.safe_load(shipped("config").joinpath("routes.yaml").read_text(encoding="utf-8"))
    kept = {name: routes[name] | {"max_in_flight": shape.window} for name in (ROUTE, "inapp")}
    return kept if shape.slack is None else kept | {"slack-main": routes["slack-main"]}


def _write(path: Path, content: object) -> None:
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")
