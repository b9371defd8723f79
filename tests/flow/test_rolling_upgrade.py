"""Processes of the previous release work beside those of this one, on one ledger that this one has migrated."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tarfile
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from elsewhere_rig import RigElsewhere
from sqlalchemy import select

from channels.contract import Kind
from dispatcher.faces.cli.broker import free_port
from dispatcher.faces.cli.system import module
from dispatcher.ledger import tables
from dispatcher.model.recipient import Recipient

ROOT = Path(__file__).resolve().parents[2]
#: The last commit of release 0.1.0.
PREVIOUS = "2799b8e"
_PEOPLE = 3000
_QUEUES = "sms,chat,social,inapp,push,email,control,receipts"


@pytest.fixture(scope="module")
def previous(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code of the previous release in a folder of its own."""
    archive = subprocess.run(["git", "archive", PREVIOUS], cwd=ROOT, capture_output=True, check=False)
    if archive.returncode:  # nothing that could be installed
        pytest.skip(f"the previous release (commit {PREVIOUS}) is not here; it takes a clone with its history")
    folder = tmp_path_factory.mktemp("previous")
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as packed:
        packed.extractall(folder, filter="data")
    return folder


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RigElsewhere]:
    running = RigElsewhere(tmp_path_factory.mktemp("system"))
    running.start()
    running.invite([Recipient(f"up-{n}", addresses={Kind.SMS: f"+1415555{n:04d}"}) for n in range(_PEOPLE)])
    running.sim("latency", {"twilio": 200}, method="PUT")
    yield running
    running.stop()


def old(previous: Path, rig: RigElsewhere, log: Path, *command: str) -> subprocess.Popen[bytes]:
    """A process that runs the previous release's code in the environment of the running system."""
    with log.open("wb") as sink:
        return subprocess.Popen(
            module(*command),
            cwd=previous,
            env=rig.environment | {"PYTHONPATH": str(previous)},
            stdout=sink,
            stderr=sink,
        )


def owners(rig: RigElsewhere) -> set[str]:
    """The pumps that hold something now."""
    with rig.system.here.ledger.read() as tx:
        found = select(tables.delivery.c.lease_owner).where(tables.delivery.c.lease_owner.is_not(None)).distinct()
        return set(tx.execute(found).scalars())


def open_at(url: str, key: str) -> int:
    request = urllib.request.Request(
        f"{url}/api/v1/incidents",
        json.dumps({"playbook": "generic", "audience": "everyone"}).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {key}"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return int(json.loads(answer.read())["incident"]["id"])


@pytest.mark.timeout(180)
def test_old_and_new_processes_tell_everybody_once(rig: RigElsewhere, previous: Path, tmp_path: Path) -> None:
    told = [sys.executable, "-c", "import dispatcher; print(dispatcher.__file__)"]
    env = {**os.environ, "PYTHONPATH": str(previous)}
    found = subprocess.run(told, cwd=previous, env=env, capture_output=True, text=True, check=True)
    assert found.stdout.startswith(str(previous)), "the old code is what runs"
    port = free_port()
    celery = ("celery", "-A", "dispatcher.faces.worker.app", "worker", "--pool", "threads", "--concurrency", "16")
    quiet = ("--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat")
    web = ("uvicorn", "--factory", "dispatcher.faces.api.app:create_app", "--host", "127.0.0.1", "--port", str(port))
    processes = [
        old(previous, rig, tmp_path / "worker.log", *celery, "--queues", _QUEUES, "--hostname", "old@%h", *quiet),
        old(previous, rig, tmp_path / "web.log", *web),
    ]
    try:
        url = f"http://127.0.0.1:{port}"
        rig.until(lambda: _answers(f"{url}/healthz"), why="the old web process answers")
        first = open_at(url, rig.system.key)
        rig.until(lambda: len(owners(rig)) > 1, why="an old and a new sender are at work on the same broadcast")
        rig.until(lambda: rig.done(first), within=90, why="everything is sent")
        expect_once(rig)

        rig.sim("received", method="DELETE")
        second = open_at(rig.system.url, rig.system.key)
        rig.until(lambda: len(owners(rig)) > 1, why="both are at work again")
        # The roll ends: the old ones are told to go while there is work, and what they hold is not lost.
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait(60)
        rig.until(lambda: rig.done(second), within=90, why="the new ones have sent the rest")
        expect_once(rig)
    finally:
        for process in processes:
            process.kill()
            process.wait()


def expect_once(rig: RigElsewhere) -> None:
    got = Counter(one["to"] for one in rig.sim("received?provider=twilio"))
    assert got == Counter(f"+1415555{n:04d}" for n in range(_PEOPLE))


def _answers(url: str) -> Any:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
