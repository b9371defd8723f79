"""Who takes part: the classes of the real people, scaled down, with invented names and addresses. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from channels.contract import Kind
from channels.simulator import push_subscription
from dispatcher.model.drill import Sort
from dispatcher.model.recipient import Recipient

#: Numbers that are kept for fiction are so many (`_phone`).
MOST = 1000
#: All invented mailboxes are here; `.example` can exist nowhere.
DOMAIN = "drill.example"
_AREAS = (201, 212, 303, 312, 404, 415, 503, 617, 702, 808)


@dataclass(frozen=True, slots=True)
class Extra:
    """One who takes part, and how many real people are like them."""

    person: Recipient
    sort: Sort


def scaled(sorts: Sequence[Sort], at_most: int) -> list[int]:
    """How many of each class take part: in proportion, at least one of each, no more than there are.

    The sum is `at_most`, or fewer where there are fewer people, or more where there are more classes than that.
    """
    total = sum(sort.people for sort in sorts)
    if total <= at_most:
        return [sort.people for sort in sorts]
    shares = [divmod(sort.people * at_most, total) for sort in sorts]
    chosen = [max(1, whole) for whole, _ in shares]
    # Largest remainders; what the smallest were given beyond their share is taken from the largest.
    by_remainder = sorted((-rest, place) for place, (whole, rest) in enumerate(shares) if whole)
    for _, place in by_remainder[: max(0, at_most - sum(chosen))]:
        chosen[place] += 1
    while sum(chosen) > at_most and max(chosen) > 1:
        chosen[chosen.index(max(chosen))] -= 1
    return chosen


def mail_domains(vendors: Iterable[str]) -> dict[str, str]:
    """Where the invented mailboxes are that stand for those at each vendor."""
    return {vendor: f"mail-{number}.{DOMAIN}" for number, vendor in enumerate(sorted(vendors), 1)}


def invented(sorts: Sequence[Sort], at_most: int, domains: Mapping[str, str]) -> list[Extra]:
    """The people of a drill. At most `MOST` of them, of the largest classes first.

    Args:
        sorts: The classes of the real ones.
        at_most: How many take part, unless there are more classes.
        domains: `mail_domains` of the vendors.
    """
    ordered = sorted(sorts, key=lambda sort: -sort.people)[:MOST]
    numbers = scaled(ordered, min(at_most, MOST))
    cast = (sort for sort, number in zip(ordered, numbers, strict=True) for _ in range(number))
    return [
        Extra(_person(number, sort, domains.get(sort.mailbox_at, DOMAIN)), sort) for number, sort in enumerate(cast, 1)
    ]


def _person(number: int, sort: Sort, domain: str) -> Recipient:
    addresses = {
        Kind.SMS: _phone(number),
        Kind.CHAT: f"UDRILL{number:05d}",
        Kind.SOCIAL: f"drill-{number}",
        Kind.INAPP: f"drill-{number}",
        Kind.EMAIL: f"drill-{number}@{domain}",
    }
    if Kind.PUSH in sort.kinds:
        told = push_subscription(f"drill-{number}")
        # As the channel keeps what a browser said.
        addresses[Kind.PUSH] = f"{told['endpoint']} {told['keys']['p256dh']} {told['keys']['auth']}"
    return Recipient(
        ref=f"drill-{number}",
        name=f"Drill {number}",
        locale=sort.locale,
        addresses={kind: addresses[kind] for kind in Kind if kind in sort.kinds},
        tags=sort.tags,
    )


def _phone(number: int) -> str:
    """+1 NXX 555 01XX is kept for fiction."""
    return f"+1{_AREAS[(number - 1) // 100 % len(_AREAS)]}55501{(number - 1) % 100:02d}"


def heard_as(person: Recipient) -> dict[tuple[Kind, str], str]:
    """By which address each kind of provider knows a person."""
    # A push service knows the device, by a name that is ours here.
    return {
        (kind, person.ref if kind is Kind.PUSH else address): person.ref for kind, address in person.addresses.items()
    }


def of_samples(people: Sequence[Recipient]) -> list[Sort]:
    """The classes of some people that are at hand; nothing is known of their mailboxes."""
    counted: dict[tuple[str, frozenset[Kind], frozenset[str]], int] = {}
    for one in people:
        key = (one.locale, frozenset(one.addresses), one.tags)
        counted[key] = counted.get(key, 0) + 1
    return [Sort(*key, number) for key, number in counted.items()]
