"""A pump on a real ledger, with a channel that does what the test tells it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from channels.contract import (
    Absent,
    Accepted,
    Blame,
    Capabilities,
    Envelope,
    Fault,
    Kind,
    LookUp,
    Measure,
    Outcome,
    Repeat,
    Words,
)
from dispatcher.deliver.line import Desk, Line
from dispatcher.deliver.pump import Pump
from tests.unit.ledger.world import World

BUSY = Fault(Blame.PROVIDER, "busy", "the provider is busy")


@dataclass
class Scripted:
    """Answers each envelope with the next of `answers`, the last one for ever; a callable is called for it."""

    answers: list[Any] = field(default_factory=lambda: [Accepted("ref")])
    found: list[LookUp] = field(default_factory=lambda: [Absent()])
    latency: float = 0.0
    sent: list[Envelope] = field(default_factory=list)
    asked: list[Envelope] = field(default_factory=list)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    in_flight: int = 0
    most_in_flight: int = 0
    capabilities = Capabilities(Kind.SMS, Repeat.LOOKUP)

    def measure(self, _words: Words) -> Measure:
        return Measure(1, 9, "segments")

    async def send(self, envelope: Envelope, *, timeout: float) -> Outcome:
        assert timeout > 0
        self.sent.append(envelope)
        self.begun.set()
        tries = Counter(one.key for one in self.sent)[envelope.key] if len(self.answers) > 1 else 1
        answer = self.answers[min(tries, len(self.answers)) - 1]
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(self.latency)
            made = answer(envelope) if callable(answer) else answer
            return await made if asyncio.iscoroutine(made) else made
        finally:
            self.in_flight -= 1

    async def look_up(self, envelope: Envelope, *, timeout: float) -> LookUp:
        assert timeout > 0
        self.asked.append(envelope)
        return self.found[min(len(self.asked), len(self.found)) - 1]

    async def aclose(self) -> None:
        return


@dataclass
class Rig:
    world: World
    channel: Scripted = field(default_factory=Scripted)
    rung: list[set[str]] = field(default_factory=list)
    heard: int = 0
    fill: Callable[[Words, str], Words] = lambda words, name: Words(f"{name}: {words.text}")

    def pump(self, route: str = "sms-a", **rules: Any) -> Pump:
        def heard() -> None:
            self.heard += 1

        desk = Desk(
            ledger=self.world.ledger,
            fill=self.fill,
            receipt_url=lambda route, token: f"https://us.example/{route}/{token}",
            unsubscribe_url=lambda token: f"https://us.example/unsubscribe/{token}",
            ring=self.rung.append,
            heard=heard,
        )
        return Pump(Line(self.world.rules(route, **rules), self.channel), desk)

    async def run(self, route: str = "sms-a", seconds: float = 10, **rules: Any) -> datetime | None:
        return await self.pump(route, **rules).run(seconds)
