"""Drills of every kind of trouble, drills that are broken off, and two at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from dispatcher.faces.cli.drill.trouble import DOING, Trouble
from dispatcher.faces.cli.sample import people
from dispatcher.ledger import Ledger, recipients
from tests.migrated import make_ready

pytestmark = pytest.mark.thorough
_COMMAND = (sys.executable, "-m", "dispatcher.faces.cli.main", "drill")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with people in its ledger, whose processes are known by it."""
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    make_ready(ledger)
    with ledger.write() as tx:
        recipients.upsert(tx, people(500))
    ledger.close()
    (tmp_path / "tmp").mkdir()
    return tmp_path


def begin(home: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = os.environ | {"DISPATCHER_HOME": str(home), "TMPDIR": str(home / "tmp")}
    return subprocess.Popen(
        [*_COMMAND, *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def rounds(process: subprocess.Popen[str]) -> list[dict[str, Any]]:
    said, complaints = process.communicate(timeout=300)
    assert "Traceback" not in complaints, complaints
    found: list[dict[str, Any]] = json.loads(said)["rounds"]
    return found


def is_clean(home: Path) -> bool:
    """Nothing runs any more, nothing lies about."""
    alive = [one for one in psutil.process_iter(["environ"]) if str(home) in str(one.info["environ"])]
    return not alive and not list((home / "tmp").iterdir())


#: Played by `test_drill` and by the two at once below.
_ELSEWHERE = frozenset({Trouble.HANG, Trouble.REFUSE})


@pytest.mark.parametrize(
    ("vendor", "fault"),
    [*(("twilio", one) for one in DOING if one not in _ELSEWHERE), ("own-host", Trouble.REFUSE)],
)
def test_whatever_the_trouble_everybody_who_has_a_way_is_told_once(home: Path, vendor: str, fault: Trouble) -> None:
    with begin(home, vendor, "--fault", fault, "--people", "60", "--json") as process:
        [played] = rounds(process)
    assert (played["twice"], played["unproven"]) == (0, 0), played
    if not played["pointless"]:
        assert played["told"] + played["could_not"] + played["not_told"] == played["people"] == 60
    if fault is not Trouble.RESTART:
        # A worker that dies while it hands over mail leaves some behind on purpose: they could be told twice.
        assert not played["not_told"], played
    assert is_clean(home)


@pytest.mark.parametrize(("after", "how"), [(1.0, signal.SIGTERM), (5.0, signal.SIGINT), (9.0, signal.SIGHUP)])
def test_broken_off_it_leaves_nothing(home: Path, after: float, how: signal.Signals) -> None:
    with begin(home, "twilio", "--fault", "hang", "--people", "40") as process:
        time.sleep(after)
        for _ in range(3):
            process.send_signal(how)
            time.sleep(0.1)
        process.communicate(timeout=60)
    assert process.returncode
    assert is_clean(home)
    assert not (home / "drills").exists()


def test_two_at_once_do_not_meet(home: Path) -> None:
    calls = [("twilio", "--fault", "refuse"), ("slack", "--fault", "refuse")]
    with begin(home, *calls[0], "--json") as first, begin(home, *calls[1], "--json") as second:
        for process in (first, second):
            [played] = rounds(process)
            assert played["told"] == played["people"] == 200
            assert (played["twice"], played["unproven"]) == (0, 0)
            assert process.returncode == 0
    assert len(list((home / "drills").iterdir())) == 2
    assert is_clean(home)
