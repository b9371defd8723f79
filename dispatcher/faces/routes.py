"""The routes as they stand, and one marked test message by one of them. Asks nothing of workers or the broker."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any

import phonenumbers
from pydantic import BaseModel

from channels.contract import CanProbe, Capabilities, Envelope, Fault, Kind, Outcome, Probed, Words
from channels.registry import Resources
from channels.transport.http import open_session
from dispatcher.deliver.inbox import LedgerInbox
from dispatcher.ledger import LedgerAway, breakers, now, optouts, paces, rests
from dispatcher.ledger.migrate import current
from dispatcher.model.circuit import Breaker, Circuit
from dispatcher.model.pace import Budget, Pace, Unit, spent_today
from dispatcher.wiring import Installation

#: A message that nobody reads after this many seconds was no test.
USEFUL_FOR = 300.0
#: A browser's push address is by far the longest.
_LONGEST_ADDRESS = 2000
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_UNKEEPABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class RouteState:
    """One route.

    Attributes:
        name: The route's.
        kind: What people experience.
        channel: What speaks.
        vendors: Whose failure silences it.
        abilities: What the channel can do, by the names of its capabilities.
        repeat: What its provider does with the same message twice.
        max_in_flight: Requests at the same time.
        timeout: Seconds to wait for an answer.
        problem: Why it cannot be used, "" when it can.
        rests_until: Until when it rests because its provider asked for less.
        circuit: Its breaker.
        pace: How fast it may go by our own rule; None when nothing but `max_in_flight` limits it.
        budget: What has been spent of that.
        probe: What trying its account came to; None when it was not tried.
        can_probe: Whether it could be tried.
    """

    name: str
    kind: Kind
    channel: str
    vendors: tuple[str, ...]
    abilities: tuple[str, ...]
    repeat: str
    max_in_flight: int
    timeout: float
    problem: str
    rests_until: datetime | None
    can_probe: bool
    circuit: Circuit
    pace: Pace | None = None
    budget: Budget = field(default_factory=Budget)
    probe: Probed | Fault | None = None

    @property
    def usable(self) -> bool:
        """Whether a message could go by it now, as far as is known here."""
        return not self.problem and not isinstance(self.probe, Fault)

    @property
    def account(self) -> str:
        """What its provider calls the account, or why that is not known."""
        match self.probe:
            case Probed(account=account):
                return account
            case Fault(code=code):
                return f"failed: {code}"
            case _ if not self.can_probe:
                return "cannot be probed"
            case _:
                return "not set up" if self.problem else "not probed"


class BadAddress(ValueError):
    """The address is not of the route's kind. The message says what one looks like."""


class BreakerLook(BaseModel):
    """A route's breaker. `since` is when it opened, or was closed again; `age_seconds` is how long ago that was."""

    state: Breaker
    cause: str
    since: datetime | None
    age_seconds: float | None
    next_probe_at: datetime | None


class PaceLook(BaseModel):
    """A route's own pace, in `unit`; `spent_today` by UTC. `free_at` is when the next message may leave.

    `per_destination` is how many a second may go to one destination, such as one domain of mail addresses.
    """

    unit: Unit
    per_second: float | None
    per_destination: float | None
    per_day: int | None
    spent_today: int
    free_at: datetime | None


class RouteLook(BaseModel):
    """One route, as `dispatcher routes --json` and `GET /api/v1/routes` tell it."""

    route: str
    kind: Kind
    channel: str
    depends_on: tuple[str, ...]
    abilities: tuple[str, ...]
    repeat: str
    max_in_flight: int
    timeout: float
    usable: bool
    problem: str
    rests_until: datetime | None
    breaker: BreakerLook
    pace: PaceLook | None
    account: str
    fault: dict[str, Any] | None


def as_look(one: RouteState, moment: datetime) -> RouteLook:
    """A route for machines."""
    breaker = one.circuit
    age = None if breaker.since is None else max(0.0, (moment - breaker.since).total_seconds())
    return RouteLook(
        route=one.name,
        kind=one.kind,
        channel=one.channel,
        depends_on=one.vendors,
        abilities=one.abilities,
        repeat=one.repeat,
        max_in_flight=one.max_in_flight,
        timeout=one.timeout,
        usable=one.usable,
        problem=one.problem,
        rests_until=one.rests_until,
        breaker=BreakerLook(
            state=breaker.state,
            cause=breaker.cause,
            since=breaker.since,
            age_seconds=None if age is None else round(age, 1),
            next_probe_at=breaker.probe_at,
        ),
        pace=_pace(one, moment),
        account=one.account,
        fault=asdict(one.probe) if isinstance(one.probe, Fault) else None,
    )


def _pace(one: RouteState, moment: datetime) -> PaceLook | None:
    if one.pace is None:
        return None
    return PaceLook(
        unit=one.pace.unit,
        per_second=one.pace.per_second,
        per_destination=one.pace.per_destination,
        per_day=one.pace.per_day,
        spent_today=spent_today(one.budget, moment),
        free_at=one.budget.free_at,
    )


@dataclass(frozen=True, slots=True)
class Standings:
    """How the ledger has the routes; `away` says why that cannot be told, "" when it can."""

    rests: Mapping[str, datetime] = field(default_factory=dict)
    circuits: Mapping[str, Circuit] = field(default_factory=dict)
    budgets: Mapping[str, Budget] = field(default_factory=dict)
    away: str = ""


