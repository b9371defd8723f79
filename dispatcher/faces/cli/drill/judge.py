"""What a drill found, from what the providers hold and what the ledger says. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from channels.contract import Kind, Word
from dispatcher.faces.cli.drill.people import Extra, heard_as
from dispatcher.faces.cli.simulated import CARRIES
from dispatcher.model.delivery import REACHED
from dispatcher.model.drill import Promise
from dispatcher.model.masking import mask

#: As the ledger's own inbox is called among the providers.
INBOX = "inapp"
#: So many lines say whom it hit.
NAMED = 20


@dataclass(frozen=True, slots=True)
class Held:
    """One message as a provider, or our inbox, holds it. `after` is in seconds since the broadcast was asked for."""

    provider: str
    to: str
    body: str
    after: float


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds from the request to a person's first message."""

    first: float | None = None
    median: float | None = None
    p99: float | None = None
    last: float | None = None


@dataclass(frozen=True, slots=True)
class Played:
    """One kind of trouble, played to its end.

    Attributes:
        fault: Which.
        took: Seconds from the request until nothing more happened by itself.
        settled: Whether that came to pass in time.
        people: Who took part.
        told: Who holds at least one message.
        by_route: Who was told by which route, as the ledger says.
        mail_alone: Who holds mail and nothing else.
        could_not: Who was not told, and had no route left that works without the vendor.
        not_told: Who was not told, and could have been.
        places, places_told: The same of shared places.
        times: When people were told.
        failovers: How often messages left a route, by why.
        breakers: Routes whose breaker opened, each with why.
        twice: Who, or which place, holds the same words at one address more than once.
        two_ways: Who was told by more routes than were promised.
        unproven: Whom the ledger calls reached, and no provider holds anything for them.
        whom: Who was not told, or twice, as classes of people, and why; the most frequent first.
        pointless: Why this was not played at all, "" when it was.
    """

    fault: str
    took: float = 0.0
    settled: bool = True
    people: int = 0
    told: int = 0
    by_route: Mapping[str, int] = field(default_factory=dict)
    mail_alone: int = 0
    could_not: int = 0
    not_told: int = 0
    places: int = 0
    places_told: int = 0
    times: Times = Times()
    failovers: Mapping[str, int] = field(default_factory=dict)
    breakers: Mapping[str, str] = field(default_factory=dict)
    twice: int = 0
    two_ways: int = 0
    unproven: int = 0
    whom: Sequence[str] = ()
    pointless: str = ""

    @property
    def well(self) -> bool:
        """Everybody who could be reached was, and nobody twice."""
        return not (self.not_told or self.twice or self.unproven)


def judge(
    fault: str,
    cast: Sequence[Extra],
    held: Iterable[Held],
    promises: Sequence[Promise],
    breakers: Mapping[str, str],
    *,
    dead: Collection[str],
    took: float,
    settled: bool,
) -> Played:
    """Put both sides together.

    Args:
        fault: What was played.
        cast: Who took part.
        held: What the providers and the inbox hold.
        promises: What the ledger says of each promise.
        breakers: Routes whose breaker opened, each with why.
        dead: Vendors by which nothing at all gets through. Mail to a mailbox there may be handed over; nobody sees it.
        took: Seconds it took.
        settled: Whether all was settled in that time.
    """
    owners = {key: ref for extra in cast for key, ref in heard_as(extra.person).items()}
    got: dict[str, list[Held]] = {extra.person.ref: [] for extra in cast}
    same: Counter[tuple[Kind, str, str]] = Counter()
    unseen = {extra.person.ref for extra in cast if extra.sort.mailbox_at in dead}
    for one in held:
        kind = _kind(one)
        same[kind, one.to, one.body] += 1
        ref = owners.get((kind, one.to))
        if ref is not None and not (kind is Kind.EMAIL and ref in unseen):
            got[ref].append(one)
    mine: dict[str, list[Promise]] = {ref: [] for ref in got}
    places = []
    for promise in promises:
        if promise.ref:
            mine[promise.ref].append(promise)
        else:
            places.append(promise)
    told = {ref: lines for ref, lines in got.items() if lines}
    silent = [extra for extra in cast if not got[extra.person.ref]]
    lost = [extra for extra in silent if _had_a_way(mine[extra.person.ref], dead)]
    twice = [key for key, number in same.items() if number > 1]
    # What a relay took for a mailbox that is down is no lie of the ledger's.
    unproven = [
        extra
        for extra in silent
        if extra.person.ref not in unseen and any(promise.status in REACHED for promise in mine[extra.person.ref])
    ]
    return Played(
        fault=fault,
        took=took,
        settled=settled,
        people=len(cast),
        told=len(told),
        by_route=dict(
            Counter(promise.route for ref in told for promise in mine[ref] if promise.status in REACHED).most_common()
        ),
        mail_alone=sum(1 for lines in told.values() if {_kind(one) for one in lines} == {Kind.EMAIL}),
        could_not=len(silent) - len(lost),
        not_told=len(lost),
        places=len(places),
        places_told=sum(1 for promise in places if promise.status in REACHED),
        times=_times([min(one.after for one in lines) for lines in told.values()]),
        failovers=dict(Counter(cause for promise in promises for cause in _left(promise)).most_common()),
        breakers=breakers,
        twice=len(twice),
        two_ways=sum(1 for ref, lines in told.items() if len(_ways(lines)) > len(mine[ref])),
        unproven=len(unproven),
        whom=_whom(lost, silent, mine, owners, twice)[:NAMED],
    )


