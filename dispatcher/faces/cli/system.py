"""The whole system on one machine: broker, simulator if wanted, web, workers, beat."""

from __future__ import annotations

import secrets
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from channels.contract import Kind
from channels.simulator import Accounts, Addresses
from dispatcher.deliver.health import Health, examine
from dispatcher.faces.cli import simulated
from dispatcher.faces.cli.broker import Broker, free_port
from dispatcher.faces.cli.errors import Stop
from dispatcher.faces.cli.supervise import (
    Begin,
    Part,
    Supervisor,
    announce,
    from_scratch,
    module,
    runs_already,
    withdraw,
    write_private,
)
from dispatcher.faces.worker.making import queues_of
from dispatcher.ledger import LedgerAway
from dispatcher.ledger.migrate import upgrade
from dispatcher.wiring import Installation, install

_READY_WITHIN = 60.0
_SHARED = (
    "DISPATCHER_CONFIG",
    "DISPATCHER_TEMPLATES",
    "DISPATCHER_LEDGER_URL",
    "DISPATCHER_BROKER_URL",
    "DISPATCHER_PUBLIC_URL",
)


_CONFIGURATION = ("DISPATCHER_CONFIG", "DISPATCHER_TEMPLATES")
#: What belongs to the real installation. Above all its dead man's switch: nobody else may say that all is well there.
_NOT_SET_ASIDE = (
    "DISPATCHER_API_KEY",
    "DISPATCHER_SECRET",
    "DISPATCHER_HEARTBEAT_URL",
    "DISPATCHER_PULSE_FILE",
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What somebody has made ready for a system that speaks to simulated providers which run already.

    Attributes:
        environment: What it sees besides: the providers' addresses and accounts, its configuration, its ledger.
        forget: Variables of this process that it shall not see.
    """

    environment: Mapping[str, str] = field(repr=False)
    forget: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What shall run.

    Attributes:
        home: Where it keeps its things.
        port: Where the web listens, on loopback; 0 chooses a free one.
        senders: How many worker processes send.
        simulate: Whether every route speaks to the simulator.
        speed: How much faster than life the simulator's SMS move.
        set_aside: Whether the folder's own ledger and broker are used, whatever the environment names.
        as_configured: With `set_aside`: whether the configuration and texts that the environment names are used all the
            same. Else the shipped ones are.
        prepared: With `simulate`: the providers run already, and this is how to find them. Else some are started.
    """

    home: Path
    port: int = 8080
    senders: int = 1
    simulate: bool = False
    speed: float = 1.0
    set_aside: bool = False
    as_configured: bool = False
    prepared: Prepared | None = None


class System:
    """Started and stopped as one."""

    def __init__(self, plan: Plan, environ: Mapping[str, str], begin: Begin = from_scratch) -> None:
        self._plan = plan
        self.port = plan.port or free_port()
        plan.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.environment: dict[str, str] = {"DISPATCHER_HOME": str(plan.home)}
        forget: tuple[str, ...] = ()
        self.simulator: Addresses | None = None
        if plan.set_aside:
            forget += _NOT_SET_ASIDE if plan.as_configured else _NOT_SET_ASIDE + _CONFIGURATION
            self.environment["DISPATCHER_LEDGER_URL"] = f"sqlite:///{plan.home / 'ledger.sqlite3'}"
        if plan.set_aside or not environ.get("DISPATCHER_PUBLIC_URL"):
            self.environment["DISPATCHER_PUBLIC_URL"] = f"http://127.0.0.1:{self.port}"
        self._broker: Broker | None = None
        if plan.set_aside or not environ.get("DISPATCHER_BROKER_URL"):
            self._broker = Broker(plan.home)
            self.environment["DISPATCHER_BROKER_URL"] = self._broker.url
        if plan.simulate:
            forget += simulated.FORGOTTEN
            self.environment[simulated.MARK] = "1"
        if plan.prepared is not None:
            forget += plan.prepared.forget
            self.environment |= plan.prepared.environment
        elif plan.simulate:
            self.simulator = Addresses.at("127.0.0.1", free_port(), free_port())
            self.environment |= simulated.credentials(Accounts.generate()) | simulated.places(self.simulator)
        seen = {name: value for name, value in environ.items() if name not in forget}
        self.here: Installation = install(seen | self.environment)
        if not self.here.settings.api_keys:
            write_private(plan.home / "api.key", f"admin:{secrets.token_urlsafe(24)}\n")
            self.here = install(seen | self.environment)
        self._supervisor = Supervisor(plan.home, self.environment, forget, begin)
        # What commands in other shells need to work on the same things. The routes' secrets are not written down.
        self._shared = {name: value for name, value in seen.items() if name in _SHARED} | self.environment
        self._announced = False

    @property
    def key(self) -> str:
        """A key to log in with."""
        return next(iter(self.here.settings.api_keys))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, tell: Callable[[str], None]) -> None:
        """Start everything and wait until it can work.

        Raises:
            Stop: something did not start; says what, with the end of its log.
            LedgerAway, ConfigError: as they say.
        """
        if runs_already(self._plan.home):
            raise Stop(f"a system with the home {self._plan.home} runs already; stop it, or set DISPATCHER_HOME")
        _require_free(self.port)
        if self._plan.simulate:
            simulated.require_all_simulated(self.here)
        _ = self.here.config
        upgrade(self.here.ledger)
        self.here.know_mailboxes()
        if self._broker is not None:
            self._supervisor.start(self._broker.part())
            if not self._broker.wait():
                raise self._failed("broker")
            tell("broker")
        if self.simulator is not None:
            self._supervisor.start(self._simulator_part(self.simulator))
            self._until(partial(_answers, f"{self.simulator.control}/health"), "simulator")
            tell("simulator")
        for part in self._parts():
            self._supervisor.start(part)
        announce(self._plan.home, self._shared)
        self._announced = True
        self._until(partial(_answers, f"{self.url}/healthz"), "web")
        tell("web")
        # Not until `/readyz` has no complaint: one message that cannot be planned must not keep others from leaving.
        self._until(lambda: (found := self._health()) is not None and found.is_manned, "control")
        tell("workers")

    @property
    def complaints(self) -> tuple[str, ...]:
        """What `/readyz` says is wrong."""
        found = self._health()
        return () if found is None else found.complaints

    def _health(self) -> Health | None:
        with suppress(LedgerAway):
            return examine(self.here.ledger, queues_of(self.here.ways))
        return None

    def look(self) -> list[str]:
        """Start again what has died; answers what had."""
        return self._supervisor.look()

    def kill(self, part: str) -> None:
        """End a part at once, as a crash would; `look` starts it again."""
        self._supervisor.kill(part)

    def run(self) -> None:
        """Look after everything until told to stop."""
        self._supervisor.run()

    def ask_to_stop(self) -> None:
        """Make `run` return."""
        self._supervisor.stopping = True

    def stop(self) -> None:
        """Stop everything cleanly."""
        if self._announced:
            withdraw(self._plan.home)
        self._supervisor.stop()
        self.here.ledger.close()

    def _simulator_part(self, at: Addresses) -> Part:
        ports = ("--http-port", at.http.rpartition(":")[2], "--smtp-port", str(at.smtp_port))
        speed = ("--speed", str(self._plan.speed))
        return Part("simulator", module("dispatcher.faces.cli.main", "simulate", *ports, *speed))

    def _parts(self) -> list[Part]:
        beat = module("celery", "-A", "dispatcher.faces.worker.app", "beat", "--pidfile=")
        web = module(
            "uvicorn",
            "--factory",
            "dispatcher.faces.api.app:create_app",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
            "--no-access-log",
            "--log-level",
            "warning",
            "--timeout-graceful-shutdown",
            "5",
        )
        kinds = ",".join(kind.value for kind in Kind)
        parts = [Part("web", web), _worker("control", "control,receipts")]
        parts += [_worker(f"sender-{number}", kinds) for number in range(1, self._plan.senders + 1)]
        return [*parts, Part("beat", beat)]

    def _until(self, is_there: Callable[[], bool], part: str) -> None:
        until = time.monotonic() + _READY_WITHIN
        while time.monotonic() < until:
            self.look()
            if is_there():
                return
            time.sleep(0.1)
        raise self._failed(part)

    def _failed(self, part: str) -> Stop:
        return Stop(
            f"{part} did not start; the end of its log ({self._plan.home / 'logs' / part}.log):\n"
            + self._supervisor.tail(part)
        )


def _answers(url: str) -> bool:
    """Whether a page answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own loopback address
            return True
    except (urllib.error.URLError, OSError):
        return False


def _worker(name: str, queues: str) -> Part:
    return Part(
        name,
        module(
            "celery",
            "-A",
            "dispatcher.faces.worker.app",
            "worker",
            "--pool",
            "threads",
            "--concurrency",
            "16",
            "--queues",
            queues,
            "--hostname",
            f"{name}@%h",
            "--loglevel",
            "WARNING",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
        ),
        shows_life=True,
    )


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Stop(f"port {port} cannot be used ({error.strerror}); choose another with --port") from None
