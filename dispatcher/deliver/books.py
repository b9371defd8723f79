"""What a pump does with the ledger: each call is one transaction, made in a thread of its own."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from channels.contract import Accepted, Found, Kind, LookUp, Outcome, Receipt, Rejected
from dispatcher.deliver.admission import Admission, Rested
from dispatcher.deliver.detour import Detoured, detour, detour_capped
from dispatcher.deliver.gate import Gate, Seen
from dispatcher.deliver.line import Desk, Line, has_next
from dispatcher.deliver.settle import settle
from dispatcher.deliver.speak import Spoken
from dispatcher.ledger import (
    Tx,
    breakers,
    broadcasts,
    earlier,
    guard,
    now,
    optouts,
    outcomes,
    paces,
    queue,
    receipts,
    rests,
    sharing,
)
from dispatcher.ledger.broadcasts import Frozen
from dispatcher.ledger.queue import Admit
from dispatcher.ledger.receipts import Arrived
from dispatcher.model.circuit import Circuit
from dispatcher.model.decision import Standing
from dispatcher.model.delivery import REACHED, Claimed, Status
from dispatcher.model.destinations import Comer
from dispatcher.model.pace import Pace, leave, spend
from dispatcher.model.share import Wish, share

LEASE = 15.0  # seconds; what a dead worker held is looked at again after so long
_LEASE = timedelta(seconds=LEASE)
DETOUR = 500  # deliveries that go round a route at once: who waits behind a dead provider shall not wait long
_ALONE = 1.0  # seconds for which it is believed that no more than one broadcast wants the route
_CHOICE = 8  # waiting deliveries among which a probe is chosen
#: The provider has a message of an earlier attempt, and does not say which.
_REPEAT = Accepted("", duplicate=True)
_CHANCE = secrets.SystemRandom()


@dataclass(frozen=True, slots=True)
class Taken:
    """What was claimed, `asked` for at that moment of the monotonic clock."""

    asked: float
    seen: Seen | None
    ready: Sequence[Claimed] = ()
    #: Their people have said no since it was planned.
    said_no: Sequence[Claimed] = ()
    #: When the route's pace lets the next message go; None when it has none, or now.
    free_at: datetime | None = None
    #: How many wait for their destination that were due; behind them there may be others.
    put_off: int = 0
    gone: Detoured = field(default_factory=Detoured)

    @property
    def all(self) -> list[Claimed]:
        return [*self.ready, *self.said_no]


@dataclass(frozen=True, slots=True)
class Round:
    """What was done for a route that is left alone.

    Attributes:
        seen: How its breaker stands.
        half: The breaker with a probe of ours out; None when it was not time for one.
        probe: What to probe with; None for a call without a message.
        said_no: Claimed on that occasion, and not to be sent.
        gone: What went by other routes.
    """

    seen: Seen
    half: Circuit | None = None
    probe: Claimed | None = None
    said_no: Sequence[Claimed] = ()
    gone: Detoured = field(default_factory=Detoured)


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where deliveries stand now, and whether receipts were stored."""

    standings: Sequence[Standing]
    heard: bool
    seen: Seen | None


