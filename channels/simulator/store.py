"""What the simulated providers received, indexed so that no request looks through all of it."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from channels.simulator.faults import PROVIDERS, Provider

#: Final words after which nobody got the message.
LOST = frozenset({"failed", "undelivered", "canceled"})
#: What reaches a person. Edits and deletions are recorded too, but nobody is told by them.
TELLING = frozenset({"sms", "post", "push", "mail"})


@dataclass(slots=True, kw_only=True)
class Held:
    """One thing a provider took in. `body` stays what was first said, whatever is edited later."""

    provider: Provider
    kind: str
    to: str
    body: str
    ref: str
    at: float
    status: str
    request: int
    subject: str = ""
    code: str = ""
    delivered: bool = False
    metadata: dict[str, Any] = field(default_factory=dict)
    seq: int = -1
    got: bool = False
    held: bool = False

    def as_data(self) -> dict[str, Any]:
        return {
            "provider": self.provider,
            "kind": self.kind,
            "to": self.to,
            "body": self.body,
            "subject": self.subject,
            "at": self.at,
            "ref": self.ref,
            "status": self.status,
            "code": self.code,
            "request": self.request,
            "metadata": self.metadata,
            "delivered": self.delivered,
            "got": self.got,
        }


@dataclass(slots=True)
class Tally:
    """Counts of one provider since the start or the last reset. They go on when old messages are dropped.

    `refused` counts every request that was not answered well, by status and code; with the faults that store first
    (`reset`, `garbled`, 500) the message is among the stored ones as well.
    """

    requests: int = 0
    sends: int = 0
    stored: int = 0
    got: int = 0
    refused: Counter[str] = field(default_factory=Counter)

    def as_data(self) -> dict[str, Any]:
        return {
            "requests": self.requests,
            "sends": self.sends,
            "stored": self.stored,
            "got": self.got,
            "refused": dict(sorted(self.refused.items())),
        }


_Words = tuple[Provider, str, str]


class Store:
    """Everything received, up to `cap` messages; beyond that the oldest are dropped and counted."""

    def __init__(self, cap: int = 2_000_000) -> None:
        if cap < 1:
            raise ValueError("the store must be allowed to hold at least one message")
        self.cap = cap
        self._next = 0
        self.clear()

    def clear(self) -> None:
        for message in getattr(self, "_all", {}).values():
            message.held = False
        self.dropped = 0
        self.tallies: dict[Provider, Tally] = {provider: Tally() for provider in PROVIDERS}
        # Numbers run on without a gap, so that a page can start anywhere without a scan.
        self._all: dict[int, Held] = {}
        self._first = self._next
        self._by_to: dict[tuple[Provider, str], deque[Held]] = {}
        self._by_ref: dict[tuple[Provider, str], Held] = {}
        self._words: dict[_Words, int] = {}
        self._twice: dict[_Words, int] = {}

    def __len__(self) -> int:
        return len(self._all)

    def arrive(self, provider: Provider, *, sending: bool) -> int:
        """Count a request; the answer is the number of delivering requests so far, this one included."""
        tally = self.tallies[provider]
        tally.requests += 1
        if sending:
            tally.sends += 1
        return tally.sends

    def refuse(self, provider: Provider, why: str) -> None:
        self.tallies[provider].refused[why] += 1

    def hold(self, message: Held) -> None:
        while len(self._all) >= self.cap:
            self._drop_oldest()
        message.seq = self._next
        message.held = True
        self._next += 1
        self._all[message.seq] = message
        self._by_to.setdefault((message.provider, message.to), deque()).append(message)
        self._by_ref[message.provider, message.ref] = message
        tally = self.tallies[message.provider]
        if message.kind in TELLING:
            tally.stored += 1
            tally.got += 1
            message.got = True
            self._count(message, 1)

    def settle(self, message: Held, status: str, code: str = "") -> None:
        """What became of it. A lost message was not got by anybody."""
        message.status = status
        message.code = code
        if status == "delivered":
            message.delivered = True
        elif status in LOST and message.got:
            message.got = False
            self.tallies[message.provider].got -= 1
            if message.held:
                self._count(message, -1)

    def find(self, provider: Provider, ref: str) -> Held | None:
        return self._by_ref.get((provider, ref))

    def newest(
        self, provider: Provider | None = None, to: str | None = None, below: int | None = None
    ) -> Iterator[Held]:
        """From the newest back, starting below a number."""
        if provider is not None and to is not None:
            for message in reversed(self._by_to.get((provider, to), ())):
                if below is None or message.seq < below:
                    yield message
            return
        start = self._next if below is None else min(below, self._next)
        for seq in range(start - 1, self._first - 1, -1):
            message = self._all[seq]
            if (provider is None or message.provider == provider) and (to is None or message.to == to):
                yield message

    def received(
        self,
        *,
        provider: Provider | None = None,
        to: str | None = None,
        since: float | None = None,
        limit: int | None = None,
    ) -> list[dict[str, Any]]:
        """Oldest first. With a limit, the newest so many."""
        chosen: list[dict[str, Any]] = []
        for message in islice(self.newest(provider, to), limit):
            if since is not None and message.at < since:
                break
            chosen.append(message.as_data())
        chosen.reverse()
        return chosen

    def recipients(self, *, provider: Provider | None = None, to: str | None = None) -> dict[str, dict[str, Any]]:
        """What everybody got, by provider and address, oldest first."""
        if provider is not None and to is not None:
            addresses = [(provider, to)] if (provider, to) in self._by_to else []
        else:
            addresses = [key for key in self._by_to if provider in (None, key[0]) and to in (None, key[1])]
        people: dict[str, dict[str, Any]] = {}
        for key in addresses:
            got = [
                {"body": m.body, "subject": m.subject, "at": m.at, "ref": m.ref, "status": m.status}
                for m in self._by_to[key]
                if m.got
            ]
            if got:
                people.setdefault(key[0], {})[key[1]] = got
        return people

    def twice(self) -> list[dict[str, Any]]:
        """Who got the same words on the same provider more than once, the most often first."""
        ordered = sorted(self._twice.items(), key=lambda item: -item[1])
        return [{"provider": p, "to": to, "body": body, "count": count} for (p, to, body), count in ordered]

    def _count(self, message: Held, by: int) -> None:
        key = (message.provider, message.to, message.body)
        count = self._words.get(key, 0) + by
        if count > 0:
            self._words[key] = count
        else:
            self._words.pop(key, None)
        if count > 1:
            self._twice[key] = count
        elif by < 0:
            self._twice.pop(key, None)

    def _drop_oldest(self) -> None:
        message = self._all.pop(self._first)
        self._first += 1
        self.dropped += 1
        message.held = False
        line = self._by_to[message.provider, message.to]
        line.popleft()
        if not line:
            del self._by_to[message.provider, message.to]
        if self._by_ref.get((message.provider, message.ref)) is message:
            del self._by_ref[message.provider, message.ref]
        if message.got:
            self._count(message, -1)
