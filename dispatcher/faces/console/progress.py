"""How far a broadcast is, as bars and numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields

from dispatcher.ledger import Tx, reports
from dispatcher.model.delivery import REACHED, Status
from dispatcher.model.incident import Broadcast
from dispatcher.model.story import Count, RouteLine, Span

#: The parts of a bar in their order, with what each says.
PARTS: Mapping[str, str] = {
    "delivered": "confirmed as delivered",
    "taken": "taken, no receipt expected",
    "unknown": "sent, no receipt yet",
    "waiting": "waiting or being sent",
    "failed": "failed",
}
_CERTAIN: Mapping[Status, str] = {
    Status.DELIVERED: "delivered",
    Status.READ: "delivered",
    Status.UNCONFIRMED: "unknown",
    Status.UNCERTAIN: "unknown",
    Status.ASKING: "unknown",
    Status.PENDING: "waiting",
    Status.SENDING: "waiting",
}
_NEED_WORDS = frozenset({Status.FAILED, Status.UNREACHABLE, Status.EXPIRED, Status.UNCERTAIN})
_NARROWEST = 0.8


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar; `x` and `width` in hundredths of it."""

    name: str
    deliveries: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One kind: where its deliveries stand, and its numbers by route and in all."""

    kind: str
    parts: tuple[Part, ...]
    total: RouteLine
    routes: tuple[RouteLine, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """One broadcast."""

    broadcast: Broadcast
    bars: tuple[Bar, ...]
    overall: tuple[Part, ...]
    deliveries: int
    reached: int
    span: Span | None
    troubles: tuple[tuple[Status, str, int], ...]

    def standing(self, name: str) -> int:
        """How many deliveries stand so."""
        return sum(part.deliveries for part in self.overall if part.name == name)


def progress(tx: Tx, of: Broadcast, hearing: Collection[str]) -> Progress:
    """Read how far it is."""
    counted = reports.counts(tx, of.id)
    lines = reports.by_route(tx, of.id, hearing)
    kinds = dict.fromkeys([line.kind for line in lines])
    return Progress(
        broadcast=of,
        bars=tuple(_bar(kind, counted, lines, hearing) for kind in sorted(kinds, key=lambda kind: (not kind, kind))),
        overall=_parts(counted, hearing),
        deliveries=sum(count.deliveries for count in counted),
        reached=sum(count.deliveries for count in counted if count.status in REACHED),
        span=reports.span(tx, of.id),
        troubles=tuple(reports.reasons(tx, of.id, _NEED_WORDS)),
    )


def _bar(kind: str, counted: list[Count], lines: list[RouteLine], hearing: Collection[str]) -> Bar:
    routes = tuple(line for line in lines if line.kind == kind)
    numbers = [field.name for field in fields(RouteLine) if field.name not in {"kind", "route"}]
    total = RouteLine(kind, "", **{name: sum(getattr(line, name) for line in routes) for name in numbers})
    return Bar(kind, _parts([count for count in counted if count.kind == kind], hearing), total, routes)


def _parts(counted: list[Count], hearing: Collection[str]) -> tuple[Part, ...]:
    sums = dict.fromkeys(PARTS, 0)
    for count in counted:
        sums[_part_of(count, hearing)] += count.deliveries
    total = sum(sums.values())
    if not total:
        return ()
    widths = {name: max(100 * number / total, _NARROWEST) for name, number in sums.items() if number}
    scale = 100 / sum(widths.values())
    parts, x = [], 0.0
    for name, width in widths.items():
        parts.append(Part(name, sums[name], round(x, 2), round(width * scale, 2)))
        x += width * scale
    return tuple(parts)


def _part_of(count: Count, hearing: Collection[str]) -> str:
    if count.status in {Status.ACCEPTED, Status.SENT}:
        return "unknown" if count.route in hearing else "taken"
    return _CERTAIN.get(count.status, "failed")