def states(here: Installation, known: Standings, probes: Mapping[str, Probed | Fault]) -> tuple[RouteState, ...]:
    """All routes in the order of `config/routes.yaml`."""
    made = []
    for way in here.ways:
        route, can = here.config.routes[way.route], here.capabilities(way.route)
        made.append(
            RouteState(
                name=way.route,
                kind=way.kind,
                channel=route.channel,
                vendors=way.depends_on,
                abilities=_abilities(can),
                repeat=can.repeat.value,
                max_in_flight=route.max_in_flight,
                timeout=route.timeout,
                problem=way.problem,
                rests_until=known.rests.get(way.route),
                can_probe=can.probes,
                circuit=known.circuits.get(way.route, Circuit()),
                pace=route.pace,
                budget=known.budgets.get(way.route, Budget()),
                probe=probes.get(way.route),
            )
        )
    return tuple(made)


def standings(here: Installation) -> Standings:
    """Which routes rest, and how their breakers stand. A ledger that is not made yet knows of none."""
    try:
        if current(here.ledger) is None:
            return Standings()
        with here.ledger.read() as tx:
            return Standings(rests.resting(tx), breakers.every(tx), paces.every(tx))
    except LedgerAway as away:
        return Standings(away=str(away))


def close_by_hand(here: Installation, name: str) -> bool:
    """Use a route again at once; False when its breaker was closed.

    Raises:
        LedgerAway: it cannot be written.
    """
    with here.ledger.write() as tx:
        circuit = breakers.of(tx, name)
        closed = replace(circuit, state=Breaker.CLOSED, since=now(), probe_at=None, times=0)
        return not circuit.is_closed and breakers.step(tx, name, circuit, closed)


def open_by_hand(here: Installation, name: str, seconds: float, why: str) -> Circuit:
    """Leave a route alone for so long; then a probe decides. An open breaker stays open for as long from now on.

    Raises:
        LedgerAway: it cannot be written.
    """
    with here.ledger.write() as tx:
        circuit, moment = breakers.of(tx, name), now()
        opened = Circuit(Breaker.OPEN, f"opened by hand: {why}", moment, moment + timedelta(seconds=seconds), 1)
        if not breakers.step(tx, name, circuit, opened):
            return breakers.of(tx, name)  # a pump was quicker by a moment
        return opened


async def probe_all(here: Installation, names: Sequence[str]) -> dict[str, Probed | Fault]:
    """Try the accounts of these routes at the same time."""
    async with _resources(here) as resources:
        found = await asyncio.gather(*(_probe(here, name, resources) for name in names))
    return {name: one for name, one in zip(names, found, strict=True) if one is not None}


async def _probe(here: Installation, name: str, resources: Resources) -> Probed | Fault | None:
    channel = here.channel(name, resources)
    try:
        if not isinstance(channel, CanProbe):
            return None
        return await channel.probe(timeout=here.config.routes[name].timeout)
    finally:
        await channel.aclose()


async def send_test(here: Installation, name: str, address: str) -> tuple[Outcome, str]:
    """One message by the route's own channel; the outcome, and the mark by which people can find it.

    Raises:
        MissingSecret, WrongSetting: the route is not set up.
    """
    mark, moment = secrets.token_hex(4), now()
    envelope = Envelope(
        key=f"test-{mark}",
        token=secrets.token_urlsafe(18),
        to=address,
        words=test_words(here.config.company.name, here.capabilities(name).kind, moment, mark),
        thread=f"test-{mark}",
        sequence=1,
        started_at=moment.timestamp(),
        useful_for=USEFUL_FOR,
    )
    async with _resources(here) as resources:
        channel = here.channel(name, resources)
        try:
            return await channel.send(envelope, timeout=here.config.routes[name].timeout), mark
        finally:
            await channel.aclose()


def test_words(company: str, kind: Kind, moment: datetime, mark: str) -> Words:
    """That it is a test, who sends it, when, and that nobody need do anything.

    No two are the same, because some providers refuse what they have heard before.
    """
    text = f"TEST from {company}, {moment:%H:%M} UTC, {mark}: no action needed."
    return Words(text, "" if kind in (Kind.SMS, Kind.SOCIAL) else f"TEST from {company}")


def said_no(here: Installation, kind: Kind, address: str) -> bool:
    """Whether the owner of the address wants no messages there. An empty ledger knows of nobody.

    Raises:
        LedgerAway: it cannot be asked; then nothing may be sent.
    """
    if current(here.ledger) is None:
        return False
    with here.ledger.read() as tx:
        return bool(optouts.among(tx, [(kind, address)]))


def address_for(kind: Kind, given: str, region: str) -> str:
    """The address in the form of its kind.

    Raises:
        BadAddress: it cannot be one.
    """
    text = given.strip()
    if not text or len(text) > _LONGEST_ADDRESS or _UNKEEPABLE.search(text):
        raise BadAddress(f"an address has 1 to {_LONGEST_ADDRESS} characters on one line")
    match kind:
        case Kind.SMS:
            with suppress(phonenumbers.NumberParseException):
                number = phonenumbers.parse(text, region)
                if phonenumbers.is_valid_number(number):
                    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            raise BadAddress(f"{given!r} is not a phone number; write it like +4930123456")
        case Kind.EMAIL:
            if not _MAIL.fullmatch(text):
                raise BadAddress(f"{given!r} is not a mail address; write it like ann@example.com")
            local, _, domain = text.rpartition("@")
            return f"{local}@{domain.lower()}"
        case _:
            return text


def _abilities(can: Capabilities) -> tuple[str, ...]:
    """The names of all that is declared true, so that a capability that is added is listed too."""
    return tuple(field.name for field in fields(can) if getattr(can, field.name) is True)


@asynccontextmanager
async def _resources(here: Installation) -> AsyncIterator[Resources]:
    session = open_session()
    try:
        yield Resources(session, LedgerInbox(here.ledger))
    finally:
        await session.close()
