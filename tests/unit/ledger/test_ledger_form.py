"""The form of the ledger and what it promises of itself, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from dispatcher.faces.once import KeyReused, once
from dispatcher.incidents.desk import Order, Say
from dispatcher.ledger import Ledger, LedgerAway, Tx, idempotency, migrate, now, tables
from dispatcher.ledger.idempotency import KeyTaken, Remembered
from tests.unit.ledger.form import differences
from tests.unit.ledger.postgres import Postgres
from tests.unit.ledger.world import World


def test_migrations_make_exactly_the_tables(ledger: Ledger) -> None:
    assert differences(ledger) == []


def test_migrating_again_is_harmless(world: World) -> None:
    world.people(2)
    world.send()
    before = world.deliveries()
    assert migrate.upgrade(world.ledger) == migrate.upgrade(world.ledger) == migrate.head()
    assert migrate.current(world.ledger) == migrate.head()
    migrate.require_current(world.ledger)
    assert world.deliveries() == before


def test_two_releases_at_once_migrate_one_after_the_other(postgres: Postgres) -> None:
    postgres.execute("CREATE DATABASE fresh")
    ledger = Ledger(postgres.url("fresh"))
    assert migrate.current(ledger) is None
    with pytest.raises(LedgerAway, match="dispatcher db upgrade"):
        migrate.require_current(ledger)
    with ThreadPoolExecutor(3) as pool:
        assert set(pool.map(migrate.upgrade, [ledger] * 3)) == {migrate.head()}
    ledger.close()
    postgres.execute("DROP DATABASE fresh WITH (FORCE)")


def test_a_ledger_without_tables_says_what_to_do(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'deep' / 'down' / 'ledger.db'}")
    with pytest.raises(LedgerAway, match="dispatcher db upgrade"), ledger.read() as tx:
        tx.execute(select(tables.delivery))
    ledger.close()


@pytest.mark.parametrize(
    "url",
    ["postgresql://me:s3cret@127.0.0.1:1/none", "postgresql+psycopg://me:s3cret@127.0.0.1:1/none"],
)
def test_invariant_10_a_ledger_that_is_away_is_named_without_its_password(url: str) -> None:
    ledger = Ledger(url)
    with pytest.raises(LedgerAway) as away, ledger.read() as tx:
        tx.execute(select(tables.delivery))
    assert "127.0.0.1" in str(away.value)
    assert "s3cret" not in str(away.value)
    ledger.close()


def test_what_is_no_address_of_a_ledger_is_refused() -> None:
    with pytest.raises(LedgerAway, match="not an address"):
        Ledger("my ledger with s3cret")


def change_and_fail(tx: Tx) -> None:
    tx.execute(tables.recipient.update().values(name="changed"))
    raise ValueError("gone wrong")


def test_a_transaction_is_kept_whole_or_not_at_all(world: World) -> None:
    world.people(1)
    with pytest.raises(ValueError, match="gone wrong"), world.ledger.write() as tx:
        change_and_fail(tx)
    assert world.rows(tables.recipient)[0].name == "Person 0"


def test_reading_keeps_nothing(world: World) -> None:
    world.people(1)
    with world.ledger.read() as tx:
        tx.execute(tables.recipient.update().values(name="changed"))
    assert world.rows(tables.recipient)[0].name == "Person 0"


def test_moments_are_aware_and_in_utc(ledger: Ledger) -> None:
    moment = now()
    with ledger.write() as tx:
        tx.execute(insert(tables.route_state).values(route="r", paused_until=moment, updated_at=moment))
        kept = tx.execute(select(tables.route_state.c.paused_until)).scalar_one()
        assert kept == moment
        assert kept.tzinfo is not None
    with pytest.raises(Exception, match="aware moments only"), ledger.write() as tx:
        tx.execute(insert(tables.route_state).values(route="x", updated_at=datetime(2026, 1, 1)))  # noqa: DTZ001


def remember_and_fail(tx: Tx, answer: Remembered) -> None:
    idempotency.remember(tx, "scope", "key", answer)
    raise ValueError("gone wrong")


def do_and_remember(tx: Tx, answer: Remembered) -> None:
    tx.execute(insert(tables.route_state).values(route="undone", updated_at=now()))
    idempotency.remember(tx, "scope", "key", answer)


def test_the_answer_and_what_was_done_are_kept_both_or_neither(world: World) -> None:
    answer = Remembered("hash", 201, {"id": 1})
    with pytest.raises(ValueError, match="gone wrong"), world.ledger.write() as tx:
        remember_and_fail(tx, answer)
    with world.ledger.write() as tx:
        assert idempotency.recall(tx, "scope", "key") is None
        idempotency.remember(tx, "scope", "key", answer)
    with world.ledger.read() as tx:
        assert idempotency.recall(tx, "scope", "key") == answer
        assert idempotency.recall(tx, "other", "key") is None
    with pytest.raises(KeyTaken), world.ledger.write() as tx:
        do_and_remember(tx, answer)
    assert world.rows(tables.route_state) == []


def test_invariant_8_one_key_used_by_many_at_once_does_it_once(world: World) -> None:
    world.people(1)

    def do(tx: Tx) -> dict[str, int]:
        return {"incident": world.desk.open(tx, Order("outage", "Ada"), Say("Ada")).incident.id}

    def ask(_number: int) -> tuple[dict[str, int], bool]:
        return once(world.ledger, scope="incidents", key="k1", request={"a": 1}, do=do)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(16)))
    assert len({tuple(answer.items()) for answer, _ in answers}) == 1
    assert sum(done for _, done in answers) == 1
    assert len(world.rows(tables.incident)) == len(world.rows(tables.broadcast)) == 1
    with pytest.raises(KeyReused):
        once(world.ledger, scope="incidents", key="k1", request={"a": 2}, do=do)


def test_invariant_8_updates_at_once_are_numbered_apart(world: World) -> None:
    told = world.tell()

    def say(_number: int) -> int:
        with world.ledger.write() as tx:
            about = world.desk.find(tx, told.incident.id, lock=True)
            return world.desk.tell(tx, about, Say("Ada")).update.number

    with ThreadPoolExecutor(6) as pool:
        numbers = list(pool.map(say, range(12)))
    assert sorted(numbers) == list(range(2, 14))
    statuses = [row.status for row in world.rows(tables.broadcast)]
    assert statuses == ["superseded"] * 12 + ["accepted"]
