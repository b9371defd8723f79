"""Where the time of a sending worker goes while it works end to end. Makes no line of the table."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.ground import Ground
from benchmarks.measure import Aside
from benchmarks.rows.end_to_end import MESSAGES, Engine
from benchmarks.sampling import mark_of
from benchmarks.site import Shape, Site, folder, people, running

#: How many of each are told.
_MOST = 12


def run(ground: Ground) -> Iterator[Aside]:
    """The shares of a sender's processor time, by what it was spent for and by whom; two senders work."""
    count = ground.size(MESSAGES, least=500)
    with folder() as home, ground.database.new() as url:
        target = home / "samples.json"
        with running(Shape(ground.provider.url, ledger_url=url, senders=1), people(count)) as site:
            engine = Engine(site, ground.provider, count)
            with sampled(site, target) as process:
                engine.run()  # what is imported and connected once is not what dominates
                mark_of(target).touch()
                engine.run()
                mark_of(target).unlink()
            if process.returncode:
                raise RuntimeError(f"the sampled worker failed; its log:\n{_log(target).read_text(encoding='utf-8')}")
        found: dict[str, dict[str, float]] = json.loads(target.read_text(encoding="utf-8"))
    for by in ("steps", "packages", "functions"):
        spent = Counter(found[by])
        yield Aside(f"profile.{by}", {what: seconds / spent.total() for what, seconds in spent.most_common(_MOST)})


@contextmanager
def sampled(site: Site, target: Path) -> Iterator[subprocess.Popen[bytes]]:
    """One more sender of the site, started as the first one was, that writes down what it did."""
    command = site.process("sender-1").cmdline()
    at = command.index("celery")
    words = [word.replace("sender-1", "sampled") for word in command[at + 1 :]]
    with _log(target).open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.sampling", str(target), *words],
            env=site.process("sender-1").environ(),
            cwd=Path(__file__).parents[2],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        site.until_workers(3)
        yield process
    finally:
        process.terminate()
        process.wait(60)


def _log(target: Path) -> Path:
    return target.with_suffix(".log")
