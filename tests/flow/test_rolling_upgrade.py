"""Processes of the previous release work beside those of this one, on one ledger that this one has migrated.

On PostgreSQL it is migrated while those of the previous release are in the middle of a broadcast.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tarfile
import tomllib
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from elsewhere_rig import RigElsewhere
from sqlalchemy import insert, select

from channels.contract import Kind
from dispatcher.faces.cli.broker import free_port
from dispatcher.faces.cli.system import module
from dispatcher.ledger import Ledger, LedgerAway, migrate, now, tables
from dispatcher.model.delivery import LEASED, WAITING
from dispatcher.model.recipient import Recipient
from tests.unit.ledger.postgres import Postgres

ROOT = Path(__file__).resolve().parents[2]
#: The last commit of release 0.1.0.
PREVIOUS = "2799b8e"
_PEOPLE = 3000
_QUEUES = "sms,chat,social,inapp,push,email,control,receipts"


@pytest.fixture(scope="module")
def previous(tmp_path_factory: pytest.TempPathFactory, need: Callable[[object, str], None]) -> Path:
    """The code of the previous release in a folder of its own."""
    archive = subprocess.run(["git", "archive", PREVIOUS], cwd=ROOT, capture_output=True, check=False)
    need(archive.returncode == 0, f"the previous release (commit {PREVIOUS}; it takes a clone with its history)")
    folder = tmp_path_factory.mktemp("previous")
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as packed:
        packed.extractall(folder, filter="data")
    announce(folder)
    return folder


def announce(code: Path) -> None:
    """The channels of that release, before those that are installed: it has no others."""
    project = tomllib.loads((code / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    about = code / f"{project['name'].replace('-', '_')}-0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: 0\n", encoding="utf-8")
    lines = []
    for group, points in project["entry-points"].items():
        lines += [f"[{group}]", *(f"{name} = {value}" for name, value in points.items())]
    (about / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")


def everybody() -> list[Recipient]:
    return [Recipient(f"up-{n}", addresses={Kind.SMS: f"+1415555{n:04d}"}) for n in range(_PEOPLE)]


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RigElsewhere]:
    running = RigElsewhere(tmp_path_factory.mktemp("system"))
    running.start()
    running.invite(everybody())
    running.sim("latency", {"twilio": 200}, method="PUT")
    yield running
    running.stop()


def started(code: Path, environment: dict[str, str], log: Path, *command: str) -> subprocess.Popen[bytes]:
    """A process that runs the code of one release in an environment."""
    with log.open("wb") as sink:
        return subprocess.Popen(
            module(*command),
            cwd=code,
            env=environment | {"PYTHONPATH": str(code)},
            stdout=sink,
            stderr=sink,
        )


def worker(name: str) -> list[str]:
    celery = ["celery", "-A", "dispatcher.faces.worker.app", "worker", "--pool", "threads", "--concurrency", "16"]
    quiet = ["--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [*celery, "--queues", _QUEUES, "--hostname", f"{name}@%h", *quiet]


def web(port: int) -> list[str]:
    app = "dispatcher.faces.api.app:create_app"
    return ["uvicorn", "--factory", app, "--host", "127.0.0.1", "--port", str(port)]


def beat(schedule: Path) -> list[str]:
    return ["celery", "-A", "dispatcher.faces.worker.app", "beat", "--pidfile=", "--schedule", str(schedule)]


def expect_code(code: Path) -> None:
    """The processes above run the code of this folder, not what is installed."""
    told = [sys.executable, "-c", "import dispatcher; print(dispatcher.__file__)"]
    env = {**os.environ, "PYTHONPATH": str(code)}
    found = subprocess.run(told, cwd=code, env=env, capture_output=True, text=True, check=True)
    assert found.stdout.startswith(str(code))


def owners(ledger: Ledger) -> set[str]:
    """The pumps that hold texts now: one a process."""
    row = tables.delivery
    with ledger.read() as tx:
        found = select(row.c.lease_owner).where(row.c.lease_owner.is_not(None), row.c.route == "twilio-main")
        return set(tx.execute(found.distinct()).scalars())


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
    expect_code(previous)
    port = free_port()
    processes = [
        started(previous, rig.environment, tmp_path / "worker.log", *worker("old")),
        started(previous, rig.environment, tmp_path / "web.log", *web(port)),
    ]
    ledger = rig.system.here.ledger
    try:
        url = f"http://127.0.0.1:{port}"
        rig.until(lambda: _answers(f"{url}/healthz"), why="the old web process answers")
        first = open_at(url, rig.system.key)
        rig.until(lambda: len(owners(ledger)) > 1, why="an old and a new sender are at work on the same broadcast")
        rig.until(lambda: rig.done(first), within=90, why="everything is sent")
        expect_once(rig)

        rig.sim("received", method="DELETE")
        second = open_at(rig.system.url, rig.system.key)
        rig.until(lambda: len(owners(ledger)) > 1, why="both are at work again")
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


@pytest.mark.timeout(180)
def test_a_postgresql_ledger_is_migrated_in_the_middle_of_a_broadcast(
    rig: RigElsewhere, previous: Path, postgres: Postgres, tmp_path: Path
) -> None:
    """The previous release alone has begun it; both releases end it."""
    expect_code(previous)
    rig.sim("received", method="DELETE")
    postgres.execute("CREATE DATABASE rolling")
    broker, port = f"{rig.environment['DISPATCHER_BROKER_URL'].rpartition('/')[0]}/1", free_port()
    url = f"http://127.0.0.1:{port}"
    environment = rig.environment | {
        "DISPATCHER_LEDGER_URL": postgres.url("rolling"),
        "DISPATCHER_BROKER_URL": broker,
        "DISPATCHER_PUBLIC_URL": url,
    }
    command = [sys.executable, "-m", "dispatcher.faces.cli.main", "db", "upgrade"]
    subprocess.run(command, cwd=previous, env=environment | {"PYTHONPATH": str(previous)}, check=True)
    ledger = Ledger(environment["DISPATCHER_LEDGER_URL"])
    assert migrate.current(ledger) == "0001"
    with ledger.write() as tx:
        # As that release wrote them: it has none of the newer columns.
        moment = now()
        people = [
            {"ref": one.ref, "to_sms": one.addresses[Kind.SMS], "reach": 1, "created_at": moment, "updated_at": moment}
            for one in everybody()
        ]
        tx.execute(insert(tables.recipient), people)
    processes = [
        started(previous, environment, tmp_path / "old-worker.log", *worker("old")),
        started(previous, environment, tmp_path / "old-beat.log", *beat(tmp_path / "schedule")),
        started(previous, environment, tmp_path / "old-web.log", *web(port)),
    ]
    try:
        rig.until(lambda: _answers(f"{url}/healthz"), why="the old web process answers")
        open_at(url, rig.system.key)
        rig.until(lambda: len(rig.sim("received?provider=twilio")) > _PEOPLE // 10, why="the old ones are at work")
        # Enough is left until it is done and the new one is up, also on a slow machine.
        rig.sim("latency", {"twilio": 600}, method="PUT")
        again = "a migration that met a deadlock is run again, as the manual says"
        rig.until(lambda: _is_migrated(ledger), within=60, why=again)
        migrate.require_current(ledger)
        assert len(rig.sim("received?provider=twilio")) < _PEOPLE * 0.9, "it fell into the middle"
        processes.append(started(ROOT, environment, tmp_path / "new-worker.log", *worker("new")))
        rig.until(lambda: len(owners(ledger)) > 1, why="an old and a new sender are at work")
        rig.until(lambda: _is_settled(ledger), within=90, why="everything is sent")
        expect_once(rig)
    finally:
        rig.sim("latency", {"twilio": 200}, method="PUT")
        for process in processes:
            process.kill()
            process.wait()
        ledger.close()
        postgres.execute("DROP DATABASE rolling WITH (FORCE)")


def _is_migrated(ledger: Ledger) -> bool:
    """The database may end a migration that waits for work which waits for it. Then nothing of it is done."""
    before = migrate.current(ledger)
    try:
        migrate.upgrade(ledger)
    except LedgerAway as error:
        if "deadlock detected" not in str(error):
            raise
    else:
        return True
    assert migrate.current(ledger) == before
    return False


def _is_settled(ledger: Ledger) -> bool:
    row = tables.delivery
    with ledger.read() as tx:
        open_ = tx.execute(select(row.c.id).where(row.c.status.in_(sorted(LEASED | WAITING)))).first()
    return open_ is None


def expect_once(rig: RigElsewhere) -> None:
    got = Counter(one["to"] for one in rig.sim("received?provider=twilio"))
    assert got == Counter(f"+1415555{n:04d}" for n in range(_PEOPLE))


def _answers(url: str) -> Any:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
