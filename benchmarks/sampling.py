"""Runs a Celery worker and writes down where its time goes. `python -m benchmarks.sampling FILE ARGUMENTS…`.

A thread looks at the stacks of all others every few milliseconds and weighs each with the processor time that its
thread has used since the look before: a thread that waits weighs nothing, whatever it waits for. Only what happens
while `FILE.on` exists counts, so that starting up does not. The file is written when the worker ends.
"""

from __future__ import annotations

import json
import sys
import sysconfig
import threading
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

_EVERY = 0.005
#: Seconds after which the interpreter lets the sampler look. The usual 5 ms would let it look mostly where a thread
#: lets go by itself, which is where it begins to wait.
_SWITCH = 0.0005
_PACKAGES = (sysconfig.get_paths()["purelib"] + "/", sysconfig.get_paths()["platlib"] + "/")
_STANDARD = sysconfig.get_paths()["stdlib"] + "/"
_OURS = str(Path(__file__).parents[1]) + "/"


class Sampler:
    """Counts seconds of processor time by what was being done, while the file `mark` exists."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark
        #: By the package of the innermost function: who did the work.
        self.packages: Counter[str] = Counter()
        #: By the outermost function of `dispatcher` or `channels`: what it was done for.
        self.steps: Counter[str] = Counter()
        #: By the innermost function itself.
        self.functions: Counter[str] = Counter()
        self._used: dict[int, float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_on, name="sampler", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def told(self) -> Mapping[str, Mapping[str, float]]:
        return {"packages": self.packages, "steps": self.steps, "functions": self.functions}

    def _look_on(self) -> None:
        while not self._over.wait(_EVERY):
            counting = self._mark.exists()
            for ident, frame in sys._current_frames().items():
                if ident != threading.get_ident():
                    used = self._since_last(ident)
                    if counting and used > 0:
                        self._count(frame, used)

    def _since_last(self, ident: int) -> float:
        try:
            used = time.clock_gettime(time.pthread_getcpuclockid(ident))
        except OSError:  # it has ended meanwhile
            return 0.0
        before = self._used.get(ident, used)
        self._used[ident] = used
        return used - before

    def _count(self, frame: FrameType, seconds: float) -> None:
        self.packages[_package(frame.f_code.co_filename)] += seconds
        self.functions[_function(frame)] += seconds
        step = "outside of our code"
        seen: FrameType | None = frame
        while seen is not None:
            if seen.f_code.co_filename.startswith(_OURS) and "/benchmarks/" not in seen.f_code.co_filename:
                step = _function(seen)
            seen = seen.f_back
        self.steps[step] += seconds


def mark_of(target: Path) -> Path:
    """While this file exists, what a worker does counts."""
    return target.with_name(target.name + ".on")


def _function(frame: FrameType) -> str:
    path = frame.f_code.co_filename
    for start in (_OURS, *_PACKAGES, _STANDARD):
        path = path.removeprefix(start)
    return f"{path.removesuffix('.py').replace('/', '.')}:{frame.f_code.co_qualname.replace('.<locals>', '')}"


def _package(path: str) -> str:
    """The distribution or the part of ours that a file belongs to."""
    for start in _PACKAGES:
        if path.startswith(start):
            return path.removeprefix(start).split("/", 1)[0].removesuffix(".py")
    if path.startswith(_OURS):
        return ".".join(path.removeprefix(_OURS).removesuffix(".py").split("/")[:2])
    if path.startswith(_STANDARD):
        return path.removeprefix(_STANDARD).split("/", 1)[0].removesuffix(".py")
    return path.strip("<>")


if __name__ == "__main__":
    from celery.bin.celery import main

    target, sys.argv = Path(sys.argv[1]), ["celery", *sys.argv[2:]]
    sys.setswitchinterval(_SWITCH)
    sampler = Sampler(mark_of(target))
    sampler.start()
    try:
        main()
    finally:
        sampler.stop()
        target.write_text(json.dumps(sampler.told()), encoding="utf-8")
