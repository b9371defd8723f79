"""A small company with a handful of routes on a real ledger, in the words the tests speak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Table, select, update

from channels.contract import Kind, Measure, Outcome, Receipt, Repeat, Word, Words
from dispatcher.deliver.line import Rules
from dispatcher.deliver.settle import settle
from dispatcher.incidents.desk import Audit, Desk, Order, Say, Told
from dispatcher.ledger import Ledger, Tx, now, outcomes, queue, receipts, recipients, tables
from dispatcher.ledger.outcomes import Finding
from dispatcher.ledger.receipts import Arrived
from dispatcher.model.config import (
    Audience,
    BreakerRule,
    Company,
    Config,
    Destination,
    Leg,
    Playbook,
    Policies,
    Policy,
    Rule,
    Vendor,
)
from dispatcher.model.decision import Standing
from dispatcher.model.delivery import Claimed, Status
from dispatcher.model.incident import Incident, State, Telling
from dispatcher.model.recipient import Recipient
from dispatcher.model.wording import Composed
from dispatcher.plan.chains import Way
from dispatcher.plan.costs import Estimating, unpriced
from dispatcher.plan.planner import Planner
from dispatcher.receipts.folder import Folder

#: In the order of `config/routes.yaml`.
WAYS = (
    Way("sms-a", Kind.SMS, ("carrier",)),
    Way("sms-b", Kind.SMS, ("other-carrier",)),
    Way("chat-a", Kind.CHAT, ("slack",)),
    Way("app", Kind.INAPP, ("own-host",)),
    Way("mail", Kind.EMAIL, ("microsoft-365",)),
)

CONFIG = Config(
    company=Company(name="Northwind"),
    vendors={vendor: Vendor(title=vendor) for way in WAYS for vendor in way.depends_on},
    routes={},
    audiences={
        "everyone": Audience(title="All"),
        "gold": Audience(title="Gold", people=("gold",)),
        "public": Audience(title="In public", people="none", destinations=("status-channel",)),
    },
    destinations={"status-channel": Destination(kind=Kind.CHAT, to="C0STATUS")},
    policies=Policies(),
    rules=(),
    playbooks={
        "outage": Playbook(
            title="It is down",
            vendors=("microsoft-365",),
            audience="everyone",
            legs=(Leg(name="reach", kinds=(Kind.SMS, Kind.INAPP, Kind.EMAIL)),),
        ),
        "two-legs": Playbook(
            title="It is down twice",
            audience="everyone",
            legs=(Leg(name="hear", kinds=(Kind.SMS,)), Leg(name="look-up", kinds=(Kind.EMAIL, Kind.INAPP))),
        ),
        "public": Playbook(title="In public", audience="public", legs=(Leg(name="reach", kinds=(Kind.SMS,)),)),
    },
)

#: Quick enough to be waited for.
HASTY = Policy(
    tries=3,
    first_wait=0.05,
    longest_wait=0.1,
    leave_route_after=30,
    lookups=2,
    lookup_after=0.05,
)


def everybody(number: int, *kinds: Kind, tags: frozenset[str] = frozenset(), start: int = 0) -> list[Recipient]:
    """People with addresses of these kinds (SMS and mail when none is named), all different."""
    forms = {
        Kind.SMS: "+1555{:07d}",
        Kind.EMAIL: "person-{}@customer.example",
        Kind.INAPP: "app-user-{:06d}",
        Kind.CHAT: "U{:08d}",
        Kind.PUSH: "device-{:08d}",
    }
    return [
        Recipient(
            f"p{one}",
            f"Person {one}",
            "en",
            {kind: forms[kind].format(one) for kind in kinds or (Kind.SMS, Kind.EMAIL)},
            tags,
        )
        for one in range(start, start + number)
    ]


def compose(_tx: Tx, telling: Telling, _playbook: Playbook, _audience: str) -> Sequence[Composed]:
    return [
        Composed(kind, "en", "en", f"{kind}.j2", Words(f"{telling.title} #{telling.number}"), Measure(1, 9, "segments"))
        for kind in Kind
    ]


@dataclass
class World:
    """A ledger, and the stages on it."""

    ledger: Ledger
    config: Config = CONFIG
    ways: Sequence[Way] = WAYS
    policy: Policy = HASTY
    repeat: Mapping[str, Repeat] = field(default_factory=dict)
    objections: list[str] = field(default_factory=list)
    hearing: frozenset[str] = frozenset()
    estimating: Estimating = unpriced

    @property
    def desk(self) -> Desk:
        def inspect(_tx: Tx, _playbook: Playbook, _audience: str) -> Audit:
            return Audit(1, tuple(self.objections))

        return Desk(self.config, compose=compose, inspect=inspect, check_facts=lambda _playbook, _facts: [])

    @property
    def planner(self) -> Planner:
        return Planner(self.ledger, self.config, lambda: self.ways, self.estimating)

    @property
    def folder(self) -> Folder:
        def settled(
            claimed: Claimed, outcome: Outcome, moment: datetime, superseded: bool, elsewhere: int
        ) -> tuple[Finding, Standing]:
            rules = self.rules(claimed.route)
            return settle(claimed, outcome, rules, moment, superseded=superseded, elsewhere=elsewhere)

        return Folder(self.ledger, settled)

    def rules(self, route: str, **changes: Any) -> Rules:
        usual = {
            "route": route,
            "repeat": self.repeat.get(route, Repeat.KEYED),
            "policy": self.policy,
            "max_in_flight": 8,
            "timeout": 1.0,
            # A machine that has much else to do makes no provider slow.
            "breaker": BreakerRule(slow=60.0),
            "hears": route in self.hearing,
        }
        return Rules(**(usual | changes))

    def people(self, number: int = 1, *kinds: Kind, tags: frozenset[str] = frozenset(), start: int = 0) -> None:
        with self.ledger.write() as tx:
            recipients.upsert(tx, everybody(number, *kinds, tags=tags, start=start))

    def tell(
        self, playbook: str = "outage", about: Incident | None = None, state: State | None = None, **order: Any
    ) -> Told:
        """Open an incident, with what else is ordered, or say the next thing about one, and plan nothing."""
        with self.ledger.write() as tx:
            if about is not None:
                return self.desk.tell(tx, about, Say("Ada", state=state))
            return self.desk.open(tx, Order(playbook, "Ada", **order), Say("Ada", state=state))

    def send(self, playbook: str = "outage", about: Incident | None = None, **order: Any) -> Told:
        """The same, and make its deliveries."""
        told = self.tell(playbook, about, **order)
        self.planner.plan(told.broadcast.id)
        return told

    def take_back(self, about: Incident) -> Told:
        """Retract what was said about an incident, and make the correction's deliveries."""
        with self.ledger.write() as tx:
            told = self.desk.tell(tx, about, Say("Ada", retracts=True))
        self.planner.plan(told.broadcast.id)
        return told

    def claim(
        self, route: str = "sms-a", *, owner: str = "worker", limit: int = 100, lease: float = 15
    ) -> list[Claimed]:
        with self.ledger.write() as tx:
            return queue.claim(tx, route, owner=owner, lease=timedelta(seconds=lease), limit=limit)

    def record(self, claimed: Claimed, answer: Any, *, owner: str = "worker") -> None:
        """Write an answer as the pump would."""
        with self.ledger.write() as tx:
            gone = bool(queue.superseded_among(tx, [claimed.broadcast_id]))
            found, standing = settle(claimed, answer, self.rules(claimed.route), now(), superseded=gone)
            outcomes.record(tx, owner, [(claimed, found, standing)])

    def hear(self, claimed: Claimed, word: Word, event: str | None = None, **more: Any) -> int:
        """Store a receipt about an attempt; answers whether it was new."""
        one = Receipt(word, event or f"{claimed.token}-{word}", claimed.token, **more)
        with self.ledger.write() as tx:
            return receipts.store(tx, [Arrived(claimed.route, one, now())])

    def rows(self, table: Table) -> list[Row[Any]]:
        with self.ledger.read() as tx:
            return list(tx.execute(select(table).order_by(table.primary_key.columns[0])))

    def deliveries(self) -> list[Row[Any]]:
        return self.rows(tables.delivery)

    def statuses(self) -> list[Status]:
        return [Status(row.status) for row in self.deliveries()]

    def attempts(self) -> list[Row[Any]]:
        return self.rows(tables.attempt)

    def change(self, **values: Any) -> None:
        """Put something into every delivery, such as a deadline that has passed."""
        with self.ledger.write() as tx:
            tx.execute(update(tables.delivery).values(**values))
            if "deadline" in values:
                tx.execute(update(tables.broadcast).values(valid_until=values["deadline"]))


__all__ = ["CONFIG", "HASTY", "WAYS", "Rule", "World", "compose", "everybody"]
