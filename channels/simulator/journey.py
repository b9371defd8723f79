"""The life of an SMS after it was accepted: its stages in real time, and what is said about them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from channels.simulator.callbacks import Call, Caller
from channels.simulator.faults import Provider, Queued, Receipts, Undelivered, fraction
from channels.simulator.gate import Core
from channels.simulator.segments import segments
from channels.simulator.store import LOST, Held

EXPIRED = "30036"
FINAL = LOST | {"delivered"}


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds after acceptance, as ranges; all are divided by the simulator's speed."""

    sent: tuple[float, float] = (0.05, 0.2)
    delivered: tuple[float, float] = (0.2, 0.9)

    def __post_init__(self) -> None:
        for low, high in (self.sent, self.delivered):
            if not 0 <= low <= high:
                raise ValueError("a pace is a range of seconds from low to high")


@dataclass(slots=True, kw_only=True)
class Sms(Held):
    """A held message with what only a provider of SMS knows about it."""

    sender: str
    #: Twilio's Messaging Service, or Telnyx's messaging profile.
    service: str
    callback: str
    validity: float
    segments: int
    updated: float
    sent_at: float | None = None
    receipts: Receipts | None = None
    unsaid: list[Call] = field(default_factory=list)


class Voice(Protocol):
    """How one provider tells what became of a message."""

    #: What it says when it says nothing in particular about a message that did not arrive.
    undelivered: int

    def tell(self, sms: Sms, status: str, code: str, *, forged: bool) -> Call | None:
        """A callback about a stage, signed by the wrong key when it shall be forged; None for a stage that this
        provider does not tell."""
        ...


class Journey:
    """Moves messages through their stages. One timer per message, none of them in the way of a request."""

    def __init__(self, core: Core, caller: Caller, pace: Pace, voices: Mapping[Provider, Voice]) -> None:
        self._core = core
        self._voices = voices
        self._caller = caller
        self._pace = pace
        self._life = 0

    def forget(self) -> None:
        """Let everything that is under way end silently."""
        self._life += 1

    def begin(self, sms: Sms) -> None:
        core = self._core
        fate = core.plan.fire("fate", sms.provider, to=sms.to, sending=True, number=sms.request, now=sms.at)
        sms.receipts = core.plan.fire("receipts", sms.provider, to=sms.to, sending=True, number=sms.request, now=sms.at)
        held_up = fate.seconds if isinstance(fate, Queued) else 0.0
        sent = held_up + self._draw(sms, "sent", self._pace.sent)
        last = max(sent, held_up + self._draw(sms, "delivered", self._pace.delivered))

        steps = []
        if sms.status == "accepted":
            steps.append((min(sent, sms.validity) / 4, "queued", ""))
        if sent > sms.validity:
            steps.append((sms.validity, "failed", EXPIRED))
        elif isinstance(fate, Undelivered):
            if fate.status == "undelivered":
                steps.append((sent, "sent", ""))
            steps.append((last, fate.status, str(fate.code or self._voices[sms.provider].undelivered)))
        else:
            steps += [(sent, "sent", ""), (last, "delivered", "")]
        self._wait(sms, steps, self._life, 0.0)

    def _draw(self, sms: Sms, stage: str, between: tuple[float, float]) -> float:
        low, high = between
        return (low + (high - low) * fraction(self._core.seed, f"{stage}:{sms.request}")) / self._core.speed

    def _wait(self, sms: Sms, steps: list[tuple[float, str, str]], life: int, so_far: float) -> None:
        delay = max(0.0, steps[0][0] - so_far)
        asyncio.get_running_loop().call_later(delay, self._step, sms, steps, life)

    def _step(self, sms: Sms, steps: list[tuple[float, str, str]], life: int) -> None:
        if life != self._life:
            return
        at, status, code = steps[0]
        core = self._core
        core.store.settle(sms, status, code)
        sms.updated = core.now()
        if not sms.sender:
            # A Messaging Service chooses the sender when it queues the message.
            sms.sender = core.accounts.twilio_from
            sms.segments = segments(sms.body)
        if status == "sent":
            sms.sent_at = sms.updated
        if sms.callback:
            self._tell(sms, status, code, life)
        if len(steps) > 1:
            self._wait(sms, steps[1:], life, at)

    def _tell(self, sms: Sms, status: str, code: str, life: int) -> None:
        bend, delay = ("", 0.0) if sms.receipts is None else (sms.receipts.how, sms.receipts.delay)
        call = self._voices[sms.provider].tell(sms, status, code, forged=bend == "forged")
        if call is None:
            return
        match bend:
            case "never":
                return
            case "doubled":
                self._caller.call(call, call)
            case "late":
                asyncio.get_running_loop().call_later(delay, self._later, call, life)
            case "reordered":
                sms.unsaid.insert(0, call)
                if status in FINAL:
                    self._caller.call(*sms.unsaid)
                    sms.unsaid.clear()
            case _:
                self._caller.call(call)

    def _later(self, call: Call, life: int) -> None:
        if life == self._life:
            self._caller.call(call)
