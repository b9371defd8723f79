"""What guards the ledger, and what every message goes through, costs the same however much has been kept (PostgreSQL).

A ledger is filled by the database itself, then the real functions are called. Each statement they issue is first
explained where it is issued, with its own parameters: run, its plan and its rows taken down, and undone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from channels.contract import Accepted, Blame, Fault, Receipt, Rejected, Uncertain, Word
from dispatcher.deliver.admission import Admission
from dispatcher.deliver.detour import detour, detour_capped
from dispatcher.deliver.health import examine
from dispatcher.deliver.sweep import sweep
from dispatcher.ledger import (
    Ledger,
    account,
    archive,
    breakers,
    confirming,
    detours,
    guard,
    listing,
    now,
    paces,
    queue,
    receipts,
    sharing,
)
from dispatcher.ledger.listing import Filter
from dispatcher.ledger.receipts import Arrived
from dispatcher.model.circuit import Breaker, Circuit
from dispatcher.model.config import WhenUnconfirmed
from dispatcher.model.delivery import Status
from dispatcher.model.pace import Pace, spend
from dispatcher.model.share import share
from dispatcher.plan.health import look
from tests.unit.ledger.world import HASTY, World

#: People told in the past, people who are waiting to be told, and those whose worker has died.
PAST, WAITING, STALE = 80_000, 20_000, 200
#: No statement looks at more rows of these tables than this, whatever they hold.
FEW = 5_000
LARGE = ("delivery", "attempt", "receipt")

_PAST_BROADCASTS = 50
_MADE = """
INSERT INTO incident (title, playbook, state, severity, vendors, audience, facts, source, created_at, updated_at,
    resolved_at)
SELECT 'old', 'outage', 'resolved', 'major', '[]', 'everyone', '{}', 'a', now(), now(), now() - interval '100 days'
FROM generate_series(1, %(past)s);
INSERT INTO incident_update (incident_id, number, reason, state, facts, author, created_at)
SELECT id, 1, 'opened', 'investigating', '{}', 'a', now() FROM incident WHERE title = 'old';
INSERT INTO broadcast (uid, update_id, incident_id, audience, status, valid_until, created_at, planned_at, closed_at,
    author)
SELECT 'old-' || id, id, incident_id, 'everyone', 'planned', now() - interval '99 days', now(), now(), now(), 'a'
FROM incident_update u WHERE incident_id IN (SELECT id FROM incident WHERE title = 'old');
INSERT INTO plan_class (broadcast_id, leg, people, chain)
SELECT id, 'reach', %(each)s, '{"hops":[["sms-a","sms","first"]],"left_out":[]}' FROM broadcast WHERE uid LIKE 'old-%%';
INSERT INTO delivery (id, attempt_id, broadcast_id, update_id, incident_id, leg, subject, recipient_id, locale,
    class_id, to_sms, status, route, kind, tries, on_route_since, deadline, created_at, updated_at, accepted_at)
SELECT row_number() OVER (), row_number() OVER (), c.broadcast_id, b.update_id, b.incident_id, 'reach', 'r' || n, n,
    'en', c.id, '+15550000000',
    CASE WHEN n %% 50 = 0 THEN 'uncertain' WHEN n %% 7 = 0 THEN 'failed' ELSE 'delivered' END,
    'sms-a', 'sms', 1, now(), now() - interval '99 days', now(), now() - interval '99 days', now()
FROM plan_class c JOIN broadcast b ON b.id = c.broadcast_id, generate_series(1, %(each)s) n
WHERE b.uid LIKE 'old-%%';
INSERT INTO attempt (id, delivery_id, route, kind, token, started_at, finished_at, outcome, receipt_word)
SELECT id, id, 'sms-a', 'sms', 'old-' || id, now(), now(), 'accepted', 'delivered' FROM delivery;
SELECT setval('delivery_id_seq', max(id)), setval('attempt_id_seq', max(id)) FROM delivery;
INSERT INTO receipt (received_at, route, token, ref, event, word, raw, folded_at, attempt_id)
SELECT now() - interval '99 days', 'sms-a', token, 'ref', 'e' || id, 'delivered', '{}', now(),
    CASE WHEN id %% 1000 = 0 THEN NULL ELSE id END
