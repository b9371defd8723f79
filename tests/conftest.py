"""What tests of several stages share: a clean, migrated ledger on both databases."""

from __future__ import annotations

import asyncio
import gc
import itertools
import os
import signal
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import hypothesis
import pytest
import uvloop
from sqlalchemy import event

from dispatcher.ledger import Ledger, migrate, tables
from tests.migrated import make_ready
from tests.unit.ledger.postgres import Postgres
from tests.unit.ledger.world import World


def pytest_configure() -> None:
    """What is the same for all tests, whatever runs them.

    What a shell runs with & ignores Ctrl-C, and what `nohup` runs a terminal that goes away; so would every command
    that a test starts. It shall hear both, as in front: a signal that is handled here is a usual one for it.
    """
    # How long an example takes says how busy the machine is; a test that never ends has pytest's time-out.
    hypothesis.settings.register_profile("unhurried", deadline=None)
    hypothesis.settings.load_profile("unhurried")
    for number, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, lambda *_: None)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files whose tests start whole systems, and then mostly wait, are spread evenly among the others, which compute:
    several at once (xdist) then seldom want the same thing. A file stays together, for what its tests share.
    """
    files = [list(some) for _, some in itertools.groupby(items, key=lambda item: item.path)]
    waiting = [some for some in files if some[0].path.parent.name == "flow"]
    others = [some for some in files if some not in waiting]
    between = sum(map(len, others)) / max(1, len(waiting))
    spread: list[pytest.Item] = []
    seen = 0
    for some in others:
        if waiting and seen >= between * (len(files) - len(others) - len(waiting)):
            spread += waiting.pop(0)
        spread += some
        seen += len(some)
    items[:] = [*spread, *itertools.chain.from_iterable(waiting)]


def pytest_collection_finish() -> None:
    """What is loaded by now stays; whoever looks for garbage need not look through half a gigabyte of it."""
    gc.collect()
    gc.freeze()


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The loop that workers and the web process run on."""
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL server for the run, with a migrated database to copy, and a copy for one test after the other."""
    server = Postgres()
    try:
        server.execute("CREATE DATABASE template_ledger")
        ledger = Ledger(server.url("template_ledger"))
        migrate.upgrade(ledger)
        ledger.close()
        _make_ledger(server)
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def postgresql_engine(postgres: Postgres) -> Ledger:
    """The same for all tests, so that no query is put into words twice."""
    return Ledger(postgres.url("ledger"))


@pytest.fixture
def postgresql_ledger(postgres: Postgres, postgresql_engine: Ledger) -> Iterator[Ledger]:
    ledger = postgresql_engine
    yield ledger
    as_made = migrate.current(ledger) == _head()
    ledger.close()
    if as_made:
        postgres.empty("ledger", tables.metadata.tables)
    else:
        _make_ledger(postgres)


_head = cache(migrate.head)


def _make_ledger(server: Postgres) -> None:
    server.execute("DROP DATABASE IF EXISTS ledger WITH (FORCE)")
    server.execute("CREATE DATABASE ledger TEMPLATE template_ledger STRATEGY file_copy")


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """The same for all tests, as that of PostgreSQL; in as great a hurry: what is here need not outlive the machine."""
    ledger = Ledger(f"sqlite:///{tmp_path_factory.mktemp('ledger') / 'ledger.db'}")
    event.listen(ledger.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    return ledger


@pytest.fixture
def sqlite_ledger(sqlite_engine: Ledger) -> Iterator[Ledger]:
    path = Path(str(sqlite_engine.url.database))
    for left in path.parent.glob("ledger.db*"):
        left.unlink()
    make_ready(sqlite_engine)
    yield sqlite_engine
    sqlite_engine.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    """A clean, migrated ledger; the test runs once on each database."""
    found: Ledger = request.getfixturevalue(f"{request.param}_ledger")
    return found


@pytest.fixture
def world(ledger: Ledger) -> World:
    """A small company on a clean ledger; the test runs once on each database."""
    return World(ledger)


@pytest.fixture(scope="session")
def need() -> Callable[[object, str], None]:
    """Skips with a clear word when a part is missing that cannot be installed without root; CI lets nothing skip."""

    def check(found: object, what: str) -> None:
        if found:
            return
        if os.environ.get("DISPATCHER_TEST_SKIP_NOTHING"):
            pytest.fail(f"{what} is not installed, and this run may skip nothing")
        pytest.skip(f"{what} is not installed")

    return check
