"""One leg of one broadcast for one recipient or destination, and its attempts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from channels.contract import Kind
from dispatcher.model.config import Severity


class Status(StrEnum):
    """What is true of a delivery now."""

    #: Waiting for its time (`next_attempt_at`); nothing is under way.
    PENDING = "pending"
    #: A worker holds it under a lease; a request may be on its way.
    SENDING = "sending"
    #: The provider may have it. It is looked up at `next_attempt_at`; without one it is held and named in the report.
    UNCERTAIN = "uncertain"
    #: A worker holds it under a lease and asks the provider whether it has it.
    ASKING = "asking"
    #: The provider has taken it and has said nothing since: whether it arrived is unknown.
    ACCEPTED = "accepted"
    #: The provider has passed it on; whether it arrived is unknown.
    SENT = "sent"
    #: The provider says that it arrived.
    DELIVERED = "delivered"
    #: The person opened or acknowledged it.
    READ = "read"
    #: A provider took it and its receipt did not come in time: unknown. A late receipt still settles it.
    UNCONFIRMED = "unconfirmed"
    #: Every route was tried, or none could take it.
    FAILED = "failed"
    #: There was no route to begin with: no address that any configured route can use.
    UNREACHABLE = "unreachable"
    #: Its time had passed before it could be sent.
    EXPIRED = "expired"
    #: A newer update took its place before it was sent.
    SUPERSEDED = "superseded"


#: Waiting for a worker.
WAITING = frozenset({Status.PENDING, Status.UNCERTAIN})
#: Held by a worker.
LEASED = frozenset({Status.SENDING, Status.ASKING})
#: A provider has it.
REACHED = frozenset({Status.ACCEPTED, Status.SENT, Status.DELIVERED, Status.READ, Status.UNCONFIRMED})
#: A provider has it and may still say whether it arrived.
AWAITING = frozenset({Status.ACCEPTED, Status.SENT})
#: Nothing more will happen by itself.
CLOSED = frozenset({Status.FAILED, Status.UNREACHABLE, Status.EXPIRED, Status.SUPERSEDED})


class Because(StrEnum):
    """Why a route has its place in a chain, or none, as one word; `Hop.reason` says it in words."""

    #: It stands where the playbook puts it.
    CHOICE = "choice"
    #: A vendor it depends on is down: behind all others.
    DOWN = "down"
    #: A vendor it depends on is degraded: behind what is well, before what is down.
    DEGRADED = "degraded"
    #: Its breaker is open: as if it were down.
    BREAKER_OPEN = "breaker open"
    NOT_SET_UP = "not set up"
    NO_ADDRESS = "no address"
    OPTED_OUT = "opted out"
    QUIET_HOURS = "quiet hours"
    #: A message by it costs more than the playbook allows.
    COST_CAP = "cost cap"
    #: Another leg of the same broadcast tells them by the same kind.
    ALREADY_TOLD = "already told"
    #: It writes to one shared place and reaches no person.
    ONE_PLACE = "one place"
    #: Written by a release that kept no word.
    UNSAID = ""


#: Why a route has no place in a chain at all.
ABSENT = frozenset(
    {
        Because.NOT_SET_UP,
        Because.NO_ADDRESS,
        Because.OPTED_OUT,
        Because.QUIET_HOURS,
        Because.COST_CAP,
        Because.ALREADY_TOLD,
        Because.ONE_PLACE,
    }
)


@dataclass(frozen=True, slots=True)
class Hop:
    """One route of a chain and why it stands where it stands.

    `vendors` are all whose failure silences it for these people, those that others ride on included.
    """

    route: str
    kind: Kind
    reason: str
    because: Because = Because.UNSAID
    vendors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """The routes of one leg for one class of recipients, in order, and those left out, each with its reason."""

    hops: tuple[Hop, ...]
    left_out: tuple[Hop, ...] = ()


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery as a worker holds it: everything an attempt needs, and nothing to ask the incident for."""

    delivery_id: int
    attempt_id: int
    token: str
    status: Status
    broadcast_id: int
    leg: str
    subject: str
    name: str
    locale: str
    route: str
    kind: Kind
    to: str
    position: int
    chain: Chain
    #: As its broadcast was accepted; how hard to try depends on it.
    severity: Severity
    tries: int
    lookups: int
    on_route_since: datetime
    started_at: datetime
    deadline: datetime
    #: What of the chain has had its turn, as `turns.turns_from` reads it.
    turns: str = ""
    #: Providers that took it and of which no receipt came in time.
    silent: int = 0