FROM attempt WHERE token LIKE 'old-%%';
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one statement did with one large table."""

    statement: str
    table: str
    how: str
    rows: float

    @property
    def is_cheap(self) -> bool:
        return self.how != "Seq Scan" and self.rows <= FEW


def _costs(statement: str, plan: dict[str, Any]) -> Iterator[Cost]:
    if (table := plan.get("Relation Name")) in LARGE and plan["Node Type"] != "ModifyTable":
        seen = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
        seen += plan.get("Rows Removed by Index Recheck", 0)
        if plan["Actual Loops"]:
            yield Cost(statement, table, plan["Node Type"], seen * plan["Actual Loops"])
    for part in plan.get("Plans", ()):
        yield from _costs(statement, part)


@contextmanager
def explained(engine: Engine) -> Iterator[list[Cost]]:
    """What every statement issued meanwhile costs."""
    found: list[Cost] = []

    def look(_connection: Any, cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.split(None, 1)[0] not in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}:
            return
        with cursor.connection.cursor() as beside:
            beside.execute("SAVEPOINT explained")
            beside.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters[0] if many else parameters)
            answer = beside.fetchone()[0]
            beside.execute("ROLLBACK TO SAVEPOINT explained")
        plans = answer if isinstance(answer, list) else json.loads(answer)
        for plan in plans:
            found.extend(_costs(statement, plan["Plan"]))

    event.listen(engine, "before_cursor_execute", look)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", look)


@pytest.fixture(scope="module")
def filled(postgres: Any) -> Iterator[World]:
    """A ledger with a long past, in the middle of a large broadcast, with some dead workers."""
    postgres.execute("CREATE DATABASE ledger_filled TEMPLATE template_ledger STRATEGY file_copy")
    ledger = Ledger(postgres.url("ledger_filled"))
    world = World(ledger)
    values = {"past": _PAST_BROADCASTS, "each": PAST // _PAST_BROADCASTS}
    with ledger.write() as tx:
        # The rows are made to fit; checking each reference would take most of the time.
        tx.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for statement in _MADE.strip().split(";\n"):
            tx.exec_driver_sql(statement.rstrip(";"), values)
    with ledger.write() as tx:
        tx.exec_driver_sql(
            "INSERT INTO recipient (ref, name, locale, to_sms, reach, created_at, updated_at) "
            "SELECT 'p' || n, 'Person', 'en', '+1555' || n, 1, now(), now() FROM generate_series(1, %(n)s) n",
            {"n": WAITING},
        )
    world.send()
    for _ in range(2):
        world.claim(owner="dead", limit=STALE // 2, lease=-60)
    with ledger.write() as tx:
        tx.exec_driver_sql("ANALYZE")
    yield world
    ledger.close()
    postgres.execute("DROP DATABASE ledger_filled WITH (FORCE)")


def _sweep(world: World) -> None:
    assert sweep(world.ledger, world.rules).lost


def _health(world: World) -> None:
    assert examine(world.ledger, ["sms"]).oldest_due > 0
    with world.ledger.read() as tx:
        assert receipts.unknown(tx) == PAST // 1000
        assert guard.next_due(tx, "sms-a") is not None


def _deliver(world: World) -> None:
    """Every way an attempt can go, and what keeps a lease."""
    fault = Fault(Blame.PATH, "code", "why")
    taken = world.claim(limit=200)
    assert len(taken) == 200
    with world.ledger.write() as tx:
        queue.extend(tx, "worker", timedelta(seconds=15))
    for one, answer in zip(taken, (Accepted("ref"), Rejected(fault), Uncertain(fault)), strict=False):
        world.record(one, answer)
    with world.ledger.write() as tx:
        queue.give_back(tx, "worker", taken[3:], at=now())


def _go_round(world: World) -> None:
    """What waits on a route that is left alone is moved, put off, and made due again in groups."""
    moment = now()
    opened = Circuit(Breaker.OPEN, "why", moment, moment + timedelta(seconds=60), 1)
    with world.ledger.write() as tx:
        assert breakers.state_of(tx, "sms-a")[1].is_closed
        assert breakers.step(tx, "sms-a", Circuit(), opened)
        assert detour(tx, world.rules("sms-a"), opened, 200).moved == 200
        found = [one.delivery_id for one, _ in detours.before(tx, "sms-a", moment, 100)]
        detours.put_off(tx, dict.fromkeys(found, moment + timedelta(seconds=60)), "why")
        assert breakers.ripe(tx) == []
        # A cap that is spent: what waits is put off first, then there is little to look through for what is in doubt.
        until = moment + timedelta(hours=1)
        assert detour_capped(tx, world.rules("sms-a"), until, 200).seen == 200
        assert len(detours.before(tx, "sms-a", moment, 100, asked_too=False)) == 100
        paces.put(tx, "sms-a", spend(Pace(per_day=9), paces.hold(tx, "sms-a"), 1, moment))
    with world.ledger.write() as tx:
        assert breakers.step(tx, "sms-a", opened, Circuit(since=moment))


def _fold(world: World) -> None:
    taken = world.claim(owner="folded", limit=100)
    with world.ledger.write() as tx:
        heard = [Receipt(Word.DELIVERED, f"now-{one.token}", one.token) for one in taken]
        receipts.store(tx, [Arrived("sms-a", one, now()) for one in heard])
    assert world.folder.fold_some()[0] == 100


def _unheard(world: World) -> None:
    """Some receipts are missing among very many deliveries that a provider has."""
    world.policy = HASTY.model_copy(update={"confirm_within": 1e-6, "when_unconfirmed": WhenUnconfirmed.FAILOVER})
    world.hearing = frozenset({"sms-a"})
    for one in world.claim(owner="unheard", limit=100):
        world.record(one, Accepted("ref"), owner="unheard")
    assert sweep(world.ledger, world.rules).unheard == 100


def _account(world: World) -> None:
    """Looks at its own broadcast; here at one of the past."""
    with world.ledger.read() as tx:
        assert account.count(tx, 1).planned == PAST // _PAST_BROADCASTS


def _choose(world: World) -> None:
    with world.ledger.read() as tx:
        assert len(archive.choose(tx, now() - timedelta(days=90)).broadcasts) == _PAST_BROADCASTS


def _look(world: World) -> None:
    """Pages of a list in the middle of a large broadcast, whatever is asked for, and what a provider is asked about."""
    with world.ledger.read() as tx:
        newest = tx.exec_driver_sql("SELECT id, incident_id FROM broadcast WHERE closed_at IS NULL").one()
        about = Filter(incident_id=newest.incident_id)
        for which in (
            about,
            replace(about, status=frozenset({Status.PENDING, Status.FAILED})),
            replace(about, status=frozenset({Status.ASKING})),
            replace(about, kind="sms", route="sms-a"),
            Filter(incident_id=1, status=frozenset({Status.FAILED}), reason="30006"),
        ):
            listing.page(tx, which)
            listing.page(tx, which, after=PAST + WAITING // 2)
    with world.ledger.write() as tx:
        confirming.request(tx, [newest.id], ["sms-a"])
        taken = confirming.take(tx, "sms-a", timedelta(seconds=15))
        assert taken is not None
        assert confirming.to_ask(tx, taken, 40)
        assert confirming.to_ask(tx, replace(taken, after=PAST), 40)


def _supersede(world: World) -> None:
    """Last: it ends the broadcast. The sweep closes it in batches; each looks at its batch and no more."""
    with world.ledger.write() as tx:
        tx.exec_driver_sql("UPDATE broadcast SET status = 'superseded' WHERE closed_at IS NULL")
        for over in guard.passed(tx):
            assert guard.drop(tx, over, 1_000) == 1_000
            guard.close_if_settled(tx, over.broadcast_id)


_BESIDE = """
INSERT INTO broadcast (uid, update_id, incident_id, audience, severity, status, valid_until, created_at, author)
SELECT which, 0 - row_number() OVER (), 1, 'everyone', which, 'planned', now() + interval '1 hour', now(), 'a'
FROM unnest(ARRAY['minor', 'critical']) which;
INSERT INTO delivery (broadcast_id, update_id, incident_id, leg, subject, locale, class_id, to_sms, status, route, kind,
    on_route_since, next_attempt_at, deadline, created_at, updated_at)
