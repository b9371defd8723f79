"""One attack each, on a broadcast to thousands: what is around us fails slowly, oddly or for a while.

Those marked `thorough` take long; `make chaos` plays them, `make test` does not. The one marked `brief` is at length in
`test_deaths`, and with it it is the other way round.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import select

from dispatcher.ledger import tables
from tests import nursery
from tests.chaos.chaos_rig import QUIET, Chaos, MortalPostgres, Told
from tests.chaos.deaths import die

PEOPLE = 2000
#: Seeds of `test_seeds` stay below; each test here has words of its own.
_words = iter(range(1_000_000, 2_000_000))


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chaos]:
    running = Chaos(tmp_path_factory.mktemp("system"), PEOPLE)
    try:
        running.start()
        yield running
    finally:
        running.stop()


def begin(rig: Chaos, share: float = 0.1) -> Told:
    """A broadcast of which so much is sent."""
    before = rig.taken()
    told = rig.tell(next(_words))
    rig.until(lambda: rig.taken() - before > share * PEOPLE, why="the broadcast is under way")
    return told


def end(rig: Chaos, told: Told, **limits: float) -> None:
    rig.settle([told], **limits)
    rig.judge(told)


@pytest.mark.thorough
@pytest.mark.timeout(180)
def test_invariant_3_the_broker_forgets_everything_again_and_again(rig: Chaos) -> None:
    told = begin(rig)
    for _ in range(5):
        rig.flush()
        rig.watch(0.7)
    rig.kill("broker")  # and comes back empty: it keeps nothing on disk
    told.attacks += ["5 times FLUSHALL", "broker"]
    end(rig, told)


@pytest.mark.timeout(180)
def test_invariant_4_what_killed_senders_held_is_named_and_asked_about(rig: Chaos) -> None:
    told = begin(rig, share=0.3)
    assert _held(rig)
    rig.kill("sender-1")
    rig.kill("sender-2")
    told.attacks.append("both senders")
    end(rig, told)
    row = tables.attempt
    with rig.system.here.ledger.read() as tx:
        doubtful = tx.execute(
            select(row.c.id, row.c.lookup, row.c.receipt_word)
            .join(tables.delivery, tables.delivery.c.id == row.c.delivery_id)
            .where(
                tables.delivery.c.incident_id == told.incident,
                row.c.route == "twilio-main",
                row.c.code == "worker-lost",
            )
        ).all()
    assert doubtful, "the ledger names those that were in flight"
    assert [one for one in doubtful if not (one.lookup or one.receipt_word)] == []


def _held(rig: Chaos) -> int:
    row = tables.delivery
    with rig.system.here.ledger.read() as tx:
        return len(tx.execute(select(row.c.id).where(row.c.lease_owner.is_not(None))).all())


@pytest.mark.thorough
@pytest.mark.timeout(180)
@pytest.mark.parametrize("seconds", [13, 32])
def test_invariant_4_a_sender_that_stood_still_changes_nothing_when_it_goes_on(rig: Chaos, seconds: int) -> None:
    """As a virtual machine that is paused: for less than a lease and a sweep, and until others have done its work."""
    told = begin(rig, share=0.2)
    still = rig.pid("sender-1")
    assert still
    os.kill(still, signal.SIGSTOP)
    try:
        rig.watch(seconds)
    finally:
        with contextlib.suppress(ProcessLookupError):  # its supervisor may have ended it
            os.kill(still, signal.SIGCONT)
    told.attacks.append(f"a sender stood still for {seconds} s")
    end(rig, told)


@pytest.mark.thorough
@pytest.mark.timeout(180)
def test_invariant_4_a_provider_that_freezes_is_asked_before_anything_is_sent_again(rig: Chaos) -> None:
    told = begin(rig)
    frozen = rig.pid("simulator")
    assert frozen
    os.kill(frozen, signal.SIGSTOP)
    try:
        # Longer than the route's time-out (10 s): what is under way is in doubt, and look-ups hang as well. Over before
        # the breaker, a second later, has asked in vain (3.5 s): after that policy decides.
        rig.watch(12.5)
    finally:
        os.kill(frozen, signal.SIGCONT)
    told.attacks.append("the providers froze for 12.5 s")
    end(rig, told)


@pytest.mark.thorough
@pytest.mark.timeout(180)
def test_invariant_4_a_provider_that_breaks_off_or_answers_nonsense_is_asked(rig: Chaos) -> None:
    """Taken and reset, reset unread, taken and answered 500 or garbled; receipts that come twice or out of order."""
    odd: list[dict[str, Any]] = [
        {"what": "reset_after"},
        {"what": "reset_before"},
        {"what": "garbled"},
        {"what": "error_after", "status": 500},
    ]
    share, numbered = 0.02, list(enumerate(odd))
    rig.faults(
        *(
            {"provider": "twilio", "match": {"share": share, "seed": n}, "do": do, "times": 40}
            for n, do in enumerate(odd)
        ),
        *({"provider": "slack", "match": {"nth": [5 * n + 2]}, "do": do} for n, do in numbered),
        {"provider": "twilio", "match": {"share": 0.1, "seed": 8}, "do": {"what": "receipts", "how": "doubled"}},
        {"provider": "twilio", "match": {"share": 0.1, "seed": 9}, "do": {"what": "receipts", "how": "reordered"}},
        *QUIET,
    )
    try:
        told = begin(rig)
        told.attacks.append("answers that say nothing")
        end(rig, told)
        fired = [one["fired"] for one in rig.sim("faults")][: len(odd)]
        assert min(fired) > PEOPLE * share / 2, "the provider did misbehave"
    finally:
        rig.faults(*QUIET)


@pytest.mark.brief
@pytest.mark.timeout(120)
def test_a_provider_that_hangs_in_mid_broadcast_is_left_alone_and_everybody_is_told(rig: Chaos) -> None:
    die(rig, "hangs", next(_words))


@pytest.mark.thorough
@pytest.mark.timeout(180)
def test_invariant_4_two_processes_claim_at_once(rig: Chaos) -> None:
    claim_at_once(rig)


@pytest.mark.thorough
@pytest.mark.timeout(180)
def test_invariant_4_two_processes_claim_at_once_on_postgresql(on_postgresql: Chaos) -> None:
    """There, unlike on SQLite, two claims truly run side by side: each passes over what the other has locked."""
    claim_at_once(on_postgresql)


def claim_at_once(rig: Chaos) -> None:
    """Both senders empty one route, and a second clock rings all the time: nobody is claimed twice."""
    second = next(part for part in rig.system._parts() if part.name == "beat").command
    beat = nursery.begin(second, rig.environment, rig.home / "logs" / "beat-2.log")
    try:
        # Long enough for several sweeps, so that one of their bells finds the other sender.
        rig.sim("latency", {"twilio": 400}, method="PUT")
        told = rig.tell(next(_words))
        rig.until(lambda: len(_pumps(rig)) > 1, why="both senders hold something of the same route")
        told.attacks.append("two senders, two beats")
        end(rig, told)
        assert beat.poll() is None, "the second clock ran all the time"
    finally:
        rig.sim("latency", {"twilio": 100}, method="PUT")
        beat.kill()
        beat.wait()


def _pumps(rig: Chaos) -> set[str]:
    row = tables.delivery
    with rig.system.here.ledger.read() as tx:
        held = select(row.c.lease_owner).where(row.c.lease_owner.is_not(None), row.c.route == "twilio-main")
        return set(tx.execute(held.distinct()).scalars())


@pytest.mark.thorough
@pytest.mark.timeout(240)
def test_invariants_3_and_4_a_locked_sqlite_ledger_holds_up_and_loses_nothing(rig: Chaos) -> None:
    """Short locks, and one that outlives the time for which a claim may be trusted."""
    told = begin(rig)
    path = rig.home / "ledger.sqlite3"
    for seconds in (1.0, 3.0, 13.0, 0.5, 2.0):
        lock = sqlite3.connect(path, isolation_level=None, timeout=60)
        lock.execute("BEGIN IMMEDIATE")
        rig.watch(seconds)
        lock.execute("ROLLBACK")
        lock.close()
        rig.watch(0.3)
    told.attacks.append("the ledger was locked 5 times, for up to 13 s")
    end(rig, told)


@pytest.fixture
def on_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chaos]:
    server = MortalPostgres()
    running = Chaos(tmp_path_factory.mktemp("system"), PEOPLE, server)
    try:
        running.start()
        yield running
    finally:
        running.stop()
        server.stop()


@pytest.mark.thorough
@pytest.mark.timeout(240)
def test_invariants_3_and_4_a_locked_postgresql_ledger_holds_up_and_loses_nothing(on_postgresql: Chaos) -> None:
    rig = on_postgresql
    told = begin(rig)
    url = rig.environment["DISPATCHER_LEDGER_URL"].replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url) as lock:
        for seconds in (1.0, 3.0, 13.0, 0.5, 2.0):
            lock.execute("LOCK TABLE delivery IN ACCESS EXCLUSIVE MODE")
            rig.watch(seconds)
            lock.rollback()
            rig.watch(0.3)
    told.attacks.append("the table of deliveries was locked 5 times, for up to 13 s")
    end(rig, told)


@pytest.fixture
def small_disk(tmp_path_factory: pytest.TempPathFactory, need: Callable[[object, str], None]) -> Iterator[Path]:
    """A file system of 40 MB of its own."""
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    need(shutil.which("mount") and (not as_root or shutil.which("sudo")), "a small file system (mounting needs root)")
    folder = tmp_path_factory.mktemp("disk")
    mount = [*as_root, "mount", "-t", "tmpfs", "-o", "size=40m,mode=1777", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    need(done.returncode == 0, f"a small file system (mounting needs root: {done.stderr.strip()})")
    try:
        yield folder
    finally:
        subprocess.run([*as_root, "umount", str(folder)], check=True)


@pytest.mark.thorough
@pytest.mark.timeout(240)
def test_invariants_3_and_4_a_full_disk_stops_and_loses_nothing(
    small_disk: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rig = Chaos(
        tmp_path_factory.mktemp("system"), PEOPLE, DISPATCHER_LEDGER_URL=f"sqlite:///{small_disk / 'ledger.sqlite3'}"
    )
    try:
        rig.start()
        told = begin(rig)
        ballast = small_disk / "ballast"
        with ballast.open("wb") as sink:
            try:
                while True:
                    sink.write(b"\0" * 65536)
                    sink.flush()
            except OSError:
                pass  # full
        stopped = rig.until(lambda: _stands_still(rig), why="nothing more can be kept, so nothing more is sent")
        assert stopped
        body = {"playbook": "generic", "audience": "everyone", "override": "some have mail alone"}
        status, said = rig.api("/api/v1/incidents", body)
        assert (status, "disk is not full" in said["detail"]) == (503, True), said
        rig.watch(13.0)
        ballast.unlink()
        told.attacks.append("the disk was full")
        end(rig, told)
    finally:
        (small_disk / "ballast").unlink(missing_ok=True)
        rig.stop()


def _stands_still(rig: Chaos) -> bool:
    before = rig.taken()
    rig.watch(1.5)
    return rig.taken() == before
