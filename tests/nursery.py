"""Where processes are born that have the libraries loaded already: hundreds of starts would else take minutes.

What runs in them is what a start from scratch runs. Tests of starting itself, and of what goes on beside a running
system, start from scratch.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from multiprocessing.context import ForkServerContext
from pathlib import Path

from dispatcher.faces.cli.supervise import Process, from_scratch


def born(
    do: Callable[[], None], command: list[str], *, cwd: Path, environment: Mapping[str, str], timeout: float
) -> subprocess.CompletedProcess[str]:
    """A process with this environment, in this folder, that does this; `command` is how it is spoken of.

    Raises:
        subprocess.TimeoutExpired: it took longer, and was killed.
    """
    with tempfile.TemporaryDirectory() as folder:
        out, complaints = Path(folder, "stdout"), Path(folder, "stderr")
        process = Born(do, cwd, environment, out, complaints)
        try:
            status = process.wait(timeout)
        finally:
            process.kill()
            process.wait()
        said = out.read_text(encoding="utf-8"), complaints.read_text(encoding="utf-8")
    return subprocess.CompletedProcess(command, status, *said)


def dispatcher(
    *arguments: str, environment: Mapping[str, str], timeout: float = 60
) -> subprocess.CompletedProcess[str]:
    """What `dispatcher` does with these arguments."""
    command = ["dispatcher", *arguments]
    return born(partial(_dispatcher, arguments), command, cwd=Path("/"), environment=environment, timeout=timeout)


def _dispatcher(arguments: tuple[str, ...]) -> None:
    from dispatcher.faces.cli.main import main

    sys.argv = ["dispatcher", *arguments]
    main()


def begin(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Process:
    """A part of the system. What is no module of this interpreter starts from scratch."""
    interpreter, option, *words = command
    if (interpreter, option) != (sys.executable, "-m"):
        return from_scratch(command, environment, log)
    return Born(partial(_module, words), Path.cwd(), environment, log, log)


def _module(words: Sequence[str]) -> None:
    """What `python -m` does, as its own session."""
    os.setsid()
    sys.argv = list(words)
    runpy.run_module(words[0], run_name="__main__", alter_sys=True)


class Born:
    """A process that was born here, as `subprocess.Popen` would show it."""

    def __init__(
        self, do: Callable[[], None], cwd: Path, environment: Mapping[str, str], out: Path, complaints: Path
    ) -> None:
        # A daemon: it ends with the tests, at the latest.
        self._process = _nursery().Process(
            target=_live, args=(do, cwd, dict(environment), out, complaints), daemon=True
        )
        self._process.start()
        assert self._process.pid
        self.pid: int = self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
        return self._process.exitcode

    def send_signal(self, sig: int, /) -> None:
        if self.poll() is None:
            os.kill(self.pid, sig)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


#: What the command, the parts of the system and the kit load. None of it looks at the environment while it loads.
_LOADED = [
    "celery.__main__",
    "celery.apps.beat",
    "celery.apps.worker",
    "celery.bin.beat",
    "celery.bin.celery",
    "celery.bin.worker",
    "celery.concurrency.thread",
    "channels.chat.slack.adapter",
    "channels.email.smtp.adapter",
    "channels.registry",
    "channels.simulator",
    "channels.sms.telnyx.adapter",
    "channels.sms.twilio.adapter",
    "channels.social.x.adapter",
    "channels.testkit.samples",
    "channels.transport.http",
    "dispatcher.faces.api.app",
    "dispatcher.faces.cli.main",
    "dispatcher.faces.engine",
    "dispatcher.faces.worker.making",
    "dispatcher.ledger.migrate",
    "kombu.transport.redis",
    "pytest",
    "uvicorn.lifespan.on",
    "uvicorn.main",
    "uvicorn.protocols.http.auto",
]


@cache
def _nursery() -> ForkServerContext:
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(_LOADED)
    return found


def _live(do: Callable[[], None], cwd: Path, environment: dict[str, str], out: Path, complaints: Path) -> None:
    for path, stream in ((out, 1), (complaints, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    # What was loaded before stays; whoever looks for garbage need not look there.
    gc.freeze()
    os.chdir(cwd)
    os.environ.clear()
    os.environ |= environment
    do()
