"""The clock of every process of ours jumps an hour in the middle of a broadcast, and back; the providers' does not."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dispatcher.faces.cli.supervise import Part
from tests.chaos.chaos_rig import Chaos

_PEOPLE = 1000
_words = iter(range(3_000_000, 4_000_000))

_FAKETIME = next(
    (
        path
        for folder in ("/usr/lib", "/usr/local/lib", "/usr/lib64")
        for path in sorted(Path(folder).glob("**/libfaketimeMT.so.1"))
    ),
    None,
)


@pytest.fixture(scope="module")
def with_false_clocks(
    tmp_path_factory: pytest.TempPathFactory, need: Callable[[object, str], None]
) -> Iterator[tuple[Chaos, Path]]:
    """A system whose web, workers and beat read a clock that a file moves. The providers' clock stays right."""
    need(_FAKETIME, "libfaketime (package faketime)")
    folder = tmp_path_factory.mktemp("clock")
    clock = folder / "clock"
    clock.write_text("+0")
    # The library answers EINVAL to the way in which Python sleeps, when the monotonic clock is left alone.
    (folder / "sitecustomize.py").write_text(
        "import select, time\ntime.sleep = lambda seconds: select.select([], [], [], seconds) and None\n"
    )
    config = folder / "config"
    shutil.copytree(Path(__file__).parents[2] / "config", config)
    playbook = config / "playbooks" / "generic.yaml"
    # Else an hour's jump makes everything too late to be said, which is right and not what is tested here.
    playbook.write_text(playbook.read_text().replace("useful_for: 1h", "useful_for: 6h"))
    rig = Chaos(
        tmp_path_factory.mktemp("system"),
        _PEOPLE,
        DISPATCHER_CONFIG=str(config),
    )
    false = {
        "LD_PRELOAD": str(_FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        # Looked at once a second: threads that wait for one another ask for the time thousands of times.
        "FAKETIME_CACHE_DURATION": "1",
        "NO_FAKE_STAT": "1",
        # As in life: what is measured by the monotonic clock does not jump.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        # Else the library mends a fault that this glibc need not have, and then waits for the interpreter's lock return
        # at once: threads that compute take ten times as long.
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        "PYTHONPATH": os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]),
    }
    truly = rig.system._parts

    def parts() -> list[Part]:
        said = [f"{name}={value}" for name, value in false.items()]
        return [Part(part.name, ("env", *said, *part.command)) for part in truly()]

    rig.system._parts = parts  # type: ignore[method-assign]
    try:
        rig.start()
        yield rig, clock
    finally:
        rig.stop()


@pytest.mark.thorough
@pytest.mark.timeout(300)
@pytest.mark.parametrize("jump", ["+3600", "-3600"])
def test_invariants_3_and_4_the_clock_jumps_an_hour(with_false_clocks: tuple[Chaos, Path], jump: str) -> None:
    rig, clock = with_false_clocks
    before = rig.taken()
    told = rig.tell(next(_words))
    # The library makes a worker slow to load what it sends its first message with.
    rig.until(lambda: rig.taken() - before > _PEOPLE // 10, within=90, why="the broadcast is under way")
    clock.write_text(jump)
    rig.watch(3.0)
    rig.kill("sender-1")
    rig.watch(10.0)
    clock.write_text("+0")
    told.attacks.append(f"the clock jumped by {jump} s and back")
    rig.settle([told])
    rig.judge(told)
