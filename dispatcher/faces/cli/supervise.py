"""Runs the parts of the system as child processes, starts again what dies, and stops all of them cleanly."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog

from dispatcher.settings import environment_of_running

log = structlog.get_logger(__name__)

#: Longer than the longest request may take (mail: 30 s), so that nothing is cut off while it is in flight.
_GRACE = 45.0
_LAST = frozenset({"broker", "simulator"})
_SOON = 5.0  # a child that lived no longer than this is started again more and more slowly


#: Seconds without a sign of life after which a part counts as frozen, and after its start before the first one.
_FROZEN_AFTER = 25.0
_FIRST_SIGN_WITHIN = 90.0
_LOOKED_AWAY = 10.0


@dataclass(frozen=True, slots=True)
class Part:
    """One process: its name, and how it is started. `command` begins with a Python module or is a whole command.

    With `shows_life` it touches the file that `DISPATCHER_PULSE_FILE` names for it, and is ended when it stops to.
    """

    name: str
    command: tuple[str, ...]
    shows_life: bool = False


class Process(Protocol):
    """What is needed of a running part; `subprocess.Popen` is one."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, sig: int, /) -> None: ...

    def kill(self) -> None: ...


#: Begins a command with an environment; what it says is added to the end of a file.
Begin = Callable[[Sequence[str], Mapping[str, str], Path], Process]


def from_scratch(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Process:
    """A new process, as a shell would begin it."""
    with log.open("ab") as sink:
        return subprocess.Popen(  # noqa: S603 - our own commands
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            # Ctrl-C reaches this process only; it then stops the parts in order.
            start_new_session=True,
        )


@dataclass
class _Child:
    part: Part
    process: Process
    started: float
    failures: int = 0
    again_at: float = 0.0
    #: The file's time when it last changed, and when that was seen: the time of day itself may jump.
    pulse: float | None = None
    pulse_seen: float = 0.0
    looked_at: float = 0.0

    def is_frozen(self, pulse: float | None) -> bool:
        """Whether a process that lives has shown no life for too long."""
        moment = time.monotonic()
        if pulse != self.pulse:
            self.pulse, self.pulse_seen = pulse, moment
        if moment - self.looked_at > _LOOKED_AWAY:
            # Nobody looked for a while, perhaps because this process was frozen with the others: begin anew.
            self.pulse_seen = max(self.pulse_seen, moment) if self.pulse_seen else 0.0
        self.looked_at = moment
        if self.pulse_seen > self.started:
            return moment - self.pulse_seen > _FROZEN_AFTER
        return moment - self.started > _FIRST_SIGN_WITHIN


def module(name: str, *arguments: str) -> tuple[str, ...]:
    """A Python module as a command of this very interpreter."""
    return (sys.executable, "-m", name, *arguments)


class Supervisor:
    """Keeps some parts running.

    Args:
        home: Where logs go (`logs/<part>.log`).
        environment: What the parts see, besides what this process sees.
        forget: Variables of this process that the parts shall not see, unless `environment` gives them anew.
        begin: How a part's process comes into being.
    """

    def __init__(
        self, home: Path, environment: Mapping[str, str], forget: Sequence[str] = (), begin: Begin = from_scratch
    ) -> None:
        self._begin = begin
        self._logs = home / "logs"
        self._pulses = home / "pulse"
        for folder in (self._logs, self._pulses):
            folder.mkdir(parents=True, exist_ok=True)
        seen = {name: value for name, value in os.environ.items() if name not in forget}
        self._environment = {**seen, **environment}
        self._children: list[_Child] = []
        self.stopping = False

    def start(self, part: Part) -> Process:
        """Start a part; it is started again whenever it dies, until `stop`."""
        # What an earlier run left there is no sign of life.
        self._pulse_file(part).unlink(missing_ok=True)
        process = self._spawn(part)
        self._children.append(_Child(part, process, time.monotonic()))
        return process

    def kill(self, name: str) -> None:
        """End a part at once, as a crash would; it is started again by the next look."""
        for child in self._children:
            if child.part.name == name:
                child.process.kill()
                child.process.wait()

    def _spawn(self, part: Part) -> Process:
        pulse = {"DISPATCHER_PULSE_FILE": str(self._pulse_file(part))} if part.shows_life else {}
        return self._begin(part.command, self._environment | pulse, self._log(part))

    def _pulse_file(self, part: Part) -> Path:
        return self._pulses / part.name

    def _pulse(self, part: Part) -> float | None:
        try:
            return self._pulse_file(part).stat().st_mtime
        except OSError:
            return None

    def _log(self, part: Part) -> Path:
        return self._logs / f"{part.name}.log"

    def tail(self, name: str, lines: int = 12) -> str:
        """The end of a part's log, for an error message."""
        path = self._logs / f"{name}.log"
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def look(self) -> list[str]:
        """Start again what has died; answers the names of parts that died since the last look."""
        died = []
        for child in self._children:
            code = child.process.poll()
            if self.stopping:
                continue
            if code is None:
                if child.part.shows_life and child.is_frozen(self._pulse(child.part)):
                    log.error("part lives and does nothing; it is ended and started again", part=child.part.name)
                    child.process.kill()
                continue
            if not child.again_at:
                died.append(child.part.name)
                quick = time.monotonic() - child.started < _SOON
                child.failures = child.failures + 1 if quick else 0
                child.again_at = time.monotonic() + min(0.2 * 2**child.failures, 10.0)
                log.warning("part died", part=child.part.name, status=code, failures=child.failures)
            if time.monotonic() >= child.again_at:
                child.process, child.started, child.again_at = self._spawn(child.part), time.monotonic(), 0.0
        return died

    def run(self, while_true: Callable[[], bool] = lambda: True) -> None:
        """Look after the parts until told to stop."""
        while not self.stopping and while_true():
            self.look()
            time.sleep(0.2)

    def stop(self) -> None:
        """Tell every part to go and wait; who does not go within the grace time is ended.

        What others depend on (the broker, the simulator: started before them) goes after them.
        """
        self.stopping = True
        last = [child for child in self._children if child.part.name in _LAST]
        first = [child for child in self._children if child not in last]
        for group in (first, last):
            for child in group:
                _tell_to_go(child.process)
            for child in group:
                _end(child.process)
        self._children.clear()


def _tell_to_go(process: Process) -> None:
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)


def _end(process: Process) -> None:
    try:
        process.wait(_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    draft = path.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as handle:
        handle.write(text)
    draft.replace(path)


def announce(home: Path, environment: Mapping[str, str]) -> None:
    """Let commands in other shells find this running system (`settings` reads it)."""
    write_private(home / "running.json", json.dumps({"pid": os.getpid(), "environment": dict(environment)}))


def runs_already(home: Path) -> bool:
    """Whether another process has announced a system with this home, and lives."""
    return bool(environment_of_running(home))


def withdraw(home: Path) -> None:
    """This system does not run any more."""
    (home / "running.json").unlink(missing_ok=True)
