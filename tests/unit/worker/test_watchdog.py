"""A worker that is alive and takes no work is noticed, and nobody else is taken for one."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from dispatcher.faces.cli.broker import Broker
from dispatcher.faces.cli.supervise import Part, Supervisor
from dispatcher.faces.worker.watchdog import Signs, Watchdog


def played(*story: tuple[float, str]) -> Signs:
    """Signs after some moments, each with what happened then."""
    signs = Signs(0.0)
    for moment, what in story:
        match what:
            case "canary":
                signs.rings(moment)
                signs.rang(moment, taken=True)
            case "refused":
                signs.rings(moment)
                signs.rang(moment, taken=False)
            case "hangs":
                signs.rings(moment)
            case "slow":
                signs.rings(moment - 9)
                signs.rang(moment, taken=True)
            case "took":
                signs.began(moment)
                signs.ended(moment)
            case "busy":
                signs.began(moment)
    return signs


@pytest.mark.parametrize(
    ("story", "at", "deaf"),
    [
        pytest.param([], 100, False, id="no canary was rung yet"),
        pytest.param([(0, "canary")], 19, False, id="it may still come"),
        pytest.param([(0, "canary")], 21, True, id="the broker took it and nobody heard it"),
        pytest.param([(0, "canary"), (5, "took"), (10, "canary"), (15, "took")], 34, False, id="it takes what comes"),
        pytest.param([(0, "canary"), (5, "took"), (10, "canary")], 26, True, id="it fell silent"),
        pytest.param([(0, "canary"), (5, "refused")], 100, False, id="the broker is away: nothing is proven"),
        pytest.param([(0, "refused"), (50, "canary")], 69, False, id="counted from when the broker was back"),
        pytest.param([(0, "refused"), (50, "canary")], 71, True, id="deaf after the broker came back"),
        pytest.param([(0, "canary"), (15, "hangs")], 100, False, id="the broker hangs"),
        pytest.param([(0, "canary"), (60, "slow")], 79, False, id="counted from when the broker no longer hung"),
        pytest.param([(0, "canary"), (0, "busy"), (0, "busy")], 60, False, id="all threads are busy"),
        pytest.param([(0, "canary"), (0, "busy"), (0, "busy")], 121, True, id="too long busy to be true"),
        pytest.param([(0, "canary"), (0, "busy")], 21, True, id="one thread is busy, the other hears nothing"),
    ],
)
def test_who_is_deaf(story: list[tuple[float, str]], at: float, deaf: bool) -> None:
    assert played(*story).is_deaf(at, threads=2) is deaf


def test_the_first_sign_of_life_comes_before_the_first_canary(tmp_path: Path) -> None:
    """One that freezes right after it began to take work must not count as one that is still starting."""
    pulse, seen = tmp_path / "pulse", list[bool]()

    def ring() -> bool:
        seen.append(pulse.exists())
        return True

    watchdog = Watchdog(threads=1, ring=ring, stop=lambda: None, pulse_file=pulse)
    watchdog.start()
    assert pulse.exists(), "already when it is started"
    until = time.monotonic() + 5
    while not seen and time.monotonic() < until:
        time.sleep(0.01)
    watchdog.end()
    assert seen[0]


def test_a_worker_that_does_not_hear_its_canary_ends_within_thirty_seconds(tmp_path: Path) -> None:
    """A real process on a real broker, whose canaries go to a queue that it does not take from."""
    broker = Broker(tmp_path)
    supervisor = Supervisor(tmp_path, {})
    supervisor.start(broker.part())
    assert broker.wait()
    script = textwrap.dedent(
        """
        import time
        from dispatcher.faces.worker.bells import Bells
        from dispatcher.faces.worker.making import make_app
        from dispatcher.faces.worker.watchdog import Watchdog
        import dispatcher.faces.worker.watchdog as module, os
        bells = Bells(make_app(os.environ["BROKER"]), {})
        module._GRACE = 0.5
        ring = lambda: bells.canary("deaf@here")
        Watchdog(threads=2, ring=ring, stop=lambda: print("stopped", flush=True), pulse_file=None).start()
        time.sleep(60)
        """
    )
    try:
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-c", script],
            env=os.environ | {"BROKER": broker.url},
            capture_output=True,
            text=True,
            timeout=50,
            check=False,
        )
        assert done.returncode == 75, done.stderr
        assert "stopped" in done.stdout
        assert time.monotonic() - began < 30
    finally:
        supervisor.stop()


def test_a_frozen_part_is_ended_and_started_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import signal

    import dispatcher.faces.cli.supervise as module

    monkeypatch.setattr(module, "_FROZEN_AFTER", 1.0)
    beats = """
import os, pathlib, time
while True:
    pathlib.Path(os.environ["DISPATCHER_PULSE_FILE"]).touch()
    time.sleep(0.1)
"""
    supervisor = Supervisor(tmp_path, {})
    process = supervisor.start(Part("steady", (sys.executable, "-c", beats), shows_life=True))
    try:
        until = time.monotonic() + 3
        while time.monotonic() < until:
            assert supervisor.look() == []
            time.sleep(0.1)
        os.kill(process.pid, signal.SIGSTOP)
        died: list[str] = []
        while not died and time.monotonic() < until + 10:
            died = supervisor.look()
            time.sleep(0.1)
        assert died == ["steady"]
        assert process.poll() == -signal.SIGKILL
    finally:
        supervisor.stop()
