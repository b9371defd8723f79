"""What stands between a pump and its provider: a rest that was asked for, and the route's breaker.

The ledger has both, for all processes. A pump looks there with its claims, and says there what it has seen itself.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from channels.contract import CanProbe, Channel, Deferred, Fault, LookUp, Outcome
from dispatcher.deliver.breaker import Verdict, described, half_open, settle, trip, verdict
from dispatcher.deliver.line import Line
from dispatcher.ledger import Tx, breakers, now
from dispatcher.model.circuit import Circuit

#: What the ledger said so many seconds ago is still believed.
_BELIEVED = 0.5
#: A probe whose worker died is over so many seconds after the route's time-out.
_MARGIN = 10.0
#: Seconds for a probe that delivers nothing. Whoever waits for what it comes to waits no longer.
QUESTION = 3.5


@dataclass(frozen=True, slots=True)
class Probed:
    """What came of the probe that had taken `half`."""

    half: Circuit
    good: bool
    cause: str


@dataclass(frozen=True, slots=True)
class Seen:
    """How the ledger has it now, and what it was told on that occasion."""

    rests_until: datetime | None
    circuit: Circuit
    cause: str
    probed: Probed | None


class Gate:
    """One route's, for one pump. `look` and `look_anew` are called in threads, everything else on the event loop."""

    def __init__(self, line: Line) -> None:
        self._rules = line.rules
        self._channel = line.channel
        self._recent = line.recent
        self._slow = line.rules.breaker.slow_at(line.rules.timeout)
        self._looked = float("-inf")
        #: Why this process wants the breaker open, until the ledger has it.
        self._cause = ""
        self._probed: Probed | None = None
        self.rests_until: datetime | None = None
        #: Destinations whose provider wants less for them, until when; and those the ledger does not know of yet.
        self._limited: dict[str, datetime] = {}
        self._untold: dict[str, datetime] = {}
        #: When the route's pace lets the next message go.
        self.free_at: datetime | None = None
        self.circuit = Circuit()

    @property
    def is_open(self) -> bool:
        """Whether the breaker is, as far as is known here."""
        return bool(self._cause) or not self.circuit.is_closed

    @property
    def hesitates(self) -> bool:
        """Whether nothing more should leave while answers are still to come: when a provider hangs, they come together,
        and what leaves between the first and the last of them would hang for as long again."""
        return self._recent.is_doubtful

    @property
    def can_probe(self) -> bool:
        """Whether the account can be tried without a message."""
        return isinstance(self._channel, CanProbe)

    def note(
        self, answer: Outcome | LookUp, took: float, probe: Circuit | None = None, *, destination: str = ""
    ) -> None:
        """An answer came after so many seconds; `probe` is what it had taken when it was the probe. `destination` is
        whose limit it may be, "" where limits are the account's."""
        if isinstance(answer, Deferred) and answer.route_wide:
            self._rest(now() + timedelta(seconds=answer.wait or self._rules.policy.first_wait), destination)
        said = verdict(answer, took, self._slow)
        if probe is not None:
            # A slow yes is a yes.
            good = verdict(answer, 0.0, self._slow) is not Verdict.BAD
            self._probed = Probed(probe, good, "" if good else f"the probe failed: {described(answer, took)}")
            return
        self._recent.note(said)
        if said is Verdict.BAD and not self.is_open and (complaint := self._recent.complaint()):
            self._cause = f"{complaint}, the last: {described(answer, took)}"

    def _rest(self, until: datetime, destination: str) -> None:
        """Providers do not say whose limit it is. Of one destination alone it is taken for that one's; of a second one
        while the first rests, for the account's."""
        limited = {name: end for name, end in self._limited.items() if end > now()}
        if destination:
            self._limited = limited | {destination: until}
            self._untold[destination] = until
        if not destination or limited.keys() - {destination}:
            self.rests_until = max(until, self.rests_until or until)

    def take_limited(self) -> dict[str, datetime]:
        """Destinations that rest and of which the ledger is not told yet, each with until when."""
        untold, self._untold = self._untold, {}
        return untold

    def end_rest(self) -> bool:
        """Whether a rest has just ended."""
        over = self.rests_until is not None and self.rests_until <= now()
        if over:
            self.rests_until = None
        return over

    def not_before(self, due: datetime | None) -> datetime | None:
        """When what is due then can be tried."""
        held = [moment for moment in (self.rests_until, self.circuit.probe_at, self.free_at) if moment is not None]
        return None if due is None else max([due, *held])

    def look(self, tx: Tx) -> Seen | None:
        """As `look_anew`; None when that was done only just now and there is nothing to tell."""
        known = time.monotonic() - self._looked < _BELIEVED
        return None if known and not (self._cause or self._probed) else self.look_anew(tx)

    def look_anew(self, tx: Tx) -> Seen:
        """Tell the ledger what it should know, and ask how it stands.

        First in its transaction: whoever locks the route does so before any delivery.
        """
        cause, probed = self._cause, self._probed
        route, rule = self._rules.route, self._rules.breaker
        rests_until, circuit = breakers.state_of(tx, route)
        if probed is not None:
            new = settle(probed.half, rule, now(), good=probed.good, cause=probed.cause)
            if breakers.step(tx, route, probed.half, new):
                circuit = new
        elif cause and (opened := trip(circuit, rule, cause, now())) is not None:
            # Where another one was quicker, it is open as well.
            circuit = opened if breakers.step(tx, route, circuit, opened) else breakers.of(tx, route)
        return Seen(rests_until, circuit, cause, probed)

    def take(self, seen: Seen | None) -> None:
        """Believe what a transaction has seen that is committed now."""
        if seen is None:
            return
        self._looked = time.monotonic()
        if self._cause == seen.cause:
            self._cause = ""
        if self._probed is seen.probed:
            self._probed = None
        self.circuit = seen.circuit
        if seen.rests_until is not None:
            self.rests_until = max(seen.rests_until, self.rests_until or seen.rests_until)
        if seen.circuit.since is not None:
            # What was seen before it was opened or closed is what opened it, and counts no more.
            self._recent.keep(max(0.0, (now() - seen.circuit.since).total_seconds()))

    def half_open(self, circuit: Circuit) -> Circuit | None:
        """The breaker with a probe of ours out; None when it is not time for one."""
        return half_open(circuit, self._rules.timeout + _MARGIN, now())

    async def knock(self, half: Circuit) -> None:
        """Try the account without a message."""
        good, cause = await _knock(self._channel, min(self._rules.timeout, QUESTION))
        self._probed = Probed(half, good, cause)


async def _knock(channel: Channel, timeout: float) -> tuple[bool, str]:
    if not isinstance(channel, CanProbe):
        return False, "the account cannot be tried"
    try:
        async with asyncio.timeout(timeout + _MARGIN / 2):
            answer = await channel.probe(timeout=timeout)
    except Exception as error:  # noqa: BLE001 - a faulty adapter is one more reason to leave the route alone
        return False, f"the probe failed: {type(error).__name__}"
    if isinstance(answer, Fault):
        return False, f"the probe failed: {answer.detail[:150]}"
    return True, ""