def _kind(held: Held) -> Kind:
    return Kind.INAPP if held.provider == INBOX else CARRIES[held.provider]


def _had_a_way(promises: Iterable[Promise], dead: Collection[str]) -> bool:
    return any(not set(dead) & set(hop.vendors) for promise in promises for hop in promise.hops)


def _ways(lines: Iterable[Held]) -> set[tuple[str, str]]:
    return {(one.provider, one.to) for one in lines}


def _times(moments: Sequence[float]) -> Times:
    if not moments:
        return Times()
    ordered = sorted(moments)
    nearly_last = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return Times(*(round(one, 2) for one in (ordered[0], median(ordered), nearly_last, ordered[-1])))


def _left(promise: Promise) -> Iterable[str]:
    """Why a message left each route that it left: the last word upon the last attempt there."""
    last: dict[str, Any] = {}
    for tried in promise.tried:
        last[tried.route] = tried
    for route, tried in last.items():
        if route != promise.route:
            yield f"{route}: {_cause(tried.outcome, tried.heard)}"


def _cause(outcome: str, heard: str) -> str:
    if heard == Word.UNDELIVERED:
        return "a receipt said no"
    return {
        "rejected": "rejected",
        "skipped": "skipped before trying: its breaker was open",
        "deferred": "could not be handed over; tries or time used up",
        "uncertain": "no clear answer, and it could not be looked up",
        "accepted": "taken, and no receipt came in time",
    }.get(outcome, "the worker died")


def _whom(
    lost: Sequence[Extra],
    silent: Iterable[Extra],
    mine: Mapping[str, Sequence[Promise]],
    owners: Mapping[tuple[Kind, str], str],
    twice: Iterable[tuple[Kind, str, str]],
) -> list[str]:
    why = Counter(
        (what(extra), "; ".join(f"{one.status.value}: {one.reason}" for one in mine[extra.person.ref]))
        for extra in lost
    )
    named = [f"{number} of {sort}: {said or 'nothing was planned'}" for (sort, said), number in why.most_common()]
    stuck = Counter(what(extra) for extra in silent if extra not in lost)
    named += [f"{number} of {sort}: no way was left" for sort, number in stuck.most_common()]
    return named + [
        f"{owners.get((kind, to), 'a shared place')} ({mask(to)}) holds the same {kind.value} twice"
        for kind, to, _ in twice
    ]


def what(extra: Extra) -> str:
    """Those whom one of the cast stands for."""
    kinds = ", ".join(kind.value for kind in Kind if kind in extra.sort.kinds) or "no address"
    tags = f", tagged {' '.join(sorted(extra.sort.tags))}" if extra.sort.tags else ""
    return f"those with {kinds} ({extra.sort.locale}{tags}; {extra.sort.people} people)"
