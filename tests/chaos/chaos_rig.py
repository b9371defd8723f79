"""A running system under attack, and the judgement: what the providers hold against what the ledger says."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import time
import urllib.error
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from elsewhere_rig import RigElsewhere
from redis import Redis
from redis.exceptions import ConnectionError as BrokerAway
from sqlalchemy import select

from channels.contract import Kind
from dispatcher.ledger import tables
from dispatcher.model.recipient import Recipient
from tests.unit.ledger.postgres import Postgres

#: The providers that can be looked up, by the simulator's name of them, and the kind of their messages.
ASKABLE = {"twilio": Kind.SMS, "slack": Kind.CHAT}

#: The second provider of texts takes over where the first does not take one: the two are judged as one.
SAME = {"telnyx": "twilio"}

#: The places that hear of every incident beside the people, as `config/` has them.
PLACES = {Kind.CHAT: "C0STATUS", Kind.SOCIAL: "northwind"}

#: Most texts stay without a receipt: else two thirds of the machine would be busy with hearing them.
QUIET = tuple(
    {"provider": name, "match": {"share": 0.95}, "do": {"what": "receipts", "how": "never"}}
    for name in ("twilio", "telnyx")
)


def people(number: int) -> list[Recipient]:
    """Mostly texts, some Slack, some mail alone; everybody has one address, so that each is expected in one place."""
    chats, mails = number // 60, number // 250
    texts = number - chats - mails
    return [
        *(Recipient(f"t-{n}", addresses={Kind.SMS: f"+1415{5550000 + n}"}) for n in range(texts)),
        *(Recipient(f"c-{n}", addresses={Kind.CHAT: f"U0CHAOS{n:04d}"}) for n in range(chats)),
        *(Recipient(f"m-{n}", addresses={Kind.EMAIL: f"chaos-{n}@customer.example"}) for n in range(mails)),
    ]


class MortalPostgres(Postgres):
    """A server that may be killed and is started again. Unlike in other tests a commit is on its way to the disk
    before it is reported: what a killed server has promised must still be there."""

    def database(self, name: str) -> str:
        self.execute(f"CREATE DATABASE {name}")
        self.execute(f"ALTER DATABASE {name} SET synchronous_commit = on")
        return self.url(name)

    def kill(self) -> None:
        """The whole server at once, as when its machine dies."""
        server = psutil.Process(self._server.pid)
        everything = [server, *server.children(recursive=True)]
        for process in everything:
            _kill(process.pid)
        self._server.wait()
        psutil.wait_procs(everything, 10)

    def kill_backend(self, chance: random.Random) -> bool:
        """One process that serves a connection. The server then ends all of them and recovers by itself.

        Answers whether there was one.
        """
        serving = []
        for process in psutil.Process(self._server.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):  # its connection has been closed meanwhile
                if any(" postgres chaos" in f" {word}" for word in process.cmdline()):
                    serving.append(process)
        if serving:
            _kill(chance.choice(serving).pid)
        return bool(serving)

    def start_again(self) -> None:
        with (self._folder / "log").open("ab") as log:
            self._server = subprocess.Popen(self._server.args, stdout=log, stderr=log, cwd=self._folder, **self._as)
        self._admin.close()
        self._admin = self._connect()


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@dataclass
class Told:
    """One broadcast under attack.

    Attributes:
        seed: What it was made of.
        asked_at: When it was asked for, in Unix seconds.
        incident: Its incident.
        words: What only its messages say.
        attacks: What was done to the system meanwhile, for the reader of a failure.
        in_time: How many of them fell while some of it was still to be sent.
    """

    seed: int
    asked_at: float
    incident: int
    words: str
    attacks: list[str] = field(default_factory=list)
    in_time: int = 0


class Chaos(RigElsewhere):
    """Two senders, a slow provider, thousands of people. `number` of people are invited at the start."""

    def __init__(self, home: Path, number: int, database: MortalPostgres | None = None, **variables: str) -> None:
        self.database = database
        if database is not None:
            variables["DISPATCHER_LEDGER_URL"] = database.database(f"chaos_{home.name.replace('-', '_')}")
        super().__init__(home, senders=2, **variables)
        self.people = people(number)

    def start(self) -> None:
        super().start()
        self.invite(self.people)
        self.sim("latency", {"twilio": 100, "slack": 50, "smtp": 20}, method="PUT")
        self.faults(*QUIET)

    # What can be done to it.

    def kill(self, part: str) -> bool:
        """Answers whether it was there to be killed: it may be down from the attack before."""
        pid = self.pid(part)
        if pid:
            _kill(pid)
        return pid is not None

    def flush(self) -> None:
        """The broker forgets everything, and lives. One that is being started again is waited for."""
        self.until(self._flushed, why="the broker is there to be emptied")

    def _flushed(self) -> bool:
        try:
            with Redis.from_url(self.system.environment["DISPATCHER_BROKER_URL"]) as broker:
                return bool(broker.flushall())
        except BrokerAway:
            return False

    # How it is told, watched and judged.

    def tell(self, seed: int, *, within: float = 60.0, meanwhile: Callable[[], object] = lambda: None) -> Told:
        """Open an incident for everybody. It is asked for under one key until it is answered."""
        words = f"Chaos {seed} of this run."
        body = {
            "playbook": "generic",
            "audience": "everyone",
            "facts": {"impact": words},
            "override": "the test wants some people to have mail alone",
        }
        asked_at, end = time.time(), time.monotonic() + within
        while True:
            try:
                status, told = self.api("/api/v1/incidents", body, key=f"chaos-{seed}")
            except (urllib.error.URLError, OSError):
                status, told = 0, None
            if status in {200, 201}:
                return Told(seed, asked_at, told["incident"]["id"], words)
            assert status in {0, 503}, told
            assert time.monotonic() < end, "nobody takes the incident"
            meanwhile()
            self.system.look()
            time.sleep(0.1)

    def taken(self) -> int:
        """How many messages the providers have taken by now."""
        return sum(one["stored"] for one in self.sim("summary")["providers"].values())

    def share(self, before: int) -> float:
        """How much of one broadcast they have taken at most, when they had taken so many `before` it was asked for."""
        return (self.taken() - before) / len(self.people)

    def watch(self, seconds: float) -> None:
        """Let it run; what died is started again."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.system.look()
            time.sleep(0.05)

    def settle(self, told: Iterable[Told], within: float = 150.0) -> None:
        """Wait until nothing of these broadcasts happens by itself any more."""
        left = list(told)

        def all_done() -> bool:
            left[:] = [one for one in left if not self._is_done(one.incident)]
            return not left

        why = f"everything is settled again after {[one.attacks for one in left]}"
        # Each look counts thousands of deliveries in the process that is under attack.
        self.until(all_done, within=within, why=why, pause=0.5)

    def _is_done(self, incident_id: int) -> bool:
        try:
            return bool(self.done(incident_id))
        except (urllib.error.URLError, OSError, KeyError, TypeError):
            return False  # the web is being started again, or says that the ledger is

    def judge(self, told: Told) -> None:
        """Everybody was told; nobody twice, but whom the ledger names; whom nobody told, the ledger names as well."""
        held = [one for one in self.sim(f"received?since={told.asked_at}") if told.words in one["body"]]
        by = [(SAME.get(one["provider"], one["provider"]), one["to"]) for one in held]
        got = {provider: Counter(to for name, to in by if name == provider) for provider in PROVIDERS}
        named, doubtful = self._named(told)
        account = self.account(told)
        problems = self._miscounted(account)
        recorded = self._addresses(account, "possibly_twice", "two_routes", "in_doubt")
        for provider, kind in PROVIDERS.items():
            expected = {one.addresses[kind] for one in self.people if kind in one.addresses}
            if kind is Kind.CHAT:
                expected.add(PLACES[kind])
            missing = expected - set(got[provider])
            twice = {to for to, times in got[provider].items() if times > 1}
            if provider in ASKABLE:
                problems += [f"{to} was not told by {provider}: {self._said(told, kind, to)}" for to in sorted(missing)]
                problems += [f"{to} was told twice by {provider}" for to in sorted(twice)]
            else:
                problems += [f"{to} was not told by {provider}, unnamed" for to in sorted(missing - doubtful)]
                problems += [f"{to} was told twice by {provider}, unnamed" for to in sorted(twice - named)]
                problems += [f"{to} was told twice by {provider}, in no account" for to in sorted(twice - recorded)]
            problems += [f"{to} is a stranger to {provider}" for to in sorted(set(got[provider]) - expected)]
        assert not problems, f"seed {told.seed}, {told.attacks}: {len(problems)} wrong: {problems[:10]}"

    def account(self, told: Told) -> dict[str, Any]:
        """What the API says became of every promise. The web process may be on its way up again."""

        def found() -> dict[str, Any] | None:
            try:
                status, story = self.api(f"/api/v1/incidents/{told.incident}")
            except OSError:
                return None
            return story["account"] if status == 200 else None

        account: dict[str, Any] = self.until(found, why="the API answers")
        return account

    def _miscounted(self, account: dict[str, Any]) -> list[str]:
        """What is wrong with the numbers of an account of a broadcast that is done."""
        numbers = {name: number for name, number in account.items() if name not in {"planned", "named"}}
        promised = len(self.people) + len(PLACES)
        problems = [f"{numbers[name]} are {name} in the account" for name in ("lost", "under_way") if numbers[name]]
        if account["planned"] != promised:
            problems.append(f"the account is of {account['planned']} promises, not of {promised}")
        if sum(numbers.values()) != promised:
            problems.append(f"the lines of the account add up to {sum(numbers.values())}, not to {promised}")
        return problems

    def _addresses(self, account: dict[str, Any], *lines: str) -> set[str]:
        """Whom an account names in these lines, by mail address."""
        ids = [one for line in lines for one in account["named"].get(line, [])]
        address = tables.delivery.c[tables.ADDRESS[Kind.EMAIL]]
        with self.system.here.ledger.read() as tx:
            found = select(address).where(tables.delivery.c.id.in_(ids), address.is_not(None))
            return set(tx.execute(found).scalars())

    def _said(self, told: Told, kind: Kind, to: str) -> str:
        """What the ledger says about one delivery and its attempts, for the reader of a failure."""
        row, tried = tables.delivery, tables.attempt
        with self.system.here.ledger.read() as tx:
            where = (row.c.incident_id == told.incident, row.c[tables.ADDRESS[kind]] == to)
            found = tx.execute(select(row.c.id, row.c.status, row.c.reason, row.c.tries).where(*where)).one_or_none()
            if found is None:
                return "it was never planned"
            words = select(tried.c.started_at, tried.c.outcome, tried.c.detail, tried.c.lookup, tried.c.decision)
            attempts = tx.execute(words.where(tried.c.delivery_id == found.id).order_by(tried.c.id)).all()
        return f"{found.status}, {found.reason} {[tuple(one) for one in attempts]}"

    def _named(self, told: Told) -> tuple[set[str], set[str]]:
        """The mail addresses that the ledger calls perhaps told twice, and those of which it does not know."""
        row = tables.delivery
        address = row.c[tables.ADDRESS[Kind.EMAIL]]
        with self.system.here.ledger.read() as tx:
            found = tx.execute(
                select(address, row.c.maybe_twice, row.c.status).where(
                    row.c.incident_id == told.incident, address.is_not(None)
                )
            ).all()
            leased = tx.execute(select(row.c.id).where(row.c.lease_owner.is_not(None))).all()
        assert not leased, "nothing is held by anybody when everything is done"
        named = {to for to, twice, _ in found if twice}
        return named, {to for to, _, status in found if status == "uncertain"}


#: As `ASKABLE`, with mail, which cannot be looked up. The post on X is judged by its own tests.
PROVIDERS: dict[str, Kind] = {**ASKABLE, "smtp": Kind.EMAIL}
