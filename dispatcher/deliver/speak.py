"""One attempt: what is held becomes an envelope, the channel speaks, and earlier messages are brought into line.

What is done about earlier messages is a courtesy: the new one has arrived by then, so what fails is noted and not tried
again. It is harmless when repeated, so a look-up that finds the new message does it too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass

import structlog

from channels.contract import (
    Accepted,
    Blame,
    CanAmend,
    CanBeAsked,
    CannotTell,
    CanRetract,
    Envelope,
    Fault,
    Found,
    LookUp,
    Outcome,
    Rejected,
    Uncertain,
)
from dispatcher.deliver.line import Desk, Line
from dispatcher.ledger import now
from dispatcher.ledger.broadcasts import Frozen
from dispatcher.model.delivery import Claimed, Status
from dispatcher.model.incident import Reason

log = structlog.get_logger(__name__)

_GUARD = 5.0  # an adapter that ignores its time limit is cut off so much later
_LONGEST = 30.0  # for all earlier messages together: less than a worker has that is told to go


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the channel answered, and in words what became of earlier messages."""

    answer: Outcome | LookUp
    note: str = ""


class Speaker:
    """Speaks for one route."""

    def __init__(self, line: Line, desk: Desk) -> None:
        self._line = line
        self._desk = desk
        self._route = line.rules.route
        self._timeout = line.rules.timeout
        can = line.channel.capabilities
        #: Whether it matters to this channel what it took before.
        self.looks_back = can.threads or can.amends or can.retracts

    async def speak(
        self, claimed: Claimed, frozen: Frozen, earlier: Sequence[str], *, question: float | None = None
    ) -> Spoken:
        """Send it, or ask about it. Raises nothing.

        Args:
            claimed: The delivery.
            frozen: Its broadcast.
            earlier: The provider's references of what it took about the same incident for the same subject, oldest
                first; empty for a channel that does not look back.
            question: Seconds for a question, where that is less than the route's time-out.
        """
        asking = claimed.status is Status.ASKING
        try:
            envelope = self._envelope(claimed, frozen, earlier)
        except Exception as error:  # noqa: BLE001 - words that cannot be made are one delivery's trouble
            log.error("no words", route=self._route, attempt=claimed.attempt_id, error=type(error).__name__)
            fault = Fault(Blame.MESSAGE, "no-words", f"its words could not be made: {type(error).__name__}")
            return Spoken(CannotTell(fault) if asking else Rejected(fault))
        try:
            async with asyncio.timeout(self._timeout + _GUARD):
                answer = await (self._ask(envelope, question) if asking else self._send(envelope))
        except Exception as error:  # noqa: BLE001 - a faulty adapter must not take the other deliveries with it
            fault = self._failed(claimed, error)
            return Spoken(CannotTell(fault) if asking else Uncertain(fault))
        if not earlier or not isinstance(answer, Accepted | Found):
            return Spoken(answer)
        try:
            async with asyncio.timeout(min((self._timeout + _GUARD) * len(earlier), _LONGEST)):
                return Spoken(answer, await self._look_after(envelope, frozen.reason, earlier))
        except Exception as error:  # noqa: BLE001 - the same
            return Spoken(answer, f"earlier messages were left alone: {self._failed(claimed, error).detail}")

    async def ask(self, claimed: Claimed, frozen: Frozen, earlier: Sequence[str]) -> LookUp:
        """Only ask about it, and leave earlier messages alone. Arguments as `speak`; raises nothing."""
        try:
            envelope = self._envelope(claimed, frozen, earlier)
            async with asyncio.timeout(self._timeout + _GUARD):
                return await self._ask(envelope)
        except Exception as error:  # noqa: BLE001 - one delivery's trouble, or a faulty adapter's
            return CannotTell(self._failed(claimed, error))

    def _failed(self, claimed: Claimed, error: Exception) -> Fault:
        log.error("adapter failed", route=self._route, attempt=claimed.attempt_id, error=type(error).__name__)
        return Fault(Blame.PATH, "adapter-error", f"the adapter failed with {type(error).__name__}")

    def _send(self, envelope: Envelope) -> Awaitable[Outcome]:
        return self._line.channel.send(envelope, timeout=self._timeout)

    async def _ask(self, envelope: Envelope, question: float | None = None) -> LookUp:
        if isinstance(self._line.channel, CanBeAsked):
            return await self._line.channel.look_up(envelope, timeout=min(self._timeout, question or self._timeout))
        return CannotTell(Fault(Blame.PROVIDER, "no-look-up", "this provider cannot be asked"))

    async def _look_after(self, envelope: Envelope, reason: Reason, earlier: Sequence[str]) -> str:
        channel, can = self._line.channel, self._line.channel.capabilities
        if reason is Reason.RETRACTED:
            if not (can.retracts and isinstance(channel, CanRetract)):
                return ""
            # The newest first: should it stop half-way, what is left is what was said first.
            gone = [await channel.retract(ref, envelope, timeout=self._timeout) for ref in reversed(earlier)]
            return f"earlier messages taken back: {sum(isinstance(one, Accepted) for one in gone)} of {len(gone)}"
        if not (can.amends and isinstance(channel, CanAmend)):
            return ""
        outcome = await channel.amend(earlier[0], envelope, timeout=self._timeout)
        if isinstance(outcome, Accepted):
            return "the first message was brought up to date"
        return f"the first message could not be brought up to date: {outcome.fault.detail}"

    def _envelope(self, claimed: Claimed, frozen: Frozen, earlier: Sequence[str]) -> Envelope:
        words = frozen.words_for(claimed.kind, claimed.locale)
        # A retraction takes the first message away, so it does not hang on it.
        hangs_on = earlier and self._line.channel.capabilities.threads and frozen.reason is not Reason.RETRACTED
        return Envelope(
            key=f"{frozen.uid}.{claimed.leg}.{claimed.subject}",
            token=claimed.token,
            to=claimed.to,
            words=self._desk.fill(words, claimed.name),
            thread=f"INC-{frozen.incident_id}",
            sequence=frozen.number,
            started_at=claimed.started_at.timestamp(),
            useful_for=max(1.0, (claimed.deadline - now()).total_seconds()),
            receipt_url=self._desk.receipt_url(self._route, claimed.token),
            unsubscribe_url=self._desk.unsubscribe_url(claimed.token),
            root=earlier[0] if hangs_on else "",
            notable=frozen.reason is not Reason.UPDATE,
        )