class Books:
    """One pump's."""

    def __init__(self, line: Line, desk: Desk, gate: Gate) -> None:
        can = line.channel.capabilities
        self._rules = line.rules
        self._desk = desk
        self._gate = gate
        self._owner = secrets.token_hex(8)
        self._limits_destinations = can.limits_destinations
        self._looks_back = can.threads or can.amends or can.retracts
        #: What the provider took before, for those claimed whose channel wants to know.
        self._earlier: dict[int, tuple[str, ...]] = {}
        self._frozen: dict[int, Frozen] = {}
        self._measure = line.channel.measure
        self._sizes: dict[tuple[int, Kind, str], int] = {}
        #: Until this moment of the monotonic clock nobody looks whether several broadcasts want the route.
        self._alone_until = 0.0
        #: Broadcasts of which nothing is begun any more.
        self.superseded: set[int] = set()

    def about(self, claimed: Claimed) -> tuple[Frozen, tuple[str, ...]]:
        """What is to be said, and what the provider took before."""
        return self._frozen[claimed.broadcast_id], self._earlier.get(claimed.delivery_id, ())

    def look(self) -> Seen:
        """How the route's rest and breaker stand."""
        with self._desk.ledger.write() as tx:
            return self._gate.look_anew(tx)

    def claim(self, limit: int) -> Taken:
        """Take what is due; nothing while the breaker is open."""
        asked = time.monotonic()
        with self._desk.ledger.write() as tx:
            seen = self._gate.look(tx)
            if seen is not None and not seen.circuit.is_closed:
                return Taken(asked, seen)
            if self._rules.pace is not None:
                return self._claim_paced(tx, self._rules.pace, Taken(asked, seen), limit)
            taken, put_off = self._take(tx, limit)
            return Taken(asked, seen, *self._load(tx, taken), put_off=put_off)

    def _take(self, tx: Tx, room: int) -> tuple[list[Claimed], int]:
        """What is due; also how many were put off that were due, because their destination rests."""
        wishes = self._wishes(tx, room)
        resting = paces.resting(tx, self._rules.route) if self._limits_destinations else None
        if not resting:
            return self._claim(tx, room, wishes), 0
        rested = Rested(tx, self._rules.route, resting)
        return self._claim(tx, room, wishes, rested.admit), rested.put_off

    def _claim(self, tx: Tx, room: int, wishes: Sequence[Wish], admit: Admit | None = None) -> list[Claimed]:
        """So many at most, shared by the broadcasts that want them."""
        shares = share(room, wishes, _CHANCE.random()) if wishes else None
        route, owner = self._rules.route, self._owner
        return queue.claim(tx, route, owner=owner, lease=_LEASE, limit=room, portions=shares, admit=admit)

    def _take_in_turn(self, tx: Tx, pace: Pace, room: int) -> tuple[list[Claimed], int]:
        """The same by the pace for one destination."""
        if pace.to_one is None:
            return self._take(tx, room)
        wishes = self._wishes(tx, room)
        severities = {one.broadcast_id: one.severity for one in wishes}

        def cost(one: Comer) -> int:
            self._know(tx, {one.broadcast_id})
            return self._parts(one, pace)

        admission = Admission(tx, self._rules.route, pace.to_one, cost, severities)
        taken = self._claim(tx, room, wishes, admission.admit)
        admission.clear()
        return taken, admission.put_off

    def _wishes(self, tx: Tx, room: int) -> Sequence[Wish]:
        """Which broadcasts want the room; none where there is only one, as nearly always."""
        if time.monotonic() < self._alone_until:
            return ()
        wishes = sharing.wishes(tx, self._rules.route, room)
        if len(wishes) > 1:
            return wishes
        self._alone_until = time.monotonic() + _ALONE
        return ()

    def _claim_paced(self, tx: Tx, pace: Pace, none: Taken, limit: int) -> Taken:
        """A second's worth at most, then nothing until that second is over, whoever asks. Questions are free."""
        route, moment = self._rules.route, now()
        budget = paces.hold(tx, route)
        may = leave(pace, budget, moment)
        if not may.messages and not may.capped:
            return replace(none, free_at=may.until)
        if may.capped and may.until is not None:
            # What waits is put off until then, so that it is not due. Only then is looked for what to ask about: among
            # a million that wait it would not be found.
            gone = detour_capped(tx, self._rules, may.until, DETOUR)
            if gone.seen == DETOUR:
                return replace(none, gone=gone)
            asked = queue.claim(tx, route, owner=self._owner, lease=_LEASE, limit=limit, asking=True)
            return replace(none, ready=self._load(tx, asked)[0], gone=gone)
        taken, put_off = self._take_in_turn(tx, pace, min(limit, may.messages))
        ready, said_no = self._load(tx, taken)
        cost = sum(self._parts(one, pace) for one in ready if one.status is Status.SENDING)
        if cost:
            budget = spend(pace, budget, cost, moment)
            paces.put(tx, route, budget)
        return replace(none, ready=ready, said_no=said_no, free_at=budget.free_at, put_off=put_off)

    def _parts(self, one: Claimed | Comer, pace: Pace) -> int:
        """What one message costs: the words are frozen, so that is known once for all who get them."""
        if pace.unit == "messages":
            return 1
        key = (one.broadcast_id, one.kind, one.locale)
        if key not in self._sizes:
            said = self._frozen[one.broadcast_id].words_for(one.kind, one.locale)
            self._sizes[key] = self._measure(self._desk.fill(said, one.name)).parts
        return self._sizes[key]

    def go_round(self, limit: int) -> Round:
        """The breaker is open: move on what can go by other routes, and take the probe when it is time for one."""
        with self._desk.ledger.write() as tx:
            seen = self._gate.look_anew(tx)
            probing = self._probe(tx, seen)
            # Held, so that what is told to wait for the breaker is not forgotten when that is closed just now.
            circuit = breakers.of(tx, self._rules.route, hold=True)
            gone = detour(tx, self._rules, circuit, limit)
            return replace(probing, seen=replace(seen, circuit=circuit), gone=gone)

    def _probe(self, tx: Tx, seen: Seen) -> Round:
        """Probe preferably with what has no other way, else with what waits, else with nothing but a harmless call."""
        if self._gate.half_open(seen.circuit) is None:
            return Round(seen)
        taken = queue.claim(tx, self._rules.route, owner=self._owner, lease=_LEASE, limit=_CHOICE)
        ready, said_no = self._load(tx, taken)
        ready.sort(key=has_next)
        half = self._gate.half_open(seen.circuit) if ready or self._gate.can_probe else None
        if half is not None and not breakers.step(tx, self._rules.route, seen.circuit, half):
            half = None  # another one was quicker
        probe, back = (ready[0], ready[1:]) if half and ready else (None, ready)
        queue.give_back(tx, self._owner, back, at=now())
        return Round(seen, half, probe, said_no)

    def _know(self, tx: Tx, broadcast_ids: Set[int]) -> None:
        for key in broadcast_ids - self._frozen.keys():
            self._frozen[key] = broadcasts.frozen(tx, key)

    def _load(self, tx: Tx, taken: Sequence[Claimed]) -> tuple[list[Claimed], list[Claimed]]:
        """Fetch what is needed to send these; answers which are to be sent, and whose people have said no since."""
        self._know(tx, {one.broadcast_id for one in taken})
        if self._looks_back:
            self._earlier |= earlier.references(tx, self._rules.route, [one.delivery_id for one in taken])
        no = optouts.among(tx, {(one.kind, one.to) for one in taken if one.status is Status.SENDING})
        refused = [one.status is Status.SENDING and (one.kind, one.to) in no for one in taken]
        ready = [one for one, is_refused in zip(taken, refused, strict=True) if not is_refused]
        return ready, [one for one, is_refused in zip(taken, refused, strict=True) if is_refused]

    def extend(self) -> set[int]:
        """Keep what is held; answers which deliveries those are."""
        with self._desk.ledger.write() as tx:
            return queue.extend(tx, self._owner, _LEASE)

    def give_back(self, held: Sequence[Claimed], at: datetime) -> None:
        """What was never begun waits again, from that moment on."""
        with self._desk.ledger.write() as tx:
            queue.give_back(tx, self._owner, held, at=at)

    def next_due(self) -> datetime | None:
        """When the route has something to do next."""
        with self._desk.ledger.read() as tx:
            return guard.next_due(tx, self._rules.route)

    def record(
        self,
        answered: Sequence[tuple[Claimed, Spoken]],
        waiting: set[int],
        pause: datetime | None,
        limited: Mapping[str, datetime],
    ) -> Recorded:
        """Write what came of attempts.

        Args:
            answered: The deliveries with what their channel answered.
            waiting: The broadcasts of what is claimed and not begun: `superseded` is brought up to date for them.
            pause: Until when the provider wants to be left in peace.
            limited: Until when it wants to be left in peace about some destinations.
        """
        with self._desk.ledger.write() as tx:
            seen = self._gate.look(tx)
            moment = now()
            gone = queue.superseded_among(tx, {one.broadcast_id for one, _ in answered} | waiting)
            results = [
                (
                    one,
                    *settle(
                        one,
                        spoken.answer,
                        self._rules,
                        moment,
                        superseded=one.broadcast_id in gone,
                        note=spoken.note,
                    ),
                )
                for one, spoken in answered
            ]
            outcomes.record(tx, self._owner, results)
            heard = self._store_receipts(tx, [spoken.answer for _, spoken in answered], moment)
            repeats = [one.delivery_id for one, spoken in answered if spoken.answer == _REPEAT]
            heard = (bool(repeats) and receipts.fold_anew(tx, repeats)) or heard
            back = [one.delivery_id for one, _, to in results if one.turns and to.status not in REACHED]
            heard = (bool(back) and receipts.fold_left(tx, back)) or heard
            for one, spoken in answered:
                if isinstance(spoken.answer, Rejected) and spoken.answer.fault.opt_out:
                    source = f"{self._rules.route}: {spoken.answer.fault.detail}"
                    optouts.note(tx, one.kind, one.to, source=source[:200])
            if pause is not None and pause > moment:
                rests.pause(tx, self._rules.route, pause, "the provider asked us to slow down")
            paces.rest(tx, self._rules.route, limited)
        self.superseded = gone
        for one, _ in answered:
            self._earlier.pop(one.delivery_id, None)
        return Recorded([standing for _, _, standing in results], heard, seen)

    def _store_receipts(self, tx: Tx, answers: Sequence[Outcome | LookUp], moment: datetime) -> bool:
        told: list[Receipt] = [answer.receipt for answer in answers if isinstance(answer, Found) and answer.receipt]
        return bool(told) and receipts.store(tx, [Arrived(self._rules.route, one, moment) for one in told]) > 0