SELECT b.id, b.update_id, 1, 'reach', 'r' || n, 'en', 1, '+15550000000', 'pending',
    CASE b.uid WHEN 'minor' THEN 'sms-b' ELSE 'sms-a' END, 'sms', now(), now(), now() + interval '1 hour', now(), now()
FROM broadcast b, generate_series(1, %(waiting)s) n WHERE b.uid = 'minor' OR (b.uid = 'critical' AND n <= 5);
ANALYZE
"""


def test_sharing_a_route_looks_at_what_is_taken(filled: World) -> None:
    """A few of one broadcast behind very many of another, while a third has very many on another route."""
    with filled.ledger.engine.connect() as tx:
        tx.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for statement in _BESIDE.strip().split(";\n"):
            tx.exec_driver_sql(statement, {"waiting": WAITING})
        with explained(filled.ledger.engine) as costs:
            for _ in range(8):  # PostgreSQL plans what is asked often for all parameters at once
                wishes = sharing.wishes(tx, "sms-a", 50)
            assert [one.messages for one in wishes] == [5, 50]
            looked = len(costs)
            portions = share(50, wishes, 0.5)
            taken = queue.claim(tx, "sms-a", owner="me", lease=timedelta(seconds=9), limit=50, portions=portions)
        assert len(taken) == 50
        tx.rollback()
    assert looked == 8, "delivery by one index, and nothing else"
    # What is taken is read, joined and changed.
    dear = [cost for cost in costs if not cost.is_cheap or cost.rows > 2 * 50]
    assert not dear, dear


def test_a_pace_for_one_destination_looks_at_what_it_puts_off(filled: World) -> None:
    """Very many wait for a destination that takes one now and then."""
    with filled.ledger.engine.connect() as tx, explained(filled.ledger.engine) as costs:
        for _ in range(2):
            paces.hold(tx, "sms-a")
            to_one = Pace.model_validate({"per_destination": "1/m"}).to_one
            assert to_one is not None
            admission = Admission(tx, "sms-a", to_one, lambda _: 1, {})
            queue.claim(tx, "sms-a", owner="me", lease=timedelta(seconds=9), limit=50, admit=admission.admit)
            admission.clear()
            assert admission.put_off > 500, "a great many with each claim"
        paces.forget(tx, 1000)
        tx.rollback()
    assert not [cost for cost in costs if not cost.is_cheap]


@pytest.mark.parametrize(
    "work", [_sweep, _health, _deliver, _go_round, _fold, _unheard, _account, _choose, _look, _supersede]
)
def test_what_is_asked_all_the_time_looks_at_few_rows(filled: World, work: Callable[[World], None]) -> None:
    with explained(filled.ledger.engine) as costs:
        work(filled)
    assert costs, "nothing was explained"
    dear = [cost for cost in costs if not cost.is_cheap]
    assert not dear, "\n\n".join(f"{one.how} of {one.table}: {one.rows:.0f} rows\n{one.statement}" for one in dear)


def test_what_is_asked_before_a_plan_looks_at_few_people(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """How the vendors are, which breakers are open, and whose quiet hours it is."""
    monkeypatch.setattr(f"{__name__}.LARGE", (*LARGE, "recipient"))
    with filled.ledger.write() as tx:
        tx.exec_driver_sql("UPDATE recipient SET quiet = '00:00-23:59|UTC|' WHERE mod(id, 200) = 0")
    with filled.ledger.write() as tx:
        tx.exec_driver_sql("ANALYZE recipient")
    with explained(filled.ledger.engine) as costs, filled.ledger.read() as tx:
        assert look(tx, filled.config, filled.ways).opened == {}
    assert {cost.table for cost in costs} == {"recipient"}
    assert all(cost.is_cheap and cost.rows <= WAITING / 100 for cost in costs)


def test_a_question_without_an_index_would_be_found_out(filled: World) -> None:
    """The judge itself can tell."""
    with explained(filled.ledger.engine) as costs, filled.ledger.read() as tx:
        tx.exec_driver_sql("SELECT count(*) FROM delivery WHERE reason = %(why)s", {"why": "nothing"})
    assert not any(cost.is_cheap for cost in costs)
    assert sum(cost.rows for cost in costs) > PAST
