"""A ledger that an earlier release left in the middle of its work is brought up with its data; the work is ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from elsewhere_rig import RigElsewhere
from sqlalchemy import MetaData, create_engine, func, select, text

from dispatcher.ledger import Ledger, LedgerAway, migrate, tables
from tests.unit.ledger.form import differences
from tests.unit.ledger.postgres import Postgres
from tests.upgrade.dumps import REVISIONS, restore_postgresql, restore_sqlite


@pytest.fixture(params=["sqlite", "postgresql"])
def left(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """Restores a dump and answers its address."""
    if request.param == "sqlite":
        yield lambda revision: restore_sqlite(revision, tmp_path / "left.db")
        return
    server: Postgres = request.getfixturevalue("postgres")
    names: list[str] = []

    def restored(revision: str) -> str:
        names.append(f"left_{revision}")
        return restore_postgresql(revision, server, names[-1])

    yield restored
    for name in names:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def rows(ledger: Ledger) -> dict[str, list[dict[str, Any]]]:
    """Everything in the ledger, as the database itself describes it."""
    found = MetaData()
    with ledger.read() as tx:
        found.reflect(tx)
        return {
            name: [dict(row) for row in tx.execute(select(table).order_by(*table.primary_key.columns)).mappings()]
            for name, table in found.tables.items()
            if name != "alembic_version"
        }


def test_the_first_release_is_among_the_dumps() -> None:
    """The tests below would also pass if there were none."""
    assert "0001" in REVISIONS


@pytest.mark.parametrize("revision", REVISIONS)
def test_nothing_that_an_earlier_release_wrote_is_changed_or_lost(left: Any, revision: str) -> None:
    ledger = Ledger(left(revision))
    with pytest.raises(LedgerAway, match=f"is at revision {revision}.*run: dispatcher db upgrade"):
        migrate.require_current(ledger)
    before = rows(ledger)
    assert len(before["delivery"]) == 100
    assert migrate.upgrade(ledger) == migrate.head()
    migrate.require_current(ledger)
    after = rows(ledger)
    for name, was in before.items():
        now = [{column: row[column] for column in first} for first, row in zip(was, after[name], strict=True)]
        assert now == was, name
    assert differences(ledger) == []
    ledger.close()


@pytest.mark.timeout(180)
def test_what_an_earlier_release_left_undone_is_done_by_this_one(left: Any, tmp_path: Path) -> None:
    """The provider starts empty, so it holds exactly what this release has sent."""
    url = left(REVISIONS[-1])
    ledger = Ledger(url)
    waiting = tables.delivery.c.status.in_(["pending", "sending"])
    with ledger.read() as tx:
        open_ = Counter(tx.execute(select(tables.delivery.c.to_sms).where(waiting)).scalars())
        [unplanned] = tx.execute(text("SELECT id FROM broadcast WHERE planned_at IS NULL")).scalars()
        eu = Counter(
            tx.execute(
                select(tables.recipient.c.to_sms)
                .join(tables.recipient_tag, tables.recipient_tag.c.recipient_id == tables.recipient.c.id)
                .where(tables.recipient_tag.c.tag == "eu")
            ).scalars()
        )
    ledger.close()
    assert sum(open_.values()) > 20
    assert sum(eu.values()) == 20
    rig = RigElsewhere(tmp_path / "home", DISPATCHER_LEDGER_URL=url)
    try:
        rig.start()  # migrates first
        ends = {"pending": 0, "sending": 0, "uncertain": 0, "asking": 0}

        def all_done() -> bool:
            with rig.system.here.ledger.read() as tx:
                planned = tx.execute(
                    select(tables.broadcast.c.planned_at).where(tables.broadcast.c.id == unplanned)
                ).scalar_one()
                found = tx.execute(
                    select(func.count()).select_from(tables.delivery).where(tables.delivery.c.status.in_(list(ends)))
                ).scalar_one()
            return planned is not None and found == 0

        rig.until(all_done, within=120, why="what was left is done")
        got = Counter(one["to"] for one in rig.sim("received?provider=twilio"))
        assert got == open_ + eu, "what had been told is not told again, what had not is told once"
    finally:
        rig.stop()


def test_a_process_of_an_older_release_goes_on_with_a_newer_ledger(ledger: Ledger) -> None:
    newer = f"{int(migrate.head()) + 1:04d}"
    with ledger.write() as tx:
        tx.execute(text("ALTER TABLE recipient ADD COLUMN invented_later VARCHAR(10)"))
        tx.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": newer})
    migrate.require_current(ledger)
    assert migrate.upgrade(ledger) == newer == migrate.current(ledger)


def test_a_database_of_another_program_is_left_alone(ledger: Ledger) -> None:
    with ledger.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = 'f3a9c1d2'"))
    for refused in (migrate.require_current, migrate.upgrade):
        with pytest.raises(LedgerAway, match="none of this program's; point DISPATCHER_LEDGER_URL"):
            refused(ledger)


def test_migrations_take_nothing_away_that_an_older_process_needs(tmp_path: Path) -> None:
    """Old and new processes work side by side: tables and columns stay, nobody must fill more than before. What only
    makes work faster or checks it, an index or a foreign key, may go."""
    from alembic import command

    engine = create_engine(f"sqlite:///{tmp_path / 'steps.db'}")
    config = migrate._config()
    before = MetaData()
    for number in range(1, int(migrate.head()) + 1):
        with engine.begin() as tx:
            config.attributes["connection"] = tx
            command.upgrade(config, f"{number:04d}")
        after = MetaData()
        after.reflect(engine)
        for name, was in before.tables.items():
            table = after.tables[name]
            for column in was.columns:
                same = table.columns[column.name]
                assert str(same.type) == str(column.type), f"{name}.{column.name} has another type at {number:04d}"
                assert same.nullable >= column.nullable, f"{name}.{column.name} may not be empty any more"
            for column in table.columns:
                new = column.name not in was.columns
                filled = column.nullable or column.server_default is not None
                assert not new or filled, f"an older process does not know that {name}.{column.name} must be filled"
            unique = {index.name for index in was.indexes if index.unique}
            assert {index.name for index in table.indexes if index.unique} <= unique, f"{name} has a new unique index"
        before = after
    engine.dispose()
